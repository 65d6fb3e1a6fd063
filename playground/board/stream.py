"""The server's end of the live board: it answers the browser's requests for more frames.

The browser asks; the server never sends ahead of a request. The present is the frame on screen,
which is a little behind the run: the browser holds frames that it has not drawn yet. So every
request says which epoch is on screen: when a person changes something, the run first goes back to
what the person was looking at. That may also be an epoch long past.
"""

import math
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine import Run, Spec, inspection
from engine.moments import Moments, replay
from engine.run import LIVE_SETTINGS, PARAMETER, PARAMETERS
from playground.board.frames import RESOLUTION, UNIT_RESOLUTION, Frame, make_frame, pack
from playground.board.pinned import Pin, PinnedRun, adapt, in_words
from playground.board.start import SPEEDS, make_start
from playground.board.stopping import MAX_EPOCHS, StopRule, read_rule
from playground.past.runs import PastRuns
from playground.thinning import evenly

BATCH = 0  # in the place of a speed: a mini-batch a frame
RUNS_TO_ASK_ABOUT = 3  # past ones that are in no file: before they are lost, the browser asks
MOST_NOTES = 64  # of moments while a run is made again
MOST_MARKS = 40  # of live changes in the charts, the newest
MAX_FRAMES = 120  # of one message
SECONDS_PER_MESSAGE = 0.1  # a change of a control waits no longer than this for its turn


@dataclass(frozen=True)
class Request:
    """What the board asks for.

    Attributes:
        id: number of the request; the answer bears it.
        run: the run that the board shows, "" if none yet.
        take: counts how often the board has dropped the frames that it had not drawn.
        epoch: of the frame on screen, its `Frame.epoch`; with a new take it may be a past one.
        last: of the newest frame that the board holds.
        frames: how many more it would like.
        speed: epochs a frame, one of `SPEEDS`; or `BATCH`.
        start: whether it needs the charts and the history.
        reset: whether to begin again.
        pin: True to begin again with the present run beside the new one, False to do so alone.
        stop: when to pause by itself from now on, as `read_rule` takes it. Such a request begins a
            new take.
        changes: what to change from the frame on screen on: pairs of setting and value as
            `Run.change` takes them. A request with changes begins a new take.
    """

    id: int = 0
    run: str = ""
    take: int = 0
    epoch: float = 0
    last: float = 0
    frames: int = 0
    speed: int = 1
    start: bool = False
    reset: bool = False
    pin: bool | None = None
    stop: Mapping[str, Any] | None = None
    changes: Sequence[tuple[str, Any]] = ()


class Stream:
    """One person's run, as the board sees it.

    Streamlit may start a script run while the one before still answers a request, in a thread of
    its own; so a lock lets them change the run only one after the other.

    Attributes:
        spec: describes the run; live changes included.
        run: the `Run` itself, ahead of the screen by the frames in flight.
        shown: epoch up to which the board has drawn, as far as it has told.
        message: what the board is to be given now.
        stop_at: epoch at which a lesson ends, None for none: the board pauses there.
        stop_rule: when a person wants the board to pause.
        pin: the run that plays beside this one, None for none.
        past: runs that are over.
        can_undo: whether there is a point that was added and can be taken back.
        reshaped: hidden layers that the board asked for last, None for never.
        heard: number of the newest event of the board that was taken.
    """

    spec: Spec
    run: Run
    shown: float
    _moments: Moments

    def __init__(self, spec: Spec, *, stop_at: int | None = None, pin: Pin | None = None) -> None:
        self._lock = threading.RLock()
        self.stop_rule = StopRule()
        self.can_undo = False
        self.reshaped: Sequence[int] | None = None
        self.heard = 0
        self.past = PastRuns()
        self.restart(spec, stop_at=stop_at, pin=pin)

    def restart(
        self,
        spec: Spec,
        *,
        stop_at: int | None = None,
        parameters: Sequence[float] | None = None,
        pin: Pin | None = None,
    ) -> None:
        """Begin a new run. The board drops whatever it holds of the old one.

        pin: the run that is to play beside it.
        parameters: weights and biases to begin with in the place of the initializer's, flat.
        """
        with self._lock:
            self._note_past()
            self.stop_at, self.pin = stop_at, pin
            self._first_parameters = parameters
            self._restart(spec)

    def hear(self, number: int) -> bool:
        """Whether an event of the board is a new one; from now on it is not."""
        with self._lock:
            is_new = number > self.heard
            self.heard = max(number, self.heard)
            return is_new

    def answer(self, request: Request) -> None:
        """Advance the run as asked and put what the board is to draw into `message`."""
        with self._lock:
            self._answer(request)

    def replay(self, changes: Sequence[tuple[float, str, Any]], epoch: float) -> None:
        """Train the run that has just begun up to an epoch, and show it there.

        changes: live changes to make on the way, as `Run.changes` has them.

        Raises:
            ValueError: one of the changes can't be made.
        """
        with self._lock:
            for stop in [*evenly(math.floor(epoch), MOST_NOTES).tolist(), epoch]:
                replay(self.run, tuple(changes), stop)
                self._moments.note()
            loaded = [value for at, setting, value in changes if (at, setting) == (0, PARAMETERS)]
            self._first_parameters = loaded[-1] if loaded else None
            self.shown = self._looked_at = self.run.position
            live = {setting: getattr(self.run, setting) for setting in LIVE_SETTINGS}
            self.spec = replace(self.spec, **live)
            self.message = self._start()

    def record(self, changes: Sequence[tuple[float, str, Any]], stops: Sequence[float]) -> bytes:
        """Train the run that has just begun, and pack what a board needs to play it alone.

        changes: live changes to make on the way, as `Run.changes` has them.
        stops: epochs whose frames are packed, from 0 on.
        """
        with self._lock:
            frames, start = [], None
            for stop in stops:
                replay(self.run, tuple(changes), stop)
                frames.append(self._with_diagnosis(self._frame()))
                start = start or self._charts()
            return self._pack(frames, start=start)

    def look(self, epoch: float) -> None:
        """Take note that this is the epoch of the picture on screen, if the run has been there."""
        with self._lock:
            if 0 <= epoch <= self.run.position:
                self._looked_at = epoch
                self.shown = max(self.shown, epoch)

    def present(self) -> Run:
        """The run as it is on screen, as far as the board has told; a copy to look at."""
        with self._lock:
            return self._moments.look(self._looked_at)

    def _note_past(self) -> None:
        """Keep the run that is about to end, as far as the person has seen it."""
        if getattr(self, "shown", 0) > 0:
            self.past.add(self._moments.look(self.shown))

    def _restart(self, spec: Spec) -> None:
        self.spec = spec
        self.run = Run(spec)
        if self._first_parameters is not None:
            self.run.change(PARAMETERS, self._first_parameters)
        self.run_id = secrets.token_hex(6)
        self.take = 0
        self.shown = self._looked_at = 0
        self._half_width = inspection.half_width(self.run)
        self._moments = Moments(self.run)
        self._moments.note()
        self._pinned: PinnedRun | None = None
        if self.pin is not None:
            self._pinned = PinnedRun(adapt(self.pin, spec))
        self.message = self._start()

    def _answer(self, request: Request) -> None:
        if request.pin is not None:
            self.pin = Pin(self.run.spec, self.run.changes) if request.pin else None
        if request.reset or request.pin is not None:
            self._note_past()
            self._restart(self.spec)
            return
        if request.start or request.run != self.run_id:
            self._go_to(self.shown)
            self.message = self._start(answers=request.id)
            return
        retake = request.take != self.take
        if not self._go_to(request.epoch if retake else request.last):
            self.message = self._start(answers=request.id)
            return
        self.take = request.take
        self.shown = self._looked_at = request.epoch
        self._moments.release(before=request.epoch)
        if self._pinned is not None:
            self._pinned.release(before=request.epoch)
        if request.stop is not None:
            self.stop_rule = read_rule(request.stop)
        frames = []
        if retake:  # and not if an answer got lost and the board asks once more
            self._change(request.changes)
            if any(setting == PARAMETER for setting, _ in request.changes):
                frames = [self._with_diagnosis(self._frame())]
        after = self.run.position
        redrawn = bool(frames)
        made, stop = self._advance(request.frames, request.speed)
        self.message = self._pack(
            frames + made, after=after, redrawn=redrawn, stop=stop, answers=request.id
        )

    def _go_to(self, position: float) -> bool:
        """Take the run back to a moment of it; False if it has not been there."""
        if not self._moments.go_to(position):
            return False
        live = {setting: getattr(self.run, setting) for setting in LIVE_SETTINGS}
        self.spec = replace(self.spec, **live)
        return True

    def _change(self, changes: Sequence[tuple[str, Any]]) -> None:
        for setting, value in changes:
            self.run.change(setting, value)
            if setting in LIVE_SETTINGS:
                self.spec = replace(self.spec, **{setting: value})
        self._moments.note()

    def _advance(self, frames: int, speed: int) -> tuple[list[Frame], str]:
        """Up to so many frames, fewer when time is up; at least one if there is one.

        Also says why the board is to pause at the last of them, "" if it is not.
        """
        speed = speed if speed in (*SPEEDS, BATCH) else 1
        deadline = time.perf_counter() + SECONDS_PER_MESSAGE
        made: list[Frame] = []
        stop = ""
        while len(made) < min(frames, MAX_FRAMES) and not stop:
            if made and time.perf_counter() > deadline:
                break
            before = self.run.position
            if speed == BATCH and self.run.epoch < MAX_EPOCHS:
                self.run.advance_batch()
            for _ in range(min(speed, MAX_EPOCHS - self.run.epoch)):
                self.run.advance()
                stop = "" if self.run.diverged else self._reason_to_stop()
                # a heavy network at high speed gets frames of fewer epochs, but it gets them
                if stop or time.perf_counter() > deadline:
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
            "message": secrets.token_hex(4),
            "answers": 0,
            "heard": self.heard,
            "resolution": RESOLUTION,
            "unit_resolution": UNIT_RESOLUTION,
            "layer_sizes": self.run.network.layer_sizes,
            "batches": self.run.batches,
            "changes": self._marks(),
            "stop": "",
            "diverged": self.run.diverged,
            "finished": self.run.epoch >= MAX_EPOCHS,
            "comparison": self._comparison(),
            "unsaved": self.spec.own is not None or len(self.past.runs) >= RUNS_TO_ASK_ABOUT,
        }
        return pack(header | more, frames)

    def _marks(self) -> list[tuple[float, str]]:
        """The newest live changes: since which epoch, and what they say in a chart."""
        say: dict[str, Callable[[Any], str]] = {
            "learning_rate": lambda value: f"η = {value:g}",
            PARAMETER: lambda value: f"w = {value[1]:.3g}",
            PARAMETERS: lambda value: "weights loaded",
        }
        newest = self.run.changes[-MOST_MARKS:]
        return [(position, say[setting](value)) for position, setting, value in newest]

    def _comparison(self) -> str:
        """How the pinned run differs, "" if there is none."""
        if self._pinned is None:
            return ""
        return in_words(self._pinned.run, self.run, self.spec)

    def _start(self, **more: Any) -> bytes:
        """The message that a board needs first: charts, history, and the frame of this moment."""
        frame = self._with_diagnosis(self._frame())  # before the charts: the pinned run follows
        return self._pack([frame], start=self._charts(), **more)

    def _charts(self) -> Mapping[str, Any]:
        """What a board draws with, and the history up to now."""
        return make_start(
            self.run,
            spec=self.spec,
            half_width=self._half_width,
            can_undo=self.can_undo,
            reshaped=self.reshaped,
            pinned=None if self._pinned is None else self._pinned.run,
        )


def read_request(value: Mapping[str, Any]) -> Request:
    """A request as the browser sent it; what it doesn't say has its default."""
    known = {name: value[name] for name in Request.__dataclass_fields__ if name in value}
    return Request(**known)
