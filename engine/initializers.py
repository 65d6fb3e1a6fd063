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
        draw: (n_in, n_out, generator) -> weights of shape (n_in, n_out).
    """

    label: str
    draw: Callable[[int, int, np.random.Generator], Floats]


INITIALIZERS = {
    # the variance that keeps z as spread out as the inputs are: n_in terms of variance 1/n_in each
    "xavier": Initializer(
        label="Xavier, N(0, 1/n_in)",
        draw=lambda n_in, n_out, rng: rng.normal(0.0, np.sqrt(1.0 / n_in), (n_in, n_out)),
    ),
}
