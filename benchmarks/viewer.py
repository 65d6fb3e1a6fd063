"""A viewer without a browser: a program that speaks the line, alone or with a page around it."""

import asyncio
import json
import re
import struct
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.asyncio.client import ClientConnection, connect

from playground.board.line import PATH

RESERVE = 0.3  # s of frames: with less, a viewer asks for more
ASKED = 6  # frames that it asks for at once
LATE = 0.5  # s behind, after which it counts on from now
ADDRESS_OF_LINE = re.compile(rb"/live/[\w-]+")  # as a page tells its board
LARGEST_MESSAGE = 2**26  # bytes


class FullError(Exception):
    """The server has no place for another visitor, and has said so."""


class Viewer:
    """One open board.

    Args:
        socket: an open line.

    Attributes:
        drawn: frames so far.
        waits: seconds from each request to its answer.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.drawn, self.waits = 0, list[float]()
        self._socket = socket
        self._run, self._take, self._number = "", 0, 0
        self._shown = self._last = 0.0
        self._queue: list[float] = []  # epochs of the frames that are not drawn yet
        self._asked = 0.0  # when the answer was asked for that has not come yet
        self._due = 0.0  # when the next frame is to be drawn

    async def start(self) -> None:
        """Receive the first message, which holds the first frame."""
        self._run = (await self._receive())["run"]

    @property
    def run(self) -> str:
        """Name of the run."""
        return self._run

    @property
    def shown(self) -> float:
        """Epoch of the frame on screen."""
        return self._shown

    async def play(self, rate: float, speed: int, is_over: Callable[[], bool]) -> None:
        """Draw frames, and ask for more while there is a reserve, as the board does.

        Args:
            rate: frames a second, infinite for as fast as they come.
            speed: epochs per frame.
            is_over: whether to pause.
        """
        while not is_over():
            now = time.perf_counter()
            while self._queue and now >= self._due:
                self._shown = self._queue.pop(0)
                self.drawn += 1
                self._due = now if self._due < now - LATE else self._due + 1 / rate
            if not self._asked and len(self._queue) / rate < RESERVE:
                await self._ask(frames=ASKED, speed=speed)
            try:
                wait = max(self._due - time.perf_counter(), 0.001) if self._queue else 1.0
                message = await asyncio.wait_for(self._receive(), wait)
            except TimeoutError:
                continue
            self._take_frames(message)

    async def play_frames(self, count: int, rate: float) -> None:
        """Draw so many frames, an epoch each."""
        enough = self.drawn + count
        await self.play(rate, 1, lambda: self.drawn >= enough)

    async def change(self, setting: str, value: float) -> None:
        """Change a live setting of the run, from the frame on screen on."""
        self._queue.clear()
        self._take += 1
        await self._ask(frames=1, speed=1, changes=[[setting, value]])
        while (message := await self._receive())["answers"] != self._number:
            pass
        self._take_frames(message)

    def _take_frames(self, message: dict[str, Any]) -> None:
        self.waits.append(time.perf_counter() - self._asked)
        self._asked = 0.0
        self._queue += [frame["epoch"] for frame in message["frames"]]
        self._last = self._queue[-1] if self._queue else self._last

    async def _ask(self, **request: Any) -> None:
        self._number, self._asked = self._number + 1, time.perf_counter()
        moment = {"take": self._take, "epoch": self._shown, "last": self._last}
        asked = {"id": self._number, "run": self._run} | moment | request
        await self._socket.send(json.dumps(asked))

    async def _receive(self) -> dict[str, Any]:
        """What the beginning of the next packed message says."""
        while isinstance(message := await self._socket.recv(), str):
            pass
        raw = zlib.decompress(message)
        (length,) = struct.unpack_from("<I", raw)
        found: dict[str, Any] = json.loads(raw[4 : 4 + length])
        return found


@asynccontextmanager
async def viewer(port: int, query: str = "", *, page: bool = False) -> AsyncIterator[Viewer]:
    """Open a board at a link, and wait for its first frame.

    page: whether to open the page with it, or the board alone.

    Raises:
        FullError: the page is full.
    """
    async with AsyncExitStack() as stack:
        path, cookies = f"{PATH}?{query}", dict[str, str]()
        if page:
            path, cookies = await stack.enter_async_context(_page(port, query))
        line = await stack.enter_async_context(_connect(port, path, cookies))
        board = Viewer(line)
        await board.start()
        yield board


@asynccontextmanager
async def _page(port: int, query: str) -> AsyncIterator[tuple[str, dict[str, str]]]:
    """A page without a browser; the path of its line, and the headers that go with it."""
    cookies = await asyncio.to_thread(_get_page, port, query)
    async with _connect(port, "/_stcore/stream", cookies, subprotocols=["streamlit"]) as socket:
        asked = BackMsg(rerun_script=ClientState(query_string=query))
        await socket.send(asked.SerializeToString())
        while (found := ADDRESS_OF_LINE.search(bytes(await socket.recv(decode=False)))) is None:
            pass
        reading = asyncio.create_task(_read(socket))
        try:
            yield found.group().decode(), cookies
        finally:
            reading.cancel()


def _connect(port: int, path: str, headers: dict[str, str], **options: Any) -> connect:
    return connect(
        f"ws://127.0.0.1:{port}{path}",
        additional_headers=headers,
        max_size=LARGEST_MESSAGE,
        compression=None,
        **options,
    )


def _get_page(port: int, query: str) -> dict[str, str]:
    """Ask for the page; the header with its cookies, as a browser sends it from then on."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/?{query}") as page:
            said = page.headers.get_all("Set-Cookie", [])
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.SERVICE_UNAVAILABLE:
            raise FullError from None
        raise
    return {"Cookie": "; ".join(cookie.partition(";")[0] for cookie in said)} if said else {}


async def _read(socket: ClientConnection) -> None:
    """Take what comes, so that nothing piles up."""
    async for _ in socket:
        pass
