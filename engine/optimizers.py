"""From a gradient to a step. An optimizer sees one flat vector and knows nothing of networks.

What it remembers is in an `OptimizerState`, so going back in time is copying that back. Names,
defaults and formulas are scikit-learn's where it has them; RMSProp follows Hinton's lecture.
In the formulas g is the gradient, η the learning rate, t counts the steps from 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats


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


Step = Callable[[Floats, float, OptimizerState, Mapping[str, float]], Floats]


@dataclass(frozen=True)
class Optimizer:
    """A rule for the next step.

    Attributes:
        label: what people see.
        help: one line on what it does.
        settings: names of the settings it looks at, besides the learning rate.
        slots: vectors that it remembers.
        step: (gradient, learning rate, state, settings) -> what to add to the parameters; a new
            array or a part of the state, which has been brought up to date.
    """

    label: str
    help: str
    settings: tuple[str, ...]
    slots: int
    step: Step

    def start(self, parameters: int) -> OptimizerState:
        """The state before the first step."""
        return OptimizerState(0, np.zeros((self.slots, parameters)))


def _sgd(g: Floats, rate: float, state: OptimizerState, settings: Mapping[str, float]) -> Floats:
    """−η g"""
    return -rate * g


def _momentum(
    g: Floats, rate: float, state: OptimizerState, settings: Mapping[str, float]
) -> Floats:
    """v ← μ v − η g; the step is v."""
    velocity: Floats = state.memory[0]
    velocity *= settings["momentum"]
    velocity -= rate * g
    return velocity


def _nesterov(
    g: Floats, rate: float, state: OptimizerState, settings: Mapping[str, float]
) -> Floats:
    """v ← μ v − η g; the step is μ v − η g, as if the velocity had already acted once more."""
    velocity: Floats = state.memory[0]
    velocity *= settings["momentum"]
    velocity -= rate * g
    return settings["momentum"] * velocity - rate * g


def _rmsprop(
    g: Floats, rate: float, state: OptimizerState, settings: Mapping[str, float]
) -> Floats:
    """s ← ρ s + (1 − ρ) g²; the step is −η g / (√s + ε)."""
    squares: Floats = state.memory[0]
    squares *= settings["rho"]
    squares += (1.0 - settings["rho"]) * (g * g)
    return -rate * g / (np.sqrt(squares) + settings["epsilon"])


def _adam(g: Floats, rate: float, state: OptimizerState, settings: Mapping[str, float]) -> Floats:
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
    "sgd": Optimizer("SGD", "Plain gradient descent: W ← W − η dJ/dW, nothing else.", (), 0, _sgd),
    "momentum": Optimizer(
        "momentum",
        "Steps add up like a ball rolling downhill: faster along valleys, past small bumps.",
        ("momentum",),
        1,
        _momentum,
    ),
    "nesterov": Optimizer(
        "Nesterov",
        "Momentum that looks ahead: it brakes before it overshoots.",
        ("momentum",),
        1,
        _nesterov,
    ),
    "rmsprop": Optimizer(
        "RMSProp",
        "Each weight has its own pace: steps are divided by the recent size of its gradient.",
        ("rho", "epsilon"),
        1,
        _rmsprop,
    ),
    "adam": Optimizer(
        "Adam",
        "Momentum and a pace for each weight together; wants a learning rate near 0.01.",
        ("beta_1", "beta_2", "epsilon"),
        2,
        _adam,
    ),
}
