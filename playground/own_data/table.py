"""A CSV file, read strictly: what can't be used is refused, with file, row and column."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.own_data import CLASSES, COORDINATES, OwnData, standardized
from playground.limits import OWN_ROWS

MOST_MEGABYTES = 5
MOST_COLUMNS = 200
LONGEST_CELL = 1_000  # letters
LONGEST_NAME = 100  # letters of a column or a class: it stands on axes and buttons
UPLOAD_MEGABYTES = 20  # what is larger never gets here, and only a small sign of Streamlit says so
DELIMITERS = "\t;,"
ROWS_TO_TELL = 50  # rows that decide which delimiter it is
MISSING = {
    "",
    "na",
    "n/a",
    "nan",
    "null",
    "?",
}  # how files write that there is nothing, in any case
MOST_NAMED = 5  # row numbers in one message


@dataclass(frozen=True)
class Table:
    """Rows of text, as they are in a file.

    Attributes:
        name: of the file.
        columns: their names, all different.
        rows: cells, one per column in each row.
        numbers: of each row in the file, counted from 1; empty for 1, 2, 3 …
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
    """The role of the columns of a table.

    Attributes:
        inputs: names of the columns of numbers; the first two span the picture.
        target: name of the column with the class, or the value to predict.
        is_regression: whether the target is a value.
    """

    inputs: tuple[str, ...]
    target: str
    is_regression: bool


def read_table(content: bytes, name: str) -> Table:
    """The table of a CSV file, with or without a header line; commas, semicolons or tabs.

    Raises:
        ValueError: it can't be read; the message names file, row and column.
    """
    if len(content) > MOST_MEGABYTES * 1_000_000:
        size = math.ceil(len(content) / 100_000) / 10
        raise ValueError(
            f"{name} is too large: {size:.1f} MB, but the limit is {MOST_MEGABYTES} MB"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not UTF-8 text; save it as CSV in UTF-8") from None
    if "\0" in text:
        raise ValueError(f"{name} is not text; save it as CSV in UTF-8")
    rows = _rows(text, name)
    if not rows:
        raise ValueError(f"{name} is empty")
    if len(rows) - 1 > OWN_ROWS[1]:
        raise ValueError(f"{name} has {len(rows) - 1:,} rows, but the limit is {OWN_ROWS[1]:,}")
    (_, first), *others = rows
    if len(first) > MOST_COLUMNS:
        raise ValueError(f"{name} has {len(first)} columns, but the limit is {MOST_COLUMNS}")
    for number, row in others:
        if len(row) != len(first):
            raise ValueError(
                f"{name}, row {number}: {len(row)} columns, but the first row has {len(first)}"
            )
    for number, row in rows:
        longest = max(map(len, row))
        if longest > LONGEST_CELL:
            raise ValueError(
                f"{name}, row {number}: a cell has {longest:,} letters, but the limit is "
                f"{LONGEST_CELL:,}"
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
    rows = []
    try:
        delimiter = _delimiter(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, row in enumerate(reader, start=1):
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((number, cells))
    except csv.Error as error:
        raise ValueError(f"{name}, row {len(rows) + 1}: {error}") from None
    return rows


def _delimiter(text: str) -> str:
    """What separates the columns: the delimiter that makes most cells numbers.

    With a decimal comma there are as many commas as semicolons in “1,5;2,3;a”.
    """
    head = [line for line in text.splitlines() if line.strip()][:ROWS_TO_TELL]

    def finds(delimiter: str) -> tuple[int, int]:
        rows = [[cell.strip() for cell in row] for row in csv.reader(head, delimiter=delimiter)]
        like_the_first = [row for row in rows if len(row) == len(rows[0]) > 1]
        numbers = sum(is_number(cell) for row in like_the_first for cell in row)
        return numbers, head[0].count(delimiter)

    return max(DELIMITERS, key=finds) if head else DELIMITERS[0]


def _unlike(names: Sequence[str]) -> tuple[str, ...]:
    """The names, made different and not empty."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        wanted = name[:LONGEST_NAME] or f"column {number}"
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


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is nothing, as “NA” does."""
    return cell.strip().lower() in MISSING


def _present(table: Table, name: str) -> list[str]:
    """The cells of a column that aren't missing."""
    return [cell for cell in table.column(name) if not is_missing(cell)]


def number_columns(table: Table) -> list[str]:
    """Columns with more numbers than other cells, missing cells aside."""
    found = []
    for name in table.columns:
        cells = _present(table, name)
        if 2 * sum(map(is_number, cells)) > len(cells):
            found.append(name)
    return found


def incomplete_rows(table: Table, choice: Choice) -> list[int]:
    """Indices of the rows in which a chosen column is missing."""
    chosen = [table.columns.index(name) for name in {*choice.inputs, choice.target}]
    return [
        i for i, row in enumerate(table.rows) if any(is_missing(row[column]) for column in chosen)
    ]


def without_rows(table: Table, indices: Sequence[int]) -> Table:
    """The table with some of its rows left out; the others keep their numbers."""
    left_out = set(indices)
    kept = [i for i in range(len(table.rows)) if i not in left_out]
    return replace(
        table,
        rows=tuple(table.rows[i] for i in kept),
        numbers=tuple(table.numbers[i] if table.numbers else i + 1 for i in kept),
    )


def suggest(table: Table) -> Choice:
    """The columns that a person most likely means.

    The class is the last column of a few repeated words, or else the last one of a few whole
    numbers. Where there is neither, the last column of numbers is a value to predict; a column of
    names that are all different is the class only if nothing else is left.

    Raises:
        ValueError: there are not enough columns of numbers.
    """
    numbers = number_columns(table)
    words = [name for name in table.columns if name not in numbers]
    repeated = [name for name in words if _are_few(_present(table, name))]
    whole = [
        name
        for name in numbers
        if _are_few(_present(table, name)) and all(map(_is_whole, _present(table, name)))
    ]
    # in this order; a value to predict needs enough columns of numbers besides it
    values = numbers if len(numbers) > COORDINATES[0] else []
    target = (repeated or whole or values or words or numbers or table.columns)[-1]
    inputs = [name for name in numbers if name != target]
    if len(inputs) < COORDINATES[0]:
        found = ", ".join(numbers) or "none"
        raise ValueError(
            f"{table.name} needs at least {COORDINATES[0]} columns of numbers, and one more with "
            f"the class or the value to predict; columns of numbers found: {found}"
        )
    is_value = target in numbers and target not in whole
    return Choice(tuple(inputs[: COORDINATES[1]]), target, is_value)


def _are_few(cells: Sequence[str]) -> bool:
    """Whether they can be classes: a few different ones, each at least twice on average."""
    different = len(set(cells))
    return CLASSES[0] <= different <= min(CLASSES[1], len(cells) // 2)


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
            f"{table.name}: choose {low} to {high} columns of numbers, got {len(choice.inputs)}"
        )
    if choice.target in choice.inputs:
        raise ValueError(f"{table.name}: “{choice.target}” can't be both an input and the target")
    if not OWN_ROWS[0] <= len(table.rows) <= OWN_ROWS[1]:
        raise ValueError(
            f"{table.name} has {len(table.rows):,} rows of data; there must be {OWN_ROWS[0]} to "
            f"{OWN_ROWS[1]:,}"
        )
    values = np.column_stack([_numbers(table, name) for name in choice.inputs])
    if choice.is_regression:
        labels = _numbers(table, choice.target)
        return standardized(table.name, choice.inputs, choice.target, values, labels, ())
    labels, classes = _classes(table, choice.target)
    return standardized(table.name, choice.inputs, choice.target, values, labels, classes)


def _numbers(table: Table, name: str) -> np.ndarray:
    cells = table.column(name)
    missing = [i for i, cell in enumerate(cells) if is_missing(cell)]
    if missing:
        where = _row_numbers(table, missing)
        raise ValueError(f"{table.name}, {where}, column “{name}”: the number is missing")
    bad = [i for i, cell in enumerate(cells) if not is_number(cell)]
    if bad:
        raise ValueError(
            f"{table.name}, {_row_numbers(table, bad)}, column “{name}”: a number is needed, got "
            f"{cells[bad[0]]}"
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
    missing = [i for i, cell in enumerate(cells) if is_missing(cell)]
    if missing:
        where = _row_numbers(table, missing)
        raise ValueError(f"{table.name}, {where}, column “{name}”: the class is missing")
    found = list(dict.fromkeys(cells))
    fewest, most = CLASSES
    if not fewest <= len(found) <= most:
        listed = ", ".join(found[:3]) + ("…" if len(found) > 3 else "")
        raise ValueError(
            f"{table.name}, column “{name}”: there must be {fewest} to {most} classes, got "
            f"{len(found):,} ({listed})"
        )
    longest = max(found, key=len)
    if len(longest) > LONGEST_NAME:
        raise ValueError(
            f"{table.name}, column “{name}”: a class has a name of {len(longest):,} letters, but "
            f"the limit is {LONGEST_NAME}"
        )
    if all(map(is_number, found)):
        found.sort(key=to_number)
    index = {cell: i for i, cell in enumerate(found)}
    return np.array([index[cell] for cell in cells]), tuple(found)


def _row_numbers(table: Table, indices: Sequence[int]) -> str:
    """Rows of the file, counted from 1; of many, the first ones."""
    numbers = [
        str(table.numbers[index] if table.numbers else index + 1) for index in indices[:MOST_NAMED]
    ]
    more = f" and {len(indices) - MOST_NAMED:,} more" if len(indices) > MOST_NAMED else ""
    return f"row{'s' if len(indices) > 1 else ''} {', '.join(numbers)}{more}"
