"""Who is here: pages that are open, boards that are open alone, and places kept for a moment.

A visitor is known by a word that the browser sends along. One with n pages and m boards alone takes
max(n, m) places: a page that comes back after the line broke may have its board first.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Literal

from playground.server.config import config

SECONDS_KEPT = 20.0  # for which a place is kept: from the page to its socket, or until it is back

Kind = Literal["page", "board"]


class Census:
    """Counts visitors, and lets in no more than there are places for. Any thread may ask.

    Args:
        places: visitors at once.
        clock: seconds that only grow.
    """

    def __init__(self, places: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.places = places
        self._clock = clock
        self._open: dict[Kind, Counter[str]] = {"page": Counter(), "board": Counter()}
        self._kept: dict[str, float] = {}  # until when, the oldest first
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """Places that are taken or kept."""
        with self._lock:
            return self._count()

    @property
    def is_full(self) -> bool:
        """Whether nobody else is let in."""
        return self.taken >= self.places

    def expect(self, who: str) -> bool:
        """Keep a place for a visitor who has asked for the page; False if there is none."""
        with self._lock:
            if self._count() >= self.places and not self._places_of(who):
                return False
            self._keep(who)
            return True

    def renew(self, who: str) -> None:
        """A visitor is still loading the page: their place, if it is kept, is kept on."""
        with self._lock:
            self._forget_late()
            if who in self._kept:
                self._keep(who)

    def arrive(self, who: str, kind: Kind) -> bool:
        """A page or a board alone is opened; False if there is no place, and it must go."""
        with self._lock:
            before, count = self._places_of(who), self._count()
            self._open[kind][who] += 1
            if self._places_of(who) > before and count >= self.places:
                self._remove(who, kind)
                return False
            self._kept.pop(who, None)
            return True

    def leave(self, who: str, kind: Kind, *, comes_back: bool = False) -> None:
        """What has arrived is closed. comes_back: whether to keep the place for a moment."""
        with self._lock:
            self._remove(who, kind)
            if comes_back:
                self._keep(who)

    def expected(self) -> str | None:
        """Who has waited longest for a kept place; a visitor without a word is taken for them."""
        with self._lock:
            self._forget_late()
            return next((who for who in self._kept if not self._is_here(who)), None)

    def _keep(self, who: str) -> None:
        self._kept.pop(who, None)  # for the newest to come last
        self._kept[who] = self._clock() + SECONDS_KEPT

    def _remove(self, who: str, kind: Kind) -> None:
        self._open[kind][who] -= 1
        if not self._open[kind][who]:
            del self._open[kind][who]

    def _count(self) -> int:
        self._forget_late()
        everyone = self._kept.keys() | self._open["page"].keys() | self._open["board"].keys()
        return sum(map(self._places_of, everyone))

    def _places_of(self, who: str) -> int:
        return max(self._open["page"][who], self._open["board"][who], int(who in self._kept))

    def _is_here(self, who: str) -> bool:
        return any(who in opened for opened in self._open.values())

    def _forget_late(self) -> None:
        now = self._clock()
        while self._kept and next(iter(self._kept.values())) <= now:
            del self._kept[next(iter(self._kept))]


@cache
def census() -> Census:
    """The census of this process."""
    return Census(config().visitors)
