"""The board's line on a real server, spoken to by a program: no browser, no Streamlit."""

import contextlib
import gc
import json
import math
import time
import urllib.error
from dataclasses import replace

import numpy as np
import pytest
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from engine import Run, Spec
from engine.moments import replay
from playground import app
from playground.board import assets, embed, line
from playground.board.description import Question
from playground.board.pinned import Pin
from playground.board.stream import Stream
from playground.board.value import described
from playground.own_data import edit
from tests.playground.serving import fetch, serving
from tests.playground.test_stream import unpack


@pytest.fixture(scope="module")
def server():
    """Our routes alone; host and port."""
    routes = [*line.routes(), *assets.routes(), *embed.routes()]
    with serving(Starlette(routes=routes, middleware=app.middleware())) as address:
        yield address


@pytest.fixture
def open_line(server):
    """A function that opens a line: open_line(stream) or open_line(query="noise=0.1")."""
    held = []  # a line finds only what somebody holds
    with contextlib.ExitStack() as stack:

        def open_one(stream: Stream | None = None, query: str = "", **options) -> ClientConnection:
            held.append(stream)
            path = line.PATH if stream is None else line.address_of(stream)
            address = f"ws://{server}{path}?{query}"
            return stack.enter_context(connect(address, max_size=2**24, **options))

        yield open_one


def hear(socket: ClientConnection) -> dict:
    """The next packed message; notes before it are passed over."""
    while isinstance(message := socket.recv(timeout=30), str):
        pass
    return unpack(message)


def ask(socket: ClientConnection, **request) -> dict:
    socket.send(json.dumps(request))
    return hear(socket)


def close_code(socket: ClientConnection) -> int:
    """The code that the other end closes with, whatever it has sent before."""
    try:
        while True:
            socket.recv(timeout=30)
    except ConnectionClosed as closed:
        return closed.rcvd.code


def bring(socket: ClientConnection, value: dict | str) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    for start in range(0, len(text), 40_000):
        socket.send(text[start : start + 40_000].encode())
    socket.send(b"")


def test_a_line_begins_with_the_start_and_answers_with_frames(open_line):
    stream, alone = Stream(Spec()), Run(Spec())
    socket = open_line(stream)
    start = hear(socket)
    assert start["start"]
    assert start["run"] == stream.run_id
    answer = ask(socket, id=7, run=start["run"], frames=3)
    assert answer["answers"] == 7
    for frame in answer["frames"]:
        alone.advance()
        assert frame["losses"] == [alone.latest.train_loss, alone.latest.test_loss]


def test_a_line_without_a_page_is_of_the_spec_of_a_link(open_line):
    start = hear(open_line(query="dataset=circles&hidden=3&noise=loud"))
    assert start["layer_sizes"] == [2, 3, 1]
    assert start["value"]["settings"]["dataset"] == "circles"


def test_a_run_that_the_page_begins_is_told_at_once(open_line):
    stream = Stream(Spec())
    socket = open_line(stream)
    hear(socket)
    stream.restart(Spec(hidden=(3,)))
    assert hear(socket)["layer_sizes"] == [2, 3, 1]


def test_an_unknown_token_has_a_close_code_of_its_own(server):
    with connect(f"ws://{server}{line.PATH}/nobody") as socket:
        assert close_code(socket) == line.UNKNOWN_TOKEN


def test_a_visit_that_is_over_is_unknown(server):
    stream = Stream(Spec())
    address = f"ws://{server}{line.address_of(stream)}"
    del stream
    gc.collect()
    with connect(address) as socket:
        assert close_code(socket) == line.UNKNOWN_TOKEN


def test_a_board_alone_that_has_gone_leaves_no_run(open_line):
    """It is gone at once, and need not wait until Python looks for garbage."""
    gc.collect()
    gc.disable()
    try:
        before = len(line.streams())
        socket = open_line()
        ask(socket, run=hear(socket)["run"], frames=1)
        assert len(line.streams()) == before + 1
        socket.close()
        deadline = time.monotonic() + 10
        while len(line.streams()) > before and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(line.streams()) == before
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "message",
    [
        "not JSON",
        "[]",
        '{"frames": 1000000}',
        '{"epoch": -3}',
        '{"speed": 3}',
        '{"unknown": 1}',
        '{"changes": [["learning_rate", 1e9]]}',
        '{"changes": [["parameter", [999, 1]]], "take": 1, "run": "RUN"}',
        '{"tell": {"name": "reshape", "value": {"hidden": [1000]}}}',
        '{"tell": 3}',
        b"bytes",
    ],
)
def test_a_bad_message_closes_the_line_and_touches_nothing(open_line, caplog, message):
    stream, other = Stream(Spec()), Stream(Spec())
    socket, bystander = open_line(stream), open_line(other)
    hear(socket)
    start = hear(bystander)
    socket.send(message.replace("RUN", stream.run_id) if isinstance(message, str) else message)
    assert close_code(socket) == line.BAD_MESSAGE
    assert "line closed: " in caplog.text
    assert stream.spec == Spec()
    assert not stream.contact.told
    assert len(ask(bystander, run=start["run"], frames=2)["frames"]) == 2
    assert hear(open_line(stream))["start"]  # and another line finds it as it was


def test_a_message_that_is_too_large_closes_the_line(open_line):
    socket = open_line(Stream(Spec()))
    hear(socket)
    socket.send(json.dumps({"run": "a" * line.LARGEST_MESSAGE}))
    assert close_code(socket) == line.TOO_LARGE


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null"])
def test_a_page_of_another_site_is_refused(open_line, origin):
    with pytest.raises(InvalidStatus) as refused:
        open_line(Stream(Spec()), origin=origin)
    assert refused.value.response.status_code == 403


def test_a_page_of_this_site_is_let_in(server, open_line):
    assert hear(open_line(Stream(Spec()), origin=f"http://{server}"))["start"]
    behind_a_proxy = {"X-Forwarded-Host": "mlp.example"}
    socket = open_line(
        Stream(Spec()), origin="https://mlp.example", additional_headers=behind_a_proxy
    )
    assert hear(socket)["start"]


def test_a_message_cuts_the_answer_before_it_short(open_line, monkeypatch):
    """A new learning rate does not wait for frames that nobody will see."""
    stream = Stream(Spec(samples=2_000, batch_size=1))
    socket = open_line(stream)
    hear(socket)
    socket.send(json.dumps({"id": 1, "run": stream.run_id, "frames": 120, "speed": 50}))
    changes = [["learning_rate", 0.01]]
    socket.send(json.dumps({"id": 2, "run": stream.run_id, "take": 1, "changes": changes}))
    first, second = hear(socket), hear(socket)
    assert (first["answers"], second["answers"]) == (1, 2)
    assert len(first["frames"]) == 1
    assert stream.spec.learning_rate == 0.01


def test_a_probe_is_answered_and_cuts_no_answer_short(open_line, monkeypatch):
    stream = Stream(Spec(samples=2_000, batch_size=1))
    socket = open_line(stream)
    hear(socket)
    socket.send(json.dumps({"id": 1, "run": stream.run_id, "frames": 4}))
    probe = {"run": stream.run_id, "epoch": 0, "x": 0.5, "y": -0.5}
    socket.send(json.dumps({"probe": probe}))
    assert len(hear(socket)["frames"]) == 4
    probed = json.loads(socket.recv())["probed"]
    expected = Run(stream.spec).predict(np.array([[0.5, -0.5]]))[0]
    assert probed["predicted"] == expected.tolist()


def test_a_description_is_answered_and_cuts_no_answer_short(open_line, monkeypatch):
    stream = Stream(Spec(samples=2_000, batch_size=1))
    socket = open_line(stream)
    hear(socket)
    socket.send(json.dumps({"id": 1, "run": stream.run_id, "frames": 4}))
    socket.send(json.dumps({"describe": {"run": stream.run_id, "epoch": 0, "since": None}}))
    assert len(hear(socket)["frames"]) == 4
    described = json.loads(socket.recv())["described"]
    assert described == stream.describe(Question(stream.run_id, 0))
    socket.send(json.dumps({"describe": {"run": "another", "epoch": 0}}))
    assert json.loads(socket.recv()) == {"described": None}


def test_what_the_page_is_told_is_there_when_that_is_said(open_line):
    stream = Stream(Spec())
    socket = open_line(stream)
    hear(socket)
    socket.send(json.dumps({"tell": {"name": "reshape", "value": {"hidden": [3]}}}))
    assert json.loads(socket.recv()) == {"told": True}
    (told,) = stream.contact.told
    assert told.value == {"hidden": (3,)}


@pytest.mark.parametrize("is_followed", [True, False])
def test_a_frame_that_stands_still_is_known_and_wakes_who_wants_to_know(open_line, is_followed):
    """What is saved is of the frame on screen, whether or not the page explains it."""
    stream = Stream(Spec())
    socket = open_line(stream)
    hear(socket)
    ask(socket, run=stream.run_id, frames=9)
    stream.contact.follow_screen("an explanation", follows=is_followed)
    socket.send(json.dumps({"look": {"run": stream.run_id, "epoch": 4}}))
    if is_followed:
        assert json.loads(socket.recv()) == {"told": True}
    else:
        ask(socket, run=stream.run_id, epoch=4, last=9)  # its answer comes after the look
    assert stream.present().epoch == 4
    assert [told.name for told in stream.contact.told] == ["look"] * is_followed


def test_a_board_that_was_away_goes_on_with_its_run(open_line):
    stream = Stream(Spec())
    first = open_line(stream)
    hear(first)
    answer = ask(first, run=stream.run_id, frames=5)
    first.close()
    again = open_line(stream, query=f"run={stream.run_id}")
    assert hear(again)["go_on"]
    last = answer["frames"][2]["epoch"]
    went_on = ask(again, run=stream.run_id, take=1, epoch=last, last=last, frames=1)
    assert went_on["frames"][0]["losses"] == answer["frames"][3]["losses"]


CHANGES = ((3.0, "learning_rate", 0.03), (6.0, "parameter", (1, 0.75)))


@pytest.mark.parametrize("has_page", [True, False])
def test_a_run_that_is_brought_goes_on_to_the_last_bit(open_line, has_page):
    """Own data are part of it."""
    spec = Spec(hidden=(4,), samples=60)
    own = edit.with_point(edit.taken_over(Run(spec)), 0.1, 0.2, 1)
    spec = replace(spec, own=own)
    alone = Run(spec)
    replay(alone, CHANGES, 12.0)
    start = hear(socket := open_line(Stream(spec)))
    socket.close()
    with_data = open_line(Stream(spec))
    data = json.loads(with_data.recv())["data"]
    assert set(data) == {own.digest}
    value = {
        "present": {"settings": start["value"]["settings"], "changes": CHANGES, "epoch": 10.0},
        "pin": None,
        "stop_at": None,
        "data": data,
    }
    stream = Stream(Spec()) if has_page else None
    socket = open_line(stream, query="bring=1")
    bring(socket, value)
    made = hear(socket)
    assert made["brought"]
    assert made["frames"][0]["epoch"] == 10
    answer = ask(socket, run=made["run"], epoch=10, last=10, frames=2)
    np.testing.assert_array_equal(
        answer["frames"][-1]["parameters"], alone.network.parameters.astype(np.float32)
    )
    assert answer["frames"][-1]["losses"] == [alone.latest.train_loss, alone.latest.test_loss]
    if stream is not None:
        assert stream.brought
        np.testing.assert_array_equal(stream.run.network.parameters, alone.network.parameters)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("not JSON", "Expecting value"),
        ({}, "not as the board keeps it"),
        ({"present": {**described(Spec(), ()), "epoch": -1}}, "epoch must be a number from 0.0"),
        ({"present": {**described(Spec(hidden=(100,)), ()), "epoch": 1}}, "hidden"),
        (
            {"present": {**described(Spec(), [[1.0, "parameter", [999, 1.0]]]), "epoch": 3}},
            "index must be a whole number",
        ),
    ],
)
def test_a_run_that_can_t_be_made_again_is_refused_in_words(open_line, value, words):
    socket = open_line(query="bring=1")
    bring(socket, value)
    while "refused" not in (note := json.loads(socket.recv())):
        pass
    assert words in note["refused"]
    start = hear(socket)
    assert not start["brought"]
    assert start["frames"][0]["epoch"] == 0


def test_a_run_that_would_take_too_long_is_refused_in_words(open_line, monkeypatch):
    for name in ("stream.SECONDS_TO_MAKE", "goal.SECONDS_TO_GUESS", "stream.SECONDS_A_STEP"):
        monkeypatch.setattr(f"playground.board.{name}", 0.0)
    stream = Stream(Spec())
    socket = open_line(stream, query="bring=1")
    bring(socket, {"present": {**described(Spec(), ()), "epoch": 1_000_000}})
    while "refused" not in (note := json.loads(socket.recv())):
        pass
    assert "Training again to epoch 1e+06 takes too long" in note["refused"]
    assert hear(socket)["frames"][0]["epoch"] == 0


@pytest.mark.parametrize("stays", [True, False])
def test_a_link_to_a_late_epoch_stands_where_it_has_come_to(open_line, monkeypatch, stays):
    """Because it takes too long, or because the person has had enough of waiting."""
    monkeypatch.setattr("playground.board.stream.SECONDS_A_STEP", 0.0)
    stream = Stream(Spec())
    stream.restart(Spec(), epoch=5_000.0, seconds=math.inf if stays else 0.1)
    socket = open_line(stream)
    if stays:
        while json.loads(socket.recv())["making"][0] < 3:
            pass
        socket.send(json.dumps({"stay": True}))
    else:
        while "refused" not in (note := json.loads(socket.recv())):
            pass
        assert "Training to epoch 5,000 takes too long here" in note["refused"]
        assert f"stands at epoch {stream.shown:g}" in note["refused"]
    start = hear(socket)
    assert 0 < start["frames"][0]["epoch"] == stream.shown < 5_000
    assert (
        len(
            ask(socket, run=stream.run_id, epoch=stream.shown, last=stream.shown, frames=2)[
                "frames"
            ]
        )
        == 2
    )


def test_a_run_that_was_put_away_goes_on_to_the_last_bit(open_line):
    """The board notices nothing: its run is the same, and so is what was changed."""
    stream = Stream(Spec(), pin=Pin(Spec(hidden=(2,))))
    socket = open_line(stream)
    hear(socket)
    run = stream.run_id
    ask(socket, run=run, frames=6)
    ask(socket, run=run, take=1, epoch=4, last=4, changes=[["learning_rate", 0.3]], frames=3)
    assert stream.put_away()
    assert not stream.put_away()
    assert not stream.is_made
    answer = ask(socket, run=run, take=1, epoch=5, last=7, frames=2)
    assert "start" not in answer
    alone = Run(Spec())
    replay(alone, ((4.0, "learning_rate", 0.3),), 9.0)
    assert [frame["epoch"] for frame in answer["frames"]] == [8, 9]
    assert answer["frames"][-1]["losses"] == [alone.latest.train_loss, alone.latest.test_loss]
    np.testing.assert_array_equal(stream.run.network.parameters, alone.network.parameters)


def test_a_value_that_is_too_large_closes_the_line(open_line, monkeypatch):
    monkeypatch.setattr(line, "LARGEST_VALUE", 1_000)
    socket = open_line(query="bring=1")
    with contextlib.suppress(ConnectionClosed):
        bring(socket, "x" * 200_000)
    assert close_code(socket) == line.TOO_LARGE


def test_an_unexpected_error_closes_the_line_and_is_in_the_log(open_line, monkeypatch, caplog):
    stream = Stream(Spec())
    socket = open_line(stream)
    hear(socket)
    monkeypatch.setattr(stream, "answer", lambda *asked: 1 / 0)
    socket.send("{}")
    assert close_code(socket) == line.FAILED
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("name", ["board.js", "board.css", "board.html", "plotly.min.js"])
def test_files_are_kept_for_ever_and_compressed(server, name):
    address = f"http://{server}{assets.address(name)}"
    plain, compressed = fetch(address), fetch(address, **{"Accept-Encoding": "gzip"})
    assert "immutable" in plain.headers["Cache-Control"]
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert len(compressed.read()) < 0.5 * len(plain.read())


@pytest.mark.parametrize(
    "path", ["/board/0/board.js", "/board/DIGEST/../../requirements.txt", "/board/DIGEST/line.py"]
)
def test_no_other_file_is_served(server, path):
    digest = assets.address("x").split("/")[-2]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"http://{server}" + path.replace("DIGEST", digest))


def test_the_bare_page_says_what_it_can_t_show(server):
    page = fetch(f"http://{server}/embed?show=region,sky").read().decode()
    assert "“show” can be network, region, loss, gradients, got sky." in page
    assert "<script>" not in fetch(f"http://{server}/embed?theme=<script>").read().decode()


def test_what_can_t_be_read_while_a_run_is_made_closes_the_line(open_line, caplog):
    socket = open_line(query="bring=1")
    bring(socket, {"present": {**described(Spec(samples=2_000), ()), "epoch": 5_000}})
    while "making" not in json.loads(socket.recv(timeout=30)):
        pass
    socket.send("not JSON")
    assert close_code(socket) == line.BAD_MESSAGE
    assert "Traceback" not in caplog.text


def test_tokens_are_too_long_to_guess_and_none_comes_twice():
    tokens = {Stream(Spec(samples=60, hidden=())).token for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {22}  # 128 bits, six a letter
