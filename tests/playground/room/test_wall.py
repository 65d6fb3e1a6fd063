"""Tiles and results on the line: a teacher's program looks, students' programs play."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from engine import Run
from playground.board import line as board_line
from playground.room import line, wall
from playground.share import from_query
from tests.playground.room.test_following import Board
from tests.playground.room.test_line import PATIENCE, Someone
from tests.playground.serving import serving

QUERY = "samples=60&hidden=3"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    """Nobody waits two seconds here."""
    monkeypatch.setattr(wall, "SECONDS", 0.01)


class Player(Someone):
    """A student with a board of their own."""

    board: Board

    def report(self, epoch: float | None = None, state: str = "playing") -> None:
        """Tell what is on screen."""
        at = self.board.epoch if epoch is None else epoch
        self.say(board={"run": self.board.run, "epoch": at, "state": state})


class Teacher(Someone):
    """Sees tiles."""

    open_again: Callable[[], "Teacher"]  # another tab

    def tile(self, seat: int, is_so: Callable[[dict], object] = bool) -> dict[str, Any]:
        """The newest tile of a seat, once it is as wanted."""
        while True:
            for note in reversed(self.notes):
                for tile in note.get("tiles", ()):
                    if tile["seat"] == seat and is_so(tile):
                        return dict(tile)
            self.hear("tiles")


@pytest.fixture
def room():
    """A teacher, and a function that lets a student in who has opened a link."""
    line.hubs.cache_clear()
    routes = [*line.routes(), *board_line.routes()]
    with serving(Starlette(routes=routes)) as server, contextlib.ExitStack() as stack:

        def opened(path: str):
            return stack.enter_context(connect(f"ws://{server}{path}", max_size=2**24))

        teacher = Teacher(opened(line.PATH), open=True)
        said = teacher.hear("teacher")
        code = said["code"]
        teacher.open_again = lambda: Teacher(opened(line.PATH), teach=said)

        def join(query: str = QUERY, name: str = "") -> Player:
            player = Player(opened(line.PATH), join={"code": code, "name": name})
            player.hear("seat")
            player.board = Board(opened(f"{board_line.PATH}?{query}"), player)
            return player

        yield teacher, join


def test_the_wall_has_a_tile_of_each_student_who_plays(room):
    teacher, join = room
    ada, bob = join(name="Ada"), join("samples=60&hidden=2,2&dataset=circles")
    ada.board.play(4)
    teacher.say(do="turn", query=QUERY)
    for one in (ada, bob):
        one.wait(lambda now: now["turn"])
        one.report()
    teacher.say(wall=True)
    run = Run(from_query({"samples": "60", "hidden": "3"})[0])
    run.advance(4)
    tile = teacher.tile(1)
    assert (tile["epoch"], tile["test_loss"]) == (4, run.latest.test_loss)
    assert tile["turn"] == 1
    assert "Ada" not in str(tile)
    assert teacher.tile(2)["differs"].startswith("Circles; ")
    ada.board.play(2)
    ada.report()
    assert teacher.tile(1, lambda tile: tile["epoch"] == 6)


def test_no_tile_is_made_that_nobody_looks_at(room):
    teacher, join = room
    ada = join()
    teacher.say(do="turn", query=QUERY)
    ada.wait(lambda now: now["turn"])
    ada.report()
    ada.say(answer={"question": 1, "option": 0})
    assert "over" in ada.hear("refused")  # so the word about the board was heard
    teacher.say(csv=True)
    teacher.hear("csv")
    assert not any("tiles" in note for note in teacher.notes)
    teacher.say(wall=True)
    assert teacher.tile(1)["diagnosis"] == "not started"  # of what it had said before


def test_an_experiment_fills_with_what_the_engine_says(room):
    teacher, join = room
    rates = ["0.1", "0.5"]
    teacher.say(do="experiment", query=QUERY, varied={"learning_rate": rates}, epochs=5)
    teacher.wait(lambda now: now["turn"])
    players = [join(f"{QUERY}&learning_rate={rate}") for rate in rates]
    expected = []
    for player, rate in zip(players, rates, strict=True):
        player.board.play(8)
        player.report()
        run = Run(from_query({"samples": "60", "hidden": "3", "learning_rate": rate})[0])
        run.advance(5)
        expected.append(float(run.latest.test_loss))
        assert player.hear("result") == {"test_loss": expected[-1], "diverged": False}
    teacher.say(results=True)
    while (results := teacher.hear("results"))["words"] != "2 of 2 students have a result.":
        pass
    assert results["figure"]["data"][1]["y"] == expected
    teacher.say(csv=True)
    lines = teacher.hear("csv").splitlines()
    assert lines[1:] == [
        f"{rate},5,{loss!r},no" for rate, loss in zip(rates, expected, strict=True)
    ]


def test_in_a_challenge_all_students_see_the_best(room):
    teacher, join = room
    teacher.say(do="challenge", query=QUERY, goal=0.5, fewest="parameters")
    teacher.wait(lambda now: now["turn"])
    looks_on, ada = join(), join()
    assert looks_on.hear("best") == []
    alias = ada.wait(lambda now: now["turn"])["me"]["alias"]
    ada.board.play(60)
    ada.report()
    for one in (ada, looks_on):
        while not (found := one.hear("best")):
            pass
        (best,) = found
        assert best["name"] == alias
        assert best["value"].startswith("13 parameters, epoch ")
    late = join()
    late.report()
    assert late.hear("best") == [best]


def test_a_collected_tile_is_called_what_the_class_may_know(room):
    teacher, join = room
    ada = join(name="Ada")
    teacher.say(do="turn", query=QUERY)
    ada.wait(lambda now: now["turn"])
    ada.report()
    teacher.say(wall=True)
    teacher.tile(1)
    teacher.say(do="collect", seats=[1, 7])
    (tile,) = ada.wait(lambda now: now["collected"])["collected"]
    assert (tile["shown_name"], tile["value"]) == (ada.room["me"]["alias"], None)
    teacher.say(do="names", asked=True, to_teacher=True, to_class=True)
    teacher.say(do="collect", seats=[1])
    ada.wait(lambda now: now["collected"][0]["shown_name"] == "Ada")


def test_another_turn_begins_with_an_empty_wall(room):
    teacher, join = room
    ada = join()
    for turn in (1, 2):
        teacher.say(do="turn", query=QUERY)
        ada.wait(lambda now, turn=turn: now["turn"] and now["turn"]["number"] == turn)
        teacher.say(wall=True)
        ada.report()
        assert teacher.tile(1, lambda tile, turn=turn: tile["turn"] == turn)


@pytest.mark.parametrize(
    "board",
    [
        5,
        {"run": "x"},
        {"run": "x" * 99, "epoch": 1, "state": "playing"},
        {"run": "x", "epoch": -1, "state": "playing"},
        {"run": "x", "epoch": 1, "state": "asleep"},
        {"run": "x", "epoch": 1, "state": ["playing"]},
    ],
)
def test_what_is_no_word_about_a_board_ends_the_line(room, board):
    _, join = room
    ada = join()
    ada.say(board=board)
    assert ada.hear("refused")
    with pytest.raises(ConnectionClosed):
        ada.hear("room")


def test_a_run_that_is_not_here_has_no_tile(room):
    teacher, join = room
    ada = join()
    teacher.say(wall=True)
    ada.say(board={"run": "somebody's", "epoch": 1, "state": "playing"})
    ada.say(board={"run": ada.board.run, "epoch": 99, "state": "playing"})
    ada.report()
    assert teacher.tile(1)["epoch"] == 0


def test_two_walls_of_a_teacher_do_without_each_other(room):
    """One tab's wall that is closed, or goes with its tab, leaves the other one's alone."""
    teacher, join = room
    ada = join()
    other = teacher.open_again()
    for one in (teacher, other):
        one.say(wall=True)
    ada.report()
    assert teacher.tile(1)["epoch"] == other.tile(1)["epoch"] == 0
    other.socket.close()
    ada.board.play(3)
    ada.report()
    assert teacher.tile(1, lambda tile: tile["epoch"] == 3)


def test_the_teachers_run_is_no_students(room):
    """Its name is in the messages of those who follow."""
    teacher, join = room
    ada, teachers = join(), join("hidden=2")
    teacher.say(do="follow")
    ada.wait(lambda now: now["mode"] == "follow")
    teacher.say(shown={"run": teachers.board.run, "epoch": 0, "state": "paused", "past": None})
    while isinstance(ada.socket.recv(timeout=PATIENCE), str):
        pass  # until a picture comes
    teacher.say(wall=True)
    ada.say(board={"run": teachers.board.run, "epoch": 0, "state": "paused"})
    ada.say(answer={"question": 1, "option": 0})
    ada.hear("refused")  # so the word before it was heard, too
    ada.report()
    assert teacher.tile(1)["run"] == ada.board.run
    assert not any(
        tile["run"] == teachers.board.run
        for note in teacher.notes
        for tile in note.get("tiles", ())
    )


def test_students_are_told_no_tiles(room):
    _, join = room
    ada = join()
    ada.say(wall=True)
    assert "can't say wall" in ada.hear("refused")
