"""A board that sends without end, or never reads, costs the server no more than others do."""

import contextlib
import json
import socket
import threading
import time

import pytest
from starlette.applications import Starlette
from websockets.frames import Frame, Opcode

from engine import Spec
from playground import app
from playground.board import line
from playground.board.stream import Stream
from playground.server import log
from tests.playground.serving import serving

BUFFERS = 32 * 2**20  # bytes: more than the system keeps of what is on its way
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


@pytest.fixture
def open_raw():
    """A function that opens a stream's line without anything that reads or waits for it."""
    with (
        serving(Starlette(routes=app.routes(), middleware=app.middleware())) as address,
        contextlib.ExitStack() as stack,
    ):

        def open_one(stream: Stream) -> socket.socket:
            host, port = address.split(":")
            end = stack.enter_context(socket.create_connection((host, int(port))))
            asked = {
                "Host": address,
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": KEY,
            }
            headers = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
            end.sendall(f"GET {line.address_of(stream)} HTTP/1.1\r\n{headers}\r\n".encode())
            assert end.recv(12) == b"HTTP/1.1 101"
            return end

        yield open_one


def packed(message: dict) -> bytes:
    return Frame(Opcode.TEXT, json.dumps(message).encode()).serialize(mask=True)


def wait(state) -> None:
    deadline = time.monotonic() + 60
    while not state():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_a_board_sends_ahead_of_its_answers_stays_with_the_board(open_raw, monkeypatch):
    stream, answered = Stream(Spec()), threading.Event()
    monkeypatch.setattr(stream, "answer", lambda *asked: answered.wait() and b"")
    end = open_raw(stream)
    end.settimeout(2.0)  # nobody takes any more
    message = packed({"run": "x" * 30, "changes": [["x" * 60_000, 0]]})
    end.sendall(packed({}))
    sent = 0
    with contextlib.suppress(TimeoutError):
        while sent < 2 * BUFFERS:
            sent += end.send(message)
    answered.set()
    assert sent < BUFFERS


def test_a_board_that_never_reads_is_given_up(open_raw, monkeypatch):
    ends: list[str] = []
    monkeypatch.setattr(
        log, "note_visit", lambda kind, seconds, tally, end, address: ends.append(end)
    )
    monkeypatch.setattr(line, "SECONDS_TO_READ", 0.2)
    stream = Stream(Spec())
    monkeypatch.setattr(stream, "answer", lambda *asked: bytes(BUFFERS))
    end = open_raw(stream)
    wait(lambda: line._open)
    for _ in range(2):  # the first fills all buffers, the second finds no place
        end.sendall(packed({"run": stream.run_id, "frames": 1}))
    wait(lambda: ends)
    assert ends == ["unread"]
    assert stream.contact.deserted_for > 0
    assert not line._open
