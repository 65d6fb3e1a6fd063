"""How many viewers one process carries: programs that speak the line, without a browser.

They run on the same machine, and so does the server: it has less than all of its cores.
"""

import asyncio
import json
import statistics
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.app import ROOT, running, wait_until_it_serves
from benchmarks.table import Row, at_least, at_most
from playground.board.line import PATH

RATE = 10  # frames a second of each viewer
SECONDS = 15.0
RESERVE = 0.3  # s of frames: with less, a viewer asks for more
ASKED = 0.6  # s of frames that it asks for at once
APART = 0.02  # s from one viewer's arrival to the next one's
LATE = 0.5  # s behind, after which a viewer counts on from now


@dataclass
class Seen:
    """What the viewers saw.

    Attributes:
        rates: frames a second of each.
        waits: seconds from each request to its answer.
        starts: seconds from each connection to its start message.
    """

    rates: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)


def measure() -> Iterator[Row]:
    """Every figure, one after the other; nothing else may run on the machine meanwhile."""
    with running() as port:
        for viewers, goal in ((25, 10.0), (60, 10.0), (100, 10.0)):
            seen = asyncio.run(watch(port, viewers))
            rate, slowest = statistics.median(seen.rates), min(seen.rates)
            yield at_least(f"{viewers} viewers: frames of each", rate, "frames/s", 0.98 * goal)
            yield Row("… of the slowest", slowest, "frames/s", "", True)
            waits = sorted(seen.waits)
            yield at_most("… wait for an answer, median", 1e3 * _at(waits, 0.5), "ms", 20)
            yield at_most("… 99th percentile", 1e3 * _at(waits, 0.99), "ms", 150)
        yield Row(
            "first message, median of 100", 1e3 * _at(sorted(seen.starts), 0.5), "ms", "", True
        )
    yield from _starting()


def _starting() -> Iterator[Row]:
    """From the command to serving, beside what the libraries alone take to be imported."""
    code = "import streamlit, sklearn.datasets"
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    imports = time.perf_counter() - started
    started = time.perf_counter()
    with running() as port:
        wait_until_it_serves(port)
        serving = time.perf_counter() - started
    yield Row(code, imports, "s", "", True)
    yield at_most("from streamlit run to serving", serving / imports, "× that", 2.0)


async def watch(port: int, viewers: int, query: str = "", seconds: float = SECONDS) -> Seen:
    """Let so many viewers play for some seconds."""
    seen = Seen()
    until = time.perf_counter() + seconds

    async def come(number: int) -> None:
        await asyncio.sleep(number * APART)
        began = time.perf_counter()
        address = f"ws://127.0.0.1:{port}{PATH}?{query}"
        async with connect(address, max_size=2**26, compression=None) as socket:
            await _play(socket, until, began, seen)

    await asyncio.gather(*map(come, range(viewers)))
    return seen


async def _play(socket: ClientConnection, until: float, began: float, seen: Seen) -> None:
    """Draw a frame ten times a second, and ask for more while there is a reserve: as the board."""
    run = _header(await socket.recv())["run"]
    seen.starts.append(time.perf_counter() - began)
    queue: list[float] = []
    shown, last, drawn, asked, number = 0.0, 0.0, 0, 0.0, 0
    first = due = time.perf_counter() + RESERVE
    while (now := time.perf_counter()) < until:
        if now >= due and queue:
            shown, drawn = queue.pop(0), drawn + 1
            due = now if due < now - LATE else due + 1 / RATE
        if not asked and len(queue) / RATE < RESERVE:
            number, asked = number + 1, now
            request = {"id": number, "run": run, "epoch": shown, "last": last}
            await socket.send(json.dumps(request | {"frames": round(ASKED * RATE), "speed": 1}))
        try:
            wait = max(due - time.perf_counter(), 0.001) if queue else 1.0
            message = await asyncio.wait_for(socket.recv(), wait)
        except TimeoutError:
            continue
        seen.waits.append(time.perf_counter() - asked)
        asked = 0.0
        queue += [frame["epoch"] for frame in _header(message)["frames"]]
        last = queue[-1]
    seen.rates.append(drawn / (until - first))


def _header(message: Any) -> dict[str, Any]:
    """What the beginning of a packed message says."""
    raw = zlib.decompress(message)
    (length,) = struct.unpack_from("<I", raw)
    found: dict[str, Any] = json.loads(raw[4 : 4 + length])
    return found


def _at(values: list[float], share: float) -> float:
    """A quantile of sorted values."""
    return values[min(int(share * len(values)), len(values) - 1)]
