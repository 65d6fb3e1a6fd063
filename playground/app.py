"""The server: Streamlit's page, the board's line and files, and the board alone."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from playground import pictures
from playground.board import assets, embed, line

SCRIPT = Path(__file__).parent / "main.py"


def routes() -> list[BaseRoute]:
    """All that is served besides Streamlit's own."""
    return [*line.routes(), *assets.routes(), *embed.routes(), *pictures.routes()]


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, Any]]:
    """Before the first visitor comes: import what takes long, and compress what is served."""
    import playground.page  # noqa: F401  # with all that the script needs

    assets.load()
    pictures.load()
    # Streamlit collects garbage after each run of the page: it need not look at the libraries
    gc.collect()
    gc.freeze()
    yield {}
