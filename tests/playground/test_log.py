"""The line of a visit, from a server that was told to write it."""

import json
import logging
from pathlib import Path

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from engine import Spec
from playground import app
from playground.board import line
from playground.board.stream import Stream
from playground.server import log
from playground.server.config import Config
from tests.playground.serving import serving
from tests.playground.test_stream import unpack

ROOT = Path(__file__).parents[2]


@pytest.fixture
def lines(monkeypatch):
    """What is written, line by line."""
    written: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(record.getMessage())
    monkeypatch.setattr(logging.getLogger(log.__name__), "handlers", [handler])
    return written


def visit(talk, stream: Stream | None = None) -> str:
    """Have a board talk to a server that ends thereafter; its host."""
    with serving(Starlette(routes=app.routes(), middleware=app.middleware())) as address:
        path = line.PATH if stream is None else line.address_of(stream)
        with connect(f"ws://{address}{path}", max_size=2**24) as socket:
            run = unpack(socket.recv(timeout=30))["run"]
            talk(socket, run)
    return address.split(":")[0]


def play(socket, run: str) -> None:
    socket.send(json.dumps({"run": run, "frames": 4}))
    socket.recv(timeout=30)
    socket.send(json.dumps({"run": run, "reset": True}))
    socket.recv(timeout=30)


def nothing(socket, run: str) -> None:
    pass


def wrong(socket, run: str) -> None:
    socket.send("not JSON")
    with pytest.raises(ConnectionClosed):
        socket.recv(timeout=30)


def test_nothing_is_written_unless_it_is_asked_for(lines):
    visit(play)
    assert lines == []


@pytest.mark.parametrize("with_page", [True, False])
def test_a_visit_is_one_line_without_who_it_was(lines, monkeypatch, with_page):
    monkeypatch.setattr(log, "config", lambda: Config(log_visits=True))
    stream = Stream(Spec()) if with_page else None
    host = visit(play, stream)
    (text,) = lines
    found = json.loads(text)
    assert found.pop("seconds") >= 0
    assert found.pop("time").endswith("+00:00")
    kind = "page" if with_page else "board"
    assert found == {"visit": kind, "frames": 4, "runs": 2, "lessons": 0, "end": "left"}
    assert host not in text
    assert stream is None or stream.token not in text


def test_the_address_is_in_it_if_that_is_asked_for(lines, monkeypatch):
    monkeypatch.setattr(log, "config", lambda: Config(log_visits=True, log_addresses=True))
    host = visit(nothing)
    assert json.loads(lines[0])["address"] == host


def test_a_visit_says_how_it_ended(lines, monkeypatch):
    monkeypatch.setattr(log, "config", lambda: Config(log_visits=True))
    visit(wrong)
    monkeypatch.setattr(line, "read_json", lambda text: 1 / 0)
    visit(wrong)
    assert [json.loads(text)["end"] for text in lines] == ["refused", "failed"]


def test_a_board_that_comes_back_has_a_line_for_what_it_did_since(lines, monkeypatch):
    monkeypatch.setattr(log, "config", lambda: Config(log_visits=True))
    stream = Stream(Spec())
    visit(play, stream)
    visit(nothing, stream)
    assert [json.loads(text)["frames"] for text in lines] == [4, 0]


def test_uvicorn_writes_no_address_of_a_websocket(caplog, monkeypatch):
    """It would: under `uvicorn streamlit_app:app` each line that is opened is in its log."""
    logger = logging.getLogger("uvicorn.error")
    monkeypatch.setattr(logger, "filters", [])
    caplog.set_level(logging.INFO, "uvicorn.error")
    logger.info('%s - "WebSocket %s" [accepted]', "127.0.0.1:5", "/live/secret")
    assert "secret" in caplog.text
    caplog.clear()
    log.leave_out_tokens("/save/")
    logger.info('%s - "WebSocket %s" [accepted]', "127.0.0.1:5", "/live/secret")
    logger.info("Application startup complete.")
    assert caplog.messages == ["Application startup complete."]


def test_an_access_line_of_a_saved_file_is_left_out(caplog, monkeypatch):
    logger = logging.getLogger("uvicorn.access")
    for name in ("uvicorn.access", "uvicorn.error"):
        monkeypatch.setattr(logging.getLogger(name), "filters", [])
    caplog.set_level(logging.INFO, "uvicorn.access")
    log.leave_out_tokens("/save/")
    for path in ("/save/secret/mlp.py", "/ready"):
        logger.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:5", "GET", path, "1.1", 200)
    assert "secret" not in caplog.text
    assert "/ready" in caplog.text


def test_the_lessons_of_a_page_are_counted():
    app = AppTest.from_file(str(ROOT / "playground" / "main.py"), default_timeout=30)
    app.query_params["lesson"] = "line"
    app.run()
    tally = app.session_state["visit"].stream.tally
    assert tally.lessons == 1
    assert tally.runs == 1
