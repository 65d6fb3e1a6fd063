"""What a hidden unit does with its weighted sum: a = g(z), and the slope g'(z).

Backpropagation needs g'(z) right after the forward pass has computed a = g(z). Each slope here
can be read from a alone (tanh' = 1 − a²), so `slope` takes the activations, not the
pre-activations: nothing is computed twice. Both write into `out` where one is given, as NumPy's
own functions do.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import expit

from engine.arrays import Floats

LEAK = 0.01  # slope of the leaky ReLU below 0


class Elementwise(Protocol):
    """A function of each number of an array, which writes into `out` where one is given."""

    def __call__(self, values: Floats, /, out: Floats | None = None) -> Floats: ...


@dataclass(frozen=True)
class Activation:
    """An activation function together with its derivative.

    Attributes:
        label: what people see.
        help: one line on what it does and why one would choose it.
        value: pre-activations z -> activations a = g(z), same shape.
        slope: activations a = g(z) -> g'(z), same shape.
        max_slope: the largest |g'(z)| there is; it bounds how fast gradients can grow or vanish.
    """

    label: str
    help: str
    value: Elementwise
    slope: Elementwise
    max_slope: float


def _tanh_slope(a: Floats, /, out: Floats | None = None) -> Floats:
    return np.subtract(1.0, np.multiply(a, a, out=out), out=out)


def _sigmoid_slope(a: Floats, /, out: Floats | None = None) -> Floats:
    return np.multiply(a, np.subtract(1.0, a, out=out), out=out)


def _relu(z: Floats, /, out: Floats | None = None) -> Floats:
    return np.maximum(z, 0.0, out=out)


def _relu_slope(a: Floats, /, out: Floats | None = None) -> Floats:
    return np.heaviside(a, 0.0, out=out)  # at the kink z = 0 the slope is taken as 0


def _leaky_relu(z: Floats, /, out: Floats | None = None) -> Floats:
    return np.maximum(z, LEAK * z, out=out)


def _leaky_relu_slope(a: Floats, /, out: Floats | None = None) -> Floats:
    return np.maximum(np.heaviside(a, 0.0, out=out), LEAK, out=out)


def _identity(z: Floats, /, out: Floats | None = None) -> Floats:
    return np.positive(z, out=out)


def _one(a: Floats, /, out: Floats | None = None) -> Floats:
    made = np.empty_like(a) if out is None else out
    made[...] = 1.0
    return made


ACTIVATIONS = {
    "tanh": Activation(
        label="tanh",
        help="Range (−1, 1), centred on zero, slope 1 − a². A good first choice.",
        value=np.tanh,
        slope=_tanh_slope,
        max_slope=1.0,
    ),
    "sigmoid": Activation(
        label="sigmoid",
        help="Range (0, 1), slope a(1 − a), never above 0.25: gradients fade in deep networks.",
        value=expit,
        slope=_sigmoid_slope,
        max_slope=0.25,
    ),
    "relu": Activation(
        label="ReLU",
        help="max(0, z): slope 1 or 0. Trains deep networks; a unit that is never above 0 is dead.",
        value=_relu,
        slope=_relu_slope,
        max_slope=1.0,
    ),
    "leaky_relu": Activation(
        label="leaky ReLU",
        help=f"A ReLU with slope {LEAK} below 0 instead of none: no unit can die for good.",
        value=_leaky_relu,
        slope=_leaky_relu_slope,
        max_slope=1.0,
    ),
    "linear": Activation(
        label="linear",
        help="a = z: however many layers, the network can only draw a straight line.",
        value=_identity,
        slope=_one,
        max_slope=1.0,
    ),
}
