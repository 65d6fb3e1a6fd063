"""The settings of HAProxy as they are, in a real one; behind it are stand-ins for the replicas."""

import http.client
import json
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from hosting import haproxy
from hosting.replicas import free_port
from tests.playground.serving import serving

PATIENCE = 30.0  # seconds


class StandIn:
    """Answers as a replica: who it is, and what it was asked."""

    def __init__(self, name: str) -> None:
        self.name, self.is_ready, self.status = name, True, 200
        self.stack = ExitStack()
        routes = [
            Route("/health", lambda request: PlainTextResponse("alive")),
            Route("/ready", self.ready),
            WebSocketRoute("/live", self.live),
            WebSocketRoute("/room", self.live),
            Route("/{path:path}", self.answer, methods=["GET", "POST"]),
        ]
        self.host = self.stack.enter_context(serving(Starlette(routes=routes)))

    def ready(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse("", 200 if self.is_ready else 503)

    def answer(self, request: Request) -> JSONResponse:
        said = {"name": self.name, "headers": dict(request.headers)}
        return JSONResponse(said, self.status)

    async def live(self, socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(self.name)
        await socket.receive()

    def die(self) -> None:
        self.stack.close()


class Balanced:
    """Three stand-ins behind HAProxy."""

    def __init__(self, host: str, replicas: list[StandIn], log: Path) -> None:
        self.host, self.replicas, self.log = host, replicas, log

    def get(
        self, path: str = "/", method: str = "GET", body: bytes = b"", **cookies: str
    ) -> "Answer":
        return self.ask(path, {}, method, body, **cookies)

    def ask(
        self, path: str, headers: dict[str, str], method: str = "GET", body: bytes = b"", **cookies
    ) -> "Answer":
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        connection.request(method, path, body or None, {"Cookie": cookie, **headers})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.text = response.status, response.read().decode()
        self.place = response.headers.get("Location")
        self.cookies = SimpleCookie()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)

    @property
    def name(self) -> str:
        return json.loads(self.text)["name"]

    @property
    def heard(self) -> dict[str, str]:
        return json.loads(self.text)["headers"]


def wait_until(holds: Callable[[], bool]) -> None:
    """Ask again until it holds: HAProxy looks once a second."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline


@contextmanager
def balancing(count: int, **settings: str) -> Iterator[Balanced]:
    """So many stand-ins behind HAProxy. settings: more of its environment."""
    with ExitStack() as stack:
        replicas = [StandIn(f"r{number}") for number in range(1, count + 1)]
        for replica in replicas:
            stack.callback(replica.die)
        host = f"127.0.0.1:{free_port()}"
        addresses = {f"REPLICA_{n}": each.host for n, each in enumerate(replicas, 1)}
        environment = {"ADDRESS": host, **addresses, **settings}
        log = stack.enter_context(NamedTemporaryFile())
        process = haproxy.start(environment, log.fileno())
        stack.callback(process.wait)
        stack.callback(process.kill)
        wait_until(lambda: is_open(host) or process.poll() is not None)
        yield Balanced(host, replicas, Path(log.name))


def is_open(host: str) -> bool:
    address, port = host.split(":")
    with socket.socket() as asking:
        return asking.connect_ex((address, int(port))) == 0


@pytest.fixture
def balanced():
    with balancing(3) as found:
        yield found


def test_new_visitors_take_turns_and_then_stay(balanced):
    arrived = [balanced.get() for _ in range(6)]
    assert {answer.name for answer in arrived} == {"r1", "r2", "r3"}
    for answer in arrived:
        cookie = answer.cookies["replica"]
        assert cookie.value == answer.name
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert balanced.get("/any", replica=cookie.value).name == answer.name
        for path in ("/live", "/room"):
            headers = {"Cookie": f"replica={cookie.value}"}
            with connect(f"ws://{balanced.host}{path}", additional_headers=headers) as line:
                assert line.recv(timeout=PATIENCE) == answer.name


def test_a_replica_that_is_full_keeps_its_visitors_and_gets_no_others(balanced):
    full = balanced.replicas[1]
    full.is_ready = False
    wait_until(lambda: {balanced.get().name for _ in range(6)} == {"r1", "r3"})
    assert balanced.get(replica="r2").name == "r2"
    full.is_ready = True
    wait_until(lambda: {balanced.get().name for _ in range(6)} == {"r1", "r2", "r3"})


def test_who_is_turned_away_by_one_is_let_in_by_another_in_the_same_moment(balanced):
    """Before HAProxy has asked whether it is ready."""
    balanced.replicas[0].status = 503
    for number in range(6):
        answer = balanced.get(replica="r1", mlp_visitor=f"visitor-{number}")
        assert answer.status == 200
        assert answer.cookies["replica"].value == answer.name != "r1"


def test_when_all_are_full_one_of_them_says_so_and_next_time_another_one_may_have_room(balanced):
    for replica in balanced.replicas:
        replica.is_ready, replica.status = False, 503
    wait_until(lambda: balanced.get().status == 503)
    answer = balanced.get()
    assert answer.name in {"r1", "r2", "r3"}
    assert answer.cookies["replica"].value == ""
    assert answer.cookies["replica"]["max-age"] == "0"


def test_all_that_belongs_to_a_visit_finds_the_same_new_replica(balanced):
    """The replica is dead, and all of it asks at once; some of it later, when that is known."""
    balanced.replicas[0].die()
    visitors = [f"visitor-{number}" for number in range(30)]

    def now_at(visitor: str) -> str:
        return balanced.get(replica="r1", mlp_visitor=visitor).name

    with ThreadPoolExecutor(10) as pool:
        first, second = list(pool.map(now_at, visitors)), list(pool.map(now_at, visitors))
    assert set(first) == {"r2", "r3"}  # not all of them at one
    assert second == first
    wait_until(lambda: "visiting/r1 is DOWN" in balanced.log.read_text())
    assert list(map(now_at, visitors)) == first


@pytest.mark.parametrize(
    ("path", "cookies"),
    [
        ("/live", "replica=r1; mlp_visitor=somebody"),
        ("/room", "replica=r1; mlp_visitor=somebody"),
        ("/room", "replica=r1"),  # the bare page of a class gives no word
    ],
)
def test_a_line_of_a_dead_replica_is_opened_at_another_one(balanced, path, cookies):
    balanced.replicas[0].die()
    headers = {"Cookie": cookies}
    with connect(f"ws://{balanced.host}{path}", additional_headers=headers) as line:
        name = line.recv(timeout=PATIENCE)
        assert name in ("r2", "r3")
        assert f"replica={name}" in line.response.headers["Set-Cookie"]


def test_without_any_replica_there_is_a_plain_page_that_tries_again(balanced):
    for replica in balanced.replicas:
        replica.die()
    answer = balanced.get()
    assert answer.status == 503
    assert "This page tries again by itself." in answer.text


def test_a_board_embedded_elsewhere_has_no_cookie_and_is_answered(balanced):
    with connect(f"ws://{balanced.host}/live?hidden=4") as line:
        assert line.recv(timeout=PATIENCE) in {"r1", "r2", "r3"}


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/metrics/",
        "//metrics",
        "/%6detrics",
        "/METRICS",
        "/_stcore/metrics",
        "/metrics?a=1",
    ],
)
def test_the_metrics_are_not_shown_outside(balanced, path):
    assert balanced.get(path).status == 404


def test_what_the_browser_has_asked_is_passed_on_and_not_what_it_says_of_others(balanced):
    said = {
        "Host": "school.example",
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "for=203.0.113.7",
    }
    heard = balanced.ask("/", said).heard
    assert heard["host"] == heard["x-forwarded-host"] == "school.example"
    assert heard["x-forwarded-for"] == "127.0.0.1"
    assert heard["x-forwarded-proto"] == "http"
    assert "forwarded" not in heard


def test_a_body_that_is_too_large_is_refused(balanced):
    with socket.create_connection(balanced.host.split(":"), timeout=PATIENCE) as line:
        line.sendall(b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 16777217\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_something_that_was_sent_is_not_sent_again(balanced):
    """A file that one replica may have taken already."""
    balanced.replicas[0].status = 503
    assert balanced.get("/upload", "POST", b"a file", replica="r1").name == "r1"


def test_with_a_certificate_everybody_is_sent_to_https(tmp_path):
    key, certificate, both = (tmp_path / name for name in ("key", "certificate", "both"))
    command = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=school.example"
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    both.write_text(certificate.read_text() + key.read_text())
    secure = f"127.0.0.1:{free_port()}"
    with balancing(1, CERTIFICATE=str(both), ADDRESS_TLS=secure) as balanced:
        sent = balanced.get("/embed?hidden=4")
        assert (sent.status, sent.place) == (308, f"https://{balanced.host}/embed?hidden=4")
        context = ssl.create_default_context(cafile=certificate)
        context.check_hostname = False
        connection = http.client.HTTPSConnection(secure, timeout=PATIENCE, context=context)
        connection.request("GET", "/")
        answer = Answer(connection.getresponse())
        connection.close()
        assert answer.heard["x-forwarded-proto"] == "https"
        assert answer.cookies["replica"]["secure"]


def test_the_settings_hold_for_eight_replicas_and_for_names_that_are_looked_up():
    """As compose.yaml has them."""
    environment = {
        "ADDRESS": ":80",
        "NAMESERVER": "127.0.0.11:53",
        **{f"REPLICA_{number}": f"127.0.0.1:{8600 + number}" for number in range(1, 9)},
    }
    command = [haproxy.find(), "-c", "-f", haproxy.SETTINGS]
    checked = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "Warnings" not in checked.stdout
