"""The class sees the teacher's board: what a teacher's program shows, and students receive."""

import contextlib
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from websockets.sync.client import connect

from playground.board import line as board_line
from playground.room import line
from tests.playground.room.test_line import PATIENCE, Someone
from tests.playground.serving import serving
from tests.playground.test_stream import unpack


@pytest.fixture
def server():
    """The routes of rooms and of boards; host and port."""
    line.hubs.cache_clear()
    with serving(Starlette(routes=[*line.routes(), *board_line.routes()])) as address:
        yield address


class Board:
    """A teacher's board: it asks for frames, and says which are on screen."""

    def __init__(self, socket, room: Someone) -> None:
        self.socket, self.room = socket, room
        self.take, self.requests, self.epoch = 0, 0, 0.0
        self.run = self.receive()["run"]

    def receive(self) -> dict[str, Any]:
        while isinstance(message := self.socket.recv(timeout=PATIENCE), str):
            pass
        return unpack(message)

    def ask(self, **request: Any) -> dict[str, Any]:
        self.requests += 1
        moment = {"run": self.run, "take": self.take, "epoch": self.epoch, "last": self.epoch}
        self.socket.send(json.dumps({"id": self.requests, **moment, **request}))
        while (message := self.receive())["answers"] != self.requests:
            pass
        self.run = message["run"]
        if message["frames"]:
            self.epoch = message["frames"][-1]["epoch"]
        return message

    def play(self, frames: int) -> list[dict]:
        """Train so many epochs; the frames."""
        played: list[dict] = []
        while len(played) < frames:
            played += self.ask(frames=frames - len(played))["frames"]
        return played

    def show(self, epoch: float | None = None, state: str = "playing", **more: Any) -> None:
        """Tell what is on screen."""
        moment = {"run": self.run, "epoch": self.epoch if epoch is None else epoch}
        self.room.say(shown={**moment, "state": state, "past": None, **more})


class Student(Someone):
    """A student who looks on."""

    seen = 0

    def look(self) -> dict[str, Any]:
        """The next packed message."""
        while isinstance(message := self.socket.recv(timeout=PATIENCE), str):
            found = json.loads(message)
            self.room = found.get("room", self.room)
        self.seen += len(message)
        self.say(seen=self.seen)
        return unpack(message)

    def look_until(self, epoch: float) -> dict[str, Any]:
        """The first message that shows an epoch."""
        while (message := self.look())["frames"][0]["epoch"] != epoch:
            pass
        return message


@pytest.fixture
def class_of(server):
    """A function that opens a room: a teacher's board, and so many students who follow it."""
    with contextlib.ExitStack() as stack:

        def opened(path: str):
            return stack.enter_context(connect(f"ws://{server}{path}", max_size=2**24))

        def come(students: int, query: str = ""):
            room = Someone(opened(line.PATH), open=True)
            code = room.hear("teacher")["code"]
            room.say(do="follow")
            room.wait(lambda now: now["mode"] == "follow")
            board = Board(opened(f"{board_line.PATH}?{query}"), room)
            return board, [join(code) for _ in range(students)]

        def join(code: str) -> Student:
            student = Student(opened(line.PATH), join={"code": code})
            student.wait(lambda now: now["mode"] == "follow")
            return student

        come.join, come.open = join, opened  # type: ignore[attr-defined]
        yield come


def test_everybody_sees_the_teachers_frames(class_of):
    board, students = class_of(2)
    board.show()
    for student in students:
        start = student.look()
        assert (start["run"], start["frames"][0]["epoch"]) == (board.run, 0)
        assert start["start"]["figures"]
        assert start["value"]["settings"]["dataset"] == "moons"
        assert start["made"] == []
    (frame,) = board.play(1)
    board.show(point={"unit": {"layer": 1, "unit": 2}}, beside={"lesson": "line"})
    for student in students:
        seen = student.look()
        assert "start" not in seen
        for name in ("region", "units", "parameters"):
            assert (seen["frames"][0][name] == frame[name]).all()
        assert seen["frames"][0]["losses"] == frame["losses"]
        watch = seen["watch"]
        assert watch["point"] == {"unit": {"layer": 1, "unit": 2}}
        assert watch["beside"] == {"lesson": "line", "explained": False}
        assert (watch["state"], watch["past"]) == ("playing", None)


def test_a_reset_is_a_new_run_for_everybody(class_of):
    board, (student,) = class_of(1)
    board.play(3)
    board.show()
    student.look()
    board.ask(reset=True)
    board.show(state="paused")
    again = student.look()
    assert (again["run"], again["frames"][0]["epoch"]) == (board.run, 0)
    assert again["start"]["figures"]["loss"]["data"][0]["x"] == [0]


def test_curves_have_the_epochs_between_two_pictures(class_of):
    board, (student,) = class_of(1)
    board.show()
    student.look()
    frames = board.play(4)
    board.show()
    passed = student.look()["watch"]["passed"]
    assert [each["epoch"] for each in passed] == [1, 2, 3]
    assert passed[1]["losses"] == pytest.approx(frames[1]["losses"], rel=1e-4)
