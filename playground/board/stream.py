"""The server's end of the board: a run that is trained on demand and packed into messages.

The board asks; the server never sends frames ahead of a request. The present is the frame on
screen, which is a little behind the run: the board holds frames that it has not drawn yet. So every
request says which epoch is on screen: when a person changes something, the run first goes back to
what the person was looking at. That may also be an epoch long past.
"""

import math
import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from engine import Run, Spec, inspection
from engine.moments import Moments, replay, replay_by_epoch
from engine.network import Network
from engine.run import LIVE_SETTINGS, PARAMETER, PARAMETERS
from playground.board import description, probe
from playground.board.contact import Contact
from playground.board.description import Question
from playground.board.frames import RESOLUTION, UNIT_RESOLUTION, Frame, make_frame, pack
from playground.board.pinned import Pin, PinnedRun, adapt, in_words
from playground.board.probe import Probe
from playground.board.request import BATCH, Request
from playground.board.start import make_start, marks
from playground.board.stopping import MAX_EPOCHS, StopRule
from playground.board.value import RunValue, about
from playground.past.runs import PastRuns

RUNS_TO_ASK_ABOUT = 3  # past ones that are in no file: before they are lost, the browser asks
MOST_NOTES = 64  # of moments while a run is made again
SECONDS_PER_MESSAGE = 0.1  # a change of a control waits no longer than this for its turn


class Stream:
    """One person's run, as the board sees it.

    The page and the line change it from threads of their own, one after the other: a lock sees to
    that.

    Attributes:
        token: by which the line finds it; nobody guesses it.
        contact: how page and board get word of each other.
        spec: describes the run; live changes included.
        run: the `Run` itself, ahead of the screen by the frames in flight.
        run_id: names the run.
        shown: epoch up to which the board has drawn, as far as it has told.
        stop_at: epoch at which a lesson ends, None for none: the board pauses there.
        stop_rule: when a person wants the board to pause.
        pin: the run that plays beside this one, None for none.
        choices: what the board is to choose as the run begins, see `make_start`.
        past: runs that are over.
        can_undo: whether there is a point that was added and can be taken back.
        reshaped: hidden layers that the board asked for last, None for never.
        brought: whether the run is one that the board has brought, and the page has not seen.
    """

    spec: Spec
    run: Run
    run_id: str
    shown: float
    _moments: Moments
    _changes_told: Sequence[Any] | None  # the live changes that the board knows
    _probed: tuple[Any, Network]  # the moment that was asked about last, and the network then
    _described: Run | None  # the moment that was put into words last: the next one is compared

    def __init__(
        self,
        spec: Spec,
        *,
        stop_at: int | None = None,
        pin: Pin | None = None,
        choices: Mapping[str, Any] | None = None,
    ) -> None:
        self.token = secrets.token_urlsafe(16)
        self._lock = threading.RLock()
        self.contact = Contact()
        self._brought_id = ""  # the run that the board brought last
        self.stop_rule = StopRule()
        self.can_undo = self.brought = False
        self.reshaped: Sequence[int] | None = None
        self.past = PastRuns()
        self.restart(spec, stop_at=stop_at, pin=pin, choices=choices)

    def restart(
        self,
        spec: Spec,
        *,
        stop_at: int | None = None,
        pin: Pin | None = None,
        choices: Mapping[str, Any] | None = None,
        changes: Sequence[tuple[float, str, Any]] = (),
        epoch: float = 0.0,
        seconds: float = math.inf,
    ) -> None:
        """Begin a new run, and tell the board, which drops whatever it holds of the old one.

        pin: the run that is to play beside it.
        choices: what the board is to choose for it; if nothing, it keeps what a person chose.
        changes, epoch: train it up to there at once, with these live changes on the way, as
            `Run.changes` has them.
        seconds: for which it may train; then it stands where it has come to.

        Raises:
            ValueError: one of the changes can't be made. The run then stands at epoch 0.
        """
        with self._lock:
            self._note_past()
            self.stop_at, self.pin, self.choices = stop_at, pin, choices
            deadline = time.perf_counter() + seconds
            try:
                for _ in self._make(spec, tuple(changes), epoch):
                    if time.perf_counter() > deadline:
                        self._stand_here()
                        break
            except ValueError:
                self._begin(spec, ())
                raise
            finally:
                self.contact.push(self._start)

    def follow(self, spec: Spec, *, live: Mapping[str, Any] = MappingProxyType({})) -> bool:
        """Begin a run of another Spec, unless it differs in live settings alone; whether it did.

        Live settings are the board's to change, and stay as they are, but for those in `live`.
        """
        with self._lock:
            kept = {setting: getattr(self.spec, setting) for setting in LIVE_SETTINGS}
            wanted = replace(spec, **(kept | dict(live)))
            if self.brought or wanted == self.spec:
                return False
            self.restart(wanted, stop_at=self.stop_at, pin=self.pin)
            return True

    def bring(self, value: RunValue) -> Iterator[float]:
        """Make a run again that the board has brought; yields how far it is, every now and then.

        In between the page may begin another run: then this one is given up.

        Raises:
            ValueError: one of its live changes can't be made. The run then stands at epoch 0.
        """
        with self._lock:
            self.pin = value.pin
            making = self._make(value.spec, value.changes, value.epoch)
            self.brought, self._brought_id = True, self.run_id
        while True:
            with self._lock:
                try:
                    reached = next(making, None)
                except ValueError:
                    self._begin(value.spec, ())
                    raise
            if reached is None:
                return
            yield reached

    def begin_anew(self) -> None:
        """The run that is being made again asks too much: it stands at epoch 0."""
        with self._lock:
            self._begin(self.run.spec, ())

    def answer(self, request: Request, is_hurried: Callable[[], bool] = lambda: False) -> bytes:
        """Advance the run as asked; what the board is to draw.

        is_hurried: asked on the way; once it says so, the frames that there are will do.

        Raises:
            ValueError: a change can't be made.
        """
        with self._lock:
            return self._answer(request, is_hurried)

    def start(self) -> bytes:
        """What a board needs first: charts, history, and the frame on screen."""
        with self._lock:
            self._go_to(self.shown)
            return self._start()

    def go_on(self, run: str) -> bytes:
        """What a board that was away needs: nothing new if it shows this run, else the start."""
        with self._lock:
            if run != self.run_id:
                return self.start()
            self._changes_told = None  # the message that had them may be lost
            return self._pack([], go_on=True)

    def record(
        self, changes: Sequence[tuple[float, str, Any]], stops: Sequence[float]
    ) -> Generator[float, None, bytes]:
        """Train the run that has just begun, and pack what a board needs to play it alone.

        Yields the position after each epoch, and returns the message.

        changes: live changes to make on the way, as `Run.changes` has them.
        stops: epochs whose frames are packed, from 0 on.
        """
        with self._lock:
            frames, start = [], None
            for stop in stops:
                yield from replay_by_epoch(self.run, tuple(changes), stop)
                frames.append(self._with_diagnosis(self._frame()))
                start = start or self._charts()
            return self._pack(frames, start=start)

    def look(self, run: str, epoch: float) -> None:
        """Take note which epoch of which run is on screen, if it is this one and has been there."""
        with self._lock:
            if run == self.run_id and 0 <= epoch <= self.run.position:
                self._looked_at = epoch
                self.shown = max(self.shown, epoch)

    def probe(self, asked: Probe) -> Mapping[str, Any] | None:
        """What the network on screen says where a person points; None if it is not known any more.

        Raises:
            ValueError: there is no such data point.
        """
        with self._lock:
            pinned = self._pinned if asked.pinned else None
            if asked.run != self.run_id or asked.epoch > self.run.position:
                return None
            if asked.pinned and pinned is None:
                return None
            run = self.run if pinned is None else pinned.run
            moment = (asked.run, self.take, len(self.run.changes), asked.epoch, asked.pinned)
            if moment != self._probed[0]:
                moments = self._moments if pinned is None else pinned
                network = run.network.in_precision(np.float64)
                network.parameters[:] = moments.parameters(asked.epoch)
                self._probed = moment, network
            return probe.answer(asked, run, self._probed[1])

    def describe(self, question: Question) -> Mapping[str, Any] | None:
        """The moment on screen in words; None if it is not known any more."""
        with self._lock:
            position, since = self.run.position, question.since
            if question.run != self.run_id or max(question.epoch, since or 0) > position:
                return None
            now, before = self._at(question.epoch), self._described
            if since is None or before is None or before.position != since:
                before = None if since is None else self._at(since)
            self._described = now
            pinned = None if self._pinned is None else self._pinned.look(question.epoch)
            half_width = self._half_width
        return description.answer(question, now, before, half_width=half_width, pinned=pinned)

    def _at(self, position: float) -> Run:
        """A copy of the run as it was at a position; a run that has diverged says so at its end."""
        run = self._moments.look(position)
        run.diverged = self.run.diverged and position == self.run.position
        return run

    def present(self) -> Run:
        """The run as it is on screen, as far as the board has told; a copy to look at."""
        with self._lock:
            return self._moments.look(self._looked_at)

    def _note_past(self) -> None:
        """Keep the run that is about to end, as far as the person has seen it."""
        if getattr(self, "shown", 0) > 0:
            self.past.add(self._moments.look(self.shown))

    def _make(
        self, spec: Spec, changes: tuple[tuple[float, str, Any], ...], epoch: float
    ) -> Iterator[float]:
        """Begin a run and train it up to an epoch; yields how far it is, a tenth of a second apart.

        Whoever takes the next one holds the lock. It is over early if another run has begun.
        """
        loaded = [change for change in changes if change[:2] == (0, PARAMETERS)]
        self._begin(spec, tuple(loaded[-1:]))
        return self._train_to(self.run_id, changes, epoch)

    def _train_to(
        self, run_id: str, changes: tuple[tuple[float, str, Any], ...], epoch: float
    ) -> Iterator[float]:
        gap = epoch / MOST_NOTES
        noted, deadline = 0.0, time.perf_counter() + SECONDS_PER_MESSAGE
        while self.run_id == run_id:
            run = self.run
            replay(run, changes, min(math.floor(run.position) + 1, epoch))
            if run.position >= noted + gap:
                self._moments.note()
                noted = run.position
            if run.position >= epoch or run.diverged:
                self._stand_here()
                return
            if time.perf_counter() > deadline:
                yield run.position
                deadline = time.perf_counter() + SECONDS_PER_MESSAGE

    def _stand_here(self) -> None:
        """Where the run has come to is what is on screen."""
        self._moments.note()
        self.shown = self._looked_at = self.run.position
        self._note_live()

    def _begin(self, spec: Spec, loaded: tuple[tuple[float, str, Any], ...]) -> None:
        """Have a new run at epoch 0. loaded: the change that brings its weights, if one does."""
        self.spec, self._loaded = spec, loaded
        self.run = Run(spec)
        for _, setting, value in loaded:
            self.run.change(setting, value)
        self.run_id = secrets.token_hex(6)
        self.take = 0
        self.shown = self._looked_at = 0
        self._changes_told = None
        self._half_width = inspection.half_width(self.run)
        self._moments = Moments(self.run)
        self._moments.note()
        self._probed = None, self.run.network
        self._described = None
        self._pinned: PinnedRun | None = None
        if self.pin is not None:
            self._pinned = PinnedRun(adapt(self.pin, spec))

    def _answer(self, request: Request, is_hurried: Callable[[], bool]) -> bytes:
        if request.reset:
            if request.pin is not None:
                self._pin(request.pin)
            self._note_past()
            self.choices = None
            self._begin(self.spec, self._loaded)
            return self._start(answers=request.id)
        if request.start or request.run != self.run_id:
            self._go_to(self.shown)
            return self._start(answers=request.id)
        retake = request.take != self.take
        if not self._go_to(request.epoch if retake else request.last):
            return self._start(answers=request.id)
        self.take = request.take
        self.shown = self._looked_at = request.epoch
        if request.pin is not None:
            self._pin(request.pin)
            self._pinned = None
            if self.pin is not None:
                so_far = self._moments.fork(math.floor(self.run.position))
                self._pinned = PinnedRun(self.pin, so_far)
            return self._start(answers=request.id)
        self._moments.release(before=request.epoch)
        if self._pinned is not None:
            self._pinned.release(before=request.epoch)
        if request.stop is not None:
            self.stop_rule = request.stop
        frames = []
        if retake:
            self._change(request.changes)
            if any(setting == PARAMETER for setting, _ in request.changes):
                frames = [self._with_diagnosis(self._frame())]
        after = self.run.position
        redrawn = bool(frames)
        made, stop = self._advance(request.frames, request.speed, is_hurried)
        return self._pack(
            frames + made, after=after, redrawn=redrawn, stop=stop, answers=request.id
        )

    def _pin(self, wanted: bool) -> None:
        """Let run A be what this run is by now, or let there be none."""
        self.pin = Pin(self.run.spec, self.run.changes) if wanted else None

    def _go_to(self, position: float) -> bool:
        """Take the run back to a moment of it; False if it has not been there."""
        if not self._moments.go_to(position):
            return False
        self._note_live()
        return True

    def _note_live(self) -> None:
        """Let the Spec say what live settings are in force."""
        live = {setting: getattr(self.run, setting) for setting in LIVE_SETTINGS}
        if any(getattr(self.spec, setting) != value for setting, value in live.items()):
            self.spec = replace(self.spec, **live)

    def _change(self, changes: Sequence[tuple[str, Any]]) -> None:
        for setting, value in changes:
            self.run.change(setting, value)
        self._note_live()
        self._moments.note()

    def _advance(
        self, frames: int, speed: int, is_hurried: Callable[[], bool]
    ) -> tuple[list[Frame], str]:
        """Up to so many frames, fewer when time is up; at least one if there is one.

        Also says why the board is to pause at the last of them, "" if it is not.
        """
        deadline = time.perf_counter() + SECONDS_PER_MESSAGE
        made: list[Frame] = []
        stop = ""
        while len(made) < frames and not stop:
            if made and (is_hurried() or time.perf_counter() > deadline):
                break
            before = self.run.position
            if speed == BATCH and self.run.epoch < MAX_EPOCHS:
                self.run.advance_batch()
            for _ in range(min(speed, MAX_EPOCHS - self.run.epoch)):
                self.run.advance()
                stop = "" if self.run.diverged else self._reason_to_stop()
                # a heavy network at high speed gets frames of fewer epochs, but it gets them
                if stop or is_hurried() or time.perf_counter() > deadline:
                    break
            if self.run.position == before:
                break
            made.append(self._frame())
            self._moments.note()
        if made:  # a few times a second is as often as words can be read
            made[-1] = self._with_diagnosis(made[-1])
        return made, stop

    def _reason_to_stop(self) -> str:
        """Why the board is to pause at this epoch, "" if it is not."""
        if self.run.epoch == self.stop_at:
            return f"The lesson stops here, at epoch {self.stop_at}."
        return self.stop_rule.reason(self.run)

    def _frame(self) -> Frame:
        pinned = None
        if self._pinned is not None:
            self._pinned.follow(self.run.position)
            pinned = self._pinned.run
        return make_frame(self.run, half_width=self._half_width, pinned=pinned)

    def _with_diagnosis(self, frame: Frame) -> Frame:
        with np.errstate(all="ignore"):
            return replace(frame, diagnosis=inspection.diagnose(self.run))

    def _pack(self, frames: list[Frame], **more: Any) -> bytes:
        header = {
            "run": self.run_id,
            "take": self.take,
            "answers": 0,
            "brought": self.run_id == self._brought_id,
            "resolution": RESOLUTION,
            "unit_resolution": UNIT_RESOLUTION,
            "layer_sizes": self.run.network.layer_sizes,
            "classified": self._classified(),
            "batches": self.run.batches,
            "changes": marks(self.run.changes),
            "stop": "",
            "diverged": self.run.diverged,
            "finished": self.run.epoch >= MAX_EPOCHS,
            "comparison": self._comparison(),
            "followed": self.contact.follows_play,
            "unsaved": self.spec.own is not None or len(self.past.runs) >= RUNS_TO_ASK_ABOUT,
        }
        if self._changes_told is not self.run.changes:
            header["made"] = self._changes_told = self.run.changes
        return pack(header | more, frames)

    def _classified(self) -> int:
        """How many points are in a class, training and test together; 0 for values."""
        run = self.run
        return 0 if self.spec.is_regression else len(run.train_labels) + len(run.test_labels)

    def _comparison(self) -> str:
        """How the pinned run differs, "" if there is none."""
        if self._pinned is None:
            return ""
        return in_words(self._pinned.run, self.run, self.spec)

    def _start(self, **more: Any) -> bytes:
        """The message that a board needs first: charts, history, and the frame of this moment."""
        frame = self._with_diagnosis(self._frame())  # before the charts: the pinned run follows
        self._changes_told = None
        return self._pack(
            [frame],
            start=self._charts(),
            value=about(self.run.spec, self.pin, self.stop_at),
            **more,
        )

    def _charts(self) -> Mapping[str, Any]:
        """What a board draws with, and the history up to now."""
        return make_start(
            self.run,
            spec=self.spec,
            half_width=self._half_width,
            can_undo=self.can_undo,
            reshaped=self.reshaped,
            pinned=None if self._pinned is None else self._pinned.run,
            choices=self.choices,
        )
