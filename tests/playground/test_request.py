"""What comes from outside is read strictly: requests, and what the page is told."""

import pytest

from playground.board.request import Request, read_json, read_request
from playground.board.stopping import StopRule
from playground.board.told import read_told


def test_a_request_that_says_little_is_read_with_defaults():
    assert read_request({}) == Request()
    assert read_request({"run": "a", "frames": 2}) == Request(run="a", frames=2)


def test_a_whole_request_is_read():
    found = {
        "id": 4,
        "run": "abc",
        "take": 2,
        "epoch": 1.5,
        "last": 3,
        "frames": 9,
        "speed": 0,
        "pin": True,
        "stop": {"epoch": 12},
        "changes": [["learning_rate", 1], ["parameter", [3, -0.5]]],
    }
    request = read_request(found)
    assert request.stop == StopRule(epoch=12)
    assert request.changes == (("learning_rate", 1.0), ("parameter", (3, -0.5)))
    assert request.pin is True
    assert request.epoch == 1.5


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"unknown": 1}, "a request has no unknown"),
        ({"frames": 121}, "frames must be a whole number from 0 to 120, got 121"),
        ({"frames": "many"}, "frames must be a whole number from 0 to 120, got 'many'"),
        ({"epoch": -1}, "epoch must be a number from 0.0 to 1000000.0, got -1"),
        ({"epoch": float("nan")}, "epoch must be a number from 0.0 to 1000000.0, got nan"),
        ({"last": True}, "last must be a number from 0.0 to 1000000.0, got True"),
        ({"id": 1.5}, "id must be a whole number"),
        ({"speed": 7}, "speed must be one of"),
        ({"run": 3}, "run must be the name of a run, got 3"),
        ({"run": "a" * 33}, "run must be the name of a run"),
        ({"start": 1}, "start must be true or false, got 1"),
        ({"pin": None}, "pin must be true or false, got None"),
        ({"stop": []}, "stop must be an object of conditions"),
        ({"stop": {"loss": -1}}, "loss must be a number from 0.0"),
        ({"changes": {}}, "changes must be a list"),
        ({"changes": [["learning_rate", 0.1]] * 101}, "changes must be a list of 100"),
        ({"changes": [["learning_rate"]]}, "a live change must be a setting and its value"),
        ({"changes": [["noise", 0.1]]}, "a live change must be a setting and its value"),
        ({"changes": [["learning_rate", 11]]}, "learning_rate must be a number from 1e-05 to 10.0"),
        ({"changes": [["parameter", [0, 101]]]}, "weight or bias must be a number from -100.0"),
        ({"changes": [["parameter", [-1, 1]]]}, "index must be a whole number"),
        ({"changes": [["parameters", [1.0]]]}, "a live change must be"),
        ({"changes": [[[], 1]]}, "a live change must be"),
    ],
)
def test_a_request_out_of_range_is_refused_by_name(found, words):
    with pytest.raises(ValueError, match=words):
        read_request(found)


@pytest.mark.parametrize("text", ["", "[]", "1", "{", "null", "[" * 100_000])
def test_what_is_no_object_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_json(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reshape", {"hidden": [9, 8]}),
        ("look", {"run": "a", "epoch": 3}),
        ("look", {"run": "a", "epoch": 3, "sample": {"part": "test", "index": 2}}),
        ("look", {"run": "a", "epoch": 3, "weight": {"layer": 0, "from": None, "to": 2}}),
        ("edit", {"x": 0.5, "y": -1, "label": 1}),
        ("edit", {"undo": True}),
        ("changed", {}),
        ("copied", {}),
        ("history", {"query": "?noise=0.1"}),
    ],
)
def test_what_a_board_tells_is_read(name, value):
    told = read_told({"name": name, "value": value})
    assert told.name == name
    assert {key: list(x) if isinstance(x, tuple) else x for key, x in told.value.items()} == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shout", {}),
        (["reshape"], {}),
        ("reshape", []),
        ("reshape", {}),
        ("reshape", {"hidden": [17]}),
        ("reshape", {"hidden": [4] * 7}),
        ("look", {"run": "a", "epoch": -1}),
        ("look", {"run": None, "epoch": 1}),
        ("look", {"run": "a", "epoch": 1, "sample": {"part": "all", "index": 1}}),
        ("look", {"run": "a", "epoch": 1, "sample": 3}),
        ("look", {"run": "a", "epoch": 1, "weight": {"layer": None, "from": 1, "to": 1}}),
        ("edit", {"x": float("inf"), "y": 0, "label": 0}),
        ("edit", {"x": 0, "y": 0, "label": -1}),
        ("edit", {"x": 0, "y": 0}),
        ("history", {"query": 3}),
    ],
)
def test_what_no_board_tells_is_refused(name, value):
    with pytest.raises(ValueError, match=r"."):
        read_told({"name": name, "value": value})
