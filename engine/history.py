"""What was measured after each epoch, in bounded memory.

Up to `CAPACITY` epochs every one is kept. Then every second one is let go, and so on: what is kept
are the multiples of a stride, and always the newest. An hour of training fits into a few megabytes.
"""

from copy import copy
from typing import Any

import numpy as np

CAPACITY = 2**14

# of each layer, from the input side
FLOWS = ("gradient_norms", "error_rms", "output_spread")
COLUMNS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy", "penalty")


class History:
    """Rows of numbers, one an epoch, that grow at the end and can be cut off there."""

    def __init__(self, layers: int) -> None:
        numbers = [(column, np.float64) for column in COLUMNS]
        flows = [(column, np.float64, (layers,)) for column in FLOWS]
        self._rows = np.zeros(64, dtype=[("epoch", np.int64), *numbers, *flows])
        self._length = 0
        self._stride = 1

    def copy(self) -> "History":
        """The same rows, to go on with on their own."""
        other = copy(self)
        other._rows = self._rows.copy()
        return other

    def rows(self) -> np.recarray[Any, Any]:
        """The rows so far; a view that can't be written to."""
        rows = self._rows[: self._length].view(np.recarray)
        rows.flags.writeable = False
        return rows

    def record(self, row: tuple[Any, ...]) -> np.record:
        """A row of numbers with the names of the columns."""
        made: np.record = np.array([row], self._rows.dtype).view(np.recarray)[0]
        return made

    def append(self, row: tuple[Any, ...]) -> None:
        """Add a row, its epoch first; it has to be the epoch after the newest."""
        if self._length and self._rows["epoch"][self._length - 1] % self._stride:
            self._length -= 1  # it was kept for being the newest
        elif self._length == CAPACITY:
            self._thin()
        elif self._length == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self._length] = row
        self._length += 1

    def cut(self, row: tuple[Any, ...]) -> None:
        """Forget everything from a row's epoch on, and put that row at the end."""
        self._length = int(np.searchsorted(self._rows["epoch"][: self._length], row[0]))
        self._rows[self._length] = row
        self._length += 1

    def _thin(self) -> None:
        self._stride *= 2
        kept = self._rows[: self._length]
        kept = kept[kept["epoch"] % self._stride == 0]
        self._length = len(kept)
        self._rows[: self._length] = kept
