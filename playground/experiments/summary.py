"""The results of an experiment, in a few numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import Floats
from playground.experiments.job import Job
from playground.experiments.work import Outcome, When, curve_epochs

Measure = Literal["test_loss", "success"]


@dataclass(frozen=True)
class Band:
    """The middle of many loss curves, each (epochs,), without runs that have diverged by then.

    Attributes:
        epochs: where the losses are known.
        median: half of the runs are below it.
        low, high: a quarter of the runs are below, above.
    """

    epochs: np.ndarray
    low: Floats
    median: Floats
    high: Floats


def finished(job: Job) -> list[Outcome]:
    """The outcomes so far."""
    return [outcome for outcome in job.outcomes if outcome is not None]


def band(outcomes: Sequence[Outcome], part: Literal["train", "test"], epochs: int) -> Band:
    """The band of the training or of the test losses; there must be an outcome."""
    losses = np.array([getattr(outcome, f"{part}_losses") for outcome in outcomes])
    known = np.isfinite(losses).any(axis=0)  # epochs that some run has reached
    low, median, high = np.nanpercentile(losses[:, known], [25.0, 50.0, 75.0], axis=0)
    return Band(curve_epochs(epochs)[known], low, median, high)


def successes(outcomes: Sequence[Outcome], accuracy: float, when: When) -> int:
    """How many runs reach this test accuracy then; a run that diverged never does."""
    return sum(not one.diverged and one.test_accuracy_at(when) >= accuracy for one in outcomes)


def best_and_worst(outcomes: Sequence[Outcome], when: When) -> tuple[Outcome, Outcome]:
    """The runs with the lowest and with the highest test loss then."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.test_loss_at(when))
    return ordered[0], ordered[-1]


def median_test_loss(outcomes: Sequence[Outcome], when: When) -> float:
    """The median test loss then, infinite if most diverged; there must be an outcome."""
    losses = sorted(outcome.test_loss_at(when) for outcome in outcomes)
    # the lower one of two in the middle: between a number and infinity there is no mean
    return losses[(len(losses) - 1) // 2]


def grid(job: Job, measure: Measure, accuracy: float, when: When) -> Floats:
    """The result of each combination of values, NaN where there is none yet.

    measure: the median test loss of its runs, infinite if most diverged; or the share that
    succeeded.
    """
    shape = tuple(len(entry.values) for entry in job.experiment.varied)
    found = np.full(shape, np.nan)
    for cell in np.ndindex(shape):
        outcomes = of_cell(job, cell)
        if not outcomes:
            continue
        if measure == "success":
            found[cell] = successes(outcomes, accuracy, when) / len(outcomes)
        else:
            found[cell] = median_test_loss(outcomes, when)
    return found


def of_cell(job: Job, cell: tuple[int, ...]) -> list[Outcome]:
    """The outcomes so far of one combination of values."""
    return [
        outcome
        for task, outcome in zip(job.tasks, job.outcomes, strict=True)
        if outcome is not None and task.cell == cell
    ]
