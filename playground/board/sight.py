"""A run as it stands on somebody's board, for others to glance at: see `tiles.py` of a room."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import Spec
from engine.arrays import Floats

NODES = 24  # along each side of the small picture


@dataclass(frozen=True)
class Sight:
    """What there is to know of one moment of a run.

    Attributes:
        spec: as the run began.
        changes: live changes up to this moment, as `Run.changes` has them.
        epoch: of the moment; mid-epoch, a fraction.
        epochs, test_losses: of the history up to it, arrays of equal length.
        train_loss, test_loss, test_accuracy: at the last whole epoch.
        predicted: (NODES, NODES, outputs) as `inspection.region` has it; of a network with one
            coordinate (NODES, 2) as `inspection.curve`.
        half_width: of the plane.
        parameters: how many weights and biases there are.
        diverged: whether the run has come no further than here because it diverged.
        kind: of the newest diagnosis, as `engine.inspection.verdict` has them; "" if nobody looked.
    """

    spec: Spec
    changes: tuple[tuple[float, str, Any], ...]
    epoch: float
    epochs: np.ndarray
    test_losses: Floats
    train_loss: float
    test_loss: float
    test_accuracy: float
    predicted: np.ndarray
    half_width: float
    parameters: int
    diverged: bool
    kind: str

    @property
    def whole_epochs(self) -> int:
        """Epochs that are trained to their end."""
        return math.floor(self.epoch)
