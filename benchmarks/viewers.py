"""Viewers without a browser: programs that speak the line, in a process of their own.

They run on the same machine as the server, so the server has less than all of its cores. How much
of a core each of the two takes says which of them is the limit.
"""

import asyncio
import json
import math
import multiprocessing
import struct
import time
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.app import Server
from playground.board.line import PATH

RATE = 10.0  # frames a second that a viewer draws
AS_FAST_AS_ANSWERED = math.inf  # instead of it
RESERVE = 0.3  # s of frames: with less, a viewer asks for more
ASKED = 6  # frames that it asks for at once
APART = 0.02  # s from one viewer's arrival to the next one's
LATE = 0.5  # s behind, after which a viewer counts on from now
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
    """

    count: int
    query: str = ""
    rate: float = RATE
    speed: int = 1


@dataclass
class Seen:
    """What a group saw.

    Attributes:
        rates: frames a second of each viewer.
        waits: seconds from each request to its answer.
        starts: seconds from each connection to its start message.
    """

    rates: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)


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


def watch(server: Server, *groups: Group, seconds: float = SECONDS) -> Watched:
    """Let groups of viewers play at the same time."""
    return in_another_process(_watch, server, groups, seconds)


def in_another_process(function: Callable[..., Result], *arguments: Any) -> Result:
    """The result of a function in the viewers' process."""
    return _viewers_process().submit(function, *arguments).result()


@cache
def _viewers_process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values is."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def _watch(server: Server, groups: Sequence[Group], seconds: float) -> Watched:
    return asyncio.run(_watch_together(server, groups, seconds))


class _Window:
    """The time that counts: it begins a little after the last viewer has come."""

    def __init__(self, viewers: int, seconds: float) -> None:
        self._missing, self._seconds = viewers, seconds
        self._opened = asyncio.Event()
        self._begin = math.inf

    def arrive(self) -> None:
        """A viewer has its start message."""
        self._missing -= 1
        if not self._missing:
            self._begin = time.perf_counter() + WARM_UP
            self._opened.set()

    def is_open(self) -> bool:
        return self._begin <= time.perf_counter() < self._begin + self._seconds

    def is_over(self) -> bool:
        return time.perf_counter() >= self._begin + self._seconds

    async def opens(self) -> None:
        await self._opened.wait()
        await asyncio.sleep(self._begin - time.perf_counter())

    async def closes(self) -> None:
        await self.opens()
        await asyncio.sleep(self._begin + self._seconds - time.perf_counter())


async def _watch_together(server: Server, groups: Sequence[Group], seconds: float) -> Watched:
    window = _Window(sum(group.count for group in groups), seconds)
    seen = [Seen() for _ in groups]

    async def come(number: int, group: Group, one: Seen) -> None:
        await asyncio.sleep(number * APART)
        began = time.perf_counter()
        address = f"ws://127.0.0.1:{server.port}{PATH}?{group.query}"
        async with connect(address, max_size=2**26, compression=None) as socket:
            run = header(await socket.recv())["run"]
            one.starts.append(time.perf_counter() - began)
            window.arrive()
            frames = await (_play(socket, run, group, window, one) if group.rate else _look(window))
        one.rates.append(frames / seconds)

    viewers = [
        (group, one) for group, one in zip(groups, seen, strict=True) for _ in range(group.count)
    ]
    async with asyncio.TaskGroup() as tasks:
        for number, viewer in enumerate(viewers):
            tasks.create_task(come(number, *viewer))
        await window.opens()
        before, own_before = server.processor_seconds(), time.process_time()
        await window.closes()
        after, own_after = server.processor_seconds(), time.process_time()
        memory = server.memory()
    return Watched(seen, (after - before) / seconds, (own_after - own_before) / seconds, memory)


async def _look(window: _Window) -> int:
    """Keep a line open on which nothing is asked."""
    await window.closes()
    return 0


async def _play(
    socket: ClientConnection, run: str, group: Group, window: _Window, seen: Seen
) -> int:
    """Draw frames, and ask for more while there is a reserve, as the board does; how many."""
    queue: list[float] = []
    shown, last, drawn, asked, number = 0.0, 0.0, 0, 0.0, 0
    due = time.perf_counter() + RESERVE
    while not window.is_over():
        now = time.perf_counter()
        while queue and now >= due:
            shown = queue.pop(0)
            drawn += window.is_open()
            due = now if due < now - LATE else due + 1 / group.rate
        if not asked and len(queue) / group.rate < RESERVE:
            number, asked = number + 1, now
            request = {"id": number, "run": run, "epoch": shown, "last": last}
            await socket.send(json.dumps(request | {"frames": ASKED, "speed": group.speed}))
        try:
            wait = max(due - time.perf_counter(), 0.001) if queue else 1.0
            message = await asyncio.wait_for(socket.recv(), wait)
        except TimeoutError:
            continue
        if window.is_open():
            seen.waits.append(time.perf_counter() - asked)
        asked = 0.0
        queue += [frame["epoch"] for frame in header(message)["frames"]]
        last = queue[-1] if queue else last
    return drawn


def header(message: Any) -> dict[str, Any]:
    """What the beginning of a packed message says."""
    raw = zlib.decompress(message)
    (length,) = struct.unpack_from("<I", raw)
    found: dict[str, Any] = json.loads(raw[4 : 4 + length])
    return found
