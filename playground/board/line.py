"""The board's line: one WebSocket, on which it asks for frames and is answered.

Addresses, below the base path of the server:

- `/live/<token>`: the run of a page, found by its token. With `?run=<id>` a board that was away
  gets no start if it still shows that run.
- `/live?<query>`: a run of its own for as long as the line is open, of the Spec of a link.
- either with `?bring=1`: the board brings the value of a run first, and the run is made again.

The board sends requests as JSON text (`request.py`), `{"look": {"run", "epoch"}}` when a picture
stands still, `{"probe": …}` for what the network says where a person points (`probe.py`),
`{"describe": …}` for the board in words (`description.py`), `{"stay": true}` to train a run no
further that is being taken to where it is to stand, or `{"tell": {"name", "value"}}` for the page
(`told.py`).
The server sends packed messages (`pack` in `frames.py`) as bytes, the first of them right away: the
start. As JSON text it sends `{"told": true}` when the page may take what was told, `{"probed": …}`
as the answer to a probe and `{"described": …}` in words, null if the moment is not known any more,
`{"making": [epoch, last epoch]}` while a run is trained to where it is to stand, and
`{"data": {digest: own data}}` before the start of a run with own data, which are part of the value
that the board keeps.
"""

import asyncio
import json
import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from weakref import WeakSet, WeakValueDictionary

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground import share
from playground.board.description import read_question
from playground.board.probe import read_probe
from playground.board.request import Request, read_json, read_request
from playground.board.stream import Stream
from playground.board.told import read_moment, read_told
from playground.board.value import RunValue, own_dict, read_value
from playground.restrictions import restrictions_of
from playground.server import log, metrics

PATH = "/live"
LARGEST_MESSAGE = 64 * 1024  # bytes of what a board sends at once
LARGEST_VALUE = 8 * 1024 * 1024  # bytes of the value of a run, which comes in pieces
SECONDS_FOR_GUESTS = 2.0  # of computing, for a link that opens at a later epoch
SECONDS_TO_READ = 60.0  # for the board to take a message; then nobody reads any more
SECONDS_OF_PLAYING = 2.0  # after frames were asked for
MOST_THREADS = 64  # that answer, or wait for their turn

CAN_WAIT = ('{"probe"', '{"describe"')  # how messages begin that don't cut an answer short

# Close codes; from 4000 on they are an application's own.
BAD_MESSAGE, UNKNOWN_TOKEN, UNREAD, TOO_LARGE, FAILED = 4400, 4404, 4408, 1009, 1011
STOPPED = 1012  # the server's own, as it ends
ENDS: dict[int, log.End] = {UNREAD: "unread", STOPPED: "stopped"}  # others: the person left

Result = TypeVar("Result")

# Answers take turns there, see `turns.py`; the event loop never waits.
_workers = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="board")
_streams: WeakValueDictionary[str, Stream] = WeakValueDictionary()
_guests: WeakSet[Stream] = WeakSet()
_open: WeakSet["Line"] = WeakSet()
_is_served = False
_log = logging.getLogger(__name__)


def base_path() -> str:
    """What the server's addresses begin with: "" or "/…"."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""


def token_of(stream: Stream) -> str:
    """What stands for a stream in addresses; whoever knows it is let in."""
    _streams[stream.token] = stream
    return stream.token


def stream_of(token: str) -> Stream | None:
    """The stream of a token; None if its visit is over, or another server's."""
    return _streams.get(token)


def address_of(stream: Stream) -> str:
    """The path at which the board of a stream is answered."""
    return f"{base_path()}{PATH}/{token_of(stream)}"


def streams() -> list[Stream]:
    """Every run that somebody may look at: of pages, and of boards alone."""
    return [*_streams.values(), *_guests]


def is_served() -> bool:
    """Whether this process has the routes; a script that was started without them has not."""
    return _is_served


def routes() -> list[WebSocketRoute]:
    """The routes of the line, for a Starlette application."""
    global _is_served  # the page's script runs in this process, and has no other way to know
    _is_served = True
    path = base_path() + PATH
    return [WebSocketRoute(path, serve), WebSocketRoute(path + "/{token}", serve)]


async def serve(socket: WebSocket) -> None:
    """Answer one board until either side closes."""
    await socket.accept()
    token, query = socket.path_params.get("token"), dict(socket.query_params)
    run, brings = query.pop("run", ""), bool(query.pop("bring", ""))
    if token is None:
        stream = await compute(_guest, {} if brings else query)
    elif (found := stream_of(token)) is not None:
        stream = found
    else:
        metrics.REFUSALS.labels("token").inc()
        await socket.close(UNKNOWN_TOKEN)
        return
    line = Line(socket, stream, is_guest=token is None)
    _open.add(line)
    stream.contact.listen(line.wake)
    began = time.monotonic()
    end: log.End = "left"
    try:
        await line.open(run, brings=brings)
        await line.talk()
    except BadMessageError as error:
        end = "refused"
        metrics.REFUSALS.labels("message").inc()
        _log.warning("line closed: %.500s", error)
        await _close(socket, error.code)
    except WebSocketDisconnect as gone:
        end = ENDS.get(gone.code, end)
    except Exception:
        end = "failed"
        _log.exception("the board can't be answered")
        await _close(socket, FAILED)
    finally:
        _open.discard(line)
        stream.contact.forget(line.wake)
        await line.close()
        kind: log.Kind = "board" if token is None else "page"
        address = socket.client.host if socket.client else ""
        log.note_visit(kind, time.monotonic() - began, stream.tally.taken(), end, address)


def playing() -> int:
    """How many boards have asked for frames within the last seconds."""
    since = time.monotonic() - SECONDS_OF_PLAYING
    return sum(line.asked_at > since for line in _open)


class BadMessageError(Exception):
    """What was sent can't be answered; the line is closed with a code."""

    def __init__(self, words: str, code: int = BAD_MESSAGE) -> None:
        super().__init__(words)
        self.code = code


class Line:
    """One open WebSocket of one board.

    Args:
        socket: accepted.
        stream: the run that it is about.
        is_guest: whether no page has it.

    Attributes:
        asked_at: when it last asked for frames, as `time.monotonic` counts.
    """

    def __init__(self, socket: WebSocket, stream: Stream, *, is_guest: bool) -> None:
        self._socket, self._stream, self._is_guest = socket, stream, is_guest
        self._loop = asyncio.get_running_loop()
        self._sending = asyncio.Lock()
        self._following: asyncio.Future[str] | None = None  # the message that comes next
        self._showing: asyncio.Task[None] | None = None
        self._data_sent: set[str] = set()
        self.asked_at = -math.inf

    async def open(self, run: str, *, brings: bool) -> None:
        """Send the first message. run: what the board shows already."""
        if brings:
            await self._bring(await self._receive_value())
        await self._make()
        await self._send(await compute(self._stream.go_on, "" if brings else run))

    async def talk(self) -> None:
        """Answer one message after another; an urgent one cuts short the answer before it."""
        while True:
            text = await self._next()
            self._following = None
            await self._answer(text, is_hurried=partial(_is_urgent, self._next()))

    async def close(self) -> None:
        """Leave nothing under way."""
        for task in (self._following, self._showing):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        # the traceback of a task that has failed holds this line, and with it the run
        self._following = self._showing = None

    def _next(self) -> asyncio.Future[str]:
        """The message that comes next: one is received ahead, and no more."""
        if self._following is None:
            self._following = asyncio.ensure_future(self._receive_text())
        return self._following

    async def _receive_text(self) -> str:
        message = await self._receive()
        if not isinstance(message, str):
            raise BadMessageError("bytes came where text is wanted")
        return message

    async def _receive(self) -> str | bytes:
        event = await self._socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        text: str | None = event.get("text")
        message: str | bytes = event["bytes"] if text is None else text
        size = len(message.encode() if isinstance(message, str) else message)
        if size > LARGEST_MESSAGE:
            raise BadMessageError(f"a message of {size:,} bytes is too large", TOO_LARGE)
        return message

    async def _answer(self, text: str, is_hurried: Callable[[], bool]) -> None:
        """Do what a message says."""
        try:
            found = read_json(text)
            if "stay" in found:
                await compute(self._stream.stay)
                return
            if "tell" not in found:
                await self._make()
            if "tell" in found:
                self._stream.contact.tell(read_told(found["tell"]))
                await self._send(json.dumps({"told": True}))
            elif "look" in found:
                self._stream.look(*read_moment(found["look"]))
                await self._tell_look(found["look"])
            elif "probe" in found:
                probed = await compute(self._stream.probe, read_probe(found["probe"]))
                await self._send(json.dumps({"probed": probed}))
            elif "describe" in found:
                question = read_question(found["describe"])
                described = await compute(self._stream.describe, question)
                await self._send(json.dumps({"described": described}))
            else:
                request = read_request(found)
                if request.frames:
                    self.asked_at = time.monotonic()
                with metrics.ANSWER_SECONDS.time():
                    answer = await compute(self._computed, request, is_hurried)
                await self._send(answer)
        except ValueError as error:
            raise BadMessageError(str(error)) from None

    def _computed(self, request: Request, is_hurried: Callable[[], bool]) -> bytes:
        """The answer to a request; in a worker's thread."""
        began = time.perf_counter()
        answer = self._stream.answer(request, is_hurried)
        metrics.note_computing(time.perf_counter() - began)
        return answer

    def wake(self) -> None:
        """The page has begun a run, and the board is to have it; from any thread."""
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._showing is not None:
            self._showing.cancel()  # of the run before that one
        self._showing = asyncio.ensure_future(self._show())

    async def _show(self) -> None:
        with suppress(WebSocketDisconnect):  # whoever reads from it finds out
            await self._make(hears=False)
            await self._send(await compute(self._stream.start))

    async def _make(self, *, hears: bool = True) -> None:
        """Have the run trained to where it is to stand, and say how far it is.

        hears: whether nobody else hears what the board says meanwhile.
        """
        if self._stream.is_made:
            return
        while (made := await compute(self._stream.make)) is not None:
            await self._send(json.dumps({"making": made}))
            if hears:
                await self._hear_stay()
        words, self._stream.shortfall = self._stream.shortfall, ""
        if words:
            await self._refuse(words)
        await self._tell_look({"run": self._stream.run_id, "epoch": self._stream.shown})

    async def _tell_look(self, moment: Any) -> None:
        """Tell the page which moment is on screen, if a part of it depends on that."""
        if self._stream.contact.is_followed:
            self._stream.contact.tell(read_told({"name": "look", "value": moment}))
            await self._send(json.dumps({"told": True}))

    async def _hear_stay(self) -> None:
        """While a run is made: whether the person has had enough of it."""
        following = self._next()
        if not following.done():
            return
        try:
            found = read_json(following.result())
        except ValueError as error:
            raise BadMessageError(str(error)) from None
        if "stay" in found:
            self._following = None
            await compute(self._stream.stay)

    async def _send(self, message: bytes | str) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_READ), self._sending:
                await self._send_in_turn(message)
        except TimeoutError:
            raise WebSocketDisconnect(UNREAD) from None
        except RuntimeError:  # so Starlette says that it is closed already
            raise WebSocketDisconnect from None

    async def _send_in_turn(self, message: bytes | str) -> None:
        if isinstance(message, str):
            await self._socket.send_text(message)
            return
        own = self._stream.spec.own
        if own is not None and own.digest not in self._data_sent:
            self._data_sent.add(own.digest)
            data = await compute(lambda: json.dumps({"data": {own.digest: own_dict(own)}}))
            await self._socket.send_text(data)
        await self._socket.send_bytes(message)

    async def _receive_value(self) -> RunValue | ValueError:
        """The value of a run, which comes as bytes in pieces; an empty one is the last."""
        pieces, size = [], 0
        while True:
            piece = await self._receive()
            if isinstance(piece, str):
                raise BadMessageError("text came where the value of a run is wanted")
            if size > LARGEST_VALUE:
                raise BadMessageError("the value of a run is too large", TOO_LARGE)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
        try:
            return await compute(lambda: read_value(b"".join(pieces).decode()))
        except ValueError as error:
            return error

    async def _bring(self, value: RunValue | ValueError) -> None:
        """Take over a run that the board has; what can't be is said, and there is another one."""
        try:
            if isinstance(value, ValueError):
                raise value
            if self._is_guest:
                self._stream.stop_at = value.stop_at
            await compute(self._stream.bring, value)
        except ValueError as error:
            await self._refuse(f"The run can't be made again: {error}.")

    async def _refuse(self, words: str) -> None:
        _log.warning("a run was refused: %.500s", words)
        await self._send(json.dumps({"refused": words}))


def _is_urgent(following: asyncio.Future[str]) -> bool:
    """Whether a message has come that is not to wait; questions about the picture can wait."""
    if not following.done() or following.cancelled() or following.exception() is not None:
        return following.done()
    return not following.result().startswith(CAN_WAIT)


def _guest(query: dict[str, str]) -> Stream:
    """A stream that no page has, of the Spec of a link."""
    spec, _ = share.from_query(query)
    stream, (moment, _) = Stream(spec), share.moment_of(query, ())
    stream.locked = restrictions_of(query)[0].locked
    if moment.epoch:
        stream.restart(spec, epoch=moment.epoch, seconds=SECONDS_FOR_GUESTS)
    _guests.add(stream)
    return stream


async def compute(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call a function in a worker's thread."""
    return await asyncio.get_running_loop().run_in_executor(_workers, function, *arguments)


async def _close(socket: WebSocket, code: int) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # it is closed already
        await socket.close(code)
