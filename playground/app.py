"""The server: Streamlit's page, the board's line and files, and the board alone."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from threadpoolctl import threadpool_limits

from playground import pictures
from playground.board import assets, embed, idle, line
from playground.delivery import CompressedOnce, EarlyBoard

SCRIPT = Path(__file__).parent / "main.py"


def routes() -> list[BaseRoute]:
    """All that is served besides Streamlit's own."""
    return [*line.routes(), *assets.routes(), *embed.routes(), *pictures.routes()]


def middleware() -> list[Middleware]:
    """What every answer passes through, Streamlit's own included; the first is the outermost."""
    return [Middleware(CompressedOnce), Middleware(EarlyBoard)]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, Any]]:
    """Before the first visitor comes: import what takes long, and read what is served."""
    import playground.page  # noqa: F401  # with all that the script needs

    # the matrices are small: threads of BLAS wait for each other longer than they compute
    threadpool_limits(1, "blas")
    assets.load()
    pictures.load()
    # Streamlit collects garbage after each run of the page: it need not look at the libraries
    gc.collect()
    gc.freeze()
    watching = asyncio.create_task(idle.watch())
    yield {}
    watching.cancel()
