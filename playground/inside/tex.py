"""Numbers and matrices for people to read: KaTeX, and small tables of coloured cells."""

import html
import re
from collections.abc import Sequence

import numpy as np

from playground.palette import VALUE_COLORS

ROOM = 38.0  # digits beside each other that a line of a phone has after “x =”
WIDTHS = {".": 0.6, "-": 1.6, "(": 0.8, ")": 0.8, "×": 1.5} | dict.fromkeys(
    " {}^_,\\", 0.0
)  # digits
MOST = 8  # rows of a table, and columns where there are more than SIDE of them
SIDE = 16


def number(value: float, digits: int = 4) -> str:
    """A number in KaTeX, with a number of significant digits."""
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return rf"{mantissa}\cdot 10^{{{int(exponent)}}}"
    return text


def factor(value: float, digits: int = 4) -> str:
    """A number as a factor: a negative one in parentheses."""
    text = number(value, digits)
    return f"({text})" if value < 0 or "cdot" in text else text


def of_matrices(formula: str, **names: str) -> str:
    r"""A formula of single letters with the names of matrices in place of `a`, `z` …."""
    return re.sub(
        r"(?<![\\A-Za-z])([a-z])(?![A-Za-z])",
        lambda letter: names.get(letter[0], letter[0]),
        formula,
    )


def products(pairs: Sequence[tuple[float, float]], *others: float) -> str:
    r"""Σ of products, and of other numbers, in KaTeX, for an `aligned` whose `&` is before it."""
    terms = [rf"{factor(left)}\cdot{factor(right)}" for left, right in pairs]
    return in_lines([*terms, *map(factor, others)], " + ", r" \\ &{}+ ")


def in_lines(terms: Sequence[str], joint: str, break_: str) -> str:
    """Terms in KaTeX side by side, as many in a line as a phone has room for.

    joint, break_: what stands between two of a line, and between the last one and the next line.
    """
    text, room = "", ROOM
    for term in terms:
        room -= _width(term) + 3.0  # the joint
        if text and room < 0.0:
            text, room = text + break_ + term, ROOM - _width(term) - 3.0
        else:
            text += joint + term if text else term
    return text


def _width(term: str) -> float:
    """About how many digits would be as wide, which are half an em each."""
    signs = re.sub(r"\\[a-zA-Z]+", "x", term.replace(r"\cdot", "×"))
    return sum(WIDTHS.get(sign, 1.0) for sign in signs)


def table(name: str, values: np.ndarray) -> str:
    """A matrix as HTML: its name, its shape, its first numbers, coloured by size.

    values: (rows, columns), or (columns,). Only the first samples of a batch are shown, whether
    they are rows or columns, but all units of a layer.
    """
    matrix = np.atleast_2d(values)
    rows, columns = matrix.shape
    shown = matrix[: rows if rows <= SIDE else MOST, : columns if columns <= SIDE else MOST]
    largest = float(np.abs(shown).max(initial=0.0)) or 1.0
    aside = f"<td>⋯ {columns - shown.shape[1]} more</td>" if columns > shown.shape[1] else ""
    body = "".join(
        f"<tr>{''.join(_cell(value, value / largest) for value in row)}{aside}</tr>"
        for row in shown
    )
    if rows > len(shown):
        body += f'<tr><td colspan="{shown.shape[1]}">⋮ {rows - len(shown)} more</td></tr>'
    return (
        f'<figure class="matrix"><figcaption><b>{html.escape(name)}</b> {rows} × {columns}'
        f'</figcaption><table aria-label="{html.escape(name)}, {rows} × {columns}">{body}</table>'
        "</figure>"
    )


def _cell(value: float, share: float) -> str:
    """A cell in the colours of the network's weights, stronger for larger numbers."""
    color = VALUE_COLORS[1 if value > 0 else 0]
    alpha = round(255 * 0.65 * min(abs(share), 1.0))
    text = f"{value:.3g}".replace("-", "−")
    return f'<td style="background:{color}{alpha:02x}" title="{float(value)!r}">{text}</td>'
