"""Viewers who come, play, change settings, pause and go, for half an hour: what is left of them?"""

import asyncio
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from websockets.exceptions import WebSocketException

from benchmarks.app import Server, running
from benchmarks.table import Row, at_most
from benchmarks.viewer import FullError, viewer
from benchmarks.viewers import RATE, in_another_process

VIEWERS = 40
MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
SETTLED = min(5.0, MINUTES / 3)  # minutes after which memory is to be flat
EVERY = 2.0  # s between two looks at the server
RISE = 0.5  # MB a minute, wanted
PAGES = 0.25  # of all visits; the others are boards alone
SECONDS_OF_A_PAGE = 125.0  # Streamlit keeps what belongs to one that has gone for two minutes
QUIET = 12.0  # s without a change in threads and sockets; an idle thread may wait for ten
LONGEST_TO_SETTLE = 120.0  # s
MEBI = 2**20

LINKS = (
    "",
    "dataset=circles&hidden=4,4",
    "dataset=spirals&classes=3&hidden=16,16",
    "dataset=curve&optimizer=adam",
    "dataset=xor&hidden=2&samples=500&a=dataset%3Dxor%26hidden%3D4",
)
LEARNING_RATES = (0.001, 0.003, 0.01)
FRAMES = (10, 50)  # that somebody plays before doing something else, or pauses for


@dataclass(frozen=True)
class Look:
    """What a server holds at a moment.

    Attributes:
        seconds: since the beginning.
        memory: bytes.
    """

    seconds: float
    memory: int
    threads: int
    sockets: int


def measure() -> Iterator[Row]:
    """Every figure; nothing else may run on the machine meanwhile."""
    with running() as server:
        in_another_process(come_and_go, server, VIEWERS, 1, RATE, PAGES)  # it keeps some threads
        begin = _settled_after_pages(server)
        looks, errors = in_another_process(_soak, server, 60 * MINUTES)
        end = _settled_after_pages(server)
    late = [look for look in looks if look.seconds > 60 * SETTLED]
    minutes, memory = [look.seconds / 60 for look in late], [look.memory / MEBI for look in late]
    yield Row(f"{VIEWERS} viewers: memory at the beginning", begin.memory / MEBI, "MB", "", True)
    yield Row(f"… after {SETTLED:.2g} minutes", memory[0], "MB", "", True)
    yield Row(f"… after {MINUTES:g} minutes", memory[-1], "MB", "", True)
    rise = statistics.linear_regression(minutes, memory).slope
    yield at_most("… rises in between by", rise, "MB/min", RISE)
    yield Row("… highest − lowest in between", max(memory) - min(memory), "MB", "", True)
    yield Row("… when all have gone", end.memory / MEBI, "MB", "", True)
    yield at_most("visits that ended with an error", len(errors), "", 0)
    for error, count in Counter(errors).items():
        yield Row(f"… {error:.48}", count, "", "", False)
    yield at_most("threads left over", end.threads - begin.threads, "", 0)
    yield at_most("sockets left over", end.sockets - begin.sockets, "", 0)


def settled(server: Server, quiet: float = QUIET) -> Look:
    """What a server holds when its threads and sockets have been the same for so many seconds."""
    deadline = time.monotonic() + LONGEST_TO_SETTLE
    now = _look(server)
    since = time.monotonic()
    while time.monotonic() < min(since + quiet, deadline):
        time.sleep(0.2)
        before, now = now, _look(server)
        if (now.threads, now.sockets) != (before.threads, before.sockets):
            since = time.monotonic()
    return now


def _settled_after_pages(server: Server) -> Look:
    """Likewise, once Streamlit has forgotten the pages that have gone; it does so for a new one."""
    time.sleep(SECONDS_OF_A_PAGE)
    in_another_process(come_and_go, server, 1, 1, RATE, 1.0)
    return settled(server)


def come_and_go(
    server: Server,
    viewers: int,
    visits: int,
    rate: float,
    pages: float,
    frames: tuple[int, int] = FRAMES,
) -> None:
    """Let viewers make so many visits each, at the same time.

    rate: frames a second that they draw; without a limit, they don't pause either.
    pages: share of the visits that open a page, not a board alone.
    frames: that they play before they do something else, at least and at most.
    """

    async def come(number: int) -> None:
        chance = random.Random(number)  # noqa: S311  # the same in every measurement
        for _ in range(visits):
            await _visit(server.port, chance, rate, pages, frames)

    async def all_of_them() -> None:
        await asyncio.gather(*map(come, range(viewers)))

    asyncio.run(all_of_them())


def _look(server: Server, since: float = 0.0) -> Look:
    return Look(time.monotonic() - since, server.memory(), server.threads(), server.sockets())


def _soak(server: Server, seconds: float) -> tuple[list[Look], list[str]]:
    return asyncio.run(_look_while_they_come_and_go(server, seconds))


async def _look_while_they_come_and_go(
    server: Server, seconds: float
) -> tuple[list[Look], list[str]]:
    """Looks at the server, and the errors with which visits ended."""
    began, looks, errors = time.monotonic(), list[Look](), list[str]()

    async def come(number: int) -> None:
        chance = random.Random(number)  # noqa: S311  # the same in every measurement
        while time.monotonic() < began + seconds:
            try:
                await _visit(server.port, chance, RATE, PAGES, FRAMES)
            except (OSError, WebSocketException, FullError) as error:
                errors.append(repr(error))
                await asyncio.sleep(1)

    async with asyncio.TaskGroup() as tasks:
        for number in range(VIEWERS):
            tasks.create_task(come(number))
        while time.monotonic() < began + seconds:
            await asyncio.sleep(EVERY)
            looks.append(_look(server, began))
    return looks, errors


async def _visit(
    port: int, chance: random.Random, rate: float, pages: float, frames: tuple[int, int]
) -> None:
    """Open a link, play, change a setting, play on, pause, play on, go."""
    is_page, link = chance.random() < pages, chance.choice(LINKS)
    async with viewer(port, link, page=is_page) as board:
        await board.play_frames(chance.randint(*frames), rate)
        await board.change("learning_rate", chance.choice(LEARNING_RATES))
        await board.play_frames(chance.randint(*frames), rate)
        await asyncio.sleep(chance.randint(*frames) / rate)
        await board.play_frames(chance.randint(*frames), rate)
