"""Tiles: what a teacher sees of each student's run, made from the run itself.

So the numbers are the engine's, and nobody says what their loss is. A tile is an object for JSON:

- `seat`: its number; `turn`: number of the turn that was on, 0 before the first.
- `run`, `epoch`, `state`: what is on the student's screen; the state is the board's word.
- `region`: a byte a node as base64, row by row, the lowest row first; `palette`: the RGBA colour of
  each byte.
- `train_loss`, `test_loss`, `test_accuracy` (R² for values; `score` says which); `parameters`: how
  many weights and biases there are.
- `diagnosis`: what stands in the way, as `STUCK` has it; "" if nothing does.
- `differs`: what differs from the start of the turn, in words, with semicolons between them.
- `value`: of the run, as `board/value.py` reads it, null for a large one or one with own data. A
  tile on every screen has none.
- `result`: of an experiment, `{"test_loss", "diverged"}` after the turn's epochs, null before.
- `reached`: of a challenge, `{"epochs", "parameters", "test_loss"}` of the best run that has come
  to the goal, null before.
"""

import base64
import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import parse_qsl

import numpy as np

from engine import Spec
from engine.run import LIVE_SETTINGS, PARAMETER, PARAMETERS
from engine.spec import data_of, recommended, with_settings
from playground import share
from playground.board.pinned import differences
from playground.board.sight import NODES, Sight
from playground.board.value import described
from playground.naming import data_label, setting_name, setting_value
from playground.palette import VALUE_COLORS, region_bytes, region_palette
from playground.room.room import Fewest, Turn

Tile = Mapping[str, Any]

LARGEST_VALUE = 16 * 1024  # bytes
OPACITIES = 16  # of each class: a small picture needs no more
LONGEST_WORDS = 200  # letters

# what a diagnosis is called in a word
STUCK = {
    "diverged": "diverged",
    "saturated": "saturated",
    "dead": "dead units",
    "vanishing": "vanishing gradient",
    "exploding": "exploding gradient",
    "symmetric": "equal units",
    "unstable": "unstable",
    "stuck": "stuck",
}
NOT_STARTED = "not started"


def make_tile(
    sight: Sight,
    *,
    seat: int,
    run: str,
    state: str,
    turn: Turn | None = None,
    before: Tile | None = None,
) -> dict[str, Any]:
    """The tile of what is on a student's screen.

    run: its name; state: of the board. before: the tile of the seat until now, whose results stay.
    """
    region, palette = _picture(sight)
    number = 0 if turn is None else turn.number
    had = before if before is not None and before["turn"] == number else {}
    words = "; ".join(_differing(sight, start_of(turn, seat)))
    return {
        "seat": seat,
        "turn": number,
        "run": run,
        "epoch": sight.epoch,
        "state": state,
        "region": region,
        "palette": palette,
        "train_loss": _number(sight.train_loss),
        "test_loss": _number(sight.test_loss),
        "test_accuracy": _number(sight.test_accuracy),
        "score": sight.spec.score_name,
        "parameters": sight.parameters,
        "diagnosis": _in_a_word(sight),
        "differs": words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…",
        "value": _value(sight),
        "result": had.get("result") or result_of(sight, turn, seat),
        "reached": better(had.get("reached"), reached_by(sight, turn, seat), turn),
    }


def start_of(turn: Turn | None, seat: int) -> Spec | None:
    """The Spec that a seat begins a turn with; None before the first."""
    return None if turn is None else _spec_of(turn.query_of(seat))


@lru_cache(maxsize=1_024)
def _spec_of(query: str) -> Spec:
    return share.from_query(dict(parse_qsl(query, keep_blank_values=True)))[0]


def result_of(sight: Sight, turn: Turn | None, seat: int) -> dict[str, Any] | None:
    """What a run says in an experiment: its test loss after exactly the turn's epochs.

    A run with other settings than those of the seat says nothing, nor one that was changed on its
    way; one that has diverged before says so.
    """
    if turn is None or turn.kind != "experiment" or sight.spec != start_of(turn, seat):
        return None
    if any(at < turn.epochs for at, *_ in sight.changes):
        return None
    if sight.whole_epochs < turn.epochs:
        return {"test_loss": None, "diverged": True} if sight.diverged else None
    at = int(np.searchsorted(sight.epochs, turn.epochs))
    if sight.epochs[at] != turn.epochs:
        return None  # a very long run has forgotten it
    return {"test_loss": _number(float(sight.test_losses[at])), "diverged": False}


def reached_by(sight: Sight, turn: Turn | None, seat: int) -> dict[str, Any] | None:
    """The first epoch of a run at which it comes to the goal of a challenge, None if it has not.

    It counts on the data of the turn, and if no weight was set by hand or loaded.
    """
    start = start_of(turn, seat)
    if turn is None or start is None or turn.kind != "challenge":
        return None
    if data_of(sight.spec) != data_of(start):
        return None
    if any(setting in (PARAMETER, PARAMETERS) for _, setting, _ in sight.changes):
        return None
    (there,) = np.nonzero(sight.test_losses <= turn.goal)
    if not there.size:
        return None
    first = int(there[0])
    return {
        "epochs": int(sight.epochs[first]),
        "parameters": sight.parameters,
        "test_loss": float(sight.test_losses[first]),
    }


def better(
    one: Mapping[str, Any] | None, other: Mapping[str, Any] | None, turn: Turn | None
) -> Mapping[str, Any] | None:
    """The better of two that have come to the goal of a challenge."""
    if one is None or other is None or turn is None:
        return other if one is None else one
    return min(one, other, key=lambda reached: order(reached, turn.fewest))


def order(reached: Mapping[str, Any], fewest: Fewest) -> tuple[int, int]:
    """What comes first in a challenge has the lowest: of equal ones, the earlier epoch."""
    epochs, parameters = reached["epochs"], reached["parameters"]
    return (parameters, epochs) if fewest == "parameters" else (epochs, parameters)


def _number(value: float) -> float:
    """A number that JSON has: what is infinite becomes the largest one."""
    return float(np.nan_to_num(value))


def _in_a_word(sight: Sight) -> str:
    if sight.diverged:
        return STUCK["diverged"]
    if sight.epoch == 0:
        return NOT_STARTED
    return STUCK.get(sight.kind, "")


def _differing(sight: Sight, start: Spec | None) -> list[str]:
    """What a person has changed, each in words."""
    live = {setting: value for _, setting, value in sight.changes if setting in LIVE_SETTINGS}
    spec = with_settings(sight.spec, live)
    base = start or recommended(spec.dataset)
    names = dict.fromkeys(name for name, *_ in differences(spec, base))
    said = []
    if spec.own != base.own:
        said.append("own data")
    elif "dataset" in names:
        said.append(data_label(spec))
    values = {name: value for name, value, _ in differences(spec, base) if name != "dataset"}
    said += [f"{setting_name(name)} {setting_value(name, value)}" for name, value in values.items()]
    by_hand = sum(setting == PARAMETER for _, setting, _ in sight.changes)
    if by_hand:
        said.append(f"{by_hand} weight{'s' if by_hand > 1 else ''} set by hand")
    if any(setting == PARAMETERS for _, setting, _ in sight.changes):
        said.append("loaded weights")
    return said


def _picture(sight: Sight) -> tuple[str, list[list[int]]]:
    """The bytes of the small picture, and the colours that they stand for."""
    predicted = np.nan_to_num(sight.predicted)
    if sight.spec.coordinates == 1:
        return _curve(predicted, sight.half_width)
    classes = 0 if sight.spec.is_regression else sight.spec.classes
    nodes, colors = region_bytes(predicted), _colors(classes)
    levels = 256 // (classes or 1)  # that a class has, or the values
    fewer = OPACITIES if classes else 2 * OPACITIES
    label, level = np.divmod(nodes.astype(int), levels)
    level = np.rint(np.rint(level * (fewer - 1) / (levels - 1)) * (levels - 1) / (fewer - 1))
    used, region = np.unique(label * levels + level.astype(int), return_inverse=True)
    return _as_text(region), colors[used].tolist()


@cache
def _colors(classes: int) -> np.ndarray:
    return np.array(region_palette(classes))


def _curve(predicted: np.ndarray, half_width: float) -> tuple[str, list[list[int]]]:
    """The curve of a network with one coordinate, as a line of nodes."""
    heights = np.clip((predicted[:, 1] / half_width + 1.0) / 2.0 * (NODES - 1), 0, NODES - 1)
    rows = np.rint(heights).astype(int)
    nodes = np.zeros((NODES, NODES), np.uint8)
    for column, row in enumerate(rows):  # up to halfway to the one before: no gaps
        low, high = sorted((row, (row + rows[max(column - 1, 0)]) // 2))
        nodes[low : high + 1, column] = 1
        low, high = sorted((row, (row + rows[min(column + 1, NODES - 1)]) // 2))
        nodes[low : high + 1, column] = 1
    blue = VALUE_COLORS[0]
    return _as_text(nodes), [[0, 0, 0, 0], [*bytes.fromhex(blue[1:]), 255]]


def _as_text(nodes: np.ndarray) -> str:
    return base64.b64encode(nodes.astype(np.uint8).tobytes()).decode()


def _value(sight: Sight) -> dict[str, Any] | None:
    if sight.spec.own is not None:
        return None
    present = described(sight.spec, sight.changes) | {"epoch": sight.epoch}
    if len(json.dumps(present)) > LARGEST_VALUE:
        return None
    return {"present": present, "pin": None, "stop_at": None, "data": {}}
