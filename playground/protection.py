"""What every answer says to a browser about what it may load, and who may open a WebSocket.

No page of this server may load anything from another one. The page is Streamlit's: the script of a
component comes as `blob:`, and one stands in the page itself. What is ours needs neither. The
styles of both are written by scripts.
"""

import base64
import logging
import re
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground import pictures
from playground.board import assets, embed
from playground.board.line import base_path
from playground.room.page import is_students
from playground.server import metrics
from playground.server.config import config
from playground.server.hosts import hosts

LONGEST_ADDRESS = 8_000  # bytes: a WebSocket may have no longer one
POLICY = "Content-Security-Policy"
HOST = re.compile(r"[\w.-]+(:\d+)?", re.ASCII)
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

OF_STREAMLIT = {
    "default-src": "'none'",
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "frame-src": "'self'",  # a student's run beside the teacher's
    "base-uri": "'self'",
    "form-action": "'self'",
}
OUR_OWN = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Plotly writes styles
    "img-src": "'self' data: blob:",
    "base-uri": "'none'",
    "form-action": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_log = logging.getLogger(__name__)


class SecurityHeaders:
    """Gives every answer the headers that keep a browser to this server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(
                    raw=[*message.get("headers", [])]
                )  # others may keep theirs
                asked_as = hosts(Headers(scope=scope))
                own = is_students(scope)
                headers.setdefault(POLICY, policy(scope["path"], asked_as, is_own=own))
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app(scope, receive, add_headers if scope["type"] == "http" else send)


class ShortAddresses:
    """Answers an address in plain words that is longer than any link of the playground.

    uvicorn would take one of any length for a page, and never answer it for a WebSocket.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = len(scope.get("raw_path", b"")) + len(scope.get("query_string", b""))
        if scope["type"] == "http" and length > LONGEST_ADDRESS:
            metrics.REFUSALS.labels("address").inc()
            words = f"The link is too long: it may have {LONGEST_ADDRESS:,} letters."
            await PlainTextResponse(words, 414)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class OwnSockets:
    """Refuses every WebSocket that a page of another server opens.

    Streamlit would refuse it, too. But first it would ask the internet for the address of this
    server, and nobody is answered until it has got it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "websocket" else None
        if headers is not None and not is_same_site(headers):
            _log.warning("a WebSocket is refused: a page of %.200r asks", headers.get("origin"))
            metrics.REFUSALS.labels("origin").inc()
            await send({"type": "websocket.close"})  # before it is accepted: the answer is 403
            return
        await self.app(scope, receive, send)


def is_same_site(headers: Headers) -> bool:
    """Whether a page of this server asks; a program that is no browser names no origin."""
    origin = headers.get("origin")
    if origin is None or not st.get_option("server.enableCORS"):
        return True
    if origin in st.get_option("server.corsAllowedOrigins"):
        return True
    try:
        return urlsplit(origin).netloc in hosts(headers)
    except ValueError:  # it is no address
        return False


def policy(path: str, hosts: Sequence[str] = (), *, is_own: bool = False) -> str:
    """The Content-Security-Policy of what is at a path.

    hosts: of this server. To Safari before 16, `'self'` is no WebSocket of it.
    is_own: whether it is a page of ours, though Streamlit's has the same path.
    """
    sockets = [f"ws://{host} wss://{host}" for host in hosts if HOST.fullmatch(host)]
    return _written(_policy(path, is_own=is_own) | {"connect-src": " ".join(["'self'", *sockets])})


def _policy(path: str, *, is_own: bool) -> dict[str, str]:
    # in a frame anywhere, also of a file on a disk: nothing said means that, and `*` does not
    if path == base_path() + embed.PATH:
        return OUR_OWN
    ours = (f"{assets.PATH}/", f"{pictures.PATH}/", metrics.PATH)
    is_ours = is_own or path.startswith(tuple(base_path() + each for each in ours))
    framed_by = {"frame-ancestors": f"'self' {config().framed_by}".strip()}
    return (OUR_OWN if is_ours else _of_streamlit()) | framed_by


@cache
def _of_streamlit() -> dict[str, str]:
    """With the script that stands in Streamlit's page itself, known by its hash."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_bytes()
    hashes = [
        f"'sha256-{base64.b64encode(sha256(script).digest()).decode()}'"
        for script in INLINE_SCRIPT.findall(page)
    ]
    return OF_STREAMLIT | {"script-src": " ".join([OF_STREAMLIT["script-src"], *hashes])}


def _written(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())
