"""A tab that nobody sees costs nothing, and plays on when it is seen again."""

import re
import urllib.request

from playwright.sync_api import Page, expect

from tests.browser.conftest import READY, serve


def reported(address: str, name: str) -> float:
    """A figure of the server's report."""
    text = urllib.request.urlopen(f"{address}metrics").read().decode()
    return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE)[1])


def wait_for(page: Page, address: str, name: str, wanted) -> None:
    while not wanted(reported(address, name)):
        page.wait_for_timeout(100)


def test_a_hidden_tab_asks_for_nothing_is_put_away_and_plays_on(
    browser, open_page, tmp_path, monkeypatch
):
    monkeypatch.setenv("MLP_IDLE_MINUTES", "0.05")
    page = open_page()
    with serve("streamlit_app.py", tmp_path / "log") as address:
        page.goto(address)
        board = page.locator(READY)
        page.get_by_role("button", name="Play").click()
        wait_for(page, address, "mlp_boards_playing", lambda count: count == 1)
        # what a browser does to a tab in the background: no frames
        page.evaluate(
            "() => { window.held = []; window.shown = requestAnimationFrame;"
            " window.requestAnimationFrame = draw => held.push(draw); }"
        )
        wait_for(page, address, "mlp_boards_playing", lambda count: count == 0)
        wait_for(page, address, "mlp_runs_put_away_total", lambda count: count == 1)
        frames, epoch = reported(address, "mlp_frames_total"), board.get_attribute("data-epoch")
        page.evaluate(
            "() => { window.requestAnimationFrame = shown; for (const draw of held) shown(draw); }"
        )
        expect(board).to_have_attribute("data-state", "playing")
        wait_for(page, address, "mlp_frames_total", lambda count: count > frames + 30)
        assert int(board.get_attribute("data-epoch")) > int(epoch)
        page.goto("about:blank")
