"""Every lesson is true: what it says is found in it, word for word, and holds on its runs."""

import re
from collections import Counter
from dataclasses import fields, replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from engine import Run, Spec
from engine.activations import ACTIVATIONS
from engine.history import FLOWS
from engine.run import PARAMETERS
from engine.spec import settings_of
from playground.board.start import SPEEDS
from playground.inside.panel import VIEWS
from playground.lessons import LESSONS, Lesson
from playground.lessons.claims import best_line, train
from playground.limits import check
from playground.share import to_query

OTHER_SEEDS = [(0, 1), (1, 2)]  # of the data and of the weights

FORMULA = re.compile(r"\$\$.*?\$\$|\$.*?\$")
DECIMAL = re.compile(r"\d+\.\d+")
NUMBER = re.compile(r"\d+(?:\.\d+)?|\b(?:half|third|quarter|fifth|tenth|twice)\b")
NAME = re.compile(r"\b(?:hidden|x|y) \d")


@pytest.fixture(params=LESSONS)
def lesson(request) -> Lesson:
    return LESSONS[request.param]


def played(lesson: Lesson, epochs: int, **seeds: int) -> list[Run]:
    """Its run, and that of A if there is one."""
    specs = [lesson.spec] if lesson.pinned is None else [lesson.spec, lesson.pinned]
    return [train(replace(spec, **seeds), epochs) for spec in specs]


@cache
def stated(name: str) -> dict[str, bool]:
    """What a lesson's claim says of the runs that a person sees."""
    lesson = LESSONS[name]
    return dict(lesson.claim(*played(lesson, lesson.epochs)))


def prose(lesson: Lesson) -> str:
    """All that it says as true."""
    parts = [lesson.text, lesson.question, lesson.right, lesson.explanation]
    return " ".join(" ".join(parts).split())


def settings(lesson: Lesson) -> set[str]:
    """The numbers that the networks of a lesson are made of, as they are written."""
    specs = [lesson.spec] if lesson.pinned is None else [lesson.spec, lesson.pinned]
    values = [getattr(spec, field.name) for spec in specs for field in fields(Spec)]
    values += [unit for spec in specs for unit in spec.hidden]
    return {f"{value:g}" for value in [*values, lesson.epochs] if isinstance(value, (int, float))}


@pytest.mark.parametrize("name", LESSONS)
def test_what_a_lesson_states_is_said_in_it_and_holds(name):
    statements, said = stated(name), prose(LESSONS[name])
    assert [words for words in statements if words not in said] == []
    assert [words for words, holds in statements.items() if not holds] == []
    assert LESSONS[name].right in statements


@pytest.mark.parametrize("name", LESSONS)
def test_every_number_in_a_lesson_is_measured_or_set(name):
    """Decimals in formulas, all numbers elsewhere; also the more exact of the words for them."""
    said = prose(LESSONS[name])
    for words in sorted(stated(name), key=len, reverse=True):
        said = said.replace(words, " ")
    in_formulas = [n for formula in FORMULA.findall(said) for n in DECIMAL.findall(formula)]
    elsewhere = NUMBER.findall(NAME.sub(" ", FORMULA.sub(" ", said)))
    assert {*in_formulas, *elsewhere} <= settings(LESSONS[name])


@pytest.mark.parametrize("seeds", OTHER_SEEDS)
def test_what_a_lesson_states_is_no_accident(lesson, seeds):
    """With other data and other weights the numbers differ, what they show does not."""
    runs = played(lesson, lesson.epochs, data_seed=seeds[0], weight_seed=seeds[1])
    assert [words for words, holds in lesson.claim(*runs).items() if not holds] == []


def test_what_a_lesson_states_does_not_hang_on_rounding(lesson, monkeypatch):
    """Other processors round differently, and some runs make much of that."""
    begin = Run.__init__

    def begin_a_little_off(run, spec):
        begin(run, spec)
        noise = np.random.default_rng(1).normal(0.0, 1e-13, run.network.parameters.shape)
        run.change(PARAMETERS, run.network.parameters * (1.0 + noise))

    monkeypatch.setattr(Run, "__init__", begin_a_little_off)
    statements = lesson.claim(*played(lesson, lesson.epochs))
    assert [words for words, holds in statements.items() if not holds] == []
    assert [words for words in statements if words not in prose(lesson)] == []


def test_a_claim_does_not_hold_on_just_any_run(lesson):
    """Not with A in the place of B; nor after one epoch, or on another network."""
    others = {
        LESSONS["step"].title: Spec(optimizer="adam"),
        LESSONS["line"].title: Spec(),
        LESSONS["vanishing"].title: LESSONS["mending"].spec,
    }
    if lesson.pinned is None:
        runs = [train(others.get(lesson.title, lesson.spec), 1)]
    else:
        runs = played(lesson, lesson.epochs)[::-1]
    statements = lesson.claim(*runs)
    assert not all(statements.values())


def test_the_best_line_is_found():
    """Three of four corners of XOR, and all points that a slanted line separates."""
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert best_line(corners, np.array([0, 1, 1, 0])) == 0.75
    assert best_line(corners, np.array([0, 0, 0, 1])) == 1.0


def test_a_lesson_is_complete(lesson):
    assert 0 <= lesson.answer < len(lesson.options) >= 3
    assert len(set(lesson.options)) == len(lesson.options)
    assert not any(option.endswith(".") for option in lesson.options)
    for text in (lesson.text, lesson.explanation):
        assert len(text.split()) > 20
        assert text.count("{") == text.count("}")
        assert text.count("$$") % 2 == 0
        assert len(re.findall(r"(?<!\$)\$(?!\$)", text)) % 2 == 0


def test_the_place_and_the_length_of_an_option_do_not_tell_whether_it_is_right():
    lessons = list(LESSONS.values())
    places = [lesson.answer for lesson in lessons]
    assert max(Counter(places).values()) <= 0.4 * len(places)
    assert len(set(Counter(places))) == 3
    # the place of one answer does not give away that of the next
    following = Counter(pairwise(places))
    assert max(following.values()) <= 0.25 * len(places)
    lengths = [[len(option) for option in lesson.options] for lesson in lessons]
    longest = [of[lesson.answer] == max(of) for of, lesson in zip(lengths, lessons, strict=True)]
    shortest = [of[lesson.answer] == min(of) for of, lesson in zip(lengths, lessons, strict=True)]
    assert max(sum(longest), sum(shortest)) <= 0.5 * len(lessons)


def test_what_a_lesson_opens_is_there(lesson):
    assert lesson.flow in FLOWS
    assert lesson.speed in SPEEDS
    assert lesson.view in {"", *VIEWS}


def test_run_a_has_the_data_of_the_lesson(lesson):
    """Only then it is pinned as it is, and its link stays short."""
    if lesson.pinned is not None:
        assert lesson.pinned != lesson.spec
        of_data = [field.name for field in fields(Spec) if field.metadata.get("of_data")]
        assert len(of_data) > 4
        for name in of_data:
            assert getattr(lesson.pinned, name) == getattr(lesson.spec, name)


def test_a_lesson_says_a_and_b_if_and_only_if_there_are_two(lesson):
    names = set(
        re.findall(r"\b(?:[AB](?='s)|[AB]\b(?! tenth| line| step| point|\w))", prose(lesson))
    )
    assert ("B" in names) == (lesson.pinned is not None)


def test_groups_follow_each_other():
    groups = [lesson.group for lesson in LESSONS.values()]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index)
    assert 3 <= len(set(groups)) <= 4


def test_a_longer_lesson_takes_more_minutes(lesson):
    assert 2 <= lesson.minutes <= 5
    assert replace(lesson, explanation=lesson.explanation * 9).minutes > lesson.minutes
    assert replace(lesson, epochs=20_000, speed=1).minutes >= lesson.minutes + 4


def test_display_formulas_are_on_one_line_as_markdown_wants_them():
    texts = [text for lesson in LESSONS.values() for text in (lesson.text, lesson.explanation)]
    derivations = [activation.derivation for activation in ACTIVATIONS.values()]
    for text in (*texts, *derivations):
        assert not any("\n" in formula for formula in text.split("$$")[1::2])


def test_its_networks_can_be_shown_on_the_page(lesson):
    for spec in (lesson.spec, lesson.pinned or lesson.spec):
        for setting in to_query(spec):
            value = settings_of(spec)[setting]
            assert check(setting, value) == value
    assert lesson.epochs <= 2_000


def test_there_are_enough_of_them():
    assert len(LESSONS) >= 14
    assert len({lesson.title for lesson in LESSONS.values()}) == len(LESSONS)
