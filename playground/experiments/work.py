"""One run of an experiment, in whatever process it is done."""

import os
from dataclasses import dataclass

import numpy as np

from engine import Run, Spec
from engine.arrays import Floats
from playground.thinning import evenly

CURVE_POINTS = 201  # of a run's losses, evenly spread, at most


@dataclass(frozen=True)
class Outcome:
    """What became of a run. Losses are without the penalty.

    Attributes:
        spec: of the run.
        train_losses, test_losses: at `curve_epochs`, NaN after it has diverged.
        train_accuracy, test_accuracy: at the end; R² for regression.
        diverged: whether it ended before its last epoch.
    """

    spec: Spec
    train_losses: Floats
    test_losses: Floats
    train_accuracy: float
    test_accuracy: float
    diverged: bool

    @property
    def test_loss(self) -> float:
        """At the end; infinite if it diverged."""
        return float("inf") if self.diverged else float(self.test_losses[-1])


def curve_epochs(epochs: int) -> np.ndarray:
    """The epochs at which losses are noted, both ends included."""
    return evenly(epochs, CURVE_POINTS)


def train(spec: Spec, epochs: int, stop: str = "") -> Outcome | None:
    """Train a plain `Run`, and note its losses on the way.

    stop: path of a file; once it is there, the run is given up, and None returned.
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
    return Outcome(
        spec=spec,
        train_losses=losses[0],
        test_losses=losses[1],
        train_accuracy=float(run.latest.train_accuracy),
        test_accuracy=float(run.latest.test_accuracy),
        diverged=run.diverged,
    )
