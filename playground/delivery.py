"""How files reach a browser: what never changes is compressed once, the board is asked for early.

Streamlit serves its scripts, 2.6 MB of them, as they are: to compress them for each visitor would
take more time than it saves. Their addresses hold a hash, so here each is compressed for the first
visitor and kept. On a slow line the scripts are most of the waiting.
"""

import gzip

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.board import assets
from playground.board.line import base_path

TYPES = ("text/", "application/javascript", "application/json")  # what gets smaller
LEAST = 500  # bytes; less is not worth it
MOST_KEPT = 64 * 2**20  # bytes of all compressed files together


class CompressedOnce:
    """Compresses every file that is marked as immutable, and keeps what came of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: dict[str, tuple[Message, bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_get(scope) or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            await self.app(scope, receive, send)
        elif scope["path"] in self.kept:
            await _send(send, *self.kept[scope["path"]])
        else:
            await self.app(scope, receive, _Gathering(self, scope["path"], send))

    async def compress(self, path: str, start: Message, body: bytes) -> tuple[Message, bytes]:
        """The file compressed: the message that starts the answer, and its body."""
        compressed = await to_thread.run_sync(gzip.compress, body, 6)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(compressed))
        headers.add_vary_header("Accept-Encoding")
        made = {**start, "headers": headers.raw}, compressed
        if sum(len(body) for _, body in self.kept.values()) + len(compressed) <= MOST_KEPT:
            self.kept[path] = made
        return made


class _Gathering:
    """Takes the messages of an answer; those of a file to be compressed until it is complete."""

    def __init__(self, compressed: CompressedOnce, path: str, send: Send) -> None:
        self.compressed, self.path, self.send = compressed, path, send
        self.start: Message | None = None  # of a file that is to be compressed
        self.body: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _can_be_kept(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body.append(message.get("body", b""))
            if not message.get("more_body", False):
                body = b"".join(self.body)
                await _send(self.send, *await self.compressed.compress(self.path, self.start, body))


class EarlyBoard:
    """Has a browser ask for the board's modules as soon as it has the page, not when Streamlit's
    scripts have come and the page's script has run."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add_links(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                names = ["page.js", *assets.modules()]
                links = [f"<{assets.address(name)}>; rel=modulepreload" for name in names]
                MutableHeaders(raw=message["headers"])["Link"] = ", ".join(links)
            await send(message)

        is_page = _is_get(scope) and scope["path"].rstrip("/") == base_path()
        await self.app(scope, receive, add_links if is_page else send)


def _is_get(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["method"] == "GET")


def _can_be_kept(start: Message) -> bool:
    """Whether an answer is a whole file that never changes, and gets smaller."""
    headers = Headers(raw=start["headers"])
    return (
        start["status"] == 200
        and "immutable" in headers.get("cache-control", "")
        and "content-encoding" not in headers
        and headers.get("content-type", "").startswith(TYPES)
        and int(headers.get("content-length", LEAST)) >= LEAST
    )


async def _send(send: Send, start: Message, body: bytes) -> None:
    await send(start)
    await send({"type": "http.response.body", "body": body})
