"""A whole visit as one file: the run on screen, run A, the last runs, and own data."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from engine import Spec
from engine.spec import check_number, shown
from playground.board.pinned import Pin
from playground.board.stopping import MAX_EPOCHS
from playground.board.value import described, own_dict, read_described
from playground.past.runs import MOST_RUNS, PastRun

VERSION = 1
MARK = "mlp_playground_session"  # the first name in such a file
NUMBERS = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
CURVES = ("epochs", "train_losses", "test_losses")


@dataclass(frozen=True)
class SavedVisit:
    """What a file of a session holds.

    Attributes:
        spec, changes, epoch: of the run on screen: what makes it again.
        pin: run A, None if there is none.
        past: the last runs, newest first.
    """

    spec: Spec
    changes: tuple[tuple[float, str, Any], ...]
    epoch: float
    pin: Pin | None
    past: list[PastRun]


def session_json(visit: SavedVisit) -> str:
    """A visit as text. Own data are in it once, however many runs used them."""
    data: dict[str, Any] = {}
    whole = {
        MARK: VERSION,
        "present": {**_described(visit.spec, visit.changes, data), "epoch": visit.epoch},
        "pin": visit.pin and _described(visit.pin.spec, visit.pin.changes, data),
        "past": [
            {
                **_described(run.spec, run.changes, data),
                **{name: getattr(run, name) for name in ("number", "epoch", *NUMBERS, *CURVES)},
                "picture": base64.b64encode(run.picture).decode(),
            }
            for run in visit.past
        ],
        "data": data,
    }
    return json.dumps(whole, separators=(",", ":")) + "\n"


def is_session(text: str) -> bool:
    """Whether a file says that it is one of a session."""
    return MARK in text[:100]


def read_session(text: str) -> SavedVisit:
    """What `session_json` made.

    Raises:
        ValueError: it can't be read, or holds what can't be run.
    """
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("the session is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"the session is not JSON: {error}") from None
    try:
        version = found[MARK]
        if version != VERSION:
            raise ValueError(
                f"the session has version {shown(version)}, this playground reads {VERSION}"
            )
        data = found["data"]
        spec, changes = read_described(found["present"], data)
        pin = None if found["pin"] is None else Pin(*read_described(found["pin"], data))
        past = [_read_past(entry, data) for entry in found["past"][:MOST_RUNS]]
        return SavedVisit(spec, changes, _epoch(found["present"]), pin, past)
    except (KeyError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
        raise ValueError(f"the session is not as the playground saves it: {shown(error)}") from None


def _described(spec: Spec, changes: Any, data: dict[str, Any]) -> dict[str, Any]:
    """What makes a run; own data go into `data` under their digest."""
    if spec.own is not None:
        data[spec.own.digest] = own_dict(spec.own)
    return described(spec, changes)


def _read_past(entry: Any, data: Any) -> PastRun:
    spec, changes = read_described(entry, data)
    numbers: dict[str, Any] = {name: _number(entry[name]) for name in NUMBERS}
    curves: dict[str, Any] = {name: [_number(value) for value in entry[name]] for name in CURVES}
    return PastRun(
        number=int(entry["number"]),
        spec=spec,
        changes=changes,
        epoch=_epoch(entry),
        picture=base64.b64decode(entry["picture"], validate=True),
        **numbers,
        **curves,
    )


def _number(value: Any) -> float:
    """A number as it is; also none, where a run has diverged."""
    if not isinstance(value, int | float):
        raise TypeError(f"a number is needed, got {shown(value)}")
    return float(value)


def _epoch(entry: Any) -> float:
    return check_number("epoch", entry["epoch"], (0.0, float(MAX_EPOCHS)))
