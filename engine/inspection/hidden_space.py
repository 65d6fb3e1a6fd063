"""The plane as a hidden layer sees it: bent until a straight cut can part the classes."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats
from engine.features import make_inputs
from engine.run import Run

LINES = 13  # of the grid, each way


@dataclass(frozen=True)
class HiddenSpace:
    """A hidden layer's activations, in two dimensions.

    Attributes:
        train_points, test_points: the data, (samples, 2).
        lines: the plane's square grid after the layers have bent it, (points, 2) each; of data with
            one coordinate, the axis alone.
        kept: share of the training data's variance that the two dimensions keep; 1 if the layer has
            no more units than that.
        are_units: whether the dimensions are the layer's units, not principal components.
        axes: (2, units), the direction of each dimension in the space of the activations.
        centre: (units,), where the dimensions are 0.
    """

    train_points: Floats
    test_points: Floats
    lines: tuple[Floats, ...]
    kept: float
    are_units: bool
    axes: Floats
    centre: Floats


def hidden_space(run: Run, layer: int, *, half_width: float) -> HiddenSpace:
    """See the square [−half_width, half_width]² as hidden layer `layer` does, 1 being the first.

    A layer of one or two units is shown as it is; of more units, the first two principal
    components of its activations on the training data.
    """
    train = run.network.forward(run.train_inputs).activations[layer]
    test = run.network.forward(run.test_inputs).activations[layer]
    units = train.shape[1]
    if units <= 2:
        centre, axes, kept = np.zeros(units), np.eye(2, units), 1.0
    else:
        centre = train.mean(axis=0)
        _, sizes, directions = np.linalg.svd(train - centre, full_matrices=False)
        axes = directions[:2]
        # a direction and its opposite are as good: take the one whose largest part is positive
        axes = axes * np.sign(axes[[0, 1], np.abs(axes).argmax(axis=1)])[:, np.newaxis]
        whole = float(np.sum(sizes**2))
        kept = float(np.sum(sizes[:2] ** 2)) / whole if whole else 1.0
    along = np.linspace(-half_width, half_width, 81)
    if run.spec.coordinates == 1:
        plane = [along[:, np.newaxis]]
    else:
        at = np.linspace(-half_width, half_width, LINES)
        plane = [np.column_stack([along, np.full_like(along, x2)]) for x2 in at]
        plane += [np.column_stack([np.full_like(along, x1), along]) for x1 in at]
    bent = [
        run.network.forward(make_inputs(line, run.spec.inputs)).activations[layer] for line in plane
    ]
    flat = [(values - centre) @ axes.T for values in (train, test, *bent)]
    return HiddenSpace(flat[0], flat[1], tuple(flat[2:]), kept, units <= 2, axes, centre)


def predict_from(run: Run, layer: int, space: HiddenSpace, places: Floats) -> Floats:
    """What the later layers predict at places in a picture of a hidden layer.

    places: (places, 2), in the picture's dimensions; what the picture leaves out is taken as at its
    centre. Returns class probabilities, or values, as `Network.predict`. For the last hidden layer
    this is one affine function and then softmax, sigmoid or nothing: borders are straight lines.
    """
    network = run.network
    activations = space.centre + places @ space.axes
    for weights, biases in zip(network.weights[layer:-1], network.biases[layer:-1], strict=True):
        activations = network.activation.value(activations @ weights + biases)
    return network.output.predict(activations @ network.weights[-1] + network.biases[-1])
