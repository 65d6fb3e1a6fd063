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

from playground import arrivals, pictures
from playground.arrivals import Arrivals
from playground.board import assets, embed, idle, line
from playground.delivery import CompressedOnce, EarlyBoard
from playground.export import saving
from playground.leaving import leaving_in_order
from playground.protection import OwnSockets, SecurityHeaders, ShortAddresses
from playground.room import line as room_line
from playground.room.page import StudentsPage
from playground.server import log, metrics
from playground.server.census import census

SCRIPT = Path(__file__).parent / "main.py"


def routes() -> list[BaseRoute]:
    """All that is served besides Streamlit's own."""
    metrics.VISITORS.set_function(lambda: census().taken)
    metrics.BOARDS_PLAYING.set_function(line.playing)
    ours = (line, assets, embed, pictures, arrivals, saving, room_line)
    return [route for part in ours for route in part.routes()] + metrics.routes(line.base_path())


def middleware() -> list[Middleware]:
    """What every answer passes through, Streamlit's own included; the first is the outermost."""
    ways_in = (SecurityHeaders, ShortAddresses, OwnSockets, StudentsPage, Arrivals)
    passed = (*ways_in, CompressedOnce, EarlyBoard)
    return [Middleware(each) for each in passed]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, Any]]:
    """Before the first visitor comes: import what takes long, and read what is served."""
    import playground.page  # noqa: F401  # with all that the script needs

    # the matrices are small: threads of BLAS wait for each other longer than they compute
    threadpool_limits(1, "blas")
    log.leave_out_tokens(f"{saving.PATH}/")
    assets.load()
    pictures.load()
    # Streamlit collects garbage after each run of the page: it need not look at the libraries
    gc.collect()
    gc.freeze()
    watching = asyncio.create_task(idle.watch())
    rooms = room_line.hubs().store  # an address of Redis that is none stops the start
    with leaving_in_order():
        yield {}
    watching.cancel()
    await rooms.end()
