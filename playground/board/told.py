"""What the board tells the page, read strictly: it comes from outside."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.spec import check_layers, check_number, shown
from playground.board.request import COUNTS, EPOCHS, MOST_LETTERS
from playground.limits import PAGE_LAYERS, PAGE_UNITS

PARTS = ("training", "test")
LONGEST_QUERY = 8_000  # letters of a link


@dataclass(frozen=True)
class Told:
    """Something that has happened on the board.

    Attributes:
        name: one of `READERS`.
        value: what there is to know of it.
    """

    name: str
    value: Mapping[str, Any]


def read_told(found: Any) -> Told:
    """What a board told.

    Raises:
        ValueError: it has another form, or a value out of range.
    """
    if not isinstance(found, dict) or set(found) != {"name", "value"}:
        raise ValueError("what is told must be a name and a value")
    name, value = found["name"], found["value"]
    if not isinstance(name, str) or name not in READERS or not isinstance(value, dict):
        raise ValueError(f"a board tells {', '.join(READERS)}, got {str(name)[:80]}")
    try:
        return Told(name, READERS[name](value))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{name} can't be understood: {shown(error)}") from None


def _reshape(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Other hidden layers are wanted."""
    return {"hidden": check_layers(value["hidden"], PAGE_LAYERS, PAGE_UNITS)}


def read_moment(value: Any) -> tuple[str, float]:
    """Which epoch of which run stands still on screen.

    Raises:
        ValueError: it has another form, or a value out of range.
    """
    if not isinstance(value, dict) or not {"run", "epoch"} <= set(value):
        raise ValueError("a moment must be an object with run and epoch")
    run = value["run"]
    if not isinstance(run, str) or len(run) > MOST_LETTERS:
        raise ValueError(f"run must be the name of a run, got {str(run)[:80]}")
    return run, check_number("epoch", value["epoch"], EPOCHS)


def read_sample(value: Mapping[str, Any]) -> tuple[str, int]:
    """Which data point is meant: its part, and its index there.

    Raises:
        ValueError: it can't be one.
        KeyError, TypeError: it has another form.
    """
    part = value["part"]
    if part not in PARTS:
        raise ValueError(f"part must be one of {', '.join(PARTS)}, got {str(part)[:80]}")
    return part, int(check_number("index", value["index"], COUNTS))


def _look(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A picture stands still, and maybe a sample or a weight of it is to be explained."""
    run, epoch = read_moment(value)
    read: dict[str, Any] = {"run": run, "epoch": epoch}
    if "sample" in value:
        part, index = read_sample(value["sample"])
        read["sample"] = {"part": part, "index": index}
    if "weight" in value:
        ends = value["weight"]
        read["weight"] = {
            end: None
            if (end, ends[end]) == ("from", None)
            else check_number(end, ends[end], COUNTS)
            for end in ("layer", "from", "to")
        }
    return read


def _edit(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A point was added to the data, in the units of the axes; or is to be taken back."""
    if value.get("undo"):
        return {"undo": True}
    places = {name: check_number(name, value[name], (-math.inf, math.inf)) for name in ("x", "y")}
    if not all(map(math.isfinite, places.values())):
        raise ValueError("a point's place must be finite")
    return {**places, "label": check_number("label", value["label"], COUNTS)}


def _changed(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The run is another one, or has another live setting: the page shows it."""
    return {}


def _copied(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A link was copied that leaves out a person's data."""
    return {}


def _history(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Back or Forward was pressed: the address is another link now."""
    query = value["query"]
    if not isinstance(query, str) or len(query) > LONGEST_QUERY:
        raise ValueError(f"query must be a link's, got {str(query)[:80]}")
    return {"query": query}


def _lesson(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first lesson is to be opened."""
    return {}


READERS: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "reshape": _reshape,
    "look": _look,
    "edit": _edit,
    "changed": _changed,
    "copied": _copied,
    "history": _history,
    "lesson": _lesson,
}
