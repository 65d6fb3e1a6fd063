"""How it runs on other people's devices: a slow processor, a slow line, a first and a second visit.

Chromium slows its own processor and line down, so a fast machine can measure what a slow one shows.
"""

import time
from collections.abc import Iterator

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from benchmarks.app import running
from benchmarks.table import Row, at_least, at_most
from tests.browser import chromium

SLOWER = 4  # times, of the processor
FRAMES = (((4, 2), 55), ((8, 8), 50), ((8,) * 6, 40))  # hidden layers, frames/s wanted
SECONDS = 8  # of each measurement of frames
# of a mobile line: 1.6 Mbit/s down, 0.75 up, 150 ms there and back
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
BOARD = '[data-testid="board"]'
CHARTS = f'{BOARD}[data-charts="ready"]'


def measure() -> Iterator[Row]:
    """Every figure, one after the other; nothing else may run on the machine meanwhile."""
    with sync_playwright() as playwright, running() as server:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        address = f"http://127.0.0.1:{server.port}/"
        _visit(browser, address)  # the server has been there for a while
        yield from _loading(browser, address, "", 1.8, 0.8)
        yield from _loading(browser, address, f", processor {SLOWER} times slower", 4, 1.5, SLOWER)
        yield from _slow_line(browser, address)
        for hidden, goal in FRAMES:
            name = "-".join(map(str, hidden))
            frames = _frames(browser, f"{address}?hidden={','.join(map(str, hidden))}")
            yield at_least(f"processor {SLOWER} times slower, {name}", frames, "frames/s", goal)
        browser.close()


def _visit(browser: Browser, address: str) -> None:
    context, page, _ = _window(browser)
    page.goto(address)
    page.locator(CHARTS).wait_for()
    context.close()


def _window(browser: Browser, slower: float = 1) -> tuple[BrowserContext, Page, CDPSession]:
    """A window with a cache of its own, and a way to slow it down."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    return context, page, devtools


def _loading(
    browser: Browser, address: str, what: str, cold: float, warm: float, slower: float = 1
) -> Iterator[Row]:
    """Until the board can be played: in the first visit, and in the next one."""
    times = [_visits(browser, address, slower) for _ in range(3)]
    for visit, i, goal in (("first", 0, cold), ("next", 1, warm)):
        yield at_most(f"{visit} visit{what}", sorted(time[i] for time in times)[1], "s", goal)


def _visits(browser: Browser, address: str, slower: float) -> tuple[float, float]:
    context, page, _ = _window(browser, slower)
    times = []
    for _visit_number in range(2):
        page.goto("about:blank")
        started = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(BOARD).wait_for()
        times.append(time.perf_counter() - started)
        page.locator(CHARTS).wait_for()
    context.close()
    return times[0], times[1]


def _slow_line(browser: Browser, address: str) -> Iterator[Row]:
    """When there is something to play, and when there is everything."""
    context, page, devtools = _window(browser)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    for visit, goal in (("first", 14), ("next", 4)):
        page.goto("about:blank")
        started = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(BOARD).wait_for()
        board = time.perf_counter() - started
        page.locator(CHARTS).wait_for()
        charts = time.perf_counter() - started
        yield at_most(f"slow line, {visit} visit: board", board, "s", goal)
        yield Row(f"slow line, {visit} visit: its curves, too", charts, "s", "", True)
    context.close()


def _frames(browser: Browser, address: str) -> float:
    """Frames that came to stand in the page, a second."""
    context, page, devtools = _window(browser)
    page.goto(address)
    page.locator(CHARTS).wait_for()
    page.wait_for_timeout(1_000)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(2_000)
    count = f"[Number(document.querySelector('{BOARD}').dataset.frames), performance.now()]"
    before, start = page.evaluate(count)
    page.wait_for_timeout(1_000 * SECONDS)
    after, end = page.evaluate(count)
    context.close()
    return float(1_000 * (after - before) / (end - start))
