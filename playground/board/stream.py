"""The server's end of the live board: it answers the browser's requests for more frames.

The browser asks; the server never sends ahead of a request. The present is the frame on screen,
which is a little behind the run: the browser holds frames that it has not drawn yet. So every
request says which epoch is on screen, and snapshots of the frames in flight are kept: when a
person changes something, the run first goes back to what the person was looking at.
"""

import json
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine import Run, Snapshot, Spec, inspection
from engine.features import FEATURES
from engine.history import FLOWS
from engine.run import LIVE_SETTINGS, PARAMETER, PARAMETER_LIMITS
from playground import figures
from playground.board.frames import RESOLUTION, UNIT_RESOLUTION, Frame, make_frame, pack
from playground.limits import NEW_LAYER_UNITS, PAGE_LAYERS, PAGE_UNITS

SPEEDS = (1, 2, 5, 10, 50)  # epochs a frame
BATCH = 0  # in the place of a speed: a mini-batch a frame
MOST_MARKS = 40  # of live changes in the charts, the newest
LEARNING_RATES = (1e-5, 1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
MAX_EPOCHS = 1_000_000
MAX_FRAMES = 120  # of one message
MAX_CURVE_POINTS = 1_000  # of a curve when the charts are made anew
SECONDS_PER_MESSAGE = 0.1  # a change of a control waits no longer than this for its turn


@dataclass(frozen=True)
class Request:
    """What the board asks for.

    Attributes:
        id: number of the request; the answer bears it.
        run: the run that the board shows, "" if none yet.
        take: counts how often the board has dropped the frames that it had not drawn.
        epoch: of the frame on screen, its `Frame.epoch`.
        last: of the newest frame that the board holds.
        frames: how many more it would like.
        speed: epochs a frame, one of `SPEEDS`; or `BATCH`.
        start: whether it needs the charts and the history.
        reset: whether to begin again.
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
    changes: Sequence[tuple[str, Any]] = ()


class Stream:
    """One person's run, as the board sees it.

    Streamlit may start a script run while the one before still answers a request, in a thread of
    its own; so a lock lets them change the run only one after the other.

    Attributes:
        spec: describes the run; live changes included.
        run: the `Run` itself, ahead of the screen by the frames in flight.
        shown: epoch of the frame on screen, as far as the board has told.
        message: what the board is to be given now.
        stop_at: epoch at which the board is to pause by itself, None for none.
    """

    shown: float

    def __init__(self, spec: Spec, *, stop_at: int | None = None) -> None:
        self._lock = threading.RLock()
        self.restart(spec, stop_at=stop_at)

    def restart(self, spec: Spec, *, stop_at: int | None = None) -> None:
        """Begin a new run. The board drops whatever it holds of the old one."""
        with self._lock:
            self.stop_at = stop_at
            self._restart(spec)

    def answer(self, request: Request) -> None:
        """Advance the run as asked and put what the board is to draw into `message`."""
        with self._lock:
            self._answer(request)

    def look(self, epoch: float) -> None:
        """Take note that this is the epoch of the frame on screen, if it is one in flight."""
        with self._lock:
            if epoch in self._moments:
                self.shown = epoch

    def present(self) -> Run:
        """The run as it is on screen, as far as the board has told; a copy to look at."""
        with self._lock:
            return self.run.fork(self._moments[self.shown])

    def _restart(self, spec: Spec) -> None:
        self.spec = spec
        self.run = Run(spec)
        self.run_id = secrets.token_hex(6)
        self.take = 0
        self.shown = 0
        self._half_width = inspection.half_width(self.run)
        self._moments: dict[float, Snapshot] = {0: self.run.snapshot()}
        self.message = self._start()

    def _answer(self, request: Request) -> None:
        if request.reset:
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
        self.shown = request.epoch
        self._moments = {e: m for e, m in self._moments.items() if e >= request.epoch}
        frames = []
        if retake:  # and not if an answer got lost and the board asks once more
            self._change(request.changes)
            if any(setting == PARAMETER for setting, _ in request.changes):
                frames = [self._with_diagnosis(make_frame(self.run, half_width=self._half_width))]
        after = self.run.position
        redrawn = bool(frames)
        frames += self._advance(request.frames, request.speed)
        self.message = self._pack(frames, after=after, redrawn=redrawn, answers=request.id)

    def _go_to(self, epoch: float) -> bool:
        """Take the run back to a frame in flight; False if that frame is not known any more."""
        if epoch != self.run.position:
            if epoch not in self._moments:
                return False
            self.run.restore(self._moments[epoch])
            self._moments = {e: m for e, m in self._moments.items() if e <= epoch}
        return True

    def _change(self, changes: Sequence[tuple[str, Any]]) -> None:
        for setting, value in changes:
            self.run.change(setting, value)
            if setting in LIVE_SETTINGS:
                self.spec = replace(self.spec, **{setting: value})
        self._moments[self.run.position] = self.run.snapshot()

    def _advance(self, frames: int, speed: int) -> list[Frame]:
        """Up to so many frames, fewer when time is up; at least one if there is one."""
        speed = speed if speed in (*SPEEDS, BATCH) else 1
        deadline = time.perf_counter() + SECONDS_PER_MESSAGE
        made: list[Frame] = []
        while len(made) < min(frames, MAX_FRAMES):
            if made and time.perf_counter() > deadline:
                break
            before = self.run.position
            if speed == BATCH and self.run.epoch < MAX_EPOCHS:
                self.run.advance_batch()
            for _ in range(min(speed, self._epochs_to_a_stop())):
                self.run.advance()
                # a heavy network at high speed gets frames of fewer epochs, but it gets them
                if time.perf_counter() > deadline:
                    break
            if self.run.position == before:
                break
            made.append(make_frame(self.run, half_width=self._half_width))
            self._moments[self.run.position] = self.run.snapshot()
        if made:  # a few times a second is as often as words can be read
            made[-1] = self._with_diagnosis(made[-1])
        return made

    def _epochs_to_a_stop(self) -> int:
        """No frame jumps over an epoch at which the board is to stop."""
        epoch, ahead = self.run.epoch, [MAX_EPOCHS]
        if self.stop_at is not None and epoch < self.stop_at:
            ahead.append(self.stop_at)
        return min(ahead) - epoch

    def _with_diagnosis(self, frame: Frame) -> Frame:
        with np.errstate(all="ignore"):
            return replace(frame, diagnosis=inspection.diagnose(self.run))

    def _pack(self, frames: list[Frame], **more: Any) -> bytes:
        header = {
            "run": self.run_id,
            "take": self.take,
            "message": secrets.token_hex(4),
            "answers": 0,
            "resolution": RESOLUTION,
            "unit_resolution": UNIT_RESOLUTION,
            "layer_sizes": self.run.network.layer_sizes,
            "batches": self.run.batches,
            "changes": self._marks(),
            "stop_at": self.stop_at,
            "diverged": self.run.diverged,
            "finished": self.run.epoch >= MAX_EPOCHS,
        }
        return pack(header | more, frames)

    def _marks(self) -> list[tuple[float, str]]:
        """The newest live changes: since which epoch, and what they say in a chart."""
        symbols = {"learning_rate": "η"}
        return [
            (position, f"w = {value[1]:.3g}")
            if setting == PARAMETER
            else (position, f"{symbols[setting]} = {value:g}")
            for position, setting, value in self.run.changes[-MOST_MARKS:]
        ]

    def _title(self) -> str:
        if self.run.train_points.shape[1] == 1:
            return "Fitted curve"
        return "Predicted value" if self.spec.is_regression else "Decision regions"

    def _start(self, **more: Any) -> bytes:
        """The message that a board needs first: charts, history, and the frame of this moment."""
        history = self.run.history
        thinned = history[_thin(len(history))]
        made = {
            "region": figures.region_figure(self.run, half_width=self._half_width),
            "loss": figures.loss_figure(thinned, with_penalty=self.run.network.is_regularized),
            **{flow: figures.flow_figure(thinned, flow) for flow in FLOWS},
        }
        classes = 0 if self.spec.is_regression else self.spec.classes
        is_curve = self.run.train_points.shape[1] == 1
        value_scale = [*figures.VALUE_RANGE, *figures.VALUE_COLORS]
        start = {
            "figures": {name: json.loads(figure.to_json()) for name, figure in made.items()},
            "palette": figures.region_palette(classes),
            "unit_palette": figures.region_palette(0),
            "unit_names": unit_names(self.run),
            "parameter_limits": PARAMETER_LIMITS,
            "classes": [[f"class {k}", figures.CLASS_COLORS[k]] for k in range(classes)],
            "values": None if classes or is_curve else value_scale,
            "line": "what the network predicts" if is_curve else None,
            "accuracy": "accuracy" if classes else "R²",
            "title": self._title(),
            "flows": [
                [flow, figures.FLOW_LABELS[flow].label, figures.FLOW_LABELS[flow].help]
                for flow in FLOWS
            ],
            "half_width": self._half_width,
            "most_layers": PAGE_LAYERS[1],
            "most_units": PAGE_UNITS[1],
            "new_units": NEW_LAYER_UNITS,
            "speeds": SPEEDS,
            "learning_rates": sorted({*LEARNING_RATES, self.spec.learning_rate}),
        }
        frame = self._with_diagnosis(make_frame(self.run, half_width=self._half_width))
        return self._pack([frame], start=start, **more)


def unit_names(run: Run) -> list[list[str]]:
    """What the units of each layer are called, inputs and outputs included."""
    names = [[FEATURES[name].label for name in run.spec.inputs]]
    for layer, units in enumerate(run.spec.hidden):
        names.append([f"layer {layer + 1}, unit {unit + 1}" for unit in range(units)])
    outputs = run.network.layer_sizes[-1]
    if outputs > 1:
        names.append([f"output, class {label}" for label in range(outputs)])
    else:
        names.append(["output"])
    return names


def read_request(value: Mapping[str, Any]) -> Request:
    """A request as the browser sent it; what it doesn't say has its default."""
    known = {name: value[name] for name in Request.__dataclass_fields__ if name in value}
    return Request(**known)


def _thin(length: int) -> np.ndarray:
    """Indices of at most MAX_CURVE_POINTS of so many rows, evenly spread, both ends included."""
    return np.unique(np.linspace(0, length - 1, min(length, MAX_CURVE_POINTS)).astype(int))
