"""A class: all follow the teacher's board, come at the same time, or play on a wall of tiles."""

import asyncio
import json
import statistics
import struct
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.app import Server, running
from benchmarks.student import CHECKSUM, Student
from benchmarks.table import Row, at_least, at_most
from benchmarks.viewer import LARGEST_MESSAGE, Viewer, viewer
from benchmarks.viewers import in_another_process, quantile
from playground.room.line import PATH

LARGE = {"MLP_ROOM_SEATS": "2000", "MLP_VISITORS": "2000"}
FOLLOWING = 600  # students
SHOWN = 15.0  # pictures of the teacher's board a second
SECONDS, WARM_UP = 10.0, 3.0  # that are counted, and before
MEDIAN, LONGEST = 150, 500  # ms from the teacher's screen to a student's, wanted
APART = 0.02  # s from one student's arrival to the next one's
JOINING, ARRIVING = 100, 20.0  # students, and the seconds in which they come
PRESENT = 3  # s to the present picture, wanted
PLAYING, RATE = 60, 10.0  # students who play their own, and frames a second of each
TILES = 2.0  # s from one refreshed wall to the next
WALLS = 2.5  # s, the longest from one to the next, wanted


@dataclass
class Seen:
    """What students saw.

    Attributes:
        rates: pictures a second of each.
        came: when each picture came to each student, by its checksum, as `perf_counter` counts.
        waits: seconds from each arrival to the first picture.
        lost: lines that were closed.
    """

    rates: list[float] = field(default_factory=list)
    came: dict[bytes, list[float]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    lost: int = 0


def measure() -> Iterator[Row]:
    """Every figure, one after the other; nothing else may run on the machine meanwhile."""
    yield from follow(FOLLOWING)
    yield from join(JOINING, ARRIVING)
    yield from play(PLAYING, alike=True)
    yield from play(PLAYING, alike=False)


def follow(students: int) -> Iterator[Row]:
    """All see what the teacher's board plays."""
    with running(**LARGE) as server:
        seen, shown, cores = asyncio.run(_follow(server, students, APART, SECONDS))
    delays = [
        moment - shown[picture]
        for picture, moments in seen.came.items()
        if picture in shown
        for moment in moments
    ]
    rate = statistics.mean(seen.rates)
    yield at_least(f"{students} follow: pictures of each", rate, "a second", 0.98 * SHOWN)
    yield Row("… of the one with the fewest", min(seen.rates), "a second", "", True)
    for what, share, wanted in (("median", 0.5, MEDIAN), ("99th percentile", 0.99, LONGEST)):
        yield at_most(f"… delay, {what}", 1e3 * quantile(delays, share), "ms", wanted)
    yield at_most("… lines that were lost", seen.lost, "", 0)
    yield Row("… processor time of the server", 100 * cores, "% of one", "", True)


def join(students: int, seconds: float) -> Iterator[Row]:
    """All come while the teacher's board plays."""
    with running(**LARGE) as server:
        seen, _, _ = asyncio.run(_follow(server, students, seconds / students, 1.0))
    yield Row(f"{students} join in {seconds:g} s: present picture", len(seen.waits), "", "", True)
    yield Row("… after, median", 1e3 * statistics.median(seen.waits), "ms", "", True)
    yield at_most("… the last to get it, after", max(seen.waits), "s", PRESENT)


async def _follow(
    server: Server, students: int, apart: float, seconds: float
) -> tuple[Seen, dict[bytes, float], float]:
    """What students saw, when each picture was on the teacher's screen, and the server's cores."""
    shown, told = dict[bytes, float](), dict[float, float]()
    async with _room(server) as (room, code), viewer(server.port) as board:
        await _say(room, do="follow")
        async with _line(server) as reference:
            await _say(reference, join={"code": code})
            loop = asyncio.get_running_loop()
            class_of = partial(
                in_another_process, _be_students, server.port, code, students, apart, seconds
            )
            looking = asyncio.create_task(_look(reference, told, shown))
            reading = asyncio.create_task(_read(room))
            coming = loop.run_in_executor(None, class_of)
            counted = -1.0, 0.0
            come = loop.time() + students * apart + WARM_UP
            while not coming.done():
                await board.play_frames(1, SHOWN)
                told[board.shown] = time.perf_counter()
                await _say(room, shown=_screen(board))
                if counted[0] < 0 and loop.time() > come:
                    counted = time.perf_counter(), server.processor_seconds()
            cores = (server.processor_seconds() - counted[1]) / (time.perf_counter() - counted[0])
            for task in (looking, reading):
                task.cancel()
    return coming.result(), shown, cores


def _screen(board: Viewer) -> dict[str, Any]:
    point = {"unit": {"layer": 1, "unit": 0}}
    moment = {"run": board.run, "epoch": board.shown, "state": "playing"}
    return moment | {"past": None, "point": point, "beside": {}}


async def _look(
    socket: ClientConnection, told: dict[float, float], shown: dict[bytes, float]
) -> None:
    """Unpack each picture, to know when it was on the teacher's screen."""
    taken = 0
    async for message in socket:
        if isinstance(message, bytes):
            taken += len(message)
            await _say(socket, seen=taken)
            raw = zlib.decompress(message)
            (length,) = struct.unpack_from("<I", raw)
            epoch = json.loads(raw[4 : 4 + length])["frames"][0]["epoch"]
            if epoch in told:
                shown[message[-CHECKSUM:]] = told[epoch]


def _be_students(port: int, code: str, students: int, apart: float, seconds: float) -> Seen:
    return asyncio.run(_be_together(port, code, students, apart, seconds))


async def _be_together(port: int, code: str, students: int, apart: float, seconds: float) -> Seen:
    """Come one after the other; what is counted begins when all have settled."""
    seen, loop = Seen(), asyncio.get_running_loop()
    is_counted = False

    def looks(checksum: bytes) -> None:
        if is_counted:
            seen.came.setdefault(checksum, []).append(time.perf_counter())

    everybody, began = list[Student](), list[float]()
    start = time.perf_counter()
    for number in range(students):
        await asyncio.sleep(start + number * apart - time.perf_counter())
        began.append(time.perf_counter())
        _, student = await loop.create_connection(
            lambda: Student(port, code, looks), "127.0.0.1", port
        )
        everybody.append(student)
    await asyncio.sleep(WARM_UP)
    before, is_counted = [student.pictures for student in everybody], True
    await asyncio.sleep(seconds)
    for student, came in zip(everybody, before, strict=True):
        seen.rates.append((student.pictures - came) / seconds)
    for student, at in zip(everybody, began, strict=True):
        seen.lost += student.lost
        seen.waits.append(student.first - at if student.first else float("inf"))
        student.close()
    return seen


def play(students: int, *, alike: bool) -> Iterator[Row]:
    """All play their own, and the teacher looks at the wall.

    alike: whether all begin with the same settings, as they do in a turn; else each is given
    another learning rate, as in an experiment.
    """
    with running(**LARGE) as server:
        rates, walls = in_another_process(_play, server, students, alike)
    what = "the same" if alike else "a run of their own"
    mean = statistics.mean(rates)
    yield at_least(f"{students} play {what}: frames of each", mean, "frames/s", 0.98 * RATE)
    yield Row("… of the slowest", min(rates), "frames/s", "", True)
    between = [later - earlier for (earlier, _), (later, _) in pairwise(walls)]
    yield at_most("… from one wall to the next, longest", max(between, default=0.0), "s", WALLS)
    tiles = statistics.mean(count for _, count in walls)
    yield at_least("… tiles that are new on it", tiles, "", 0.9 * students)


def _play(
    server: Server, students: int, alike: bool
) -> tuple[list[float], list[tuple[float, int]]]:
    return asyncio.run(_play_together(server, students, alike=alike))


async def _play_together(
    server: Server, students: int, *, alike: bool
) -> tuple[list[float], list[tuple[float, int]]]:
    """Frames a second of each student; when walls came, and how many tiles each brought."""
    rates, walls = list[float](), list[tuple[float, int]]()
    begin = time.perf_counter() + students * APART + WARM_UP
    async with _room(server) as (room, code):
        await _say(room, do="turn", query="")
        await _say(room, wall=True)
        looking = asyncio.create_task(_look_at_the_wall(room, begin, walls))
        async with asyncio.TaskGroup() as tasks:
            for number in range(students):
                await asyncio.sleep(APART)
                query = "" if alike else f"learning_rate={0.01 + number / 1000:g}"
                tasks.create_task(_be_playing(server, code, query, begin, rates))
        looking.cancel()
    return rates, walls


async def _look_at_the_wall(
    room: ClientConnection, begin: float, walls: list[tuple[float, int]]
) -> None:
    async for message in room:
        found = json.loads(message)
        if "tiles" not in found or time.perf_counter() < begin:
            continue
        now, count = time.perf_counter(), len(found["tiles"])
        if walls and now - walls[-1][0] < TILES / 2:  # the rest of the same
            walls[-1] = walls[-1][0], walls[-1][1] + count
        else:
            walls.append((now, count))


async def _be_playing(
    server: Server, code: str, query: str, begin: float, rates: list[float]
) -> None:
    """Play to the end."""
    async with _line(server) as room, viewer(server.port, query) as board:
        await _say(room, join={"code": code})
        await _say(room, follows=False)
        reading = asyncio.create_task(_read(room))
        telling = asyncio.create_task(_tell(room, board))
        await board.play(RATE, 1, lambda: time.perf_counter() >= begin)
        drawn = board.drawn
        await board.play(RATE, 1, lambda: time.perf_counter() >= begin + SECONDS)
        rates.append((board.drawn - drawn) / SECONDS)
        for task in (reading, telling):
            task.cancel()


async def _tell(room: ClientConnection, board: Viewer) -> None:
    """Say what is on screen, for the tile."""
    while True:
        await _say(room, board={"run": board.run, "epoch": board.shown, "state": "playing"})
        await asyncio.sleep(TILES)


@asynccontextmanager
async def _room(server: Server) -> AsyncIterator[tuple[ClientConnection, str]]:
    """A new room: its teacher's line, and its code."""
    async with _line(server) as line:
        await _say(line, open=True)
        yield line, json.loads(await line.recv())["teacher"]["code"]


def _line(server: Server) -> connect:
    address = f"ws://127.0.0.1:{server.port}{PATH}"
    return connect(address, max_size=LARGEST_MESSAGE, compression=None)


async def _say(line: ClientConnection, **message: Any) -> None:
    await line.send(json.dumps(message))


async def _read(line: ClientConnection) -> None:
    """Take what comes, so that nothing piles up."""
    async for _ in line:
        pass
