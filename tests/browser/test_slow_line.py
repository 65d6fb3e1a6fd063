"""A board on a slow line: it plays before the script that draws its curves has come."""

import threading

from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import READY, Window
from tests.browser.test_board import board, press, wait_for_epoch

CURVE = "document.querySelector('[data-view=loss] .chart > div').data?.[0].x.length"
PICTURE = "[data-view=region] .chart > canvas"


def test_the_regions_play_before_the_charts_have_come(browser: Browser, server: str):
    window = Window(browser, {"viewport": {"width": 1400, "height": 900}})
    page = window.page
    held: list[Route] = []
    came = threading.Event()

    def hold(route: Route) -> None:
        held.append(route)
        came.set()

    page.route("**/plotly.min.js", hold)
    page.goto(server + "?dataset=circles")
    board(page).wait_for()
    expect(page.get_by_text("Loading the charts…")).to_have_count(0)  # it is no text of the page
    press(page, "Play")
    wait_for_epoch(page, 20)
    press(page, "Pause")
    expect(board(page)).to_have_attribute("data-state", "paused")
    before = page.locator(PICTURE).bounding_box()
    colors = page.evaluate(
        """selector => {
            const canvas = document.querySelector(selector);
            const brush = canvas.getContext('2d');
            const { data } = brush.getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }""",
        PICTURE,
    )
    assert colors > 100  # regions and points
    assert page.locator(READY).count() == 0
    (route,) = held
    route.continue_()
    page.locator(READY).wait_for()
    last = int(board(page).get_attribute("data-epoch"))
    assert page.evaluate(CURVE) == last + 1  # the curve is whole
    after = page.locator(PICTURE).bounding_box()
    for side, value in before.items():
        assert abs(after[side] - value) < 1.5  # nothing moves
    window.context.close()
    assert not window.complaints


def test_without_the_charts_the_board_says_so_and_plays(browser: Browser, server: str):
    window = Window(browser, {"viewport": {"width": 1400, "height": 900}})
    window.forgiven = "Failed to load resource"
    page = window.page
    page.route("**/plotly.min.js", lambda route: route.abort())
    page.goto(server + "embed")
    expect(board(page)).to_have_attribute("data-charts", "missing")
    said = page.evaluate(
        "getComputedStyle(document.querySelector('[data-view=loss] .chart'), '::after').content"
    )
    assert "could not be loaded" in said
    press(page, "Play")
    wait_for_epoch(page, 5)
    window.context.close()
    assert not window.complaints


def test_the_place_of_the_board_is_kept_until_it_has_come(browser: Browser, server: str):
    window = Window(browser, {"viewport": {"width": 1400, "height": 900}})
    page = window.page
    held: list[Route] = []
    page.route("**/page.js", lambda route: held.append(route))
    page.goto(server, wait_until="commit")
    waiting = page.get_by_text("Loading the board…")
    waiting.wait_for()
    kept = waiting.bounding_box()
    for route in held:
        route.continue_()
    page.unroute("**/page.js")
    board(page).wait_for()
    expect(waiting).to_have_count(0)
    came = page.locator(".board .layout").bounding_box()
    for side in ("x", "y", "width", "height"):
        assert abs(kept[side] - came[side]) < 1.5, side
    window.context.close()
    assert not window.complaints
