"""The line of a room on a real server: a teacher and students that are programs."""

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from playground.room import line
from tests.playground.serving import serving

PATIENCE = 30.0  # seconds


@pytest.fixture
def server():
    """The routes of rooms alone; host and port."""
    line.hubs.cache_clear()
    with serving(Starlette(routes=line.routes())) as address:
        yield address


class Someone:
    """A teacher or a student: says things, and keeps what was heard."""

    def __init__(self, socket, **first: Any) -> None:
        self.socket = socket
        self.room: dict = {}
        self.notes: list[dict] = []
        self.say(**first)

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def hear(self, name: str) -> Any:
        """What the next note of that name says."""
        return self.hear_any(name)

    def hear_any(self, *names: str) -> Any:
        """What the next note of one of these names says."""
        while True:
            message = self.socket.recv(timeout=PATIENCE)
            if isinstance(message, bytes):
                continue
            found = json.loads(message)
            self.notes.append(found)
            self.room = found.get("room", self.room)
            for name in names:
                if name in found:
                    return found[name]

    def wait(self, is_so: Callable[[dict], object]) -> dict:
        """Until the room is as wanted."""
        while not self.room or not is_so(self.room):
            self.hear("room")
        return self.room


@contextlib.contextmanager
def entering(host: str) -> Iterator[Callable[..., Someone]]:
    """A function that opens a line: enter(open=True), enter(join={"code": code}).

    Its `address` is where it comes from, as a proxy says it.
    """
    with contextlib.ExitStack() as stack:

        def enter_one(*, address: str = "127.0.0.1", **first: Any) -> Someone:
            headers = {"X-Forwarded-For": address}
            line_to = connect(
                f"ws://{host}{line.PATH}",
                max_size=2**24,
                max_queue=None,
                additional_headers=headers,
            )
            return Someone(stack.enter_context(line_to), **first)

        yield enter_one


@pytest.fixture
def enter(server):
    with entering(server) as enter_one:
        yield enter_one


def test_a_class_joins_answers_and_is_sent_home(enter):
    teacher = enter(open=True)
    code = teacher.hear("teacher")["code"]
    ada, bob = (enter(join={"code": code.lower(), "name": name}) for name in ("Ada", "Bob"))
    assert [one.hear("seat")["number"] for one in (ada, bob)] == [1, 2]
    teacher.wait(lambda room: [seat["name"] for seat in room["seats"]] == ["Ada", "Bob"])
    teacher.say(do="ask", text="Which?", options=["this", "that"])
    for one, option in ((ada, 0), (bob, 1)):
        number = one.wait(lambda room: room["question"])["question"]["number"]
        one.say(answer={"question": number, "option": option})
    assert teacher.wait(lambda room: room["answers"] == [1, 1])
    assert ada.room["answers"] is None
    teacher.say(do="show answers")
    ada.wait(lambda room: room["answers"] == [1, 1])
    teacher.say(do="close")
    assert ada.hear("over")
    with pytest.raises(ConnectionClosed):
        ada.hear("room")


def test_a_reload_is_the_same_seat_and_the_same_teacher(enter):
    teacher = enter(open=True)
    said = teacher.hear("teacher")
    seat = enter(join={"code": said["code"]}).hear("seat")
    again = enter(join={"code": said["code"], "seat": seat["secret"]})
    assert again.hear("seat") == seat
    other = enter(teach=said)
    assert other.hear("teacher") == said
    other.say(do="pause", paused=True)
    teacher.wait(lambda room: room["paused"])


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ({"join": {"code": "ZZZZZ"}}, "no room with this code"),
        ({"teach": {"code": "ZZZZZ", "key": "x"}}, "no such room"),
        ({"join": {"code": 5}}, "code must be text"),
        ({"hello": 1}, "first message"),
    ],
)
def test_whoever_knows_no_code_is_refused(enter, first, words):
    assert words in enter(**first).hear("refused")


def test_nobody_acts_as_the_teacher_without_the_key(enter):
    code = enter(open=True).hear("teacher")["code"]
    assert "not the link" in enter(teach={"code": code, "key": "guess"}).hear("refused")
    student = enter(join={"code": code})
    student.hear("seat")
    student.say(do="pause", paused=True)
    assert "can't say do" in student.hear("refused")
