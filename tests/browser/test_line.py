"""The board's line in a browser: it breaks, the server dies, the page is loaded anew."""

import re
import signal
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import Run, Spec
from engine.run import PARAMETER
from tests.browser.conftest import (
    PATIENCE,
    Window,
    free_port,
    launch,
    serve,
    start,
    wait_for_server,
)
from tests.browser.test_board import (
    board,
    choose_learning_rate,
    epoch,
    expect_state,
    numbers,
    open_menu,
    press,
    step_to,
    wait_for_epoch,
)
from tests.browser.test_network import click_link

SECONDS_TO_PLAY_ON = 5.0  # once the server is there again


def expected(run: Run) -> dict[str, float]:
    row = run.latest
    names = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
    return {"epoch": run.epoch, **{name: float(row[name]) for name in names}}


def edit_weight(page: Page, value: str) -> None:
    """Set the first weight."""
    click_link(page, 1, 0, 0)
    field = page.get_by_role("spinbutton", name="weight of")
    field.fill(value)
    field.press("Enter")


@pytest.fixture
def window(browser):
    """A window on a page whose server dies: what it complains of is not what is tested."""
    window = Window(browser, {"viewport": {"width": 1400, "height": 900}})
    yield window
    window.context.close()


class Server:
    """The app in a process that can be killed, and started again at the same address."""

    def __init__(self, log: Path) -> None:
        self.port, self.log = free_port(), log
        self.address = f"http://127.0.0.1:{self.port}/"
        self.start()

    def start(self) -> None:
        self.process = launch("streamlit_app.py", self.port, self.log)
        wait_for_server(self.process, self.port, self.log)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        self.process.send_signal(how)
        self.process.wait()


@pytest.fixture
def mortal(tmp_path):
    server = Server(tmp_path / "log")
    yield server
    server.kill()


@pytest.mark.parametrize(
    ("path", "how"),
    [("", signal.SIGKILL), ("embed", signal.SIGKILL), ("", signal.SIGTERM)],
)
def test_a_run_goes_on_to_the_last_bit_after_the_server_was_killed(window, mortal, path, how):
    """Played, a weight set, the learning rate changed; then a signal, and another process."""
    page = window.page
    page.goto(f"{mortal.address}{path}?hidden=4&samples=100")
    board(page).wait_for()
    step_to(page, 3)
    edit_weight(page, "1.25")
    choose_learning_rate(page, "0.3")
    step_to(page, 5)
    press(page, "Play")
    wait_for_epoch(page, 30)
    mortal.kill(how)
    expect(board(page)).to_have_attribute("data-line", "broken")
    expect(page.get_by_text("The connection to the server is lost")).to_be_visible()
    mortal.start()
    came = time.monotonic()
    stood = epoch(page)
    wait_for_epoch(page, stood + 1)
    assert time.monotonic() - came < SECONDS_TO_PLAY_ON
    wait_for_epoch(page, stood + 50)
    press(page, "Pause")
    alone = Run(Spec(hidden=(4,), samples=100))
    alone.advance(3)
    alone.change(PARAMETER, (0, 1.25))
    alone.change("learning_rate", 0.3)
    alone.advance(epoch(page) - 3)
    assert numbers(page) == expected(alone)
    if not path:  # the page has come back, and knows what it shows
        expect(page).to_have_url(re.compile("learning_rate=0.3"))


def test_pause_and_the_timeline_work_while_the_line_is_broken(window, mortal):
    page = window.page
    page.goto(f"{mortal.address}embed?hidden=4&play=1")
    board(page).wait_for()
    wait_for_epoch(page, 10)
    mortal.kill()
    expect(board(page)).to_have_attribute("data-line", "broken")
    press(page, "Pause")
    expect_state(page, "paused")
    page.get_by_role("slider", name="Timeline").press("Home")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    page.get_by_role("slider", name="Timeline").press("End")
    assert epoch(page) >= 10


def test_a_reload_comes_back_to_the_epoch_with_all_changes(open_page):
    page = open_page("?hidden=4&samples=100")
    step_to(page, 4)
    edit_weight(page, "-0.5")
    choose_learning_rate(page, "0.3")
    step_to(page, 7)
    expect(page).to_have_url(re.compile("learning_rate=0.3"))
    before = numbers(page)
    page.reload()
    board(page).wait_for()
    expect_state(page, "paused")
    expect(board(page)).to_have_attribute("data-epoch", "7")
    assert numbers(page) == before
    loss = page.evaluate("document.querySelector('[data-view=loss] .js-plotly-plot').data[0].x")
    assert loss == list(range(8))
    step_to(page, 9)
    alone = Run(Spec(hidden=(4,), samples=100))
    alone.advance(4)
    alone.change(PARAMETER, (0, -0.5))
    alone.change("learning_rate", 0.3)
    alone.advance(5)
    assert numbers(page) == expected(alone)
    press(page, "Reset")  # the page knows the run, and goes on with it as with any other
    expect(board(page)).to_have_attribute("data-epoch", "0")


def test_a_reload_keeps_own_data(open_page):
    page = open_page("?samples=60&hidden=3")
    page.get_by_label("Add points").select_option("class 1")
    box = page.locator("[data-view=region] canvas").bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"])
    expect(page).to_have_url(re.compile("own="))
    step_to(page, 3)
    before = numbers(page)
    page.on("dialog", lambda dialog: dialog.accept())  # it asks whether to leave what is not saved
    page.reload()
    board(page).wait_for()
    expect(board(page)).to_have_attribute("data-epoch", "3")
    assert numbers(page) == before
    expect(page.get_by_role("radio", name=re.compile("points added"))).to_be_checked()


def test_another_link_in_the_same_tab_is_a_new_run(open_page):
    page = open_page("?hidden=4")
    step_to(page, 2)
    page.goto(page.url.replace("hidden=4", "hidden=5"))
    board(page).wait_for()
    expect(board(page)).to_have_attribute("data-epoch", "0")


def test_it_works_under_a_base_path(window, tmp_path):
    with serve("streamlit_app.py", tmp_path / "log", baseUrlPath="class/mlp") as address:
        window.page.goto(f"{address}class/mlp/?hidden=3")
        step_to(window.page, 2)
        window.page.goto(f"{address}class/mlp/embed?hidden=3")
        step_to(window.page, 2)
        window.leave()


def test_uvicorn_serves_it_too(window, tmp_path):
    port, log = free_port(), tmp_path / "log"
    arguments = ["streamlit_app:app", "--host", "127.0.0.1", "--port", str(port)]
    process = start([sys.executable, "-m", "uvicorn", *arguments], log)
    try:
        wait_for_server(process, port, log)
        window.page.goto(f"http://127.0.0.1:{port}/?hidden=3")
        step_to(window.page, 2)
        assert not window.complaints
        window.leave()
    finally:
        process.terminate()
        process.wait()


def test_the_bare_page_shows_the_chosen_panels_in_the_chosen_theme(open_page):
    page = open_page("embed?dataset=circles&show=region,loss&theme=dark&play=1")
    wait_for_epoch(page, 5)
    for view, is_shown in {"region": True, "loss": True, "network": False}.items():
        expect(page.locator(f"[data-view={view}]")).to_be_visible(visible=is_shown)
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", back)[:3])) < 3 * 64
    assert page.get_by_test_id("stApp").count() == 0


@pytest.fixture
def serve_folder():
    """A function that serves a folder as another site; its address."""
    servers = []

    def serve_one(folder) -> str:
        handler = partial(QuietHandler, directory=folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve_one
    for server in servers:
        server.shutdown()
        server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *what) -> None:
        """Nobody reads it."""


def test_the_iframe_that_is_copied_shows_the_same_board(open_page, tmp_path, serve_folder):
    page = open_page("?dataset=xor&hidden=3", permissions=["clipboard-read", "clipboard-write"])
    open_menu(page)
    press(page, "Embed")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    html = page.evaluate("navigator.clipboard.readText()")
    assert html.startswith("<iframe ")
    (tmp_path / "index.html").write_text(f"<!doctype html><link rel=icon href=data:,>{html}")
    page.goto(serve_folder(tmp_path))
    inside = page.frame_locator("iframe").get_by_test_id("board")
    inside.wait_for(timeout=PATIENCE)
    expect(inside.locator("[data-view=network]")).to_have_attribute("data-weights", "9")
