"""The last runs on the page, and a session that comes back from its file."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.test_board import board, press, readouts, step_to
from tests.browser.test_keep import open_panel, save


def begin_again_after(page: Page, epochs: int) -> dict[str, str]:
    """Train, wait until the server knows what was seen, and reset; what was on screen."""
    step_to(page, epochs)
    step_to(page, epochs + 1)  # this request tells of the epoch before
    shown = readouts(page)
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    return shown


def test_past_runs_are_compared_opened_pinned_and_deleted(open_page):
    page = open_page("?samples=60&hidden=4")
    begin_again_after(page, 4)
    page.get_by_role("radio", name="Circles").click()
    expect(page).to_have_url(re.compile("dataset=circles"))
    begin_again_after(page, 2)
    page.get_by_text("Last runs").click()
    first, second = page.locator(".st-key-past_1"), page.locator(".st-key-past_2")
    expect(second).to_contain_text("Circles, samples 60, hidden layers 4")
    expect(first).to_contain_text("Moons")
    page.locator(".st-key-past_overlay_1 label").click()
    expect(page.get_by_text("run 1, test")).to_be_visible()
    labels = page.locator(".stPlotlyChart .annotation-text")  # at the curves' ends
    expect(labels.filter(has_text="run 1")).to_be_visible()
    expect(labels.filter(has_text="on screen")).to_be_visible()
    first.get_by_role("button", name="Open").click()
    expect(page).to_have_url(re.compile(r"\?samples=60&hidden=4$"))
    expect(board(page)).to_have_attribute("data-epoch", re.compile("[45]"))
    loss = re.search(r"loss ([\d.]+), test", first.text_content()).group(1)
    assert f"{float(readouts(page)['train_loss']):.4g}" == loss
    second.get_by_role("button", name="Pin as A").click()
    expect(board(page).locator(".comparison")).to_have_text("A and B are the same run so far")
    expect(page).to_have_url(re.compile("a=dataset%3Dcircles"))
    first.get_by_role("button", name="Delete").click()
    expect(first).to_have_count(0)
    expect(second).to_be_visible()


def test_a_session_comes_back_from_its_file(open_page, tmp_path):
    page = open_page("?samples=60&hidden=4")
    begin_again_after(page, 3)
    page.get_by_role("combobox", name="Learning rate").select_option("0.3")
    step_to(page, 5)
    press(page, "Pin as A")
    press(page, "Go on as B from here")
    expect(board(page).locator(".comparison")).to_contain_text("the same run")
    step_to(page, 6)
    shown = readouts(page)
    open_panel(page, "Save and load")
    path = save(page, "Whole session", tmp_path)
    with open(path) as file:
        assert json.load(file)["present"]["epoch"] == 6

    page = open_page("?dataset=hills")
    open_panel(page, "Save and load")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    expect(board(page)).to_have_attribute("data-epoch", "6")
    assert readouts(page) == shown
    timeline = page.get_by_role("slider", name="Timeline")
    expect(timeline).to_have_attribute("aria-valuetext", "epoch 6")
    assert timeline.evaluate("({min, max, value}) => [min, max, value]") == ["0", "6", "6"]
    expect(page).to_have_url(re.compile(r"samples=60&hidden=4&.*a=samples%3D60"))
    page.keyboard.press("Escape")
    page.get_by_text("Last runs").click()
    expect(page.locator(".st-key-past_1")).to_contain_text("epoch")
    step_to(page, 7)


def test_a_damaged_session_is_refused_and_leaves_the_run_alone(open_page, tmp_path):
    page = open_page("?samples=60")
    step_to(page, 2)
    path = tmp_path / "session.json"
    path.write_text('{"mlp_playground_session": 1, "present"')
    open_panel(page, "Save and load")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(path))
    expect(page.get_by_test_id("stAlert")).to_contain_text(
        "session.json can't be loaded: the session"
    )
    step_to(page, 3)
