"""The board by keyboard: every value is reached, the focus stays at work, targets can be hit."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import Page, expect

from engine import Run, Spec
from engine.run import PARAMETER
from tests.browser.test_board import (
    board,
    choose_learning_rate,
    epoch,
    expect_state,
    folded,
    press,
    step_to,
    wait_for_epoch,
)


def network(page: Page):
    return page.get_by_role("application", name="Units and weights")


def data_points(page: Page):
    return page.get_by_role("application", name="Data points")


def announced(page: Page) -> str:
    """What a screen reader is given to speak: the name of the active descendant."""
    return page.evaluate(
        """() => {
            const { activeElement } = document;
            const id = activeElement.getAttribute('aria-activedescendant');
            const item = document.getElementById(id);
            return activeElement.contains(item) ? item.getAttribute('aria-label') : '';
        }"""
    )


def expect_announced(page: Page, words: str) -> None:
    page.wait_for_function(
        """words => document.getElementById(
            document.activeElement.getAttribute('aria-activedescendant')
        )?.getAttribute('aria-label')?.startsWith(words)""",
        arg=words,
    )


def signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def focus_is_on_nothing(page: Page) -> bool:
    return page.evaluate("document.activeElement === document.body")


def test_arrow_keys_reach_every_weight_and_every_bias_of_the_network(open_board):
    """Each with its name and its value; a second announcement is another element."""
    page = open_board("?hidden=3,2")
    run = Run(Spec(hidden=(3, 2)))
    network(page).focus()
    assert announced(page) == "input x₁"
    hidden = [[f"hidden {n}, unit {u + 1}" for u in range(m)] for n, m in ((1, 3), (2, 2))]
    names = [["x₁", "x₂"], *hidden]
    said = set()
    for layer, sources in enumerate(names):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Home")
        weights, biases = run.network.weights[layer], run.network.biases[layer]
        for unit in range(weights.shape[1]):
            target = "output" if layer == 2 else f"hidden {layer + 1}, unit {unit + 1}"
            full = "output: probability of class 1" if layer == 2 else target
            assert announced(page) == f"{full}, bias {signed(biases[unit])}"
            page.keyboard.press("ArrowLeft")
            page.keyboard.press("Home")
            for source, name in enumerate(sources):
                expected = f"weight from {name} to {target}: {signed(weights[source, unit])}"
                assert announced(page) == expected
                said.add(expected)
                page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowDown")
    assert len(said) == 2 * 3 + 3 * 2 + 2
    active = "document.activeElement.getAttribute('aria-activedescendant')"
    before = page.evaluate(active)
    page.keyboard.press("Control+Home")
    assert announced(page) == "input x₁"
    assert page.evaluate(active) != before
    page.keyboard.press("ArrowLeft")  # there is nothing further
    assert announced(page) == "input x₁"


def test_a_weight_is_set_and_a_unit_shown_without_a_pointer(open_board):
    page = open_board("?hidden=3")
    network(page).focus()
    title = page.locator("[data-view=region]").get_by_role("heading")
    expect(title).to_have_text("x₁: input")  # as if a pointer were there
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    assert announced(page).startswith("weight from x₁ to hidden 1, unit 1: ")
    expect(page.locator(".unit-values")).to_contain_text("x₁ → hidden 1, unit 1\nweight ")
    plain = page.locator("[data-view=network] canvas").evaluate("canvas => canvas.toDataURL()")
    page.keyboard.press("ArrowDown")
    moved = page.locator("[data-view=network] canvas").evaluate("canvas => canvas.toDataURL()")
    assert moved != plain  # the focus is drawn
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    field = page.get_by_role("spinbutton", name="weight of x₁ → hidden 1, unit 1")
    expect(field).to_be_focused()
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    run = Run(Spec(hidden=(3,)))
    run.change(PARAMETER, (0, 2.5))
    expect(page.locator("[data-value=train_loss]")).to_have_attribute(
        "title", str(float(run.latest.train_loss))
    )
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(network(page)).to_be_focused()
    assert announced(page) == "weight from x₁ to hidden 1, unit 1: +2.500"
    page.keyboard.press("Enter")
    for _ in range(3):  # the field, Set, and on
        page.keyboard.press("Tab")
    expect(page.locator("[data-view=network] .card")).to_be_hidden()
    assert not focus_is_on_nothing(page)


def test_all_weights_are_in_tables_that_follow_the_frame_on_screen(open_board):
    page = open_board("?hidden=3")
    button = page.get_by_role("button", name="Table of weights")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Weights and biases")
    tables = dialog.get_by_role("table")
    expect(tables).to_have_count(2)
    run = Run(Spec(hidden=(3,)))
    first = tables.first
    assert first.locator("caption").inner_text().startswith("Hidden 1: ")
    assert first.locator("th[scope=col]").all_inner_texts() == [
        f"hidden 1, unit {unit}" for unit in (1, 2, 3)
    ]
    assert first.locator("th[scope=row]").all_inner_texts() == ["x₁", "x₂", "bias"]
    weights = [signed(value) for value in run.network.weights[0].ravel()]
    biases = [signed(value) for value in run.network.biases[0]]
    assert first.locator("tbody td").all_inner_texts() == weights + biases
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("s")  # while it is open, keys are the dialog's
    expect(board(page)).to_have_attribute("data-epoch", "1")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_have_text("Epoch 1")
    run.advance(1)
    expect(first.locator("tbody td").first).to_have_text(signed(run.network.weights[0][0, 0]))


def test_data_points_are_reached_in_order_and_told(open_board):
    page = open_board("?samples=50")
    data_points(page).focus()
    expect_announced(page, "training point 1: ")
    expect(page.locator("[data-view=region] .probe")).to_be_visible()
    page.keyboard.press("Home")
    places = """() => document.querySelector('[data-view=region] .js-plotly-plot').data
        .slice(0, 2).flatMap(({ x }, i) => x.map((at, n) =>
            [at, `${['training', 'test'][i]} point ${n + 1}`]))
        .sort(([one], [other]) => one - other).map(([, name]) => name)"""
    order = page.evaluate(places)
    assert len(order) == 50
    for name in order[:4]:
        expect_announced(page, f"{name}: ")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    expect_announced(page, f"{order[-1]}: ")
    assert re.search(r"class \d, .*probability of class 1: 0\.\d+", announced(page))
    page.keyboard.press("Enter")
    card = page.locator("[data-view=region] .card")
    expect(card).to_contain_text(order[-1])
    page.keyboard.press("Escape")
    expect(data_points(page)).to_be_focused()


def test_points_are_added_by_numbers_and_explained_below(open_page):
    page = open_page("?samples=100")
    page.get_by_role("combobox", name="Add points").select_option("class 1")
    form = page.locator(".pen-form")
    x, y = form.get_by_role("spinbutton", name="x₁"), form.get_by_role("spinbutton", name="x₂")
    x.fill("0.5")
    y.fill("9")
    y.press("Enter")
    expect(form.get_by_role("status")).to_have_text("x₂ must be a number from −2 to 2, got 9")
    expect(y).to_be_focused()
    y.fill("-1.5")
    y.press("Enter")
    expect(form.get_by_role("status")).to_have_text("Added: 101 points now.")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("101 rows, 2 inputs")
    expect(x).to_be_focused()
    found = """() => document.querySelector('[data-view=region] .js-plotly-plot').data.slice(0, 2)
        .some(({ x, customdata }) => customdata[x.length - 1] === 1)"""
    assert page.evaluate(found)
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("slider", name="Samples")).to_be_visible()
    expect(page.get_by_role("combobox", name="Add points")).to_be_focused()
    data_points(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Explain it below")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Explanation")).to_be_focused()


def test_the_focus_stays_at_work_whatever_changes_the_page(open_page):
    """Layers and units, a point of the past, run A, a lesson: never at the page's top."""
    page = open_page("?hidden=2")

    def enter(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")

    def expect_focus_on(name: str) -> None:
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()

    network(page).focus()
    page.keyboard.press("Control+End")
    enter("− layer")
    expect(page).to_have_url(re.compile(r"hidden=$"))
    expect_focus_on("+ layer")
    enter("+ layer")
    expect(page).to_have_url(re.compile("hidden=4$"))
    expect_focus_on("+ layer")
    network(page).focus()
    assert announced(page).startswith("hidden 1, unit 1")  # the nearest place that there is
    enter("Remove a unit from hidden 1")
    for left in (3, 2):
        expect(page).to_have_url(re.compile(f"hidden={left}$"))
        page.keyboard.press("Enter")
    expect_focus_on("Add a unit to hidden 1")
    enter("Remove")
    expect(page).to_have_url(re.compile(r"hidden=$"))
    page.wait_for_function("document.activeElement !== document.body")
    enter("Add")
    expect(page).to_have_url(re.compile("hidden=4$"))
    expect_focus_on("Add")

    step_to(page, 2)
    page.get_by_role("slider", name="Timeline").focus()
    page.keyboard.press("ArrowLeft")
    enter("Continue from here")
    expect_focus_on("Play")
    enter("Pin as A")
    expect_focus_on("Go on as B from here")
    page.keyboard.press("Enter")
    expect_focus_on("Unpin A")
    page.keyboard.press("Enter")
    expect_focus_on("Pin as A")

    enter("Lessons")
    page.get_by_role("dialog").get_by_role("button", name=re.compile(r"^2\.")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Lesson")).to_be_focused()
    enter("Show the explanation")
    expect_focus_on("Next lesson")
    enter("Close")
    expect(page.locator(".st-key-lesson_text")).to_have_count(0)
    expect_focus_on("Lessons")


def test_what_unfolds_is_next_to_its_button_and_closes_with_escape(open_page):
    page = open_page(alone=True)  # a closed sidebar stays closed in its window
    stops = page.locator(".stopping summary")
    stops.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Epoch", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(stops).to_be_focused()
    expect(page.get_by_label("Epoch", exact=True)).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Epoch", exact=True)).to_be_hidden()

    more = folded(page, "More")
    more.focus()
    page.keyboard.press("Enter")
    inside = page.get_by_role("combobox", name="Initial weights")
    expect(inside).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.st-key-folded details') !== null")
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(inside).to_be_hidden()

    page.get_by_role("button", name="Collapse sidebar").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-testid=stSidebar]') === null")


def test_characters_are_shortcuts_that_can_be_listed_and_switched_off(open_board):
    page = open_board("", alone=True)
    page.keyboard.press("s")
    expect(board(page)).to_have_attribute("data-epoch", "1")
    page.keyboard.press("b")
    expect(page.locator(".moment")).to_contain_text("1 + 1/")
    page.keyboard.press("0")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    speed = page.get_by_label("Epochs per frame")
    for key, value in ((".", "2"), (".", "5"), (",", "2")):
        page.keyboard.press(key)
        expect(speed).to_have_value(value)
    page.keyboard.press("Control+s")  # the browser's
    speed.focus()
    page.keyboard.press("s")  # chooses in the list
    expect(board(page)).to_have_attribute("data-epoch", "0")
    network(page).focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Step: train for one epoch")
    page.keyboard.press("s")
    step = page.get_by_role("button", name="Step", exact=True)
    expect(step).to_have_attribute("aria-keyshortcuts", "S")
    dialog.get_by_label("Single characters are shortcuts").uncheck()
    page.keyboard.press("Escape")
    expect(network(page)).to_be_focused()
    page.keyboard.press("s")
    expect(step).not_to_have_attribute("aria-keyshortcuts", "S")
    page.keyboard.press("Space")  # it stays
    expect_state(page, "playing")
    page.keyboard.press("Space")
    page.reload()
    board(page).wait_for()
    page.keyboard.press("s")
    step.click()
    expect(board(page)).to_have_attribute("data-epoch", "1")


BOXES = """() => {
    const least = matchMedia('(pointer: coarse)').matches ? 44 : 24;
    return [...document.querySelectorAll('.board :is(button, select, summary, input)')]
        .filter(control => control.checkVisibility({ visibilityProperty: true }))
        .map(control => {
            const { x, y, width, height } = control.getBoundingClientRect();
            const name = control.getAttribute('aria-label') ?? control.textContent.trim();
            const isTool = control.closest('.all-layer-tools') !== null;
            return { name, isTool, x, y, width, height, least };
        });
}"""


@pytest.mark.parametrize(
    ("width", "height", "touch"),
    [(1400, 900, False), (1024, 768, False), (390, 844, True), (320, 640, True)],
)
def test_controls_are_large_enough_and_tools_of_layers_do_not_overlap(
    open_page, width, height, touch
):
    """Six hidden layers; 24 px with a pointer, 44 px with a finger."""
    options = {"has_touch": True, "is_mobile": True} if touch else {}
    page = open_page("?hidden=8,8,8,8,8,8", width=width, height=height, **options)
    boxes = page.evaluate(BOXES)
    too_small = [box for box in boxes if min(box["width"], box["height"]) < box["least"] - 0.01]
    assert not too_small
    tools = [box for box in boxes if box["isTool"]]
    assert len(tools) >= 3
    for one, other in combinations(tools, 2):
        apart = (
            one["x"] + one["width"] <= other["x"]
            or other["x"] + other["width"] <= one["x"]
            or one["y"] + one["height"] <= other["y"]
            or other["y"] + other["height"] <= one["y"]
        )
        assert apart, (one, other)
    if not touch:
        return
    choice = page.get_by_role("combobox", name="Layer whose units to change")
    choice.select_option("hidden 4")
    page.get_by_role("button", name="Add a unit to hidden 4").tap()
    expect(page).to_have_url(re.compile("hidden=8(%2C|,)8(%2C|,)8(%2C|,)9"))
    expect(choice).to_have_value("hidden 4")


def test_the_network_can_be_walked_while_it_plays_with_a_run_beside_it(open_page):
    page = open_page("?hidden=3")
    step_to(page, 2)
    press(page, "Pin as A")
    press(page, "Go on as B from here")
    expect(page.locator("[data-view=pinned]")).to_be_visible()
    choose_learning_rate(page, "0.3")
    network(page).focus()
    page.keyboard.press("Space")
    wait_for_epoch(page, 10)
    page.keyboard.press("ArrowRight")
    assert announced(page).startswith("hidden 1, unit ")
    page.keyboard.press("Space")
    expect_state(page, "paused")
    assert epoch(page) >= 10
    run = Run(Spec(hidden=(3,)))
    run.advance(2)
    run.change("learning_rate", 0.3)
    run.advance(epoch(page) - 2)
    unit = int(re.search(r"unit (\d)", announced(page))[1])
    # the value of now is named once the picture stands still
    expect_announced(page, f"hidden 1, unit {unit}, bias {signed(run.network.biases[0][unit - 1])}")
