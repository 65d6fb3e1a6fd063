"""Where rooms are kept: in this process, unless several share them (`redis_store.py`).

What is kept of a room: the room itself (`room.py`), the newest tile of each seat (`tiles.py`), how
many are there at each replica, and the pictures that whoever comes late needs. All of it is gone
when the room is closed, and after a time without its teacher.
"""

import asyncio
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from playground.room.room import Room, RoomError

MOST_WAITING = 64  # messages that one listener has not taken; later ones are not for it
MOST_COUNTED = 10_000  # things that are counted at once; the oldest is forgotten for a new one


@dataclass(frozen=True)
class Event:
    """Something has happened in a room.

    Attributes:
        kind: `changed`: the room is another one now. `here`: others are there at another process,
            see `count_here`. `sent`: a message for those who follow, as
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
        """Keep a new room; False if its code is taken, or was that of a room until now.

        Raises:
            RoomError: there are as many rooms as there may be.
        """

    async def load(self, code: str) -> Room | None:
        """The room of a code; a copy."""

    async def update(self, code: str, change: Callable[[Room], None]) -> Room | None:
        """Change a room, alone with it, and tell all listeners; None if there is none any more.

        change: changes the copy that it is given, and may be called again with another one; if it
            raises, nothing is kept.
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

    async def count_here(self, code: str, here: int) -> int | None:
        """Say how many students this process has lines to, again and again.

        Returns how many there are in all; None if there is no such room any more.
        """

    async def count(self, what: str, seconds: float) -> int:
        """Count something; how often that was done within so many seconds from the first time."""

    async def counted(self, what: str) -> int:
        """How often something was counted by now."""

    async def end(self) -> None:
        """The process ends; rooms that others share stay."""


def no_place_for(rooms: int) -> RoomError:
    """What a teacher reads where no more rooms can be opened."""
    return RoomError(
        f"All {rooms:,} rooms of this server are taken. Try again later, or ask whoever runs it "
        "for more: MLP_ROOMS."
    )


class Waiting:
    """Events that a listener has not taken yet: news of the room once, and so many messages."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._is_there = asyncio.Event()

    def put(self, event: Event) -> None:
        """One more; pictures that come too fast are left out, for a later one follows."""
        if event.kind == "sent":
            if len(self._events) >= MOST_WAITING:
                return
        elif event.kind in ("changed", "here") and event in self._events:
            return
        self._events.append(event)
        self._is_there.set()

    async def take(self) -> AsyncIterator[Event]:
        """Each, as it comes."""
        while True:
            await self._is_there.wait()
            yield self._events.popleft()
            if not self._events:
                self._is_there.clear()


class MemoryStore:
    """Keeps rooms in this process.

    Args:
        minutes: that a room stays without its teacher.
        rooms: how many there may be.
        clock: seconds that only grow.
    """

    def __init__(
        self, minutes: float, rooms: int = 50, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._minutes, self._most, self._clock = minutes, rooms, clock
        self._rooms: dict[str, Room] = {}
        self._until: dict[str, float] = {}
        self._tiles: defaultdict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
        self._kept: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        self._listeners: defaultdict[str, set[Waiting]] = defaultdict(set)
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()  # until when, how often

    async def create(self, room: Room) -> bool:
        self._forget_old()
        if room.code in self._rooms:
            return False
        if len(self._rooms) >= self._most:
            raise no_place_for(self._most)
        self._rooms[room.code] = room
        await self.keep_open(room.code)
        return True

    async def load(self, code: str) -> Room | None:
        self._forget_old()
        room = self._rooms.get(code)
        return None if room is None else room.copy()

    async def update(self, code: str, change: Callable[[Room], None]) -> Room | None:
        room = await self.load(code)
        if room is None:
            return None
        change(room)
        room.version += 1
        self._rooms[code] = room
        self._tell(code, Event("changed"))
        return room.copy()

    async def close(self, code: str) -> None:
        for held in (self._rooms, self._until, self._tiles, self._kept):
            held.pop(code, None)
        self._tell(code, Event("closed"))

    async def keep_open(self, code: str) -> None:
        if code in self._rooms:
            self._until[code] = self._clock() + 60 * self._minutes

    async def send(self, code: str, message: bytes) -> None:
        self._tell(code, Event("sent", message))

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Event]]:
        waiting = Waiting()
        self._listeners[code].add(waiting)
        try:
            yield waiting.take()
        finally:
            self._listeners[code].discard(waiting)
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

    async def count_here(self, code: str, here: int) -> int | None:
        self._forget_old()
        return here if code in self._rooms else None

    async def count(self, what: str, seconds: float) -> int:
        until, often = self._counts.pop(what, (0.0, 0))
        if until <= self._clock():
            until, often = self._clock() + seconds, 0
        self._counts[what] = until, often + 1
        if len(self._counts) > MOST_COUNTED:
            self._counts.popitem(last=False)
        return often + 1

    async def counted(self, what: str) -> int:
        until, often = self._counts.get(what, (0.0, 0))
        return often if until > self._clock() else 0

    async def end(self) -> None:
        pass

    def _tell(self, code: str, event: Event) -> None:
        for waiting in self._listeners.get(code, ()):
            waiting.put(event)

    def _forget_old(self) -> None:
        now = self._clock()
        for code in [code for code, until in self._until.items() if until < now]:
            for held in (self._rooms, self._until, self._tiles, self._kept):
                held.pop(code, None)
            self._tell(code, Event("closed"))
