"""Whoever watches the same run is shown the same frames, which are made once."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Run, Spec
from playground import figures
from playground.board import made
from playground.board.frames import make_frame
from playground.board.pinned import Pin
from playground.board.shared import Shared
from playground.board.stream import Stream
from playground.own_data import edit
from tests.playground.test_stream import Screen, unpack


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


def test_charts_are_made_for_the_first_of_those_who_open_a_run(monkeypatch):
    made_for = []
    region_figure = figures.region_figure
    monkeypatch.setattr(
        figures, "region_figure", lambda run, **how: made_for.append(1) or region_figure(run, **how)
    )
    first, second = (unpack(Stream(Spec()).start())["start"] for _ in range(2))
    assert first["figures"] == second["figures"]
    assert len(made_for) == 1
    Stream(Spec(), pin=Pin(Spec(hidden=(2,)))).start()
    assert len(made_for) == 2


def test_own_data_are_shared_with_nobody(drawn):
    spec = replace(Spec(), own=edit.with_point(edit.taken_over(Run(Spec())), 0.1, 0.2, 1))
    for _ in range(2):
        Stream(spec).start()
    assert drawn == [0, 0]


def test_what_was_wanted_last_is_kept():
    shared, made_for = Shared(2), []
    runs = [Run(Spec(weight_seed=seed)) for seed in range(4)]

    def get(seed):
        return shared.of(runs[seed], lambda: made_for.append(seed) or seed)

    for seed in (1, 2, 1, 3, 1, 2):
        assert get(seed) == seed
    assert made_for == [1, 2, 3, 2]
