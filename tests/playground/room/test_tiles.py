"""Tiles: what the teacher sees of a run is what the engine says of it."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from engine import Run, Spec, inspection
from engine.datasets import DATASETS
from engine.run import PARAMETER
from engine.spec import recommended
from playground.board.request import Request
from playground.board.sight import NODES
from playground.board.stream import Stream
from playground.board.value import read_value
from playground.own_data import edit
from playground.palette import region_bytes, region_palette
from playground.room.room import Turn
from playground.room.tiles import LARGEST_VALUE, better, make_tile
from playground.share import from_query, to_query

SMALL = Spec(samples=60, hidden=(3,))


def played(spec: Spec, epochs: int) -> Stream:
    """A board that has asked for so many epochs, one a frame."""
    stream = Stream(spec)
    while stream.run.epoch < epochs and not stream.run.diverged:
        epoch = stream.run.position
        stream.answer(Request(run=stream.run_id, epoch=epoch, last=epoch, frames=1))
    return stream


def tile_of(stream: Stream, epoch: float | None = None, **more) -> dict:
    at = stream.run.position if epoch is None else epoch
    sight = stream.sight(stream.run_id, at)
    assert sight is not None
    return make_tile(sight, seat=1, run=stream.run_id, state="playing", **more)


def picture(tile: dict) -> np.ndarray:
    """The RGBA colour of each node, (NODES, NODES, 4)."""
    nodes = np.frombuffer(base64.b64decode(tile["region"]), np.uint8)
    return np.array(tile["palette"])[nodes].reshape(NODES, NODES, 4)


@pytest.mark.parametrize("epoch", [0, 4, 7])
def test_a_tile_has_the_numbers_of_the_engine(epoch):
    """Of the epoch on screen, though the run is further."""
    run = Run(SMALL)
    run.advance(epoch)
    tile = tile_of(played(SMALL, 7), epoch)
    for name in ("train_loss", "test_loss", "test_accuracy"):
        assert tile[name] == getattr(run.latest, name)
    assert tile["epoch"] == epoch
    assert tile["parameters"] == run.network.parameters.size == 13
    assert json.loads(json.dumps(tile))


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_picture_is_that_of_the_board_in_fewer_shades(dataset):
    spec = replace(recommended(dataset), samples=100)
    stream = played(spec, 3)
    shades = picture(tile_of(stream))
    if spec.coordinates == 1:
        assert (shades[..., 3].max(axis=0) == 255).all()  # the curve has no gap
        return
    width = inspection.half_width(stream.run)
    predicted = inspection.region(stream.run, half_width=width, resolution=NODES)
    classes = 0 if spec.is_regression else spec.classes
    exact = np.array(region_palette(classes))[region_bytes(predicted)]
    visible = exact[..., 3] > 12
    assert (shades[visible][:, :3] == exact[visible][:, :3]).all()
    assert np.abs(shades[..., 3] - exact[..., 3]).max() <= 12


def test_a_tile_is_small():
    spec = replace(recommended("blobs"), classes=5, hidden=(16,) * 6)
    assert len(json.dumps(tile_of(played(spec, 2)))) < 8_000


def test_its_value_makes_the_run_again():
    stream = played(SMALL, 5)
    stream.answer(
        Request(run=stream.run_id, take=1, epoch=5, frames=2, changes=(("learning_rate", 0.5),))
    )
    value = read_value(json.dumps(tile_of(stream)["value"]))
    assert (value.spec, value.epoch) == (SMALL, 7)
    assert value.changes == stream.run.changes


def test_what_is_large_or_somebodys_own_is_no_part_of_it():
    own = edit.taken_over(Run(SMALL))
    tile = tile_of(played(Spec(own=own, hidden=(3,)), 1))
    assert tile["value"] is None
    assert "own data" in tile["differs"]
    stream = played(SMALL, 1)
    many = tuple((PARAMETER, (0, i / 100)) for i in range(90))
    for take in range(1, 10):
        stream.answer(Request(run=stream.run_id, take=take, epoch=1, changes=many))
    assert len(json.dumps(stream.run.changes)) > LARGEST_VALUE
    assert tile_of(stream)["value"] is None


@pytest.mark.parametrize(
    ("spec", "epochs", "word"),
    [
        (SMALL, 0, "not started"),
        (SMALL, 60, ""),
        (Spec(hidden=(8,) * 5, initializer="normal", weight_sigma=9.0), 30, "saturated"),
        (replace(SMALL, hidden=(8,) * 6, activation="sigmoid"), 30, "vanishing gradient"),
    ],
)
def test_a_word_says_what_stands_in_the_way(spec, epochs, word):
    assert tile_of(played(spec, epochs))["diagnosis"] == word


def test_what_differs_from_the_start_of_the_turn_is_said():
    turn = Turn(1, "samples=60&hidden=3")
    assert tile_of(played(SMALL, 1), turn=turn)["differs"] == ""
    other = replace(SMALL, activation="relu", noise=0.3, dataset="circles")
    stream = played(other, 2)
    stream.answer(
        Request(
            run=stream.run_id,
            take=1,
            epoch=2,
            changes=(("learning_rate", 0.5), (PARAMETER, (0, 1.0))),
        )
    )
    assert tile_of(stream, turn=turn)["differs"] == (
        "Circles; noise 0.3; activation ReLU; learning rate 0.5; 1 weight set by hand"
    )


EXPERIMENT = Turn(
    2,
    "samples=60&hidden=3",
    kind="experiment",
    varied=(("learning_rate", ("0.1", "0.3")),),
    epochs=6,
)


@pytest.mark.parametrize(("epochs", "rate"), [(5, 0.1), (6, 0.1), (9, 0.1), (9, 0.3)])
def test_the_result_of_an_experiment_is_that_of_its_last_epoch(epochs, rate):
    """To the last bit, however far the run is by now."""
    spec = replace(SMALL, learning_rate=rate)
    run = Run(spec)
    run.advance(6)
    tile = tile_of(played(spec, epochs), turn=EXPERIMENT)
    seat_has_it = rate == 0.1  # tiles here are of seat 1
    expected = {"test_loss": run.latest.test_loss, "diverged": False}
    assert tile["result"] == (expected if epochs >= 6 and seat_has_it else None)


def test_a_run_that_was_changed_on_its_way_is_no_result():
    stream = played(SMALL, 3)
    change = (("learning_rate", 0.5),)
    stream.answer(Request(run=stream.run_id, take=1, epoch=3, frames=4, changes=change))
    assert tile_of(stream, turn=EXPERIMENT)["result"] is None
    late = played(SMALL, 6)
    late.answer(Request(run=late.run_id, take=1, epoch=6, frames=4, changes=change))
    assert tile_of(late, turn=EXPERIMENT)["result"] is not None


def test_a_result_stays_when_another_run_begins():
    before = tile_of(played(SMALL, 6), turn=EXPERIMENT)
    again = tile_of(played(SMALL, 1), turn=EXPERIMENT, before=before)
    assert again["result"] == before["result"]
    other_turn = tile_of(played(SMALL, 1), turn=replace(EXPERIMENT, number=3), before=before)
    assert other_turn["result"] is None


def test_a_run_that_diverges_says_so():
    query = "dataset=plane&activation=relu&learning_rate=10&samples=60&hidden=16,16,16"
    spec = from_query(dict(part.split("=") for part in query.split("&")))[0]
    turn = replace(EXPERIMENT, query=query, varied=(("learning_rate", ("10",)),), epochs=300)
    stream = played(spec, 300)
    assert stream.run.diverged
    tile = tile_of(stream, turn=turn)
    assert tile["diagnosis"] == "diverged"
    assert tile["result"] == {"test_loss": None, "diverged": True}


CHALLENGE = Turn(3, "samples=60&hidden=3", kind="challenge", goal=0.45)


def test_the_goal_is_reached_at_the_first_epoch_that_is_as_good():
    run = Run(SMALL)
    run.advance(40)
    first = int(np.argmax(run.history.test_loss <= 0.45))
    assert 0 < first < 40
    stream = played(SMALL, 40)
    reached = tile_of(stream, turn=CHALLENGE)["reached"]
    assert reached == {
        "epochs": first,
        "parameters": 13,
        "test_loss": run.history.test_loss[first],
    }
    assert tile_of(stream, first - 1, turn=CHALLENGE)["reached"] is None


@pytest.mark.parametrize("spec", [replace(SMALL, noise=0.0), replace(SMALL, data_seed=1)])
def test_other_data_do_not_count(spec):
    assert tile_of(played(spec, 40), turn=CHALLENGE)["reached"] is None


def test_weights_set_by_hand_do_not_count():
    stream = played(SMALL, 1)
    change = ((PARAMETER, (0, 1.0)),)
    stream.answer(Request(run=stream.run_id, take=1, epoch=1, frames=60, changes=change))
    assert tile_of(stream, turn=CHALLENGE)["reached"] is None


def test_the_better_of_two_runs_counts():
    few, fast = ({"parameters": 9, "epochs": 50}, {"parameters": 30, "epochs": 20})
    by_epochs = replace(CHALLENGE, fewest="epochs")
    for one, other in ((few, fast), (fast, few)):
        assert better(one, other, CHALLENGE) == few
        assert better(one, other, by_epochs) == fast
    assert better(None, few, CHALLENGE) == better(few, None, CHALLENGE) == few


def test_nothing_is_said_of_a_run_that_is_another_one():
    stream = played(SMALL, 2)
    assert stream.sight("another", 1) is None
    assert stream.sight(stream.run_id, 3) is None
    stream.put_away()
    assert stream.sight(stream.run_id, 1) is None


def test_a_glance_changes_nothing():
    stream, other = played(SMALL, 4), played(SMALL, 4)
    tile_of(stream, 2)
    for each in (stream, other):
        each.answer(Request(run=each.run_id, epoch=4, last=4, frames=3))
    assert (stream.run.network.parameters == other.run.network.parameters).all()
    assert to_query(stream.spec) == to_query(SMALL)
