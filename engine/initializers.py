"""The weights that a network is born with. Biases are always born zero."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats


@dataclass(frozen=True)
class Initializer:
    """A distribution of first weights.

    Attributes:
        label: what people see.
        help: one line on when it is right.
        draw: (n_in, n_out, σ, generator) -> weights of shape (n_in, n_out). Only the normal
            distribution with a chosen spread looks at σ.
    """

    label: str
    help: str
    draw: Callable[[int, int, float, np.random.Generator], Floats]


def _glorot(n_in: int, n_out: int, sigma: float, rng: np.random.Generator) -> Floats:
    edge = np.sqrt(6.0 / (n_in + n_out))
    return rng.uniform(-edge, edge, (n_in, n_out))


INITIALIZERS = {
    # the variance that keeps z as spread out as the inputs are: n_in terms of variance 1/n_in each
    "xavier": Initializer(
        label="Xavier, N(0, 1/n_in)",
        help="Right for tanh and sigmoid: signals keep their size on the way forward.",
        draw=lambda n_in, n_out, sigma, rng: rng.normal(0.0, np.sqrt(1.0 / n_in), (n_in, n_out)),
    ),
    "glorot_uniform": Initializer(
        label="Glorot, uniform",
        help="Right for tanh: a compromise between the way forward and the way back.",
        draw=_glorot,
    ),
    # half of the ReLUs are off, so the others have to carry twice the variance
    "he": Initializer(
        label="He, N(0, 2/n_in)",
        help="Right for ReLU: twice the variance, for half of the units are off.",
        draw=lambda n_in, n_out, sigma, rng: rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out)),
    ),
    "normal": Initializer(
        label="normal, N(0, σ²)",
        help="Never right by itself: small σ starves deep networks, large σ saturates them.",
        draw=lambda n_in, n_out, sigma, rng: rng.normal(0.0, sigma, (n_in, n_out)),
    ),
    "zeros": Initializer(
        label="zeros",
        help="Never right: all units of a layer stay equal for ever.",
        draw=lambda n_in, n_out, sigma, rng: np.zeros((n_in, n_out)),
    ),
}
