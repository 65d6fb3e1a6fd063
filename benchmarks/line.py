"""How soon the app serves, and what the board's line carries for a class of viewers."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.app import ROOT, running
from benchmarks.table import Row, at_least, at_most
from benchmarks.viewers import RATE, Group, quantile, watch

VIEWERS = 60


def measure() -> Iterator[Row]:
    """Every figure, one after the other; nothing else may run on the machine meanwhile."""
    with running() as server:
        (seen,) = watch(server, Group(VIEWERS)).groups
    rate, slowest = statistics.median(seen.rates), min(seen.rates)
    yield at_least(f"{VIEWERS} viewers: frames of each", rate, "frames/s", 0.98 * RATE)
    yield Row("… of the slowest", slowest, "frames/s", "", True)
    yield at_most("… wait for an answer, median", 1e3 * quantile(seen.waits, 0.5), "ms", 20)
    yield at_most("… 99th percentile", 1e3 * quantile(seen.waits, 0.99), "ms", 150)
    yield Row("… first message, median", 1e3 * quantile(seen.starts, 0.5), "ms", "", True)
    yield from _starting()


def _starting() -> Iterator[Row]:
    """From the command to serving, beside what the libraries alone take to be imported."""
    code = "import streamlit, sklearn.datasets"
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    imports = time.perf_counter() - started
    started = time.perf_counter()
    with running():
        serving = time.perf_counter() - started
    yield Row(code, imports, "s", "", True)
    yield at_most("from streamlit run to serving", serving / imports, "× that", 2.0)
