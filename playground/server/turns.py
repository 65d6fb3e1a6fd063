"""Fair turns at the processor: of those who wait, whoever has had least of it is next.

Python computes one thing at a time, however many threads there are, and a thread that computes
without a break keeps all others waiting. So whoever has much to compute takes a turn for it and
gives way now and then: with one visitor on a heavy network and twenty on light ones, the twenty
notice little of it. This is stride scheduling with time as the pass value (Waldspurger and Weihl,
1995): a turn costs what it takes, and whoever comes back after a pause has saved nothing up, nor
owes much.
"""

import heapq
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count

from playground.server.config import config

SLICE = 0.05  # s of computing, enough for most answers; then somebody else may need it more
FREE = 0.1  # s of computing: about what a board takes until it shows its first frames
MOST_DEBT = 0.01  # s that count from one turn to the next: a large one is not paid for long after


class Account:
    """The computing of one visitor.

    Args:
        free: seconds that are not counted; infinite for what is small, rare, and to be next.

    Attributes:
        spent: seconds of it; for each turn set to about what others have had.
        free: seconds that are not counted: whoever has just come is not kept waiting for a board.
    """

    def __init__(self, free: float | None = None) -> None:
        self.spent = 0.0
        self.free = FREE if free is None else free

    def charge(self, seconds: float) -> None:
        """Count what a turn has cost."""
        free = min(self.free, seconds)
        self.free -= free
        self.spent += seconds - free


class Turns:
    """Lets so many threads compute at once.

    Args:
        seats: how many.
    """

    def __init__(self, seats: int) -> None:
        self._free = seats
        self._lock = threading.Lock()
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._numbers = count()  # of two who have had the same, the earlier one
        self._least = 0.0  # what whoever was let in last had had by then
        self._mine = threading.local()

    @contextmanager
    def turn(self, account: Account) -> Iterator[None]:
        """Compute when it is this visitor's turn; within a turn, go on with it."""
        if getattr(self._mine, "turn", None) is not None:
            yield
            return
        self._enter(account)
        self._mine.turn = (account, time.perf_counter())
        try:
            yield
        finally:
            self._leave()
            self._mine.turn = None

    def give_way(self) -> None:
        """In a turn that was long enough: let whoever waits compute first, if they had less."""
        turn = getattr(self._mine, "turn", None)
        if turn is None or (now := time.perf_counter()) - turn[1] < SLICE:
            return
        account, began = turn
        with self._lock:
            account.charge(now - began)
            called = None
            if self._waiting and self._waiting[0][0] < account.spent:
                self._free += 1
                called = self._wait(account)
        if called is not None:
            called.wait()
        self._mine.turn = (account, time.perf_counter())

    def _enter(self, account: Account) -> None:
        with self._lock:
            account.spent = min(max(account.spent, self._least), self._least + MOST_DEBT)
            called = self._wait(account)
        called.wait()

    def _wait(self, account: Account) -> threading.Event:
        """Stand in line; what is set once it is this one's turn, maybe at once."""
        called = threading.Event()
        heapq.heappush(self._waiting, (account.spent, next(self._numbers), called))
        self._call()
        return called

    def _leave(self) -> None:
        account, began = self._mine.turn
        with self._lock:
            account.charge(time.perf_counter() - began)
            self._free += 1
            self._call()

    def _call(self) -> None:
        """Let in whoever had least, if there is a seat; the lock is held."""
        while self._free and self._waiting:
            spent, _, called = heapq.heappop(self._waiting)
            self._free -= 1
            self._least = max(self._least, spent)
            called.set()


@cache
def turns() -> Turns:
    """Those of this process."""
    return Turns(config().threads)
