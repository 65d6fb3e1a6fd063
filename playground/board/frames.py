"""What the board needs to draw one moment of a run, and how it travels to the browser."""

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from typing import Any, cast

import numpy as np
from contourpy import FillType, LineType, SerialContourGenerator, ZInterp

from engine import Run, inspection
from engine.arrays import Floats
from engine.history import FLOWS
from playground.palette import region_bytes

RESOLUTION = 60
LEVEL = 3  # of zlib: 6 takes three times as long, for some six per cent fewer bytes
UNIT_RESOLUTION = 11  # of the small picture of what a unit responds to


@dataclass(frozen=True)
class Frame:
    """One moment of a run.

    Attributes:
        epoch: of the moment, `Run.position`: mid-epoch, with the fraction completed.
        learning_rate: in force when the epoch was trained.
        losses: training and test loss; training loss with the penalty, if there is one.
        accuracies: training and test accuracy, or R².
        flows: of each layer ‖dJ/dW‖, the error signal and the spread, as `FLOWS` names them.
        region: (RESOLUTION, RESOLUTION) uint8, a node a byte as `region_bytes` makes them, the
            first row being the lowest x2.
        borders: lines between the classes, or the fitted curve; (points, 2) each, from 0 to 1
            along each side of the square, starting at its lower left corner.
        units: (units, UNIT_RESOLUTION, UNIT_RESOLUTION) uint8, what each input and each hidden
            unit responds to, as `region_bytes` makes them of values.
        parameters: of the network, flat.
        misclassified: a bit a point, `np.packbits` of `inspection.misclassified`, uint8; empty for
            regression.
        diagnosis: of its layers; None if nobody looked.
        pinned: of a run beside it, None if there is none.
    """

    epoch: float
    learning_rate: float
    losses: tuple[float, ...]
    accuracies: tuple[float, float]
    flows: tuple[tuple[float, ...], ...]
    region: np.ndarray
    borders: tuple[Floats, ...]
    units: np.ndarray
    parameters: Floats
    misclassified: np.ndarray
    diagnosis: inspection.Diagnosis | None = None
    pinned: "PinnedFrame | None" = None


@dataclass(frozen=True)
class PinnedFrame:
    """What is shown of a run beside the one that is watched; attributes as those of `Frame`.

    Attributes:
        diverged: whether it got no further than `epoch`.
    """

    epoch: float
    losses: tuple[float, float]
    accuracies: tuple[float, float]
    region: np.ndarray
    borders: tuple[Floats, ...]
    misclassified: np.ndarray
    diverged: bool


def make_frame(run: Run, *, half_width: float, pinned: Run | None = None) -> Frame:
    """Look at a run as it is now, but leave the diagnosis to whoever needs it.

    pinned: a run beside it, on the same data.
    """
    with np.errstate(all="ignore"):  # finite on the data, a network may overflow in the corners
        region, borders = _picture(run, half_width)
        units = _unit_pictures(run, half_width)
        misclassified = np.packbits(inspection.misclassified(run))
    row = run.latest
    losses = [float(row.train_loss), float(row.test_loss)]
    if run.network.is_regularized:
        losses.append(float(row.train_loss + row.penalty))
    return Frame(
        epoch=run.position,
        learning_rate=run.learning_rate,
        losses=tuple(losses),
        accuracies=(float(row.train_accuracy), float(row.test_accuracy)),
        flows=tuple(tuple(row[flow].tolist()) for flow in FLOWS),
        region=region,
        borders=borders,
        units=units,
        parameters=run.network.parameters.copy(),
        misclassified=misclassified,
        pinned=None if pinned is None else _pinned_frame(pinned, half_width),
    )


def _pinned_frame(run: Run, half_width: float) -> PinnedFrame:
    with np.errstate(all="ignore"):
        region, borders = _picture(run, half_width)
        misclassified = np.packbits(inspection.misclassified(run))
    row = run.latest
    return PinnedFrame(
        epoch=run.position,
        losses=(float(row.train_loss), float(row.test_loss)),
        accuracies=(float(row.train_accuracy), float(row.test_accuracy)),
        region=region,
        borders=borders,
        misclassified=misclassified,
        diverged=run.diverged,
    )


def _unit_pictures(run: Run, half_width: float) -> np.ndarray:
    layers = inspection.units(run, half_width=half_width, resolution=UNIT_RESOLUTION, fast=True)
    return region_bytes(_finite(np.concatenate(layers))[..., np.newaxis])


def _finite(values: np.ndarray) -> np.ndarray:
    """The same, with 0 for what is no number: a sum is finite only if each of its terms is."""
    return values if np.isfinite(values.sum()) else np.nan_to_num(values)


def _picture(run: Run, half_width: float) -> tuple[np.ndarray, tuple[Floats, ...]]:
    """Region and borders; a network with one coordinate has a curve and no region."""
    if run.spec.coordinates == 1:
        curve = np.nan_to_num(inspection.curve(run, half_width=half_width, points=2 * RESOLUTION))
        nothing = np.full((RESOLUTION, RESOLUTION), 128, np.uint8)  # a value of 0 is transparent
        return nothing, _inside(curve / (2.0 * half_width) + 0.5)
    predicted = _finite(
        inspection.region(run, half_width=half_width, resolution=RESOLUTION, fast=True)
    )
    if run.spec.is_regression:
        return region_bytes(predicted), ()
    return region_bytes(predicted), class_borders(predicted)


def _inside(curve: Floats) -> tuple[Floats, ...]:
    """The pieces of a curve (points, 2) whose height is between 0 and 1, up to where it leaves."""
    pieces: list[list[Floats]] = [[]]
    for start, end in pairwise(curve):
        rise = end[1] - start[1]
        # the shares of the way from start to end at which the height is 0 and 1
        crossings = sorted([-start[1] / rise, (1.0 - start[1]) / rise]) if rise else [0.0, 1.0]
        enters, leaves = max(crossings[0], 0.0), min(crossings[1], 1.0)
        if enters >= leaves or (not rise and not 0.0 <= start[1] <= 1.0):
            pieces.append([])
            continue
        if not pieces[-1]:
            pieces[-1].append(start + enters * (end - start))
        pieces[-1].append(start + leaves * (end - start))
        if leaves < 1.0:
            pieces.append([])
    return tuple(np.clip(piece, 0.0, 1.0) for piece in pieces if piece)


def class_borders(probabilities: Floats) -> tuple[Floats, ...]:
    """Where two classes are equally probable: for two classes, the contour at 0.5.

    Returns lines (points, 2) from (0, 0), the lower left corner of the square, to (1, 1).
    """
    classes = probabilities.shape[-1]
    if classes == 2:  # the border of the one is the border of the other
        return _zero_lines(probabilities[..., 0] - probabilities[..., 1])
    lines: list[Floats] = []
    for label in range(classes):
        others = np.delete(probabilities, label, axis=-1).max(axis=-1)
        lines += _zero_lines(probabilities[..., label] - others)
    return tuple(lines)


def _zero_lines(heights: Floats) -> tuple[Floats, ...]:
    """Lines along which heights on a square grid are 0; none if they are all of one sign.

    `contourpy.contour_generator` would do the same in fifteen times the time, nearly all of which
    it spends on arguments that may have other forms.
    """
    if heights.min() > 0.0 or heights.max() < 0.0:
        return ()
    across, up = _unit_square(len(heights))
    generator = SerialContourGenerator(
        across,
        up,
        heights,
        None,  # type: ignore[arg-type]  # no mask; so `contour_generator` calls it too
        corner_mask=False,
        line_type=LineType.Separate,
        fill_type=FillType.OuterOffset,
        quad_as_tri=False,
        z_interp=ZInterp.Linear,
    )
    return tuple(cast(list[Floats], generator.lines(0.0)))


@cache
def _unit_square(nodes: int) -> tuple[Floats, Floats]:
    side = np.linspace(0.0, 1.0, nodes)
    across, up = np.meshgrid(side, side)
    return across, up


def pack(header: Mapping[str, Any], frames: Sequence[Frame]) -> bytes:
    """A message to the board: JSON for what is read, bytes for what is painted, compressed.

    Uncompressed it is: length of the JSON (uint32, little endian), the JSON (UTF-8; the header
    with a list `frames` added to it), then for each frame its region and its units as `_changes`
    since the frame before, its border points as uint16 pairs, where 65535 is the far side of the
    square, its parameters as float32: the lowest byte of each, then the next one of each, …, minus
    the same bytes of the frame before (mod 256), and its misclassified points: those bits that are
    others than in the frame before. After that, if there is a pinned run, its region, its border
    points and its misclassified points in the same way.
    """
    described, painted = [], []
    zero: np.ndarray = np.zeros((), np.uint8)  # what is there before the first frame
    before = units_before = parameters_before = pinned_before = zero
    wrong_before = pinned_wrong_before = zero
    for frame in frames:
        about: dict[str, Any] = {
            "epoch": frame.epoch,
            "learning_rate": frame.learning_rate,
            "losses": frame.losses,
            "accuracies": frame.accuracies,
            "flows": frame.flows,
            "borders": [len(line) for line in frame.borders],
            "diagnosis": frame.diagnosis and asdict(frame.diagnosis),
        }
        painted.append(_changes(frame.region, before))
        painted.append(_changes(frame.units, units_before))
        painted += _lines(frame.borders)
        with np.errstate(over="ignore"):  # what is past float32 is infinite to the eye
            parameters = frame.parameters.astype("<f4").view(np.uint8).reshape(-1, 4).T
        painted.append((parameters - parameters_before).tobytes())
        painted.append((frame.misclassified ^ wrong_before).tobytes())
        before, units_before, parameters_before = frame.region, frame.units, parameters
        wrong_before = frame.misclassified
        if frame.pinned is not None:
            pinned = frame.pinned
            about["pinned"] = {
                "epoch": pinned.epoch,
                "losses": pinned.losses,
                "accuracies": pinned.accuracies,
                "borders": [len(line) for line in pinned.borders],
                "diverged": pinned.diverged,
            }
            painted.append(_changes(pinned.region, pinned_before))
            painted += _lines(pinned.borders)
            painted.append((pinned.misclassified ^ pinned_wrong_before).tobytes())
            pinned_before, pinned_wrong_before = pinned.region, pinned.misclassified
        described.append(about)
    text = json.dumps({**header, "frames": described}, allow_nan=False).encode()
    return zlib.compress(b"".join([struct.pack("<I", len(text)), text, *painted]), level=LEVEL)


def _changes(now: np.ndarray, before: np.ndarray) -> bytes:
    """What pictures, (…, rows, columns) uint8, have changed, in few numbers other than 0 (mod 256).

    Neighbouring frames are nearly equal, and neighbouring nodes change in nearly the same way: so
    it is each node's change minus that of the node before, and that minus the row before.
    """
    changes: np.ndarray = (now - before).ravel()
    for lag in (1, now.shape[-1]):
        changes[lag:] -= changes[:-lag]
    return changes.tobytes()


def _lines(lines: Sequence[Floats]) -> list[bytes]:
    return [np.rint(65535 * line).astype("<u2").tobytes() for line in lines]
