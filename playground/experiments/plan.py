"""The plan of an experiment: its runs, and how long they are."""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from engine import Spec
from engine.activations import ACTIVATIONS
from engine.initializers import INITIALIZERS
from engine.optimizers import OPTIMIZERS
from engine.spec import LIMITS
from playground.limits import fitted, why_not
from playground.server.config import config

MOST_RUNS = config().experiment_runs  # of an experiment
RUNS = (10, min(100, MOST_RUNS))  # of one Spec
CELL_RUNS = (1, 20)  # of each combination of values
EPOCHS = (1, 5_000)
MOST_VALUES = 8  # of a setting

# which seeds differ from run to run
SEEDS = {
    "weight_seed": ("weight_seed",),
    "data_seed": ("data_seed",),
    "both": ("weight_seed", "data_seed"),
}


def _allowed(setting: str, *values: Any) -> tuple[Any, ...]:
    """Those of some values that the page can show."""
    small = fitted(Spec())
    return tuple(value for value in values if not why_not(replace(small, **{setting: value})))


# the values that are offered of each setting that can be varied
VALUES: dict[str, tuple[Any, ...]] = {
    "learning_rate": (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
    "activation": tuple(ACTIVATIONS),
    "initializer": tuple(INITIALIZERS),
    "optimizer": tuple(OPTIMIZERS),
    "hidden": _allowed(
        "hidden", (), (2,), (4,), (8,), (16,), (4, 4), (8, 8), (16, 16), (8, 8, 8), (8,) * 6
    ),
    "batch_size": (1, 4, 16, 32, 64, 128, 2_000),
    "regularization_rate": (0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1),
    "noise": (0.0, 0.05, 0.1, 0.2, 0.3, 0.4),
    "samples": _allowed("samples", 50, 100, 200, 300, 500, 1_000, 2_000),
}


@dataclass(frozen=True)
class Varied:
    """A setting and the values that it takes."""

    setting: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Task:
    """One run of an experiment.

    Attributes:
        number: of the task, from 0.
        cell: index of the value of each varied setting.
        spec: of the run.
    """

    number: int
    cell: tuple[int, ...]
    spec: Spec


@dataclass(frozen=True)
class Experiment:
    """Runs of a Spec with other seeds, for each combination of the varied settings' values.

    Attributes:
        spec: the settings that all runs share.
        epochs: of each run.
        runs: of each combination; their seeds count up from the Spec's.
        seeds: key of `SEEDS`.
        varied: none, one or two settings.

    Raises:
        ValueError: there is too little or too much to do; the message names the limit.
    """

    spec: Spec
    epochs: int
    runs: int
    seeds: str = "weight_seed"
    varied: tuple[Varied, ...] = ()

    def __post_init__(self) -> None:
        counts = [("epochs", self.epochs, EPOCHS)]
        counts.append(("runs", self.runs, CELL_RUNS if self.varied else RUNS))
        for entry in self.varied:
            count = len(entry.values)
            counts.append((f"values of {entry.setting}", count, (2, MOST_VALUES)))
        for what, count, (low, high) in counts:
            if not low <= count <= high:
                raise ValueError(f"there must be {low} to {high:,} {what}, got {count:,}")
        if len({entry.setting for entry in self.varied}) != len(self.varied):
            raise ValueError("the two settings must differ")
        if self.size > MOST_RUNS:
            raise ValueError(f"there may be at most {MOST_RUNS:,} runs in all, got {self.size:,}")

    @property
    def size(self) -> int:
        """How many runs there are."""
        size = self.runs
        for entry in self.varied:
            size *= len(entry.values)
        return size

    def tasks(self) -> list[Task]:
        """All runs: first one of each combination, then the second of each, and so on."""
        found: list[Task] = []
        for run in range(self.runs):
            for cell in product(*(range(len(entry.values)) for entry in self.varied)):
                changes: dict[str, Any] = {
                    name: _moved(getattr(self.spec, name), run) for name in SEEDS[self.seeds]
                }
                for entry, index in zip(self.varied, cell, strict=True):
                    changes[entry.setting] = entry.values[index]
                found.append(Task(len(found), cell, replace(self.spec, **changes)))
        return found


def can_vary(spec: Spec) -> list[str]:
    """The settings that matter for a Spec."""
    without = {setting for setting, values in VALUES.items() if len(values) < 2}
    if spec.regularization == "none":
        without.add("regularization_rate")
    if spec.own is not None:
        without |= {"noise", "samples"}
    return [setting for setting in VALUES if setting not in without]


def _moved(seed: int, by: int) -> int:
    """The seed that many places on; after the last comes 0."""
    return (seed + by) % (int(LIMITS["weight_seed"][1]) + 1)
