"""What several visitors see: whoever has opened the same link watches the same run.

A run is a value, so a moment of it looks the same for everyone. In a lecture hall most boards show
the same Spec at about the same epoch; what there is to draw is made for the first of them.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from engine import Run

Made = TypeVar("Made")


class Shared(Generic[Made]):
    """What was made of moments of runs, and wanted last.

    Args:
        capacity: of how many moments it is kept.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, run: Run, make: Callable[[], Made]) -> Made:
        """What there is of a run as it stands. make: makes it, if nobody has wanted it yet."""
        if run.spec.own is not None:  # nobody else has these data
            return make()
        moment = (run.spec, run.changes, run.position)
        with self._lock:
            if moment in self._made:
                self._made.move_to_end(moment)
                return self._made[moment]
        made = make()
        with self._lock:
            self._made[moment] = made
            if len(self._made) > self._capacity:
                self._made.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._made.clear()
