"""Every lesson is true: its claim holds on the run that it opens."""

import re

import pytest

from engine import Run, Spec
from engine.activations import ACTIVATIONS
from engine.spec import settings_of
from playground.lessons import LESSONS, Lesson
from playground.limits import check
from playground.share import to_query


@pytest.fixture(params=LESSONS)
def lesson(request) -> Lesson:
    return LESSONS[request.param]


def test_the_claim_holds_on_the_finished_run(lesson):
    run = Run(lesson.spec)
    run.advance(lesson.epochs)
    assert lesson.claim(run)


def test_the_claim_does_not_hold_on_just_any_run(lesson):
    """Not after one epoch; or where more would not change it, not on another network."""
    others = {
        LESSONS["line"].title: Spec(),
        LESSONS["linear"].title: Spec(),
        LESSONS["step"].title: Spec(optimizer="adam"),
        LESSONS["xavier"].title: LESSONS["vanishing"].spec,
        LESSONS["vanishing"].title: LESSONS["mending"].spec,
    }
    run = Run(others.get(lesson.title, lesson.spec))
    run.advance(1)
    assert not lesson.claim(run)


def test_a_lesson_is_complete(lesson):
    assert 0 <= lesson.answer < len(lesson.options) >= 3
    assert len(set(lesson.options)) == len(lesson.options)
    for text in (lesson.text, lesson.explanation):
        assert len(text.split()) > 20
        assert text.count("{") == text.count("}")
        assert text.count("$$") % 2 == 0
        assert len(re.findall(r"(?<!\$)\$(?!\$)", text)) % 2 == 0


def test_display_formulas_are_on_one_line_as_markdown_wants_them():
    texts = [text for lesson in LESSONS.values() for text in (lesson.text, lesson.explanation)]
    derivations = [activation.derivation for activation in ACTIVATIONS.values()]
    for text in (*texts, *derivations):
        assert not any("\n" in formula for formula in text.split("$$")[1::2])


def test_its_network_can_be_shown_on_the_page(lesson):
    for setting in to_query(lesson.spec):
        value = settings_of(lesson.spec)[setting]
        assert check(setting, value) == value
    assert lesson.epochs <= 2_000


def test_there_are_enough_of_them():
    assert len(LESSONS) >= 14
    assert len({lesson.title for lesson in LESSONS.values()}) == len(LESSONS)
