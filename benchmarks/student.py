"""A student without a browser, who follows: it takes what comes and notes when, and little else.

Hundreds of them are in one process, so each speaks just as much of the WebSocket protocol as it
needs, and nothing is unpacked: what is sent to all ends in a checksum, by which it is known again.
"""

import asyncio
import json
import struct
import time
from collections.abc import Callable

from playground.room.line import PATH

REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10  # kinds of frames, see RFC 6455
TWO_BYTES, EIGHT_BYTES = 126, 127  # of a length that is no smaller one
SEEN_AT_ONCE, SEEN_AFTER = 24_000, 0.5  # bytes of pictures, and s, as line.py says
CHECKSUM = 4  # bytes at the end of what zlib has compressed


class Student(asyncio.Protocol):
    """One student's line.

    Args:
        port: of the server.
        code: of the room.
        looks: called with the checksum of each picture that comes.

    Attributes:
        pictures: that have come.
        first: when the first of them came, as `time.perf_counter` counts; 0 for not yet.
        lost: whether the line was closed.
    """

    def __init__(self, port: int, code: str, looks: Callable[[bytes], None]) -> None:
        self.pictures, self.first, self.lost = 0, 0.0, False
        self._port, self._code, self._looks = port, code, looks
        self._bytes = bytearray()
        self._is_open = False
        self._taken = self._seen = 0  # bytes of pictures, and those that were acknowledged
        self._transport: asyncio.Transport | None = None
        self._telling: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a student needs a stream of bytes")
        self._transport = transport
        transport.write(REQUEST.format(path=PATH, port=self._port).encode())

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        if not self._is_open:
            head, end, rest = self._bytes.partition(b"\r\n\r\n")
            if not end:
                return
            self.lost = b" 101 " not in head
            self._bytes, self._is_open = rest, True
            self._say({"join": {"code": self._code}})
        while self._take_frame():
            pass

    def close(self) -> None:
        """Leave."""
        if self._transport is not None:
            self._transport.abort()

    def _take_frame(self) -> bool:
        """Take a whole frame out of what has come; whether there was one."""
        found = self._bytes
        if len(found) < 2:
            return False
        kind, length, start = found[0] & 15, found[1], 2
        if length == TWO_BYTES and len(found) >= 4:
            (length,), start = struct.unpack_from(">H", found, 2), 4
        elif length == EIGHT_BYTES and len(found) >= 10:
            (length,), start = struct.unpack_from(">Q", found, 2), 10
        elif length >= TWO_BYTES:
            return False
        end = start + length
        if len(found) < end:
            return False
        if kind == BINARY:
            self._see(bytes(found[end - CHECKSUM : end]), length)
        elif kind == PING:
            self._send(PONG, bytes(found[start:end]))
        elif kind == CLOSE:
            self.lost = True
        del found[:end]
        return True

    def _see(self, checksum: bytes, size: int) -> None:
        self.pictures += 1
        self.first = self.first or time.perf_counter()
        self._looks(checksum)
        self._taken += size
        if self._taken - self._seen >= SEEN_AT_ONCE:
            self._tell()
        elif self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(SEEN_AFTER, self._tell)

    def _tell(self) -> None:
        """Say how much has come."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        if not self.lost:
            self._seen = self._taken
            self._say({"seen": self._seen})

    def _say(self, message: object) -> None:
        self._send(TEXT, json.dumps(message).encode())

    def _send(self, kind: int, content: bytes) -> None:
        """Send a short frame, masked with zeros."""
        size = len(content)
        if size >= TWO_BYTES or self._transport is None:
            raise ValueError("a student says little")
        self._transport.write(bytes([128 | kind, 128 | size, 0, 0, 0, 0]) + content)
