"""Checks of the value of a setting; an error says which values are possible."""

import math
import operator
from typing import Any

MOST_LETTERS = 80  # of a value in a message


def shown(value: Any) -> str:
    """The value for a message, as Python writes it; a long one is cut."""
    text = repr(value)
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


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
        raise ValueError(f"{wanted}, got {shown(value)}") from None
    if not low <= number <= high or math.isnan(number):
        raise ValueError(f"{wanted}, got {shown(value)}")
    return number + 0  # −0.0 + 0 is 0.0


def check_layers(hidden: Any, layers: tuple[int, int], units: tuple[int, int]) -> tuple[int, ...]:
    """The hidden layers as a tuple of ints, if there are not too many or too large ones.

    Raises:
        ValueError: there are; the message names the limit and the value.
    """
    fewest, most = layers
    if not isinstance(hidden, list | tuple) or not fewest <= len(hidden) <= most:
        raise ValueError(
            f"hidden must be a tuple of {fewest} to {most} layers, got {shown(hidden)}"
        )
    return tuple(
        int(check_number(f"hidden[{layer}]", number, units)) for layer, number in enumerate(hidden)
    )
