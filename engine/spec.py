"""Everything that determines a run, in one frozen value."""

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.features import FEATURES, usable
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.own_data import OwnData
from engine.regularization import REGULARIZATIONS

# Smallest and largest value of each numeric setting that the engine takes.
LIMITS: dict[str, tuple[float, float]] = {
    "samples": (20, 100_000),
    "noise": (0.0, 1.0),
    "test_share": (0.1, 0.5),
    "data_seed": (0, 2**32 - 1),
    "weight_seed": (0, 2**32 - 1),
    "weight_sigma": (0.0, 10.0),
    "learning_rate": (1e-5, 10.0),
    "batch_size": (1, 100_000),
    "momentum": (0.0, 0.999),
    "rho": (0.0, 0.9999),
    "beta_1": (0.0, 0.9999),
    "beta_2": (0.0, 0.99999),
    "epsilon": (1e-12, 1.0),
    "regularization_rate": (0.0, 1.0),
}
HIDDEN_LAYERS = (0, 16)
UNITS = (1, 512)

AUTO = "auto"
CHOICES: dict[str, Mapping[str, object]] = {
    "dataset": DATASETS,
    "activation": ACTIVATIONS,
    "loss": {AUTO: None, **LOSSES},
    "initializer": INITIALIZERS,
    "optimizer": OPTIMIZERS,
    "regularization": REGULARIZATIONS,
}


OF_DATA = {"of_data": True}  # metadata of the fields that describe the data, see `data_of`


@dataclass(frozen=True)
class Spec:
    """A run, described: two equal Specs give bit-identical runs on one machine.

    Attributes:
        dataset: key of `DATASETS`.
        classes: number of classes, for datasets that can have several; otherwise 2.
        samples: number of points, training and test together.
        noise: standard deviation of the Gaussian noise, in the units of the plane.
        test_share: share of the points kept for testing.
        data_seed: seed of the points and of their parting into training and test.
        features: keys of `FEATURES`: what the network is shown of a point. Those that points of
            the dataset don't have are left out.
        hidden: units of each hidden layer; empty for none.
        activation: key of `ACTIVATIONS`.
        loss: key of `LOSSES`, or "auto": squared error for regression, sigmoid for two classes,
            softmax for more.
        initializer: key of `INITIALIZERS`.
        weight_sigma: σ of the initializer "normal".
        weight_seed: seed of the first weights and of the order of the mini-batches.
        optimizer: key of `OPTIMIZERS`.
        learning_rate: η, the length of a step.
        batch_size: most samples per step. An epoch is ⌈n / batch_size⌉ batches of nearly equal
            size, of n training samples; from n on, one batch of all of them.
        momentum: of the optimizers "momentum" and "nesterov".
        rho: memory of "rmsprop".
        beta_1, beta_2: memories of "adam".
        epsilon: keeps "rmsprop" and "adam" from dividing by 0.
        regularization: key of `REGULARIZATIONS`.
        regularization_rate: what a unit of it costs.
        own: a person's data, which then stand in for the dataset, its classes, samples and noise;
            it is no setting of `SETTINGS`, having no short form.

    Raises:
        ValueError: a setting is out of its range; the message names setting, value and limit.
    """

    dataset: str = field(default="moons", metadata=OF_DATA)
    classes: int = field(default=2, metadata=OF_DATA)
    samples: int = field(default=300, metadata=OF_DATA)
    noise: float = field(default=0.2, metadata=OF_DATA)
    test_share: float = field(default=0.25, metadata=OF_DATA)
    data_seed: int = field(default=0, metadata=OF_DATA)
    features: tuple[str, ...] = ("x1", "x2")
    hidden: tuple[int, ...] = (8, 8)
    activation: str = "tanh"
    loss: str = AUTO
    initializer: str = "xavier"
    weight_sigma: float = 1.0
    weight_seed: int = 0
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    batch_size: int = 32
    momentum: float = 0.9
    rho: float = 0.9
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    regularization: str = "none"
    regularization_rate: float = 0.001
    own: OwnData | None = field(default=None, metadata=OF_DATA)

    def __post_init__(self) -> None:
        for setting, choices in CHOICES.items():
            value = getattr(self, setting)
            if not isinstance(value, str) or value not in choices:
                raise ValueError(f"{setting} must be one of {', '.join(choices)}, got {value!r}")
        for setting, limits in LIMITS.items():
            self._set(setting, check_number(setting, getattr(self, setting), limits))
        if self.own is not None:
            self._set("classes", len(self.own.classes) or 2)
        low, high = self._classes_of_data()
        if self.classes not in range(low, high + 1):
            wanted = f"{low}" if low == high else f"a whole number from {low} to {high}"
            raise ValueError(f"classes must be {wanted} for {self.data_name}, got {self.classes!r}")
        self._set("classes", int(self.classes))
        self._set("hidden", check_layers(self.hidden, HIDDEN_LAYERS, UNITS))
        self._set("features", _check_features(self.features, self.coordinates, self.data_name))
        self._check_loss()
        tested = math.ceil(self.samples * self.test_share)
        if self.own is None and not self.is_regression and tested < self.classes:
            raise ValueError(
                f"samples must leave at least one test point a class: {self.samples} of them "
                f"with a test_share of {self.test_share} leave {tested} for {self.classes} classes"
            )

    @property
    def is_regression(self) -> bool:
        """Whether there are values to predict instead of classes."""
        if self.own is not None:
            return self.own.is_regression
        return DATASETS[self.dataset].classes is None

    @property
    def coordinates(self) -> int:
        """Coordinates of a point."""
        if self.own is not None:
            return len(self.own.columns)
        return DATASETS[self.dataset].coordinates

    @property
    def data_name(self) -> str:
        """What the data are called: the key of the dataset, or the name of own data."""
        return self.dataset if self.own is None else self.own.name

    @property
    def resolved_loss(self) -> str:
        """Key of `LOSSES`: what "auto" stands for, if it stands there."""
        if self.loss != AUTO:
            return self.loss
        if self.is_regression:
            return "squared_error"
        return "binary_cross_entropy" if self.classes == 2 else "softmax_cross_entropy"

    @property
    def score_name(self) -> str:
        """What the history's accuracies are called: accuracy, or R² for regression."""
        return LOSSES[self.resolved_loss].score_name

    @property
    def outputs(self) -> int:
        """Units of the output layer."""
        return LOSSES[self.resolved_loss].outputs(self.classes)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Keys of `FEATURES` that the network is shown: those that points of the dataset have."""
        return usable(self.features, self.coordinates)

    def _classes_of_data(self) -> tuple[int, int]:
        """Fewest and most classes that the data can have."""
        if self.own is not None:
            return self.classes, self.classes
        return DATASETS[self.dataset].classes or (2, 2)

    def _set(self, setting: str, value: Any) -> None:
        object.__setattr__(self, setting, value)

    def _check_loss(self) -> None:
        if not loss_fits(self.loss, 0 if self.is_regression else self.classes):
            task = "regression" if self.is_regression else f"{self.classes} classes"
            raise ValueError(f"loss can't be {self.loss} for {task}, as {self.data_name} has")


SETTINGS = tuple(field.name for field in fields(Spec) if field.name != "own")


def settings_of(spec: Spec) -> dict[str, Any]:
    """Every setting of a Spec by its name; own data are none."""
    return {name: getattr(spec, name) for name in SETTINGS}


def data_of(spec: Spec) -> dict[str, Any]:
    """The settings of a Spec that describe its data, by name, and own data as `own`."""
    described = [field.name for field in fields(Spec) if field.metadata == OF_DATA]
    return {name: getattr(spec, name) for name in described}


def loss_fits(loss: str, classes: int) -> bool:
    """Whether a loss is for so many classes, 0 standing for regression."""
    if loss == AUTO:
        return True
    allowed = LOSSES[loss].classes
    return classes == 0 if allowed is None else allowed[0] <= classes <= allowed[1]


def check_number(setting: str, value: Any, limits: tuple[float, float]) -> float:
    """The value as a number within its limits: an int if the limits are ints, else a float.

    −0.0 becomes 0.0: the two are equal, and NumPy refuses a negative zero as a standard deviation.

    Raises:
        ValueError: it is not; the message names setting, limits and value.
    """
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
    return number + 0  # −0.0 + 0 is 0.0


def check_layers(hidden: Any, layers: tuple[int, int], units: tuple[int, int]) -> tuple[int, ...]:
    """The hidden layers as a tuple of ints, if there are not too many or too large ones.

    Raises:
        ValueError: there are; the message names the limit and the value.
    """
    fewest, most = layers
    if not isinstance(hidden, list | tuple) or not fewest <= len(hidden) <= most:
        raise ValueError(f"hidden must be a tuple of {fewest} to {most} layers, got {hidden!r}")
    return tuple(
        int(check_number(f"hidden[{layer}]", number, units)) for layer, number in enumerate(hidden)
    )


def _check_features(features: Any, coordinates: int, data_name: str) -> tuple[str, ...]:
    """The features in the order of `FEATURES`, each once, if the data have any of them."""
    wanted = f"features must be some of {', '.join(FEATURES)}, got {features!r}"
    if not isinstance(features, list | tuple) or not all(name in FEATURES for name in features):
        raise ValueError(wanted)
    if not usable(features, coordinates):
        has = ", ".join(usable(tuple(FEATURES), coordinates))
        raise ValueError(f"features must have one of {has} for {data_name}, got {features!r}")
    return tuple(name for name in FEATURES if name in features)
