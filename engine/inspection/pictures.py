"""Arrays for pictures of a run."""

from functools import lru_cache

import numpy as np

from engine.arrays import Floats
from engine.features import make_inputs
from engine.run import Run


def half_width(run: Run) -> float:
    """Half the side of the square around 0 that shows every point, in steps of a half.

    For a curve, the second coordinate in the picture is the value; of several coordinates, two are
    in the picture.
    """
    shown = [run.train_points[:, :2], run.test_points[:, :2]]
    if run.spec.coordinates == 1:
        shown += [run.train_labels, run.test_labels]
    farthest = max(float(np.abs(values).max()) for values in shown)
    return float(np.ceil(2.0 * farthest + 0.1) / 2.0)


def region(run: Run, *, half_width: float, resolution: int) -> Floats:
    """What the network predicts on a square of the plane, as it is now.

    The network is asked at the nodes of a grid over the square [−half_width, half_width]², its
    edges included. Returns (resolution, resolution, classes), or (resolution, resolution, 1) for
    regression; the first row is the lowest x2, the first column the lowest x1.
    """
    predicted = run.predict(_nodes(half_width, resolution))
    return predicted.reshape(resolution, resolution, -1)


def curve(run: Run, *, half_width: float, points: int) -> Floats:
    """The values that a network with one coordinate predicts from −half_width to half_width.

    Returns (points, 2): x and the predicted value.
    """
    x = np.linspace(-half_width, half_width, points)
    return np.column_stack([x, run.predict(x[:, np.newaxis])[:, 0]])


def units(run: Run, *, half_width: float, resolution: int) -> tuple[Floats, ...]:
    """What each unit responds to: its activation on the same square as `region`.

    Returns (units, resolution, resolution) for the inputs and for each hidden layer, rows and
    columns as in `region`.
    """
    passed = run.network.forward(make_inputs(_nodes(half_width, resolution), run.spec.inputs))
    return tuple(
        activations.T.reshape(-1, resolution, resolution) for activations in passed.activations
    )


@lru_cache(maxsize=16)
def _nodes(half_width: float, resolution: int) -> Floats:
    side = np.linspace(-half_width, half_width, resolution)
    points = np.column_stack([axis.ravel() for axis in np.meshgrid(side, side)])
    points.flags.writeable = False
    return points
