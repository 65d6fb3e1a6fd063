"""Arrays for pictures of a run. Looking never changes the run."""

from functools import lru_cache

import numpy as np

from engine.arrays import Floats
from engine.run import Run


def half_width(run: Run) -> float:
    """Half the side of the square around 0 that shows every point, in steps of a half."""
    farthest = max(np.abs(run.train_inputs).max(), np.abs(run.test_inputs).max())
    return float(np.ceil(2.0 * farthest + 0.1) / 2.0)


def region(run: Run, *, half_width: float, resolution: int) -> Floats:
    """Class probabilities on a square of the plane, as the network has them now.

    The network is asked at the nodes of a grid over the square [−half_width, half_width]², its
    edges included. Returns (resolution, resolution, classes); the first row is the lowest x2, the
    first column the lowest x1.
    """
    probabilities = run.predict(_nodes(half_width, resolution))
    return probabilities.reshape(resolution, resolution, -1)


@lru_cache(maxsize=16)
def _nodes(half_width: float, resolution: int) -> Floats:
    side = np.linspace(-half_width, half_width, resolution)
    points = np.column_stack([axis.ravel() for axis in np.meshgrid(side, side)])
    points.flags.writeable = False
    return points
