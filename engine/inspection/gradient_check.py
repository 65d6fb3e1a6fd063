"""Backpropagation's gradient against one measured without it."""

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Floats
from engine.network import Network
from engine.run import Run


@dataclass(frozen=True)
class GradientCheck:
    """Backpropagation's gradient beside a measured one.

    Attributes:
        exact: dJ/dW and dJ/db of each layer by backpropagation, flat, one array per layer.
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

    It uses the loss alone, never backpropagation. It changes one parameter at a time, and restores
    it afterwards.
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
    """Compare backpropagation's gradient with central differences, layer by layer.

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


def with_wrong_slope(run: Run) -> Run:
    """A copy of a run whose backpropagation has a bug: the activation's slope has the wrong sign.

    For tanh that is a² − 1 in the place of 1 − a², as easy to write as to overlook: every network
    with hidden layers still runs, and its gradients are wrong from the last hidden layer back.
    """
    copy = run.fork(run.snapshot())
    right = copy.network.activation

    def wrong(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
        return np.negative(right.slope(z, a), out=out)

    copy.network.activation = replace(right, slope=wrong)
    copy.restore(run.snapshot())  # measured with that slope
    return copy
