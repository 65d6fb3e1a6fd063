"""Own data as a table to edit and save, and points added to them."""

import csv
import io
from dataclasses import replace

import numpy as np

from engine import OwnData, Run
from playground import naming
from playground.limits import NO_OWN_DATA, OWN_ROWS
from playground.own_data.table import Choice, Table
from playground.server.config import config


def taken_over(run: Run) -> OwnData:
    """The data of a run as own data: a toy dataset keeps its coordinates.

    Raises:
        ValueError: they can't be own data; the message says why.
    """
    spec = run.spec
    if not config().own_data:
        raise ValueError(NO_OWN_DATA)
    if spec.own is not None:
        return spec.own
    labels = np.concatenate([run.train_labels, run.test_labels])
    if spec.coordinates == 1:
        raise ValueError("a curve has one coordinate, but your own data need two")
    return OwnData(
        name=f"{spec.dataset} with points added",
        columns=("x1", "x2"),
        target="value" if spec.is_regression else "class",
        points=np.concatenate([run.train_points, run.test_points]),
        labels=labels,
        classes=tuple(naming.class_names(spec)),
        centre=(0.0, 0.0),
        scale=(1.0, 1.0),
    )


def with_point(own: OwnData, x: float, y: float, label: int) -> OwnData:
    """The data with one more point; the standard units stay the same.

    x, y: the first two coordinates, in the units of the data. The others are at their means.

    Raises:
        ValueError: the class does not exist, or there is no room for another point.
    """
    if not 0 <= label < len(own.classes):
        raise ValueError(f"class must be from 0 to {len(own.classes) - 1}, got {label}")
    if len(own.labels) >= OWN_ROWS[1]:
        raise ValueError(f"there are {len(own.labels):,} points, and the limit is {OWN_ROWS[1]:,}")
    point = np.zeros(len(own.columns))
    point[:2] = [(at - own.centre[i]) / own.scale[i] for i, at in enumerate((x, y))]
    return replace(
        own,
        points=np.vstack([own.points, point]),
        labels=np.append(own.labels, label),
    )


def original(own: OwnData) -> np.ndarray:
    """The coordinates in their original units, (samples, coordinates)."""
    values: np.ndarray = np.array(own.centre) + np.array(own.scale) * own.points
    return values


def to_table(own: OwnData) -> tuple[Table, Choice]:
    """The data in their original units, and the role of each column."""
    if own.classes:
        labels = [own.classes[label] for label in own.labels]
    else:
        labels = [_text(own.target_centre + own.target_scale * value) for value in own.labels]
    rows = tuple(
        (*map(_text, values), label) for values, label in zip(original(own), labels, strict=True)
    )
    table = Table(own.name, (*own.columns, own.target), rows)
    return table, Choice(own.columns, own.target, own.is_regression)


def to_csv(table: Table) -> str:
    """A table as the text of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([table.columns, *table.rows])
    return text.getvalue()


def sample_csv() -> str:
    """An example file: 90 invented plants of three kinds."""
    rng = np.random.default_rng(7)
    kinds = {"moss": (4.0, 1.2), "fern": (30.0, 3.0), "palm": (60.0, 2.0)}
    rows = [
        (f"{rng.normal(height, height / 4.0):.1f}", f"{rng.normal(width, 0.5):.2f}", kind)
        for kind, (height, width) in kinds.items()
        for _ in range(30)
    ]
    return to_csv(Table("plants.csv", ("height in cm", "leaf width in cm", "kind"), tuple(rows)))


def in_words(own: OwnData) -> list[str]:
    """How each column was rescaled, one line per column."""
    lines = [
        f"x{'₁₂₃₄₅₆₇'[i]} = ({column} − {centre:.4g}) / {scale:.4g}"
        for i, (column, centre, scale) in enumerate(
            zip(own.columns, own.centre, own.scale, strict=True)
        )
    ]
    if own.is_regression:
        lines.append(f"y = ({own.target} − {own.target_centre:.4g}) / {own.target_scale:.4g}")
    else:
        counts = np.bincount(own.labels, minlength=len(own.classes))
        listed = [f"{name} {count:,}" for name, count in zip(own.classes, counts, strict=True)]
        lines.append(f"{own.target}: {', '.join(listed)}")
    return lines


def _text(value: float) -> str:
    """A number without digits that come only from rounding."""
    return f"{value:.12g}"
