"""Frames that several visitors see: whoever has opened the same link watches the same run.

A run is a value, so a moment of it looks the same for everyone. In a lecture hall most boards show
the same Spec at about the same epoch; the picture of a moment is made for the first of them.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache

from playground.board.frames import Frame

CAPACITY = 1_000  # frames; of usual networks about 10 MB together


class SharedFrames:
    """The frames that were wanted last.

    Args:
        capacity: how many are kept.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._frames: OrderedDict[Hashable, Frame] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, moment: Hashable, make: Callable[[], Frame]) -> Frame:
        """The frame of a moment. make: makes it, if nobody has seen it yet."""
        with self._lock:
            if moment in self._frames:
                self._frames.move_to_end(moment)
                return self._frames[moment]
        frame = make()
        with self._lock:
            self._frames[moment] = frame
            if len(self._frames) > self._capacity:
                self._frames.popitem(last=False)
        return frame


@cache
def shared_frames() -> SharedFrames:
    """Those of this process."""
    return SharedFrames(CAPACITY)
