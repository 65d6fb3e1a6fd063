"""From a gradient to a step. An optimizer sees one flat vector and knows nothing of networks.

What it remembers is in an `OptimizerState`, so going back in time is copying that back. Names,
defaults and formulas are scikit-learn's where it has them; RMSProp follows Hinton's lecture.
In the formulas g is the gradient, η the learning rate, t counts the steps from 1.

A new optimizer is one entry of `OPTIMIZERS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.parameter import Parameter


@dataclass
class OptimizerState:
    """What an optimizer remembers from step to step; `step` changes it.

    Attributes:
        count: steps made.
        memory: (slots, parameters), as many vectors as the optimizer needs.
    """

    count: int
    memory: Floats

    def copy(self) -> "OptimizerState":
        return OptimizerState(self.count, self.memory.copy())


Settings = Mapping[str, float]
Step = Callable[[Floats, float, OptimizerState, Settings], Floats]


@dataclass(frozen=True)
class Optimizer:
    """A rule for the next step.

    Attributes:
        label: its name on the page.
        help: one line on what it does.
        formula: what is added to a weight, as LaTeX, in terms of g, η and what is remembered.
        memory_formula: how what is remembered changes before, as LaTeX; "" if nothing is.
        settings: its settings, besides the learning rate.
        memory: a name for each vector that it remembers.
        learning_rate: η that suits it on most data.
        step: (gradient, learning rate, state, settings) -> what to add to the parameters; a new
            array or a part of the state, which has been brought up to date.
        script: the lines of a step as Python. `layer` is changed in place by `gradient` and
            `learning_rate`; so is what is remembered, under the names of `memory`. `count` is that
            of the steps, from 1; {name} stands for the value of a setting.
        sklearn: values of its settings -> scikit-learn's arguments; None if it isn't there.
    """

    label: str
    help: str
    formula: str
    memory_formula: str
    settings: tuple[Parameter, ...]
    memory: tuple[str, ...]
    learning_rate: float
    step: Step
    script: str
    sklearn: Callable[[Settings], dict[str, Any]] | None = None

    def start(self, parameters: int) -> OptimizerState:
        """The state before the first step."""
        return OptimizerState(0, np.zeros((len(self.memory), parameters)))


MOMENTUM = Parameter(
    "momentum", "Momentum μ", "Share of the last step that is repeated.", 0.0, 0.999, 0.9, 0.05
)
RHO = Parameter(
    "rho",
    "Decay ρ",
    "How long squared gradients are remembered: about 1/(1 − ρ) steps.",
    0.0,
    0.9999,
    0.9,
    0.05,
)
BETA_1 = Parameter(
    "beta_1",
    "Decay β₁",
    "How long gradients are remembered: about 1/(1 − β₁) steps.",
    0.0,
    0.9999,
    0.9,
    0.05,
)
BETA_2 = Parameter(
    "beta_2",
    "Decay β₂",
    "How long squared gradients are remembered: about 1/(1 − β₂) steps.",
    0.0,
    0.99999,
    0.999,
    0.001,
)
EPSILON = Parameter(
    "epsilon", "ε", "Keeps steps finite where gradients are zero.", 1e-12, 1.0, 1e-8, 1e-8
)


def _sgd(g: Floats, rate: float, state: OptimizerState, settings: Settings) -> Floats:
    """−η g"""
    return -rate * g


def _momentum(g: Floats, rate: float, state: OptimizerState, settings: Settings) -> Floats:
    """v ← μ v − η g; the step is v."""
    velocity: Floats = state.memory[0]
    velocity *= settings["momentum"]
    velocity -= rate * g
    return velocity


def _nesterov(g: Floats, rate: float, state: OptimizerState, settings: Settings) -> Floats:
    """v ← μ v − η g; the step is μ v − η g, as if the velocity had already acted once more."""
    velocity: Floats = state.memory[0]
    velocity *= settings["momentum"]
    velocity -= rate * g
    return settings["momentum"] * velocity - rate * g


def _rmsprop(g: Floats, rate: float, state: OptimizerState, settings: Settings) -> Floats:
    """s ← ρ s + (1 − ρ) g²; the step is −η g / (√s + ε)."""
    squares: Floats = state.memory[0]
    squares *= settings["rho"]
    squares += (1.0 - settings["rho"]) * (g * g)
    return -rate * g / (np.sqrt(squares) + settings["epsilon"])


def _adam(g: Floats, rate: float, state: OptimizerState, settings: Settings) -> Floats:
    """m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g²; −η √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√s + ε)."""
    means: Floats = state.memory[0]
    squares: Floats = state.memory[1]
    beta_1, beta_2 = settings["beta_1"], settings["beta_2"]
    state.count += 1
    means *= beta_1
    means += (1.0 - beta_1) * g
    squares *= beta_2
    squares += (1.0 - beta_2) * (g * g)
    # both averages began at 0: this takes the bias out of them
    unbiased: float = rate * np.sqrt(1.0 - beta_2**state.count) / (1.0 - beta_1**state.count)
    return -unbiased * means / (np.sqrt(squares) + settings["epsilon"])


OPTIMIZERS = {
    "sgd": Optimizer(
        label="SGD",
        help="Plain gradient descent: W ← W − η dJ/dW, nothing else.",
        formula=r"-\eta\cdot g",
        memory_formula="",
        settings=(),
        memory=(),
        learning_rate=0.1,
        step=_sgd,
        script="layer -= learning_rate * gradient\n",
        sklearn=lambda settings: {"solver": "sgd", "momentum": 0.0},
    ),
    "momentum": Optimizer(
        label="momentum",
        help="Steps build up like a ball rolling downhill: faster along valleys, past small bumps.",
        formula="v",
        memory_formula=r"v \leftarrow \mu v - \eta g",
        settings=(MOMENTUM,),
        memory=("velocity",),
        learning_rate=0.1,
        step=_momentum,
        script="""velocity *= {momentum!r}
velocity -= learning_rate * gradient
layer += velocity
""",
        sklearn=lambda settings: {"solver": "sgd", "nesterovs_momentum": False, **settings},
    ),
    "nesterov": Optimizer(
        label="Nesterov",
        help="Momentum that looks ahead: it brakes before it overshoots.",
        formula=r"\mu v - \eta g",
        memory_formula=r"v \leftarrow \mu v - \eta g",
        settings=(MOMENTUM,),
        memory=("velocity",),
        learning_rate=0.1,
        step=_nesterov,
        script="""velocity *= {momentum!r}
velocity -= learning_rate * gradient
layer += {momentum!r} * velocity - learning_rate * gradient
""",
        sklearn=lambda settings: {"solver": "sgd", "nesterovs_momentum": True, **settings},
    ),
    "rmsprop": Optimizer(
        label="RMSProp",
        help="A step size for each weight: steps are divided by the recent size of its gradient.",
        formula=r"-\eta\,\frac{g}{\sqrt{s} + \varepsilon}",
        memory_formula=r"s \leftarrow \rho s + (1 - \rho)\,g^2",
        settings=(RHO, EPSILON),
        memory=("square",),
        learning_rate=0.01,
        step=_rmsprop,
        script="""square *= {rho!r}
square += (1.0 - {rho!r}) * gradient**2
layer -= learning_rate * gradient / (np.sqrt(square) + {epsilon!r})
""",
    ),
    "adam": Optimizer(
        label="Adam",
        help="Momentum and a step size for each weight. Works best with a learning rate near 0.01.",
        formula=r"-\eta\,\frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\,"
        r"\frac{m}{\sqrt{s} + \varepsilon}",
        memory_formula=r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g, \quad "
        r"s \leftarrow \beta_2 s + (1 - \beta_2)\,g^2",
        settings=(BETA_1, BETA_2, EPSILON),
        memory=("mean", "square"),
        learning_rate=0.01,
        step=_adam,
        script="""mean *= {beta_1!r}
mean += (1.0 - {beta_1!r}) * gradient
square *= {beta_2!r}
square += (1.0 - {beta_2!r}) * gradient**2
# both averages began at 0: this takes the bias out of them
unbiased = np.sqrt(1.0 - {beta_2!r}**count) / (1.0 - {beta_1!r}**count)
layer -= learning_rate * unbiased * mean / (np.sqrt(square) + {epsilon!r})
""",
        sklearn=lambda settings: {"solver": "adam", **settings},
    ),
}
