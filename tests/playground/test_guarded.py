"""The real app, asked for what it must not give: no file, no traceback, no secret."""

import contextlib
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from playground.board import assets
from playground.export import panel
from playground.own_data.table import UPLOAD_MEGABYTES
from tests.browser.conftest import free_port, serve, start, wait_for_server

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
TOLD_TO_NOBODY = "told-to-nobody-4f1c"
INSIDE = [b"streamlit~=", b"root:", b"[browser]", b"st.App(", b"Traceback", b'File "']
UP = ["..", "%2e%2e", "%2E%2e", "..%2f..", "..%5c..", "%252e%252e"]
BOARD = f"/board/{assets.address('x').split('/')[-2]}"
PLACES = [
    BOARD,
    "/pictures/x",
    "/static",
    "/static/js",
    "/media",
    "/component/board",
    "/app/static",
    "/_stcore/bidi-components/board",
    "",
]
ODD = [
    "//etc/passwd",
    "///etc/passwd",
    "/%2fetc/passwd",
    f"{BOARD}//etc/passwd",
    f"{BOARD}/%00",
    f"{BOARD}/board.js%00.png",
    f"{BOARD}/%ff%fe",
    f"{BOARD}/C:%5cWindows",
    "/static/%00",
    "/media//etc/passwd",
    "/requirements.txt",
    "/streamlit_app.py",
    "/.streamlit/config.toml",
    "/embed?theme=%00%ff",
    "/embed?show=" + "x" * 5_000,
]


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def port(log) -> int:
    """Of the app as `streamlit run` starts it. Its log may hold no traceback."""
    with serve("streamlit_app.py", log) as address:
        yield int(address.rstrip("/").rsplit(":", 1)[1])


def ask(port: int, target: str) -> tuple[int, bytes]:
    """Status and body; the target is sent as it is."""
    with socket.create_connection(("127.0.0.1", port)) as end:
        end.sendall(
            f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: end.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


@pytest.mark.parametrize("place", PLACES)
def test_no_way_up_leads_to_a_file_of_the_server(port, place):
    for up in UP:
        for file in ("requirements.txt", "etc/passwd", ".streamlit/config.toml"):
            for steps in range(1, 8):
                status, body = ask(port, place + f"/{up}" * steps + f"/{file}")
                assert status < 500
                assert not [mark for mark in INSIDE if mark in body]


@pytest.mark.parametrize("target", ODD)
def test_odd_addresses_are_answered_without_a_file_or_a_traceback(port, target):
    status, body = ask(port, target)
    assert status < 500
    assert not [mark for mark in INSIDE if mark in body]


def test_a_file_of_the_board_is_there(port):
    """Else the tests above would hold of a server that has nothing."""
    status, body = ask(port, f"{BOARD}/board.js")
    assert (status, b"export" in body) == (200, True)


@pytest.mark.parametrize("target", ["/?noise=", "/embed?noise=", f"{BOARD}/"])
def test_a_link_that_is_too_long_is_refused_in_plain_words(port, target):
    assert ask(port, target + "9" * 7_000)[0] != 414
    status, body = ask(port, target + "9" * 100_000)
    assert (status, body) == (414, b"The link is too long: it may have 8,000 letters.")


def test_streamlits_socket_is_for_pages_of_this_server(port):
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    for origin in ("http://elsewhere.example", "null", "http://localhost"):
        with pytest.raises(InvalidStatus) as refused, connect(address, origin=origin):
            pass
        assert refused.value.response.status_code == 403
    with connect(address, origin=f"http://127.0.0.1:{port}") as opened:
        opened.ping().wait(30)


@pytest.mark.parametrize("path", ["/live", "/_stcore/stream"])
def test_a_message_larger_than_any_is_not_taken(port, path):
    largest = SETTINGS["server"]["maxMessageSize"] * 1_000_000
    with connect(f"ws://127.0.0.1:{port}{path}", max_size=2**24) as opened:
        with contextlib.suppress(ConnectionClosed):  # it may be refused before all is sent
            opened.send(b"x" * (largest + 1))
            list(opened)
        with pytest.raises(ConnectionClosed):
            opened.ping()


def test_the_largest_file_that_is_taken_is_the_largest_that_is_asked_for():
    assert SETTINGS["server"]["maxUploadSize"] == max(panel.MOST_MEGABYTES, UPLOAD_MEGABYTES)


def test_people_get_no_traceback_from_streamlit():
    assert SETTINGS["client"]["showErrorDetails"] == "none"


@contextlib.contextmanager
def under_uvicorn(log: Path):
    """The app under uvicorn itself, which writes down who asks for what."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "streamlit_app:app", "--port", str(port)]
    process: subprocess.Popen = start(command, log)
    try:
        wait_for_server(process, port, log)
        yield port
    finally:
        process.terminate()
        process.wait()


def test_no_token_is_in_the_log(port, log, tmp_path):
    def knock(port: int) -> None:
        address = f"ws://127.0.0.1:{port}/live/{TOLD_TO_NOBODY}"
        with connect(address) as opened, pytest.raises(ConnectionClosed):
            opened.recv(timeout=30)

    knock(port)
    assert TOLD_TO_NOBODY not in log.read_text()
    other = tmp_path / "log"
    with under_uvicorn(other) as another:
        knock(another)
    text = other.read_text()
    assert "GET /_stcore/health" in text
    assert TOLD_TO_NOBODY not in text
