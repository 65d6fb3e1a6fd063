"""Who is let in: as many visitors as there are places for, and nobody while the server is going.

Whoever asks for the page when it is full gets a plain page at once that says so, with status 503.
A board alone gets its bare page, and is told on its line: it waits and tries again by itself. To a
balancer and to whoever watches the server, `/ready` says whether a new visitor would be let in,
`/health` that the process answers.
"""

import re
import secrets
from functools import cache
from pathlib import Path
from string import Template

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.board import embed, line
from playground.board.line import base_path
from playground.leaving import is_leaving
from playground.server import metrics
from playground.server.census import Census, Kind, census

TEMPLATE = Path(__file__).parent / "arrivals.html"
PAGE_SOCKET = "/_stcore/stream"  # Streamlit's
COOKIE = "mlp_visitor"  # a word by which a browser is known until it is closed
WORD = re.compile(r"[\w-]{22}", re.ASCII)

# Close codes; from 4000 on they are an application's own. line.js knows them.
SERVICE_RESTART, FULL = 1012, 4503
CLOSED_ON_PURPOSE = {1000, 1001}  # by the browser, as its tab is closed

SECONDS_TO_RETRY = 10


def routes() -> list[Route]:
    """What a balancer asks for."""
    return [Route(base_path() + "/health", _health), Route(base_path() + "/ready", _ready)]


async def _health(request: Request) -> PlainTextResponse:
    return PlainTextResponse("alive")


async def _ready(request: Request) -> PlainTextResponse:
    there = census()
    if is_leaving():
        return PlainTextResponse("going away", 503)
    if there.is_full:
        return PlainTextResponse(f"full: {there.taken} of {there.places} visitors", 503)
    return PlainTextResponse("ready")


class Arrivals:
    """Counts visitors as they come and go, and turns away those there is no place for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "GET":
            await self._get(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        is_page = path == base_path()
        if is_leaving() and (is_page or path == base_path() + embed.PATH):
            await _going_page()(scope, receive, send)
        elif is_page:
            await self._page(scope, receive, send)
        else:
            census().renew(_word_of(scope))
            await self.app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep a place for whoever asks for the page, and give the browser its word."""
        word = _word_of(scope)
        who = word or secrets.token_urlsafe(16)
        if not census().expect(who):
            metrics.REFUSALS.labels("full").inc()
            await _full_page(census().taken)(scope, receive, send)
            return

        async def send_with_word(message: Message) -> None:
            if message["type"] == "http.response.start" and not word:
                headers = MutableHeaders(raw=message["headers"])
                headers.append("Set-Cookie", _cookie(who, is_secure=scope["scheme"] == "https"))
            await send(message)

        await self.app(scope, receive, send_with_word)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = _kind(scope["path"])
        if kind is None:
            await self.app(scope, receive, send)
            return
        there, word = census(), _word_of(scope)
        who = word or (kind == "page" and there.expected()) or secrets.token_urlsafe(16)
        if is_leaving():
            await _turn_away(kind, SERVICE_RESTART, receive, send)
        elif not there.arrive(who, kind):
            await _turn_away(kind, FULL, receive, send)
        else:
            await self._count(there, who, kind, scope, receive, send)

    async def _count(
        self, there: Census, who: str, kind: Kind, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Count a visitor for as long as the socket is open; one that breaks may come back."""
        code = 0

        async def receive_code() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code", 0)
            return message

        try:
            await self.app(scope, receive_code, send)
        finally:
            broke = bool(code) and code not in CLOSED_ON_PURPOSE
            there.leave(who, kind, comes_back=broke and _word_of(scope) == who)


def _kind(path: str) -> Kind | None:
    """What a socket is counted as; the board of a page is not counted besides its page."""
    if path == base_path() + PAGE_SOCKET:
        return "page"
    return "board" if path == base_path() + line.PATH else None


def _word_of(scope: Scope) -> str:
    """By which word the browser is known, "" for none."""
    word = HTTPConnection(scope).cookies.get(COOKIE, "")
    return word if WORD.fullmatch(word) else ""


def _cookie(word: str, *, is_secure: bool) -> str:
    where = f"Path={base_path() or '/'}; HttpOnly; SameSite=Lax"
    return f"{COOKIE}={word}; {where}{'; Secure' if is_secure else ''}"


async def _turn_away(kind: Kind, code: int, receive: Receive, send: Send) -> None:
    """Close a socket; a browser hears the code only of one that was accepted."""
    metrics.REFUSALS.labels("full" if code == FULL else "leaving").inc()
    await receive()  # that it is to be opened
    if kind == "board":
        await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code})


def _full_page(visitors: int) -> HTMLResponse:
    people = "one person is" if visitors == 1 else f"{visitors:,} people are"
    return _plain_page(
        "This playground is full",
        f"Right now {people} in it, which is as many as this server takes. As soon as somebody "
        "leaves, there is room for you.",
    )


def _going_page() -> HTMLResponse:
    return _plain_page(
        "This server is being replaced",
        "Another one takes its place in a moment. Your link stays the same.",
    )


def _plain_page(title: str, text: str) -> HTMLResponse:
    headers = {"Retry-After": str(SECONDS_TO_RETRY), "Cache-Control": "no-store"}
    return HTMLResponse(_template().substitute(title=title, text=text), 503, headers)


@cache
def _template() -> Template:
    return Template(TEMPLATE.read_text(encoding="utf-8"))
