"""What whoever runs the playground may set: one environment variable a setting, all listed here.

The defaults suit a laptop and a server alike. A variable that is unknown, or a value beyond its
limits, stops the start with a message that names all of them.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from typing import Any

PREFIX = "MLP_"
ELSEWHERE = {"MLP_DASK_SCHEDULER"}  # see experiments/job.py
SWITCH = {"on": True, "off": False}


class ConfigError(Exception):
    """A variable can't be used; the message names it, its value, and what it may be."""


def _number(default: float, low: float, high: float, about: str) -> Any:
    """A setting from `low` to `high`; whole if its default is."""
    return field(default=default, metadata={"limits": (low, high), "about": about})


def _switch(about: str, *, default: bool) -> Any:
    return field(default=default, metadata={"about": about})


def _text(default: str, pattern: str, about: str) -> Any:
    """A setting that a regular expression matches, the whole of it."""
    return field(default=default, metadata={"pattern": pattern, "about": about})


@dataclass(frozen=True)
class Config:
    """The settings of a server. Each is read from `MLP_` and its name in capitals."""

    visitors: int = _number(200, 1, 100_000, "pages and embedded boards open at once")
    seconds_to_leave: float = _number(
        0.0, 0.0, 5.0, "seconds in which a balancer notices that the server is going"
    )
    seconds_per_answer: float = _number(
        0.1, 0.01, 5.0, "seconds of computing for one answer to a board"
    )
    threads: int = _number(
        1, 1, 256, "answers that are computed at once; Python is no faster with more"
    )
    layers: int = _number(6, 0, 6, "hidden layers of a network")
    units: int = _number(16, 1, 16, "units of a hidden layer")
    samples: int = _number(2_000, 100, 2_000, "samples of a dataset")
    own_samples: int = _number(10_000, 10, 10_000, "samples of a person's own data")
    megabytes_per_visit: int = _number(
        64, 8, 4_096, "megabytes that one visit may keep: its run, its past, what it makes"
    )
    idle_minutes: float = _number(
        10.0, 0.05, 1_440.0, "minutes after which an idle visit is put away"
    )
    own_data: bool = _switch("whether people may bring their own data", default=True)
    experiments: bool = _switch("whether there is “Many seeds”", default=True)
    experiment_runs: int = _number(1_000, 10, 10_000, "runs of one experiment of “Many seeds”")
    experiment_seconds: float = _number(
        600.0, 1.0, 86_400.0, "seconds that one experiment may take"
    )
    films: bool = _switch("whether films of a run can be made", default=True)
    film_seconds: float = _number(120.0, 1.0, 3_600.0, "seconds that making a file may take")
    rooms: int = _number(50, 0, 10_000, "rooms at once; with 0 there is no “Teach”")
    room_seats: int = _number(300, 2, 2_000, "seats of a room")
    room_minutes: float = _number(
        60.0, 1.0, 1_440.0, "minutes that a room stays without its teacher"
    )
    redis_url: str = _text(
        "",
        r"((rediss?|unix)://\S+)?",
        "address of a Redis in which several replicas share rooms, as in redis://redis:6379",
    )
    framed_by: str = _text(
        "",
        r"(https?://[\w.:*-]+( https?://[\w.:*-]+)*)?",
        "origins that may frame the page, as in https://school.example, separated by spaces",
    )
    log_visits: bool = _switch("whether each visit gets a line in the log", default=False)
    log_addresses: bool = _switch("whether these lines hold addresses", default=False)


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + setting.upper()


def read(environment: Mapping[str, str]) -> Config:
    """The settings that an environment says; the others have their defaults.

    Raises:
        ConfigError: a variable is unknown, or its value is not one that it may have.
    """
    known = {variable(setting.name): setting for setting in fields(Config)}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known.keys() | ELSEWHERE:
            raise ConfigError(
                f"{name} is not a setting of the playground. There are {', '.join(known)}."
            )
    said = {
        setting.name: _value(name, setting, environment[name])
        for name, setting in known.items()
        if name in environment
    }
    return Config(**said)


@cache
def config() -> Config:
    """The settings of this process, read once from its environment."""
    return read(os.environ)


def _value(name: str, setting: Field[Any], text: str) -> Any:
    if isinstance(setting.default, str):
        if not re.fullmatch(setting.metadata["pattern"], text):
            raise ConfigError(f"{name} must be {_about(setting)}, got {text!r}.")
        return text
    if isinstance(setting.default, bool):
        if text not in SWITCH:
            raise ConfigError(f"{name} must be on or off, got {text!r}: {_about(setting)}.")
        return SWITCH[text]
    low, high = setting.metadata["limits"]
    kind = int if isinstance(setting.default, int) else float
    try:
        value: float = kind(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        whole = "a whole number" if kind is int else "a number"
        raise ConfigError(
            f"{name} must be {whole} from {low:,g} to {high:,g}, got {text!r}: {_about(setting)}."
        )
    return value


def _about(setting: Field[Any]) -> str:
    return str(setting.metadata["about"])
