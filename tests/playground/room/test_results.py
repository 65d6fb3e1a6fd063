"""What a class has found out, from tiles: tables, figures, a ranking. Pure Python."""

import csv
import io
import math
from typing import Any

import pytest

from playground.room.results import best, medians, ranking, results_of, rows, table
from playground.room.room import Names, Room


def experiment(*losses: float | None, **varied: tuple[str, ...]) -> tuple[Room, dict[int, Any]]:
    """A room in which each seat has a test loss, infinite if it diverged, None if it has none."""
    room = Room("ABCDE", "key", 50)
    for name in ("Ada", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal")[: len(losses)]:
        room.join(name)
    room.begin_turn("samples=60", kind="experiment", varied=tuple(varied.items()), epochs=20)
    return room, {
        seat: {
            "turn": 1,
            "reached": None,
            "result": None
            if loss is None
            else {"test_loss": None if math.isinf(loss) else loss, "diverged": math.isinf(loss)},
        }
        for seat, loss in enumerate(losses, 1)
    }


RATES = ("0.001", "0.1", "3.0")


def test_each_student_adds_one_value():
    room, tiles = experiment(0.6, 0.3, math.inf, 0.7, None, learning_rate=RATES)
    found = rows(room, tiles)
    assert [(row.seat, row.values, row.test_loss) for row in found] == [
        (1, (0.001,), 0.6),
        (2, (0.1,), 0.3),
        (3, (3.0,), math.inf),
        (4, (0.001,), 0.7),
    ]
    assert medians(found) == {(0.001,): 0.6, (0.1,): 0.3, (3.0,): math.inf}


def test_a_tile_of_another_turn_or_of_nobody_is_no_result():
    room, tiles = experiment(0.6, 0.3, 0.2, learning_rate=RATES)
    tiles[1]["turn"] = 0
    room.remove(2)
    assert [row.seat for row in rows(room, tiles)] == [3]


def test_the_chart_has_a_point_a_student_and_a_line_through_the_medians():
    room, tiles = experiment(0.6, 0.3, math.inf, 0.8, 0.2, 0.5, learning_rate=RATES)
    results = results_of(room, tiles)
    assert results is not None
    median, points, diverged = results["figure"]["data"]
    assert (points["x"], points["y"]) == ([0.001, 0.1, 0.001, 0.1, 3.0], [0.6, 0.3, 0.8, 0.2, 0.5])
    assert (median["x"], median["y"]) == ([0.001, 0.1, 3.0], [0.6, 0.2, 0.5])
    assert (diverged["name"], diverged["x"]) == ("diverged", [3.0])
    axis = results["figure"]["layout"]["xaxis"]
    assert (axis["type"], axis["ticktext"]) == ("log", ["0.001", "0.1", "3"])
    assert axis["range"][0] < math.log10(0.001) < math.log10(3) < axis["range"][1]
    assert results["words"] == "6 of 6 students have a result. 1 run has diverged."
    assert results["title"] == "Experiment: learning rate"
    assert results["table"] == {
        "head": ["Learning rate", "Students", "Median test loss at epoch 20"],
        "rows": [["0.001", "2", "0.6"], ["0.1", "2", "0.2"], ["3", "2", "0.5"]],
    }


@pytest.mark.parametrize(
    ("varied", "kind", "shown"),
    [
        ({"noise": ("0.1", "0.2")}, "linear", [0.1, 0.2]),
        ({"activation": ("tanh", "relu")}, "category", ["tanh", "ReLU"]),
        ({"hidden": ("2", "8,8")}, "category", ["2", "8-8"]),
    ],
)
def test_the_axis_suits_the_values(varied, kind, shown):
    figure = results_of(*experiment(0.5, 0.4, **varied))["figure"]
    assert figure["layout"]["xaxis"]["type"] == kind
    assert figure["data"][1]["x"] == shown


def test_two_settings_are_a_heat_map_of_medians():
    """Seats have all combinations in turn; the fifth begins again."""
    room, tiles = experiment(
        0.1, 0.2, math.inf, 0.4, 0.3, noise=("0.1", "0.3"), hidden=("2", "8,8")
    )
    (heat,) = results_of(room, tiles)["figure"]["data"]
    assert (heat["y"], heat["x"]) == (["0.1", "0.3"], ["2", "8-8"])
    assert heat["z"] == [[0.1, 0.2], [None, 0.4]]
    assert heat["text"] == [["0.1", "0.2"], ["diverged", "0.4"]]


def test_results_before_anybody_has_one_are_an_empty_chart():
    room, tiles = experiment(None, None, learning_rate=RATES)
    for known in (tiles, {}):
        results = results_of(room, known)
        assert results["words"] == "0 of 2 students have a result."
        assert results["table"]["rows"] == []


def test_the_table_has_every_digit_and_no_name():
    room, tiles = experiment(
        1 / 3, math.inf, 0.25, 0.125, learning_rate=("0.1", "3"), hidden=("2", "4,4")
    )
    text = table(room, tiles)
    assert list(csv.reader(io.StringIO(text))) == [
        ["learning_rate", "hidden", "epochs", "test_loss", "diverged"],
        ["0.1", "2", "20", "0.3333333333333333", "no"],
        ["0.1", "4-4", "20", "", "yes"],
        ["3.0", "2", "20", "0.25", "no"],
        ["3.0", "4-4", "20", "0.125", "no"],
    ]
    for seat in room.seats.values():
        assert seat.name not in text
        assert seat.alias not in text


def challenge(*reached: tuple[int, int] | None, **more) -> tuple[Room, dict[int, Any]]:
    """A room in which each seat has reached the goal with so many parameters and epochs."""
    room, _ = experiment(*(None for _ in reached))
    room.begin_turn("samples=60", kind="challenge", goal=0.3, **more)
    return room, {
        seat: {
            "turn": 2,
            "result": None,
            "reached": found and {"parameters": found[0], "epochs": found[1], "test_loss": 0.29},
        }
        for seat, found in enumerate(reached, 1)
    }


def test_few_parameters_come_first_and_of_equal_ones_the_earlier_epoch():
    room, tiles = challenge((20, 50), (9, 80), None, (9, 40), (20, 50))
    assert [(each["place"], each["seat"]) for each in ranking(room, tiles)] == [
        (1, 4),
        (2, 2),
        (3, 1),
        (3, 5),
    ]


def test_or_few_epochs():
    room, tiles = challenge((20, 50), (9, 80), (30, 50), fewest="epochs")
    assert [each["seat"] for each in ranking(room, tiles)] == [1, 3, 2]


def test_the_class_sees_the_best_by_alias_alone():
    room, tiles = challenge((20, 50), (9, 1_080))
    room.set_names(Names(asked=True, to_teacher=True, to_class=True))
    assert best(room, tiles) == [
        {"place": 1, "name": room.seats[2].alias, "value": "9 parameters, epoch 1,080"},
        {"place": 2, "name": room.seats[1].alias, "value": "20 parameters, epoch 50"},
    ]
    results = results_of(room, tiles)
    assert results["words"] == "2 of 2 students have reached 0.3."
    assert results["figure"] is None
    assert results["table"]["rows"][0] == ["1", room.seats[2].alias, "9", "1,080", "0.29"]
    assert table(room, tiles) == (
        "place,parameters,epochs,test_loss\n1,9,1080,0.29\n2,20,50,0.29\n"
    )


def test_without_such_a_turn_there_is_nothing():
    room, _ = experiment()
    room.begin_turn("samples=60")
    assert results_of(room, {}) is None
    assert rows(room, {}) == ranking(room, {}) == []
    assert table(room, {}) == ""
