"""One run of an experiment, in whichever process does it."""

import os
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine import Run, Spec
from engine.arrays import Floats
from playground.thinning import evenly

CURVE_POINTS = 201  # of a run's losses, evenly spread, at most

When = Literal["best", "last"]  # the epoch at which a run is judged


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run. Losses are without the penalty.

    Attributes:
        spec: of the run.
        train_losses, test_losses: at `curve_epochs`, NaN after it has diverged.
        best_epoch: the epoch with the lowest test loss.
        best_test_loss, best_test_accuracy: test loss and accuracy, or R², at that epoch.
        test_accuracy: at the end.
        diverged: whether it ended before its last epoch.
    """

    spec: Spec
    train_losses: Floats
    test_losses: Floats
    best_epoch: int
    best_test_loss: float
    best_test_accuracy: float
    test_accuracy: float
    diverged: bool

    def test_loss_at(self, when: When) -> float:
        """The test loss at its best or last epoch; infinite if it diverged, however good before."""
        if self.diverged:
            return float("inf")
        return self.best_test_loss if when == "best" else float(self.test_losses[-1])

    def test_accuracy_at(self, when: When) -> float:
        """The test accuracy at its best or last epoch."""
        return self.best_test_accuracy if when == "best" else self.test_accuracy


def curve_epochs(epochs: int) -> np.ndarray:
    """The epochs whose losses are recorded, both ends included."""
    return evenly(epochs, CURVE_POINTS)


def train(spec: Spec, epochs: int, stop: str = "") -> Outcome | None:
    """Train a plain `Run` and record its losses.

    stop: path of a file; once it exists, the run is given up, and None is returned.
    """
    run = Run(spec)
    at = curve_epochs(epochs)
    losses = np.full((2, len(at)), np.nan)
    for i, epoch in enumerate(at):
        if stop and os.path.exists(stop):
            return None
        run.advance(int(epoch) - run.epoch)
        if run.diverged:
            break
        losses[:, i] = run.latest.train_loss, run.latest.test_loss
    best = run.history[run.history.test_loss.argmin()]
    return Outcome(
        spec=spec,
        train_losses=losses[0],
        test_losses=losses[1],
        best_epoch=int(best.epoch),
        best_test_loss=float(best.test_loss),
        best_test_accuracy=float(best.test_accuracy),
        test_accuracy=float(run.latest.test_accuracy),
        diverged=run.diverged,
    )
