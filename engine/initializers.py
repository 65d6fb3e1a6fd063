"""The weights that training starts from. Biases always start at zero.

A new initializer is one entry of `INITIALIZERS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats
from engine.parameter import Parameter

SIGMA = Parameter(
    name="weight_sigma",
    label="σ of the initial weights",
    help="Their standard deviation. Try 0.01, 1 and 5 in a deep network.",
    low=0.0,
    high=10.0,
    default=1.0,
    step=0.1,
)


@dataclass(frozen=True)
class Initializer:
    """A distribution of initial weights.

    Attributes:
        label: its name on the page.
        help: one line on when it is right.
        formula: the distribution of a weight w, as LaTeX.
        draw: (n_in, n_out, σ, generator) -> weights of shape (n_in, n_out). Only an initializer
            that has `SIGMA` among its settings looks at σ.
        script: the same as a Python expression of `n_in`, `n_out` and `rng`, with NumPy as `np`;
            {weight_sigma} stands for the value of that setting.
        settings: its settings.
        is_sklearn: whether scikit-learn draws its weights like this.
    """

    label: str
    help: str
    formula: str
    draw: Callable[[int, int, float, np.random.Generator], Floats]
    script: str
    settings: tuple[Parameter, ...] = ()
    is_sklearn: bool = False


def _glorot(n_in: int, n_out: int, sigma: float, rng: np.random.Generator) -> Floats:
    edge = np.sqrt(6.0 / (n_in + n_out))
    return rng.uniform(-edge, edge, (n_in, n_out))


INITIALIZERS = {
    # the variance that keeps z as spread out as the inputs are: n_in terms of variance 1/n_in each
    "xavier": Initializer(
        label="Xavier, N(0, 1/n_in)",
        help="Right for tanh and sigmoid: signals keep their size in the forward pass.",
        formula=r"w \sim \mathcal{N}(0, 1/n_\text{in})",
        draw=lambda n_in, n_out, sigma, rng: rng.normal(0.0, np.sqrt(1.0 / n_in), (n_in, n_out)),
        script="rng.normal(0.0, np.sqrt(1.0 / n_in), (n_in, n_out))",
    ),
    "glorot_uniform": Initializer(
        label="Glorot, uniform",
        help="Right for tanh: a compromise between the forward and the backward pass.",
        formula=r"w \sim \mathcal{U}(-e, e),\ e = \sqrt{6/(n_\text{in} + n_\text{out})}",
        draw=_glorot,
        script="rng.uniform(-1.0, 1.0, (n_in, n_out)) * np.sqrt(6.0 / (n_in + n_out))",
        is_sklearn=True,
    ),
    # half of the ReLUs are off, so the others have to carry twice the variance
    "he": Initializer(
        label="He, N(0, 2/n_in)",
        help="Right for ReLU: twice the variance, because half of the units are off.",
        formula=r"w \sim \mathcal{N}(0, 2/n_\text{in})",
        draw=lambda n_in, n_out, sigma, rng: rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out)),
        script="rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))",
    ),
    "normal": Initializer(
        label="normal, N(0, σ²)",
        help="Ignores the layer size: a small σ starves deep networks, a large σ saturates them.",
        formula=r"w \sim \mathcal{N}(0, \sigma^2)",
        draw=lambda n_in, n_out, sigma, rng: rng.normal(0.0, sigma, (n_in, n_out)),
        script="rng.normal(0.0, {weight_sigma!r}, (n_in, n_out))",
        settings=(SIGMA,),
    ),
    "zeros": Initializer(
        label="zeros",
        help="Never right: all units of a layer stay equal forever.",
        formula="w = 0",
        draw=lambda n_in, n_out, sigma, rng: np.zeros((n_in, n_out)),
        script="np.zeros((n_in, n_out))",
    ),
}
