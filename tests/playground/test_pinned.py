"""Two runs in step: the same data, the same epochs, and words for what differs."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Run, Spec
from engine.run import PARAMETER
from engine.spec import CHOICES, SETTINGS, data_of, with_settings
from playground.board.pinned import (
    Pin,
    PinnedRun,
    adapt,
    differences,
    in_words,
    moments_of,
    on_data_of,
)
from playground.board.stream import Stream
from playground.board.value import RunValue
from playground.own_data import edit
from playground.server.config import Config
from tests.playground.test_stream import Screen, unpack

A, B = Spec(activation="relu"), Spec(hidden=(8, 8, 4), learning_rate=0.03)


def test_both_play_the_same_epochs_each_as_if_alone():
    screen = Screen(Stream(B, pin=Pin(A)))
    for sent in screen.ask(5, speed=2)["frames"]:
        for spec, frame in ((A, sent["pinned"]), (B, sent)):
            alone = Run(spec)
            alone.advance(sent["epoch"])
            assert frame["epoch"] == alone.epoch
            assert frame["losses"] == [alone.latest.train_loss, alone.latest.test_loss]


def test_both_go_back_together():
    screen = Screen(Stream(B, pin=Pin(A)))
    first = screen.ask(10)["frames"]
    screen.shown = 3
    again = screen.ask(2, retake=True)["frames"]
    assert [frame["pinned"]["losses"] for frame in again] == [
        frame["pinned"]["losses"] for frame in first[3:5]
    ]


def changed_run(stream):
    """The screen of a run with two live changes at epoch 2, which stands at epoch 4."""
    screen = Screen(stream)
    screen.ask(4)
    screen.shown = 2
    screen.ask(2, retake=True, changes=[("parameter", [0, 2.0]), ("learning_rate", 0.5)])
    screen.shown = screen.last
    return screen


def alone_to(epoch):
    """The same run, made alone."""
    alone = Run(Spec())
    alone.advance(2)
    alone.change(PARAMETER, (0, 2.0))
    alone.change("learning_rate", 0.5)
    alone.advance(epoch - 2)
    return alone


def test_both_can_begin_again_a_as_the_run_was():
    """Live changes are part of that run."""
    stream = Stream(Spec())
    start = changed_run(stream).ask(pin=True, reset=True)
    assert start["start"]["pinned"]
    assert start["frames"][0]["epoch"] == start["frames"][0]["pinned"]["epoch"] == 0
    names = [trace["name"] for trace in start["start"]["figures"]["loss"]["data"]]
    assert names == ["training B", "test B", "training A", "test A"]
    (frame,) = Screen(stream).ask(1, speed=5)["frames"]
    alone = alone_to(5)
    assert frame["pinned"]["losses"] == [alone.latest.train_loss, alone.latest.test_loss]


def test_pinning_keeps_the_run_the_epoch_and_the_history():
    """Nothing is left of frames in flight: A is what has been seen, and B goes on from there."""
    stream = Stream(Spec())
    screen = changed_run(stream)
    screen.ask(10)
    run_id = stream.run_id
    start = screen.ask(retake=True, pin=True)
    assert start["run"] == run_id
    (frame,) = start["frames"]
    alone = alone_to(4)
    losses = [alone.latest.train_loss, alone.latest.test_loss]
    assert frame["epoch"] == frame["pinned"]["epoch"] == 4
    assert frame["losses"] == frame["pinned"]["losses"] == losses
    for trace in start["start"]["figures"]["loss"]["data"]:
        assert trace["x"] == [0, 1, 2, 3, 4]
    assert start["comparison"] == "A and B are the same run so far"
    assert stream.past.runs == []

    answer = screen.ask(3, retake=True, changes=[("learning_rate", 0.01)])
    alone.advance(3)
    frame = answer["frames"][-1]
    assert frame["pinned"]["losses"] == [alone.latest.train_loss, alone.latest.test_loss]
    other = alone_to(4)
    other.change("learning_rate", 0.01)
    other.advance(3)
    assert frame["losses"] == [other.latest.train_loss, other.latest.test_loss]
    words = "A: learning rate 0.5 · B: learning rate 0.01 · the same run up to epoch 4"
    assert answer["comparison"] == words

    screen.shown = 0  # long before they parted: A goes back too
    (frame,) = screen.ask(1, retake=True)["frames"]
    assert frame["losses"] == frame["pinned"]["losses"]


def test_unpinning_goes_on_with_b_where_it_stands():
    stream = Stream(Spec())
    screen = changed_run(stream)
    screen.ask(retake=True, pin=True)
    screen.ask(2, retake=True, changes=[("learning_rate", 0.01)])
    screen.shown = 5
    run_id = stream.run_id
    start = screen.ask(retake=True, pin=False)
    assert start["run"] == run_id
    assert stream.pin is None
    assert not start["start"]["pinned"]
    assert start["comparison"] == ""
    (frame,) = start["frames"]
    assert frame["epoch"] == 5
    assert "pinned" not in frame
    assert start["start"]["figures"]["loss"]["data"][0]["x"] == [0, 1, 2, 3, 4, 5]
    assert screen.ask(1)["frames"][0]["epoch"] == 6


def test_a_pinned_run_is_made_again_from_its_value_to_the_last_bit():
    """Pinned on the way, parted by a learning rate, then another server has to make both."""
    stream = Stream(Spec())
    screen = changed_run(stream)
    screen.ask(retake=True, pin=True)
    screen.ask(4, retake=True, changes=[("learning_rate", 0.01)])
    other = Stream(Spec())
    other.bring(RunValue(stream.run.spec, stream.run.changes, 8.0, stream.pin))
    for one, two in ((stream.run, other.run), (stream._made.pinned.run, other._made.pinned.run)):
        if two.epoch < one.epoch:
            unpack(other.start())  # A follows when it is shown
        np.testing.assert_array_equal(one.network.parameters, two.network.parameters)
        np.testing.assert_array_equal(one.history, two.history)


def test_a_new_run_of_b_keeps_a_and_a_follows_its_data():
    stream = Stream(B, pin=Pin(A))
    stream.restart(replace(B, dataset="spirals", classes=3), pin=stream.pin)
    pinned = stream._made.pinned.run
    np.testing.assert_array_equal(pinned.train_points, stream.run.train_points)
    assert pinned.spec == replace(A, dataset="spirals", classes=3)


@pytest.mark.parametrize("dataset", CHOICES["dataset"])
def test_a_follows_to_every_dataset(dataset):
    """Where its loss or inputs don't fit, they give way; edited weights may not exist any more."""
    pin = Pin(Spec(loss="softmax_cross_entropy", features=("x2",)), ((0, PARAMETER, (30, 1.0)),))
    stream = Stream(Spec(dataset=dataset), pin=pin)
    assert len(Screen(stream).ask(2)["frames"]) == 2
    assert on_data_of(pin.spec, stream.spec).dataset == dataset
    if dataset == "curve":
        assert adapt(pin, stream.spec).changes == ()


def test_a_run_that_diverges_stays_where_it_did_and_comes_back():
    pinned = PinnedRun(Pin(Spec(dataset="hills", samples=50, learning_rate=10.0)))
    pinned.follow(100)
    last = pinned.run.epoch
    assert pinned.run.diverged
    assert last < 100
    pinned.follow(0)
    assert pinned.run.epoch == 0
    header = unpack(Stream(Spec(dataset="hills"), pin=Pin(pinned.run.spec)).start())
    assert not header["frames"][0]["pinned"]["diverged"]


def test_what_differs_is_named_exactly():
    assert differences(A, B) == [
        ("hidden", (8, 8), (8, 8, 4)),
        ("activation", "relu", "tanh"),
        ("learning_rate", 0.1, 0.03),
    ]
    assert in_words(Run(A), Run(A), A) == "A and B are the same run so far"
    assert in_words(Run(A), Run(B), B) == (
        "A: hidden layers 8-8, activation ReLU, learning rate 0.1 · "
        "B: hidden layers 8-8-4, activation tanh, learning rate 0.03 · "
        "same data, same initial weights in the first 2 layers"
    )


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (Spec(activation="relu"), "same initial weights"),
        (Spec(weight_seed=1), "different initial weights"),
        (Spec(initializer="he"), "different initial weights"),
        (Spec(hidden=(4, 8)), "different initial weights"),
        (Spec(hidden=(8, 3)), "same initial weights in the first layer"),
    ],
)
def test_the_words_about_initial_weights_are_true(other, words):
    one, two = Run(Spec()), Run(other)
    assert in_words(one, two, other).endswith(words)
    same = [
        x.shape == y.shape and (x == y).all()
        for x, y in zip(one.network.weights, two.network.weights, strict=True)
    ]
    assert same[: 3 if words == "same initial weights" else "layer" in words].count(True) == (
        3 if words == "same initial weights" else int("layer" in words)
    )


def test_the_spec_itself_says_which_settings_describe_the_data():
    """Each of them makes other points, and goes with the data to run A; the others do not."""
    other = {
        "dataset": "circles",
        "classes": 3,
        "samples": 200,
        "noise": 0.1,
        "test_share": 0.4,
        "data_seed": 1,
        "turns": 1.5,
        "own": edit.taken_over(Run(Spec(dataset="xor"))),
    }
    spec = Spec(dataset="spirals")
    points = Run(spec).train_points
    assert set(data_of(spec)) == set(other)
    for name, value in other.items():
        changed = with_settings(spec, {name: value})
        assert not np.array_equal(Run(changed).train_points, points)
        moved = on_data_of(A, changed)
        assert data_of(moved) == data_of(changed)
        np.testing.assert_array_equal(Run(moved).train_points, Run(changed).train_points)
    for name in set(SETTINGS) - set(other):
        assert name not in data_of(spec)


def test_a_visit_with_few_megabytes_keeps_fewer_moments(monkeypatch):
    """Going back then takes longer, and arrives at the same numbers."""
    spec = Spec(hidden=(16,) * 6, optimizer="adam", samples=50, batch_size=50)
    monkeypatch.setattr("playground.board.pinned.config", lambda: Config(megabytes_per_visit=2))
    moments, alone = moments_of(Run(spec)), Run(spec)
    size = alone.network.parameters.nbytes + alone.optimizer_state.memory.nbytes
    for _ in range(40):
        moments.run.advance()
        moments.note()
        moments.release(moments.run.position)
    assert len(moments._kept) * size <= 2 * 2**20 / 4
    assert moments.go_to(33)
    alone.advance(33)
    np.testing.assert_array_equal(moments.run.network.parameters, alone.network.parameters)
