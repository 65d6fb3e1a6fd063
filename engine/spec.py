"""Everything that determines a run, in one frozen value."""

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS

# Smallest and largest value of each numeric setting: what stays smooth and legible on the page.
LIMITS: dict[str, tuple[float, float]] = {
    "samples": (50, 2_000),
    "noise": (0.0, 1.0),
    "test_share": (0.1, 0.5),
    "data_seed": (0, 2**32 - 1),
    "weight_seed": (0, 2**32 - 1),
    "learning_rate": (1e-5, 10.0),
    "batch_size": (1, 2_000),
}
HIDDEN_LAYERS = (0, 6)
UNITS = (1, 16)

CHOICES: dict[str, Mapping[str, object]] = {"dataset": DATASETS, "activation": ACTIVATIONS}


@dataclass(frozen=True)
class Spec:
    """A run, described: two equal Specs give bit-identical runs on one machine.

    Attributes:
        dataset: key of `DATASETS`.
        classes: number of classes (the arms of the spirals); 2 where the dataset has two.
        samples: number of points, training and test together.
        noise: standard deviation of the Gaussian noise, in the units of the plane.
        test_share: share of the points kept for testing.
        data_seed: seed of the points and of their parting into training and test.
        hidden: units of each hidden layer; empty for none.
        activation: key of `ACTIVATIONS`.
        weight_seed: seed of the first weights and of the order of the mini-batches.
        learning_rate: η in W ← W − η dJ/dW.
        batch_size: samples per step; from the number of training samples on, all of them.

    Raises:
        ValueError: a setting is out of its range; the message names setting, value and limit.
    """

    dataset: str = "moons"
    classes: int = 2
    samples: int = 300
    noise: float = 0.2
    test_share: float = 0.25
    data_seed: int = 0
    hidden: tuple[int, ...] = (8, 8)
    activation: str = "tanh"
    weight_seed: int = 0
    learning_rate: float = 0.1
    batch_size: int = 32

    def __post_init__(self) -> None:
        for setting, choices in CHOICES.items():
            value = getattr(self, setting)
            if not isinstance(value, str) or value not in choices:
                raise ValueError(f"{setting} must be one of {', '.join(choices)}, got {value!r}")
        for setting, limits in LIMITS.items():
            object.__setattr__(self, setting, _number(setting, getattr(self, setting), limits))
        low, high = DATASETS[self.dataset].classes
        if self.classes not in range(low, high + 1):
            wanted = f"{low}" if low == high else f"a whole number from {low} to {high}"
            raise ValueError(f"classes must be {wanted} for {self.dataset}, got {self.classes!r}")
        object.__setattr__(self, "classes", int(self.classes))
        object.__setattr__(self, "hidden", _layers(self.hidden))

    @property
    def loss(self) -> str:
        """Key of `LOSSES`: one sigmoid output for two classes, softmax for more."""
        return "binary_cross_entropy" if self.classes == 2 else "softmax_cross_entropy"


SETTINGS = tuple(field.name for field in fields(Spec))


def _number(setting: str, value: Any, limits: tuple[float, float]) -> float:
    """The value as a number within its limits: an int if the limits are ints, else a float."""
    low, high = limits
    whole = isinstance(low, int)
    kind = "a whole number" if whole else "a number"
    wanted = f"{setting} must be {kind} from {low} to {high}"
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value) if whole else float(operator.truediv(value, 1))
    except (TypeError, OverflowError):
        raise ValueError(f"{wanted}, got {value!r}") from None
    if not low <= number <= high or math.isnan(number):
        raise ValueError(f"{wanted}, got {value!r}")
    return number


def _layers(hidden: Any) -> tuple[int, ...]:
    """The hidden layers as a tuple of ints, if there are not too many or too large ones."""
    fewest, most = HIDDEN_LAYERS
    if not isinstance(hidden, list | tuple) or not fewest <= len(hidden) <= most:
        raise ValueError(f"hidden must be a tuple of {fewest} to {most} layers, got {hidden!r}")
    return tuple(
        int(_number(f"hidden[{layer}]", units, UNITS)) for layer, units in enumerate(hidden)
    )
