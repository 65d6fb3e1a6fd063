"""The real app in a real Chromium. Whatever a test does, nothing may complain: see `page`."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

from tests.browser import chromium

ROOT = Path(__file__).parents[2]

PATIENCE = 60_000  # ms: a slow machine is no failure
READY = "[data-testid=board][data-charts=ready]"  # a board with a run, and its charts
expect.set_options(timeout=PATIENCE)

# Streamlit's word when a control and the board happened to speak in the same moment. The page copes
# with it, see test_a_control_and_the_board_speak_at_once.
BATCH = "Multiple different fragmentIds detected in a single batch"

# What Streamlit writes into its log if a page is left while something is on its way to it.
LEFT = re.compile(
    r"Traceback((?!Traceback).)*WebSocket is not connected"
    r"((?!Traceback).)*Traceback((?!Traceback).)*once a close message has been sent\.",
    re.DOTALL,
)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Start the app as a user does; yield its address. Its log may not hold a traceback."""
    with serve("streamlit_app.py", tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@contextmanager
def serve(script: str, log: Path, **options: str) -> Iterator[str]:
    """Serve a Streamlit script; its address. options: of the server, baseUrlPath for instance."""
    port = free_port()
    process = launch(script, port, log, **options)
    try:
        wait_for_server(process, port, log, options.get("baseUrlPath", ""))
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()
    text = LEFT.sub("", log.read_text())
    assert "Traceback" not in text, text
    assert "the page failed" not in text, text


def launch(script: str, port: int, log: Path, **options: str) -> subprocess.Popen:
    """Start Streamlit as a user does."""
    server = {"address": "127.0.0.1", "port": port, "headless": "true", **options}
    arguments = [f"--server.{name}={value}" for name, value in server.items()]
    command = [sys.executable, "-m", "streamlit", "run", script, *arguments]
    return start(command, log)


def start(command: list[str], log: Path) -> subprocess.Popen:
    """Start a program in the project's folder."""
    with log.open("a") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            # every test of a class opens a room, all of them from one address
            env={"MLP_ROOMS": "1000", **os.environ}
            | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)},
        )


def wait_for_server(process: subprocess.Popen, port: int, log: Path, base: str = "") -> None:
    """Ask until it answers."""
    address = f"http://127.0.0.1:{port}/{base and base + '/'}_stcore/health"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address)
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
        self.page.set_default_timeout(PATIENCE)
        self.page.wait_for_function = partial(wait_for_function, self.page)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"thrown: {error}"))
        self.page.on("request", lambda request: self.complaints.extend(outside(request.url)))

    def _hear(self, message) -> None:
        if not any(text and re.search(text, message.text) for text in (self.forgiven, BATCH)):
            self.complaints.append(f"{message.type}: {message.text}")

    def leave(self) -> None:
        """Leave the app, whatever it asks, and be ready for another test."""
        self.forgiven = "."  # of a page that is on its way out
        self.page.on("dialog", accept)
        self.page.goto("about:blank")
        self.page.remove_listener("dialog", accept)
        self.page.mouse.move(0, 0)


def wait_for_function(page: Page, expression: str, *, arg: object = None) -> None:
    """Wait until an expression, or what a function returns, is true.

    Playwright's own has the page make a script of text, which the page's policy forbids.
    """
    deadline = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(expression, arg):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(20)


def accept(dialog: Dialog) -> None:
    dialog.accept()


@pytest.fixture(scope="session")
def free_windows(browser: Browser):
    """Windows that tests take turns with: what the app consists of is loaded once into each."""
    windows: list[Window] = []
    yield windows
    for window in windows:
        window.context.close()


@pytest.fixture
def open_page(browser: Browser, server: str, free_windows: list[Window]):
    """A function that opens the app: open_page("?noise=0.1", width=390).

    A page is in a window that tests before had, unless it has `options` of a browser context or is
    to be `alone`. When the test is over, no page may have complained, see `Window`.
    `forgiven`: pattern of what it may write, as the test asks for it.
    """
    windows: list[Window] = []
    own: list[Window] = []

    def open_app(
        query: str = "",
        *,
        width: int = 1400,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
        forgiven: str = "",
        alone: bool = False,
        **options,
    ) -> Page:
        size = {"width": width, "height": height}
        if alone or options:
            window = Window(browser, {"viewport": size, **options})
            own.append(window)
        else:
            window = free_windows.pop() if free_windows else Window(browser, {})
            window.complaints.clear()
            window.page.set_viewport_size(size)
        windows.append(window)
        window.page.emulate_media(color_scheme=scheme)
        window.forgiven = forgiven
        window.page.goto(server + query)
        window.page.locator(READY).wait_for()
        return window.page

    yield open_app
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        if window in own:
            window.context.close()
        else:
            window.leave()
            free_windows.append(window)
    assert not complaints


@pytest.fixture
def open_board(open_page):
    """A function as `open_page`, for the board alone on its bare page: half of the waiting."""
    return lambda query="", **options: open_page("embed" + query, **options)


def outside(url: str) -> list[str]:
    return [] if re.match(r"(http|ws)://127\.0\.0\.1[:/]|data:|blob:", url) else [f"asked: {url}"]
