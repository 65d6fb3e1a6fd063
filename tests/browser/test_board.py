"""What only a browser shows: the board plays, and everything on it can be worked."""

import json
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Run, Spec
from playground.share import to_query

FIGURES = '[data-testid="board"] .js-plotly-plot'


def board(page: Page):
    return page.get_by_test_id("board")


def folded(page: Page, name: str):
    """What unfolds a part of the controls on the left."""
    return page.locator(".st-key-folded summary").filter(has_text=name)


def epoch(page: Page) -> int:
    return int(board(page).get_attribute("data-epoch"))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_list(page: Page, control: Locator, name: str) -> Locator:
    """Open the list of a select box, which takes no key until it is all there; return a choice."""
    option = page.get_by_role("option", name=name)
    for attempt in range(10):
        control.press("ArrowDown")
        try:
            expect(option).to_be_visible(timeout=2_000)
        except AssertionError:
            if attempt == 9:
                raise
        else:
            break
    return option


def choose(page: Page, control: Locator, name: str) -> None:
    """Choose one of the choices of a select box."""
    open_list(page, control, name).click()


def open_menu(page: Page) -> None:
    page.locator(".board .menu summary").click()


def wait_for_epoch(page: Page, least: int) -> None:
    page.wait_for_function(
        "least => document.querySelector('[data-testid=board]').dataset.epoch >= least", arg=least
    )


def wait_for_frames(page: Page, more: int) -> None:
    """Until so many more frames were drawn."""
    page.wait_for_function(
        "least => document.querySelector('[data-testid=board]').dataset.frames >= least",
        arg=int(board(page).get_attribute("data-frames")) + more,
    )


def expect_state(page: Page, state: str) -> None:
    expect(board(page)).to_have_attribute("data-state", state)


def readouts(page: Page) -> dict[str, str]:
    """Every readout that is shown, with all its digits."""
    return page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-value]')]"
        ".filter(cell => !cell.closest('[hidden]'))"
        ".map(cell => [cell.dataset.value, cell.title]))"
    )


def choose_learning_rate(page: Page, rate: str) -> None:
    page.get_by_label("Learning rate").select_option(rate)


def picture(page: Page) -> str:
    """The pixels of the decision regions."""
    return page.evaluate("document.querySelector('[data-view=region] canvas').toDataURL()")


def step_to(page: Page, last: int) -> None:
    for now in range(epoch(page), last):
        press(page, "Step")
        expect(board(page)).to_have_attribute("data-epoch", str(now + 1))


def expected_readouts(run: Run) -> dict[str, float]:
    row = run.history[-1]
    names = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
    expected = {"epoch": run.epoch, **{name: float(row[name]) for name in names}}
    if run.network.is_regularized:
        expected["objective"] = float(row.train_loss + row.penalty)
    return expected


def numbers(page: Page) -> dict[str, float]:
    return {name: float(text) for name, text in readouts(page).items()}


def test_plays_pauses_and_stays_paused(open_board):
    page = open_board()
    expect_state(page, "paused")
    press(page, "Play")
    expect_state(page, "playing")
    wait_for_epoch(page, 20)
    press(page, "Pause")
    expect_state(page, "paused")
    stopped = epoch(page)
    # three steps of the clock of the screen later nothing has moved
    page.evaluate(
        "() => new Promise(go => { let n = 30; const f = () => --n ? "
        "requestAnimationFrame(f) : go(); f(); })"
    )
    assert epoch(page) == stopped
    press(page, "Play")
    wait_for_epoch(page, stopped + 5)


def test_step_is_one_epoch_also_when_frames_of_many_epochs_wait(open_board):
    page = open_board()
    step_to(page, 2)
    page.get_by_label("Epochs per frame").select_option("10")
    press(page, "Play")
    wait_for_epoch(page, 42)
    press(page, "Pause")
    stopped = epoch(page)
    # frames of ten epochs, or fewer where the server is slow, but not of one
    assert int(board(page).get_attribute("data-frames")) < stopped
    step_to(page, stopped + 3)


def test_reset_returns_to_the_very_same_start(open_board):
    page = open_board("?dataset=circles")
    first, image = readouts(page), picture(page)
    for epochs in (10, 20):
        press(page, "Play")
        wait_for_epoch(page, epochs)
        press(page, "Reset")
        expect(board(page)).to_have_attribute("data-epoch", "0")
        expect_state(page, "paused")
        assert readouts(page) == first
        assert picture(page) == image


@pytest.mark.parametrize(
    "spec",
    [
        Spec(dataset="spirals", classes=3, hidden=(6, 5), noise=0.07, learning_rate=0.2),
        Spec(dataset="hills", optimizer="adam", learning_rate=0.01, regularization="l2"),
        Spec(dataset="curve", activation="relu", initializer="he", features=("x1", "sin_x1")),
    ],
    ids=lambda spec: spec.dataset,
)
def test_numbers_on_screen_are_those_of_the_engine_to_the_last_digit(open_board, spec):
    """A link is a run: after five steps the page shows what the engine computes from the Spec."""
    page = open_board("?" + urlencode(to_query(spec)))
    step_to(page, 5)
    run = Run(spec)
    run.advance(5)
    assert numbers(page) == expected_readouts(run)


def test_regression_has_a_scale_and_r_squared(open_page):
    page = open_page("?dataset=hills")
    region = page.locator("[data-view=region]")
    expect(region.get_by_role("heading")).to_have_text("Predicted value")
    expect(region.locator(".color-bar")).to_be_visible()
    expect(page.get_by_text("Training R²", exact=True)).to_be_visible()
    page.get_by_role("button", name="Moons").or_(page.get_by_role("radio", name="Moons")).click()
    expect(region.get_by_role("heading")).to_have_text("Decision regions")
    expect(page.get_by_text("Training accuracy", exact=True)).to_be_visible()


def test_rare_settings_are_folded_away_and_work(open_page):
    page = open_page()
    folded_away = page.locator(".st-key-regularization").get_by_role("combobox")
    expect(folded_away).to_be_hidden()
    folded(page, "More").click()
    expect(folded_away).to_be_in_viewport(ratio=1)
    choose(page, folded_away, "L2")
    expect(page.get_by_text("Training + penalty", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("regularization=l2"))


def test_frames_played_are_those_of_the_engine_too(open_board):
    page = open_board()
    press(page, "Play")
    wait_for_epoch(page, 60)
    press(page, "Pause")
    run = Run(Spec())
    run.advance(epoch(page))
    assert numbers(page) == expected_readouts(run)


def test_charts_are_the_same_nodes_after_a_hundred_frames(open_board):
    page = open_board()
    page.evaluate("s => { window.before = [...document.querySelectorAll(s)] }", FIGURES)
    press(page, "Play")
    wait_for_frames(page, 100)
    same = "s => [...document.querySelectorAll(s)].map((now, i) => now === window.before[i])"
    assert page.evaluate(same, FIGURES) == [True, True, True]


def test_zoom_survives_new_frames(open_board):
    page = open_board()
    press(page, "Play")
    wait_for_epoch(page, 10)
    views = ("region", "loss", "gradients")
    before = [zoom(page, view) for view in views]
    wait_for_frames(page, 60)
    assert [page.evaluate(ZOOMED, view) for view in views] == before


ZOOMED = """view => {
    const plot = document.querySelector(`[data-view=${view}] .js-plotly-plot`);
    const { xaxis, yaxis } = plot.layout;
    return JSON.stringify([xaxis.range, yaxis.range, xaxis.autorange, yaxis.autorange]);
}"""


def drag(page: Page, view: str) -> None:
    """Drag over a chart, to the right and down."""
    box = page.locator(f'[data-view="{view}"] .nsewdrag').first.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 100, steps=4)
    page.mouse.up()


def zoom(page: Page, view: str) -> str:
    """Zoom into a chart as a person does; what its axes show then."""
    drag(page, view)  # it moves the region, and draws a box to zoom into around curves
    page.wait_for_function(
        "view => { const { autorange, range } = document.querySelector("
        "`[data-view=${view}] .js-plotly-plot`).layout.xaxis;"
        "return autorange === false || (range && Math.abs(range[1]) < 2.4) }",
        arg=view,
    )
    found: str = page.evaluate(ZOOMED, view)
    return found


def test_hover_shows_values_while_it_plays(open_board):
    page = open_board()
    press(page, "Play")
    wait_for_epoch(page, 30)
    box = page.locator('[data-view="loss"] .nsewdrag').bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    label = page.locator('[data-view="loss"] .hoverlayer')
    expect(label).to_contain_text(re.compile(r"training : [\d.]+"))
    wait_for_frames(page, 40)
    expect(label).to_contain_text(re.compile(r"training : [\d.]+"))


def test_curves_keep_up_with_the_frames(open_board):
    page = open_board()
    press(page, "Play")
    wait_for_epoch(page, 100)
    press(page, "Pause")
    for view, lines in (("loss", 2), ("gradients", 3)):
        page.wait_for_function(
            """([view, lines, epoch]) => {
                const { data } = document.querySelector(`[data-view=${view}] .js-plotly-plot`);
                return data.length === lines && data.every(({ x }) => x.at(-1) === epoch);
            }""",
            arg=[view, lines, epoch(page)],
        )


def test_three_quantities_of_the_layers_can_be_chosen_while_it_plays(open_board):
    """Each curve has all epochs, also those that were played while another one was shown."""
    page = open_board()
    step_to(page, 4)
    run = Run(Spec())
    run.advance(4)
    labels = {
        "gradient_norms": ("Gradient size", "‖dJ/dW‖"),
        "error_rms": ("Error signal", "RMS of dJ/dZ"),
        "output_spread": ("Spread of activations", "σ"),
    }
    for flow, (label, symbol) in labels.items():
        page.get_by_label("Quantity per layer").select_option(f"{label} ({symbol})")
        page.wait_for_function(
            """expected => {
                const { data } = document.querySelector('[data-view=gradients] .js-plotly-plot');
                return JSON.stringify(data.map(({ y }) => y)) === expected;
            }""",
            arg=json.dumps(run.history[flow].T.tolist(), separators=(",", ":")),
        )
        panel = page.locator("[data-view=gradients]")
        expect(panel.get_by_role("heading")).to_have_text(f"{label} per layer")
        expect(panel.locator(".ytitle")).to_have_text(symbol)


def test_loss_on_a_log_scale(open_board):
    page = open_board()
    press(page, "Log scale")
    scale = "document.querySelector('[data-view=loss] .js-plotly-plot').layout.yaxis.type"
    assert page.evaluate(scale) == "log"
    press(page, "Log scale")
    assert page.evaluate(scale) == "linear"


def test_the_loss_of_a_new_run_is_drawn_on_its_log_scale_at_once(open_page):
    page = open_page()
    press(page, "Log scale")
    page.evaluate(
        """() => {
            window.drawn = [];
            const {newPlot, relayout} = Plotly;
            Plotly.newPlot = (plot, data, layout, config) => {
              if (plot.closest('[data-view=loss]')) window.drawn.push(layout.yaxis.type);
              return newPlot(plot, data, layout, config);
            };
            Plotly.relayout = (plot, changes) => {
              if ('yaxis.type' in changes) window.drawn.push('changed');
              return relayout(plot, changes);
            };
        }"""
    )
    page.get_by_role("radio", name="Circles").click()
    page.wait_for_function("window.drawn.length > 0")
    step_to(page, 2)
    assert page.evaluate("window.drawn") == ["log"]


def test_learning_rate_acts_on_the_running_network(open_page):
    page = open_page()
    press(page, "Play")
    wait_for_epoch(page, 30)
    choose_learning_rate(page, "0.3")
    expect(board(page)).to_have_attribute("data-learning-rate", "0.3")
    assert epoch(page) > 30
    expect_state(page, "playing")
    expect(page).to_have_url(re.compile(r"\?learning_rate=0\.3$"))


def test_learning_rate_changes_at_the_epoch_on_screen(open_board):
    """Paused, changed, played on: as if the engine had been told at that epoch."""
    page = open_board()
    press(page, "Play")
    wait_for_epoch(page, 15)
    press(page, "Pause")
    changed = epoch(page)
    choose_learning_rate(page, "0.3")
    step_to(page, changed + 3)
    run = Run(Spec())
    run.advance(changed)
    run.change("learning_rate", 0.3)
    run.advance(3)
    assert numbers(page) == expected_readouts(run)


def marks(page: Page) -> list[list]:
    """What each chart of curves marks: a text, and since when."""
    return page.evaluate(
        """["loss", "gradients"].map(view => {
            const { layout } = document.querySelector(`[data-view=${view}] .js-plotly-plot`);
            return (layout.annotations ?? []).map(({ text, x }) => `${text} from ${x}`);
        })"""
    )


def test_a_live_change_is_marked_in_all_curves_of_its_run(open_page):
    """Also if they show another quantity, or have other colours; but not when it begins again."""
    page = open_page()
    step_to(page, 2)
    assert marks(page) == [[], []]
    choose_learning_rate(page, "0.3")
    step_to(page, 3)
    both = marks(page)
    assert both[0] == both[1]
    assert [mark.endswith(" from 2") for mark in both[0]] == [True]
    page.get_by_label("Quantity per layer").select_option("Error signal (RMS of dJ/dZ)")
    assert marks(page) == both
    board(page).evaluate("root => { root.style.color = 'rgb(1, 2, 3)' }")
    page.wait_for_function(
        """["loss", "gradients"].every(view => {
            const plot = document.querySelector(`[data-view=${view}] .js-plotly-plot`);
            return plot.layout.shapes[0].line.color === "rgb(1, 2, 3)";
        })"""
    )
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    assert marks(page) == [[], []]


def test_learning_rate_box_says_what_the_run_has(open_page):
    """After a reset and after a new run too."""
    page = open_page("?learning_rate=0.3")
    box = page.get_by_label("Learning rate")
    expect(box).to_have_value("0.3")
    choose_learning_rate(page, "1")
    expect(page).to_have_url(re.compile("learning_rate=1.0"))
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-learning-rate", "1")
    expect(box).to_have_value("1")
    press(page, "Add")
    expect(page.locator("[data-view=gradients] .layers tbody tr")).to_have_count(4)
    expect(box).to_have_value("1")


def test_axes_fit_the_data_that_are_shown(open_page):
    """Moons span ±2.5, circles ±2; so it is after a double click, which goes back from a zoom."""
    page = open_page()
    ranges = """() => {
        const plot = document.querySelector('[data-view=region] .js-plotly-plot');
        return JSON.stringify([plot.layout.xaxis.range, plot.layout.yaxis.range]);
    }"""
    assert page.evaluate(ranges) == "[[-2.5,2.5],[-2.5,2.5]]"
    page.get_by_role("radio", name="Circles").click()
    page.wait_for_function(f"({ranges})() === '[[-2,2],[-2,2]]'")
    drag(page, "region")
    page.wait_for_function(f"({ranges})() !== '[[-2,2],[-2,2]]'")
    page.locator("[data-view=region] .nsewdrag").dblclick()
    page.wait_for_function(f"({ranges})() === '[[-2,2],[-2,2]]'")


@pytest.mark.parametrize("view", ["region", "loss", "gradients"])
def test_a_chart_that_was_moved_says_how_to_bring_it_back(open_board, view):
    page = open_board()
    step_to(page, 3)
    hint = page.locator(f"[data-view={view}]").get_by_text("Double-click to reset the view")
    expect(hint).to_be_hidden()
    drag(page, view)
    expect(hint).to_be_visible()
    page.locator(f"[data-view={view}] .nsewdrag").first.dblclick()
    expect(hint).to_be_hidden()
    drag(page, view)
    expect(hint).to_be_visible()
    press(page, "Reset")  # a new run has the whole picture again
    expect(hint).to_be_hidden()


@pytest.mark.parametrize("view", ["region", "loss"])
def test_the_wheel_over_a_chart_scrolls_the_page(open_board, view):
    page = open_board(height=500)
    step_to(page, 2)
    page.wait_for_function(
        "document.querySelector('[data-view=loss] .js-plotly-plot').layout.xaxis.range[1] >= 2"
    )
    ranges = page.evaluate(ZOOMED, view)
    page.locator(f'[data-view="{view}"] .nsewdrag').first.hover()
    before = page.evaluate("window.scrollY")
    page.mouse.wheel(0, 40 if before == 0 else -40)
    page.wait_for_function("before => window.scrollY !== before", arg=before)
    assert page.evaluate(ZOOMED, view) == ranges


def test_charts_of_a_new_run_are_drawn_at_once_as_large_as_they_stay(open_page):
    page = open_page("?dataset=blobs&classes=5")
    header = page.locator("[data-view=region] > header")
    height = header.bounding_box()["height"]
    page.evaluate(
        "() => {const draw = Plotly.Plots.resize; window.resized = 0;"
        " Plotly.Plots.resize = (...chart) => {window.resized += 1; return draw(...chart)}}"
    )
    page.get_by_role("radio", name="Hills").click()
    expect(page.get_by_text("Training R²", exact=True)).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("[data-view=gradients] .layers tbody tr")).to_have_count(4)
    assert header.bounding_box()["height"] < height, "the charts should have another size"
    # a size is looked at with the next picture of the screen
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.resized") == 0


def test_a_new_network_goes_on_playing(open_page):
    page = open_page()
    press(page, "Play")
    wait_for_epoch(page, 50)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_function(
        "document.querySelectorAll('[data-view=gradients] .layers tbody tr').length === 4"
    )
    expect_state(page, "playing")
    wait_for_epoch(page, 60)
    expect(page).to_have_url(re.compile(r"\?hidden=8(%2C|,)8(%2C|,)8$"))


def test_divergence_is_named_and_a_smaller_rate_mends_it(open_page):
    page = open_page("?activation=linear&hidden=16,16,16&learning_rate=10")
    press(page, "Play")
    expect_state(page, "diverged")
    expect(page.get_by_role("status").filter(has_text="diverged")).to_contain_text("learning rate")
    assert all(re.fullmatch(r"[\d.e+-]+", text) for text in readouts(page).values())
    choose_learning_rate(page, "0.1")
    expect_state(page, "paused")
    expect(page).not_to_have_url(re.compile("learning_rate"))  # 0.1 is the default
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    expect(board(page)).to_have_attribute("data-learning-rate", "0.1")
    press(page, "Play")
    wait_for_epoch(page, 20)
    expect_state(page, "playing")


def test_a_run_that_diverges_is_drawn_up_to_the_epoch_that_the_readout_names(open_board):
    """Its last losses are larger than a chart can label."""
    page = open_board("?dataset=hills&optimizer=sgd&learning_rate=10")
    press(page, "Play")
    expect_state(page, "diverged")
    assert float(readouts(page)["train_loss"]) > 1e100
    for view in ("loss", "gradients"):
        page.wait_for_function(
            """([view, epoch]) => document.querySelector(`[data-view=${view}] .js-plotly-plot`).data
                .every(({ x, y }) => x.at(-1) === epoch && (y.at(-1) > 1e99 || view !== 'loss'))""",
            arg=[view, epoch(page)],
        )


def test_what_is_said_of_the_run_covers_nothing_and_moves_nothing(open_board):
    page = open_board("?dataset=hills&optimizer=sgd&learning_rate=10")
    panels = page.locator(".panels")
    before = panels.bounding_box()
    page.get_by_text("Stop at…").click()
    page.get_by_label("Epoch", exact=True).fill("2")
    page.get_by_label("Epoch", exact=True).press("Tab")
    press(page, "Play")
    said = page.locator(".state")
    expect(said).to_have_text("Stopped at epoch 2, as asked.")
    box, now = said.bounding_box(), panels.bounding_box()
    assert now["y"] == before["y"]
    assert box["y"] + box["height"] <= now["y"]


def test_space_plays_and_pauses_unless_the_focus_is_in_a_field(open_page):
    page = open_page()
    page.keyboard.press("Space")
    expect_state(page, "playing")
    page.keyboard.press("Space")
    expect_state(page, "paused")
    page.get_by_role("spinbutton", name="Data seed").focus()
    page.keyboard.press("Space")
    expect_state(page, "paused")
    page.get_by_role(
        "radio", name="Moons"
    ).click()  # chosen already: there the space bar has nothing else to do
    page.keyboard.press("Space")
    expect_state(page, "playing")


def test_space_plays_after_a_panel_was_closed_by_escape_or_a_click(open_page):
    """The focus is back on its button then; there it opens the panel for those who came by Tab."""
    page = open_page()
    more, inside = (
        folded(page, "More"),
        page.get_by_role("combobox", name="Initial weights"),
    )
    for close in (lambda: page.keyboard.press("Escape"), more.click):
        more.click()
        expect(inside).to_be_visible()
        close()
        expect(inside).to_be_hidden()
        page.keyboard.press("Space")
        expect_state(page, "playing")
        page.keyboard.press("Space")
        expect_state(page, "paused")
        expect(inside).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(more).to_be_focused()
    page.keyboard.press("Space")
    expect(inside).to_be_visible()
    expect_state(page, "paused")


def test_space_plays_after_a_click_on_a_button(open_board):
    page = open_board()
    press(page, "Log scale")
    page.keyboard.press("Space")
    expect_state(page, "playing")
    expect(page.get_by_role("button", name="Log scale")).to_have_attribute("aria-pressed", "true")


def test_no_frame_is_drawn_around_the_page_after_a_key(open_page):
    page = open_page()
    page.locator("[data-view=loss] h2").click()
    page.keyboard.press("Escape")
    main = page.get_by_test_id("stMain")
    expect(main).to_be_focused()
    shown = main.evaluate("main => getComputedStyle(main, '::before').content")
    assert shown == "none"


def test_the_keyboard_alone_will_do(open_page):
    """Tab to Play and press it; then to Step, then change a control."""
    page = open_page()
    for name in ("Play", "Step"):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                break
        assert page.evaluate("document.activeElement.textContent.trim()") == name
        page.keyboard.press("Enter")
        if name == "Play":
            wait_for_epoch(page, 3)
    expect_state(page, "paused")


def test_every_chart_has_a_text_alternative_with_the_numbers_on_screen(open_board):
    page = open_board()
    step_to(page, 3)
    for view in ("region", "loss", "gradients"):
        panel = page.locator(f'[data-view="{view}"]')
        text = page.locator(f"#{panel.get_attribute('aria-describedby')}")
        expect(text).to_contain_text("epoch 3")
        expect(text).to_contain_text(re.compile(r"\d\.\d"))


def test_copy_link_copies_a_link_to_this_run(open_page):
    page = open_page("?noise=0.1", permissions=["clipboard-read", "clipboard-write"])
    open_menu(page)
    press(page, "Copy link")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "noise=0.1" in page.url


def test_a_learning_rate_set_in_the_moment_of_reset_counts(open_page):
    """The new run has not come yet then: its start is not to forget what was asked meanwhile."""
    page = open_page()
    step_to(page, 1)
    page.get_by_label("Learning rate").evaluate(
        """rate => {
            const buttons = [...document.querySelectorAll('[data-testid=board] button')];
            buttons.find(button => button.textContent.trim() === 'Reset').click();
            rate.value = '0.01';
            rate.dispatchEvent(new Event('change', { bubbles: true }));
        }"""
    )
    expect(board(page)).to_have_attribute("data-epoch", "0")
    expect(page).to_have_url(re.compile("learning_rate=0.01$"))
    step_to(page, 1)
    run = Run(Spec(learning_rate=0.01))
    run.advance(1)
    assert numbers(page) == expected_readouts(run)
