"""What is open beside the teacher's board, as HTML for students' bare pages.

Markdown becomes HTML, and formulas become MathML, which browsers draw by themselves. The page of
whoever plays shows the same texts with Streamlit.
"""

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import latex2mathml.converter
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from engine import Run
from playground.board.stream import Stream
from playground.inside.story import Weight, tell
from playground.lessons import LESSONS
from playground.naming import layer_names, unit_names
from playground.room.read import Shown

STEP = "step"  # the view that has a step explained
PARTS = ("training", "test")
# what KaTeX knows under names that the converter does not
ALIASES = (
    (re.compile(r"\{aligned\}"), "{align*}"),
    (re.compile(r"\\[tdc]frac(?![a-zA-Z])"), r"\\frac"),
    (re.compile(r"\\frac(\d)(\d)"), r"\\frac{\1}{\2}"),
)


def to_html(markdown: str) -> str:
    """Markdown with formulas as HTML; markup in it is text."""
    return str(_reader().render(markdown))


def to_mathml(formula: str, *, is_display: bool = False) -> str:
    """A formula of LaTeX as MathML."""
    for pattern, alias in ALIASES:
        formula = pattern.sub(alias, formula)
    display = "block" if is_display else "inline"
    return str(latex2mathml.converter.convert(formula.strip(), display=display))


@lru_cache(maxsize=64)
def lesson_html(name: str, *, explained: bool) -> str:
    """The text of a lesson and its question; the right answer and why, once that is shown."""
    lesson = LESSONS[name]
    parts = [f"<h2>{to_html_line(lesson.title)}</h2>", to_html(lesson.text)]
    options = "".join(f"<li>{to_html_line(option)}</li>" for option in lesson.options)
    parts.append(f"<h3>{to_html_line(lesson.question)}</h3><ul>{options}</ul>")
    if explained:
        parts.append(f"<p><strong>The answer:</strong> {to_html_line(lesson.right)}.</p>")
        parts.append(to_html(lesson.explanation))
    return "".join(parts)


def to_html_line(markdown: str) -> str:
    """A line of Markdown, without a paragraph around it."""
    return str(_reader().renderInline(markdown))


def step_html(run: Run, weight: Weight, part: str, index: int) -> str:
    """How one weight gets its next value, with the numbers of one sample of a run.

    part, index: of the sample, one of `PARTS` and counted from 0.
    """
    is_training = part == PARTS[0]
    inputs, targets = (run.test_inputs, run.test_targets)
    if is_training:
        inputs, targets = run.train_inputs, run.train_targets
    row = slice(index, index + 1)
    member = is_training and index in run.next_batch()
    story = tell(run, weight, inputs[row], targets[row], member=member)
    names = unit_names(run)
    source = "bias" if weight.source is None else names[weight.layer][weight.source]
    target, layer = names[weight.layer + 1][weight.target], _layer(run, weight)
    title = f"One step: from {source} to {target} ({layer}), {part} point {index + 1}"
    parts = [f"<h2>{html.escape(title)}</h2>"]
    for name in ("forward", "backward", "update"):
        parts.append(f"<h3>{name.capitalize()}</h3>")
        parts += [to_html(text) for text in getattr(story, name)]
    return "".join(parts)


def _layer(run: Run, weight: Weight) -> str:
    return layer_names(len(run.network.weights))[weight.layer]


def is_of_run(beside: Mapping[str, Any]) -> bool:
    """Whether what is open says something of the run, and is another text at each moment."""
    return beside.get("view") == STEP


def beside_html(beside: Mapping[str, Any], run: Run | None = None) -> str:
    """All that is open, as `Shown` in `read.py` has it; "" for nothing.

    run: a copy at the moment on screen, where `is_of_run`.
    """
    parts = []
    if name := beside.get("lesson"):
        parts.append(lesson_html(name, explained=bool(beside.get("explained"))))
    if is_of_run(beside) and run is not None:
        parts.append(step_html(run, *_picked(beside, run)))
    return "".join(parts)


def _picked(beside: Mapping[str, Any], run: Run) -> tuple[Weight, str, int]:
    """The weight and the sample to explain; what is not in this network gives way to the first."""
    sizes, found = run.network.layer_sizes, beside.get("weight")
    weight = Weight(0, 0, 0)
    if found is not None and found["layer"] < len(sizes) - 1:
        source, target = found["from"], found["to"]
        is_there = target < sizes[found["layer"] + 1]
        if is_there and (source is None or source < sizes[found["layer"]]):
            weight = Weight(found["layer"], source, target)
    sample = beside.get("sample")
    if sample is None:
        return weight, PARTS[0], int(run.next_batch()[0])
    points = run.train_inputs if sample["part"] == PARTS[0] else run.test_inputs
    return weight, sample["part"], min(sample["index"], len(points) - 1)


class Beside:
    """What one teacher has open, made once for each change."""

    def __init__(self) -> None:
        self._key: Any = None  # of the text that was made last

    def changed(self, shown: Shown, stream: Stream) -> str | None:
        """The text for a moment, None if it is the same as before.

        A step is explained where the board stands still: while it plays, nobody could read it.
        """
        of_run = is_of_run(shown.beside)
        if of_run and shown.state == "playing" and self._key is not None:
            return None
        key = (shown.beside, (shown.run, shown.epoch) if of_run else None)
        if key == self._key:
            return None
        self._key = key
        return beside_html(shown.beside, stream.at(shown.run, shown.epoch) if of_run else None)


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    def formula(text: str, options: Mapping[str, Any]) -> str:
        return to_mathml(text, is_display=options["display_mode"])

    reader = MarkdownIt("commonmark", {"html": False})
    return reader.use(dollarmath_plugin, renderer=formula, double_inline=True, allow_labels=False)
