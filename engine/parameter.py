"""A number that can be set of an entry: the momentum of an optimizer, the turns of a spiral."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """A number with limits, declared by the entry that uses it.

    Attributes:
        name: in a Spec, in links and in files.
        label: what people see.
        help: one line on what it does.
        low, high: the smallest and the largest value that it may have.
        default: the value that it has if nobody sets it.
        step: how far a control moves it.
    """

    name: str
    label: str
    help: str
    low: float
    high: float
    default: float
    step: float

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self.low, self.high
