"""The board's files and Plotly's script, served from memory under addresses that never change.

An address contains a hash of all that is behind it, so a browser keeps each file for ever and never
mixes two versions. `delivery.py` compresses them.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.board.line import base_path

CLIENT = Path(__file__).parent / "client"
PATH = "/board"
PLOTLY = "plotly.min.js"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Asset:
    """A file.

    Attributes:
        media_type: what it is.
        content: what is in it.
    """

    media_type: str
    content: bytes


def address(name: str) -> str:
    """The path of a file of `client`, or of `plotly.min.js`, which is beside them."""
    return f"{base_path()}{PATH}/{_digest()}/{name}"


def text(name: str) -> str:
    """What is in a file of `client`."""
    return (CLIENT / name).read_text(encoding="utf-8")


def modules() -> list[str]:
    """The names of the modules of every board, but for those that begin a page or a recording."""
    names = {path.name for path in CLIENT.glob("*.js")}
    return sorted(names - {"page.js", "embed.js", "recorded.js"})


def routes() -> list[Route]:
    """The route of all files."""
    return [Route(f"{base_path()}{PATH}/{{digest}}/{{name:path}}", _serve)]


@cache
def load() -> dict[str, Asset]:
    """Read every file; once."""
    return {
        name: Asset(f"{TYPES[path.suffix]}; charset=utf-8", path.read_bytes())
        for name, path in _paths().items()
    }


def _paths() -> dict[str, Path]:
    """Every file by its name; those of a class are in a folder of their own."""
    files = [path for path in sorted(CLIENT.rglob("*")) if path.suffix in TYPES]
    named = {path.relative_to(CLIENT).as_posix(): path for path in files}
    return named | {PLOTLY: Path(plotly.__file__).parent / "package_data" / PLOTLY}


@cache
def _digest() -> str:
    contents = sha256(plotly.__version__.encode())
    for name, path in _paths().items():
        if name != PLOTLY:  # which is known by its version
            contents.update(name.encode() + path.read_bytes())
    return contents.hexdigest()[:12]


async def _serve(request: Request) -> Response:
    asset = load().get(request.path_params["name"])
    if asset is None or request.path_params["digest"] != _digest():
        return Response("There is no such file.", 404)
    return Response(asset.content, media_type=asset.media_type, headers=HEADERS)
