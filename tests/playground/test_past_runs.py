"""Runs that are over: what is kept of them, that they come back, and the file of a session."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine import Run, Spec
from engine.run import PARAMETER, PARAMETERS
from engine.spec import recommended
from playground.board.pinned import Pin
from playground.board.request import Request
from playground.board.stream import Stream
from playground.export.session_file import SavedVisit, is_session, read_session, session_json
from playground.own_data import edit
from playground.past.runs import MOST_RUNS, PIXELS, PastRuns, describe, look_back
from tests.playground.test_stream import unpack

SMALL = Spec(samples=60, hidden=(4,))


def trained(spec: Spec = SMALL, epochs: int = 7) -> Run:
    run = Run(spec)
    run.advance(epochs)
    return run


def watch(stream: Stream, epoch: int, changes=()) -> None:
    """Have the board show the run up to an epoch, and change something there."""
    stream.answer(Request(run=stream.run_id, epoch=0, last=0, frames=epoch))
    stream.answer(
        Request(run=stream.run_id, take=1, epoch=epoch, last=epoch, frames=3, changes=changes)
    )


def test_a_run_is_kept_as_it_was():
    run = trained()
    kept = look_back(run, 3)
    assert (kept.number, kept.spec, kept.epoch) == (3, SMALL, 7)
    assert kept.train_loss == run.history.train_loss[-1]
    assert kept.test_accuracy == run.history.test_accuracy[-1]
    assert kept.epochs == list(range(8))
    assert kept.test_losses == run.history.test_loss.tolist()


@pytest.mark.parametrize("dataset", ["moons", "blobs", "hills", "curve"])
def test_its_picture_shows_what_it_predicted(dataset):
    run = trained(replace(SMALL, dataset=dataset, classes=5 if dataset == "blobs" else 2), 40)
    image = Image.open(io.BytesIO(look_back(run, 1).picture))
    assert image.size == (PIXELS, PIXELS)
    pixels = np.asarray(image)
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) >= 2
    if dataset == "moons":
        left_top, right_bottom = pixels[5, 5].astype(int), pixels[-6, -6].astype(int)
        assert left_top[2] > left_top[0]  # blue, as class 0 is up there
        assert right_bottom[0] > right_bottom[2]


def test_only_the_newest_are_kept():
    past, run = PastRuns(), trained(epochs=1)
    for _ in range(MOST_RUNS + 3):
        past.add(look_back(run))
    assert [kept.number for kept in past.runs] == list(range(MOST_RUNS + 3, 3, -1))
    past.delete(5)
    assert 5 not in [kept.number for kept in past.runs]
    past.add(look_back(run))
    assert past.runs[0].number == MOST_RUNS + 4


def test_runs_of_a_file_come_below_those_of_the_visit():
    past, other = PastRuns(), PastRuns()
    for epochs in (1, 2):
        past.add(look_back(trained(epochs=epochs)))
    other.add(look_back(trained(epochs=3)))
    past.join(other.runs)
    assert [(run.number, run.epoch) for run in past.runs] == [(3, 2), (2, 1), (1, 3)]


def test_a_run_is_kept_when_another_one_begins():
    stream = Stream(SMALL)
    stream.restart(SMALL)
    assert stream.past.runs == []  # nobody has seen anything of it
    watch(stream, 5)
    stream.restart(replace(SMALL, hidden=(3,)))
    watch(stream, 2)
    stream.answer(Request(run=stream.run_id, take=1, epoch=2, reset=True))
    assert [(run.spec.hidden, run.epoch) for run in stream.past.runs] == [((3,), 2), ((4,), 5)]


def test_a_run_comes_back_as_it_was_with_its_live_changes():
    stream = Stream(SMALL)
    changes = (("learning_rate", 0.5), (PARAMETER, (2, 1.25)))
    watch(stream, 5, changes)
    stream.answer(Request(run=stream.run_id, take=1, epoch=8, last=8, frames=100))
    stream.restart(replace(SMALL, hidden=(3,)))
    (kept,) = stream.past.runs
    assert kept.epoch == 8
    stream.restart(kept.spec, changes=kept.changes, epoch=kept.epoch)
    assert stream.run.position == stream.shown == 8
    assert stream.run.latest.train_loss == kept.train_loss
    assert stream.run.latest.test_loss == kept.test_loss
    assert stream.spec.learning_rate == 0.5
    np.testing.assert_array_equal(stream.run.history.test_loss, kept.test_losses)
    stream.answer(Request(run=stream.run_id, take=1, epoch=3, frames=1))  # and into its past
    assert stream.run.position == 4


def test_a_run_that_began_with_loaded_weights_begins_with_them_again():
    stream = Stream(SMALL)
    weights = np.linspace(-1.0, 1.0, len(stream.run.network.parameters))
    stream.restart(SMALL, changes=((0, PARAMETERS, tuple(weights)),))
    watch(stream, 3)
    stream.restart(SMALL)
    (kept,) = stream.past.runs
    stream.restart(kept.spec, changes=kept.changes, epoch=kept.epoch)
    assert stream.run.latest.train_loss == kept.train_loss
    stream.answer(Request(run=stream.run_id, epoch=3, reset=True))
    np.testing.assert_array_equal(stream.run.network.parameters, weights)


def test_the_browser_asks_before_many_runs_or_own_data_are_lost():
    stream = Stream(SMALL)

    def unsaved() -> bool:
        stream.answer(Request(run=stream.run_id, start=True))
        return unpack(stream.start())["unsaved"]

    assert not unsaved()
    for _ in range(3):
        watch(stream, 2)
        stream.restart(SMALL)
    assert unsaved()
    assert not Stream(SMALL).past.runs
    stream = Stream(replace(SMALL, own=edit.taken_over(Run(SMALL))))
    assert unsaved()


def visit_with(own: bool) -> SavedVisit:
    spec = replace(SMALL, own=edit.taken_over(Run(SMALL))) if own else SMALL
    run = trained(spec)
    run.change("learning_rate", 0.3)
    run.change(PARAMETER, (1, -2.0))
    past = PastRuns()
    past.add(look_back(run))
    past.add(look_back(trained(replace(spec, activation="relu"))))
    pin = Pin(spec, run.changes)
    return SavedVisit(spec, run.changes, 7.0, pin, past.runs)


@pytest.mark.parametrize("own", [False, True])
def test_a_session_comes_back_from_its_file(own):
    visit = visit_with(own)
    text = session_json(visit)
    assert is_session(text)
    assert read_session(text) == visit
    assert text.count('"points"') == (1 if own else 0)


def test_a_session_without_a_pin_and_without_past():
    visit = SavedVisit(SMALL, (), 0.0, None, [])
    assert read_session(session_json(visit)) == visit


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda found: found.pop("past"), "not as the playground saves it: KeyError"),
        (
            lambda found: found.update(mlp_playground_session=2),
            "has version 2",
        ),
        (lambda found: found["present"].update(epoch=-1), "epoch must be a number from 0.0"),
        (lambda found: found["present"]["settings"].update(own="gone"), "KeyError"),
        (lambda found: found["present"]["settings"].update(noise=7), "noise must be a number from"),
        (lambda found: found["past"][0].update(picture="*"), "not as the playground saves it"),
        (lambda found: found["present"].update(changes=[[1]]), "not enough values"),
    ],
)
def test_a_damaged_session_is_refused(damage, complaint):
    found = json.loads(session_json(visit_with(own=True)))
    damage(found)
    with pytest.raises(ValueError, match=complaint):
        read_session(json.dumps(found))


def test_a_session_cut_off_is_refused():
    with pytest.raises(ValueError, match="the session is not JSON"):
        read_session(session_json(visit_with(own=False))[:500])


def test_a_run_is_described_by_what_is_special_about_it():
    assert describe(Spec(), ()) == "Moons"
    assert describe(recommended("spirals"), ()) == "Spirals"
    assert describe(Spec(activation="relu"), ()) == "Moons, activation ReLU"
    spec = replace(SMALL, dataset="xor")
    changes = ((0.0, "learning_rate", 0.3),)
    assert describe(spec, changes) == "XOR, samples 60, noise 0.2, hidden layers 4, 1 live change"
    assert describe(spec, 2 * changes).endswith("2 live changes")
