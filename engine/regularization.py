"""A price on large weights: J = loss + rate · Σ r(w). Biases are free.

The price is per step, the same for every batch size. scikit-learn divides its `alpha` by the
number of samples in the batch, so its alpha is this rate times the batch size.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats


@dataclass(frozen=True)
class Regularization:
    """What a weight costs.

    Attributes:
        label: what people see.
        help: one line on what it does.
        value: weights w -> r(w), same shape.
        slope: weights w -> r'(w), same shape.
    """

    label: str
    help: str
    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


REGULARIZATIONS = {
    "none": Regularization("none", "Weights are free.", np.zeros_like, np.zeros_like),
    "l1": Regularization(
        "L1, |w|", "Every weight is pulled towards 0 alike: many end there.", np.abs, np.sign
    ),
    "l2": Regularization(
        "L2, w²/2",
        "Large weights are pulled hardest: smoother boundaries.",
        lambda w: 0.5 * w * w,
        lambda w: w,
    ),
}
