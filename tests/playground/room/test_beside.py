"""What is open beside the teacher's board, as HTML: every lesson, and steps of all kinds."""

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from engine import Run, Spec
from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.optimizers import OPTIMIZERS
from engine.regularization import REGULARIZATIONS
from engine.spec import recommended
from playground.board.stream import Stream
from playground.inside.story import Weight
from playground.lessons import LESSONS
from playground.room.beside import Beside, beside_html, lesson_html, step_html, to_html
from playground.room.read import Shown

SPECS = [
    *(recommended(name) for name in DATASETS),
    *(Spec(activation=name, hidden=(3, 3, 2)) for name in ACTIVATIONS),
    *(Spec(optimizer=name) for name in OPTIMIZERS),
    *(Spec(regularization=name) for name in REGULARIZATIONS),
    Spec(hidden=()),
    replace(recommended("blobs"), classes=4),
]


def expect_no_tex(made: str) -> None:
    """It is well-formed, and nothing in it is a formula that was left as it is."""
    tree = ElementTree.fromstring(f"<div>{made}</div>")  # noqa: S314  # it is our own text
    for element in tree.iter():
        for text in (element.text or "", element.tail or ""):
            assert not set(text) & set("\\$&"), text


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_is_html_with_mathml(name):
    made = lesson_html(name, explained=True)
    expect_no_tex(made)
    assert made.count("<math") == sum(
        to_html(text).count("<math")
        for text in (
            *(LESSONS[name].title, LESSONS[name].text, LESSONS[name].question),
            *(*LESSONS[name].options, LESSONS[name].right, LESSONS[name].explanation),
        )
    )


def test_the_answer_and_its_reason_come_when_the_teacher_shows_them():
    lesson = LESSONS["slow"]
    before, after = (lesson_html("slow", explained=explained) for explained in (False, True))
    assert "The answer:" not in before
    assert after.startswith(before)
    assert lesson.right in after


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_a_step_of_every_kind_of_run_is_html_with_mathml(spec):
    run = Run(spec)
    run.advance(epochs=2)
    last = len(run.network.weights) - 1
    for weight in (Weight(0, 0, 0), Weight(0, None, 0), Weight(last, 0, 0)):
        for part in ("training", "test"):
            made = step_html(run, weight, part, 1)
            expect_no_tex(made)
            assert "<math" in made


def test_lines_of_a_formula_are_rows_of_a_table():
    """What KaTeX calls aligned: the converter would write its `&` as letters."""
    made = to_html(r"$$\begin{aligned} a &= b \\ &= c \end{aligned}$$")
    assert made.count("<mtr>") == 2


@pytest.mark.parametrize(
    "written", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "$<b>x</b>$"]
)
def test_markup_is_text(written):
    made = to_html(written)
    assert "<script" not in made
    assert "<img" not in made
    assert "<b>" not in made


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_no_link_runs_anything(address):
    assert "href" not in to_html(f"[x]({address})")


def test_what_is_not_in_this_network_gives_way_to_the_first():
    run = Run(Spec(hidden=(2,)))
    asked = {
        "view": "step",
        "weight": {"layer": 7, "from": 1, "to": 1},
        "sample": {"part": "test", "index": 9_999},
    }
    last = len(run.test_inputs) - 1
    assert beside_html(asked, run) == step_html(run, Weight(0, 0, 0), "test", last)


def test_other_views_have_no_text():
    assert beside_html({"view": "hidden"}, Run(Spec())) == ""


def shown(stream: Stream, epoch: float = 0.0, state: str = "paused", **beside) -> Shown:
    return Shown(stream.run_id, epoch, state, None, {}, beside)


def test_a_text_is_made_once_for_each_change():
    stream, beside = Stream(Spec()), Beside()
    stream.make()
    lesson = {"lesson": "line", "explained": False}
    assert beside.changed(shown(stream, **lesson), stream)
    assert beside.changed(shown(stream, **lesson), stream) is None
    assert "The answer" in (beside.changed(shown(stream, **lesson | {"explained": True}), stream))
    assert beside.changed(shown(stream), stream) == ""
    assert beside.changed(shown(stream), stream) is None


def test_a_step_is_explained_where_the_board_stands_still():
    stream, beside = Stream(Spec()), Beside()
    stream.restart(Spec(), epoch=3)
    while stream.make() is not None:
        pass
    first = beside.changed(shown(stream, 1.0, view="step"), stream)
    assert first
    assert beside.changed(shown(stream, 2.0, "playing", view="step"), stream) is None
    assert beside.changed(shown(stream, 3.0, view="step"), stream) not in (None, first)


def test_a_step_is_that_of_the_run_at_the_moment_on_screen():
    stream = Stream(Spec())
    stream.restart(Spec(), epoch=3)
    while stream.make() is not None:
        pass
    run = Run(Spec())
    run.advance(epochs=2)
    asked = {"view": "step", "weight": {"layer": 1, "from": 2, "to": 3}}
    made = Beside().changed(shown(stream, 2.0, **asked), stream)
    index = int(run.next_batch()[0])
    assert made == step_html(run, Weight(1, 2, 3), "training", index)
    json.dumps({"beside": {"html": made}})
