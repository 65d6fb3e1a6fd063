"""When a run pauses by itself, and what is then said."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from engine import Run
from engine.spec import check_number

MAX_EPOCHS = 1_000_000
LIMITS: Mapping[str, tuple[float, float]] = {
    "epoch": (1, MAX_EPOCHS),
    "loss": (0.0, 1e6),
    "patience": (1, MAX_EPOCHS),
}
WATCHED = ("test", "training")


@dataclass(frozen=True)
class StopRule:
    """Conditions; what is None is none of them. Each pauses a run once, then it can go on.

    Attributes:
        epoch: the run gets there.
        loss: the watched loss gets down to it.
        patience: so many epochs have gone by since the watched loss was at its lowest.
        watch: which loss, one of `WATCHED`; without the penalty.

    Raises:
        ValueError: a condition is out of its range; the message names it, its limits and the value.
    """

    epoch: int | None = None
    loss: float | None = None
    patience: int | None = None
    watch: str = WATCHED[0]

    def __post_init__(self) -> None:
        for name, limits in LIMITS.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, check_number(name, value, limits))
        if self.watch not in WATCHED:
            raise ValueError(f"watch must be one of {', '.join(WATCHED)}, got {self.watch!r}")

    def reason(self, run: Run) -> str:
        """Why a run that has just finished an epoch pauses now; "" if it does not."""
        if run.epoch == self.epoch:
            return f"Stopped at epoch {run.epoch}, as asked."
        if self.loss is None and self.patience is None:
            return ""
        history = run.history
        losses = history.test_loss if self.watch == "test" else history.train_loss
        now = losses[-1]
        if self.loss is not None and now <= self.loss < losses[:-1].min():
            return (
                f"Stopped at epoch {run.epoch}: the {self.watch} loss is {now:.4g}, at or below "
                f"{self.loss:g}."
            )
        best = int(np.argmin(losses))
        if run.epoch - history.epoch[best] == self.patience:
            return (
                f"Stopped at epoch {run.epoch}: the {self.watch} loss has not improved for "
                f"{self.patience} epochs; it was lowest at epoch {history.epoch[best]}, with "
                f"{losses[best]:.4g}."
            )
        return ""


def read_rule(value: Mapping[str, Any]) -> StopRule:
    """A rule as the browser sent it; what it leaves out is no condition."""
    names = [field.name for field in fields(StopRule)]
    return StopRule(**{name: value[name] for name in names if name in value})
