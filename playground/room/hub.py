"""What this process knows of a room that somebody here has a line to, and who has."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, Protocol

from playground.room.following import PICTURE
from playground.room.room import Room, RoomError
from playground.room.store import Event, Store, StoreAwayError

AT_ONCE = 50  # lines that are shown a picture before anybody else has their turn
SECONDS_TO_SHOW = 0.5  # a picture to so many lines; then one of them does not take it
SECONDS_BETWEEN_BEATS = 5.0  # after which the store is told again who is here
MOST_LINES = 8  # of one seat, or of the teacher: tabs that are open

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """A line to a room. None of these may wait: `show` does so only if a student cheats."""

    seat: int | None  # None for the teacher's, and before it is known whose it is
    is_teacher: bool

    def room_changed(self) -> None:
        """The room is another one now."""

    async def show(self, message: bytes) -> None:
        """A message for those who follow, see `following.py`; a newer one takes its place."""

    def give_up(self) -> None:
        """It can't be shown anything, and holds up all others."""

    def end(self) -> None:
        """There is no room any more."""

    def here_changed(self) -> None:
        """Other students are here than before, at this process or elsewhere."""

    def tell_best(self, best: list[dict[str, Any]]) -> None:
        """Who is best in a challenge, see `results.py`."""

    def store_is_away(self, *, away: bool) -> None:
        """What is told to the class does not arrive just now, or does again."""


class Hub:
    """One room in this process, for as long as somebody has a line to it.

    Attributes:
        room: as it is by now; read only.
        lines: who listens.
        here: how many students there are, wherever; the lines of a seat count once.
    """

    room: Room

    def __init__(self, store: Store, room: Room) -> None:
        self.store, self.room = store, room
        self.lines: set[Listener] = set()
        self.here = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._showing: asyncio.Task[None] | None = None
        self._picture = b""  # the newest
        self._is_shown = True  # to everybody, or is on its way to them

    async def open(self) -> None:
        """Listen from now on."""
        self._listening = self.store.listen(self.room.code)
        events = await self._listening.__aenter__()
        self._tasks = [asyncio.ensure_future(each) for each in (self._run(events), self._beat())]
        await self._load()

    async def close(self) -> None:
        """Listen no more."""
        tasks = self._tasks if self._showing is None else [*self._tasks, self._showing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._listening.__aexit__(None, None, None)

    @property
    def at_this_process(self) -> int:
        """How many students have a line to this process."""
        return len({line.seat for line in self.lines} - {None})

    def lines_of(self, seat: int | None) -> int:
        """How many lines a student has here, or the teacher."""
        return sum(
            line.seat == seat and (line.is_teacher or seat is not None) for line in self.lines
        )

    async def update(self, change: Callable[[Room], None]) -> None:
        """Change the room; whoever has done that sees it at once.

        Raises:
            RoomError: it can't be changed like this, or is gone.
        """
        room = await self.store.update(self.room.code, change)
        if room is None:
            raise RoomError("This room is closed.")
        self._take_over(room)

    async def count(self) -> None:
        """Say who is here, and find out how many there are in all."""
        here = await self.store.count_here(self.room.code, self.at_this_process)
        if here is None:
            self._end()
        elif here != self.here:
            self.here = here
            for line in self.lines:
                line.here_changed()

    async def _beat(self) -> None:
        """Again and again: who is here, and that the teacher is."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_BEATS)
            with suppress(StoreAwayError):
                if any(line.is_teacher for line in self.lines):
                    await self.store.keep_open(self.room.code)
                await self.count()

    async def _run(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            try:
                await self._take(event)
            except Exception:
                _log.exception("what has happened in a room can't be passed on")

    async def _take(self, event: Event) -> None:
        match event.kind:
            case "changed":
                await self._load()
            case "here":
                with suppress(StoreAwayError):
                    await self.count()
            case "back":
                await self._come_back()
            case "sent":
                await self._show(event.message)
            case "closed":
                self._end()
        if event.kind in ("away", "back"):
            for line in self.lines:
                line.store_is_away(away=event.kind == "away")

    async def _show(self, message: bytes) -> None:
        """Show it to all who follow; of pictures only the newest, if they come too fast."""
        if not message.startswith(PICTURE):
            await self._show_to_all(message)
            return
        self._picture, self._is_shown = message, False
        if self._showing is None or self._showing.done():
            self._showing = asyncio.ensure_future(self._show_pictures())

    async def _show_pictures(self) -> None:
        while not self._is_shown:
            self._is_shown = True
            await self._show_to_all(self._picture)

    async def _show_to_all(self, message: bytes) -> None:
        waiting = [*self.lines]
        while waiting:
            line = waiting[-1]
            try:
                async with asyncio.timeout(SECONDS_TO_SHOW):
                    for _ in range(min(AT_ONCE, len(waiting))):
                        line = waiting.pop()
                        await line.show(message)
            except TimeoutError:
                line.give_up()
            await asyncio.sleep(0)

    async def _come_back(self) -> None:
        """The store may have forgotten the room; nobody else has closed it meanwhile."""
        with suppress(StoreAwayError, RoomError):
            await self.store.create(self.room)
        await self._load(anyway=True)  # another process may have known an older one
        with suppress(StoreAwayError):
            await self.count()

    async def _load(self, *, anyway: bool = False) -> None:
        with suppress(StoreAwayError):
            room = await self.store.load(self.room.code)
            if room is None:
                self._end()
                return
            self._take_over(room, anyway=anyway)

    def _take_over(self, room: Room, *, anyway: bool = False) -> None:
        """Take a room for the one that there is, unless a newer one is known."""
        if anyway or room.version >= self.room.version:
            self.room = room
            for line in self.lines:
                line.room_changed()

    def _end(self) -> None:
        for line in [*self.lines]:
            line.end()


class Hubs:
    """The rooms of this process."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._hubs: dict[str, Hub] = {}
        self._lock = asyncio.Lock()

    @property
    def rooms(self) -> int:
        """How many rooms somebody here has a line to."""
        return len(self._hubs)

    @property
    def students(self) -> int:
        """How many students have a line to this process."""
        return sum(hub.at_this_process for hub in self._hubs.values())

    async def enter(self, code: str, line: Listener) -> Hub | None:
        """Listen to a room; None if there is none."""
        async with self._lock:
            hub = self._hubs.get(code)
            if hub is None:
                room = await self.store.load(code)
                if room is None:
                    return None
                hub = Hub(self.store, room)
                await hub.open()
                self._hubs[code] = hub
            hub.lines.add(line)
            return hub

    async def leave(self, hub: Hub, line: Listener) -> None:
        """Listen no more."""
        async with self._lock:
            hub.lines.discard(line)
            if not hub.lines and self._hubs.get(hub.room.code) is hub:
                del self._hubs[hub.room.code]
                await hub.close()
