"""What a teacher can choose from, in words, for the dialogs on the board."""

from functools import cache
from typing import Any

from playground.experiments.plan import VALUES
from playground.lessons import OFFERED, Lesson
from playground.naming import setting_label, setting_value
from playground.restrictions import LOCKABLE, PARTS

SEEDS = tuple(range(10))  # of each kind, for luck as an experiment


@cache
def offers() -> dict[str, Any]:
    """All of it, for JSON.

    `lock`, `hide`: what a link may restrict, each with what it is called; `vary`: the settings that
    an experiment may vary, each with suggested values, as a link has them and in words; `lessons`:
    each with its question.
    """
    return {
        "lock": [*LOCKABLE.items()],
        "hide": [*PARTS.items()],
        "vary": [_varied(setting, values) for setting, values in _values().items()],
        "lessons": [_lesson(name, lesson) for name, lesson in OFFERED.items()],
    }


def plain(text: str) -> str:
    """A lesson's text where it is shown as text alone: formulas without their marks."""
    return text.replace("$", "")


def _values() -> dict[str, tuple[Any, ...]]:
    seeds = {"weight_seed": SEEDS, "data_seed": SEEDS}
    # a value is said by itself, and no hidden layers are no text
    said = {
        name: tuple(value for value in values if value != ()) for name, values in VALUES.items()
    }
    return said | seeds


def _varied(setting: str, values: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "name": setting,
        "label": setting_label(setting),
        "values": [[_text(value), setting_value(setting, value)] for value in values],
    }


def _text(value: Any) -> str:
    """As a link has it."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _lesson(name: str, lesson: Lesson) -> dict[str, Any]:
    return {
        "name": name,
        "title": lesson.title,
        "question": plain(lesson.question),
        "options": [plain(option) for option in lesson.options],
    }
