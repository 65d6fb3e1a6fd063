"""What a class has found out: the results of an experiment, the ranking of a challenge.

Both come from tiles, whose numbers are the engine's, see `tiles.py`.
"""

import csv
import io
import json
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from engine.spec import settings_of
from playground.experiments.charts import HEIGHT, heat_map
from playground.experiments.plan import Varied
from playground.figures import chart_layout
from playground.naming import setting_label, setting_name, setting_value
from playground.palette import TEST_COLOR
from playground.room.room import Room, Turn
from playground.room.tiles import Tile, order, start_of

SPREAD = 20.0  # largest over smallest, from which on an axis is logarithmic
MARGIN = 0.05  # of the axis, on both sides of its values
MOST_BEST = 5  # places of a challenge that the class sees


@dataclass(frozen=True)
class Row:
    """The result of one student in an experiment.

    Attributes:
        seat: its number.
        values: of the settings that are varied, in their order, as a Spec has them.
        test_loss: after the turn's epochs; infinite if the run has diverged before.
    """

    seat: int
    values: tuple[Any, ...]
    test_loss: float


def rows(room: Room, tiles: Mapping[int, Tile]) -> list[Row]:
    """The results of the experiment that is on, by seat; empty if there is none."""
    turn = room.turn
    if turn is None or turn.kind != "experiment":
        return []
    found = []
    for seat, tile in _of_turn(room, turn, tiles):
        result = tile["result"]
        if result is not None:
            loss = result["test_loss"]
            test_loss = math.inf if loss is None else float(loss)
            found.append(Row(seat, values_of(turn, seat), test_loss))
    return found


def values_of(turn: Turn, seat: int) -> tuple[Any, ...]:
    """The values of the varied settings that a seat has."""
    start = start_of(turn, seat)
    values = {} if start is None else settings_of(start)
    return tuple(values[setting] for setting, _ in turn.varied)


def results_of(room: Room, tiles: Mapping[int, Tile]) -> dict[str, Any] | None:
    """What the teacher's screen shows of an experiment or a challenge; None if none is on.

    `title`, and `words` of how far it is; `figure` of an experiment for Plotly, null of a
    challenge; `table` with its `head` and its `rows`, all of them text.
    """
    turn = room.turn
    if turn is None or turn.kind not in ("experiment", "challenge"):
        return None
    students = len(room.seats)
    if turn.kind == "challenge":
        ranked = ranking(room, tiles)
        few = "parameters" if turn.fewest == "parameters" else "epochs"
        return {
            "title": turn.title or f"Challenge: a test loss of {turn.goal:g} with the fewest {few}",
            "words": f"{len(ranked)} of {students} students have reached {turn.goal:g}.",
            "figure": None,
            "table": {
                "head": ["Place", "Student", "Parameters", "Epoch", "Test loss"],
                "rows": [
                    [
                        str(place["place"]),
                        place["alias"],
                        f"{place['parameters']:,}",
                        f"{place['epochs']:,}",
                        f"{place['test_loss']:.4g}",
                    ]
                    for place in ranked
                ],
            },
        }
    found = rows(room, tiles)
    names = " and ".join(setting_name(setting) for setting, _ in turn.varied)
    words = f"{len(found)} of {students} students have a result."
    if diverged := sum(math.isinf(row.test_loss) for row in found):
        words += f" {diverged} {'run has' if diverged == 1 else 'runs have'} diverged."
    return {
        "title": turn.title or f"Experiment: {names}",
        "words": words,
        "figure": json.loads(figure(turn, found).to_json()),
        "table": {
            "head": [
                *(setting_label(setting) for setting, _ in turn.varied),
                "Students",
                f"Median test loss at epoch {turn.epochs:,}",
            ],
            "rows": _in_rows(turn, found),
        },
    }


def _in_rows(turn: Turn, found: list[Row]) -> list[list[str]]:
    counts = Counter(row.values for row in found)
    middle = sorted(medians(found).items(), key=lambda entry: _sortable(entry[0]))
    return [
        [
            *(
                setting_value(setting, value)
                for (setting, _), value in zip(turn.varied, values, strict=True)
            ),
            str(counts[values]),
            f"{loss:.4g}" if math.isfinite(loss) else "diverged",
        ]
        for values, loss in middle
    ]


def figure(turn: Turn, found: Iterable[Row]) -> go.Figure:
    """The test losses of an experiment over what is varied."""
    found = list(found)
    if len(turn.varied) == 2:
        return _grid(turn, found)
    return _points(turn, found)


def medians(found: Iterable[Row]) -> dict[tuple[Any, ...], float]:
    """The median test loss of each value, or pair of values; infinite if most have diverged."""
    losses = defaultdict(list)
    for row in found:
        losses[row.values].append(row.test_loss)
    # the lower one of two in the middle: between a number and infinity there is no mean
    return {values: statistics.median_low(each) for values, each in losses.items()}


def table(room: Room, tiles: Mapping[int, Tile]) -> str:
    """The results as CSV; nobody's name is in it, nor an alias."""
    turn = room.turn
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    if turn is None or turn.kind not in ("experiment", "challenge"):
        return ""
    if turn.kind == "challenge":
        columns = ("place", "parameters", "epochs", "test_loss")
        write(columns)
        for place in ranking(room, tiles):
            write([place[column] for column in columns])
        return text.getvalue()
    write([*(setting for setting, _ in turn.varied), "epochs", "test_loss", "diverged"])
    for row in sorted(rows(room, tiles), key=lambda row: (_sortable(row.values), row.test_loss)):
        diverged = math.isinf(row.test_loss)
        values = [_plain(value) for value in row.values]
        loss = "" if diverged else repr(row.test_loss)
        write([*values, turn.epochs, loss, "yes" if diverged else "no"])
    return text.getvalue()


def ranking(room: Room, tiles: Mapping[int, Tile]) -> list[dict[str, Any]]:
    """Whoever has come to the goal of a challenge, the best first.

    Of two with as few, the one with the earlier epoch is before the other; still equal ones share
    their place.
    """
    turn = room.turn
    if turn is None or turn.kind != "challenge":
        return []
    reached = [
        (order(tile["reached"], turn.fewest), seat, tile["reached"])
        for seat, tile in _of_turn(room, turn, tiles)
        if tile["reached"] is not None
    ]
    reached.sort(key=lambda entry: entry[:2])
    orders = [found for found, *_ in reached]
    return [
        {"place": 1 + orders.index(found), "seat": seat, "alias": room.seats[seat].alias, **best}
        for found, seat, best in reached
    ]


def best(room: Room, tiles: Mapping[int, Tile]) -> list[dict[str, Any]]:
    """The first places of a challenge as the class sees them: by alias, with what they have."""
    return [
        {
            "place": place["place"],
            "name": place["alias"],
            "value": f"{place['parameters']:,} parameters, epoch {place['epochs']:,}",
        }
        for place in ranking(room, tiles)[:MOST_BEST]
    ]


def _of_turn(room: Room, turn: Turn, tiles: Mapping[int, Tile]) -> list[tuple[int, Tile]]:
    return [
        (seat, tile)
        for seat, tile in sorted(tiles.items())
        if seat in room.seats and tile["turn"] == turn.number
    ]


def _points(turn: Turn, found: list[Row]) -> go.Figure:
    """A point a student, and a line through the medians."""
    ((setting, _),) = turn.varied
    numeric = all(_is_number(value) for value in _values(turn, 0))
    # a run without a loss has no height: it stands at the upper edge
    finite = [row for row in found if math.isfinite(row.test_loss)]
    middle = [(key[0], loss) for key, loss in medians(found).items() if math.isfinite(loss)]
    middle.sort(key=lambda entry: _sortable((entry[0],)))
    show = (lambda value: value) if numeric else (lambda value: setting_value(setting, value))
    name = setting_name(setting)
    traces = [
        go.Scatter(
            x=[show(value) for value, _ in middle],
            y=[loss for _, loss in middle],
            name="median",
            mode="lines",
            line={"color": TEST_COLOR, "width": 2},
            hovertemplate=f"{name} %{{x}}: median %{{y:.4g}}<extra></extra>",
        ),
        go.Scatter(
            x=[show(row.values[0]) for row in finite],
            y=[row.test_loss for row in finite],
            name="one student each",
            mode="markers",
            marker={"color": TEST_COLOR, "size": 9, "opacity": 0.7},
            hovertemplate=f"{name} %{{x}}: %{{y:.4g}}<extra></extra>",
        ),
    ]
    diverged = [row for row in found if math.isinf(row.test_loss)]
    if diverged:
        highest = max((row.test_loss for row in finite), default=1.0)
        traces.append(
            go.Scatter(
                x=[show(row.values[0]) for row in diverged],
                y=[highest] * len(diverged),
                name="diverged",
                mode="markers",
                marker={"color": TEST_COLOR, "size": 11, "symbol": "x"},
                hovertemplate=f"{name} %{{x}}: diverged<extra></extra>",
            )
        )
    losses = [row.test_loss for row in finite]
    made = go.Figure(traces, chart_layout(name, f"test loss at epoch {turn.epochs:,}", HEIGHT))
    made.update_yaxes(type="log" if _is_spread(losses) else "linear")
    values = sorted(_values(turn, 0), key=lambda value: _sortable((value,)))
    if not numeric:
        shown = [show(value) for value in values]
        return made.update_xaxes(type="category", categoryorder="array", categoryarray=shown)
    kind = "log" if _is_spread(values) else "linear"
    # the axis is that of all values: it stays as it is while the chart fills
    low, high = np.log10([values[0], values[-1]]) if kind == "log" else (values[0], values[-1])
    room = MARGIN * ((high - low) or 1.0)
    return made.update_xaxes(
        type=kind,
        range=[low - room, high + room],
        tickvals=values,
        ticktext=[setting_value(setting, value) for value in values],
    )


def _grid(turn: Turn, found: list[Row]) -> go.Figure:
    """A cell for each pair of values, with the median."""
    varied = tuple(
        Varied(setting, tuple(sorted(_values(turn, index), key=lambda value: _sortable((value,)))))
        for index, (setting, _) in enumerate(turn.varied)
    )
    grid = np.full([len(each.values) for each in varied], np.nan)
    for values, loss in medians(found).items():
        cell = tuple(each.values.index(value) for each, value in zip(varied, values, strict=True))
        grid[cell] = loss
    label = f"median test loss at epoch {turn.epochs:,}"
    return heat_map(grid, varied, label, more_is_better=False)


def _values(turn: Turn, index: int) -> tuple[Any, ...]:
    """The values of one of the varied settings, each once."""
    many = math.prod(len(values) for _, values in turn.varied)
    return tuple(dict.fromkeys(values_of(turn, seat)[index] for seat in range(1, many + 1)))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_spread(values: Iterable[float]) -> bool:
    found = [*values]
    return bool(found) and min(found) > 0 and max(found) / min(found) >= SPREAD


def _sortable(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Numbers by size, layers by their number and then by their sizes, words by the alphabet."""
    return tuple(
        (0, (value,), "")
        if _is_number(value)
        else (1, (len(value), *value), "")
        if isinstance(value, tuple) and all(map(_is_number, value))
        else (2, (), str(value))
        for value in values
    )


def _plain(value: Any) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)
