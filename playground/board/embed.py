"""The board on a bare page, for a slide, a course page or a blog: `/embed?<the query of a link>`.

Besides what a link may say, `show=region,loss` chooses panels, `play=1` begins by itself, and
`theme=dark`, `light` or `auto` chooses the colours. `hide` leaves out panels and the timeline.
"""

import html
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from playground.board import assets
from playground.board.line import PATH as LINE
from playground.board.line import base_path
from playground.restrictions import restrictions_of

TEMPLATE = Path(__file__).parent / "embed.html"
PATH = "/embed"
PANELS = ("network", "region", "loss", "gradients")
THEMES = ("auto", "light", "dark")


def routes() -> list[Route]:
    """The route of the bare page."""
    return [Route(base_path() + PATH, _serve)]


async def _serve(request: Request) -> HTMLResponse:
    show = request.query_params.get("show", "")
    chosen = [name for name in show.split(",") if name]
    theme = request.query_params.get("theme", THEMES[0])
    complaint = ""
    unknown = sorted(set(chosen) - set(PANELS))
    if unknown:
        complaint = f"“show” can be {', '.join(PANELS)}, got {', '.join(unknown)[:80]}."
    elif theme not in THEMES:
        complaint = f"“theme” can be {', '.join(THEMES)}, got {theme[:80]}."
    elif restricted := restrictions_of(request.query_params)[1]:
        complaint = " ".join(restricted)
    shown = complaint and f'<p role="alert">{html.escape(complaint)}</p>'
    return HTMLResponse(_page().replace("{{complaint}}", shown))


@cache
def _page() -> str:
    """The page of every query: what differs is read from the address by its script."""
    parts = {
        "theme": assets.text("theme.css"),
        "style": assets.text("board.css"),
        "markup": assets.text("board.html"),
        # all at once, and not each when the one that needs it has come
        "modules": "\n".join(
            f'<link rel="modulepreload" href="{assets.address(name)}">' for name in assets.modules()
        ),
        "script": assets.address("embed.js"),
        "plotly": assets.address("plotly.min.js"),
        "line": base_path() + LINE,
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    return text
