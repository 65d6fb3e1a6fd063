"""Data that a person brings: rows of numbers with a class, or with a value to predict."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np

from engine.arrays import Floats
from engine.split import Split

COORDINATES = (2, 7)  # columns of numbers, of which the first two span the plane
ROWS = (10, 10_000)
CLASSES = (2, 12)


@dataclass(frozen=True, eq=False)
class OwnData:
    """Points in standard units, and how to get back to the units they came in.

    original = centre + scale · standard, for each coordinate; the same for values to predict.
    Two are equal if all that is in them is.

    Attributes:
        name: its name on the page, such as the name of the file.
        columns: name of each coordinate.
        target: name of the class, or of the value.
        points: (samples, coordinates), read-only. Usually with mean 0 and standard deviation 1.
        labels: the class as an index, or the value, (samples,), read-only.
        classes: name of each class; empty for values.
        centre, scale: one number a coordinate.
        target_centre, target_scale: of the values; 0 and 1 for classes.

    Raises:
        ValueError: there is too little or too much of something; the message says what.
    """

    name: str
    columns: tuple[str, ...]
    target: str
    points: Floats
    labels: np.ndarray
    classes: tuple[str, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    target_centre: float = 0.0
    target_scale: float = 1.0

    def __post_init__(self) -> None:
        kind = np.int64 if self.classes else np.float64
        for name, values in (
            ("points", np.array(self.points, np.float64)),
            ("labels", np.array(self.labels, kind)),
        ):
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        self._check()

    @property
    def is_regression(self) -> bool:
        """Whether there are values to predict instead of classes."""
        return not self.classes

    @cached_property
    def digest(self) -> str:
        """A digest of the data: different data have different digests."""
        about = (self.name, self.columns, self.target, self.classes, self.centre, self.scale)
        whole = repr((about, self.target_centre, self.target_scale)).encode()
        return sha256(whole + self.points.tobytes() + self.labels.tobytes()).hexdigest()[:12]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnData) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def split(self, test_share: float, seed: int) -> Split:
        """Split the data, every class in the same proportion.

        Each class is gone through in stretches of 1 / test_share points, and one point of each, at
        random, is for testing. So a point that is added at the end moves no other one to the other
        part.
        """
        tested = np.zeros(len(self.labels), bool)
        groups = self.labels if self.classes else np.zeros(len(self.labels), int)
        for group in np.unique(groups):
            members = np.flatnonzero(groups == group)
            tested[members[_chosen(len(members), test_share, seed, int(group))]] = True
        parts = (self.points[~tested], self.points[tested])
        labels = (self.labels[~tested], self.labels[tested])
        for part in (*parts, *labels):
            part.flags.writeable = False
        return Split(*parts, *labels)

    def _check(self) -> None:
        if self.points.ndim != 2:
            raise ValueError("points must be rows of numbers")
        samples, coordinates = self.points.shape
        counts = {
            "columns of numbers": (coordinates, COORDINATES),
            "rows": (samples, ROWS),
        }
        if self.classes:
            counts["classes"] = (len(self.classes), CLASSES)
        for what, (count, (low, high)) in counts.items():
            if not low <= count <= high:
                raise ValueError(f"there must be from {low} to {high:,} {what}, got {count:,}")
        if not (np.isfinite(self.points).all() and np.isfinite(self.labels).all()):
            raise ValueError("all numbers must be finite")
        if self.labels.shape != (samples,) or not (
            len(self.columns) == len(self.centre) == len(self.scale) == coordinates
        ):
            raise ValueError("columns, points and labels must be of one length")
        if self.classes and not set(self.labels) == set(range(len(self.classes))):
            raise ValueError("each class must have points, and each point a class")


def standardized(
    name: str,
    columns: tuple[str, ...],
    target: str,
    values: Floats,
    labels: np.ndarray,
    classes: tuple[str, ...],
) -> OwnData:
    """Own data in standard units, from values (samples, coordinates) in units of their own.

    Coordinates get mean 0 and standard deviation 1, a constant one stays at 0. Values to predict
    are moved into [−1, 1], where the colours of the pictures tell them apart.
    """
    values = np.asarray(values, np.float64)
    centre = values.mean(axis=0)
    spread = values.std(axis=0)
    # what is left of a constant column is rounding
    scale = np.where(spread > 1e-12 * np.abs(centre), spread, 1.0)
    middle, half = 0.0, 1.0
    if not classes and len(labels):
        low, high = float(labels.min()), float(labels.max())
        middle, half = (low + high) / 2.0, (high - low) / 2.0 or 1.0
        labels = (labels - middle) / half
    return OwnData(
        name=name,
        columns=columns,
        target=target,
        points=(values - centre) / scale,
        labels=labels,
        classes=classes,
        centre=tuple(centre.tolist()),
        scale=tuple(scale.tolist()),
        target_centre=middle,
        target_scale=half,
    )


def _chosen(count: int, share: float, seed: int, group: int) -> np.ndarray:
    """Indices of a group's points that are for testing; none of a single point."""
    if count < 2:
        return np.array([], int)
    stretches = int(np.ceil(count * share)) + 1
    draws = np.random.default_rng([seed, group]).random(stretches)
    starts = (np.arange(stretches + 1) / share).astype(int)
    places = starts[:-1] + (draws * np.diff(starts)).astype(int)
    places = places[places < count]
    return places if len(places) else np.array([int(draws[0] * count)])
