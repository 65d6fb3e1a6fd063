"""What the network sees of a point: its coordinates, or functions of them.

A new input is one entry of `FEATURES`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.arrays import Floats


@dataclass(frozen=True)
class Feature:
    """A number made from a point.

    Attributes:
        label: its name on the page.
        help: one line on what the network can do with it.
        formula: as LaTeX, in terms of the coordinates.
        needs: how many coordinates a point must have.
        value: points (samples, coordinates) -> (samples,).
        script: the same as a Python expression of `points`, with NumPy as `np`.
        tf_playground: its name in links of TensorFlow Playground, "" if it isn't there.
    """

    label: str
    help: str
    formula: str
    needs: int
    value: Callable[[Floats], Floats]
    script: str
    tf_playground: str = ""


def _coordinate(index: int, points: Floats) -> Floats:
    """A coordinate after the second: 0, its mean, for points of the plane, which have only two."""
    if points.shape[1] == 2:
        return np.zeros(len(points))
    return points[:, index]


FEATURES = {
    "x1": Feature(
        label="x₁",
        help="The first coordinate, from left to right.",
        formula="x_1",
        needs=1,
        value=lambda points: points[:, 0],
        script="points[:, 0]",
        tf_playground="x",
    ),
    "x2": Feature(
        label="x₂",
        help="The second coordinate, upwards.",
        formula="x_2",
        needs=2,
        value=lambda points: points[:, 1],
        script="points[:, 1]",
        tf_playground="y",
    ),
    "x1_squared": Feature(
        label="x₁²",
        help="Lets one unit draw parabolas, and with x₂² ellipses.",
        formula="x_1^2",
        needs=1,
        value=lambda points: points[:, 0] ** 2,
        script="points[:, 0] ** 2",
        tf_playground="xSquared",
    ),
    "x2_squared": Feature(
        label="x₂²",
        help="The same for the second coordinate.",
        formula="x_2^2",
        needs=2,
        value=lambda points: points[:, 1] ** 2,
        script="points[:, 1] ** 2",
        tf_playground="ySquared",
    ),
    "x1_x2": Feature(
        label="x₁x₂",
        help="Positive in two opposite quadrants: all that XOR needs.",
        formula="x_1 x_2",
        needs=2,
        value=lambda points: points[:, 0] * points[:, 1],
        script="points[:, 0] * points[:, 1]",
        tf_playground="xTimesY",
    ),
    "sin_x1": Feature(
        label="sin x₁",
        help="A wave from left to right.",
        formula=r"\sin x_1",
        needs=1,
        value=lambda points: np.sin(points[:, 0]),
        script="np.sin(points[:, 0])",
        tf_playground="sinX",
    ),
    "sin_x2": Feature(
        label="sin x₂",
        help="A wave from bottom to top.",
        formula=r"\sin x_2",
        needs=2,
        value=lambda points: np.sin(points[:, 1]),
        script="np.sin(points[:, 1])",
        tf_playground="sinY",
    ),
    # own data may have more coordinates; on the plane of the pictures they are at their mean
    **{
        f"x{number}": Feature(
            label=f"x{subscript}",
            help=f"Coordinate {number} of your own data.",
            formula=f"x_{number}",
            needs=number,
            value=partial(_coordinate, number - 1),
            script=f"points[:, {number - 1}]",
        )
        for number, subscript in enumerate("₃₄₅₆₇", start=3)
    },
}


def usable(features: Sequence[str], coordinates: int) -> tuple[str, ...]:
    """Those of the features that exist for points with this many coordinates."""
    return tuple(name for name in features if FEATURES[name].needs <= coordinates)


def make_inputs(points: Floats, features: Sequence[str]) -> Floats:
    """The network's inputs, (samples, features), for points (samples, coordinates)."""
    return np.column_stack([FEATURES[name].value(points) for name in features])
