"""The board in words: of the moment on screen, and of what has happened since; read strictly."""

import json

import pytest

from engine import Run, Spec, inspection
from engine.spec import recommended
from playground.board.description import Question, described_classes, numbers, read_question
from playground.board.pinned import Pin
from playground.board.stream import Stream
from playground.own_data import edit
from tests.playground.test_stream import Screen


def test_it_is_of_the_epoch_on_screen_and_the_run_stays_where_it_is():
    stream = Stream(Spec())
    Screen(stream).ask(9)
    parts = stream.describe(Question(stream.run_id, 4))["parts"]
    alone = Run(Spec())
    alone.advance(4)
    assert parts["numbers"] == numbers(alone, None)
    assert parts["verdict"] == inspection.diagnose(alone).text
    wrong = round(75 * (1 - alone.latest.test_accuracy))
    assert parts["picture"].endswith(f"{wrong} of 75 test points are wrong.")
    assert stream.run.epoch == 9


def test_it_says_what_the_board_is():
    stream = Stream(Spec(hidden=(5, 3)))
    parts = stream.describe(Question(stream.run_id, 0))["parts"]
    assert parts["about"] == (
        "Moons: 225 training points and 75 test points in 2 classes. The network has 2 inputs, 2 "
        "hidden layers (5-3 units, tanh) and 1 output."
    )
    stream = Stream(Spec(dataset="curve", hidden=()))
    parts = stream.describe(Question(stream.run_id, 0))["parts"]
    assert parts["about"] == (
        "Curve: 225 training points and 75 test points with values to predict. The network has 1 "
        "input, no hidden layer and 1 output."
    )


def test_since_then_the_losses_have_moved_and_the_border_has_closed():
    stream = Stream(recommended("circles"))
    screen = Screen(stream)
    while stream.run.epoch < 100:
        screen.ask(50)
        screen.shown = screen.last
    stream.run.advance(100 - stream.run.epoch)
    parts = stream.describe(Question(stream.run_id, 100, since=0))["parts"]
    losses = stream.run.history.train_loss
    first, last = f"{losses[0]:.3g}", f"{losses[100]:.3g}"
    said = f"Epoch 100. Since epoch 0, the training loss fell from {first} to {last}, and the test"
    assert parts["numbers"].startswith(said)
    assert parts["picture"].startswith("The border now closes around the inner ring (class 1).")


def test_nothing_is_said_of_a_picture_that_is_as_it_was():
    stream = Stream(Spec())
    Screen(stream).ask(3)
    parts = stream.describe(Question(stream.run_id, 3, since=3))["parts"]
    assert parts["picture"] == ""


def test_it_is_compared_with_what_was_described_without_training_up_to_there_again(monkeypatch):
    stream = Stream(Spec())
    screen = Screen(stream)
    for last in (5, 9):
        screen.ask(last - stream.run.epoch)
        screen.shown = screen.last
        stream.describe(Question(stream.run_id, last, since=None if last == 5 else 5))
    looks = []
    look = stream._made._moments.look
    monkeypatch.setattr(
        stream._made._moments, "look", lambda position: looks.append(position) or look(position)
    )
    stream.describe(Question(stream.run_id, 9, since=9))
    assert looks == [9]
    stream.describe(Question(stream.run_id, 9, since=3))
    assert looks == [9, 9, 3]


def test_a_peak_on_the_way_is_told():
    before, now = Run(Spec()), Run(Spec())
    now.advance(3)
    now.change("learning_rate", 10.0)
    now.advance(4)
    now.change("learning_rate", 0.1)
    now.advance(60)
    assert "after a peak of" in numbers(now, before)


def test_run_a_is_described_beside_it():
    stream = Stream(Spec(), pin=Pin(Spec(hidden=())))
    Screen(stream).ask(6)
    parts = stream.describe(Question(stream.run_id, 3))["parts"]
    alone = Run(Spec(hidden=()))
    alone.advance(3)
    losses = f"{alone.latest.train_loss:.3g} and {alone.latest.test_loss:.3g}"
    assert parts["pinned"].startswith(f"Run A, beside it, has losses of {losses}. A single border")


def test_a_run_that_diverged_says_so_at_its_end_only():
    stream = Stream(Spec(dataset="hills", activation="relu", learning_rate=3.0))
    screen = Screen(stream)
    while not stream.run.diverged:
        screen.ask(50)
    last = stream.run.epoch
    parts = stream.describe(Question(stream.run_id, last))["parts"]
    assert parts["verdict"].startswith("Diverged")
    if last:
        assert "Diverged" not in stream.describe(Question(stream.run_id, 0))["parts"]["verdict"]


def test_what_is_not_known_any_more_has_no_answer():
    stream = Stream(Spec())
    assert stream.describe(Question("another", 0)) is None
    assert stream.describe(Question(stream.run_id, 5)) is None
    assert stream.describe(Question(stream.run_id, 0, since=5)) is None


def test_classes_are_called_what_they_look_like_but_own_ones_what_a_person_calls_them():
    assert described_classes(Spec()) == ["the upper moon (class 0)", "the lower moon (class 1)"]
    assert described_classes(Spec(dataset="xor")) == ["class 0", "class 1"]
    own = edit.taken_over(Run(Spec()))
    assert described_classes(Spec(own=own)) == [*own.classes]
    assert described_classes(Spec(dataset="plane")) == []


def test_the_answer_is_json():
    stream = Stream(Spec(dataset="hills", activation="linear", hidden=(8, 8)))
    assert json.dumps(stream.describe(Question(stream.run_id, 0)), allow_nan=False)


def test_a_question_is_read():
    assert read_question({"run": "a", "epoch": 3.5}) == Question("a", 3.5)
    assert read_question({"run": "a", "epoch": 3, "since": 2}) == Question("a", 3, 2)
    assert read_question({"run": "a", "epoch": 3, "since": None}) == Question("a", 3)


@pytest.mark.parametrize("change", [{"run": 3}, {"epoch": -1}, {"since": -1}, {"since": "then"}])
def test_a_question_out_of_range_is_refused(change):
    with pytest.raises(ValueError, match=r"."):
        read_question({"run": "a", "epoch": 3} | change)
