"""Many viewers at the same time, in a process of their own.

They run on the same machine as the server, so the server has less than all of its cores. How much
of a core each of the two takes says which of them is the limit.
"""

import asyncio
import math
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from websockets.exceptions import WebSocketException

from benchmarks.app import Server
from benchmarks.viewer import FullError, viewer

RATE = 10.0  # frames a second that a viewer draws
AS_FAST_AS_ANSWERED = math.inf  # instead of it
APART = 0.02  # s from one viewer's arrival to the next one's
WARM_UP = 1.0  # s that all of them play before anything is counted
SECONDS = 8.0  # that are counted

Result = TypeVar("Result")


@dataclass(frozen=True)
class Group:
    """Viewers that do the same.

    Attributes:
        count: how many they are.
        query: of the link that each opens.
        rate: frames a second that each draws; 0 for one that looks on and asks for nothing.
        speed: epochs per frame.
        page: whether each opens the page, or a board alone.
    """

    count: int
    query: str = ""
    rate: float = RATE
    speed: int = 1
    page: bool = False


@dataclass
class Seen:
    """What a group saw.

    Attributes:
        rates: frames a second of each viewer, once all have come.
        waits: seconds from each request to its answer, once all have come.
        starts: seconds from each arrival to the first frame.
        turned_away: how many were told that the server is full.
        errors: what else kept a viewer from watching to the end.
    """

    rates: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    turned_away: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Watched:
    """A measurement, from the moment when all viewers play.

    Attributes:
        groups: what each group saw.
        server: cores that the server kept busy, 1.0 being one of them.
        viewers: cores that the viewers kept busy.
        memory: bytes that the server held at the end.
    """

    groups: Sequence[Seen]
    server: float
    viewers: float
    memory: int


def watch(
    server: Server,
    *groups: Group,
    seconds: float = SECONDS,
    apart: float = APART,
    may_fail: bool = False,
) -> Watched:
    """Let groups of viewers play at the same time.

    seconds: that are counted.
    apart: seconds from one viewer's arrival to the next one's.
    may_fail: whether a viewer's error is a finding, not the end of the measurement.

    Raises:
        RuntimeError: a viewer could not watch to the end.
    """
    watched = in_another_process(_watch, server, groups, seconds, apart)
    errors = [error for seen in watched.groups for error in seen.errors]
    if errors and not may_fail:
        raise RuntimeError(f"{len(errors)} viewers could not watch: {errors[0]}")
    return watched


def in_another_process(function: Callable[..., Result], *arguments: Any) -> Result:
    """The result of a function in the viewers' process."""
    return _viewers_process().submit(function, *arguments).result()


@cache
def _viewers_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values is."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


class _Window:
    """The time that counts: it begins a little after the last viewer has come."""

    def __init__(self, viewers: int, seconds: float) -> None:
        self._missing, self._seconds = viewers, seconds
        self._have_come = asyncio.Event()
        self._begin = math.inf

    def arrive(self) -> None:
        """A viewer has its first frame, or will have none."""
        self._missing -= 1
        if not self._missing:
            self._begin = time.perf_counter() + WARM_UP
            self._have_come.set()

    def is_open(self) -> bool:
        return self._begin <= time.perf_counter() and not self.is_over()

    def is_over(self) -> bool:
        return time.perf_counter() >= self._begin + self._seconds

    async def opens(self) -> None:
        await self._have_come.wait()
        await asyncio.sleep(self._begin - time.perf_counter())

    async def closes(self) -> None:
        await self.opens()
        await asyncio.sleep(self._begin + self._seconds - time.perf_counter())


def _watch(server: Server, groups: Sequence[Group], seconds: float, apart: float) -> Watched:
    return asyncio.run(_watch_together(server, groups, seconds, apart))


async def _watch_together(
    server: Server, groups: Sequence[Group], seconds: float, apart: float
) -> Watched:
    window = _Window(sum(group.count for group in groups), seconds)
    seen = [Seen() for _ in groups]
    viewers = [
        (group, one) for group, one in zip(groups, seen, strict=True) for _ in range(group.count)
    ]
    async with asyncio.TaskGroup() as tasks:
        for number, (group, one) in enumerate(viewers):
            tasks.create_task(_view(number * apart, server.port, group, window, one, seconds))
        await window.opens()
        before, own_before = server.processor_seconds(), time.process_time()
        await window.closes()
        after, own_after = server.processor_seconds(), time.process_time()
        memory = server.memory()
    return Watched(seen, (after - before) / seconds, (own_after - own_before) / seconds, memory)


async def _view(
    delay: float, port: int, group: Group, window: _Window, seen: Seen, seconds: float
) -> None:
    """Come after a while, and play to the end."""
    await asyncio.sleep(delay)
    began, has_come = time.perf_counter(), False
    try:
        async with viewer(port, group.query, page=group.page) as board:
            seen.starts.append(time.perf_counter() - began)
            window.arrive()
            has_come = True
            if group.rate:
                await board.play(group.rate, group.speed, window.is_open)
                drawn, waited = board.drawn, len(board.waits)
                await board.play(group.rate, group.speed, window.is_over)
                seen.rates.append((board.drawn - drawn) / seconds)
                seen.waits += board.waits[waited:]
            else:
                await window.closes()
    except FullError:
        seen.turned_away += 1
    except (OSError, WebSocketException) as error:  # a TimeoutError is an OSError
        seen.errors.append(repr(error))
    if not has_come:
        window.arrive()
