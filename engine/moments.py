"""Going back in time: to any moment that a run has been through, exactly as it was."""

import math
from collections.abc import Iterator

from engine.arrays import Floats
from engine.run import Run, Snapshot

CAPACITY = 128


class Moments:
    """Snapshots of a run, in bounded memory: the recent ones, and a thinned choice of the older.

    Where there is no snapshot, the run is trained again from the one before. It makes the same
    steps, so it arrives at the same numbers.

    Args:
        run: whose moments they are; `go_to` takes it back.
        capacity: how many of the older ones are kept.
    """

    def __init__(self, run: Run, capacity: int = CAPACITY) -> None:
        self.run, self._capacity = run, capacity
        self._recent: dict[float, Snapshot] = {}
        self._kept = [(run.position, run.snapshot())]
        self._gap = 0.0  # epochs between two that are kept, at least

    def note(self) -> None:
        """Take a snapshot of the run as it is now."""
        position, snapshot = self.run.position, self.run.snapshot()
        self._recent[position] = snapshot
        if position - self._kept[-1][0] > self._gap:
            self._kept.append((position, snapshot))
        if len(self._kept) > self._capacity:
            self._kept = self._kept[::2]
            self._gap = 2.0 * position / self._capacity

    def release(self, before: float) -> None:
        """Let the recent snapshots before a position go, but for the thinned choice of them."""
        self._recent = {at: moment for at, moment in self._recent.items() if at >= before}

    def go_to(self, position: float) -> bool:
        """Take the run back to a position; False if it has not been there.

        The live changes made up to there are in force, those made later are forgotten.
        """
        if position == self.run.position:
            return True
        if not 0.0 <= position < self.run.position:
            return False
        changes = self.run.changes
        if position in self._recent:
            self.run.restore(self._recent[position])
        else:
            self.run.restore(next(m for at, m in reversed(self._kept) if at <= position))
            replay(self.run, changes, position)
        self._recent = {at: moment for at, moment in self._recent.items() if at <= position}
        self._kept = [(at, moment) for at, moment in self._kept if at <= position]
        return True

    def look(self, position: float) -> Run:
        """A copy of the run as it was at a position; the run itself stays where it is.

        Raises:
            ValueError: the run has not been there.
        """
        return self.fork(position).run

    def fork(self, position: float) -> "Moments":
        """As `look`, with the moments before: those of a run with the same past.

        Raises:
            ValueError: the run has not been there.
        """
        other = Moments(self.run.fork(self.run.snapshot()), self._capacity)
        other._recent, other._kept = self._recent.copy(), self._kept.copy()
        if not other.go_to(position):
            raise ValueError(
                f"position must be from 0 to {self.run.position}, where the run is, got {position}"
            )
        return other

    def parameters(self, position: float) -> Floats:
        """The network's parameters as they were at a position, flat; at a recent one, at once.

        Raises:
            ValueError: the run has not been there.
        """
        if position in self._recent:
            return self._recent[position].parameters
        return self.look(position).network.parameters


def replay(run: Run, changes: tuple[tuple[float, str, object], ...], position: float) -> None:
    """Train a run up to a position, making live changes on the way where they were made.

    changes: as in `Run.changes`; it begins with those that the run has already.
    """
    for at, setting, value in changes[len(run.changes) :]:
        if at > position:
            break
        _train_to(run, at)
        run.change(setting, value)
    _train_to(run, position)


def replay_by_epoch(
    run: Run, changes: tuple[tuple[float, str, object], ...], position: float
) -> Iterator[float]:
    """As `replay`, one epoch at a time; yields the position after each."""
    while True:
        replay(run, changes, min(math.floor(run.position) + 1, position))
        yield run.position
        if run.position >= position or run.diverged:
            return


def _train_to(run: Run, position: float) -> None:
    steps = round(position * run.batches)
    while run.steps < steps and not run.diverged:
        if steps - run.steps >= run.batches - run.batch:
            run.advance()
        else:
            run.advance_batch()
