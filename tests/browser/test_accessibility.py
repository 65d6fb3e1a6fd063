"""Each state of the page as axe-core sees it, and what a screen reader is told."""

import re
from itertools import pairwise

from playwright.sync_api import Locator, Page, expect

from engine import Run, Spec
from playground.export import html_player
from playground.lessons import LESSONS
from tests.browser.axe import SCRIPT, violations
from tests.browser.test_board import board, expect_state, press, step_to, wait_for_epoch
from tests.browser.test_keep import open_panel

QUERY = "?samples=100&hidden=4"
VIEWS = [
    ("One step", "step"),
    ("In matrices", "matrices"),
    ("Check the gradient", "check"),
    ("Activation", "activation"),
    ("Hidden space", "hidden"),
    ("Depth", "depth"),
    ("Many seeds", "seeds"),
    ("Last runs", "past"),
]


def description(page: Page) -> Locator:
    """What a screen reader says of the board by itself."""
    return page.locator(".description [role=status]")


def choose(page: Page, name: str) -> None:
    """Press a button in the board's menu."""
    if page.locator(".menu").get_attribute("open") is None:
        page.get_by_label("Menu of the board").click()
    press(page, name)


def headings(page: Page) -> list[int]:
    """The levels of all headings that are there, in the order of the page."""
    return page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
            .filter(heading => heading.checkVisibility())
            .map(heading => Number(heading.tagName[1]))"""
    )


def test_the_checker_finds_what_is_wrong(open_board):
    """Else an axe-core that finds nothing would pass all that follows."""
    page = open_board(QUERY)
    assert SCRIPT.exists()
    page.evaluate("document.querySelector('[data-action=play]').textContent = ''")
    assert violations(page) == ["button-name: .primary"]


def test_the_board_alone_in_all_its_states(open_board):
    page = open_board(QUERY)
    assert page.evaluate("[document.documentElement.lang, document.title]") == [
        "en",
        "MLP Playground",
    ]
    assert violations(page) == []
    page.locator(".stopping summary").click()
    press(page, "Play")
    assert violations(page) == []
    wait_for_epoch(page, 5)
    press(page, "Pause")
    press(page, "Pin as A")
    assert violations(page) == []
    press(page, "Go on as B from here")
    expect(page.locator("[data-view=pinned]")).to_be_visible()
    for view in ("pinned", "region"):  # their headers leave the pictures the room
        assert page.locator(f"[data-view={view}] .chart").bounding_box()["height"] > 250
    choose(page, "Describe now")
    assert violations(page) == []
    page.locator("[data-view=region]").get_by_role("button", name="Table").click()
    assert violations(page) == []


def test_a_run_that_diverged_and_a_film_of_it_without_a_server(open_board, browser, tmp_path):
    page = open_board("?dataset=hills&optimizer=sgd&learning_rate=10")
    press(page, "Play")
    expect_state(page, "diverged")
    assert violations(page) == []

    run = Run(Spec(samples=100, hidden=(4,)))
    run.advance(5)
    path = tmp_path / "run.html"
    path.write_text(html_player(run), "utf-8")
    alone = browser.new_page()
    alone.goto(path.as_uri())
    board(alone).wait_for()
    # the words that the board has without a server
    expect(description(alone)).to_contain_text(f"training loss is {run.history.train_loss[0]:.4f}")
    assert violations(alone) == []
    assert headings(alone)[:2] == [1, 2]
    alone.close()


def test_the_page_and_what_can_be_opened_on_it(open_page):
    page = open_page(QUERY)
    assert violations(page) == []
    for name in ("More", "Save and load"):
        open_panel(page, name)
        assert violations(page) == []
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Your own…").click()
    expect(page.get_by_role("dialog")).to_contain_text("5 MB")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Play").focus()  # and the tip of the button before is gone
    page.get_by_role("button", name="Lessons").click()
    expect(page.get_by_role("dialog")).to_contain_text(LESSONS["line"].title)
    assert violations(page) == []


def test_the_views_below_the_board(open_page):
    page = open_page(QUERY)
    step_to(page, 1)
    for label, name in VIEWS:
        page.locator(".st-key-views").get_by_text(label, exact=True).click()
        expect(page.locator(f".st-key-view_{name}")).to_be_visible()
        assert violations(page, within=f".st-key-view_{name}") == []


def test_a_lesson_also_on_a_phone(open_page):
    page = open_page("?lesson=line")
    expect(page.locator(".st-key-lesson_text").get_by_role("radiogroup")).to_be_visible()
    assert violations(page) == []
    found = headings(page)
    assert found.count(1) == 1
    assert found[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(found))
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page) == []


def test_the_board_speaks_when_it_comes_to_rest_and_is_silent_while_it_plays(open_board):
    page = open_board("?dataset=circles")
    status = description(page)
    expect(status).to_contain_text("Circles: 225 training points and 75 test points in 2 classes.")
    expect(status).to_contain_text("Epoch 0.")
    page.evaluate(
        """() => {
            window.said = [];
            const status = document.querySelector('.description [role=status]');
            const listen = () => { if (status.textContent) window.said.push(status.textContent); };
            new MutationObserver(listen).observe(status, { childList: true });
        }"""
    )
    press(page, "Play")
    wait_for_epoch(page, 100)
    assert page.evaluate("window.said") == []
    press(page, "Pause")
    expect(status).to_contain_text("Since epoch 0, the training loss fell from 0.698 to")
    expect(status).to_contain_text("The border now closes around the inner ring (class 1).")
    paused = int(board(page).get_attribute("data-epoch"))
    press(page, "Step")
    expect(status).to_contain_text(f"Epoch {paused + 1}. Since epoch {paused}, the training loss")
    assert "border" not in status.text_content()  # nothing new there
    press(page, "Reset")
    expect(status).to_contain_text("Epoch 0. The training loss is 0.698")
    assert "225 training points" not in status.text_content()  # that was said


def test_a_person_who_asks_is_told_also_while_it_plays_and_sees_the_words(open_board):
    page = open_board(QUERY)
    panel = page.locator(".description")
    expect(panel.get_by_role("button")).to_be_hidden()
    press(page, "Play")
    wait_for_epoch(page, 20)
    page.keyboard.press("d")
    expect(description(page)).to_contain_text(
        re.compile(r"Epoch [1-9]\d*\. The training loss is .* test")
    )
    expect_state(page, "playing")
    expect(panel.get_by_role("button", name="Close the description")).to_be_visible()
    assert panel.evaluate("panel => panel.getBoundingClientRect().width") > 100
    page.keyboard.press("Escape")
    expect(panel.get_by_role("button")).to_be_hidden()
    choose(page, "Describe now")
    press(page, "Close the description")
    expect(panel.get_by_role("button")).to_be_hidden()
    assert page.evaluate("document.activeElement.ariaLabel") == "Menu of the board"


def test_readers_hear_the_numbers_that_are_shown_and_no_drawing(open_board):
    page = open_board(QUERY)
    step_to(page, 3)
    run = Run(Spec(samples=100, hidden=(4,)))
    run.advance(3)
    loss = f"{run.history.train_loss[3]:.4f}"
    readouts = page.locator(".readouts").aria_snapshot()
    assert re.search(rf"Training loss\n\s*- definition: \"?{re.escape(loss)}\"?\n", readouts)
    assert f"{float(run.history.train_loss[3])!r}" not in readouts
    unnamed = "svg:not([aria-hidden=true], [aria-hidden=true] *)"
    assert page.locator(unnamed).count() == 0
    # of each chart's buttons, one is reached by Tab, and is seen then
    first = page.locator("[data-view=loss] .modebar-btn").first
    assert page.locator("[data-view=loss] .modebar-btn[tabindex='0']").count() == 1
    first.focus()
    expect(page.locator("[data-view=loss] .modebar")).to_have_css("opacity", "1")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Pan"


def test_the_timeline_speaks_when_it_stands_still(open_board):
    page = open_board(QUERY)
    slider = page.get_by_role("slider", name="Timeline")
    step_to(page, 2)
    expect(slider).to_have_attribute("aria-valuetext", "epoch 2")
    press(page, "Play")
    wait_for_epoch(page, 30)
    expect(slider).to_have_attribute("aria-valuetext", "epoch 2")
    press(page, "Pause")
    now = board(page).get_attribute("data-epoch")
    expect(slider).to_have_attribute("aria-valuetext", f"epoch {now}")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", f"epoch 0 of {now}")


def test_charts_tell_their_course_and_are_there_as_tables(open_board):
    page = open_board(QUERY)
    press(page, "Play")
    wait_for_epoch(page, 120)
    press(page, "Pause")
    now = int(board(page).get_attribute("data-epoch"))
    run = Run(Spec(samples=100, hidden=(4,)))
    run.advance(now)
    first, last = (f"{run.history.train_loss[epoch]:.4f}" for epoch in (0, now))
    expect(page.locator("#loss-text")).to_contain_text(
        f"Up to epoch {now}: training falls from {first}"
    )
    expect(page.locator("#loss-text")).to_contain_text(f"to {last}")
    expect(page.locator("#gradients-text")).to_contain_text("hidden 1 ")

    table = page.get_by_role("dialog").get_by_role("table")
    press(page.locator("[data-view=loss]"), "Table")
    expect(table.get_by_role("row")).to_have_count(51)
    expect(table.locator("caption")).to_have_text(f"50 epochs from 0 to {now}, evenly spread")
    cells = [str(now), last, f"{run.history.test_loss[now]:.4f}"]
    assert table.get_by_role("row").last.locator("th, td").all_text_contents() == cells
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.action") == "table"

    press(page.locator("[data-view=gradients]"), "Table")
    assert table.locator("thead th").all_text_contents() == ["epoch", "hidden 1", "output"]
    press(page, "Close")
    press(page.locator("[data-view=region]"), "Table")
    wrong = round((1 - run.latest.train_accuracy) * 75) + round((1 - run.latest.test_accuracy) * 25)
    expect(table.get_by_role("row")).to_have_count(101)
    expect(table.get_by_role("cell", name="wrong", exact=True)).to_have_count(wrong)
    row = table.get_by_role("row").nth(1).locator("th, td").all_text_contents()
    x, y = (f"{value:.4f}".replace("-", "−") for value in run.train_points[0])
    assert row[:4] == ["training 1", x, y, f"class {run.train_labels[0]}"]
