"""What this process knows of a room that somebody here has a line to, and who has."""

import asyncio
import logging
from contextlib import suppress
from typing import Protocol

from playground.room.following import START
from playground.room.room import Room
from playground.room.store import Event, Store, StoreAwayError

AT_ONCE = 50  # lines that are shown a picture before anybody else has their turn

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """A line to a room. None of these may wait."""

    seat: int | None  # None for the teacher's

    def room_changed(self) -> None:
        """The room is another one now."""

    def show(self, message: bytes) -> None:
        """A message for those who follow, see `following.py`; a newer one takes its place."""

    def end(self) -> None:
        """There is no room any more."""

    def store_is_away(self, *, away: bool) -> None:
        """What is told to the class does not arrive just now, or does again."""


class Hub:
    """One room in this process, for as long as somebody has a line to it.

    Attributes:
        room: as it is by now; read only.
        lines: who listens.
    """

    room: Room

    def __init__(self, store: Store, room: Room) -> None:
        self.store, self.room = store, room
        self.lines: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._showing: asyncio.Task[None] | None = None
        self._picture = b""  # the newest
        self._is_shown = True  # to everybody, or is on its way to them

    async def open(self) -> None:
        """Listen from now on."""
        self._listening = self.store.listen(self.room.code)
        events = await self._listening.__aenter__()
        self._task = asyncio.ensure_future(self._run(events))
        await self._load()

    async def close(self) -> None:
        """Listen no more."""
        for task in (self._task, self._showing):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self._listening.__aexit__(None, None, None)

    @property
    def here(self) -> int:
        """How many students have a line here; several lines of a seat count once."""
        return len({line.seat for line in self.lines} - {None})

    async def _run(self, events) -> None:  # type: ignore[no-untyped-def]
        async for event in events:
            try:
                await self._take(event)
            except Exception:
                _log.exception("what has happened in a room can't be passed on")

    async def _take(self, event: Event) -> None:
        match event.kind:
            case "changed" | "back":
                await self._load()
            case "sent":
                self._show(event.message)
            case "closed":
                for line in [*self.lines]:
                    line.end()
        if event.kind in ("away", "back"):
            for line in self.lines:
                line.store_is_away(away=event.kind == "away")

    def _show(self, message: bytes) -> None:
        """Show it to all who follow; of pictures only the newest, if they come too fast."""
        if message.startswith(START):
            for line in self.lines:
                line.show(message)
            return
        self._picture, self._is_shown = message, False
        if self._showing is None or self._showing.done():
            self._showing = asyncio.ensure_future(self._show_pictures())

    async def _show_pictures(self) -> None:
        while not self._is_shown:
            self._is_shown = True
            for count, line in enumerate([*self.lines]):
                line.show(self._picture)
                if count % AT_ONCE == 0:
                    await asyncio.sleep(0)

    async def _load(self) -> None:
        with suppress(StoreAwayError):
            room = await self.store.load(self.room.code)
            if room is None:
                for line in [*self.lines]:
                    line.end()
                return
            self.room = room
        for line in self.lines:
            line.room_changed()


class Hubs:
    """The rooms of this process."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._hubs: dict[str, Hub] = {}
        self._lock = asyncio.Lock()

    async def enter(self, code: str, line: Listener) -> Hub | None:
        """Listen to a room; None if there is none."""
        async with self._lock:
            hub = self._hubs.get(code)
            if hub is None:
                room = await self.store.load(code)
                if room is None:
                    return None
                hub = self._hubs[code] = Hub(self.store, room)
                await hub.open()
            hub.lines.add(line)
            return hub

    async def leave(self, hub: Hub, line: Listener) -> None:
        """Listen no more."""
        async with self._lock:
            hub.lines.discard(line)
            if not hub.lines and self._hubs.get(hub.room.code) is hub:
                del self._hubs[hub.room.code]
                await hub.close()
