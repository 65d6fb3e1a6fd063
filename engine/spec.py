"""Everything that determines a run, in one frozen value."""

import math
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from engine.activations import ACTIVATIONS
from engine.checks import check_layers as check_layers  # for others, too
from engine.checks import check_number as check_number
from engine.checks import shown as shown
from engine.datasets import DATASETS
from engine.features import FEATURES, usable
from engine.initializers import INITIALIZERS, SIGMA
from engine.losses import LOSSES
from engine.optimizers import BETA_1, BETA_2, EPSILON, MOMENTUM, OPTIMIZERS, RHO
from engine.own_data import OwnData
from engine.parameter import Parameter
from engine.regularization import REGULARIZATIONS

# Smallest and largest value of each numeric setting that the engine takes.
LIMITS: dict[str, tuple[float, float]] = {
    "samples": (20, 100_000),
    "noise": (0.0, 1.0),
    "test_share": (0.1, 0.5),
    "data_seed": (0, 2**32 - 1),
    "weight_seed": (0, 2**32 - 1),
    "learning_rate": (1e-5, 10.0),
    "batch_size": (1, 100_000),
    "regularization_rate": (0.0, 1.0),
    **{entry.name: entry.limits for entry in (SIGMA, MOMENTUM, RHO, BETA_1, BETA_2, EPSILON)},
}
HIDDEN_LAYERS = (0, 16)
UNITS = (1, 512)

AUTO = "auto"
CHOICES: dict[str, Mapping[str, Any]] = {
    "dataset": DATASETS,
    "activation": ACTIVATIONS,
    "loss": ChainMap[str, Any](LOSSES, {AUTO: None}),  # "auto" comes first
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
        test_share: share of the points held out for testing.
        data_seed: seed of the points and of their split into training and test.
        features: keys of `FEATURES`: what the network is shown of a point. Those that points of
            the dataset don't have are left out.
        hidden: units of each hidden layer; empty for none.
        activation: key of `ACTIVATIONS`.
        loss: key of `LOSSES`, or "auto": squared error for regression, sigmoid for two classes,
            softmax for more.
        initializer: key of `INITIALIZERS`.
        weight_sigma: σ of the initializer "normal".
        weight_seed: seed of the initial weights and of the order of the mini-batches.
        optimizer: key of `OPTIMIZERS`.
        learning_rate: η, by which the gradient is multiplied to make a step.
        batch_size: most samples per step. An epoch is ⌈n / batch_size⌉ batches of nearly equal
            size, of n training samples; from n on, one batch of all of them.
        momentum: of the optimizers "momentum" and "nesterov".
        rho: decay rate of "rmsprop".
        beta_1, beta_2: decay rates of "adam".
        epsilon: keeps "rmsprop" and "adam" from dividing by 0.
        regularization: key of `REGULARIZATIONS`.
        regularization_rate: λ, by which the penalty is multiplied.
        parameters: name and value of what else can be set of the chosen entries, as the turns of
            "spirals"; may be given as a mapping. What isn't given has its default, and what only
            other entries have is left out. See `settings_of` and `with_settings`.
        own: a person's data, which then stand in for the dataset, its classes, samples and noise.

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
    weight_sigma: float = SIGMA.default
    weight_seed: int = 0
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    batch_size: int = 32
    momentum: float = MOMENTUM.default
    rho: float = RHO.default
    beta_1: float = BETA_1.default
    beta_2: float = BETA_2.default
    epsilon: float = EPSILON.default
    regularization: str = "none"
    regularization_rate: float = 0.001
    parameters: tuple[tuple[str, float], ...] = ()
    own: OwnData | None = field(default=None, metadata=OF_DATA)

    def __post_init__(self) -> None:
        for setting, choices in CHOICES.items():
            value = getattr(self, setting)
            if not isinstance(value, str) or value not in choices:
                raise ValueError(
                    f"{setting} must be one of {', '.join(choices)}, got {shown(value)}"
                )
        for setting, limits in LIMITS.items():
            self._set(setting, check_number(setting, getattr(self, setting), limits))
        self._set("parameters", _check_parameters(self, self.parameters))
        if self.own is not None:
            self._set("classes", len(self.own.classes) or 2)
        low, high = self._classes_of_data()
        if self.classes not in range(low, high + 1):
            wanted = f"{low}" if low == high else f"a whole number from {low} to {high}"
            raise ValueError(
                f"classes must be {wanted} for {self.data_name}, got {shown(self.classes)}"
            )
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


TUNABLE = ("dataset", "initializer", "optimizer")  # whose entries can have parameters
# what every Spec has; settings of single entries come on top, see `settings_of`
SETTINGS = tuple(field.name for field in fields(Spec) if field.name not in ("parameters", "own"))


def entry_parameters(settings: Mapping[str, Any]) -> dict[str, Parameter]:
    """The settings of the chosen entries, besides `SETTINGS`, by name.

    settings: with a value for each of `TUNABLE`; what else is in it doesn't matter.
    """
    declared = (
        *DATASETS[settings["dataset"]].parameters,
        *INITIALIZERS[settings["initializer"]].settings,
        *OPTIMIZERS[settings["optimizer"]].settings,
    )
    return {entry.name: entry for entry in declared if entry.name not in SETTINGS}


def known_parameters() -> dict[str, Parameter]:
    """The settings of any entry, by name; some of them are in `SETTINGS`, too."""
    declared = [
        *(dataset.parameters for dataset in DATASETS.values()),
        *(initializer.settings for initializer in INITIALIZERS.values()),
        *(optimizer.settings for optimizer in OPTIMIZERS.values()),
    ]
    return {entry.name: entry for entries in declared for entry in entries}


def settings_of(spec: Spec) -> dict[str, Any]:
    """Every setting of a Spec by its name, those of its entries too; own data are none."""
    return {name: getattr(spec, name) for name in SETTINGS} | dict(spec.parameters)


def default_settings(spec: Spec) -> dict[str, Any]:
    """The default of each setting that a Spec has, those of its entries too."""
    parameters = entry_parameters(settings_of(spec))
    return settings_of(Spec()) | {name: entry.default for name, entry in parameters.items()}


def recommended(dataset: str, optimizer: str = "") -> Spec:
    """The Spec that suits a dataset; and if another optimizer is to train it, its learning rate.

    dataset: key of `DATASETS`; optimizer: key of `OPTIMIZERS`, "" for the recommended one.
    """
    spec = with_settings(Spec(dataset=dataset), DATASETS[dataset].recommended)
    if optimizer in ("", spec.optimizer):
        return spec
    rate = OPTIMIZERS[optimizer].learning_rate
    return replace(spec, optimizer=optimizer, learning_rate=rate)


def with_settings(spec: Spec, settings: Mapping[str, Any]) -> Spec:
    """A Spec with other values of some settings, named as in `settings_of`, or other data as `own`.

    Raises:
        ValueError: a value is out of range, or there is no such setting of the chosen entries.
    """
    chosen = {name: value for name, value in settings.items() if name in (*SETTINGS, "own")}
    changed = replace(spec, **chosen)
    given = {name: value for name, value in settings.items() if name not in chosen}
    for name in given:
        if name not in dict(changed.parameters):
            entries = ", ".join(getattr(changed, choice) for choice in TUNABLE)
            raise ValueError(f"there is no setting {name} of {entries}")
    if not given:
        return changed
    parameters = dict(changed.parameters) | given
    return replace(changed, parameters=tuple(parameters.items()))


def data_of(spec: Spec) -> dict[str, Any]:
    """The settings of a Spec that describe its data, by name, and own data as `own`."""
    described = [field.name for field in fields(Spec) if field.metadata == OF_DATA]
    of_dataset = [entry.name for entry in DATASETS[spec.dataset].parameters]
    values = dict(spec.parameters)
    return {name: getattr(spec, name) for name in described} | {
        name: values[name] for name in of_dataset if name in values
    }


def loss_fits(loss: str, classes: int) -> bool:
    """Whether a loss is for so many classes, 0 standing for regression."""
    if loss == AUTO:
        return True
    allowed = LOSSES[loss].classes
    return classes == 0 if allowed is None else allowed[0] <= classes <= allowed[1]


def _check_parameters(spec: Spec, given: Any) -> tuple[tuple[str, float], ...]:
    """A value within its limits for each parameter of the chosen entries."""
    try:
        values = dict(given)
    except (TypeError, ValueError):
        raise ValueError(f"parameters must be names and values, got {shown(given)}") from None
    unknown = set(values) - (set(known_parameters()) - set(SETTINGS)) if values else set()
    if unknown:
        raise ValueError(f"there is no setting {', '.join(map(str, unknown))} of any entry")
    chosen = {name: getattr(spec, name) for name in TUNABLE}
    return tuple(
        (name, check_number(name, values.get(name, entry.default), entry.limits))
        for name, entry in entry_parameters(chosen).items()
    )


def _check_features(features: Any, coordinates: int, data_name: str) -> tuple[str, ...]:
    """The features in the order of `FEATURES`, each once, if the data have any of them."""
    wanted = f"features must be some of {', '.join(FEATURES)}, got {shown(features)}"
    if not isinstance(features, list | tuple) or not all(name in FEATURES for name in features):
        raise ValueError(wanted)
    if not usable(features, coordinates):
        has = ", ".join(usable(tuple(FEATURES), coordinates))
        raise ValueError(f"features must have one of {has} for {data_name}, got {shown(features)}")
    return tuple(name for name in FEATURES if name in features)
