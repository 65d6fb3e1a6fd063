"""A file that takes a while: a thread makes it, the page watches it and can cancel it.

As many are made at once as the server has threads for computing; the others wait. Each step takes
a turn with all that is computed for boards, so these wait no longer than for each other.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Literal

from playground.export.steps import Steps
from playground.server import metrics
from playground.server.config import config, variable
from playground.server.turns import Account, turns

SECONDS_TO_FETCH = 30.0  # from the click on Save until the browser surely loads the file
BYTES_PER_MEGABYTE = 1_000_000

State = Literal["waiting", "running", "done", "cancelled", "failed"]


class _BeyondLimitError(Exception):
    """The server does not allow such a file; the message tells the person why."""


class Making:
    """The making of one file. It begins at once, or when it is its turn.

    Args:
        name: what the file is called in a sentence.
        file_name: what it is saved as.
        begin: called in the thread; the steps that make it, and the epoch at which they end, 0 if
            it has none on the way.
        is_wanted: asked after each step; once it returns False, the file is given up.

    Attributes:
        epoch: up to which the run has been trained.
        last: epoch at which it is done; 0 as long as that is not known.
        state: "waiting" is for other visitors' files.
        content: the file, once the state is "done".
        error: why it could not be made, if the state is "failed"; a sentence.
    """

    def __init__(
        self,
        name: str,
        file_name: str,
        begin: Callable[[], tuple[Steps, float]],
        *,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self.name = name
        self.file_name = file_name
        self.epoch = self.last = 0.0
        self.state: State = "waiting"
        self.content = b""
        self.error = ""
        self._is_wanted = is_wanted
        self._account = Account()
        self._saved_at: float | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(
            target=self._work, args=(begin,), name="making a file", daemon=True
        )
        self._thread.start()

    @property
    def is_active(self) -> bool:
        """Whether the file is still to come."""
        return self.state in ("waiting", "running")

    @property
    def progress(self) -> float:
        """The share of the epochs that is done, from 0 to 1."""
        return min(self.epoch / self.last, 1.0) if self.last else 0.0

    @property
    def is_saved(self) -> bool:
        """Whether the person has saved the file."""
        return self._saved_at is not None

    @property
    def is_over(self) -> bool:
        """Whether it was saved so long ago that the content can go."""
        return self._saved_at is not None and time.monotonic() > self._saved_at + SECONDS_TO_FETCH

    def note_saved(self) -> None:
        """The person saves the file now."""
        self._saved_at = time.monotonic()

    def cancel(self) -> None:
        """Give the file up; the step under way is the last."""
        self._end("cancelled")

    def join(self) -> None:
        """Wait until no step is under way and none is to come."""
        self._thread.join()

    def _work(self, begin: Callable[[], tuple[Steps, float]]) -> None:
        with _places():
            with self._lock:
                if not self.is_active:
                    return
                self.state = "running"
            try:
                steps, self.last = begin()
                with closing(steps):
                    self._end("done", content=self._make(steps))
            except _BeyondLimitError as error:
                self._end("failed", error=f"The {self.name} can't be made: {error}")
            except Exception:  # of whatever kind: the page says it, a thread can't
                logging.getLogger(__name__).exception("%s could not be made", self.file_name)
                self._end(
                    "failed",
                    error=f"Something went wrong in the playground while it made the {self.name}.",
                )

    def _make(self, steps: Steps) -> bytes:
        """Take step after step; the file, or nothing if it was cancelled."""
        seconds = config().film_seconds
        deadline = time.monotonic() + seconds
        while self.is_active:
            try:
                with turns().turn(self._account):
                    self.epoch = next(steps)
            except StopIteration as end:
                content: bytes = end.value
                return _kept(content)
            if time.monotonic() > deadline:
                raise _BeyondLimitError(
                    f"it takes longer than the {seconds:g} seconds that this server allows "
                    f"({variable('film_seconds')}). An earlier epoch or a smaller network takes "
                    "less."
                )
            if not self._is_wanted():
                self.cancel()
        return b""

    def _end(self, state: State, *, content: bytes = b"", error: str = "") -> None:
        with self._lock:
            if self.is_active:
                self.content, self.error, self.state = content, error, state
                metrics.FILES_MADE.labels(Path(self.file_name).suffix[1:], state).inc()


@cache
def _places() -> threading.Semaphore:
    """For the files that are made at once."""
    return threading.Semaphore(config().threads)


def _kept(content: bytes) -> bytes:
    """The same content, unless it is more than a visit may keep."""
    most = config().megabytes_per_visit
    if len(content) > most * BYTES_PER_MEGABYTE:
        raise _BeyondLimitError(
            f"it has {len(content) / BYTES_PER_MEGABYTE:.1f} megabytes, and this server keeps "
            f"{most} for a visit ({variable('megabytes_per_visit')})."
        )
    return content
