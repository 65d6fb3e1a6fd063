"""What was measured after each epoch, in bounded memory.

Up to `CAPACITY` epochs, all are kept. Then every second one is dropped, and so on: the multiples of
a stride are kept, and always the newest. An hour of training fits into a few megabytes.
"""

import math
from copy import copy
from operator import attrgetter
from typing import Any, NamedTuple, get_type_hints

import numpy as np

CAPACITY = 2**14

PerLayer = tuple[float, ...]  # a number for each layer that has weights, from the input side


class Row(NamedTuple):
    """What is measured of one moment. The columns of the history are the fields of this record.

    J is the loss over all training samples at that moment, penalty included.

    Attributes:
        epoch: whole epochs trained.
        train_loss, test_loss: the mean loss over the training and the test data, without penalty.
        train_accuracy, test_accuracy: the share of right classes, or R² for regression.
        penalty: rate · Σ r(w).
        gradient_norms: ‖dJ/dW‖ of each layer.
        error_rms: the root mean square of dJ/dZ over samples and units, of each layer.
        output_spread: the standard deviation, over samples and units, of A of each hidden layer
            and of Z of the output layer.
    """

    epoch: int
    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    penalty: float
    gradient_norms: PerLayer
    error_rms: PerLayer
    output_spread: PerLayer

    @property
    def is_finite(self) -> bool:
        """Whether all numbers are finite: a sum is finite only if each of its terms is."""
        return math.isfinite(sum(_numbers(self)) + sum(map(sum, _flows(self))))


_KINDS = get_type_hints(Row)
COLUMNS = tuple(name for name in Row._fields if _KINDS[name] is float)
FLOWS = tuple(name for name in Row._fields if _KINDS[name] == PerLayer)  # of each layer
_numbers, _flows = attrgetter(*COLUMNS), attrgetter(*FLOWS)


class History:
    """Rows of numbers, one per epoch, that grow at the end and can be cut off there."""

    def __init__(self, layers: int) -> None:
        numbers = [(column, np.float64) for column in COLUMNS]
        flows = [(column, np.float64, (layers,)) for column in FLOWS]
        self._rows = np.zeros(64, dtype=[("epoch", np.int64), *numbers, *flows])
        self._length = 0
        self._stride = 1

    def copy(self) -> "History":
        """An independent copy of the rows."""
        other = copy(self)
        other._rows = self._rows.copy()
        return other

    def rows(self) -> np.recarray[Any, Any]:
        """The rows so far; a view that can't be written to."""
        rows = self._rows[: self._length].view(np.recarray)
        rows.flags.writeable = False
        return rows

    def record(self, row: Row) -> np.record:
        """A row as NumPy's record, as `rows` has them."""
        made: np.record = np.array([row], self._rows.dtype).view(np.recarray)[0]
        return made

    def append(self, row: Row) -> None:
        """Add the row of the epoch after the newest."""
        if self._length and self._rows["epoch"][self._length - 1] % self._stride:
            self._length -= 1  # it was kept for being the newest
        elif self._length == CAPACITY:
            self._thin()
        elif self._length == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self._length] = row
        self._length += 1

    def cut(self, row: Row) -> None:
        """Forget everything from a row's epoch on, and put that row at the end."""
        self._length = int(np.searchsorted(self._rows["epoch"][: self._length], row.epoch))
        self._rows[self._length] = row
        self._length += 1

    def _thin(self) -> None:
        self._stride *= 2
        kept = self._rows[: self._length]
        kept = kept[kept["epoch"] % self._stride == 0]
        self._length = len(kept)
        self._rows[: self._length] = kept
