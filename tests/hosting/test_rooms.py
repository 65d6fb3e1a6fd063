"""A class at two replicas that share a Redis; one of them dies while the class follows.

Teacher and students are programs that speak the line, through HAProxy.
"""

import signal
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from hosting.replicas import Hosted
from playground.room import line
from tests.hosting.test_failover import PATIENCE, Visitor
from tests.playground.room.test_following import Student
from tests.playground.room.test_line import Someone


@pytest.fixture
def lines():
    """Closes what a test has opened."""
    with ExitStack() as stack:
        yield stack


class Class:
    """Opens lines to a room, each at a replica of its own."""

    def __init__(self, host: str, lines: ExitStack) -> None:
        self.host, self.lines = host, lines

    def enter(self, replica: str, **first) -> Student:
        """A line to a replica, or to the one that has taken its place."""
        cookie = {"Cookie": f"replica={replica}"}
        address = f"ws://{self.host}{line.PATH}"
        opened = connect(
            address,
            additional_headers=cookie,
            max_size=2**24,
            max_queue=None,
            open_timeout=PATIENCE,
        )
        return Student(self.lines.enter_context(opened), **first)


def until_closed(one: Someone) -> None:
    """What still comes is heard, until the line breaks."""
    with pytest.raises(ConnectionClosed):
        one.hear("nothing")


def test_a_class_at_two_replicas_is_one_class(both: Hosted, lines):
    room = Class(both.host, lines)
    teacher = room.enter("r1", open=True)
    code = teacher.hear("teacher")["code"]
    students = [room.enter(replica, join={"code": code}) for replica in ("r1", "r2", "r2")]
    assert {one.hear("seat")["number"] for one in students} == {1, 2, 3}
    while teacher.hear("here") != 3:
        pass
    teacher.say(do="ask", text="Which?", options=["this", "that"])
    for option, one in enumerate(students):
        number = one.wait(lambda now: now["question"])["question"]["number"]
        one.say(answer={"question": number, "option": option % 2})
    teacher.wait(lambda now: now["answers"] == [2, 1])
    teacher.say(do="show answers")
    for one in students:
        one.wait(lambda now: now["answers"] == [2, 1])
    teacher.say(do="close")
    for one in students:
        assert one.hear("over")
    assert "no room" in room.enter("r2", join={"code": code}).hear("refused")


def test_when_a_replica_dies_the_class_goes_on_at_the_other_one(both: Hosted, lines):
    room = Class(both.host, lines)
    teacher = room.enter("r1", open=True)
    said = teacher.hear("teacher")
    board = Visitor(both.host, "the teacher's".ljust(22, "x"), lines, replica="r1")
    assert board.replica == "r1"
    teacher.say(do="follow")
    teacher.wait(lambda now: now["mode"] == "follow")
    here, there = (room.enter(replica, join={"code": said["code"]}) for replica in ("r1", "r2"))
    seats = [one.hear("seat") for one in (here, there)]
    board.play(5)
    show(teacher, board)
    for one in (here, there):
        assert one.look_until(board.epoch)["run"] == board.run

    both.replicas[0].stop(signal.SIGKILL)
    for one in (teacher, here):
        until_closed(one)
    board.hear_the_end()

    teacher = room.enter("r1", teach=said)
    assert teacher.hear("teacher") == said
    here = room.enter("r1", join={"code": said["code"], "seat": seats[0]["secret"]})
    assert here.hear("seat") == seats[0]
    board.go_on()
    assert board.replica == "r2"
    board.play(4)
    show(teacher, board)
    for one in (here, there):
        assert one.look_until(9)["frames"][0]["epoch"] == 9
    teacher.say(do="pause", paused=True)
    for one in (here, there):
        one.wait(lambda now: now["paused"])
    late = room.enter("r2", join={"code": said["code"]})
    assert late.hear("seat")["number"] == 3
    assert late.look_until(9)["start"]["figures"]


def show(teacher: Someone, board: Visitor) -> None:
    teacher.say(shown={"run": board.run, "epoch": board.epoch, "state": "paused", "past": None})
