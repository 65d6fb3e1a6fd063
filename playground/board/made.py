"""A run in memory, with what it takes to go back in it and to draw it.

It is large, and its value (`value.py`) makes it again: a visit that nobody looks at keeps that.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from engine import Run, Spec, inspection
from engine.moments import replay
from engine.network import Network
from playground.board import description, probe
from playground.board.description import Question
from playground.board.frames import Frame, make_frame
from playground.board.pinned import Pin, PinnedRun, adapt, moments_of
from playground.board.probe import Probe
from playground.board.shared import Shared
from playground.board.sight import NODES, Sight
from playground.server.turns import turns

MOST_NOTES = 64  # of moments while a run is made again

# frames that several visitors see; of usual networks about 10 MB together
FRAMES: Shared[Frame] = Shared(1_000)

Changes = tuple[tuple[float, str, Any], ...]


class MadeRun:
    """A run, its past, and run A beside it.

    Args:
        spec: of the run, which stands at epoch 0.
        changes: live changes to begin with, as `Run.changes` has them.
        pin: the run that plays beside it, None for none.

    Attributes:
        run: the `Run` itself.
        pinned: run A, None if there is none.
        half_width: of the picture's plane.
    """

    def __init__(self, spec: Spec, changes: Changes = (), pin: Pin | None = None) -> None:
        self.run = Run(spec)
        for _, setting, value in changes:
            self.run.change(setting, value)
        self.run.after_batch = turns().give_way
        self.half_width = inspection.half_width(self.run)
        self._moments = moments_of(self.run)
        self._moments.note()
        self._noted = 0.0
        self._probed: tuple[Any, Network] = None, self.run.network
        self._described: Run | None = None
        self._kind = ""  # of the newest diagnosis
        self.pinned: PinnedRun | None = None
        if pin is not None:
            self.pinned = PinnedRun(adapt(pin, spec))

    def train_towards(self, epoch: float, changes: Changes, seconds: float) -> bool:
        """Train for some seconds, an epoch at least; whether it has come to where it is to stand.

        A run that diverges on the way comes no further.

        changes: live changes to make on the way, as `Run.changes` has them.

        Raises:
            ValueError: one of the changes can't be made.
        """
        deadline = time.perf_counter() + seconds
        while self.run.position < epoch and not self.run.diverged:
            replay(self.run, changes, min(math.floor(self.run.position) + 1, epoch))
            if self.run.position >= self._noted + epoch / MOST_NOTES:
                self.note()
                self._noted = self.run.position
            is_under_way = self.run.position < epoch and not self.run.diverged
            if is_under_way and time.perf_counter() > deadline:
                return False
        replay(self.run, changes, self.run.position)  # those of this very moment
        self.note()
        return True

    def pin(self, pin: Pin | None) -> None:
        """Let another run A play beside it, which is what this one is by now; None for none."""
        self.pinned = None
        if pin is not None:
            self.pinned = PinnedRun(pin, self._moments.fork(math.floor(self.run.position)))

    def note(self) -> None:
        """This moment is gone back to soon."""
        self._moments.note()

    def release(self, before: float) -> None:
        """Moments before this one are not gone back to soon."""
        self._moments.release(before)
        if self.pinned is not None:
            self.pinned.release(before)

    def go_to(self, position: float) -> bool:
        """Take the run back to a moment of it; False if it has not been there."""
        if position != self.run.position:
            self._kind = ""
        return self._moments.go_to(position)

    def look(self, position: float) -> Run:
        """A copy of the run as it was at a position."""
        return self._moments.look(position)

    def frame(self, *, diagnosed: bool = False) -> Frame:
        """What there is to draw at this moment; run A comes along."""
        run, half_width = self.run, self.half_width
        if self.pinned is None:
            frame = FRAMES.of(run, lambda: make_frame(run, half_width=half_width))
        else:
            self.pinned.follow(run.position)
            frame = make_frame(run, half_width=half_width, pinned=self.pinned.run)
        return self.with_diagnosis(frame) if diagnosed else frame

    def frame_at(self, position: float) -> Frame:
        """What there is to draw at an earlier moment, with its diagnosis; the run stays here."""
        run, half_width, beside = self._at(position), self.half_width, None
        if self.pinned is not None:
            beside, last = self.pinned.look(position), self.pinned.run
            beside.diverged = last.diverged and beside.position == last.position
        return _diagnosed(make_frame(run, half_width=half_width, pinned=beside), run)

    def with_diagnosis(self, frame: Frame) -> Frame:
        """A frame of this moment with what there is to say about the run."""
        diagnosed = _diagnosed(frame, self.run)
        self._kind = diagnosed.diagnosis.kind if diagnosed.diagnosis else ""
        return diagnosed

    def sight(self, epoch: float) -> Sight:
        """What others may glance at of a moment that is on screen; the run stays where it is."""
        run, network = self.run, self.run.network
        if epoch != run.position:
            network = network.in_precision(np.float64)
            network.parameters[:] = self._moments.parameters(epoch)
        width = self.half_width
        with np.errstate(all="ignore"):
            if run.spec.coordinates == 1:
                predicted = inspection.curve(run, half_width=width, points=NODES, network=network)
            else:
                predicted = inspection.region(
                    run, half_width=width, resolution=NODES, fast=True, network=network
                )
        history = run.history.view(np.ndarray)  # its columns are plain arrays
        count = int(np.searchsorted(history["epoch"], epoch, side="right"))
        last = history[count - 1]
        return Sight(
            spec=run.spec,
            changes=tuple(change for change in run.changes if change[0] <= epoch),
            epoch=epoch,
            epochs=history["epoch"][:count].copy(),
            test_losses=history["test_loss"][:count].copy(),
            train_loss=float(last["train_loss"]),
            test_loss=float(last["test_loss"]),
            test_accuracy=float(last["test_accuracy"]),
            predicted=predicted,
            half_width=width,
            parameters=network.parameters.size,
            diverged=run.diverged and epoch == run.position,
            kind=self._kind,
        )

    def probe(self, asked: Probe, take: int) -> Mapping[str, Any] | None:
        """What the network says at a place at a moment; None if it is not known any more.

        take: of the run; another one may have another past.

        Raises:
            ValueError: there is no such data point.
        """
        pinned = self.pinned if asked.pinned else None
        if asked.epoch > self.run.position or (asked.pinned and pinned is None):
            return None
        run = self.run if pinned is None else pinned.run
        moment = (take, len(self.run.changes), asked.epoch, asked.pinned)
        if moment != self._probed[0]:
            moments = self._moments if pinned is None else pinned
            network = run.network.in_precision(np.float64)
            network.parameters[:] = moments.parameters(asked.epoch)
            self._probed = moment, network
        return probe.answer(asked, run, self._probed[1])

    def describe(self, question: Question) -> Callable[[], Mapping[str, Any]] | None:
        """What puts a moment into words; None if it is not known any more."""
        since = question.since
        if max(question.epoch, since or 0) > self.run.position:
            return None
        now, before = self._at(question.epoch), self._described
        if since is None or before is None or before.position != since:
            before = None if since is None else self._at(since)
        self._described = now
        beside = None if self.pinned is None else self.pinned.look(question.epoch)
        return lambda: description.answer(
            question, now, before, half_width=self.half_width, pinned=beside
        )

    def _at(self, position: float) -> Run:
        """A copy of the run as it was at a position; a run that has diverged says so at its end."""
        run = self._moments.look(position)
        run.diverged = self.run.diverged and position == self.run.position
        return run


def _diagnosed(frame: Frame, run: Run) -> Frame:
    with np.errstate(all="ignore"):
        return replace(frame, diagnosis=inspection.diagnose(run))
