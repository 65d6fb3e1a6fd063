"""Points in two parts: one to train on, one to test on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import train_test_split

from engine.arrays import Floats
from engine.datasets import COORDINATE_RANGE, DATASETS, reflect


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


def make_split(
    dataset: str,
    *,
    classes: int,
    samples: int,
    noise: float,
    test_share: float,
    seed: int,
    parameters: Mapping[str, float],
) -> Split:
    """Draw the points of a dataset and split them, each class in the same proportion.

    Args:
        dataset: key of `DATASETS`.
        classes: number of classes, within the dataset's `classes`.
        samples: number of points in all.
        noise: standard deviation of the Gaussian step, in the units of the plane.
        test_share: share of the points that is held out for testing, rounded up to whole points.
        seed: the same seed and arguments make the same data.
        parameters: a value for each of the dataset's `parameters`, by name.
    """
    rng = np.random.default_rng(seed)
    made_of = DATASETS[dataset]
    values = {name: parameters[name] for name in (entry.name for entry in made_of.parameters)}
    points, labels = made_of.outline(samples, classes, rng, **values)
    if made_of.classes is None:
        labels = labels + rng.normal(0.0, noise, labels.shape)
    else:
        points = reflect(points + rng.normal(0.0, noise, points.shape), COORDINATE_RANGE)
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
