"""A run as a value that JSON can hold: its Spec, its live changes, and where it stands.

Whoever has the value can make the run again, to the last bit: a file of a session, and the board,
which hands it to a server that has never heard of the run.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from engine import OwnData, Spec
from engine.spec import check_number, settings_of, shown, with_settings
from playground.board.pinned import Pin
from playground.board.stopping import MAX_EPOCHS
from playground.limits import check_spec

MOST_CHANGES = 10_000  # live changes of one run
LONGEST_NAME = 200  # letters of a file, a column or a class of own data

Changes = tuple[tuple[float, str, Any], ...]


@dataclass(frozen=True)
class RunValue:
    """What makes a run again.

    Attributes:
        spec: as the run began.
        changes: live changes on the way, as `Run.changes` has them.
        epoch: where it stands; mid-epoch, a fraction.
        pin: the run beside it, None if there is none.
        stop_at: epoch at which the open lesson pauses it, None without one.
    """

    spec: Spec
    changes: Changes = ()
    epoch: float = 0.0
    pin: Pin | None = None
    stop_at: int | None = None


def described(spec: Spec, changes: Sequence[Any]) -> dict[str, Any]:
    """Spec and changes for JSON. Of own data it has the digest; `own_dict` has the rest."""
    settings = settings_of(spec)
    if spec.own is not None:
        settings["own"] = spec.own.digest
    return {"settings": settings, "changes": list(changes)}


def about(spec: Spec, pin: Pin | None, stop_at: int | None) -> dict[str, Any]:
    """What a board is told of a run: with its live changes and its epoch, it is the value."""
    return {
        "settings": described(spec, ())["settings"],
        "pin": None if pin is None else described(pin.spec, pin.changes),
        "stop_at": stop_at,
    }


def read_described(entry: Any, data: Mapping[str, Any]) -> tuple[Spec, Changes]:
    """Spec and changes of what `described` made.

    data: what `own_dict` made, by digest.

    Raises:
        ValueError, KeyError, TypeError: it is not as `described` makes it.
    """
    settings = dict(entry["settings"])
    if settings.get("own") is not None:
        settings["own"] = data[settings["own"]]
    if len(entry["changes"]) > MOST_CHANGES:
        raise ValueError(f"a run has at most {MOST_CHANGES:,} live changes")
    changes = tuple(
        (_epoch(position), str(setting), tuple(value) if isinstance(value, list) else value)
        for position, setting, value in entry["changes"]
    )
    return spec_from_dict(settings), changes


def read_value(text: str) -> RunValue:
    """The value that a board holds, from outside.

    Raises:
        ValueError: it can't be read, or asks for more than the page can show.
    """
    try:
        found = json.loads(text)
        data = found.get("data", {})
        spec, changes = read_described(found["present"], data)
        pin = None if found.get("pin") is None else Pin(*read_described(found["pin"], data))
        stop_at = found.get("stop_at")
        if stop_at is not None:
            stop_at = int(check_number("stop_at", stop_at, (1, MAX_EPOCHS)))
        value = RunValue(spec, changes, _epoch(found["present"]["epoch"]), pin, stop_at)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"the run is not as the board keeps it: {shown(error)}") from None
    for one in (spec, *([] if pin is None else [pin.spec])):
        check_spec(one)
    return value


def settings_dict(spec: Spec) -> dict[str, Any]:
    """Every setting by its name, and own data with all that is in them."""
    if spec.own is None:
        return settings_of(spec)
    return settings_of(spec) | {"own": own_dict(spec.own)}


def own_dict(own: OwnData) -> dict[str, Any]:
    """All that is in own data."""
    found = {field.name: getattr(own, field.name) for field in fields(OwnData)}
    return found | {name: found[name].tolist() for name in ("points", "labels")}


def spec_from_dict(found: Any) -> Spec:
    """The Spec of what `settings_dict` made; what it doesn't name has its default.

    Raises:
        ValueError: a setting is unknown or out of range.
    """
    if not isinstance(found, dict):
        raise ValueError(f"the settings must be an object of names and values, got {shown(found)}")
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in found.items()
    }
    if values.get("own") is not None:
        values["own"] = _own_from_dict(values["own"])
    try:
        return with_settings(Spec(), values)
    except TypeError:  # a list or an object in the place of a name
        raise ValueError("the settings must be numbers and names") from None


def _own_from_dict(found: Any) -> OwnData:
    names = {field.name for field in fields(OwnData)}
    if not isinstance(found, dict) or set(found) != names:
        raise ValueError(f"own must be an object with {', '.join(sorted(names))}")
    listed: dict[str, Any] = {
        name: tuple(value)
        if isinstance(value, list) and name not in ("points", "labels")
        else value
        for name, value in found.items()
    }
    try:
        _check_names(listed)
        return OwnData(**listed)
    except (TypeError, IndexError, OverflowError):  # no numbers and names, or rows of many lengths
        raise ValueError("own must hold numbers and names as the playground saves them") from None
    except ValueError as error:
        raise ValueError(f"the data in own can't be used: {str(error)[:200]}") from None


def _check_names(found: Mapping[str, Any]) -> None:
    """Raises ValueError if one of the names in own data is none, or a long one."""
    for name in (found["name"], found["target"], *found["columns"], *found["classes"]):
        if not isinstance(name, str) or len(name) > LONGEST_NAME:
            raise ValueError(f"a name must be text of at most {LONGEST_NAME} letters")


def _epoch(value: Any) -> float:
    return check_number("epoch", value, (0.0, float(MAX_EPOCHS)))
