"""A run as one HTML file that plays by itself: the board's own modules, its frames, and Plotly."""

import base64
import html
import json
import re
import zlib
from functools import cache
from pathlib import Path

from plotly.offline import get_plotlyjs

from engine import Run
from playground.board import assets
from playground.board.pinned import Pin
from playground.board.stream import Stream
from playground.export.steps import Steps, finished
from playground.export.stops import stops_of
from playground.past.runs import describe

TEMPLATE = Path(__file__).parent / "recording.html"
MOST_FRAMES = 300


def html_player(run: Run, pin: Pin | None = None) -> str:
    """The run from its beginning to where it stands, run A beside it if there is one.

    The run is trained once more for it. Of a long one, evenly spread epochs are in the file.
    """
    return finished(html_steps(run, pin)).decode()


def html_steps(run: Run, pin: Pin | None = None) -> Steps:
    """As `html_player`: each epoch of training is a step."""
    recording = yield from Stream(run.spec, pin=pin).record(run.changes, stops_of(run, MOST_FRAMES))
    title = f"{describe(run.spec, run.changes)}, epoch {run.position:g}"
    parts = {
        "title": html.escape(title),
        "about": html.escape(
            f"Recorded with the MLP Playground: {title}. Everything is in this file; nothing is "
            "computed or fetched."
        ),
        "theme": assets.text("theme.css"),
        "style": assets.text("board.css"),
        "markup": assets.text("board.html"),
        "plotly": _plotly(),
        "recording": _base64(recording),
        "modules": json.dumps({"imports": _modules()}),
    }
    template = TEMPLATE.read_text("utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], template).encode()


def _modules() -> dict[str, str]:
    """The board's modules as addresses that hold them; nothing is relative to such an address."""
    return {
        f"mlp/{path.name}": "data:text/javascript;base64,"
        + _base64(path.read_text("utf-8").replace("from './", "from 'mlp/").encode())
        for path in sorted(assets.CLIENT.glob("*.js"))
    }


@cache
def _plotly() -> str:
    """Plotly's JavaScript, compressed: a third of its size."""
    return _base64(zlib.compress(get_plotlyjs().encode(), level=9))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
