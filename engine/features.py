"""What the network is shown of a point: its coordinates, or functions of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.arrays import Floats


@dataclass(frozen=True)
class Feature:
    """A number made from a point.

    Attributes:
        label: what people see.
        needs: how many coordinates a point must have.
        value: points (samples, coordinates) -> (samples,).
    """

    label: str
    needs: int
    value: Callable[[Floats], Floats]


def _coordinate(index: int, points: Floats) -> Floats:
    """One of the later coordinates: 0, its mean, for points of the plane, which have but two."""
    if points.shape[1] == 2:
        return np.zeros(len(points))
    return points[:, index]


FEATURES = {
    "x1": Feature("x₁", 1, lambda points: points[:, 0]),
    "x2": Feature("x₂", 2, lambda points: points[:, 1]),
    "x1_squared": Feature("x₁²", 1, lambda points: points[:, 0] ** 2),
    "x2_squared": Feature("x₂²", 2, lambda points: points[:, 1] ** 2),
    "x1_x2": Feature("x₁x₂", 2, lambda points: points[:, 0] * points[:, 1]),
    "sin_x1": Feature("sin x₁", 1, lambda points: np.sin(points[:, 0])),
    "sin_x2": Feature("sin x₂", 2, lambda points: np.sin(points[:, 1])),
    # own data may have more coordinates; on the plane of the pictures they are at their mean
    **{
        f"x{number}": Feature(f"x{subscript}", number, partial(_coordinate, number - 1))
        for number, subscript in enumerate("₃₄₅₆₇", start=3)
    },
}


def usable(features: Sequence[str], coordinates: int) -> tuple[str, ...]:
    """Those of the features that points with so many coordinates have."""
    return tuple(name for name in features if FEATURES[name].needs <= coordinates)


def make_inputs(points: Floats, features: Sequence[str]) -> Floats:
    """The network's inputs, (samples, features), for points (samples, coordinates)."""
    return np.column_stack([FEATURES[name].value(points) for name in features])
