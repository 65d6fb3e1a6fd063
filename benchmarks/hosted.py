"""What one server carries, and two replicas of it behind HAProxy: a lecture hall of viewers."""

import statistics
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import fairness
from benchmarks.app import Server, running
from benchmarks.table import Row, at_least, at_most
from benchmarks.viewers import AS_FAST_AS_ANSWERED, RATE, Group, Watched, quantile, watch
from hosting.replicas import hosted

NO_LIMIT = {"MLP_VISITORS": "10000"}
VIEWERS = {10: RATE, 25: RATE, 50: RATE, 60: RATE, 100: RATE, 200: None}  # and frames/s wanted
OF_MEMORY = {"boards": 100, "pages": 50}  # viewers whose memory is measured
MEGABYTES = 2  # a viewer, wanted
ARRIVING, MINUTE = 200, 60.0  # visitors, and the seconds in which they come
LONGEST = 5  # s to the first frame, wanted
BUSY = 40  # viewers who keep one process and two replicas busy
SHARE = 150  # % of the frames of one process that two replicas send, wanted
EMBEDDED = 300  # boards that look on
MEBI = 2**20


def measure() -> Iterator[Row]:
    """Every figure, one after the other; nothing else may run on the machine meanwhile."""
    yield from _viewers()
    yield from _memory()
    yield from _replicas()
    yield from _arrivals()
    yield from fairness.measure()
    yield from _embedded()


def _viewers() -> Iterator[Row]:
    """What each gets the more there are."""
    with running(**NO_LIMIT) as server:
        for count, wanted in VIEWERS.items():
            watched = watch(server, Group(count))
            (seen,) = watched.groups
            what, rate = f"{count} viewers: frames of each", statistics.mean(seen.rates)
            if wanted is None:
                yield Row(what, rate, "frames/s", "", True)
            else:
                yield at_least(what, rate, "frames/s", 0.98 * wanted)
            yield Row("… of the slowest", min(seen.rates), "frames/s", "", True)
            yield Row(
                "… wait for an answer, median", 1e3 * quantile(seen.waits, 0.5), "ms", "", True
            )
            yield Row("… 99th percentile", 1e3 * quantile(seen.waits, 0.99), "ms", "", True)
            yield from _processor_time(watched)


def _processor_time(watched: Watched) -> Iterator[Row]:
    for who, cores in (("server", watched.server), ("viewers", watched.viewers)):
        yield Row(f"… processor time of the {who}", 100 * cores, "% of one", "", True)


def _memory() -> Iterator[Row]:
    """What each takes above a server that has had one visitor."""
    for what, count in OF_MEMORY.items():
        with running(**NO_LIMIT) as server:
            group = Group(count, page=what == "pages")
            empty = watch(server, Group(1, page=group.page), seconds=1).memory
            memory = (watch(server, group).memory - empty) / count / MEBI
        yield at_most(f"memory of each of {count} {what}", memory, "MB", MEGABYTES)
    yield Row("… of the server without them", empty / MEBI, "MB", "", True)


def _arrivals() -> Iterator[Row]:
    """Everybody opens the page in the same minute, and plays."""
    with running() as server:
        group = Group(ARRIVING, page=True)
        apart = MINUTE / ARRIVING
        (seen,) = watch(server, group, seconds=1, apart=apart, may_fail=True).groups
    yield Row(f"{ARRIVING} arrive in {MINUTE:g} s: got a board", len(seen.starts), "", "", True)
    yield Row("… told that it is full", seen.turned_away, "", "", True)
    yield at_most("… errors", len(seen.errors), "", 0)
    for error, count in Counter(seen.errors).items():
        yield Row(f"… {error:.48}", count, "", "", False)
    yield Row("… first frame, median", quantile(seen.starts, 0.5), "s", "", True)
    yield at_most("… the last to get it", max(seen.starts), "s", LONGEST)


def _replicas() -> Iterator[Row]:
    """All that two processes send in a second, beside one."""
    busy = Group(BUSY, rate=AS_FAST_AS_ANSWERED)
    with running(**NO_LIMIT) as server:
        one = watch(server, busy)
    with _hosted(2) as server:
        two = watch(server, busy)
    frames = [sum(watched.groups[0].rates) for watched in (one, two)]
    yield Row(f"one process, {BUSY} viewers: frames", frames[0], "frames/s", "", True)
    yield from _processor_time(one)
    yield Row("two replicas behind HAProxy: frames", frames[1], "frames/s", "", True)
    yield from _processor_time(two)
    yield at_least("… of those of one process", 100 * frames[1] / frames[0], "%", SHARE)


@contextmanager
def _hosted(replicas: int) -> Iterator[Server]:
    with hosted(replicas, settings=NO_LIMIT, output=subprocess.DEVNULL) as found:
        processes = [replica.process for replica in found.replicas if replica.process is not None]
        port = int(found.host.rpartition(":")[2])
        yield Server(port, [process.pid for process in processes])


def _embedded() -> Iterator[Row]:
    """Boards in other people's pages: they look at a run that is paused, and some play."""
    with running(**NO_LIMIT) as server:
        empty = watch(server, Group(1, rate=0), seconds=1).memory
        looking = watch(server, Group(EMBEDDED, rate=0))
        memory = (looking.memory - empty) / EMBEDDED / MEBI
        yield Row(f"{EMBEDDED} paused boards: memory of each", memory, "MB", "", True)
        yield from _processor_time(looking)
        together = watch(server, Group(EMBEDDED, rate=0), Group(25))
        rate = statistics.mean(together.groups[1].rates)
        yield at_least("… 25 more that play: frames of each", rate, "frames/s", 0.98 * RATE)
        yield from _processor_time(together)
