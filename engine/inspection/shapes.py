"""What the picture of a run shows, measured: where each class is, how a curve or a surface runs.

These are the facts that a person sees at a glance. `scene_words.py` puts them into sentences.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from contourpy import contour_generator
from scipy import ndimage, signal

from engine.arrays import Floats
from engine.inspection.pictures import region
from engine.inspection.points import misclassified
from engine.run import Run

NODES = 101  # along a side of the square, and along a curve
SPECK = 0.002  # share of the square; smaller regions are not seen
ASIDE = 0.2  # of half the side: what is farther from the middle lies to a side
BEND = 35.0  # degrees: a border that turns less one way is straight to the eye
PIECES = 24  # of a border whose turns are measured: corners of the grid are smoothed away
PROMINENT = 0.1  # of the range of the values: the least height of a peak that counts as one
FLAT = 0.1  # of the range of the values: what rises and falls less is flat
HIGH = 0.25  # of the range of a picture: what is that near to its highest value is high
EVEN = 0.98  # R² of the plane through a picture, from which on the picture is an even slope

Place = tuple[int, int]  # −1, 0 or 1: left, middle, right; and below, middle, above


@dataclass(frozen=True)
class Patch:
    """A connected part of the square in which the network says one class.

    Attributes:
        label: the class.
        share: of the square.
        is_closed: whether it does not reach the edge of the square: the border closes around it.
        place: where its middle is.
        points: how many data points of its class are in it.
    """

    label: int
    share: float
    is_closed: bool
    place: Place
    points: int


@dataclass(frozen=True)
class Regions:
    """What a picture of classes shows.

    Attributes:
        patches: the largest first, without specks.
        points: how many data points each class has.
        bends: how often the border bends, if it is a single line from edge to edge; else None.
        labels: the class at each node, (NODES, NODES) uint8, the first row being the lowest.
        wrong, tested: how many test points are misclassified, and how many there are.
    """

    patches: tuple[Patch, ...]
    points: tuple[int, ...]
    bends: int | None
    labels: np.ndarray
    wrong: int
    tested: int


@dataclass(frozen=True)
class Fit:
    """What a fitted curve looks like between the first and the last data point.

    Attributes:
        left, right: its value at either end, in the units of the data.
        peaks, dips: how many there are on the way.
        is_flat: whether it hardly rises or falls.
        error: how far the values of the test points are from it, on average.
    """

    left: float
    right: float
    peaks: int
    dips: int
    is_flat: bool
    error: float


@dataclass(frozen=True)
class Surface:
    """What a picture of values looks like where the data are.

    Attributes:
        low, high: smallest and largest predicted value, in the units of the data.
        slope: where an even slope rises to; None if it is none.
        is_flat: whether the values are nearly the same everywhere.
        hills, hollows: where the connected parts with high and with low values are.
        error: how far the values of the test points are from it, on average.
    """

    low: float
    high: float
    slope: Place | None
    is_flat: bool
    hills: tuple[Place, ...]
    hollows: tuple[Place, ...]
    error: float


Scene = Regions | Fit | Surface


def look_at(run: Run, *, half_width: float) -> Scene:
    """Measure the picture of a run on the square [−half_width, half_width]²."""
    with np.errstate(all="ignore"):  # finite on the data, a network may overflow elsewhere
        if not run.spec.is_regression:
            return _regions(run, half_width)
        return _fit(run) if run.spec.coordinates == 1 else _surface(run)


def _regions(run: Run, half_width: float) -> Regions:
    predicted = np.nan_to_num(region(run, half_width=half_width, resolution=NODES))
    tests = misclassified(run)[len(run.train_labels) :]
    points = np.concatenate([run.train_points[:, :2], run.test_points[:, :2]])
    classes = np.concatenate([run.train_labels, run.test_labels])
    labels = predicted.argmax(axis=-1).astype(np.uint8)
    patches = find_patches(labels, points / half_width, classes)
    return Regions(
        patches=patches,
        points=tuple(np.bincount(classes, minlength=run.spec.classes).tolist()),
        bends=_bends_of(predicted) if _is_cut_in_two(patches) else None,
        labels=labels,
        wrong=int(tests.sum()),
        tested=len(tests),
    )


def find_patches(labels: np.ndarray, points: Floats, classes: np.ndarray) -> tuple[Patch, ...]:
    """The connected parts of a picture of classes, the largest first, without specks.

    labels: the class at each node, (rows, columns), the first row being the lowest.
    points: data points, (points, 2), in the square [−1, 1]²; classes: of each.
    """
    rows, columns = labels.shape
    # the node next to each point
    column, row = np.rint((points.clip(-1, 1) + 1) / 2 * [columns - 1, rows - 1]).astype(int).T
    found = []
    for label in np.unique(labels).tolist():
        parts, count = ndimage.label(labels == label)
        edge = {*parts[0], *parts[-1], *parts[:, 0], *parts[:, -1]}
        inside = np.bincount(parts[row, column][classes == label], minlength=count + 1)
        sizes = np.bincount(parts.ravel(), minlength=count + 1)
        for part in range(1, count + 1):
            share = float(sizes[part] / labels.size)
            if share >= SPECK:
                place = _middle_of(parts == part)
                found.append(Patch(label, share, part not in edge, place, int(inside[part])))
    return tuple(sorted(found, key=lambda patch: -patch.share))


def _is_cut_in_two(patches: tuple[Patch, ...]) -> bool:
    return len(patches) == 2 and not any(patch.is_closed for patch in patches)


def _bends_of(predicted: Floats) -> int:
    """How often the longest line between the two most probable classes bends."""
    first, second = np.argsort(predicted.mean(axis=(0, 1)))[-2:]
    lines = contour_generator(z=predicted[..., first] - predicted[..., second]).lines(0.0)
    return bends(max(cast(list[Floats], lines), key=_length)) if lines else 0


def bends(line: Floats) -> int:
    """How often a line bends: each bend turns one way, by `BEND` degrees or more. line: (n, 2)."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    stops = np.linspace(0.0, along[-1], PIECES + 1)
    smooth = np.column_stack([np.interp(stops, along, line[:, axis]) for axis in (0, 1)])
    steps = np.diff(smooth, axis=0)
    headings = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    return _swings(np.degrees(headings))


def _swings(headings: Floats) -> int:
    """How often a sequence rises or falls by `BEND` or more before it turns back as much."""
    count, way, farthest = 0, 0, -np.inf  # way: 1 while it rises, −1 while it falls
    low = high = headings[0]
    for heading in headings:
        low, high, farthest = min(low, heading), max(high, heading), max(farthest, way * heading)
        turns = 0
        if way == 0 and high - low >= BEND:
            turns = 1 if heading == high else -1
        elif way != 0 and farthest - way * heading >= BEND:
            turns = -way
        if turns:
            count, way, farthest = count + 1, turns, turns * heading
    return count


def _length(line: Floats) -> float:
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())


def _fit(run: Run) -> Fit:
    points = np.concatenate([run.train_points, run.test_points])[:, 0]
    left, right = float(points.min()), float(points.max())
    x = np.linspace(left, right, NODES)
    values = np.nan_to_num(run.predict(x[:, np.newaxis])[:, 0])
    span = _span(run)
    prominence = max(PROMINENT * span, 1e-12)
    peaks, _ = signal.find_peaks(values, prominence=prominence)
    dips, _ = signal.find_peaks(-values, prominence=prominence)
    return Fit(
        left=_in_units(run, values[0]),
        right=_in_units(run, values[-1]),
        peaks=len(peaks),
        dips=len(dips),
        is_flat=float(np.ptp(values)) < FLAT * span,
        error=_error(run),
    )


def _surface(run: Run) -> Surface:
    points = np.concatenate([run.train_points[:, :2], run.test_points[:, :2]])
    half_width = float(np.abs(points).max())
    values = np.nan_to_num(region(run, half_width=half_width, resolution=NODES)[..., 0])
    low, high = float(values.min()), float(values.max())
    is_flat = high - low < FLAT * _span(run)
    slope = None if is_flat else slope_of(values)
    uneven = not is_flat and slope is None
    margin = HIGH * (high - low)
    return Surface(
        low=_in_units(run, low),
        high=_in_units(run, high),
        slope=slope,
        is_flat=is_flat,
        hills=_places(values >= high - margin) if uneven else (),
        hollows=_places(values <= low + margin) if uneven else (),
        error=_error(run),
    )


def slope_of(values: Floats) -> Place | None:
    """Where a picture of values, (rows, columns), rises to, if it is an even slope."""
    side = np.linspace(-1.0, 1.0, len(values))
    across, up = np.meshgrid(side, side)
    tilt = np.array([(values * axis).sum() / (axis**2).sum() for axis in (across, up)])
    centred = values - values.mean()
    left_over = centred - tilt[0] * across - tilt[1] * up
    if (left_over**2).sum() > (1.0 - EVEN) * (centred**2).sum():
        return None
    direction = tilt / np.linalg.norm(tilt)
    x, y = (int(np.sign(part)) if abs(part) > 0.4 else 0 for part in direction)
    return x, y


def _places(chosen: np.ndarray) -> tuple[Place, ...]:
    """Where the connected parts of a picture are, but for specks; the largest first."""
    parts, count = ndimage.label(chosen)
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    large = [part for part in range(1, count + 1) if sizes[part] >= SPECK * chosen.size]
    large.sort(key=lambda part: -sizes[part])
    return tuple(_middle_of(parts == part) for part in large)


def _middle_of(chosen: np.ndarray) -> Place:
    """Where the middle of some nodes is, (rows, columns) bools, the first row being the lowest."""
    rows, columns = np.nonzero(chosen)
    shares = (2.0 * columns.mean() / (chosen.shape[1] - 1), 2.0 * rows.mean() / (len(chosen) - 1))
    x, y = (int(np.sign(share - 1.0)) if abs(share - 1.0) > ASIDE else 0 for share in shares)
    return x, y


def _span(run: Run) -> float:
    """How far the values of the training points are apart."""
    return float(np.ptp(run.train_labels))


def _error(run: Run) -> float:
    """How far what is predicted for the test points is from their values, on average."""
    predicted = run.network.predict(run.test_inputs)[:, 0]
    error = float(np.abs(predicted - run.test_labels).mean())
    return error if run.spec.own is None else run.spec.own.target_scale * error


def _in_units(run: Run, value: float) -> float:
    """A predicted value in the units of the data."""
    own = run.spec.own
    return float(value if own is None else own.target_centre + own.target_scale * value)
