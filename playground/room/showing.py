"""What one student who follows is shown, and how much of it is on its way."""

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.spec import check_number
from playground.room.following import (
    BESIDE,
    KEPT_BESIDE,
    KEPT_PICTURE,
    KEPT_START,
    PICTURE,
    START,
)
from playground.room.store import Store, StoreAwayError

# Bytes that may be on their way. No more of them waits in buffers of ours: nobody waits for a line.
# No fewer than a few pictures: there are some while the first is answered.
MOST_UNSEEN, LEAST_UNSEEN = 48_000, 6_000
SLOW = 1.0  # s from sending something to hearing that it was seen; then fewer are sent


class Showing:
    """One student's side of `following.py`: the newest of each kind waits, and nothing queues.

    How much may be on its way follows from how long it takes: half of it after something was slow,
    a little more after something was quick.

    Whoever sees to a class is not to wait for one student: a picture is sent at once where there is
    room on the way, and by the line's own task if not.
    """

    def __init__(
        self,
        socket: WebSocket,
        store: Store,
        code: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._socket, self._store, self._code, self._clock = socket, store, code, clock
        self._most = MOST_UNSEEN
        self._under_way: deque[tuple[int, float]] = deque()  # of each the bytes up to it, and when
        self._is_behind = True  # whether it needs what is kept for whoever comes late
        self._is_sending = False
        self._waiting: dict[bytes, bytes] = {}  # the newest of each kind that was not sent yet
        self._sent = self._seen = 0  # bytes of packed messages

    def begin_anew(self) -> None:
        """What is shown from now on is shown from the beginning."""
        self._is_behind = True
        self._waiting.clear()

    def see(self, seen: object) -> None:
        """The student has so many bytes of packed messages.

        Raises:
            ValueError: that is no such number.
        """
        self._seen = int(check_number("seen", seen, (0, self._sent)))
        sent_at = None
        while self._under_way and self._under_way[0][0] <= self._seen:
            _, sent_at = self._under_way.popleft()
        if sent_at is None:
            return
        if self._clock() - sent_at > SLOW:
            self._most = max(self._most // 2, LEAST_UNSEEN)
        else:
            self._most = min(self._most + LEAST_UNSEEN, MOST_UNSEEN)

    @property
    def has_room(self) -> bool:
        """Whether another picture may be on its way."""
        return self._sent - self._seen < self._most

    async def show(self, message: bytes) -> bool:
        """A new message; whether it is sent, or need not be. If not, it waits for `send`."""
        if self._is_behind:
            return True  # it gets what is kept
        kind = message[:1]
        if kind == START:
            self._waiting.pop(PICTURE, None)  # that belongs to the one before
        self._waiting[kind] = message
        if self._is_sending or kind != PICTURE or len(self._waiting) > 1:
            return False
        if not self.has_room:
            return True  # it waits until some of that was seen
        with suppress(WebSocketDisconnect, RuntimeError):  # whoever reads from it finds out
            await self._send_next(PICTURE)
        return True

    async def send(self) -> None:
        """Send what waits, as far as there is room on the way."""
        self._is_sending = True
        try:
            if self._is_behind:
                self._is_behind = False
                await self._catch_up()
            for kind in (BESIDE, START, PICTURE):
                if kind != PICTURE or self.has_room:
                    await self._send_next(kind)
        finally:
            self._is_sending = False

    async def _catch_up(self) -> None:
        with suppress(StoreAwayError):  # it is said when it is back
            for name in (KEPT_START, KEPT_PICTURE, KEPT_BESIDE):
                kept = await self._store.kept(self._code, name)
                if kept is not None:
                    await self._send(kept)

    async def _send_next(self, kind: bytes) -> None:
        message = self._waiting.pop(kind, None)
        if message is not None:
            await self._send(message)

    async def _send(self, message: bytes) -> None:
        content = message[1:]
        if message.startswith(BESIDE):
            await self._socket.send_text(content.decode())
        else:
            self._sent += len(content)
            self._under_way.append((self._sent, self._clock()))
            await self._socket.send_bytes(content)
