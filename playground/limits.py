"""What stays smooth and legible on the page; the engine takes far more, see `engine.spec`.

Whoever runs the playground may set less, see `server/config.py`.
"""

from dataclasses import replace
from typing import Any

from engine import Spec
from engine.own_data import ROWS
from engine.spec import LIMITS, check_layers, check_number, settings_of
from playground.server.config import config

PAGE_LIMITS = LIMITS | {"samples": (50, config().samples), "batch_size": (1, 2_000)}
PAGE_LAYERS = (0, config().layers)
PAGE_UNITS = (1, config().units)
OWN_ROWS = (ROWS[0], config().own_samples)
# units of a layer that is added to none; others are as wide as the one before
FIRST_LAYER_UNITS = min(4, PAGE_UNITS[1])
NO_OWN_DATA = "own data are switched off on this server"


def check(setting: str, value: Any) -> Any:
    """The value of a setting, if the page can show it; settings without limits pass.

    Raises:
        ValueError: it can't; the message names setting, limit and value.
    """
    if setting == "hidden":
        return check_layers(value, PAGE_LAYERS, PAGE_UNITS)
    if setting in PAGE_LIMITS:
        return check_number(setting, value, PAGE_LIMITS[setting])
    return value


def check_spec(spec: Spec) -> None:
    """Raises ValueError if a setting, or a person's own data, are beyond what the page can show."""
    for name, value in settings_of(spec).items():
        check(name, value)
    if spec.own is None:
        return
    if not config().own_data:
        raise ValueError(NO_OWN_DATA)
    check_number("rows of own data", len(spec.own.labels), OWN_ROWS)


def why_not(spec: Spec) -> str:
    """Why the page can't show a Spec; "" if it can."""
    try:
        check_spec(spec)
    except ValueError as error:
        return str(error)
    return ""


def fitted(spec: Spec) -> Spec:
    """A Spec with what is too large cut down to what the page can show."""
    most_units = PAGE_UNITS[1]
    hidden = tuple(min(units, most_units) for units in spec.hidden[: PAGE_LAYERS[1]])
    samples = min(spec.samples, int(PAGE_LIMITS["samples"][1]))
    return replace(spec, hidden=hidden, samples=samples)


def without_noise(said: Any) -> Any:
    """A number as a slider shows it: it counts in steps, and 0.1 + 4 · 0.05 is not quite 0.3."""
    return float(f"{said:.15g}") if isinstance(said, float) else said
