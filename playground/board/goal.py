"""Where a run is to stand that has not come there yet: the epoch of a link, or of a file."""

import math
from dataclasses import dataclass

from playground.board.made import Changes
from playground.past.runs import PastRun

SECONDS_TO_MAKE = 60.0  # of computing, for a run that a board has brought
SECONDS_TO_GUESS = 0.5  # of it, after which the whole is estimated


@dataclass
class Goal:
    """A moment that a run is trained up to.

    Attributes:
        epoch: mid-epoch, a fraction.
        changes: live changes on the way, as `Run.changes` has them.
        seconds: of computing that it may take.
        or_nothing: whether the run is to stand at epoch 0 if that is not enough, as soon as this is
            clear; else it stands where it has come to.
        spent: seconds of computing so far.
        diverged: whether the next epoch makes it diverge.
        record: of the run, if a person has seen it.
    """

    epoch: float
    changes: Changes
    seconds: float = math.inf
    or_nothing: bool = False
    spent: float = 0.0
    diverged: bool = False
    record: PastRun | None = None

    def is_too_far(self, reached: float) -> bool:
        """Whether it takes longer than it may. reached: the epoch that the run has come to."""
        if self.or_nothing:
            return self.spent > SECONDS_TO_GUESS and self._expected(reached) > self.seconds
        return self.spent > self.seconds

    def why_not(self, reached: float) -> str:
        """What the person is told then."""
        if self.or_nothing:
            return (
                f"Training again to epoch {self.epoch:g} takes too long: about "
                f"{self._expected(reached):.0f} seconds, but the limit is {self.seconds:g}. The "
                "run starts again at epoch 0."
            )
        return (
            f"Training to epoch {self.epoch:,g} takes too long here: the run stands at epoch "
            f"{reached:g}. Press Play to go on."
        )

    def _expected(self, reached: float) -> float:
        """Seconds that the whole takes."""
        return self.spent * self.epoch / reached if reached else math.inf
