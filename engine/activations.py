"""What a hidden unit does with its weighted sum: a = g(z), and the slope g'(z).

Backpropagation needs g'(z) right after the forward pass has computed a = g(z), so `slope` is given
both: tanh' = 1 − a² costs no second tanh, and SiLU's slope can't be had from a alone. Value and
slope write into `out` where one is given, as NumPy's own functions do.

A new activation is one entry of `ACTIVATIONS`.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.special import expit, ndtr

from engine import derivations
from engine.arrays import Floats

LEAK = 0.01  # slope of the leaky ReLU below 0
FLAT_SLOPE = 0.06  # of the largest slope there is, counts as flat: |tanh z| > 0.97 has less


class Value(Protocol):
    """Pre-activations z -> activations g(z), same shape; written into `out` if one is given."""

    def __call__(self, z: Floats, /, out: Floats | None = None) -> Floats: ...


class Slope(Protocol):
    """Pre-activations z and activations a = g(z) -> g'(z), same shape; see `Value` for `out`."""

    def __call__(self, z: Floats, a: Floats, /, out: Floats | None = None) -> Floats: ...


@dataclass(frozen=True)
class Activation:
    """An activation function together with its derivative.

    Attributes:
        label: its name on the page.
        help: one line on what it does and why one would choose it.
        symbol: its name in formulas, as LaTeX; "" for the identity.
        formula: its definition, as LaTeX.
        slope_formula: g'(z) in terms of z and a = g(z), as LaTeX.
        value: see `Value`.
        slope: see `Slope`.
        max_slope: an upper bound of |g'(z)|; it bounds how fast gradients can grow or vanish.
        script_value: g(z) as a Python expression of `z`, with NumPy as `np` and `math`.
        script_slope: g'(z) as one of `z` and `a`.
        script_helpers: definitions that the two need.
        derivation: where the slope comes from, Markdown with KaTeX.
        sklearn: its name in scikit-learn, "" if it isn't there.
    """

    label: str
    help: str
    symbol: str
    formula: str
    slope_formula: str
    value: Value
    slope: Slope
    max_slope: float
    script_value: str
    script_slope: str
    script_helpers: str = ""
    derivation: str = ""
    sklearn: str = ""

    @cached_property
    def saturates(self) -> bool:
        """Whether it is flat far out on both sides, as tanh is and ReLU is not."""
        far_out = np.array([-50.0, 50.0])
        slopes = np.abs(self.slope(far_out, self.value(far_out)))
        return bool((slopes < FLAT_SLOPE * self.max_slope).all())

    @cached_property
    def is_linear(self) -> bool:
        """Whether its slope is the same everywhere: layers of it add up to one."""
        across = np.linspace(-5.0, 5.0, 11)
        return bool(np.ptp(self.slope(across, self.value(across))) == 0.0)

    @property
    def flat_name(self) -> str:
        """The word for a unit whose slope is almost 0: a ReLU is off half of the time."""
        return "saturated" if self.saturates or self.is_linear else "inactive"


def _tanh_slope(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
    return np.subtract(1.0, np.multiply(a, a, out=out), out=out)


def _sigmoid_slope(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
    return np.multiply(a, np.subtract(1.0, a, out=out), out=out)


def _relu(z: Floats, /, out: Floats | None = None) -> Floats:
    return np.maximum(z, 0.0, out=out)


def _relu_slope(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
    return np.heaviside(z, 0.0, out=out)  # at the kink z = 0 the slope is taken as 0


def _leaky_relu(z: Floats, /, out: Floats | None = None) -> Floats:
    return np.maximum(z, np.multiply(z, LEAK, out=out), out=out)


def _leaky_relu_slope(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
    return np.maximum(np.heaviside(z, 0.0, out=out), LEAK, out=out)


def _elu(z: Floats, /, out: Floats | None = None) -> Floats:
    """max(z, e^min(z, 0) − 1): for z > 0 that is z, else e^z − 1 ≥ z."""
    bent = np.minimum(z, 0.0, out=out)
    return np.maximum(z, np.expm1(bent, out=bent), out=bent)


def _elu_slope(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
    return np.add(np.minimum(a, 0.0, out=out), 1.0, out=out)


def _silu(z: Floats, /, out: Floats | None = None) -> Floats:
    product: Floats = np.multiply(z, expit(z, out=out), out=out)
    return product


def _silu_slope(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
    slope: Floats = expit(z, out=out)
    slope *= 1.0 - a
    slope += a
    return slope


def _gelu(z: Floats, /, out: Floats | None = None) -> Floats:
    # Φ(z) = (1 + erf(z/√2)) / 2, written by SciPy so that small values keep their digits
    product: Floats = np.multiply(z, ndtr(z, out=out), out=out)
    return product


def _gelu_slope(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
    rise: Floats = np.exp(-0.5 * z * z)
    rise *= z
    rise /= math.sqrt(2.0 * math.pi)
    rise += ndtr(z)
    return np.positive(rise, out=out)


def _identity(z: Floats, /, out: Floats | None = None) -> Floats:
    return np.positive(z, out=out)


def _one(z: Floats, a: Floats, /, out: Floats | None = None) -> Floats:
    made = np.empty_like(z) if out is None else out
    made[...] = 1.0
    return made


ACTIVATIONS = {
    "tanh": Activation(
        label="tanh",
        help="Range (−1, 1), centred on zero, slope 1 − a². A good first choice.",
        symbol=r"\tanh",
        formula=r"\tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}}",
        slope_formula="1 - a^2",
        value=np.tanh,
        slope=_tanh_slope,
        max_slope=1.0,
        script_value="np.tanh(z)",
        script_slope="1.0 - a * a",
        derivation=derivations.TANH,
        sklearn="tanh",
    ),
    "sigmoid": Activation(
        label="sigmoid",
        help="Range (0, 1), slope a(1 − a), at most 0.25: gradients fade in deep networks.",
        symbol=r"\sigma",
        formula=r"\sigma(z) = \frac{1}{1 + e^{-z}}",
        slope_formula="a(1 - a)",
        value=expit,
        slope=_sigmoid_slope,
        max_slope=0.25,
        script_value="0.5 * (1.0 + np.tanh(0.5 * z))",
        script_slope="a * (1.0 - a)",
        derivation=derivations.SIGMOID,
        sklearn="logistic",
    ),
    "relu": Activation(
        label="ReLU",
        help="max(0, z): slope 1 or 0. Trains deep networks; a unit that is always off is dead.",
        symbol=r"\mathrm{ReLU}",
        formula=r"\mathrm{ReLU}(z) = \max(0, z)",
        slope_formula="[z > 0]",
        value=_relu,
        slope=_relu_slope,
        max_slope=1.0,
        script_value="np.maximum(z, 0.0)",
        script_slope="(z > 0.0).astype(float)",
        derivation=derivations.RELU,
        sklearn="relu",
    ),
    "leaky_relu": Activation(
        label="leaky ReLU",
        help=f"A ReLU with slope {LEAK} below 0, so no unit can die for good.",
        symbol=r"\mathrm{LeakyReLU}",
        formula=rf"\mathrm{{LeakyReLU}}(z) = \max(z,\ {LEAK}\,z)",
        slope_formula=rf"[z > 0] + {LEAK}\,[z \le 0]",
        value=_leaky_relu,
        slope=_leaky_relu_slope,
        max_slope=1.0,
        script_value=f"np.maximum(z, {LEAK} * z)",
        script_slope=f"np.where(z > 0.0, 1.0, {LEAK})",
        derivation=derivations.LEAKY_RELU,
    ),
    "elu": Activation(
        label="ELU",
        help="z above 0, eᶻ − 1 below: a ReLU without a kink and with a mean closer to zero.",
        symbol=r"\mathrm{ELU}",
        formula=r"\mathrm{ELU}(z) = \begin{cases} z & z > 0 \\ e^z - 1 & z \le 0 \end{cases}",
        slope_formula=r"1 + \min(a, 0)",
        value=_elu,
        slope=_elu_slope,
        max_slope=1.0,
        script_value="np.where(z > 0.0, z, np.expm1(np.minimum(z, 0.0)))",
        script_slope="1.0 + np.minimum(a, 0.0)",
        derivation=derivations.ELU,
    ),
    "silu": Activation(
        label="SiLU",
        help="z σ(z), also called swish: a smooth ReLU that dips below zero before it rises.",
        symbol=r"\mathrm{SiLU}",
        formula=r"\mathrm{SiLU}(z) = z\,\sigma(z) = \frac{z}{1 + e^{-z}}",
        slope_formula=r"a + \sigma(z)\,(1 - a)",
        value=_silu,
        slope=_silu_slope,
        max_slope=1.09984,  # at z = 2.3994, rounded up
        script_value="0.5 * z * (1.0 + np.tanh(0.5 * z))",
        script_slope="a + 0.5 * (1.0 + np.tanh(0.5 * z)) * (1.0 - a)",
        derivation=derivations.SILU,
    ),
    "gelu": Activation(
        label="GELU",
        help="z Φ(z), each z weighted by the normal distribution: the smooth ReLU of transformers.",
        symbol=r"\mathrm{GELU}",
        formula=r"\mathrm{GELU}(z) = z\,\Phi(z)",
        slope_formula=r"\Phi(z) + z\,\varphi(z)",
        value=_gelu,
        slope=_gelu_slope,
        max_slope=1.12891,  # Φ(√2) + √2 φ(√2), rounded up
        script_value="z * normal_cdf(z)",
        script_slope="normal_cdf(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)",
        script_helpers='''
def normal_cdf(z):
    """The normal distribution function; NumPy has no erf, so Python's is called for each number."""
    return 0.5 * (1.0 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2.0)))

''',
        derivation=derivations.GELU,
    ),
    "linear": Activation(
        label="linear",
        help="a = z: however many layers, the network can only draw a straight line.",
        symbol="",
        formula="g(z) = z",
        slope_formula="1",
        value=_identity,
        slope=_one,
        max_slope=1.0,
        script_value="z",
        script_slope="np.ones_like(z)",
        derivation=derivations.LINEAR,
        sklearn="identity",
    ),
}
