"""An application on a real server in a thread, and how to ask it."""

import asyncio
import threading
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette

Result = TypeVar("Result")


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: in this one, a browser's loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """Serve an application with uvicorn; host and port."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws_max_size=2**24)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield "{}:{}".format(*server.servers[0].sockets[0].getsockname())
    server.should_exit = True
    thread.join()


def fetch(address: str, **headers: str):
    """The answer to a GET; its body as it comes over the line."""
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers))
