"""A run pauses by itself where it was told to, and says why."""

import pytest

from engine import Run, Spec
from playground.board.stopping import StopRule, read_rule

SPEC = Spec(samples=60, hidden=(4,), batch_size=60)


def stops(rule: StopRule, epochs: int, spec: Spec = SPEC) -> dict[int, str]:
    """At which epochs a run would be paused, and the reason given."""
    run, found = Run(spec), {}
    for _ in range(epochs):
        run.advance()
        if reason := rule.reason(run):
            found[run.epoch] = reason
    return found


def test_without_a_condition_nothing_stops():
    assert stops(StopRule(), 50) == {}


def test_an_epoch_stops_once():
    assert stops(StopRule(epoch=7), 20) == {7: "Stopped at epoch 7, as asked."}


@pytest.mark.parametrize(("watch", "column"), [("training", "train_loss"), ("test", "test_loss")])
def test_a_loss_stops_when_it_is_reached_and_not_again(watch, column):
    run = Run(SPEC)
    run.advance(60)
    losses = run.history[column]
    goal = float(losses[30])
    first = next(epoch for epoch, loss in enumerate(losses) if loss <= goal)
    ((epoch, reason),) = stops(StopRule(loss=goal, watch=watch), 60).items()
    assert epoch == first
    assert f"the {watch} loss is {losses[first]:.4g}" in reason


def test_patience_counts_from_the_best_epoch():
    """Too large steps: the test loss gets worse at some time, and stays so."""
    spec = Spec(samples=60, noise=0.5, hidden=(8, 8), batch_size=5, learning_rate=0.3)
    run = Run(spec)
    run.advance(200)
    losses = run.history.test_loss
    found = stops(StopRule(patience=15), 200, spec)
    assert found
    for epoch, reason in found.items():
        best = int(losses[: epoch + 1].argmin())
        assert epoch == best + 15
        assert f"lowest at epoch {best}, with {losses[best]:.4g}." in reason


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"epoch": 0}, "epoch must be a whole number from 1 to 1000000, got 0"),
        ({"loss": -1}, "loss must be a number from 0.0 to 1000000.0, got -1"),
        ({"patience": 1.5}, "patience must be a whole number from 1 to 1000000, got 1.5"),
        ({"watch": "the clock"}, "watch must be one of test, training, got 'the clock'"),
    ],
)
def test_a_condition_out_of_range_is_refused_by_name(value, message):
    with pytest.raises(ValueError, match=message):
        read_rule(value)
