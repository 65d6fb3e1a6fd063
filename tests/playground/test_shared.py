"""Whoever watches the same run is shown the same frames, which are made once."""

import numpy as np
import pytest

from engine import Spec
from playground.board import made
from playground.board.frames import make_frame
from playground.board.shared import SharedFrames
from playground.board.stream import Stream
from tests.playground.test_stream import Screen


@pytest.fixture
def drawn(monkeypatch):
    """The positions at which a frame was made, none being known before."""
    positions = []

    def note(run, **how):
        positions.append(run.position)
        return make_frame(run, **how)

    monkeypatch.setattr(made, "make_frame", note)
    return positions


def test_a_frame_is_made_for_the_first_of_those_who_see_it(drawn):
    one, other = (Screen(Stream(Spec())) for _ in range(2))
    first, second = one.ask(3), other.ask(3)
    assert drawn == [0, 1, 2, 3]
    for a, b in zip(first["frames"], second["frames"], strict=True):
        np.testing.assert_array_equal(a["region"], b["region"])
        np.testing.assert_array_equal(a["parameters"], b["parameters"])


@pytest.mark.parametrize("change", [("learning_rate", 0.3), ("parameter", (0, 1.0))])
def test_whoever_has_changed_something_sees_another_run(drawn, change):
    one, other = (Screen(Stream(Spec())) for _ in range(2))
    one.ask(2)
    one.shown = one.last
    other.ask(2)
    other.shown = other.last
    other.ask(retake=True, changes=(change,))
    first, second = one.ask(2), other.ask(2)
    assert first["frames"][-1]["losses"] != second["frames"][-1]["losses"]


def test_another_seed_is_another_run(drawn):
    one, other = Screen(Stream(Spec())), Screen(Stream(Spec(weight_seed=1)))
    first, second = one.ask(1), other.ask(1)
    assert first["frames"][0]["losses"] != second["frames"][0]["losses"]
    assert drawn == [0, 0, 1, 1]


def test_the_frames_that_were_wanted_last_are_kept():
    frames, made_for = SharedFrames(2), []

    def get(moment):
        return frames.get(moment, lambda: made_for.append(moment) or moment)

    for moment in (1, 2, 1, 3, 1, 2):
        assert get(moment) == moment
    assert made_for == [1, 2, 3, 2]
