"""The server: Streamlit's page, the board's line and files, and the board alone."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from playground import arrivals, pictures
from playground.arrivals import Arrivals
from playground.board import assets, embed, line
from playground.delivery import CompressedOnce, EarlyBoard
from playground.leaving import leaving_in_order

SCRIPT = Path(__file__).parent / "main.py"


def routes() -> list[BaseRoute]:
    """All that is served besides Streamlit's own."""
    parts = (line, assets, embed, pictures, arrivals)
    return [route for part in parts for route in part.routes()]


def middleware() -> list[Middleware]:
    """What every answer passes through, Streamlit's own included; the first is the outermost."""
    return [Middleware(Arrivals), Middleware(CompressedOnce), Middleware(EarlyBoard)]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, Any]]:
    """Before the first visitor comes: import what takes long, and read what is served."""
    import playground.page  # noqa: F401  # with all that the script needs

    assets.load()
    pictures.load()
    # Streamlit collects garbage after each run of the page: it need not look at the libraries
    gc.collect()
    gc.freeze()
    with leaving_in_order():
        yield {}
