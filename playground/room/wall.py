"""Tiles and results on their way: from the students' boards to the teacher's wall and back.

A student's line says which run is on screen; the run is in this process, and the tile is made from
it. The teacher's line looks again and again whether there are others than before. A browser that
tells more often than `SECONDS` gets a tile of its newest word.
"""

import asyncio
import logging
import math
import weakref
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from playground.board.line import compute, streams
from playground.board.stream import Stream
from playground.room import results
from playground.room.following import is_of_teacher
from playground.room.hub import Hub
from playground.room.read import OnScreen
from playground.room.room import Room, RoomError, Turn
from playground.room.store import StoreAwayError
from playground.room.tiles import Tile, make_tile
from playground.server.turns import Account, turns

SECONDS = 2.0  # from one tile of a student to the next, and from one look at the wall to the next
LEAST_REST = 0.2  # seconds without a look, however long the last one took
AT_ONCE = 25  # tiles in one message

Say = Callable[[dict[str, Any]], None]

_log = logging.getLogger(__name__)


class Repeated:
    """Something that is done again every `SECONDS`, for as long as there is a reason to."""

    def __init__(self, do: Callable[[], Awaitable[None]], is_wanted: Callable[[], bool]) -> None:
        self._do, self._is_wanted = do, is_wanted
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """There may be a reason now."""
        if self._is_wanted() and (self._task is None or self._task.done()):
            self._task = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        """Leave nothing under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        while self._is_wanted():
            began = clock()
            try:
                await self._do()
            except StoreAwayError:
                pass  # it is tried again
            except Exception:
                _log.exception("tiles or results can't be made")
            await asyncio.sleep(max(began + SECONDS - clock(), LEAST_REST))


class OwnTile:
    """What one line of a student tells of its run."""

    def __init__(self, hub: Hub, seat: int, say: Say) -> None:
        self._hub, self._seat, self._say = hub, seat, say
        self._account = Account(math.inf)
        self._newest: OnScreen | None = None
        self._tile: Tile | None = None  # the newest of this seat
        self._is_known = False  # whether `_tile` is it, as far as the store knows
        self._told: Any = None  # the result that the student has heard of
        self._stream: Callable[[], Stream | None] = lambda: None
        self._repeated = Repeated(self._make, self._is_wanted)

    def note(self, on_screen: OnScreen) -> None:
        """This is on the student's screen."""
        self._newest = on_screen
        self._repeated.wake()

    def room_changed(self) -> None:
        """The teacher may want to see it now."""
        self._repeated.wake()

    async def close(self) -> None:
        """Leave nothing under way."""
        await self._repeated.close()

    def _is_wanted(self) -> bool:
        return self._newest is not None and is_looked_at(self._hub.room)

    async def _make(self) -> None:
        on_screen, self._newest = self._newest, None
        if on_screen is None:
            return
        store, room = self._hub.store, self._hub.room
        if not self._is_known:
            self._tile = (await store.tiles(room.code)).get(self._seat)
            self._is_known = True
        tile = await compute(self._made, on_screen, room.turn)
        if tile is None:
            return
        self._tile = tile
        await store.put_tile(room.code, self._seat, tile)
        result = tile["result"]
        if result is not None and (tile["turn"], result) != self._told:
            self._told = (tile["turn"], result)
            self._say({"result": result})

    def _made(self, on_screen: OnScreen, turn: Turn | None) -> dict[str, Any] | None:
        """The tile, None if the run is not known here; in a worker's thread."""
        stream = self._stream_of(on_screen.run)
        if stream is None or is_of_teacher(stream):
            return None
        sight = stream.sight(on_screen.run, on_screen.epoch)
        if sight is None:
            return None
        with turns().turn(self._account):
            return make_tile(
                sight,
                seat=self._seat,
                run=on_screen.run,
                state=on_screen.state,
                turn=turn,
                before=self._tile,
            )

    def _stream_of(self, run: str) -> Stream | None:
        """The stream that has a run now."""
        stream = self._stream()
        if stream is None or stream.run_id != run:
            stream = next((each for each in streams() if each.run_id == run), None)
            if stream is not None:
                self._stream = weakref.ref(stream)
        return stream


class Wall:
    """What one line of a teacher is told of tiles and results."""

    def __init__(self, hub: Hub, say: Say) -> None:
        self._hub, self._say = hub, say
        self._shows_tiles = self._shows_results = False
        self._tiles: dict[int, Tile] = {}  # as they were told
        self._results: Any = None
        self._repeated = Repeated(self._look, lambda: self._shows_tiles or self._shows_results)

    async def show_tiles(self, *, wanted: bool) -> None:
        """Whether the tiles are wanted from now on."""
        self._shows_tiles, self._tiles = wanted, {}
        await self._watch(wanted=wanted)
        self._repeated.wake()

    def show_results(self, *, wanted: bool) -> None:
        """Whether the results are wanted from now on."""
        self._shows_results, self._results = wanted, None
        self._repeated.wake()

    async def table(self) -> str:
        """The results as CSV."""
        room = self._hub.room
        return await compute(results.table, room, await self._hub.store.tiles(room.code))

    async def close(self) -> None:
        """Leave nothing under way, and have no tiles made for nobody."""
        await self._repeated.close()
        if self._shows_tiles:
            with suppress(StoreAwayError, RoomError):
                await self._watch(wanted=False)

    async def _watch(self, *, wanted: bool) -> None:
        if self._hub.room.is_watched != wanted:
            await self._hub.update(lambda room: room.watch(wanted=wanted))

    async def _look(self) -> None:
        if self._shows_tiles:
            await self._watch(wanted=True)  # another tab may have closed its wall
        room = self._hub.room
        tiles = await self._hub.store.tiles(room.code)
        if self._shows_tiles:
            await self._tell_tiles(room, tiles)
        if self._shows_results:
            found = await compute(results.results_of, room, tiles)
            if found is not None and found != self._results:
                self._results = found
                self._say({"results": found})

    async def _tell_tiles(self, room: Room, tiles: Mapping[int, Tile]) -> None:
        number = 0 if room.turn is None else room.turn.number
        others = [
            tile
            for seat, tile in sorted(tiles.items())
            if seat in room.seats and tile["turn"] == number and self._tiles.get(seat) != tile
        ]
        self._tiles = dict(tiles)
        for start in range(0, len(others), AT_ONCE):
            self._say({"tiles": others[start : start + AT_ONCE]})
            await asyncio.sleep(0)  # others have their turn


class Best:
    """What all students of a room in this process are told of a challenge: the best so far."""

    def __init__(self, hub: Hub) -> None:
        # it belongs to the hub, which must not be kept by it
        self._hub = weakref.ref(hub)
        self._told: Any = None
        self._repeated = Repeated(self._look, self._is_wanted)

    def wake(self) -> None:
        """The room is another one now."""
        self._repeated.wake()

    def tell(self, say: Say) -> None:
        """Tell somebody who has just come."""
        if self._told:
            say({"best": self._told})

    def _is_wanted(self) -> bool:
        hub = self._hub()
        if hub is None or not hub.lines or not has_kind(hub.room, "challenge"):
            self._told = None
            return False
        return True

    async def _look(self) -> None:
        hub = self._hub()
        if hub is None:
            return
        room = hub.room
        found = await compute(results.best, room, await hub.store.tiles(room.code))
        if found != self._told:
            self._told = found
            for line in hub.lines:
                if line.seat is not None:
                    line.tell_best(found)


_best: "weakref.WeakKeyDictionary[Hub, Best]" = weakref.WeakKeyDictionary()


def best_of(hub: Hub) -> Best:
    """What the students of a room are told of a challenge."""
    if hub not in _best:
        _best[hub] = Best(hub)
    return _best[hub]


def collected(room: Room, tiles: Mapping[int, Tile], seats: Sequence[int]) -> list[dict[str, Any]]:
    """The tiles of some seats as every screen shows them, with what the class calls the seats."""
    return [
        {**tiles[seat], "value": None, "shown_name": room.shown_name(seat)}
        for seat in seats
        if seat in room.seats
    ]


def has_kind(room: Room, *kinds: str) -> bool:
    """Whether a turn of one of these kinds is on."""
    return room.mode == "play" and room.turn is not None and room.turn.kind in kinds


def is_looked_at(room: Room) -> bool:
    """Whether somebody wants the tiles, or what is made of them."""
    return room.is_watched or has_kind(room, "experiment", "challenge")
