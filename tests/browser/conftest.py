"""The real app in a real Chromium. Whatever a test does, nothing may complain: see `page`."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium

ROOT = Path(__file__).parents[2]

expect.set_options(timeout=20_000)  # ms: a slow machine is no failure

# Streamlit's word when a control and the board happened to speak in the same moment. The page copes
# with it, see test_a_control_and_the_board_speak_at_once.
BATCH = "Multiple different fragmentIds detected in a single batch"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Start the app as a user does; yield its address. Its log may not hold a traceback."""
    port, log = free_port(), tmp_path_factory.mktemp("server") / "log"
    options = {"address": "127.0.0.1", "port": port, "headless": "true"}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
            + [f"--server.{name}={value}" for name, value in options.items()],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            wait_for_server(process, port, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()
    text = log.read_text()
    assert "Traceback" not in text, text
    assert "the page failed" not in text, text


def wait_for_server(process: subprocess.Popen, port: int, log: Path) -> None:
    """Ask until it answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health")
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the server did not come up: {log.read_text()}")


@pytest.fixture(scope="session")
def browser():
    path = chromium.find()
    assert path, "no Chromium: make chromium installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Window:
    """A browser window that notes what may not happen: the page writes to the console, throws, or
    asks for anything that is not on the loopback."""

    def __init__(self, browser: Browser, options: dict) -> None:
        self.complaints: list[str] = []
        self.forgiven = ""  # pattern of what may be written
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"thrown: {error}"))
        self.page.on("request", lambda request: self.complaints.extend(outside(request.url)))

    def _hear(self, message) -> None:
        if not any(text and re.search(text, message.text) for text in (self.forgiven, BATCH)):
            self.complaints.append(f"{message.type}: {message.text}")

    def leave(self) -> None:
        """Leave the app, whatever it asks, and be ready for another test."""
        self.forgiven = "."  # of a page that is on its way out
        self.page.once("dialog", lambda dialog: dialog.accept())
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)


@pytest.fixture(scope="session")
def shared_window(browser: Browser):
    """One window that tests take turns with: what the app consists of is loaded only once."""
    window = Window(browser, {})
    yield window
    window.context.close()


@pytest.fixture
def open_page(browser: Browser, server: str, shared_window: Window):
    """A function that opens the app: open_page("?noise=0.1", width=390).

    The first page of a test is in the window that tests share, unless it has `options` of a browser
    context or is to be `alone`. When the test is over, no page may have complained, see `Window`.
    `forgiven`: pattern of what it may write, as the test asks for it.
    """
    windows: list[Window] = []

    def open_app(
        query: str = "",
        *,
        width: int = 1400,
        height: int = 900,
        forgiven: str = "",
        alone: bool = False,
        **options,
    ) -> Page:
        size = {"width": width, "height": height}
        if alone or options or shared_window in windows:
            window = Window(browser, {"viewport": size, **options})
        else:
            window = shared_window
            window.complaints.clear()
            window.page.set_viewport_size(size)
        windows.append(window)
        window.forgiven = forgiven
        window.page.goto(server + query)
        window.page.get_by_test_id("board").wait_for()
        return window.page

    yield open_app
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        if window is shared_window:
            window.leave()
        else:
            window.context.close()
    assert not complaints


def outside(url: str) -> list[str]:
    return [] if re.match(r"(http|ws)://127\.0\.0\.1[:/]|data:|blob:", url) else [f"asked: {url}"]
