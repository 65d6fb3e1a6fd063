"""What a teacher's board shows, made once for all who follow.

The teacher's browser says what is on its screen; the run is in this process, and the moment is
packed from it. Nothing queues: while one moment is being made, the newest of those that come
meanwhile waits, and no other.

There are three kinds of messages, told apart by their first byte. A `PICTURE` is one moment. A
`START` has the charts and the history besides; pictures refer to it by its number, as `start` in
their `watch`. It is sent when a run begins or anything but its frames has changed. `BESIDE` is a
note in JSON: the text of what is open beside the board, whenever it is another one. All are kept
for whoever comes late, the start with a history that is a few seconds old at most.
"""

import asyncio
import json
import logging
import secrets
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playground.board.frames import Frame
from playground.board.line import compute, streams
from playground.board.stream import Stream
from playground.room.beside import Beside
from playground.room.read import Shown
from playground.room.store import Store, StoreAwayError

START, PICTURE, BESIDE = b"s", b"p", b"b"
# under which names the newest are kept
KEPT_START, KEPT_PICTURE, KEPT_BESIDE = "start", "picture", "beside"
# of the history that a start which is kept may lack: while the run plays, and while it stands still
SECONDS_PLAYING, SECONDS_STILL = 5.0, 1.0
MOST_PASSED = 40  # epochs that one picture says something of
DIGITS = 5  # of what curves show

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """A message for those who follow.

    Attributes:
        content: packed, after the byte of its kind.
        name: under which it is kept.
        is_sent: whether it is for those who are there, too.
    """

    content: bytes
    name: str
    is_sent: bool = True


class Following:
    """What one line of a teacher shows the class."""

    def __init__(self, store: Store, code: str) -> None:
        self._store, self._code = store, code
        self._newest: Shown | None = None
        self._shown: Shown | None = None  # what came last
        self._task: asyncio.Task[None] | None = None
        self._stream: Callable[[], Stream | None] = lambda: None
        self._beside = Beside()
        self._key: tuple[Any, ...] = ()  # of the moments that refer to the start
        self._number = ""  # of the start
        self._started_at = 0.0  # when it was made
        self._history = 0.0  # up to which epoch it has one
        self._last = "", 0.0  # run and present of the last picture

    def show(self, shown: Shown) -> None:
        """This is on screen now."""
        self._newest = self._shown = shown
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._pass_on())

    def show_again(self) -> None:
        """What was kept may be lost: show all of it once more."""
        self._key = ()
        if self._shown is not None:
            self.show(self._shown)

    async def close(self) -> None:
        """Leave nothing under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _pass_on(self) -> None:
        while self._newest is not None:
            shown, self._newest = self._newest, None
            try:
                for message in await compute(self._made, shown):
                    await self._store.keep(self._code, message.name, message.content)
                    if message.is_sent:
                        await self._store.send(self._code, message.content)
            except StoreAwayError:
                self._key, self._beside = (), Beside()  # whoever is there then needs all of it
            except Exception:
                _log.exception("what a teacher shows can't be passed on")

    def _made(self, shown: Shown) -> Sequence[Message]:
        """The messages of a moment; in a worker's thread, one at a time."""
        stream = self._stream_of(shown.run)
        if stream is None:
            return ()
        moment = stream.to_watch(shown.run, shown.epoch)
        if moment is None:
            return ()
        messages = []
        is_new = moment.key != self._key
        if is_new or self._is_old(shown):
            start = stream.start_to_watch(shown.run, shown.present)
            if start is None:
                return ()
            if is_new:
                self._key, self._number = moment.key, secrets.token_hex(4)
            self._started_at, self._history = time.monotonic(), shown.present
            packed = moment.packed(changes=True, watch=self._watch(shown), **start)
            messages.append(Message(START + packed, KEPT_START, is_sent=is_new))
        passed = self._passed(stream, shown)
        packed = moment.packed(changes=False, watch=self._watch(shown) | {"passed": passed})
        # a start that is sent shows the moment, too
        messages.append(Message(PICTURE + packed, KEPT_PICTURE, is_sent=not is_new))
        text = self._beside.changed(shown, stream)
        if text is not None:
            note = {"beside": {"html": text} if text else None}
            messages.append(Message(BESIDE + json.dumps(note).encode(), KEPT_BESIDE))
        return messages

    def _watch(self, shown: Shown) -> dict[str, Any]:
        return {
            "start": self._number,
            "state": shown.state,
            "past": shown.past,
            "point": shown.point,
            "beside": shown.beside,
        }

    def _passed(self, stream: Stream, shown: Shown) -> list[dict[str, Any]]:
        """What curves show of the whole epochs since the picture before."""
        last, self._last = self._last, (shown.run, shown.present)
        if last[0] != shown.run:
            return []
        frames = stream.passed(shown.run, last[1], shown.present)
        return [_in_curves(frame) for frame in frames if frame.epoch % 1 == 0][-MOST_PASSED:]

    def _is_old(self, shown: Shown) -> bool:
        """Whether the start that is kept lacks too much of the history."""
        longest = SECONDS_PLAYING if shown.state == "playing" else SECONDS_STILL
        return shown.present != self._history and time.monotonic() - self._started_at > longest

    def _stream_of(self, run: str) -> Stream | None:
        """The stream that has a run now."""
        stream = self._stream()
        if stream is None or stream.run_id != run:
            stream = next((each for each in streams() if each.run_id == run), None)
            if stream is not None:
                self._stream = weakref.ref(stream)
                _of_teachers.add(stream)
        return stream


_of_teachers: "weakref.WeakSet[Stream]" = weakref.WeakSet()


def is_of_teacher(stream: Stream) -> bool:
    """Whether a class has seen a run of this board, and its name with it: it is no student's."""
    return stream in _of_teachers


def _in_curves(frame: Frame) -> dict[str, Any]:
    """What the curves show of a frame."""
    pinned = frame.pinned
    return {
        "epoch": frame.epoch,
        "losses": _rounded(frame.losses),
        "flows": [_rounded(flow) for flow in frame.flows],
        "pinned": pinned and {"losses": _rounded(pinned.losses), "diverged": pinned.diverged},
    }


def _rounded(values: Sequence[float]) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]
