"""Going back in time: wherever a run has been, it can be again, to the last digit."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Run, Spec
from engine.moments import CAPACITY, Moments, replay, replay_by_epoch
from engine.run import PARAMETER

SPEC = Spec(samples=60, hidden=(4, 3), batch_size=10)


def trained(spec=SPEC, epochs=0) -> Run:
    run = Run(spec)
    run.advance(epochs)
    return run


def assert_same(one: Run, other: Run) -> None:
    assert one.position == other.position
    assert one.changes == other.changes
    np.testing.assert_array_equal(one.network.parameters, other.network.parameters)
    np.testing.assert_array_equal(one.history, other.history)
    assert one.latest == other.latest


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("batch_size", [10, 60])
@pytest.mark.parametrize("position", [0, 1, 77, 200, 399])
def test_any_epoch_is_as_it_was_and_has_the_same_future(position, batch_size, optimizer):
    """Four hundred epochs do not fit: most of them are trained again."""
    spec = replace(SPEC, batch_size=batch_size, optimizer=optimizer)
    moments = Moments(Run(spec))
    for epoch in range(400):
        moments.run.advance()
        moments.note()
        moments.release(before=epoch - 20)
    assert len(moments._kept) <= CAPACITY
    assert moments.go_to(position)
    assert_same(moments.run, trained(spec, position))
    moments.run.advance(5)
    assert_same(moments.run, trained(spec, position + 5))


def test_changes_on_the_way_are_made_again_and_later_ones_forgotten():
    moments = Moments(Run(SPEC))
    moments.run.advance(10)
    moments.run.change("learning_rate", 0.01)
    moments.run.advance(10)
    moments.run.advance_batch()
    moments.run.change(PARAMETER, (3, 1.5))
    moments.run.advance(10)
    made = moments.run.changes
    other = Run(SPEC)
    other.advance(10)
    other.change("learning_rate", 0.01)
    other.advance(5)
    assert_same(moments.look(15), other)
    assert moments.run.changes == made
    assert moments.go_to(15)
    assert_same(moments.run, other)


def test_a_moment_amid_an_epoch_is_reached_too():
    moments, alone = Moments(Run(SPEC)), Run(SPEC)
    moments.run.advance(3)
    alone.advance(1)
    alone.advance_batch()
    alone.advance_batch()
    assert moments.go_to(alone.position)
    assert_same(moments.run, alone)


def test_what_a_run_has_not_been_through_is_refused():
    moments = Moments(trained(epochs=0))
    moments.run.advance(2)
    assert not moments.go_to(3)
    assert not moments.go_to(-1)
    assert moments.run.epoch == 2
    with pytest.raises(ValueError, match=r"from 0 to 2, where the run is, got 7"):
        moments.look(7)


def test_a_replay_ends_where_the_run_diverges():
    run = trained(Spec(dataset="hills", samples=50, learning_rate=10.0))
    replay(run, (), 1000)
    assert run.diverged
    assert run.epoch < 1000


def test_a_replay_by_epoch_makes_the_same_run_and_says_where_it_is():
    run = trained(epochs=3)
    run.change("learning_rate", 0.01)
    run.advance_batch()
    run.change(PARAMETER, (3, 1.5))
    run.advance(2)
    run.advance_batch()
    again = Run(SPEC)
    assert list(replay_by_epoch(again, run.changes, run.position)) == [1, 2, 3, 4, 5, run.position]
    assert_same(again, run)
    loaded = Run(SPEC)
    assert list(replay_by_epoch(loaded, run.changes[:1], 0)) == [0]
    assert not loaded.changes
    assert list(replay_by_epoch(loaded, ((0, "learning_rate", 0.3),), 0)) == [0]
    assert loaded.learning_rate == 0.3


def test_kept_snapshots_are_spread_evenly():
    moments = Moments(Run(SPEC))
    for _ in range(1000):
        moments.run.advance()
        moments.note()
        moments.release(before=moments.run.position)
    gaps = np.diff([at for at, _ in moments._kept])
    assert gaps.max() <= 2 * gaps.min()
    assert moments._kept[0][0] == 0
