"""What the network says where a person points: exactly, of the moment on screen; read strictly."""

import json

import numpy as np
import pytest

from engine import Run, Spec
from engine.losses import LOSSES
from playground.board.pinned import Pin
from playground.board.probe import Probe, read_probe
from playground.board.stream import Stream
from playground.own_data import edit
from tests.playground.test_stream import Screen


def test_a_place_has_the_probability_of_each_class_at_the_epoch_on_screen():
    """The run is ahead of the screen, and stays there."""
    stream, alone = (
        Stream(Spec(dataset="spirals", classes=3)),
        Run(Spec(dataset="spirals", classes=3)),
    )
    Screen(stream).ask(9)
    alone.advance(4)
    found = stream.probe(Probe(stream.run_id, 4, 0.5, -0.25))
    np.testing.assert_array_equal(found["predicted"], alone.predict(np.array([[0.5, -0.25]]))[0])
    assert found["sample"] is None
    assert stream.run.epoch == 9


def test_an_epoch_long_past_is_known_too():
    stream, alone = Stream(Spec(hidden=(3,))), Run(Spec(hidden=(3,)))
    screen = Screen(stream)
    while stream.run.epoch < 150:
        screen.ask(50)
        screen.shown = screen.last
    alone.advance(7)
    found = stream.probe(Probe(stream.run_id, 7, 0.5, 0.5))
    np.testing.assert_array_equal(found["predicted"], alone.predict(np.array([[0.5, 0.5]]))[0])


@pytest.mark.parametrize("dataset", ["moons", "spirals", "hills", "curve"])
def test_a_data_point_has_its_label_its_loss_and_whether_it_is_right(dataset):
    """The losses of all points of a part have the loss of that part as their mean."""
    spec = Spec(dataset=dataset, samples=60)
    stream = Stream(spec)
    (frame,) = Screen(stream).ask(1, speed=5)["frames"]
    run = stream.run
    parts = (("training", run.train_labels), ("test", run.test_labels))
    for (part, labels), loss, accuracy in zip(
        parts, frame["losses"], frame["accuracies"], strict=True
    ):
        asked = [
            stream.probe(Probe(stream.run_id, 5, 0, 0, (part, index)))["sample"]
            for index in range(len(labels))
        ]
        assert [sample["label"] for sample in asked] == labels.tolist()
        assert np.mean([sample["loss"] for sample in asked]) == pytest.approx(loss)
        if spec.is_regression:
            assert {sample["right"] for sample in asked} == {None}
        else:
            assert np.mean([sample["right"] for sample in asked]) == pytest.approx(accuracy)


def test_own_data_are_asked_and_answered_in_their_units():
    plane = Run(Spec(dataset="plane", samples=60))
    own = edit.taken_over(plane)
    moved = type(own)(
        **{name: getattr(own, name) for name in own.__dataclass_fields__ if name[0] != "_"}
        | {"centre": (5.0, -3.0), "scale": (10.0, 0.5), "target_centre": 7.0, "target_scale": 2.0}
    )
    stream = Stream(Spec(own=moved))
    found = stream.probe(Probe(stream.run_id, 0, 5.0 + 10.0 * 0.4, -3.0 + 0.5 * 0.8))
    expected = 7.0 + 2.0 * stream.run.predict(np.array([[0.4, 0.8]]))[0, 0]
    assert found["predicted"] == [pytest.approx(expected)]
    sample = stream.probe(Probe(stream.run_id, 0, 0, 0, ("test", 3)))["sample"]
    assert sample["label"] == 7.0 + 2.0 * stream.run.test_labels[3]


def test_run_a_is_asked_in_its_own_picture():
    a, b = Spec(hidden=(2,)), Spec(hidden=(3,))
    stream = Stream(b, pin=Pin(a))
    Screen(stream).ask(6)
    for spec, pinned in ((a, True), (b, False)):
        alone = Run(spec)
        alone.advance(3)
        found = stream.probe(Probe(stream.run_id, 3, 0.1, 0.2, pinned=pinned))
        np.testing.assert_array_equal(found["predicted"], alone.predict(np.array([[0.1, 0.2]]))[0])


def test_a_weight_that_was_set_counts_at_once():
    stream = Stream(Spec())
    screen = Screen(stream)
    before = stream.probe(Probe(stream.run_id, 0, 0.5, 0.5))["predicted"]
    screen.ask(retake=True, changes=[("parameter", (0, 5.0))])
    assert stream.probe(Probe(stream.run_id, 0, 0.5, 0.5))["predicted"] != before


def test_what_is_not_known_any_more_has_no_answer():
    stream = Stream(Spec())
    assert stream.probe(Probe("another", 0, 0, 0)) is None
    assert stream.probe(Probe(stream.run_id, 5, 0, 0)) is None
    assert stream.probe(Probe(stream.run_id, 0, 0, 0, pinned=True)) is None
    with pytest.raises(ValueError, match="there are 225 training points, and none is at 9999"):
        stream.probe(Probe(stream.run_id, 0, 0, 0, ("training", 9999)))


def test_a_number_that_is_not_finite_is_none():
    stream = Stream(Spec(dataset="hills", activation="linear", hidden=(8, 8)))
    stream.run.network.parameters *= 1e160
    stream._made._moments.note()
    found = stream.probe(Probe(stream.run_id, 0, 1e3, 1e3))
    assert found["predicted"] == [None]
    assert json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("loss", [name for name, loss in LOSSES.items() if loss.classes])
def test_probabilities_are_of_every_class_whatever_the_outputs(loss):
    stream = Stream(Spec(loss=loss))
    found = stream.probe(Probe(stream.run_id, 0, 0.5, 0.5))
    assert len(found["predicted"]) == 2
    assert sum(found["predicted"]) == pytest.approx(1.0)


def test_a_probe_is_read():
    found = {"run": "a", "epoch": 3.5, "x": 1, "y": -2.5}
    assert read_probe(found) == Probe("a", 3.5, 1.0, -2.5)
    more = {"sample": {"part": "test", "index": 4}, "pinned": True}
    assert read_probe(found | more) == Probe("a", 3.5, 1.0, -2.5, ("test", 4), pinned=True)


@pytest.mark.parametrize(
    "change",
    [
        {"run": 3},
        {"epoch": -1},
        {"x": "left"},
        {"y": float("inf")},
        {"sample": {"part": "all", "index": 1}},
        {"sample": {"part": "test", "index": 1.5}},
        {"sample": 3},
        {"sample": {}},
        {"pinned": 1},
    ],
)
def test_a_probe_out_of_range_is_refused(change):
    with pytest.raises(ValueError, match=r"."):
        read_probe({"run": "a", "epoch": 3, "x": 1, "y": 2} | change)
