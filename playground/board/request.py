"""What the board asks for, read strictly: it comes from outside."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from engine.run import LIVE_SETTINGS, PARAMETER, PARAMETER_LIMITS
from engine.spec import LIMITS, check_number
from playground.board.start import SPEEDS
from playground.board.stopping import MAX_EPOCHS, StopRule, read_rule

BATCH = 0  # in the place of a speed: a mini-batch a frame
MAX_FRAMES = 120  # of one answer
MOST_CHANGES = 100  # of one request
MOST_LETTERS = 32  # of the name of a run
COUNTS = (0, 2**53)  # what JavaScript can count
EPOCHS = (0.0, float(MAX_EPOCHS))
LIMITS_OF_NUMBERS: Mapping[str, tuple[float, float]] = {
    "id": COUNTS,
    "take": COUNTS,
    "frames": (0, MAX_FRAMES),
    "epoch": EPOCHS,
    "last": EPOCHS,
}


@dataclass(frozen=True)
class Request:
    """What the board asks for.

    Attributes:
        id: number of the request; the answer bears it.
        run: the run that the board shows, "" if none yet.
        take: counts how often the board has dropped the frames that it had not drawn.
        epoch: of the frame on screen, its `Frame.epoch`; with a new take it may be a past one.
        last: of the newest frame that the board holds.
        frames: how many more it would like, up to `MAX_FRAMES`.
        speed: epochs per frame, one of `SPEEDS`; or `BATCH`.
        start: whether it needs the charts and the history.
        reset: whether to begin again.
        pin: True to go on as run B beside run A, which is this run up to the frame on screen; False
            to go on alone. With `reset`, both begin again, or the one does. Without, such a request
            begins a new take.
        stop: when to pause from now on. Such a request begins a new take.
        changes: what to change from the frame on screen on: pairs of setting and value as
            `Run.change` takes them. A request with changes begins a new take.
    """

    id: int = 0
    run: str = ""
    take: int = 0
    epoch: float = 0
    last: float = 0
    frames: int = 0
    speed: int = 1
    start: bool = False
    reset: bool = False
    pin: bool | None = None
    stop: StopRule | None = None
    changes: Sequence[tuple[str, Any]] = ()


def read_json(text: str) -> Mapping[str, Any]:
    """An object of names and values.

    Raises:
        ValueError: the text is something else.
    """
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("the message is nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("the message must be an object of names and values")
    return found


def read_request(found: Mapping[str, Any]) -> Request:
    """A request as the board sent it; what it doesn't say has its default.

    Raises:
        ValueError: it has another form, or a value out of range.
    """
    unknown = set(found) - {field.name for field in fields(Request)}
    if unknown:
        raise ValueError(f"a request has no {', '.join(sorted(unknown))}")
    values = dict(found)
    for name, limits in LIMITS_OF_NUMBERS.items():
        if name in values:
            values[name] = check_number(name, values[name], limits)
    if "speed" in values and check_number("speed", values["speed"], COUNTS) not in (*SPEEDS, BATCH):
        raise ValueError(f"speed must be one of {(*SPEEDS, BATCH)}, got {values['speed']}")
    run = values.get("run", "")
    if not isinstance(run, str) or len(run) > MOST_LETTERS:
        raise ValueError(f"run must be the name of a run, got {str(run)[:80]}")
    for name in ("start", "reset", "pin"):
        if not isinstance(values.get(name, False), bool):
            raise ValueError(f"{name} must be true or false, got {str(values[name])[:80]}")
    if "stop" in values:
        if not isinstance(values["stop"], dict):
            got = str(values["stop"])[:80]
            raise ValueError(f"stop must be an object of conditions, got {got}")
        values["stop"] = read_rule(values["stop"])
    values["changes"] = _changes(values.get("changes", []))
    return Request(**values)


def _changes(found: Any) -> tuple[tuple[str, Any], ...]:
    if not isinstance(found, list) or len(found) > MOST_CHANGES:
        raise ValueError(f"changes must be a list of {MOST_CHANGES} pairs at most")
    return tuple(_change(change) for change in found)


def _change(change: Any) -> tuple[str, Any]:
    """A live change as `Run.change` takes it, which knows how many parameters there are."""
    if isinstance(change, list) and len(change) == 2:
        setting, value = change
        if setting == PARAMETER and isinstance(value, list) and len(value) == 2:
            index = check_number("index", value[0], COUNTS)
            return PARAMETER, (index, check_number("weight or bias", value[1], PARAMETER_LIMITS))
        if isinstance(setting, str) and setting in LIVE_SETTINGS:
            return setting, check_number(setting, value, LIMITS[setting])
    raise ValueError(f"a live change must be a setting and its value, got {str(change)[:80]}")
