"""How the server goes: nobody new is let in, a balancer has a moment to notice, then all is closed.

On SIGTERM, uvicorn closes every socket with the code 1012, upon which the boards open their lines
elsewhere and bring the value of their runs. It would then wait for whatever is under way, as long
as that takes; here the process ends in any case. Ctrl-C is as it was.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from playground.server.config import config

SECONDS_TO_END = 9.0  # from SIGTERM to the end of the process, at most
ENDED = 128 + signal.SIGTERM  # exit code of a process that the signal has ended

_leaves = threading.Event()


def is_leaving() -> bool:
    """Whether the server is going, and nobody new is to be let in."""
    return _leaves.is_set()


@contextmanager
def leaving_in_order() -> Iterator[None]:
    """While the server runs, SIGTERM has it go in order. To be entered in its event loop."""
    former = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(former):
        yield  # the server does not listen to signals: a test's, or part of another program
        return
    loop = asyncio.get_running_loop()

    def go(number: int, frame: FrameType | None) -> None:
        if is_leaving():
            former(number, frame)  # for the second time: at once
            return
        _leaves.set()
        _end_in_any_case()
        wait = config().seconds_to_leave
        loop.call_soon_threadsafe(loop.call_later, wait, _close, former, number)

    signal.signal(signal.SIGTERM, go)
    try:
        yield
    finally:
        _end_processes()


def _close(former: Callable[[int, FrameType | None], object], number: int) -> None:
    """Stop what would be waited for, and have the server close its sockets and end."""
    _end_processes()
    former(number, None)


def _end_processes() -> None:
    """End the processes of experiments: nobody will see what comes of them."""
    for process in multiprocessing.active_children():
        process.terminate()


def _end_in_any_case() -> None:
    def end() -> None:
        try:
            _end_processes()
        finally:
            os._exit(ENDED)

    timer = threading.Timer(SECONDS_TO_END, end)
    timer.daemon = True
    timer.start()
