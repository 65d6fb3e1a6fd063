"""A CSV file, read strictly: whatever can't be used is refused with file, row and column."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.own_data import CLASSES, COORDINATES, ROWS, OwnData, standardized

MOST_MEGABYTES = 5
MOST_COLUMNS = 200
DELIMITERS = ",;\t"
MOST_NAMED = 5  # row numbers in a message


@dataclass(frozen=True)
class Table:
    """Rows of text, as they are in a file.

    Attributes:
        name: of the file.
        columns: their names, each another one.
        rows: cells, as many a row as there are columns.
        numbers: of each row in the file, as a person counts; empty for 1, 2, 3 …
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()

    def column(self, name: str) -> list[str]:
        """The cells of a column, from the first row to the last."""
        index = self.columns.index(name)
        return [row[index] for row in self.rows]


@dataclass(frozen=True)
class Choice:
    """Which columns of a table are used for what.

    Attributes:
        inputs: names of the columns of numbers; the first two span the picture.
        target: name of the column with the class, or the value to predict.
        is_regression: whether it is a value.
    """

    inputs: tuple[str, ...]
    target: str
    is_regression: bool


def read_table(content: bytes, name: str) -> Table:
    """The table of a CSV file, with or without a line of names; commas, semicolons or tabs.

    Raises:
        ValueError: it can't be read; the message names file, row and column.
    """
    if len(content) > MOST_MEGABYTES * 1_000_000:
        size = len(content) / 1_000_000
        raise ValueError(f"{name} has {size:.1f} MB; it may have {MOST_MEGABYTES} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not text in UTF-8; save it as CSV in UTF-8") from None
    if "\0" in text:
        raise ValueError(f"{name} is not text; save it as CSV in UTF-8")
    rows = _rows(text, name)
    if not rows:
        raise ValueError(f"{name} is empty")
    if len(rows) - 1 > ROWS[1]:
        raise ValueError(f"{name} has {len(rows) - 1:,} rows; it may have {ROWS[1]:,}")
    (_, first), *others = rows
    if len(first) > MOST_COLUMNS:
        raise ValueError(f"{name} has {len(first)} columns; it may have {MOST_COLUMNS}")
    for number, row in others:
        if len(row) != len(first):
            raise ValueError(
                f"{name}, row {number}: {len(row)} columns where the first row has {len(first)}"
            )
    has_names = not any(is_number(cell) for cell in first)
    names = first if has_names else [f"column {i}" for i in range(1, len(first) + 1)]
    kept = others if has_names else rows
    return Table(
        name,
        _unlike(names),
        tuple(tuple(row) for _, row in kept),
        tuple(number for number, _ in kept),
    )


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with its number."""
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for number, row in enumerate(reader, start=1):
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((number, cells))
    except csv.Error as error:
        raise ValueError(f"{name}, row {len(rows) + 1}: {error}") from None
    return rows


def _unlike(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which no two are the same, and none is empty."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        wanted = name or f"column {number}"
        while wanted in found:
            wanted += "′"
        found.append(wanted)
    return tuple(found)


def is_number(cell: str) -> bool:
    """Whether a cell is written as a number, "inf" and "nan" included."""
    try:
        to_number(cell)
    except ValueError:
        return False
    return True


def to_number(cell: str) -> float:
    """A cell as a number, with a decimal point or a decimal comma."""
    try:
        return float(cell)
    except ValueError:
        return float(cell.replace(",", ".", 1))


def number_columns(table: Table) -> list[str]:
    """Columns of numbers: those with more numbers than other cells."""
    return [
        name
        for name in table.columns
        if 2 * sum(map(is_number, table.column(name))) > len(table.rows) > 0
    ]


def suggest(table: Table) -> Choice:
    """Which columns a person most likely means.

    The class is the last column of words, or else the last one with few different numbers; where
    there is neither, the last column is a value to predict.

    Raises:
        ValueError: there are not enough columns of numbers.
    """
    numbers = number_columns(table)
    words = [name for name in table.columns if name not in numbers]
    few = [
        name
        for name in numbers
        if CLASSES[0] <= len(set(table.column(name))) <= CLASSES[1]
        and all(map(_is_whole, table.column(name)))
    ]
    target = (words or few or numbers or table.columns)[-1]
    inputs = [name for name in numbers if name != target]
    if len(inputs) < COORDINATES[0]:
        found = ", ".join(numbers) or "none"
        raise ValueError(
            f"{table.name} needs {COORDINATES[0]} columns of numbers and one with the class or the "
            f"value; its columns of numbers: {found}"
        )
    return Choice(tuple(inputs[: COORDINATES[1]]), target, not words and target not in few)


def _is_whole(cell: str) -> bool:
    return is_number(cell) and to_number(cell).is_integer()


def to_own_data(table: Table, choice: Choice) -> OwnData:
    """The data of the chosen columns, in standard units.

    Raises:
        ValueError: they can't be used; the message names file, row and column.
    """
    low, high = COORDINATES
    if not low <= len(choice.inputs) <= high:
        raise ValueError(
            f"{table.name}: choose from {low} to {high} columns of numbers, got "
            f"{len(choice.inputs)}"
        )
    if choice.target in choice.inputs:
        raise ValueError(f"{table.name}: “{choice.target}” can't be both an input and the target")
    if not ROWS[0] <= len(table.rows) <= ROWS[1]:
        raise ValueError(
            f"{table.name} has {len(table.rows):,} rows of data; there must be from {ROWS[0]} to "
            f"{ROWS[1]:,}"
        )
    values = np.column_stack([_numbers(table, name) for name in choice.inputs])
    if choice.is_regression:
        labels = _numbers(table, choice.target)
        return standardized(table.name, choice.inputs, choice.target, values, labels, ())
    labels, classes = _classes(table, choice.target)
    return standardized(table.name, choice.inputs, choice.target, values, labels, classes)


def _numbers(table: Table, name: str) -> np.ndarray:
    cells = table.column(name)
    bad = [i for i, cell in enumerate(cells) if not is_number(cell)]
    if bad:
        shown = cells[bad[0]] or "an empty cell"
        raise ValueError(
            f"{table.name}, {_row_numbers(table, bad)}, column “{name}”: a number is needed, got "
            f"{shown}"
        )
    numbers = np.array([to_number(cell) for cell in cells])
    wrong = [i for i, number in enumerate(numbers) if not math.isfinite(number)]
    if wrong:
        raise ValueError(
            f"{table.name}, {_row_numbers(table, wrong)}, column “{name}”: numbers must be finite, "
            f"got {cells[wrong[0]]}"
        )
    return numbers


def _classes(table: Table, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    cells = table.column(name)
    empty = [i for i, cell in enumerate(cells) if not cell]
    if empty:
        where = _row_numbers(table, empty)
        raise ValueError(f"{table.name}, {where}, column “{name}”: the class is missing")
    found = list(dict.fromkeys(cells))
    fewest, most = CLASSES
    if not fewest <= len(found) <= most:
        listed = ", ".join(found[:3]) + ("…" if len(found) > 3 else "")
        raise ValueError(
            f"{table.name}, column “{name}”: there must be from {fewest} to {most} classes, got "
            f"{len(found):,} ({listed})"
        )
    if all(map(is_number, found)):
        found.sort(key=to_number)
    index = {cell: i for i, cell in enumerate(found)}
    return np.array([index[cell] for cell in cells]), tuple(found)


def _row_numbers(table: Table, indices: Sequence[int]) -> str:
    """Rows of the file, as a person counts; of many, the first ones."""
    numbers = [
        str(table.numbers[index] if table.numbers else index + 1) for index in indices[:MOST_NAMED]
    ]
    more = f" and {len(indices) - MOST_NAMED:,} more" if len(indices) > MOST_NAMED else ""
    return f"row{'s' if len(indices) > 1 else ''} {', '.join(numbers)}{more}"
