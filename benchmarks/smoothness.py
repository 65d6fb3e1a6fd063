"""How smoothly the real app runs in a real browser, and how fast it answers a person."""

import contextlib
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.app import running
from benchmarks.delay import delayed
from benchmarks.table import Row, at_least, at_most
from engine import Spec
from playground.board.request import Request
from playground.board.stream import Stream
from playground.share import to_query
from tests.browser import chromium

ROOT = Path(__file__).parents[1]
SECONDS = 8  # of each measurement of frames
LINK_DELAY = 0.075  # s, each way
HEAVIEST = Spec(samples=2_000, test_share=0.1, hidden=(16,) * 6, batch_size=1)

# Notes the time of each frame that stands in the page, and of each redraw of a curve.
WATCH = """() => {
    window.seen = { frames: [], curves: [], gaps: 0, bytes: 0 };
    const boards = '[data-testid="board"]';
    let last = null;
    const note = () => {
        const frames = document.querySelector(boards)?.dataset.frames;
        if (frames && frames !== last) window.seen.frames.push(performance.now());
        last = frames;
    };
    new MutationObserver(note).observe(document.body,
        { subtree: true, childList: true, attributes: true, attributeFilter: ['data-frames'] });
    const line = document.querySelector('[data-view="loss"] .scatterlayer');
    if (line) new MutationObserver(() => window.seen.curves.push(performance.now()))
        .observe(line, { subtree: true, attributes: true, attributeFilter: ['d'] });
    let before = performance.now();
    const tick = now => {
        window.seen.gaps = Math.max(window.seen.gaps, now - before);
        before = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""


def measure() -> Iterator[Row]:
    """Every figure, one after the other; nothing else may run on the machine meanwhile."""
    yield from _server()
    with sync_playwright() as playwright, running() as server:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        yield from _loading(browser, server.port)
        with (
            running("benchmarks/naive_app.py") as naive_app,
            _page(browser, naive_app.port) as page,
        ):
            naive = _frames_per_second(page)
        yield Row("three st.plotly_chart on a timer", naive, "frames/s", "", True)
        yield from _playing(browser, server.port, naive)
        yield from _answering(browser, server.port)
        yield from _heaviest(browser, server.port)
        with (
            delayed(server.port, seconds=LINK_DELAY) as slow_port,
            _page(browser, slow_port) as page,
        ):
            _press(page, "Play")
            page.wait_for_timeout(2_000)
            far = _frames_per_second(page)
            changes = _rate_changes(page)
        yield at_least("frames with 75 ms delay each way", far, "frames/s", 24)
        shows = "learning rate until it shows, 75 ms each way, median"
        yield at_most(shows, _median(changes), "ms", 350)
        browser.close()


def _server() -> Iterator[Row]:
    stream = Stream(Spec())
    times, sizes, last = [], [], 0
    for _ in range(20):
        start = time.perf_counter()
        message = stream.answer(Request(run=stream.run_id, epoch=last, last=last, frames=20))
        times.append((time.perf_counter() - start) / 20)
        sizes.append(len(message) / 20)
        last = stream.run.epoch
    yield at_most("server time for a frame, default Spec", 1e3 * _median(times), "ms", 3)


def _loading(browser: Browser, port: int) -> Iterator[Row]:
    """From the address to a board that can be played; the server has just come up."""
    address = f"http://127.0.0.1:{port}"
    yield at_most("first visitor's board", _time_to_board(browser, address), "s", 1.5)
    pages = [_time_to_board(browser, address) for _ in range(3)]
    yield at_most("another visitor's board", _median(pages), "s", 1)
    boards = [_time_to_board(browser, f"{address}/embed") for _ in range(3)]
    yield at_most("an embedded board", _median(boards), "s", 1)


def _time_to_board(browser: Browser, address: str) -> float:
    """Seconds; with a cache of its own, as a visitor who has never been here."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address)
    page.get_by_test_id("board").wait_for()
    took = time.perf_counter() - started
    context.close()
    return took


def _playing(browser: Browser, port: int, naive: float) -> Iterator[Row]:
    rate, curves, gap, wire = _play(browser, port, Spec())
    yield at_least("frames, default Spec", rate, "frames/s", 30)
    yield at_least("… against the timer's", rate / naive, "times", 10)
    yield at_least("updates of the loss curve", curves, "a second", 5)
    yield at_most("gap between frames, 99th percentile", gap, "ms", 150)
    yield at_most("bytes on the wire for a frame", wire, "bytes", 4096)
    for hidden, goal in (((4, 2), 30), ((8, 8), 24), ((8,) * 6, 15), ((16,) * 6, 0)):
        rate, _, _, wire = _play(browser, port, Spec(hidden=hidden))
        name = "-".join(map(str, hidden))
        yield at_least(f"frames with the network view, {name}", rate, "frames/s", goal)
        if hidden == (8,) * 6:
            yield at_most(f"bytes on the wire for a frame, {name}", wire, "bytes", 6 * 1024)


def _play(browser: Browser, port: int, spec: Spec) -> tuple[float, float, float, float]:
    """Frames and curve updates a second, 99th percentile of the gap in ms, bytes for a frame."""
    received: list[int] = []
    with _page(browser, port, query=to_query(spec), received=received) as page:
        _press(page, "Play")
        page.wait_for_timeout(1_000)
        page.evaluate(WATCH)
        received.clear()
        page.wait_for_timeout(1_000 * SECONDS)
        wire = sum(received)
        seen = page.evaluate("window.seen")
    frames = np.array(seen["frames"])
    curves = np.unique(np.round(seen["curves"]))
    seconds = (frames[-1] - frames[0]) / 1e3
    gap = float(np.percentile(np.diff(frames), 99))
    return (len(frames) - 1) / seconds, len(curves) / seconds, gap, wire / len(frames)


def _answering(browser: Browser, port: int) -> Iterator[Row]:
    """From the event in the browser to the picture; the slowest of ten."""
    with _page(browser, port) as page:
        page.evaluate(WATCH)
        stops = [_time_to_pause(page) for _ in range(10)]
        yield at_most("Pause until the picture stands", max(stops), "ms", 100)
        _press(page, "Play")
        page.wait_for_timeout(500)
        changes = _rate_changes(page)
        yield at_most("learning rate until it shows, median", _median(changes), "ms", 150)
        yield at_most("learning rate until it shows, slowest of 10", max(changes), "ms", 150)


def _rate_changes(page: Page) -> list[float]:
    """ms from each of ten changes of the learning rate to the first frame that has it."""
    changes = []
    for rate in ["0.03", "0.1"] * 5:
        page.evaluate("""() => {
            const board = document.querySelector('[data-testid="board"]');
            window.took = new Promise(done => {
                document.addEventListener('change', () => {
                    const start = performance.now();
                    new MutationObserver(() => done(performance.now() - start)).observe(board,
                        { attributes: true, attributeFilter: ['data-learning-rate'] });
                }, { capture: true, once: true });
            });
        }""")
        page.get_by_label("Learning rate").select_option(rate)
        changes.append(page.evaluate("window.took"))
        page.wait_for_timeout(700)
    return changes


def _heaviest(browser: Browser, port: int) -> Iterator[Row]:
    with _page(browser, port, query=to_query(HEAVIEST)) as page:
        _press(page, "Play")
        page.wait_for_timeout(1_500)
        page.evaluate(WATCH)
        yield at_least("frames, heaviest Spec", _frames_per_second(page), "frames/s", 1)
        frozen = page.evaluate("window.seen.gaps")
        yield at_most("heaviest Spec: longest freeze of the page", frozen, "ms", 300)
        _press(page, "Pause")
        stops = [_time_to_pause(page) for _ in range(5)]
        yield at_most("heaviest Spec: Pause until the picture stands", max(stops), "ms", 300)


def _time_to_pause(page: Page) -> float:
    """ms from the click on Pause to the last frame that still came; 0 if none did."""
    _press(page, "Play")
    page.wait_for_timeout(700)
    page.evaluate(
        "document.addEventListener('click', () => { window.clicked = performance.now() },"
        " { capture: true, once: true })"
    )
    _press(page, "Pause")
    page.wait_for_timeout(700)
    late: float = page.evaluate("Math.max(0, (window.seen.frames.at(-1) ?? 0) - window.clicked)")
    return late


def _frames_per_second(page: Page) -> float:
    """Frames that came to stand in the page, over some seconds."""
    page.evaluate(WATCH)
    page.wait_for_timeout(1_000 * SECONDS)
    frames, now = page.evaluate("[window.seen.frames.length, performance.now()]")
    first = page.evaluate("window.seen.frames[0] ?? performance.now()")
    return float(max(frames - 1, 0) / max((now - first) / 1e3, 1e-9))


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@contextlib.contextmanager
def _page(
    browser: Browser,
    port: int,
    *,
    query: dict[str, str] | None = None,
    received: list[int] | None = None,
) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    if received is not None:

        def listen(socket: Any) -> None:
            socket.on("framereceived", lambda data: received.append(len(data)))

        page.on("websocket", listen)
    asked = "&".join(f"{key}={value}" for key, value in (query or {}).items())
    page.goto(f"http://127.0.0.1:{port}/?{asked}")
    page.locator('[data-testid="board"]').wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(2_000)
    yield page
    page.close()


def _median(values: list[float]) -> float:
    return float(statistics.median(values))
