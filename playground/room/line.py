"""The line of a room: one WebSocket of a teacher or a student, at `/room`.

Whoever opens it says first who they are, as JSON text:

- `{"open": true}`: a teacher, who wants a new room.
- `{"teach": {"code", "key"}}`: the teacher of a room; the key is their secret.
- `{"join": {"code", "seat", "name"}}`: a student; `seat` is the secret of the seat that they had,
  "" for a new one.

The answer is `{"teacher": {"code", "key"}}` or `{"seat": {"code", "number", "secret"}}`, or
`{"refused": words}` before the line is closed. From then on `{"room": …}` says how the room is, as
often as it changes: `Room.for_teacher` or `Room.for_seat`. If the store can't be reached, `{"away":
true}` is said and the line closed with a code after which it may be opened again.

A student sends
- `{"name": text}`, `{"answer": {"question", "option"}}`;
- `{"board": {"run", "epoch", "state"}}`: which run of theirs is on screen, for the tile;
- `{"follows": false}` from a page of their own, which shows nothing of the teacher's; `true` to
  follow again, and to be told everything anew;
- `{"seen": n}`: n bytes of packed messages have come since the line was opened; said when
  another 24,000 of them have, and half a second after some that it was not said of.

The teacher sends
- `{"do": …}`: a command, see `read.py`; and `{"do": "collect", "seats": […]}`, `{"do": "close"}`;
- `{"shown": {"run", "epoch", "state", "past", "point", "beside"}}`: what is on screen, for those
  who follow, see `following.py`;
- `{"wall": true}`: whether the tiles of the turn are wanted, see `tiles.py`; then
  `{"tiles": […]}` comes every two seconds, with those that are others than before;
- `{"results": true}`: whether the results of an experiment or a challenge are wanted, see
  `results.py`; then `{"results": …}` comes whenever there are others; `{"csv": true}`: the table,
  `{"csv": text}`;
- `{"offers": true}`: what can be chosen from is wanted, `{"offers": …}`, see `offers.py`;
- `{"qr": link}`: the QR code of the link to the room, `{"qr": {"link", "modules"}}`, see `qr.py`.

A student hears `{"result": …}` once their part of an experiment is done, and in a challenge
`{"best": […]}` whenever there are others.

What can't be done is answered with `{"refused": words}`. `{"here": n}` tells the teacher how many
students have a line. `{"away": true}`: the store can't be reached, `false`: it can again.
`{"over": true}`: the room is closed; with `"removed": true`, the teacher has taken the seat away.

While the room's mode is `follow`, students get packed messages (`pack` in `board/frames.py`) as
bytes, each with one frame and with `watch` in its header: `start`, the number of the start that it
belongs to, `state`, `past`, `point` and `beside`, see `Shown` in `read.py`. Those with `start` in
their header have the charts and the history, the `value` of the run, its live changes (`made`) and
own data (`data`), too. `{"beside": {"html"}}` is the text of what the teacher has open beside the
board, null for nothing. Whoever begins to follow gets the newest of all these first. A line has at
most 48,000 bytes on its way that were not `seen`, fewer if that takes long; then it gets the newest
picture, when some were. While the class is paused, nothing else comes.
"""

import asyncio
import json
import logging
import secrets
from collections import deque
from contextlib import suppress
from functools import cache
from typing import Any, NoReturn

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.spec import check_number
from playground.board.line import base_path, compute
from playground.board.request import read_json
from playground.room.codes import new_code, read_code
from playground.room.following import Following
from playground.room.hub import MOST_LINES, Hub, Hubs
from playground.room.offers import offers
from playground.room.qr import modules_of, read_link
from playground.room.read import (
    COUNTS,
    LONGEST_SECRET,
    read_command,
    read_flag,
    read_name,
    read_on_screen,
    read_seats,
    read_shown,
    read_text,
)
from playground.room.redis_store import RedisStore
from playground.room.room import Room, RoomError, Seat
from playground.room.showing import Showing
from playground.room.store import MemoryStore, Store, StoreAwayError
from playground.room.tries import (
    SECONDS_TO_REFUSE,
    TOO_MANY,
    Pace,
    may_try,
    note_opening,
    note_wrong,
)
from playground.room.wall import OwnTile, Wall, best_of, collected
from playground.server import metrics
from playground.server.config import config
from playground.server.hosts import hosts

PATH = "/room"
LARGEST_MESSAGE = 64 * 1024  # bytes of what is sent at once
SECONDS_TO_READ = 60.0  # for a browser to take a message; then nobody reads any more
SECONDS_TO_SAY = 30.0  # who one is, once the line is open
MOST_NOTES = 100  # that wait for one browser
MOST_MESSAGES = 50  # a second, of one browser
# close codes
BAD_MESSAGE, REFUSED, UNREAD, OVER = 4400, 4403, 4408, 4410
TRY_AGAIN, FAILED = 1013, 1011
AWAY = "The rooms of this server can't be reached just now."

_log = logging.getLogger(__name__)


@cache
def hubs() -> Hubs:
    """The rooms of this process."""
    return Hubs(_store())


def _store() -> Store:
    minutes, most, url = config().room_minutes, config().rooms, config().redis_url
    return RedisStore(url, minutes, most) if url else MemoryStore(minutes, most)


def address() -> str:
    """The path of the line."""
    return base_path() + PATH


def routes() -> list[WebSocketRoute]:
    """The route of the line."""
    metrics.ROOMS.set_function(lambda: hubs().rooms)
    metrics.STUDENTS.set_function(lambda: hubs().students)
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
    except StoreAwayError:
        code = TRY_AGAIN
        await line.say_last({"away": True})
    except WebSocketDisconnect:
        pass
    except Exception:
        code = FAILED
        _log.exception("a line of a room can't be answered")
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
        self._address = socket.client.host if socket.client else ""
        self._pace = Pace(MOST_MESSAGES)
        self.seat: int | None = None
        self.is_teacher = False
        self.code = 0
        self._hub: Hub | None = None
        self._wake = asyncio.Event()
        self._notes: deque[str] = deque(maxlen=MOST_NOTES)
        self._showing: Showing | None = None  # to a student
        self._follows = True
        self._following: Following | None = None  # what a teacher shows
        self._own_tile: OwnTile | None = None  # of a student who plays
        self._wall: Wall | None = None  # of a teacher who looks
        self._is_changed = False
        self._known: Room | None = None  # as it was when the view was made last
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
        try:
            async with asyncio.timeout(SECONDS_TO_SAY):
                found = await self._receive()
        except TimeoutError:
            raise ValueError("nobody has said who it is") from None
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
            except ValueError as error:
                if self.seat is not None:
                    raise
                self.say({"refused": str(error)})  # the teacher may have typed it
            except StoreAwayError:
                self.say({"refused": AWAY})

    async def leave(self) -> None:
        """Leave nothing behind."""
        for part in (self._following, self._own_tile, self._wall):
            if part is not None:
                await part.close()
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
        room, known = self.hub.room, self._known
        if self.seat is None or known is None or not room.looks_as(known, self.seat):
            self._is_changed, self._known = True, room
            self._wake.set()
        if self._own_tile is not None:
            self._own_tile.room_changed()
        if self.seat is not None:
            best_of(self.hub).wake()
        has_gone_on = known is not None and known.paused and not room.paused
        if self._showing is not None and (has_gone_on or not self._is_following):
            self._showing.begin_anew()

    async def show(self, message: bytes) -> None:
        is_wanted = self._is_following and not self.hub.room.paused
        showing = self._showing if is_wanted else None
        if showing is not None and not await showing.show(message):
            self._wake.set()

    def give_up(self) -> None:
        self.code = UNREAD
        self._wake.set()

    @property
    def _is_following(self) -> bool:
        return self.seat is not None and self._follows and self.hub.room.mode == "follow"

    def end(self) -> None:
        self.code = OVER
        self.say({"over": True})

    def here_changed(self) -> None:
        if self.is_teacher:
            self.say({"here": self.hub.here})

    def tell_best(self, best: list[dict[str, Any]]) -> None:
        self.say({"best": best})

    def store_is_away(self, *, away: bool) -> None:
        if self._showing is not None:
            self._showing.begin_anew()
        self.say({"away": away})
        if self._following is not None and not away:
            self._following.show_again()

    # entering

    async def _open(self) -> Room:
        most, store = config().rooms, hubs().store
        if not most:
            raise RoomError("This server has no rooms for classes.")
        await note_opening(store, self._address, most, config().room_minutes)
        while True:
            room = Room(new_code(), secrets.token_urlsafe(16), config().room_seats)
            if await store.create(room):
                return room

    async def _enter_as_teacher(self, code: str, key: str) -> None:
        room = await hubs().store.load(code) if code else None
        if room is None or not secrets.compare_digest(room.key.encode(), key.encode()):
            await self._refuse(
                "" if room is None else code,
                "There is no such room any more."
                if room is None
                else "This is not the link of the room's teacher.",
            )
        await self._listen(code, "There is no such room any more.")
        if self.hub.lines_of(None) >= MOST_LINES:
            raise RoomError(f"This room's teacher has {MOST_LINES} tabs open already.")
        self.is_teacher = True
        await self.hub.store.keep_open(code)
        self.say({"teacher": {"code": code, "key": key}})
        self.here_changed()

    async def _enter_as_student(self, said: dict[str, Any]) -> None:
        code = read_code(read_text("code", said.get("code"), LONGEST_SECRET))
        secret = read_text("seat", said.get("seat", ""), LONGEST_SECRET)
        name = read_name(said.get("name", ""))
        room = await hubs().store.load(code) if code else None
        seat = room.seat_of(secret) if room is not None and secret else None
        if seat is None and not await may_try(hubs().store, self._address):
            await self._refuse("", TOO_MANY)
        if room is None:
            await self._refuse("", "There is no room with this code.")
        elif secret and seat is None and not await note_wrong(hubs().store, self._address, code):
            await self._refuse("", TOO_MANY)
        await self._listen(code, "There is no room with this code.")
        if seat is None:
            taken: list[Seat] = []
            await self.hub.update(lambda room: taken.append(room.join(name)))
            if not taken:
                raise RoomError("There is no room with this code.")
            seat = taken[-1]
        elif self.hub.lines_of(seat.number) >= MOST_LINES:
            raise RoomError(f"You are in this room with {MOST_LINES} tabs already.")
        self.seat = seat.number
        self._showing = Showing(self._socket, self.hub.store, code)
        self.say({"seat": {"code": code, "number": seat.number, "secret": seat.secret}})
        await self._say_who_is_here()

    async def _listen(self, code: str, words: str) -> None:
        """Enter a room. words: if it is gone by now."""
        self._hub = await hubs().enter(code, self)
        if self._hub is None:
            raise RoomError(words)

    async def _refuse(self, code: str, words: str) -> NoReturn:
        """Count what was wrong, and say so; after too many, as if nobody had looked.

        code: of the room whose key it was to be, "" for none.
        """
        began = asyncio.get_running_loop().time()
        if not await note_wrong(hubs().store, self._address, code):
            words = TOO_MANY
            await asyncio.sleep(began + SECONDS_TO_REFUSE - asyncio.get_running_loop().time())
        raise RoomError(words)

    async def _say_who_is_here(self) -> None:
        with suppress(StoreAwayError):
            await self.hub.count()

    # hearing

    async def _hear_student(self, seat: int, found: dict[str, Any]) -> None:
        if "name" in found:
            name = read_name(found["name"])
            await self.hub.update(lambda room: room.rename(seat, name))
        elif "answer" in found:
            said = _object(found["answer"])
            question = int(check_number("question", said.get("question"), COUNTS))
            option = int(check_number("option", said.get("option"), COUNTS))
            await self.hub.update(lambda room: room.answer(seat, question, option))
        elif "board" in found:
            on_screen = read_on_screen(found["board"])
            if self._own_tile is None:
                self._own_tile = OwnTile(self.hub, seat, self.say)
                best_of(self.hub).tell(self.say)
            self._own_tile.note(on_screen)
        elif "follows" in found:
            self._follows = read_flag("follows", found["follows"])
            if self._showing is not None:
                self._showing.begin_anew()
            self._wake.set()
        elif "seen" in found and self._showing is not None:
            self._showing.see(found["seen"])
            self._wake.set()
        else:
            raise ValueError(f"a student can't say {', '.join(found)[:80]}")

    async def _hear_teacher(self, found: dict[str, Any]) -> None:
        store, code = self.hub.store, self.hub.room.code
        if found.get("do") == "close":
            await store.close(code)
        elif found.get("do") == "collect":
            tiles = await store.tiles(code)
            seats = [seat for seat in read_seats(found.get("seats")) if seat in tiles]
            await self.hub.update(lambda room: room.collect(collected(room, tiles, seats)))
        elif "do" in found:
            await self.hub.update(read_command(found))
        elif "shown" in found:
            if self._following is None:
                self._following = Following(store, code)
            self._following.show(read_shown(found["shown"]))
        elif "wall" in found:
            await self._looks.show_tiles(wanted=read_flag("wall", found["wall"]))
        elif "results" in found:
            self._looks.show_results(wanted=read_flag("results", found["results"]))
        elif "csv" in found:
            self.say({"csv": await self._looks.table()})
        elif "offers" in found:
            self.say({"offers": offers()})
        elif "qr" in found:
            link = read_link(found["qr"], hosts(self._socket.headers), code)
            self.say({"qr": {"link": link, "modules": await compute(modules_of, link)}})
        else:
            raise ValueError(f"a teacher can't say {', '.join(found)[:80]}")

    @property
    def _looks(self) -> Wall:
        """What this teacher is told of tiles and results."""
        if self._wall is None:
            self._wall = Wall(self.hub, self.say)
        return self._wall

    async def _receive(self) -> dict[str, Any]:
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        text: str | None = event.get("text")
        if text is None or len(text.encode()) > LARGEST_MESSAGE:
            raise ValueError(f"a message must be text of at most {LARGEST_MESSAGE:,} bytes")
        if not self._pace.may_take():
            raise ValueError(f"more than {MOST_MESSAGES} messages came within a second")
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
            if self._showing is not None and self._is_following:
                await self._showing.send()

    async def _send_view(self) -> None:
        room = self.hub.room
        if not self.is_teacher and self.seat not in room.seats:
            self.code = OVER
            await self._socket.send_text(json.dumps({"over": True, "removed": True}))
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
