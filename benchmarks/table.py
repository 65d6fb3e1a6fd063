"""A line of the table that `make bench` prints."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, the figure, what was wanted, and whether that was reached."""

    what: str
    figure: float
    unit: str
    wanted: str
    reached: bool


def at_least(what: str, figure: float, unit: str, goal: float) -> Row:
    return Row(what, figure, unit, f"≥ {goal:g}", figure >= goal)


def at_most(what: str, figure: float, unit: str, goal: float) -> Row:
    return Row(what, figure, unit, f"≤ {goal:g}", figure <= goal)
