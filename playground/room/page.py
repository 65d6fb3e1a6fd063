"""The bare page of a class: `/?room=CODE`, the board that a student follows the teacher's on.

No Streamlit session belongs to it. Who plays is at `/?room=CODE&turn=…`, which is Streamlit's page.
`/?room` without a code asks for it.
"""

from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.board import assets
from playground.board.line import base_path
from playground.room.line import PATH as LINE
from playground.server.config import config

TEMPLATE = Path(__file__).parent / "room.html"
SCRIPT = "room/student.js"
STYLE = "room/student.css"
# all that the script imports of the class, asked for at once
MODULES = (
    "room/asked.js",
    "room/collected.js",
    "room/keys.js",
    "room/line.js",
    "room/make.js",
    "room/mine.js",
    "room/seat.js",
    "room/seat_strip.js",
    "room/tile.js",
    "room/watch.js",
    "room/way.js",
)


class StudentsPage:
    """Answers whoever opens a room's link, full or not: it costs next to nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_students(scope):
            await HTMLResponse(_page(base_path()), headers={"Cache-Control": "no-store"})(
                scope, receive, send
            )
        else:
            await self.app(scope, receive, send)


def is_students(scope: Scope) -> bool:
    """Whether a request is for the bare page of a class."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not config().rooms:
        return False
    if scope["path"].rstrip("/") != base_path():
        return False
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return "room" in query and "turn" not in query


@cache
def _page(base: str) -> str:
    """The page of every code: its script reads it from the address."""
    parts = {
        "theme": assets.text("theme.css"),
        "style": assets.text("board.css"),
        "markup": assets.text("board.html"),
        "modules": "\n".join(
            f'<link rel="modulepreload" href="{assets.address(name)}">'
            for name in (*assets.modules(), *MODULES)
        ),
        "students": assets.address(STYLE),
        "script": assets.address(SCRIPT),
        "plotly": assets.address("plotly.min.js"),
        "line": base + LINE,
        "home": base + "/",
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    return text
