"""Runs that nobody has touched for long are put away: a visit then costs no more than its value."""

import asyncio

from playground.board import line
from playground.server import metrics
from playground.server.config import config

LOOKS = 4  # at every run, in the minutes after which it is put away


async def watch() -> None:
    """Put idle runs away, for as long as the server runs."""
    while True:
        await asyncio.sleep(60.0 * config().idle_minutes / LOOKS)
        await asyncio.to_thread(put_idle_away)


def put_idle_away() -> int:
    """Put away each run that is idle; how many."""
    longest = 60.0 * config().idle_minutes
    idle = [stream for stream in line.streams() if stream.idle_for >= longest]
    count = sum(stream.put_away() for stream in idle)
    metrics.RUNS_PUT_AWAY.inc(count)
    return count
