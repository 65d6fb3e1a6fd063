"""Back in time, pauses by itself, and two runs in step, as a person works them."""

import re
from itertools import pairwise

from playwright.sync_api import Page, expect

from engine import Run, Spec
from tests.browser.test_board import (
    board,
    epoch,
    expect_state,
    numbers,
    picture,
    press,
    readouts,
    step_to,
    wait_for_epoch,
    wait_for_frames,
)


def play_to(page: Page, least: int) -> None:
    press(page, "Play")
    wait_for_epoch(page, least)
    press(page, "Pause")
    expect_state(page, "paused")


def look_at(page: Page, wanted: int) -> None:
    """Put the timeline's handle on an epoch, as dragging does."""
    page.locator("[data-action=timeline]").evaluate(
        "(slider, epoch) => { slider.value = epoch;"
        " slider.dispatchEvent(new Event('input', {bubbles: true})); }",
        wanted,
    )
    expect(board(page)).to_have_attribute("data-epoch", str(wanted))


def curve_ends(page: Page) -> list[int]:
    """The last epoch that each chart of curves shows."""
    return page.evaluate(
        "['loss', 'gradients'].map(view => document.querySelector("
        "`[data-view=${view}] .js-plotly-plot`).data[0].x.at(-1))"
    )


def losses_of(spec: Spec, epochs: int) -> list[float]:
    run = Run(spec)
    run.advance(epochs)
    return [float(run.latest.train_loss), float(run.latest.test_loss)]


def shown_losses(page: Page) -> list[float]:
    shown = numbers(page)
    return [shown["train_loss"], shown["test_loss"]]


def test_dragging_shows_any_past_epoch_and_the_present_stays(open_board):
    page = open_board()
    play_to(page, 30)
    present, last = readouts(page), epoch(page)
    present_picture = picture(page)
    slider = page.locator("[data-action=timeline]")
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2, steps=20)
    page.mouse.up()
    expect(board(page)).to_have_attribute("data-past", "true")
    assert epoch(page) < 3
    assert shown_losses(page) == losses_of(Spec(), epoch(page))
    assert picture(page) != present_picture
    expect(page.get_by_role("button", name="Batch", exact=True)).to_be_disabled()
    slider.press("End")
    expect(board(page)).to_have_attribute("data-epoch", str(last))
    assert readouts(page) == present
    assert picture(page) == present_picture
    slider.press("ArrowLeft")
    expect(board(page)).to_have_attribute("data-epoch", str(last - 1))
    press(page, "Step")
    expect(board(page)).to_have_attribute("data-past", "false")
    step_to(page, last + 1)


def test_playing_from_the_past_plays_it_again_and_then_trains_on(open_board):
    page = open_board("?samples=100&hidden=4")
    play_to(page, 40)
    last = epoch(page)
    look_at(page, 5)
    press(page, "Play")
    expect(board(page)).to_have_attribute("data-past", "false")
    wait_for_epoch(page, last + 5)
    press(page, "Pause")
    assert shown_losses(page) == losses_of(Spec(samples=100, hidden=(4,)), epoch(page))


def test_continuing_from_here_has_the_same_future_or_another_one_after_a_change(
    open_board,
):
    page = open_board()
    play_to(page, 25)
    look_at(page, 10)
    press(page, "Continue from here")
    expect(board(page)).to_have_attribute("data-past", "false")
    page.wait_for_function(
        "document.querySelector('[data-view=loss] .js-plotly-plot').data[0].x.at(-1) === 10"
    )
    assert curve_ends(page) == [10, 10]
    step_to(page, 12)
    assert shown_losses(page) == losses_of(Spec(), 12)
    look_at(page, 4)
    page.get_by_label("Learning rate").select_option("1")
    expect(board(page)).to_have_attribute("data-past", "false")
    step_to(page, 6)
    run = Run(Spec())
    run.advance(4)
    run.change("learning_rate", 1.0)
    run.advance(2)
    assert shown_losses(page) == [float(run.latest.train_loss), float(run.latest.test_loss)]


def test_what_is_explained_and_saved_is_the_past_epoch_on_screen(open_page):
    page = open_page("?samples=100&hidden=3")
    step_to(page, 6)
    look_at(page, 2)
    page.get_by_role("button", name="Depth").or_(page.get_by_role("radio", name="Depth")).click()
    expect(page.locator(".st-key-inside")).to_contain_text("Epoch 2")


def test_a_run_that_is_long_keeps_its_ends(open_board):
    """In little memory; the pure module is asked directly."""
    page = open_board()
    kept = page.evaluate("""async () => {
        const board = [...performance.getEntriesByType('resource')]
            .map(({name}) => name).find(name => name.endsWith('film.js'));
        const { Film } = await import(board);
        const film = new Film(200_000);
        const bytes = new Uint8Array(9000);
        for (let epoch = 0; epoch < 5000; epoch += 1) {
            film.add({ epoch, region: bytes, units: bytes.slice(0, 0),
                parameters: new Float32Array(0), borders: [], misclassified: bytes.slice(0, 0) });
            if (film.bytes > 210_000) throw new Error(`${film.bytes} bytes`);
        }
        return film.frames.map(({ epoch }) => epoch);
    }""")
    gaps = [later - earlier for earlier, later in pairwise(kept)]
    assert kept[0] == 0
    assert kept[-1] == 4999
    assert 8 < len(kept) < 25
    assert len(set(gaps[:-1])) == 1  # evenly, but for the newest


def test_it_pauses_by_itself_and_says_why(open_board):
    page = open_board("?samples=100&hidden=4")
    page.get_by_text("Stop at…").click()
    page.get_by_label("Loss down to").fill("0.5")
    page.get_by_label("Epoch", exact=True).fill("0")
    page.get_by_label("Epoch", exact=True).press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("“Epoch” must be a whole number from 1 to")
    page.get_by_label("Epoch", exact=True).fill("")
    page.get_by_label("Epoch", exact=True).press("Tab")
    expect(page.get_by_text("Stops at loss 0.5")).to_be_visible()
    press(page, "Play")
    expect(page.locator(".bar .state")).to_contain_text("at or below 0.5")
    expect_state(page, "paused")
    run = Run(Spec(samples=100, hidden=(4,)))
    run.advance(200)
    assert epoch(page) == next(e for e, loss in enumerate(run.history.test_loss) if loss <= 0.5)
    now = epoch(page)
    press(page, "Play")  # it has had its say
    wait_for_epoch(page, now + 20)


def loss_curves(page: Page) -> dict[str, list]:
    """The epochs of each curve in the chart of the losses, by its name; "" is a faint one."""
    return page.evaluate(
        "Object.fromEntries(document.querySelector('[data-view=loss] .js-plotly-plot').data"
        ".map(({name, x}) => [name, x]))"
    )


def test_pinning_keeps_what_is_on_screen_and_so_does_unpinning(open_page):
    """The run goes on as B, beside what it has been; the timeline keeps its frames."""
    page = open_page("?samples=100&hidden=4")
    step_to(page, 5)
    before = readouts(page)
    press(page, "Pin as A")
    press(page, "Go on as B from here")
    expect(page.locator("[data-view=pinned]")).to_be_visible()
    expect(page).to_have_url(re.compile("a=samples%3D100%26hidden%3D4$"))
    assert readouts(page) == before
    expect(page.locator(".comparison")).to_have_text("A and B are the same run so far")
    assert set(map(tuple, loss_curves(page).values())) == {(0, 1, 2, 3, 4, 5)}
    assert list(loss_curves(page)) == ["training B", "test B", "training A", "test A"]
    look_at(page, 2)
    a_loss = losses_of(Spec(samples=100, hidden=(4,)), 2)[0]
    expect(page.locator("[data-view=pinned]")).to_contain_text(f"loss {a_loss:.4f}")
    page.locator("[data-action=timeline]").press("End")

    page.get_by_label("Learning rate").select_option("1")
    step_to(page, 8)
    expect(page.locator(".comparison")).to_have_text(
        "A: learning rate 0.1 · B: learning rate 1 · the same run up to epoch 5"
    )
    run = Run(Spec(samples=100, hidden=(4,)))
    run.advance(8)
    a_loss = float(run.latest.train_loss)
    expect(page.locator("[data-view=pinned]")).to_contain_text(f"loss {a_loss:.4f}")
    pinned_readouts = readouts(page)
    page.reload()
    board(page).wait_for()
    expect(board(page)).to_have_attribute("data-epoch", "8")
    assert readouts(page) == pinned_readouts
    expect(page.locator("[data-view=pinned]")).to_contain_text(f"loss {a_loss:.4f}")

    step_to(page, 9)
    press(page, "Unpin A")
    expect(page.locator("[data-view=pinned]")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?samples=100&hidden=4&learning_rate=1.0$"))
    assert epoch(page) == 9
    assert loss_curves(page)["training"] == list(range(10))
    look_at(page, 8)
    assert readouts(page) == pinned_readouts
    page.locator("[data-action=timeline]").press("End")
    step_to(page, 10)
    run = Run(Spec(samples=100, hidden=(4,)))
    run.advance(5)
    run.change("learning_rate", 1.0)
    run.advance(5)
    assert shown_losses(page) == [float(run.latest.train_loss), float(run.latest.test_loss)]


def test_both_pictures_of_two_runs_are_equally_large_and_side_by_side(open_board):
    page = open_board()
    press(page, "Pin as A")
    expect(page.locator("[data-view=pinned]")).to_be_visible()
    a, b = page.evaluate(  # at one moment: the charts may still take their places
        """() => ["pinned", "region"].map(view => {
            const chart = document.querySelector(`[data-view=${view}] .nsewdrag`);
            return chart.getBoundingClientRect().toJSON();
        })"""
    )
    assert (a["y"], a["width"], a["height"]) == (b["y"], b["width"], b["height"])
    assert a["right"] < b["left"]
    colors = [  # what the heading has of it, so that it is legible, is in board.css
        page.locator(f"[data-view={view}] h2").evaluate(
            "(title, name) => getComputedStyle(title).getPropertyValue(name)", name
        )
        for view, name in (("pinned", "--run-a"), ("region", "--run-b"))
    ]
    curves = page.evaluate(
        "document.querySelector('[data-view=loss] .js-plotly-plot').data.map(({line}) => line)"
    )
    b_training, b_test, a_training, a_test = curves
    assert a_training["color"] == a_test["color"] != b_training["color"] == b_test["color"]
    assert a_test["dash"] == b_test["dash"] != a_training["dash"] == b_training["dash"]
    assert colors == [a_training["color"], b_training["color"]]


def test_how_to_pin_is_asked_and_can_be_left_alone(open_board):
    page = open_board()
    step_to(page, 2)
    press(page, "Pin as A")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Pin as A")).to_be_focused()
    press(page, "Pin as A")
    press(page, "Do not pin")
    expect(page.get_by_role("button", name="Pin as A")).to_be_visible()
    expect(page.locator("[data-view=pinned]")).to_be_hidden()
    press(page, "Pin as A")
    press(page, "Start both at epoch 0")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    expect(page.locator("[data-view=pinned]")).to_be_visible()


def test_the_old_future_stays_as_a_faint_curve_until_the_next_one(open_board):
    """In both charts, also for a quantity that is chosen later; a new run has none."""
    page = open_board("?samples=100&hidden=4")
    play_to(page, 12)
    last = epoch(page)
    faint = """view => document.querySelector(`[data-view=${view}] .js-plotly-plot`).data
        .filter(({opacity}) => opacity < 1).map(({x}) => [x[0], x.at(-1)])"""
    assert page.evaluate(faint, "loss") == []
    look_at(page, 6)
    press(page, "Continue from here")
    for view, curves in (("loss", 2), ("gradients", 2)):
        page.wait_for_function(f"view => ({faint})(view).length > 0", arg=view)
        assert page.evaluate(faint, view) == [[6, last]] * curves
    page.get_by_label("Quantity per layer").select_option("Error signal (RMS of dJ/dZ)")
    assert page.evaluate(faint, "gradients") == [[6, last]] * 2
    y = page.evaluate(
        "document.querySelector('[data-view=gradients] .js-plotly-plot').data.at(-1).y"
    )
    run = Run(Spec(samples=100, hidden=(4,)))
    run.advance(last)
    assert y == run.history.error_rms[6:, 1].tolist()
    expect(page.locator("[data-view=loss] .legend li")).to_have_text(["training", "test"])
    step_to(page, 8)
    assert page.evaluate(faint, "loss") == [[6, last]] * 2
    look_at(page, 7)
    press(page, "Continue from here")
    page.wait_for_function(f"({faint})('loss')[0]?.[0] === 7")
    assert page.evaluate(faint, "loss") == [[7, 8]] * 2
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    assert page.evaluate(faint, "loss") == []


def test_a_pinned_run_plays_in_step_and_is_in_the_link(open_page):
    page = open_page("?samples=100")
    step_to(page, 3)
    press(page, "Pin as A")
    press(page, "Start both at epoch 0")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    page.get_by_test_id("stSidebar").get_by_role("button", name="Remove").click()
    comparison = page.locator(".comparison")
    expect(comparison).to_contain_text("A: hidden layers 8-8 · B: hidden layers 8 · same data")
    step_to(page, 4)
    assert shown_losses(page) == losses_of(Spec(samples=100, hidden=(8,)), 4)
    a_loss = losses_of(Spec(samples=100), 4)[0]
    expect(page.locator("[data-view=pinned]")).to_contain_text(f"loss {a_loss:.4f}")
    expect(page).to_have_url(re.compile("a=samples%3D100$"))
    wait_for_names = (
        "document.querySelector('[data-view=loss] .js-plotly-plot').data.map(t => t.name)"
    )
    assert page.evaluate(wait_for_names) == ["training B", "test B", "training A", "test A"]

    again = open_page(page.url[page.url.index("?") :])
    expect(again.locator(".comparison")).to_contain_text(
        "A: hidden layers 8-8 · B: hidden layers 8 · same data"
    )
    press(again, "Play")
    wait_for_frames(again, 10)
    press(again, "Pause")
    press(again, "Unpin A")
    expect(again.locator("[data-view=pinned]")).to_be_hidden()
    expect(again).to_have_url(re.compile(r"\?samples=100&hidden=8$"))
