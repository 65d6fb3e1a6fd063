"""Arrays for pictures of a run."""

from functools import lru_cache

import numpy as np

from engine.arrays import Floats
from engine.features import make_inputs
from engine.network import Network
from engine.run import Run

LARGEST_IN_FLOAT32 = 1e3  # weight or bias


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


def region(
    run: Run,
    *,
    half_width: float,
    resolution: int,
    fast: bool = False,
    network: Network | None = None,
) -> np.ndarray:
    """What the network predicts on a square of the plane, as it is now.

    The network is asked at the nodes of a grid over the square [−half_width, half_width]², its
    edges included. Returns (resolution, resolution, classes), or (resolution, resolution, 1) for
    regression; the first row is the lowest x2, the first column the lowest x1.

    fast: in float32 where that is enough for the eye, in a third of the time.
    network: as it was at another moment of the run; None for now.
    """
    network = network or run.network
    network = _for_eyes(network) if fast else network
    inputs = _grid(half_width, resolution, run.spec.inputs, network.parameters.dtype.str)
    return network.predict(inputs).reshape(resolution, resolution, -1)


def curve(run: Run, *, half_width: float, points: int, network: Network | None = None) -> Floats:
    """The values that a network with one coordinate predicts from −half_width to half_width.

    Returns (points, 2): x and the predicted value. network: as in `region`.
    """
    x = np.linspace(-half_width, half_width, points)
    inputs = make_inputs(x[:, np.newaxis], run.spec.inputs)
    return np.column_stack([x, (network or run.network).predict(inputs)[:, 0]])


def units(
    run: Run, *, half_width: float, resolution: int, fast: bool = False
) -> tuple[np.ndarray, ...]:
    """What each unit responds to: its activation on the same square as `region`.

    Returns (units, resolution, resolution) for the inputs and for each hidden layer, rows and
    columns as in `region`.
    """
    network = _for_eyes(run.network) if fast else run.network
    inputs = _grid(half_width, resolution, run.spec.inputs, network.parameters.dtype.str)
    return tuple(
        activations.T.reshape(-1, resolution, resolution)
        for activations in network.forward(inputs).activations
    )


def _for_eyes(network: Network) -> Network:
    """The network in float32; in float64 if a weight is so large that rounding could be seen."""
    if np.abs(network.parameters).max() > LARGEST_IN_FLOAT32:
        return network
    return network.in_precision(np.float32)


@lru_cache(maxsize=32)
def _grid(
    half_width: float, resolution: int, features: tuple[str, ...], precision: str
) -> np.ndarray:
    """The network's inputs at the nodes of the grid."""
    side = np.linspace(-half_width, half_width, resolution)
    points = np.column_stack([axis.ravel() for axis in np.meshgrid(side, side)])
    inputs: np.ndarray = make_inputs(points, features).astype(precision)
    inputs.flags.writeable = False
    return inputs
