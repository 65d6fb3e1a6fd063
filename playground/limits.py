"""What stays smooth and legible on the page; the engine takes far more, see `engine.spec`."""

from typing import Any

from engine.spec import LIMITS, check_layers, check_number

PAGE_LIMITS = LIMITS | {"samples": (50, 2_000), "batch_size": (1, 2_000)}
PAGE_LAYERS = (0, 6)
PAGE_UNITS = (1, 16)
FIRST_LAYER_UNITS = 4  # of a layer that is added to none; others are as wide as the one before


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


def without_noise(said: Any) -> Any:
    """A number as a slider shows it: it counts in steps, and 0.1 + 4 · 0.05 is not quite 0.3."""
    return float(f"{said:.15g}") if isinstance(said, float) else said
