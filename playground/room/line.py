"""The line of a room: one WebSocket of a teacher or a student, at `/room`.

Whoever opens it says first who they are, as JSON text:

- `{"open": true}`: a teacher, who wants a new room.
- `{"teach": {"code", "key"}}`: the teacher of a room; the key is their secret.
- `{"join": {"code", "seat", "name"}}`: a student; `seat` is the secret of the seat that they had,
  "" for a new one.

The answer is `{"teacher": {"code", "key"}}` or `{"seat": {"code", "number", "secret"}}`, or
`{"refused": words}` before the line is closed. From then on `{"room": …}` says how the room is, as
often as it changes: `Room.for_teacher` or `Room.for_seat`.

A student sends `{"name": text}`, `{"answer": {"question", "option"}}`, and
`{"board": {"run", "epoch", "state"}}`: which run of theirs is on screen, for the tile.

The teacher sends
- `{"do": …}`: a command, see `read.py`; and `{"do": "collect", "seats": […]}`, `{"do": "close"}`;
- `{"shown": {"run", "epoch", "state", "past", "point", "beside"}}`: what is on screen, for those
  who follow, see `following.py`;
- `{"wall": true}`: whether the tiles are wanted; then `{"tiles": […]}` comes every two seconds,
  with those that are others than before;
- `{"results": true}`: the results of an experiment or a challenge are wanted, see `results.py`;
  `{"results": …}` comes whenever there are others; `{"csv": true}`: the table, `{"csv": text}`.

What can't be done is answered with `{"refused": words}`. `{"here": n}` tells the teacher how many
students have a line. Those who follow get packed messages (`pack` in `board/frames.py`) as bytes,
with `watch` in their header. `{"away": true}`: the store can't be reached, `false`: it can again.
`{"over": true}`: the room is closed.
"""

import asyncio
import json
import secrets
from collections import deque
from contextlib import suppress
from functools import cache
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.spec import check_number
from playground.board.line import base_path
from playground.board.request import read_json
from playground.room.codes import new_code, read_code
from playground.room.hub import Hub, Hubs
from playground.room.read import (
    COUNTS,
    LONGEST_SECRET,
    read_command,
    read_name,
    read_seats,
    read_text,
)
from playground.room.room import Room, RoomError, Seat
from playground.room.store import MemoryStore, Store, StoreAwayError

PATH = "/room"
PLACES = 300
LARGEST_MESSAGE = 64 * 1024  # bytes of what is sent at once
SECONDS_TO_READ = 60.0  # for a browser to take a message; then nobody reads any more
MOST_NOTES = 100  # that wait for one browser
BAD_MESSAGE, REFUSED, OVER = 4400, 4403, 4410  # close codes


@cache
def hubs() -> Hubs:
    """The rooms of this process."""
    return Hubs(_store())


def _store() -> Store:
    return MemoryStore(minutes=60)


def address() -> str:
    """The path of the line."""
    return base_path() + PATH


def routes() -> list[WebSocketRoute]:
    """The route of the line."""
    return [WebSocketRoute(address(), serve)]


async def serve(socket: WebSocket) -> None:
    """Answer one browser until either side closes."""
    await socket.accept()
    line = RoomLine(socket)
    code = 1000
    try:
        await line.enter()
        await line.talk()
    except RoomError as error:
        code = REFUSED
        await line.say_last({"refused": str(error)})
    except ValueError as error:
        code = BAD_MESSAGE
        await line.say_last({"refused": str(error)})
    except WebSocketDisconnect:
        pass
    finally:
        await line.leave()
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(line.code or code)


class RoomLine:
    """One open line of a teacher or a student.

    Attributes:
        seat: the student's seat, None for the teacher.
        is_teacher: whether the teacher is known to be there.
        code: with which the line is to be closed, 0 if it is not.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self.seat: int | None = None
        self.is_teacher = False
        self.code = 0
        self._hub: Hub | None = None
        self._wake = asyncio.Event()
        self._notes: deque[str] = deque(maxlen=MOST_NOTES)
        self._picture: bytes | None = None  # the newest that was not sent yet
        self._is_changed = False
        self._view = ""
        self._sender: asyncio.Task[None] | None = None

    @property
    def hub(self) -> Hub:
        """The room that was entered."""
        if self._hub is None:
            raise RuntimeError("no room was entered")
        return self._hub

    async def enter(self) -> None:
        """Find out who it is, and let them in."""
        found = await self._receive()
        if "open" in found:
            room = await self._open()
            await self._enter_as_teacher(room.code, room.key)
        elif "teach" in found:
            said = _object(found["teach"])
            await self._enter_as_teacher(
                read_code(read_text("code", said.get("code"), LONGEST_SECRET)),
                read_text("key", said.get("key"), LONGEST_SECRET),
            )
        elif "join" in found:
            await self._enter_as_student(_object(found["join"]))
        else:
            raise ValueError("the first message must be open, teach or join")
        self._sender = asyncio.ensure_future(self._send_all())
        self.room_changed()

    async def talk(self) -> None:
        """Do what is said until the line is closed."""
        while True:
            found = await self._receive()
            try:
                if self.seat is not None:
                    await self._hear_student(self.seat, found)
                else:
                    await self._hear_teacher(found)
            except RoomError as error:
                self.say({"refused": str(error)})
            except StoreAwayError:
                self.say({"refused": "The rooms of this server can't be reached just now."})

    async def leave(self) -> None:
        """Leave nothing behind."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
        if self._hub is not None:
            await hubs().leave(self._hub, self)
            await self._say_who_is_here()

    async def say_last(self, note: dict[str, Any]) -> None:
        """Say something before the line is closed."""
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.send_text(json.dumps(note))

    # what the hub tells

    def room_changed(self) -> None:
        self._is_changed = True
        self._wake.set()

    def show(self, message: bytes) -> None:
        if not self.is_teacher:
            self._picture = message
            self._wake.set()

    def end(self) -> None:
        self.code = OVER
        self.say({"over": True})

    def store_is_away(self, *, away: bool) -> None:
        self.say({"away": away})

    # entering

    async def _open(self) -> Room:
        while True:
            room = Room(new_code(), secrets.token_urlsafe(16), PLACES)
            if await hubs().store.create(room):
                return room

    async def _enter_as_teacher(self, code: str, key: str) -> None:
        hub = await hubs().enter(code, self)
        if hub is None:
            raise RoomError("There is no such room any more.")
        self._hub = hub
        if not secrets.compare_digest(hub.room.key.encode(), key.encode()):
            raise RoomError("This is not the link of the room's teacher.")
        self.is_teacher = True
        await hub.store.keep_open(code)
        self.say({"teacher": {"code": code, "key": key}})
        await self._say_who_is_here()

    async def _enter_as_student(self, said: dict[str, Any]) -> None:
        code = read_code(read_text("code", said.get("code"), LONGEST_SECRET))
        secret = read_text("seat", said.get("seat", ""), LONGEST_SECRET)
        name = read_name(said.get("name", ""))
        hub = await hubs().enter(code, self) if code else None
        if hub is None:
            raise RoomError("There is no room with this code.")
        self._hub = hub
        seat: Seat | None = hub.room.seat_of(secret) if secret else None
        if seat is None:
            taken: list[Seat] = []
            if await hub.store.update(code, lambda room: taken.append(room.join(name))) is None:
                raise RoomError("There is no room with this code.")
            seat = taken[0]
        self.seat = seat.number
        self.say({"seat": {"code": code, "number": seat.number, "secret": seat.secret}})
        await self._say_who_is_here()

    async def _say_who_is_here(self) -> None:
        with suppress(StoreAwayError):
            here = await self.hub.store.count_here(self.hub.room.code, self.hub.here)
            for line in self.hub.lines:
                if isinstance(line, RoomLine) and line.is_teacher:
                    line.say({"here": here})

    # hearing

    async def _hear_student(self, seat: int, found: dict[str, Any]) -> None:
        store, code = self.hub.store, self.hub.room.code
        if "name" in found:
            name = read_name(found["name"])
            await store.update(code, lambda room: room.rename(seat, name))
        elif "answer" in found:
            said = _object(found["answer"])
            question = int(check_number("question", said.get("question"), COUNTS))
            option = int(check_number("option", said.get("option"), COUNTS))
            await store.update(code, lambda room: room.answer(seat, question, option))
        else:
            raise ValueError(f"a student can't say {', '.join(found)[:80]}")

    async def _hear_teacher(self, found: dict[str, Any]) -> None:
        store, code = self.hub.store, self.hub.room.code
        if found.get("do") == "close":
            await store.close(code)
        elif found.get("do") == "collect":
            tiles = await store.tiles(code)
            chosen = [tiles[seat] for seat in read_seats(found.get("seats")) if seat in tiles]
            await store.update(code, lambda room: room.collect(chosen))
        elif "do" in found:
            await store.update(code, read_command(found))
        else:
            raise ValueError(f"a teacher can't say {', '.join(found)[:80]}")

    async def _receive(self) -> dict[str, Any]:
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        text: str | None = event.get("text")
        if text is None or len(text.encode()) > LARGEST_MESSAGE:
            raise ValueError(f"a message must be text of at most {LARGEST_MESSAGE:,} bytes")
        return dict(read_json(text))

    # sending: one task, which never has more to send than the newest of each kind

    def say(self, note: dict[str, Any]) -> None:
        """Say something, after what waits to be said."""
        self._notes.append(json.dumps(note))
        self._wake.set()

    async def _send_all(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._send_what_waits()
                if self.code:
                    await self._socket.close(self.code)
                    return

    async def _send_what_waits(self) -> None:
        async with asyncio.timeout(SECONDS_TO_READ):
            while self._notes:
                await self._socket.send_text(self._notes.popleft())
            if self._is_changed:
                self._is_changed = False
                await self._send_view()
            picture, self._picture = self._picture, None
            if picture is not None:
                await self._socket.send_bytes(picture)

    async def _send_view(self) -> None:
        room = self.hub.room
        if not self.is_teacher and self.seat not in room.seats:
            self.code = OVER
            await self._socket.send_text(json.dumps({"over": True}))
            return
        seen = room.for_teacher() if self.seat is None else room.for_seat(self.seat)
        view = json.dumps({"room": seen})
        if view != self._view:
            self._view = view
            await self._socket.send_text(view)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object of names and values is wanted")
    return value
