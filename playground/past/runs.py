"""The past runs of a visit: enough of each to compare it, and to train it again."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from PIL import Image

from engine import Run, Spec, inspection
from engine.spec import recommended
from playground import palette
from playground.board.pinned import differences
from playground.naming import data_label, setting_name, setting_value
from playground.thinning import evenly

MOST_RUNS = 20
CURVE_POINTS = 200  # of a run's losses, evenly spread, at most
PIXELS = 44  # along each side of its small picture


@dataclass(frozen=True)
class PastRun:
    """A run as it was when the next one began. Losses are without the penalty.

    Attributes:
        number: of the run in the visit, from 1.
        spec: what determined it.
        changes: live changes, as `Run.changes` has them: with `spec` they make it again.
        epoch: the last one on screen.
        train_loss, test_loss, train_accuracy, test_accuracy: at that epoch; R² for regression.
        epochs, train_losses, test_losses: its curves, lists of equal length.
        picture: its predictions on the plane, PNG.
    """

    number: int
    spec: Spec
    changes: tuple[tuple[float, str, Any], ...]
    epoch: float
    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    epochs: list[int] = field(repr=False)
    train_losses: list[float] = field(repr=False)
    test_losses: list[float] = field(repr=False)
    picture: bytes = field(repr=False)


def look_back(run: Run, number: int = 0) -> PastRun:
    """The record that is kept of a run."""
    history = run.history
    kept = evenly(len(history) - 1, CURVE_POINTS)
    row = run.latest
    return PastRun(
        number=number,
        spec=run.spec,
        changes=run.changes,
        epoch=run.position,
        train_loss=float(row.train_loss),
        test_loss=float(row.test_loss),
        train_accuracy=float(row.train_accuracy),
        test_accuracy=float(row.test_accuracy),
        epochs=history.epoch[kept].tolist(),
        train_losses=history.train_loss[kept].tolist(),
        test_losses=history.test_loss[kept].tolist(),
        picture=_picture(run),
    )


def describe(spec: Spec, changes: Sequence[object]) -> str:
    """What is special about a run: its data, and the settings that differ from the recommended."""
    said = [data_label(spec)]
    said += [
        f"{setting_name(name)} {setting_value(name, value)}"
        for name, value, _ in differences(spec, recommended(spec.dataset))
        if name not in ("dataset", "classes")
    ]
    if changes:
        said.append(f"{len(changes)} live change{'s' if len(changes) > 1 else ''}")
    return ", ".join(said)


def _picture(run: Run) -> bytes:
    """The decision regions in the colours of the board, or the curve as a line."""
    half_width = inspection.half_width(run)
    with np.errstate(all="ignore"):
        if run.spec.coordinates == 1:
            pixels = _curve(run, half_width)
        else:
            predicted = inspection.region(run, half_width=half_width, resolution=PIXELS)
            classes = 0 if run.spec.is_regression else run.spec.classes
            pixels = palette.on_white(palette.region_bytes(np.nan_to_num(predicted)), classes)
    file = io.BytesIO()
    Image.fromarray(pixels[::-1].copy()).save(file, "PNG")
    return file.getvalue()


def _curve(run: Run, half_width: float) -> np.ndarray:
    drawn = np.nan_to_num(inspection.curve(run, half_width=half_width, points=PIXELS))[:, 1]
    rows = np.clip((drawn / half_width + 1.0) / 2.0 * (PIXELS - 1), 0, PIXELS - 1).astype(int)
    pixels = np.full((PIXELS, PIXELS, 3), 255, np.uint8)
    pixels[rows, np.arange(PIXELS)] = 0
    return pixels


class PastRuns:
    """The newest runs of a visit, newest first.

    Attributes:
        runs: no more than `MOST_RUNS` of them.
    """

    def __init__(self, runs: Iterable[PastRun] = ()) -> None:
        self.runs = list(runs)[:MOST_RUNS]
        self._count = max((run.number for run in self.runs), default=0)

    def add(self, run: PastRun) -> None:
        """Keep a past run, and number it; the oldest gives way."""
        self._count += 1
        self.runs = [replace(run, number=self._count), *self.runs][:MOST_RUNS]

    def join(self, older: Iterable[PastRun]) -> None:
        """Take in runs that are older than all of these, and number all of them anew."""
        runs = [*self.runs, *older][:MOST_RUNS]
        self.runs = [replace(run, number=len(runs) - i) for i, run in enumerate(runs)]
        self._count = len(runs)

    def delete(self, number: int) -> None:
        """Forget a run."""
        self.runs = [run for run in self.runs if run.number != number]
