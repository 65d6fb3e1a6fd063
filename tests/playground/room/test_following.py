"""The class sees the teacher's board: what a teacher's program shows, and students receive."""

import asyncio
import contextlib
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from websockets.sync.client import connect

from playground.board import line as board_line
from playground.room import hub as hub_module
from playground.room import line
from playground.room.following import PICTURE
from playground.room.read import read_shown
from playground.room.room import Room
from playground.room.showing import LEAST_UNSEEN, MOST_UNSEEN, Showing
from playground.room.store import MemoryStore
from tests.playground.room.test_line import PATIENCE, Someone
from tests.playground.serving import run_apart, serving
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

    seen = 0  # bytes
    says_so = True

    def look(self) -> dict[str, Any]:
        """The next packed message."""
        while isinstance(message := self.socket.recv(timeout=PATIENCE), str):
            found = json.loads(message)
            self.room = found.get("room", self.room)
        self.seen += len(message)
        if self.says_so:
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


def test_whoever_comes_late_gets_the_present_picture_first(class_of):
    board, (early,) = class_of(1)
    board.show()
    early.look()
    board.play(5)
    board.show(state="paused")
    early.look_until(5)
    late = class_of.join(early.room["code"])
    start, picture = late.look(), late.look()
    assert start["run"] == board.run
    assert start["watch"]["start"] == picture["watch"]["start"]
    assert picture["frames"][0]["epoch"] == 5
    board.play(1)
    board.show()
    assert late.look()["frames"][0]["epoch"] == 6


def test_who_plays_for_a_while_gets_nothing_and_then_the_present(class_of):
    board, (student, other) = class_of(2)
    board.show()
    student.look()
    student.say(follows=False)
    student.say(answer={"question": 1, "option": 0})
    student.hear("refused")  # so what was said before is done
    board.play(2)
    board.show()
    other.look_until(2)
    student.say(follows=True)
    assert student.look()["start"]
    assert student.look()["frames"][0]["epoch"] == 2


def test_the_history_of_a_start_ends_at_the_teachers_screen(class_of):
    """The run itself is ahead, by the frames that are not drawn yet."""
    board, (student,) = class_of(1)
    board.play(8)
    board.show(epoch=5)
    start = student.look()
    assert start["frames"][0]["epoch"] == 5
    assert start["start"]["figures"]["loss"]["data"][0]["x"] == [0, 1, 2, 3, 4, 5]


def test_the_class_goes_back_in_time_with_the_teacher(class_of):
    board, (student,) = class_of(1)
    frames = board.play(8)
    board.show()
    student.look_until(8)
    board.show(epoch=3, state="paused", past=8)
    seen = student.look_until(3)
    assert seen["watch"]["past"] == 8
    assert (seen["frames"][0]["parameters"] == frames[2]["parameters"]).all()
    assert seen["frames"][0]["diagnosis"]["text"]


def test_a_change_is_told_with_the_value_of_the_run(class_of):
    board, (student,) = class_of(1)
    board.play(2)
    board.show()
    assert student.look()["made"] == []
    board.take += 1
    board.ask(frames=1, changes=[["learning_rate", 0.5]])
    board.show()
    told = student.look_until(3)
    assert told["made"] == [[2, "learning_rate", 0.5]]
    assert told["value"]["settings"]["learning_rate"] != 0.5
    assert told["frames"][0]["learning_rate"] == 0.5


def test_what_is_told_to_others_is_still_told_to_the_board(class_of):
    """It hears of a change itself, whoever has looked on meanwhile."""
    board, (student,) = class_of(1)
    board.show()
    student.look()
    board.take += 1
    answer = board.ask(frames=1, changes=[["learning_rate", 0.5]])
    assert answer["made"] == [[0, "learning_rate", 0.5]]


def test_run_a_comes_along(class_of):
    board, (student,) = class_of(1)
    board.play(2)
    board.show()
    student.look()
    board.take += 1
    board.ask(pin=True)
    board.play(1)
    board.show()
    told = student.look_until(3)
    assert told["start"]["pinned"]
    assert told["frames"][0]["pinned"]["epoch"] == 3


def test_a_reload_of_the_teacher_is_another_run_of_the_same_class(class_of):
    board, (student,) = class_of(1)
    board.play(2)
    board.show()
    student.look()
    again = Board(class_of.open(f"{board_line.PATH}?"), board.room)
    again.show(state="paused")
    told = student.look_until(0)
    assert told["run"] == again.run != board.run
    assert told["start"]


def test_what_is_no_run_of_this_server_shows_nothing(class_of):
    board, (student,) = class_of(1)
    run, board.run = board.run, "0123456789ab"
    board.show()
    board.run = run
    board.show()
    assert student.look()["run"] == run


def test_a_student_shows_the_class_nothing(class_of):
    board, (student, other) = class_of(2)
    moment = {"run": board.run, "epoch": 0, "state": "paused", "past": None}
    student.say(shown=moment)
    assert "can't say shown" in student.hear("refused")
    board.play(1)
    board.show()
    assert other.look()["frames"][0]["epoch"] == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"epoch": -1}, "epoch must be"),
        ({"epoch": 3, "past": 2}, "past must be"),
        ({"state": "asleep"}, "state must be"),
        ({"run": 5}, "run must be"),
        ({"point": {"unit": {"layer": -1, "unit": 0}}}, "layer must be"),
        ({"point": {"unit": 3}}, "can't be understood"),
        ({"point": [1]}, "can't be understood"),
        ({"point": {"place": {"x": 0, "y": 0, "predicted": [0] * 21}}}, "predicted must be"),
        ({"point": {"card": {"part": "other", "index": 0}}}, "part must be"),
        ({"beside": {"lesson": "nobody's"}}, "lesson must be"),
        ({"beside": {"view": "x" * 21}}, "view must be"),
        ({"beside": {"explained": 1}}, "explained must be"),
    ],
)
def test_what_is_shown_is_read_strictly(wrong, words):
    moment = {"run": "r", "epoch": 1, "state": "paused", "past": None}
    with pytest.raises(ValueError, match=words):
        read_shown({**moment, **wrong})


def test_a_student_who_does_not_read_gets_the_newest_and_holds_up_nobody(class_of):
    """What was not seen is bounded; what comes later takes the place of what waits."""
    board, (slow, quick) = class_of(2)
    last = 60
    for _ in range(last):
        board.play(1)
        board.show()
        quick.look_until(board.epoch)
    slow.says_so = False
    seen = [slow.look() for _ in range(2)]
    while slow.seen < MOST_UNSEEN:
        seen.append(slow.look())
    assert seen[0]["start"]
    waiting = seen[-1]["frames"][0]["epoch"]
    assert waiting < last
    slow.say(seen=slow.seen)
    assert slow.look()["frames"][0]["epoch"] == last  # none of those between


def test_one_line_that_takes_nothing_does_not_hold_up_the_class(monkeypatch):
    """A student who says to have seen what was never read could do that."""
    monkeypatch.setattr(hub_module, "SECONDS_TO_SHOW", 0.01)

    class Shown:
        seat, is_teacher = 1, False
        message, gone = b"", False

        async def show(self, message):
            self.message = message

        def give_up(self):
            self.gone = True

        def room_changed(self):
            """It is no matter here."""

    class Stuck(Shown):
        async def show(self, message):
            await asyncio.Event().wait()

    async def show():
        store, room = MemoryStore(minutes=1), Room("ABCDE", "key", 9)
        await store.create(room)
        hub = hub_module.Hub(store, room)
        hub.lines = {stuck, *others}
        await hub.open()
        await store.send(room.code, PICTURE + b"1")
        while not all(line.message for line in others):
            await asyncio.sleep(0)
        await hub.close()

    stuck, others = Stuck(), [Shown() for _ in range(120)]
    run_apart(asyncio.wait_for(show(), PATIENCE))
    assert stuck.gone
    assert not any(line.gone for line in others)


def test_a_slow_line_has_less_on_its_way_and_a_quick_one_more_again():
    async def play(seconds: float, pictures: int) -> list[int]:
        """Bytes on their way before each answer, which takes so long."""
        unseen = []
        for _ in range(pictures):
            sent = len(socket.sent)
            while showing.has_room:
                await showing.show(PICTURE + bytes(3_000))
            unseen.append(3_000 * (len(socket.sent) - sent))
            now[0] += seconds
            showing.see(3_000 * len(socket.sent))
        return unseen

    class Socket:
        def __init__(self):
            self.sent = []

        async def send_bytes(self, content):
            self.sent.append(content)

    async def measure():
        await showing.send()
        return [await play(seconds, 12) for seconds in (0.1, 3.0, 0.1)]

    now, socket, store = [0.0], Socket(), MemoryStore(minutes=1)
    showing = Showing(socket, store, "ABCDE", clock=lambda: now[0])
    quick, slow, again = run_apart(measure())
    assert set(quick) == {MOST_UNSEEN}
    assert slow[-1] == LEAST_UNSEEN
    assert again[-1] == MOST_UNSEEN
