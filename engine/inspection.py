"""Arrays for pictures of a run, and the check of its gradients. Looking never changes the run."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.arrays import Floats
from engine.features import make_inputs
from engine.network import Network
from engine.run import Run


def half_width(run: Run) -> float:
    """Half the side of the square around 0 that shows every point, in steps of a half.

    For a curve, the second coordinate in the picture is the value.
    """
    shown = [run.train_points, run.test_points]
    if run.train_points.shape[1] == 1:
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


SATURATED_SLOPE = 0.06  # of the largest slope there is: |tanh| > 0.97 has less
MOST = 0.5  # a share beyond which a layer counts as saturated or dead
FADED = 1e-3  # of the last hidden layer's error signal: less in the first one counts as vanished


@dataclass(frozen=True)
class Diagnosis:
    """What a look at the layers says about the training.

    Attributes:
        kind: "healthy", or what is wrong: "symmetric", "dead", "saturated", "vanishing" or
            "exploding".
        text: the same in a sentence, with the numbers that led to it.
        flat: of each hidden layer, the share of activations on the training data whose slope is
            next to none: saturated units, or ReLUs that are off.
    """

    kind: str
    text: str
    flat: tuple[float, ...]


def diagnose(run: Run) -> Diagnosis:
    """Look at a run's layers as a teacher would: are they alive, and does the error reach them?"""
    network, activation = run.network, run.network.activation
    hidden = network.forward(run.train_inputs).activations[1:]
    slopes = [activation.slope(a) for a in hidden]
    flat = tuple(float(np.mean(s < SATURATED_SLOPE * activation.max_slope)) for s in slopes)
    errors = run.history.error_rms[-1]

    for layer, weights in enumerate(network.weights[:-1], start=1):
        if weights.shape[1] > 1 and np.ptp(weights, axis=1).max() <= 1e-12:
            return Diagnosis(
                "symmetric",
                f"All {weights.shape[1]} units of hidden {layer} have equal weights: they compute "
                "the same, get the same gradient and stay equal. Start with random weights.",
                flat,
            )
    for layer, (a, share) in enumerate(zip(hidden, flat, strict=True), start=1):
        if run.spec.activation == "relu":
            dead = float(np.mean(a.max(axis=0) <= 0.0))
            if dead > MOST:
                return Diagnosis(
                    "dead",
                    f"{dead:.0%} of the units of hidden {layer} are 0 for every training point: "
                    "they get no gradient. Try a smaller learning rate, He weights or leaky ReLU.",
                    flat,
                )
        elif share > MOST:
            return Diagnosis(
                "saturated",
                f"{share:.0%} of the activations of hidden {layer} are where the slope is next to "
                "none: hardly any gradient passes. Try smaller first weights or learning rate.",
                flat,
            )
    if len(hidden) > 1 and errors[-2] > 0.0:
        ratio = float(errors[0] / errors[-2])
        reached = f"hidden 1 gets {ratio:.1g} times the error signal of hidden {len(hidden)}"
        if ratio < FADED:
            text = f"Vanishing: {reached}. Try tanh or ReLU, Xavier or He weights, fewer layers."
            return Diagnosis("vanishing", text, flat)
        if ratio > 1.0 / FADED:
            text = f"Exploding: {reached}. Try smaller first weights."
            return Diagnosis("exploding", text, flat)
        return Diagnosis("healthy", f"Healthy: {reached}, and the units are awake.", flat)
    return Diagnosis("healthy", "Healthy: the units are awake.", flat)


@dataclass(frozen=True)
class GradientCheck:
    """Backpropagation's gradient beside a measured one.

    Attributes:
        exact: dJ/dW and dJ/db of each layer by backpropagation, flat, a layer an array.
        measured: the same by central differences.
        relative_errors: of each layer, ‖exact − measured‖ / (‖exact‖ + ‖measured‖); 0 for 0/0.
    """

    exact: tuple[Floats, ...]
    measured: tuple[Floats, ...]
    relative_errors: tuple[float, ...]


def central_differences(
    network: Network, inputs: Floats, targets: Floats, *, step: float = 1e-5
) -> Floats:
    """(J(θ + h) − J(θ − h)) / 2h for each parameter θ, with h = `step`; a flat vector.

    It asks the loss alone and knows nothing of backpropagation. The parameters are changed one at a
    time while it measures, and are afterwards what they were.
    """
    parameters, measured = network.parameters, np.empty_like(network.parameters)
    for i, parameter in enumerate(parameters.tolist()):
        parameters[i] = parameter + step
        above = network.loss(inputs, targets)
        parameters[i] = parameter - step
        below = network.loss(inputs, targets)
        parameters[i] = parameter
        measured[i] = (above - below) / (2.0 * step)
    return measured


def check_gradient(network: Network, inputs: Floats, targets: Floats) -> GradientCheck:
    """Hold backpropagation's gradient against central differences, layer by layer.

    inputs: (samples, n_inputs); targets: (samples, outputs). Relative errors of about 1e-8 are what
    is left of float64; a wrong derivative makes one of about 0.1. At the kink of a ReLU there is no
    derivative, so a sample that lies on one makes an error too.
    """
    exact = _by_layer(network, network.gradient(inputs, targets))
    measured = _by_layer(network, central_differences(network, inputs, targets))
    return GradientCheck(
        exact,
        measured,
        tuple(_relative_error(a, b) for a, b in zip(exact, measured, strict=True)),
    )


def _by_layer(network: Network, flat: Floats) -> tuple[Floats, ...]:
    weights, biases = network.split(flat)
    return tuple(np.concatenate([w.ravel(), b]) for w, b in zip(weights, biases, strict=True))


def _relative_error(one: Floats, other: Floats) -> float:
    size = float(np.linalg.norm(one) + np.linalg.norm(other))
    return float(np.linalg.norm(one - other)) / size if size else 0.0


@lru_cache(maxsize=16)
def _nodes(half_width: float, resolution: int) -> Floats:
    side = np.linspace(-half_width, half_width, resolution)
    points = np.column_stack([axis.ravel() for axis in np.meshgrid(side, side)])
    points.flags.writeable = False
    return points
