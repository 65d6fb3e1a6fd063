"""What this process knows of a room that somebody here has a line to, and who has."""

import asyncio
import logging
from contextlib import suppress
from typing import Protocol

from playground.room.room import Room
from playground.room.store import Event, Store, StoreAwayError

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """A line to a room. None of these may wait."""

    seat: int | None  # None for the teacher's

    def room_changed(self) -> None:
        """The room is another one now."""

    def show(self, message: bytes) -> None:
        """A message for those who follow; one that was not sent yet is dropped for it."""

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

    async def open(self) -> None:
        """Listen from now on."""
        self._listening = self.store.listen(self.room.code)
        events = await self._listening.__aenter__()
        self._task = asyncio.ensure_future(self._run(events))
        await self._load()

    async def close(self) -> None:
        """Listen no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
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
                for line in self.lines:
                    line.show(event.message)
            case "closed":
                for line in [*self.lines]:
                    line.end()
        if event.kind in ("away", "back"):
            for line in self.lines:
                line.store_is_away(away=event.kind == "away")

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
