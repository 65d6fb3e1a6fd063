"""An experiment under way, in its own processes; the page watches it and can cancel it at once.

The runs go through joblib: to one process a core, or to a Dask cluster if the environment names its
scheduler. A thread hands them out and gathers what comes back, in the order in which it arrives.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import joblib

from playground.experiments.plan import Experiment, Task
from playground.experiments.work import Outcome, train
from playground.server import metrics
from playground.server.config import config

SCHEDULER = "MLP_DASK_SCHEDULER"  # environment: address of a Dask scheduler, as tcp://host:8786
SECONDS_TO_CONNECT = 10
SECONDS_A_LOOK = 0.5  # from one look at whether it is still wanted to the next

State = Literal["waiting", "running", "done", "cancelled", "late", "failed"]

# One experiment at a time on a server: they share its cores.
_TURN = threading.Lock()


class Job:
    """An experiment that was started.

    Args:
        is_wanted: asked now and then; once it returns False, the experiment is cancelled.

    Attributes:
        experiment: its plan.
        tasks: its runs.
        outcomes: the outcome of each task, None until it has one.
        state: its progress; "waiting" is for another visitor's experiment, and "late" is one that
            took longer than it may, and was stopped.
        error: what went wrong, if its state is "failed".
    """

    def __init__(
        self, experiment: Experiment, is_wanted: Callable[[], bool] = lambda: True
    ) -> None:
        self.experiment = experiment
        self._is_wanted = is_wanted
        self.tasks = experiment.tasks()
        self.outcomes: list[Outcome | None] = [None] * len(self.tasks)
        self.state: State = "waiting"
        self.error = ""
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._cancelled = threading.Event()
        self._stop: Path | None = None
        self._thread = threading.Thread(target=self._work, name="experiment", daemon=True)
        self._thread.start()
        threading.Thread(target=self._watch, name="experiment's watch", daemon=True).start()

    @property
    def is_active(self) -> bool:
        """Whether more results are to come."""
        return self.state in ("waiting", "running")

    @property
    def done(self) -> int:
        """Runs that are finished."""
        return sum(outcome is not None for outcome in self.outcomes)

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the runs so far; None before the first."""
        done = self.done
        if not done or self.state != "running":
            return None
        return (time.monotonic() - self._began) / done * (len(self.tasks) - done)

    def cancel(self) -> None:
        """Begin no more runs, and give up those under way on this machine; results so far stay."""
        self._stop_as("cancelled")

    def _stop_as(self, state: State) -> None:
        with self._lock:
            if not self.is_active:
                return
            self._cancelled.set()
            self.state = state
            if self._stop is not None:
                self._stop.touch()

    def join(self) -> None:
        """Wait until none of its runs is running."""
        self._thread.join()

    def _watch(self) -> None:
        """Whoever has gone must not keep others waiting, nor who asks for too much."""
        while self._thread.is_alive():
            if not self._is_wanted():
                self.cancel()
            elif self.state == "running" and self._is_late():
                self._stop_as("late")
            if self._cancelled.is_set():
                return
            self._thread.join(SECONDS_A_LOOK)

    def _is_late(self) -> bool:
        return time.monotonic() - self._began > config().experiment_seconds

    def _work(self) -> None:
        while not _TURN.acquire(timeout=SECONDS_A_LOOK):
            if self._cancelled.is_set():
                return
        try:
            self._have_a_turn()
        finally:
            _TURN.release()

    def _have_a_turn(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            with self._lock:
                if self._cancelled.is_set():
                    return
                self._stop = Path(folder) / "stop"
                self._began, self.state = time.monotonic(), "running"
            metrics.EXPERIMENTS.inc()
            try:
                with metrics.EXPERIMENTS_RUNNING.track_inprogress(), _workers() as count:
                    self._gather(count)
            except Exception as error:  # of whatever kind: the page says it, a thread can't
                self._end("failed", f"{type(error).__name__}: {error}")
            else:
                self._end("done")

    def _end(self, state: State, error: str = "") -> None:
        with self._lock:
            self._stop = None
            if not self._cancelled.is_set():
                self.state, self.error = state, error

    def _gather(self, workers: int) -> None:
        finished = joblib.Parallel(n_jobs=workers, return_as="generator_unordered")(
            joblib.delayed(_numbered)(task, self.experiment.epochs, str(self._stop))
            for task in self._wanted()
        )
        for number, outcome in finished:
            if outcome is not None:
                self.outcomes[number] = outcome

    def _wanted(self) -> Iterator[Task]:
        """The tasks, asked for a few at a time; none any more once the experiment is cancelled."""
        for task in self.tasks:
            if self._cancelled.is_set():
                return
            yield task


def _numbered(task: Task, epochs: int, stop: str) -> tuple[int, Outcome | None]:
    return task.number, train(task.spec, epochs, stop)


@contextmanager
def _workers() -> Iterator[int]:
    """Where runs go within the context; how many at a time, as joblib counts."""
    address = os.environ.get(SCHEDULER)
    if not address:
        yield joblib.cpu_count()
        return
    try:
        from distributed import Client  # needed only where there is a cluster
    except ImportError:
        raise RuntimeError(f"{SCHEDULER} is set, but the package distributed is missing") from None
    with (
        Client(address, timeout=SECONDS_TO_CONNECT) as client,
        joblib.parallel_config(backend="dask", client=client),
    ):
        yield -1
