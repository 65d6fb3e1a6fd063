"""What every answer says to a browser, and which pages may open a WebSocket."""

from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from playground import app, pictures, protection
from playground.board import assets
from playground.protection import INLINE_SCRIPT, POLICY
from playground.server.config import Config
from tests.playground.serving import fetch, serving


@pytest.fixture(scope="module")
def server():
    """Our routes, and in Streamlit's place a page."""

    async def page(request) -> HTMLResponse:
        return HTMLResponse("the page", headers={"X-Content-Type-Options": "nosniff"})

    routes = [*app.routes(), Route("/", page)]
    with serving(Starlette(routes=routes, middleware=app.middleware())) as address:
        yield address


def policy(server: str, path: str) -> dict[str, str]:
    """The directives of an answer's policy."""
    (said,) = fetch(f"http://{server}{path}").headers.get_all(POLICY)
    return dict(part.split(" ", 1) for part in said.split("; "))


def our_paths() -> list[str]:
    return [
        "/embed",
        assets.address("board.js"),
        pictures.dataset_address("moons"),
        "/metrics",
    ]


@pytest.mark.parametrize("path", ["/", *our_paths()])
def test_no_answer_lets_a_browser_load_from_elsewhere(server, path):
    directives = policy(server, path)
    assert directives["default-src"] == "'none'"
    assert "unsafe-eval" not in str(directives)
    sources = " ".join(directives.values()).split()
    assert {source for source in sources if not source.startswith("'sha256-")} <= {
        "'none'",
        "'self'",
        "'unsafe-inline'",
        "data:",
        "blob:",
        f"ws://{server}",
        f"wss://{server}",
    }
    assert "'unsafe-inline'" not in directives["script-src"]


def test_the_websockets_of_the_host_that_was_asked_for_are_named():
    """To Safari before 16, `'self'` is no WebSocket."""
    behind_a_proxy = ["10.0.0.7:8501", "mlp.example"]
    said = protection.policy("/", behind_a_proxy)
    assert (
        "connect-src 'self' ws://10.0.0.7:8501 wss://10.0.0.7:8501 ws://mlp.example wss://mlp.example"
        in said.split("; ")
    )
    odd = protection.policy("/", ["mlp.example; script-src *", "[::1]:8501", "a b", ""])
    assert "connect-src 'self'" in odd.split("; ")


@pytest.mark.parametrize("path", ["/", *our_paths()])
def test_every_answer_has_each_header_once(server, path):
    headers = fetch(f"http://{server}{path}").headers
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert headers.get_all("Referrer-Policy") == ["same-origin"]
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", our_paths())
def test_a_script_of_ours_is_a_file_of_this_server(server, path):
    assert policy(server, path)["script-src"] == "'self'"


def test_a_file_that_is_kept_says_the_host_that_is_asked_for(server):
    """What is compressed once goes to people who call the server by other names."""
    for name in ("one.example", "two.example"):
        asked = {"Accept-Encoding": "gzip", "X-Forwarded-Host": name}
        answer = fetch(f"http://{server}{assets.address('board.js')}", **asked)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers[POLICY].count(".example") == 2
        assert f"wss://{name}" in answer.headers[POLICY]


def test_the_one_script_in_streamlits_page_is_known_by_its_hash(server):
    page = (Path(st.__file__).parent / "static" / "index.html").read_bytes()
    assert len(INLINE_SCRIPT.findall(page)) == page.count(b"<script>")
    hashes = [part for part in policy(server, "/")["script-src"].split() if "sha256" in part]
    assert len(hashes) == page.count(b"<script>")


def test_only_the_board_alone_may_be_in_a_frame_anywhere(server, monkeypatch):
    assert "frame-ancestors" not in policy(server, "/embed")
    assert policy(server, "/embed?dataset=xor").keys() == policy(server, "/embed").keys()
    assert policy(server, "/")["frame-ancestors"] == "'self'"
    framed = Config(framed_by="https://school.example https://*.uni.example")
    monkeypatch.setattr(protection, "config", lambda: framed)
    assert policy(server, "/")["frame-ancestors"] == (
        "'self' https://school.example https://*.uni.example"
    )
    assert "frame-ancestors" not in policy(server, "/embed")


def test_below_a_base_path_the_board_alone_is_where_it_is(monkeypatch):
    monkeypatch.setattr(protection, "base_path", lambda: "/mlp")
    assert "frame-ancestors" not in protection.policy("/mlp/embed")
    assert "frame-ancestors" in protection.policy("/embed")


@pytest.mark.parametrize(
    "origin", ["http://elsewhere.example", "null", "http://127.0.0.1", "http://["]
)
def test_a_page_of_another_server_opens_no_line(server, origin):
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://{server}/live", origin=origin):
        pass
    assert refused.value.response.status_code == 403
    with connect(f"ws://{server}/live", origin=f"http://{server}") as line:
        assert line.recv()
