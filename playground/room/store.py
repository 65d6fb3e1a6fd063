"""Where rooms are kept: in this process, unless several share them (`redis_store.py`).

What is kept of a room: the room itself (`room.py`), the newest tile of each seat (`tiles.py`), how
many are there at each replica, and the pictures that whoever comes late needs. All of it is gone
when the room is closed, and after a time without its teacher.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from playground.room.room import Room

MOST_WAITING = (
    64  # events that one listener has not taken; then it has missed some, and begins anew
)


@dataclass(frozen=True)
class Event:
    """Something has happened in a room.

    Attributes:
        kind: `changed`: the room is another one now. `sent`: a message for those who follow, as
            `send` was given it. `closed`: there is no room any more. `away`: the store can't be
            reached; `back`: it can again, and what happened meanwhile was missed.
        message: of `sent`.
    """

    kind: str
    message: bytes = b""


class StoreAwayError(Exception):
    """The store can't be reached just now."""


class Store(Protocol):
    """Keeps rooms. Each method may raise `StoreAwayError`."""

    async def create(self, room: Room) -> bool:
        """Keep a new room; False if its code is taken."""

    async def load(self, code: str) -> Room | None:
        """The room of a code; a copy."""

    async def update(self, code: str, change: Callable[[Room], None]) -> Room | None:
        """Change a room, alone with it, and tell all listeners; None if there is none any more.

        change: changes the copy that it is given; if it raises, nothing is kept.
        """

    async def close(self, code: str) -> None:
        """Forget a room and all that belongs to it."""

    async def keep_open(self, code: str) -> None:
        """The teacher is there: the time without one begins anew."""

    async def send(self, code: str, message: bytes) -> None:
        """Pass a message to every listener."""

    def listen(self, code: str) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """What happens in a room from now on, for as long as the context is open."""

    async def keep(self, code: str, name: str, value: bytes) -> None:
        """Keep something under a name: the pictures for whoever comes late."""

    async def kept(self, code: str, name: str) -> bytes | None:
        """What was kept last under a name."""

    async def put_tile(self, code: str, seat: int, tile: Mapping[str, Any]) -> None:
        """Keep the newest tile of a seat."""

    async def tiles(self, code: str) -> dict[int, Mapping[str, Any]]:
        """The newest tile of each seat."""

    async def count_here(self, code: str, here: int) -> int:
        """Say how many students this process has lines to; how many there are in all."""

    async def may_try(self, who: str) -> bool:
        """Count a code that was tried and not found; False after too many from one address."""


async def _taken(queue: asyncio.Queue[Event]) -> AsyncIterator[Event]:
    while True:
        yield await queue.get()


class MemoryStore:
    """Keeps rooms in this process.

    Args:
        minutes: that a room stays without its teacher.
        clock: seconds that only grow.
    """

    def __init__(self, minutes: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._minutes, self._clock = minutes, clock
        self._rooms: dict[str, Room] = {}
        self._until: dict[str, float] = {}
        self._tiles: defaultdict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
        self._kept: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        self._listeners: defaultdict[str, set[asyncio.Queue[Event]]] = defaultdict(set)

    async def create(self, room: Room) -> bool:
        self._forget_old()
        if room.code in self._rooms:
            return False
        self._rooms[room.code] = room
        await self.keep_open(room.code)
        return True

    async def load(self, code: str) -> Room | None:
        self._forget_old()
        room = self._rooms.get(code)
        return None if room is None else Room.from_dict(room.to_dict())

    async def update(self, code: str, change: Callable[[Room], None]) -> Room | None:
        room = await self.load(code)
        if room is None:
            return None
        change(room)
        room.version += 1
        self._rooms[code] = room
        self._tell(code, Event("changed"))
        return Room.from_dict(room.to_dict())

    async def close(self, code: str) -> None:
        for held in (self._rooms, self._until, self._tiles, self._kept):
            held.pop(code, None)
        self._tell(code, Event("closed"))

    async def keep_open(self, code: str) -> None:
        self._until[code] = self._clock() + 60 * self._minutes

    async def send(self, code: str, message: bytes) -> None:
        self._tell(code, Event("sent", message))

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Event]]:
        queue: asyncio.Queue[Event] = asyncio.Queue(MOST_WAITING)
        self._listeners[code].add(queue)
        try:
            yield _taken(queue)
        finally:
            self._listeners[code].discard(queue)
            if not self._listeners[code]:
                del self._listeners[code]

    async def keep(self, code: str, name: str, value: bytes) -> None:
        if code in self._rooms:
            self._kept[code][name] = value

    async def kept(self, code: str, name: str) -> bytes | None:
        return self._kept[code].get(name) if code in self._rooms else None

    async def put_tile(self, code: str, seat: int, tile: Mapping[str, Any]) -> None:
        if code in self._rooms:
            self._tiles[code][seat] = tile

    async def tiles(self, code: str) -> dict[int, Mapping[str, Any]]:
        return dict(self._tiles[code]) if code in self._rooms else {}

    async def count_here(self, code: str, here: int) -> int:
        return here

    async def may_try(self, who: str) -> bool:
        return True

    def _tell(self, code: str, event: Event) -> None:
        for queue in self._listeners.get(code, ()):
            if event.kind == "sent" and queue.full():
                continue  # pictures: a later one follows
            with suppress(asyncio.QueueFull):
                queue.put_nowait(event)

    def _forget_old(self) -> None:
        now = self._clock()
        for code in [code for code, until in self._until.items() if until < now]:
            for held in (self._rooms, self._until, self._tiles, self._kept):
                held.pop(code, None)
            self._tell(code, Event("closed"))
