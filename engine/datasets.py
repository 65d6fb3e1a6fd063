"""Toy data, made from a seed: points with a class, or with a value to predict.

Each dataset is an outline, a noise-free drawing that fits into the square [−1.5, 1.5]². For
classes, noise moves every point by a Gaussian step whose standard deviation is `noise`, the same
for all datasets; the few points that would leave the square [−3, 3]² are reflected at its edge. For
regression, noise is added to the value in the same way, and the points stay. So coordinates always
lie in [−COORDINATE_RANGE, COORDINATE_RANGE], and the network sees them without rescaling.

A new dataset is one entry of `DATASETS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.datasets import make_circles, make_moons

from engine.arrays import Floats
from engine.parameter import Parameter

COORDINATE_RANGE = 3.0
OUTLINE_RANGE = 1.5

Outline = tuple[Floats, np.ndarray]


@dataclass(frozen=True)
class Dataset:
    """A way to make points.

    Attributes:
        label: its name on the page.
        help: one line on what makes it interesting.
        classes: smallest and largest number of classes that it can be made with; None if its
            points have a value, between −1 and 1, instead of a class.
        formula: the outline, or the value of a point, as LaTeX.
        outline: (samples, classes, generator, one keyword for each of `parameters`) -> noise-free
            points (samples, coordinates) in [−1.5, 1.5]² and their labels, or values, (samples,).
        coordinates: of a point.
        parameters: the settings of the outline.
        recommended: the settings of a Spec with which it looks like its name and is learned within
            a few hundred epochs, whatever the seeds; where nothing is named, the default is good.
        tf_playground: its name in links of TensorFlow Playground, "" if it isn't there.
        shapes: what the points of each class look like, in words; empty if that takes too many.
    """

    label: str
    help: str
    classes: tuple[int, int] | None
    formula: str
    outline: Callable[..., Outline]
    coordinates: int = 2
    parameters: tuple[Parameter, ...] = ()
    recommended: Mapping[str, Any] = field(default_factory=dict)
    tf_playground: str = ""
    shapes: tuple[str, ...] = ()


def reflect(points: Floats, edge: float) -> Floats:
    """Fold what lies beyond ±edge back into it, like light between two mirrors."""
    period = 4.0 * edge
    folded = np.abs((points + edge) % period - period / 2.0)
    return np.where(np.abs(points) <= edge, points, edge - folded)


def _moons(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    # scikit-learn's moons have radius 1 and their middle at (0.5, 0.25): moved, but not scaled
    points, labels = make_moons(samples, shuffle=False)
    return points - [0.5, 0.25], labels


def _circles(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    points, labels = make_circles(samples, shuffle=False, factor=0.5)
    return points * OUTLINE_RANGE, labels


def _spirals(samples: int, classes: int, rng: np.random.Generator, turns: float) -> Outline:
    """One arm per class, each `turns` times around the centre: radius and angle grow together."""
    labels = np.arange(samples) % classes
    along = 0.1 + 0.9 * (np.arange(samples) // classes) / ((samples - 1) // classes)
    angle = 2.0 * np.pi * (turns * along + labels / classes)
    directions = np.column_stack([np.sin(angle), np.cos(angle)])
    return OUTLINE_RANGE * along[:, np.newaxis] * directions, labels


def _xor(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    """A quadrant after the other; opposite ones have the same class. The axes are kept clear."""
    quadrants = np.arange(samples) % 4
    signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])[quadrants]
    return signs * rng.uniform(0.15, OUTLINE_RANGE, (samples, 2)), quadrants % 2


def _blobs(samples: int, classes: int, rng: np.random.Generator, spread: float) -> Outline:
    """Gaussian clouds (σ = `spread`) around points on a circle of radius 1."""
    labels = np.arange(samples) % classes
    angle = 2.0 * np.pi * labels / classes
    clouds = reflect(rng.normal(0.0, spread, (samples, 2)), OUTLINE_RANGE - 1.0)
    return np.column_stack([np.sin(angle), np.cos(angle)]) + clouds, labels


def _checkerboard(samples: int, classes: int, rng: np.random.Generator) -> Outline:
    """Four by four squares in two colours. The edges between them are kept clear."""
    column, row = np.divmod(np.arange(samples) % 16, 4)
    corner = np.column_stack([column, row]) + rng.uniform(0.08, 0.92, (samples, 2))
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
    return x[:, np.newaxis], 0.5 * (np.sin(2.0 * x) + np.cos(6.0 * x))


DATASETS = {
    "moons": Dataset(
        label="Moons",
        help="Two interlocking half circles: no straight line separates them.",
        classes=(2, 2),
        formula=r"x = \pm(\cos\varphi - \tfrac12,\ \sin\varphi - \tfrac14), \quad "
        r"0 \le \varphi \le \pi",
        outline=_moons,
        shapes=("the upper moon", "the lower moon"),
    ),
    "circles": Dataset(
        label="Circles",
        help="One ring inside another: the boundary has to close.",
        classes=(2, 2),
        formula=r"\lVert x \rVert = 1.5 \quad\text{and}\quad \lVert x \rVert = 0.75",
        outline=_circles,
        recommended={"noise": 0.1},
        tf_playground="circle",
        shapes=("the outer ring", "the inner ring"),
    ),
    "spirals": Dataset(
        label="Spirals",
        help="Two to five arms wound around each other: hard for a small network.",
        classes=(2, 5),
        formula=r"x = 1.5\,t\,(\sin\varphi, \cos\varphi), \quad "
        r"\varphi = 2\pi(\text{turns}\cdot t + c/C)",
        outline=_spirals,
        parameters=(
            Parameter(
                name="turns",
                label="Turns",
                help="How many times each arm winds around the centre. More turns are harder.",
                low=0.5,
                high=2.0,
                default=1.0,
                step=0.1,
            ),
        ),
        recommended={
            "samples": 500,
            "noise": 0.05,
            "turns": 1.5,
            "hidden": (12, 12),
            "optimizer": "adam",
            "learning_rate": 0.01,
        },
        tf_playground="spiral",
    ),
    "xor": Dataset(
        label="XOR",
        help="Opposite quadrants share a class: the smallest problem that needs a hidden layer.",
        classes=(2, 2),
        formula=r"\text{class } 1 \iff x_1 x_2 < 0",
        outline=_xor,
        recommended={"noise": 0.1},
        tf_playground="xor",
    ),
    "blobs": Dataset(
        label="Blobs",
        help="Two to five clouds: straight lines are enough.",
        classes=(2, 5),
        formula=r"x \sim \mathcal{N}(\mu_c, \text{spread}^2 I), \quad \lVert\mu_c\rVert = 1",
        outline=_blobs,
        parameters=(
            Parameter(
                name="spread",
                label="Spread",
                help="Standard deviation of each cloud. Noise is added on top.",
                low=0.05,
                high=0.3,
                default=0.15,
                step=0.05,
            ),
        ),
        recommended={"noise": 0.1},
        tf_playground="gauss",
    ),
    "checkerboard": Dataset(
        label="Checkerboard",
        help="Sixteen squares in two colours: a boundary with many corners.",
        classes=(2, 2),
        formula=r"(\lfloor x_1/0.75 \rfloor + \lfloor x_2/0.75 \rfloor) \bmod 2",
        outline=_checkerboard,
        recommended={
            "samples": 800,
            "noise": 0.0,
            "hidden": (12, 12),
            "optimizer": "adam",
            "learning_rate": 0.01,
        },
    ),
    "plane": Dataset(
        label="Plane",
        help="Regression: the value rises evenly, so a network without hidden layers is enough.",
        classes=None,
        formula=r"y = \tfrac13(x_1 + x_2)",
        outline=_plane,
        recommended={"noise": 0.05},
        tf_playground="reg-plane",
    ),
    "hills": Dataset(
        label="Hills",
        help="Regression: two hills and two hollows.",
        classes=None,
        formula=r"y = \sum_k \pm e^{-\lVert x - \mu_k\rVert^2/0.35}",
        outline=_hills,
        recommended={"noise": 0.05, "optimizer": "adam", "learning_rate": 0.01},
        tf_playground="reg-gauss",
    ),
    "curve": Dataset(
        label="Curve",
        help="Regression with one input: a curve y(x), fitted by a sum of bends.",
        classes=None,
        formula=r"y = \tfrac12(\sin 2x + \cos 6x)",
        outline=_curve,
        coordinates=1,
        recommended={
            "noise": 0.02,
            "hidden": (16,),
            "optimizer": "adam",
            "learning_rate": 0.03,
        },
    ),
}
