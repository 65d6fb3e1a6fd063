"""A penalty on large weights: J = loss + rate · Σ r(w). Biases have none.

The penalty is per step, the same for every batch size. scikit-learn divides its `alpha` by the
number of samples in the batch, so its alpha is this rate times the batch size.

A new penalty is one entry of `REGULARIZATIONS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats


@dataclass(frozen=True)
class Regularization:
    """What a weight costs.

    Attributes:
        label: its name on the page.
        help: one line on what it does.
        formula: r(w), as LaTeX.
        slope_formula: r'(w), as LaTeX.
        value: weights w -> r(w), same shape.
        slope: weights w -> r'(w), same shape.
        script_slope: r'(w) as a Python expression of an array `weights`, with NumPy as `np`.
        is_sklearn: whether scikit-learn's alpha is a penalty like this, or stands for none.
        tf_playground: its name in links of TensorFlow Playground, "" if it isn't there.
    """

    label: str
    help: str
    formula: str
    slope_formula: str
    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    script_slope: str
    is_sklearn: bool = False
    tf_playground: str = ""


REGULARIZATIONS = {
    "none": Regularization(
        label="none",
        help="Large weights cost nothing.",
        formula="0",
        slope_formula="0",
        value=np.zeros_like,
        slope=np.zeros_like,
        script_slope="np.zeros_like(weights)",
        is_sklearn=True,
        tf_playground="none",
    ),
    "l1": Regularization(
        label="L1, |w|",
        help="Every weight is pulled towards 0 with the same force: many end there.",
        formula="|w|",
        slope_formula=r"\operatorname{sign} w",
        value=np.abs,
        slope=np.sign,
        script_slope="np.sign(weights)",
        tf_playground="L1",
    ),
    "l2": Regularization(
        label="L2, w²/2",
        help="Large weights are pulled hardest: smoother boundaries.",
        formula=r"\tfrac12 w^2",
        slope_formula="w",
        value=lambda w: 0.5 * w * w,
        slope=lambda w: w,
        script_slope="weights",
        is_sklearn=True,
        tf_playground="L2",
    ),
}
