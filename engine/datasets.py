"""Toy data, made from a seed: points with a class, or with a value to predict.

Each dataset is an outline, a noise-free drawing that fits into the square [−1.5, 1.5]². For
classes, noise moves every point by a Gaussian step whose standard deviation is `noise`, the same
for all datasets; the few points that would leave the square [−3, 3]² are reflected at its edge. For
regression, noise is added to the value in the same way, and the points stay. So coordinates always
lie in [−COORDINATE_RANGE, COORDINATE_RANGE], and the network sees them without rescaling.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.datasets import make_circles, make_moons
from sklearn.model_selection import train_test_split

from engine.arrays import Floats

COORDINATE_RANGE = 3.0
OUTLINE_RANGE = 1.5

Outline = tuple[Floats, np.ndarray]


@dataclass(frozen=True)
class Dataset:
    """A way to make points.

    Attributes:
        label: what people see.
        help: one line on what makes it interesting.
        classes: smallest and largest number of classes that it can be made with; None if its
            points have a value, between −1 and 1, instead of a class.
        outline: (samples, classes, generator) -> noise-free points (samples, coordinates) in
            [−1.5, 1.5]² and their labels, or values, (samples,).
        coordinates: of a point.
    """

    label: str
    help: str
    classes: tuple[int, int] | None
    outline: Callable[[int, int, np.random.Generator], Outline]
    coordinates: int = 2


@dataclass(frozen=True)
class Split:
    """Data in two parts: one to train on, one that the network never trains on. All read-only.

    Attributes:
        train_points, test_points: (samples, coordinates).
        train_labels, test_labels: the class, or the value, of each, (samples,).
    """

    train_points: Floats
    test_points: Floats
    train_labels: np.ndarray
    test_labels: np.ndarray


def _moons(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    # scikit-learn's moons have radius 1 and their middle at (0.5, 0.25): moved, but not scaled
    points, labels = make_moons(samples, shuffle=False)
    return points - [0.5, 0.25], labels


def _circles(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    points, labels = make_circles(samples, shuffle=False, factor=0.5)
    return points * OUTLINE_RANGE, labels


def _spirals(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    """One arm a class, each a turn around the centre: radius and angle grow together."""
    labels = np.arange(samples) % classes
    along = 0.1 + 0.9 * (np.arange(samples) // classes) / ((samples - 1) // classes)
    angle = 2.0 * np.pi * (along + labels / classes)
    directions = np.column_stack([np.sin(angle), np.cos(angle)])
    return OUTLINE_RANGE * along[:, np.newaxis] * directions, labels


def _xor(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    """A quadrant after the other; opposite ones have the same class. The axes are kept clear."""
    quadrants = np.arange(samples) % 4
    signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])[quadrants]
    return signs * rng.uniform(0.15, OUTLINE_RANGE, (samples, 2)), quadrants % 2


def _blobs(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    """Gaussian clouds (σ = 0.15) around points on a circle of radius 1."""
    labels = np.arange(samples) % classes
    angle = 2.0 * np.pi * labels / classes
    clouds = rng.normal(0.0, 0.15, (samples, 2)).clip(-0.5, 0.5)
    return np.column_stack([np.sin(angle), np.cos(angle)]) + clouds, labels


def _checkerboard(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    """Four by four squares in two colours."""
    column, row = np.divmod(np.arange(samples) % 16, 4)
    corner = np.column_stack([column, row]) + rng.uniform(0.0, 1.0, (samples, 2))
    return corner * (OUTLINE_RANGE / 2.0) - OUTLINE_RANGE, (column + row) % 2


def _plane(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    points = rng.uniform(-OUTLINE_RANGE, OUTLINE_RANGE, (samples, 2))
    return points, points.sum(axis=1) / (2.0 * OUTLINE_RANGE)


def _hills(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    """Two hills and two hollows."""
    points = rng.uniform(-OUTLINE_RANGE, OUTLINE_RANGE, (samples, 2))
    middles = np.array([[0.8, 0.8], [-0.8, -0.8], [0.8, -0.8], [-0.8, 0.8]])
    distances = ((points[:, np.newaxis] - middles) ** 2).sum(axis=2)
    return points, np.exp(-distances / 0.35) @ np.array([1.0, 1.0, -1.0, -1.0])


def _curve(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    x = np.linspace(-OUTLINE_RANGE, OUTLINE_RANGE, samples)
    return x[:, np.newaxis], 0.5 * (np.sin(3.0 * x) + np.cos(5.0 * x))


DATASETS = {
    "moons": Dataset(
        label="Moons",
        help="Two half circles that interlock: no straight line separates them.",
        classes=(2, 2),
        outline=_moons,
    ),
    "circles": Dataset(
        label="Circles",
        help="A ring around a ring: the boundary has to close.",
        classes=(2, 2),
        outline=_circles,
    ),
    "spirals": Dataset(
        label="Spirals",
        help="Two to five arms wound around each other: hard for small networks.",
        classes=(2, 5),
        outline=_spirals,
    ),
    "xor": Dataset(
        label="XOR",
        help="Opposite quadrants have the same class: the smallest problem that needs a layer.",
        classes=(2, 2),
        outline=_xor,
    ),
    "blobs": Dataset(
        label="Blobs",
        help="Two to five clouds: lines are enough.",
        classes=(2, 5),
        outline=_blobs,
    ),
    "checkerboard": Dataset(
        label="Checkerboard",
        help="Sixteen squares in two colours: many corners to cut.",
        classes=(2, 2),
        outline=_checkerboard,
    ),
    "plane": Dataset(
        label="Plane",
        help="Regression: the value rises evenly, a network without hidden layers will do.",
        classes=None,
        outline=_plane,
    ),
    "hills": Dataset(
        label="Hills",
        help="Regression: two hills, two hollows.",
        classes=None,
        outline=_hills,
    ),
    "curve": Dataset(
        label="Curve",
        help="Regression with one input: a curve y(x), fitted by a sum of bends.",
        classes=None,
        outline=_curve,
        coordinates=1,
    ),
}


def make_split(
    dataset: str, *, classes: int, samples: int, noise: float, test_share: float, seed: int
) -> Split:
    """Draw the points of a dataset and part them, every class in the same proportion.

    Args:
        dataset: key of `DATASETS`.
        classes: number of classes, within the dataset's `classes`.
        samples: number of points in all.
        noise: standard deviation of the Gaussian step, in the units of the plane.
        test_share: share of the points that is kept for testing, rounded up to whole points.
        seed: the same seed and arguments make the same data.
    """
    rng = np.random.default_rng(seed)
    made_of = DATASETS[dataset]
    points, labels = made_of.outline(samples, classes, rng)
    if made_of.classes is None:
        labels = labels + rng.normal(0.0, noise, labels.shape)
    else:
        points = _reflect(points + rng.normal(0.0, noise, points.shape))
        labels = labels.astype(np.int64)
    parts = train_test_split(
        points,
        labels,
        test_size=test_share,
        stratify=None if made_of.classes is None else labels,
        random_state=int(rng.integers(2**32)),
    )
    for part in parts:
        part.flags.writeable = False
    return Split(*parts)


def _reflect(points: Floats) -> Floats:
    """Fold what lies beyond ±COORDINATE_RANGE back into it, like light between two mirrors."""
    period = 4.0 * COORDINATE_RANGE
    folded = np.abs((points + COORDINATE_RANGE) % period - period / 2.0)
    return np.where(np.abs(points) <= COORDINATE_RANGE, points, COORDINATE_RANGE - folded)
