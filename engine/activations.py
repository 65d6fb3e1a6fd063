"""What a hidden unit does with its weighted sum: a = g(z), and the slope g'(z).

Backpropagation needs g'(z) right after the forward pass has computed a = g(z). Each slope here
can be read from a alone (tanh' = 1 − a²), so `slope` takes the activations, not the
pre-activations: nothing is computed twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from engine.arrays import Floats


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
    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    max_slope: float


ACTIVATIONS = {
    "tanh": Activation(
        label="tanh",
        help="Range (−1, 1), centred on zero, slope 1 − a². A good first choice.",
        value=np.tanh,
        slope=lambda a: 1.0 - a * a,
        max_slope=1.0,
    ),
    "sigmoid": Activation(
        label="sigmoid",
        help="Range (0, 1), slope a(1 − a), never above 0.25: gradients fade in deep networks.",
        value=expit,
        slope=lambda a: a * (1.0 - a),
        max_slope=0.25,
    ),
    "relu": Activation(
        label="ReLU",
        help="max(0, z): slope 1 or 0. Trains deep networks; a unit that is never above 0 is dead.",
        value=lambda z: np.maximum(z, 0.0),
        slope=lambda a: (a > 0.0).astype(np.float64),  # at the kink z = 0 the slope is taken as 0
        max_slope=1.0,
    ),
    "linear": Activation(
        label="linear",
        help="a = z: however many layers, the network can only draw a straight line.",
        value=lambda z: z,
        slope=np.ones_like,
        max_slope=1.0,
    ),
}
