"""Many visits to a real server, one after the other: nothing is left of them."""

import pytest

from benchmarks.app import running
from benchmarks.soak import come_and_go, settled
from benchmarks.viewers import AS_FAST_AS_ANSWERED

VIEWERS = 4  # at the same time
VISITS = 15  # of each, before and after memory is looked at for the first time
MEGABYTES = 12  # that memory may grow by; a run kept for each visit takes twice as much
FRAMES = (2, 8)  # that each plays before doing something else
MEBI = 2**20


@pytest.fixture(scope="module")
def looks():
    """What the server holds after the first visits, and after as many again."""
    with running() as server:
        found = []
        for _ in range(2):
            come_and_go(server, VIEWERS, VISITS, AS_FAST_AS_ANSWERED, pages=0, frames=FRAMES)
            found.append(settled(server, quiet=2.0))
        yield found


def test_memory_does_not_grow_with_the_visits(looks):
    before, after = looks
    assert (after.memory - before.memory) / MEBI < MEGABYTES


def test_no_thread_and_no_socket_is_left_over(looks):
    before, after = looks
    assert after.threads <= before.threads
    assert after.sockets <= before.sockets
