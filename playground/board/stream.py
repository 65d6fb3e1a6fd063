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
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from engine import Run, Spec
from engine.moments import replay_by_epoch
from engine.run import LIVE_SETTINGS, PARAMETER, PARAMETERS
from engine.spec import shown
from playground.board.contact import Contact
from playground.board.description import Question
from playground.board.frames import RESOLUTION, UNIT_RESOLUTION, Frame, pack
from playground.board.goal import SECONDS_TO_MAKE, Goal
from playground.board.made import Changes, MadeRun
from playground.board.pinned import Pin, in_words
from playground.board.probe import Probe
from playground.board.request import BATCH, Request
from playground.board.sight import Sight
from playground.board.start import make_start, marks
from playground.board.stopping import MAX_EPOCHS, StopRule
from playground.board.value import RunValue, about, own_dict
from playground.board.watched import Moment, Watched
from playground.past.runs import PastRuns, look_back
from playground.restrictions import lock_of_change
from playground.server import metrics
from playground.server.config import config
from playground.server.log import Tally
from playground.server.turns import Account, turns

RUNS_TO_ASK_ABOUT = 3  # past ones that are in no file: before they are lost, the browser asks
SECONDS_A_STEP = 0.1  # of training, from one word about how far a run is to the next


class Stream:
    """One person's run, as the board sees it.

    The page and the line change it from threads of their own, one after the other: a lock sees to
    that. Whatever it has to compute takes its turn with that of other visitors.

    A run that is to stand at a later epoch is trained step by step, with `make`; and one that
    nobody has touched for long is put away, and made again.

    Attributes:
        token: by which the line finds it; nobody guesses it.
        contact: how page and board get word of each other.
        spec: describes the run; live changes included.
        run_id: names the run.
        shown: epoch up to which the board has drawn, as far as it has told.
        shortfall: why the run does not stand where it was to, "" if it does.
        stop_at: epoch at which a lesson ends, None for none: the board pauses there.
        stop_rule: when a person wants the board to pause.
        pin: the run that plays beside this one, None for none.
        choices: what the board is to choose as the run begins, see `make_start`.
        past: runs that are over.
        tally: what was done since the board was opened, for the log.
        can_undo: whether there is a point that was added and can be taken back.
        locked: what can't be changed, keys of `restrictions.LOCKABLE`.
        reshaped: hidden layers that the board asked for last, None for never.
        brought: whether the board has brought a run of settings that the page does not show yet.
    """

    spec: Spec
    run_id: str
    shown: float
    _changes_told: Sequence[Any] | None  # the live changes that the board knows
    _made: MadeRun | None = None

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
        self._account, self._glances = Account(), Account(math.inf)
        self._touched = time.monotonic()
        self._goal: Goal | None = None
        self.shortfall = ""
        self.contact = Contact()
        self._brought_id = ""  # the run that the board brought last
        self._watched: Watched | None = None  # since somebody looks on
        self.stop_rule = StopRule()
        self.can_undo = self.brought = False
        self.locked: frozenset[str] = frozenset()
        self.reshaped: Sequence[int] | None = None
        self.past = PastRuns()
        self.tally = Tally()
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
        changes, epoch: where it is to stand, with these live changes on the way, as `Run.changes`
            has them. `make` takes it there.
        seconds: of computing that this may take; then it stands where it has come to.

        Raises:
            ValueError: one of the changes can't be made. The run then stands at epoch 0.
        """
        with self._computing():
            self._note_past()
            self.stop_at, self.pin, self.choices = stop_at, pin, choices
            try:
                self._set_out(spec, Goal(epoch, tuple(changes), seconds))
            finally:
                self.contact.wake()

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

    def bring(self, value: RunValue) -> None:
        """Make a run again that the board has brought; `make` takes it to where it stood.

        Raises:
            ValueError: one of its live changes can't be made. The run then stands at epoch 0.
        """
        with self._computing():
            live = {setting: getattr(self.spec, setting) for setting in LIVE_SETTINGS}
            self.pin, self.brought = value.pin, replace(value.spec, **live) != self.spec
            goal = Goal(value.epoch, value.changes, SECONDS_TO_MAKE, or_nothing=True)
            self._set_out(value.spec, goal)
            self._brought_id = self.run_id

    def make(self) -> tuple[float, float] | None:
        """Train a run for a moment that has not come to where it is to stand.

        Returns the epoch that it has come to and the one that it is to stand at; None once it is
        there, or can't come there: `shortfall` then says why.
        """
        with self._computing():
            goal = self._goal
            if goal is None:
                return None
            if self._made is None:
                self._made = MadeRun(self._began, pin=self.pin)
            began = time.perf_counter()
            is_there = self._made.train_towards(goal.epoch, goal.changes, SECONDS_A_STEP)
            goal.spent += time.perf_counter() - began
            reached = self._made.run.position
            if is_there:
                self._arrive(self._made, goal)
                return None
            if goal.is_too_far(reached):
                if goal.or_nothing:
                    self._begin(self._began, ())
                else:
                    self.stay()
                self.shortfall = goal.why_not(reached)
                return None
            return reached, goal.epoch

    def stay(self) -> None:
        """Train no further towards where the run is to stand: it stands where it has come to."""
        with self._lock:
            if self._goal is not None and self._made is not None:
                self._made.note()
                self._arrive(self._made, self._goal)

    @property
    def is_made(self) -> bool:
        """Whether the run is in memory, and stands where it is to stand."""
        return self._goal is None

    @property
    def run(self) -> Run:
        """The `Run` itself, ahead of the screen by the frames in flight; made now if need be."""
        with self._computing():
            return self._ready().run

    @property
    def idle_for(self) -> float:
        """Seconds since somebody wanted something of the run."""
        return time.monotonic() - self._touched

    def put_away(self) -> bool:
        """Keep no more of the run than its value; whether there was more. `make` makes it again."""
        if not self._lock.acquire(blocking=False):
            return False  # somebody is at it
        try:
            made = self._made
            if made is None:
                return False
            if self._goal is None:
                run = made.run
                record = None if self.shown <= 0 else look_back(made.look(self.shown))
                self._goal = Goal(run.position, run.changes, diverged=run.diverged, record=record)
            self._made = None
            return True
        finally:
            self._lock.release()

    def answer(self, request: Request, is_hurried: Callable[[], bool] = lambda: False) -> bytes:
        """Advance the run as asked; what the board is to draw.

        is_hurried: asked on the way; once it says so, the frames that there are will do.

        Raises:
            ValueError: a change can't be made.
        """
        with self._computing():
            return self._answer(request, is_hurried)

    def start(self) -> bytes:
        """What a board needs first: charts, history, and the frame on screen."""
        with self._computing():
            self._go_to(self.shown)
            return self._start()

    def go_on(self, run: str) -> bytes:
        """What a board that was away needs: nothing new if it shows this run, else the start."""
        with self._computing():
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
        with self._computing():
            frames, start, made = [], None, self._ready()
            for stop in stops:
                yield from replay_by_epoch(made.run, tuple(changes), stop)
                frames.append(made.frame(diagnosed=True))
                start = start or self._charts()
            return self._pack(frames, start=start)

    def look(self, run: str, epoch: float) -> None:
        """Take note which epoch of which run is on screen, if it is this one and has been there."""
        with self._lock:
            if run == self.run_id and 0 <= epoch <= self._position:
                self._looked_at = epoch
                self.shown = max(self.shown, epoch)

    def probe(self, asked: Probe) -> Mapping[str, Any] | None:
        """What the network on screen says where a person points; None if it is not known any more.

        Raises:
            ValueError: there is no such data point.
        """
        with self._computing():
            return self._ready().probe(asked, self.take) if asked.run == self.run_id else None

    def describe(self, question: Question) -> Mapping[str, Any] | None:
        """The moment on screen in words; None if it is not known any more."""
        with self._computing():
            if question.run != self.run_id:
                return None
            put_into_words = self._ready().describe(question)
        with turns().turn(self._account):
            return None if put_into_words is None else put_into_words()

    def to_watch(self, run: str, epoch: float) -> Moment | None:
        """A moment of the run for others who look on; None if it is not known any more.

        The board is told nothing of it, and what it knows stays as it is.
        """
        if self._watched is None:
            self._watched = Watched()
        moment = self._watched.at(run, epoch)
        if moment is not None:
            return moment
        with self._computing():
            made = self._ready()
            if run != self.run_id or not 0 <= epoch <= made.run.position:
                return None
            ends = epoch == made.run.position
            header = self._header()
            header["diverged"] = header["diverged"] and ends
            header["finished"] = header["finished"] and ends
            moment = Moment(header, made.frame_at(epoch))
            self._watched.keep(moment)
            return moment

    def passed(self, run: str, after: float, before: float) -> Sequence[Frame]:
        """Frames between two epochs of a run that others look at, if they were made lately."""
        return [] if self._watched is None else self._watched.between(run, after, before)

    def start_to_watch(self, run: str, epoch: float) -> Mapping[str, Any] | None:
        """What others need before they see moments of the run, as parts of the header.

        The history goes up to an epoch. None if that is not known any more.
        """
        with self._computing():
            made = self._ready()
            if run != self.run_id or not 0 <= epoch <= made.run.position:
                return None
            own = self.spec.own
            return {
                "start": make_start(
                    made.look(epoch),
                    spec=self.spec,
                    half_width=made.half_width,
                    pinned=None if made.pinned is None else made.pinned.look(epoch),
                ),
                "value": about(made.run.spec, self.pin, self.stop_at),
                "data": {} if own is None else {own.digest: own_dict(own)},
            }

    def sight(self, run: str, epoch: float) -> Sight | None:
        """A glance at a moment of the run; None if it is not in memory, or not known any more."""
        if not self.is_made or self._made is None:
            return None
        with self._lock, turns().turn(self._glances):
            made = self._made
            if made is None or run != self.run_id or not 0 <= epoch <= made.run.position:
                return None
            return made.sight(epoch)

    def at(self, run: str, epoch: float) -> Run | None:
        """The run as it was at an epoch, a copy to look at; None if it is not known any more."""
        with self._computing():
            made = self._ready()
            is_known = run == self.run_id and 0 <= epoch <= made.run.position
            return made.look(epoch) if is_known else None

    def present(self) -> Run:
        """The run as it is on screen, as far as the board has told; a copy to look at."""
        with self._computing():
            return self._ready().look(self._looked_at)

    @property
    def _position(self) -> float:
        """Where the run stands, or is to stand."""
        if self._made is not None and self._goal is None:
            return self._made.run.position
        return self._goal.epoch if self._goal is not None else 0.0

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """Alone with the run, and when it is this visitor's turn to compute."""
        with self._lock, turns().turn(self._account):
            self._touched = time.monotonic()
            yield

    def _ready(self) -> MadeRun:
        """The run in memory, where it is to stand; it is taken there first if need be."""
        while self.make() is not None:
            pass
        if self._made is None:
            raise RuntimeError("a run that is put away has nowhere to stand")
        return self._made

    def _note_past(self) -> None:
        """Keep the run that is about to end, as far as the person has seen it."""
        if self._goal is not None:
            if self._goal.record is not None:
                self.past.add(self._goal.record)
        elif self._made is not None and self.shown > 0:
            self.past.add(look_back(self._made.look(self.shown)))

    def _set_out(self, spec: Spec, goal: Goal) -> None:
        """Begin a run that is to stand at a later epoch.

        Raises:
            ValueError: one of the changes on the way can't be made. It then stands at epoch 0.
        """
        loaded = [change for change in goal.changes if change[:2] == (0, PARAMETERS)]
        try:
            tried = Run(spec)
            for _, setting, value in goal.changes:
                tried.change(setting, value)
        except ValueError:
            self._begin(spec, ())
            raise
        self._begin(spec, tuple(loaded[-1:]))
        if goal.epoch or goal.changes:
            self._goal = goal
            self.shown = self._looked_at = goal.epoch

    def _arrive(self, made: MadeRun, goal: Goal) -> None:
        """The run stands where it is to stand, or no further."""
        run, self._goal = made.run, None
        self.shown = min(self.shown, run.position)
        self._looked_at = min(self._looked_at, run.position)
        run.diverged = run.diverged or (goal.diverged and run.position == goal.epoch)
        self._note_live()

    def _begin(self, spec: Spec, loaded: Changes) -> None:
        """Have a new run at epoch 0. loaded: the change that brings its weights, if one does."""
        self.spec = self._began = spec
        self._loaded = loaded
        self._made, self._goal, self.shortfall = MadeRun(spec, loaded, self.pin), None, ""
        self.run_id = secrets.token_hex(6)
        self.tally.runs += 1
        self.take = 0
        self.shown = self._looked_at = 0
        self._changes_told = None

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
        made, retake = self._ready(), request.take != self.take
        if not self._go_to(request.epoch if retake else request.last):
            return self._start(answers=request.id)
        self.take = request.take
        self.shown = self._looked_at = request.epoch
        if request.pin is not None:
            self._pin(request.pin)
            made.pin(self.pin)
            return self._start(answers=request.id)
        made.release(before=request.epoch)
        if request.stop is not None:
            self.stop_rule = request.stop
        frames = []
        if retake:
            self._change(request.changes)
            if any(setting == PARAMETER for setting, _ in request.changes):
                frames = [made.frame(diagnosed=True)]
        after = made.run.position
        redrawn = bool(frames)
        more, stop = self._advance(made, request.frames, request.speed, is_hurried)
        self.tally.frames += len(more)
        metrics.FRAMES.inc(len(more))
        return self._pack(
            frames + more, after=after, redrawn=redrawn, stop=stop, answers=request.id
        )

    def _pin(self, wanted: bool) -> None:
        """Let run A be what this run is by now, or let there be none."""
        run = self._ready().run
        self.pin = Pin(run.spec, run.changes) if wanted else None

    def _go_to(self, position: float) -> bool:
        """Take the run back to a moment of it; False if it has not been there."""
        if not self._ready().go_to(position):
            return False
        self._note_live()
        return True

    def _note_live(self) -> None:
        """Let the Spec say what live settings are in force."""
        run = self._ready().run
        live = {setting: getattr(run, setting) for setting in LIVE_SETTINGS}
        if any(getattr(self.spec, setting) != value for setting, value in live.items()):
            self.spec = replace(self.spec, **live)

    def _change(self, changes: Sequence[tuple[str, Any]]) -> None:
        made = self._ready()
        for setting, value in changes:
            if lock_of_change(setting) in self.locked:
                raise ValueError(f"{setting} is locked, so it can't be {shown(value)}")
            made.run.change(setting, value)
        self._note_live()
        made.note()

    def _advance(
        self, made: MadeRun, frames: int, speed: int, is_hurried: Callable[[], bool]
    ) -> tuple[list[Frame], str]:
        """Up to so many frames, fewer when time is up; at least one if there is one.

        Also says why the board is to pause at the last of them, "" if it is not.
        """
        run, deadline = made.run, time.perf_counter() + config().seconds_per_answer
        drawn: list[Frame] = []
        stop = ""
        while len(drawn) < frames and not stop:
            if drawn and (is_hurried() or time.perf_counter() > deadline):
                break
            before = run.position
            if speed == BATCH and run.epoch < MAX_EPOCHS:
                run.advance_batch()
            for _ in range(min(speed, MAX_EPOCHS - run.epoch)):
                run.advance()
                stop = "" if run.diverged else self._reason_to_stop(run)
                # a heavy network at high speed gets frames of fewer epochs, but it gets them
                if stop or is_hurried() or time.perf_counter() > deadline:
                    break
            if run.position == before:
                break
            drawn.append(made.frame())
            made.note()
            turns().give_way()
        if drawn:  # a few times a second is as often as words can be read
            drawn[-1] = made.with_diagnosis(drawn[-1])
        return drawn, stop

    def _reason_to_stop(self, run: Run) -> str:
        """Why the board is to pause at this epoch, "" if it is not."""
        if run.epoch == self.stop_at:
            return f"The lesson stops here, at epoch {self.stop_at}."
        return self.stop_rule.reason(run)

    def _pack(self, frames: list[Frame], **more: Any) -> bytes:
        run, header = self._ready().run, self._header()
        if self._watched is not None:
            self._watched.note(header, frames, run.position)
        told = {name: header[name] for name in header if name not in ("made", "pinned")}
        if self._changes_told is not run.changes:
            told["made"] = self._changes_told = run.changes
        return pack(told | more, frames)

    def _header(self) -> dict[str, Any]:
        """What is said of the run with each message, and who it is for others."""
        run = self._ready().run
        return {
            "run": self.run_id,
            "take": self.take,
            "answers": 0,
            "brought": self.run_id == self._brought_id,
            "resolution": RESOLUTION,
            "unit_resolution": UNIT_RESOLUTION,
            "layer_sizes": run.network.layer_sizes,
            "classified": _classified(run),
            "batches": run.batches,
            "changes": marks(run.changes),
            "stop": "",
            "diverged": run.diverged,
            "finished": run.epoch >= MAX_EPOCHS,
            "comparison": self._comparison(),
            "followed": self.contact.follows_play,
            "unsaved": self.spec.own is not None or len(self.past.runs) >= RUNS_TO_ASK_ABOUT,
            "made": run.changes,
            "pinned": self.pin,
        }

    def _comparison(self) -> str:
        """How the pinned run differs, "" if there is none."""
        made = self._ready()
        return "" if made.pinned is None else in_words(made.pinned.run, made.run, self.spec)

    def _start(self, **more: Any) -> bytes:
        """The message that a board needs first: charts, history, and the frame of this moment."""
        made = self._ready()
        frame = made.frame(diagnosed=True)  # before the charts: the pinned run follows
        self._changes_told = None
        return self._pack(
            [frame],
            start=self._charts(),
            value=about(made.run.spec, self.pin, self.stop_at),
            **more,
        )

    def _charts(self) -> Mapping[str, Any]:
        """What a board draws with, and the history up to now."""
        made = self._ready()
        return make_start(
            made.run,
            spec=self.spec,
            half_width=made.half_width,
            can_undo=self.can_undo,
            locked=self.locked,
            reshaped=self.reshaped,
            pinned=None if made.pinned is None else made.pinned.run,
            choices=self.choices,
        )


def _classified(run: Run) -> int:
    """How many points are in a class, training and test together; 0 for values."""
    return 0 if run.spec.is_regression else len(run.train_labels) + len(run.test_labels)
