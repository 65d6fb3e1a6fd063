"""Toy data on the plane, made from a seed.

Each dataset is an outline, a noise-free drawing that fits into the square [−1.5, 1.5]². Noise moves
every point by a Gaussian step whose standard deviation is `noise`, the same for all datasets.
The few points that would leave the square [−3, 3]² are reflected at its edge, so the network's
inputs always lie in [−INPUT_RANGE, INPUT_RANGE]; they are used as they are, without rescaling.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.datasets import make_circles, make_moons
from sklearn.model_selection import train_test_split

from engine.arrays import Floats, Integers

INPUT_RANGE = 3.0
OUTLINE_RANGE = 1.5


@dataclass(frozen=True)
class Dataset:
    """A way to make labelled points.

    Attributes:
        label: what people see.
        help: one line on what makes it interesting.
        classes: smallest and largest number of classes that it can be made with.
        outline: (samples, classes) -> noise-free points (samples, 2) in [−1.5, 1.5]² and labels.
    """

    label: str
    help: str
    classes: tuple[int, int]
    outline: Callable[[int, int], tuple[Floats, Integers]]


@dataclass(frozen=True)
class Split:
    """Data in two parts: one to train on, one that the network never trains on.

    Attributes:
        train_inputs: (training samples, 2), read-only.
        train_labels: (training samples,), the class of each, read-only.
        test_inputs: (test samples, 2), read-only.
        test_labels: (test samples,), read-only.
    """

    train_inputs: Floats
    train_labels: Integers
    test_inputs: Floats
    test_labels: Integers


def _moons(samples: int, classes: int) -> tuple[Floats, Integers]:
    # scikit-learn's moons have radius 1 and their middle at (0.5, 0.25): moved, but not scaled
    points, labels = make_moons(samples, shuffle=False)
    return points - [0.5, 0.25], labels


def _circles(samples: int, classes: int) -> tuple[Floats, Integers]:
    points, labels = make_circles(samples, shuffle=False, factor=0.5)
    return points * OUTLINE_RANGE, labels


def _spirals(samples: int, classes: int) -> tuple[Floats, Integers]:
    """One arm a class, each a turn around the centre: radius and angle grow together."""
    labels = np.arange(samples) % classes
    along = 0.1 + 0.9 * (np.arange(samples) // classes) / ((samples - 1) // classes)
    angle = 2.0 * np.pi * (along + labels / classes)
    directions = np.column_stack([np.sin(angle), np.cos(angle)])
    return OUTLINE_RANGE * along[:, np.newaxis] * directions, labels


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
        help="Two to five arms wound around each other: the hardest of the three.",
        classes=(2, 5),
        outline=_spirals,
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
    outline, labels = DATASETS[dataset].outline(samples, classes)
    points = _reflect(outline + rng.normal(0.0, noise, outline.shape))
    parts = train_test_split(
        points,
        labels.astype(np.int64),
        test_size=test_share,
        stratify=labels,
        random_state=int(rng.integers(2**32)),
    )
    for part in parts:
        part.flags.writeable = False
    train_inputs, test_inputs, train_labels, test_labels = parts
    return Split(train_inputs, train_labels, test_inputs, test_labels)


def _reflect(points: Floats) -> Floats:
    """Fold what lies beyond ±INPUT_RANGE back into it, like light between two mirrors."""
    period = 4.0 * INPUT_RANGE
    folded = np.abs((points + INPUT_RANGE) % period - period / 2.0)
    return np.where(np.abs(points) <= INPUT_RANGE, points, INPUT_RANGE - folded)
