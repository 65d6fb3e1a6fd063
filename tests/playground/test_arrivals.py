"""Who is let in, over a server that answers as Streamlit does; and how a real one goes."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import SHUT_RDWR, create_connection

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from playground import arrivals
from playground.arrivals import FULL, SERVICE_RESTART, Arrivals
from playground.board import embed, line
from playground.server.census import Census
from tests.browser.conftest import free_port, launch, start, wait_for_server
from tests.playground.serving import fetch, serving
from tests.playground.test_line import ask, close_code, hear

SECONDS_TO_END = 10.0
GOING_AWAY = 1001  # how a browser closes a socket with its page


async def page(request: Request) -> PlainTextResponse:
    return PlainTextResponse("the page")


async def stream(socket: WebSocket) -> None:
    """Streamlit's socket, as far as it matters here: it is open until the browser closes it."""
    await socket.accept()
    await socket.send_text("welcome")
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


@pytest.fixture
def there(monkeypatch) -> Census:
    """The census of the server: two places."""
    census = Census(2)
    monkeypatch.setattr(arrivals, "census", lambda: census)
    return census


@pytest.fixture
def site(there) -> Iterator[str]:
    """Host and port of a server with room for two."""
    own = [Route("/", page), WebSocketRoute("/_stcore/stream", stream)]
    routes = [*own, *line.routes(), *embed.routes(), *arrivals.routes()]
    with serving(Starlette(routes=routes, middleware=[Middleware(Arrivals)])) as address:
        yield address


class Visitor:
    """A browser: it keeps its cookie."""

    def __init__(self, site: str) -> None:
        self.site, self.headers = site, dict[str, str]()

    def ask(self, path: str = "/") -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of what is at a path."""
        try:
            answer = fetch(f"http://{self.site}{path}", **self.headers)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            if cookie := answer.headers["Set-Cookie"]:
                self.headers["Cookie"] = cookie.split(";")[0]
            return answer.status, answer.read().decode(), dict(answer.headers)

    @contextmanager
    def open_socket(self, path: str = "/_stcore/stream") -> Iterator[ClientConnection]:
        """A socket on which something has come; it is closed as a browser does."""
        with connect(f"ws://{self.site}{path}", additional_headers=self.headers) as socket:
            socket.recv()
            yield socket
            socket.close(GOING_AWAY)

    def code_of(self, path: str) -> int:
        """With which code a socket is closed, on which nothing comes."""
        with pytest.raises(ConnectionClosed) as closed, self.open_socket(path):
            pass
        return closed.value.rcvd.code


def wait_until(is_so) -> None:
    """Wait for what the server does after an answer has left it."""
    for _ in range(6_000):
        if is_so():
            return
        time.sleep(0.01)
    pytest.fail("it did not come to be")


def test_whoever_finds_it_full_gets_a_plain_page_at_once(site):
    for _ in range(2):
        assert Visitor(site).ask()[:2] == (200, "the page")
    status, text, headers = Visitor(site).ask("/?dataset=xor")
    assert status == 503
    assert headers["retry-after"].isdigit()
    assert headers["cache-control"] == "no-store"
    assert "<title>This playground is full</title>" in text
    assert "2 people are in it" in text
    assert '<a class="again" href="">Try again</a>' in text  # the same address, the query kept
    assert "<script" not in text
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", text) == ["data:,", ""]


def test_there_is_room_again_when_a_visitor_leaves(site, there):
    visitors = [Visitor(site) for _ in range(2)]
    for visitor in visitors:
        visitor.ask()
    with visitors[0].open_socket():
        with visitors[1].open_socket():
            assert there.taken == 2
            assert Visitor(site).ask()[0] == 503
        wait_until(lambda: there.taken == 1)
        assert Visitor(site).ask()[0] == 200


def test_a_reload_of_a_full_playground_is_answered(site, there):
    visitor, other = Visitor(site), Visitor(site)
    visitor.ask()
    other.ask()
    with other.open_socket():
        with visitor.open_socket():
            assert visitor.ask()[0] == 200
        assert Visitor(site).ask()[0] == 503
        with visitor.open_socket():
            assert there.taken == 2


def test_a_program_that_skips_the_page_is_not_let_in_when_it_is_full(site):
    with Visitor(site).open_socket(), Visitor(site).open_socket():
        with pytest.raises(InvalidStatus) as refused, Visitor(site).open_socket():
            pass
        assert refused.value.response.status_code == 403


def test_a_browser_without_cookies_takes_one_place(site, there):
    Visitor(site).ask()
    with Visitor(site).open_socket():
        assert there.taken == 1


def test_the_socket_of_a_line_that_broke_has_its_place_kept(site, there):
    visitor, other = Visitor(site), Visitor(site)
    visitor.ask()
    other.ask()
    with other.open_socket():
        with visitor.open_socket() as socket:
            socket.socket.shutdown(SHUT_RDWR)  # no word of farewell
        assert Visitor(site).ask()[0] == 503
        with visitor.open_socket():
            assert there.taken == 2


def test_a_word_that_the_server_did_not_give_is_none(site, there):
    stranger = Visitor(site)
    stranger.headers["Cookie"] = f"{arrivals.COOKIE}={'x' * 1_000}"
    with stranger.open_socket():
        assert there.taken == 1
    assert "set-cookie" in {name.lower() for name in stranger.ask()[2]}


def test_a_board_alone_is_told_that_it_is_full_and_let_in_later(site, there):
    with Visitor(site).open_socket("/live?hidden=3"):
        with Visitor(site).open_socket("/live?hidden=3"):
            assert Visitor(site).ask("/embed?hidden=3")[0] == 200  # it waits by itself
            assert Visitor(site).code_of("/live?hidden=3") == FULL
        wait_until(lambda: there.taken == 1)
        with Visitor(site).open_socket("/live?hidden=3"):
            assert there.taken == 2


def test_the_board_of_a_page_is_not_counted_besides_it(site, there):
    """It has a token; one that the server does not know is said to be so, whoever is here."""
    with Visitor(site).open_socket(), Visitor(site).open_socket():
        assert Visitor(site).code_of("/live/unknown") == line.UNKNOWN_TOKEN
        assert there.taken == 2


def test_a_balancer_is_told_whether_it_is_ready(site):
    assert Visitor(site).ask("/ready")[:2] == (200, "ready")
    with Visitor(site).open_socket(), Visitor(site).open_socket():
        assert Visitor(site).ask("/ready")[:2] == (503, "full: 2 of 2 visitors")
        assert Visitor(site).ask("/health")[:2] == (200, "alive")


def test_nobody_new_is_let_in_while_the_server_is_going(site, monkeypatch):
    monkeypatch.setattr(arrivals, "is_leaving", lambda: True)
    for path in ("/", "/embed"):
        status, text, _ = Visitor(site).ask(path)
        assert status == 503
        assert "<h1>This server is being replaced</h1>" in text
    assert Visitor(site).ask("/ready")[:2] == (503, "going away")
    assert Visitor(site).ask("/health")[0] == 200
    assert Visitor(site).code_of("/live?hidden=3") == SERVICE_RESTART
    with pytest.raises(InvalidStatus), Visitor(site).open_socket():
        pass


def test_a_base_path_is_in_front_of_all_of_it(monkeypatch, there):
    monkeypatch.setattr(line.st, "get_option", lambda name: "class/mlp")
    own = [Route("/class/mlp/", page), WebSocketRoute("/class/mlp/_stcore/stream", stream)]
    app = Starlette(routes=[*own, *arrivals.routes()], middleware=[Middleware(Arrivals)])
    with serving(app) as site:
        visitor = Visitor(site)
        assert "Path=/class/mlp;" in visitor.ask("/class/mlp/")[2]["set-cookie"]
        with visitor.open_socket("/class/mlp/_stcore/stream"):
            assert there.taken == 1
        assert visitor.ask("/class/mlp/ready")[0] == 200
        assert visitor.ask("/class/mlp/health")[0] == 200


def test_on_sigterm_boards_are_told_and_the_process_ends(tmp_path, monkeypatch):
    """Nobody new, then the boards hear that they are to go elsewhere."""
    monkeypatch.setenv("MLP_SECONDS_TO_LEAVE", "3")
    port, log = free_port(), tmp_path / "log"
    process = launch("streamlit_app.py", port, log)
    try:
        wait_for_server(process, port, log)
        visitor = Visitor(f"127.0.0.1:{port}")
        assert visitor.ask("/ready")[:2] == (200, "ready")
        with connect(f"ws://127.0.0.1:{port}/live?hidden=3") as board:
            run = hear(board)["run"]
            process.send_signal(signal.SIGTERM)
            wait_until(lambda: visitor.ask("/ready")[:2] == (503, "going away"))
            assert visitor.ask()[0] == 503
            assert ask(board, id=1, run=run, frames=3)["frames"]  # it plays as long as it is there
            assert close_code(board) == SERVICE_RESTART
        process.wait(SECONDS_TO_END)
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in log.read_text()


BUSY = """
import time
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from engine import Spec
from playground import leaving
from playground.experiments.job import Job
from playground.experiments.plan import Experiment

leaving.SECONDS_TO_END = 3.0

@asynccontextmanager
async def lifespan(app):
    job = Job(Experiment(Spec(hidden=(16,) * 6, samples=2_000), 5_000, 100))
    with leaving.leaving_in_order():
        yield {"job": job}

def processes(request):
    import multiprocessing
    return PlainTextResponse(" ".join(str(p.pid) for p in multiprocessing.active_children()))

def never(request):
    time.sleep(3_600)

app = Starlette(lifespan=lifespan, routes=[Route("/", processes), Route("/never", never)])
"""


def test_the_process_ends_whatever_is_under_way(tmp_path):
    """An experiment in processes of its own, and an answer that would take an hour."""
    (tmp_path / "busy.py").write_text(BUSY)
    port, log = free_port(), tmp_path / "log"
    arguments = ["busy:app", "--app-dir", str(tmp_path), "--port", str(port)]
    process = start([sys.executable, "-m", "uvicorn", *arguments], log)
    try:
        wait_until(lambda: "startup complete" in log.read_text())
        visitor, found = Visitor(f"127.0.0.1:{port}"), list[str]()
        wait_until(lambda: found.extend(visitor.ask()[1].split()) or found)
        with create_connection(("127.0.0.1", port)) as asking:
            asking.sendall(b"GET /never HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            visitor.ask()  # after it
            process.send_signal(signal.SIGTERM)
            process.wait(SECONDS_TO_END)
        wait_until(lambda: not any(map(is_running, found)))
    finally:
        process.kill()
        process.wait()


def is_running(process: str) -> bool:
    """Whether a process runs; one that has ended and is not asked after yet does not."""
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def test_a_variable_that_cant_be_used_stops_the_start_with_a_message(tmp_path):
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = ["--server.headless=true", f"--server.port={free_port()}"]
    stopped = subprocess.run(
        [*command, *options],
        env={**os.environ, "MLP_VISITORS": "none"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert stopped.returncode != 0
    assert "MLP_VISITORS must be a whole number from 1 to 100,000, got 'none'" in stopped.stderr
    assert "Traceback" not in stopped.stderr
