"""What a visitor with the heaviest network takes from the others."""

import statistics
from collections.abc import Iterator

from benchmarks.app import Server, running
from benchmarks.table import Row, at_least
from benchmarks.viewers import AS_FAST_AS_ANSWERED, RATE, Group, Seen, quantile, watch
from playground.board.start import SPEEDS
from playground.limits import PAGE_LAYERS, PAGE_LIMITS, PAGE_UNITS

OTHERS = 20
GOAL = 80  # % of the frames that they get without that visitor
ROUNDS = 2  # with and without, in turn: the machine is not as fast in every second
SECONDS = 5.0  # of each


def measure() -> Iterator[Row]:
    """Every figure, one after the other; nothing else may run on the machine meanwhile."""
    with running() as server:
        for rate, what in ((RATE, f"{RATE:g} frames/s"), (AS_FAST_AS_ANSWERED, "no limit")):
            yield from _beside_the_heaviest(server, rate, what)


def heaviest() -> Group:
    """A visitor who asks for as much as a link and the board allow."""
    layers, units = PAGE_LAYERS[1], PAGE_UNITS[1]
    (_, samples), (batch_size, _) = PAGE_LIMITS["samples"], PAGE_LIMITS["batch_size"]
    hidden = ",".join([str(units)] * layers)
    query = f"hidden={hidden}&samples={samples}&batch_size={batch_size}"
    return Group(1, query, AS_FAST_AS_ANSWERED, max(SPEEDS))


def _beside_the_heaviest(server: Server, rate: float, what: str) -> Iterator[Row]:
    others = Group(OTHERS, rate=rate)
    alone, beside, heavy = Seen(), Seen(), Seen()
    for _ in range(ROUNDS):
        _add(watch(server, others, seconds=SECONDS).groups[0], alone)
        together = watch(server, others, heaviest(), seconds=SECONDS)
        _add(together.groups[0], beside)
        _add(together.groups[1], heavy)
    without = statistics.mean(alone.rates)
    name = f"{OTHERS} viewers, {what}"
    yield Row(f"{name}: frames of each", without, "frames/s", "", True)
    share = statistics.mean(beside.rates) / without
    yield at_least("… of these with the heaviest visitor", 100 * share, "%", GOAL)
    slowest = min(beside.rates) / min(alone.rates)
    yield at_least("… the slowest viewer, likewise", 100 * slowest, "%", GOAL)
    for seen, when in ((alone, "without"), (beside, "with")):
        wait = 1e3 * quantile(seen.waits, 0.99)
        yield Row(f"… wait {when} it, 99th percentile", wait, "ms", "", True)
    answers = len(heavy.waits) / (ROUNDS * SECONDS)
    yield Row("… answers to the heaviest visitor", answers, "a second", "", True)
    yield Row("… its frames", statistics.mean(heavy.rates), "frames/s", "", True)
    for who, cores in (("server", together.server), ("viewers", together.viewers)):
        yield Row(f"… processor time of the {who}", 100 * cores, "% of one", "", True)


def _add(seen: Seen, to: Seen) -> None:
    to.rates += seen.rates
    to.waits += seen.waits
