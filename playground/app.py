"""The server: Streamlit's page, the board's line and files, and the board alone."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from playground import pictures
from playground.board import assets, embed, line
from playground.delivery import CompressedOnce, EarlyBoard
from playground.protection import OwnSockets, SecurityHeaders, ShortAddresses
from playground.server import log, metrics

SCRIPT = Path(__file__).parent / "main.py"


def routes() -> list[BaseRoute]:
    """All that is served besides Streamlit's own."""
    metrics.BOARDS_PLAYING.set_function(line.playing)
    ours = (line.routes(), assets.routes(), embed.routes(), pictures.routes())
    return [*chain(*ours), *metrics.routes(line.base_path())]


def middleware() -> list[Middleware]:
    """What every answer passes through, Streamlit's own included; the first is the outermost."""
    passed = (SecurityHeaders, ShortAddresses, OwnSockets, CompressedOnce, EarlyBoard)
    return [Middleware(each) for each in passed]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, Any]]:
    """Before the first visitor comes: import what takes long, and read what is served."""
    import playground.page  # noqa: F401  # with all that the script needs

    log.leave_out_tokens()
    assets.load()
    pictures.load()
    # Streamlit collects garbage after each run of the page: it need not look at the libraries
    gc.collect()
    gc.freeze()
    yield {}
