"""A Spec as the query of a link, and back: only what differs from the default is written.

Own data are not in it, only their digest, so that every state of the page has a link of its own. A
link may also open a lesson; then it has what differs from the lesson's Spec. And it may open
another run, A, beside: then its `a` is the query of A, as text. A lesson may have one, too; then
its link has another A, or that there is none.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from engine import OwnData, Spec
from engine.spec import (
    SETTINGS,
    TUNABLE,
    default_settings,
    known_parameters,
    settings_of,
    with_settings,
)
from playground.lessons import LESSONS
from playground.limits import check

DEFAULT = Spec()
LESSON = "lesson"
PINNED = "a"
NOTHING = "none"  # in the place of run A: a lesson's was taken away
OWN = "own"


def to_query(spec: Spec, lesson: str = "", pinned: Spec | None = None) -> dict[str, str]:
    """The settings that differ from the default, as strings; hidden layers joined by commas.

    lesson: key of `LESSONS`, or "".
    pinned: of run A, None if there is none.
    """
    default = default_settings(spec) | (settings_of(LESSONS[lesson].spec) if lesson else {})
    differing = {
        setting: _text(value)
        for setting, value in settings_of(spec).items()
        if value != default[setting]
    }
    query = {LESSON: lesson} | differing if lesson else differing
    if spec.own is not None:
        query.pop("classes", None)  # they are those of the data
        query[OWN] = spec.own.digest
    if pinned == (LESSONS[lesson].pinned if lesson else None):
        return query
    return query | {PINNED: NOTHING if pinned is None else urlencode(to_query(pinned))}


def lesson_of(query: Mapping[str, str]) -> str:
    """The lesson that a link opens; "" if it opens none, or one that there isn't."""
    lesson = query.get(LESSON, "")
    return lesson if lesson in LESSONS else ""


def pinned_of(query: Mapping[str, str]) -> tuple[Spec | None, list[str]]:
    """The Spec of run A of a link, None if it has none; and notices as `from_query` gives them."""
    if PINNED not in query:
        lesson = lesson_of(query)
        return LESSONS[lesson].pinned if lesson else None, []
    if query[PINNED] == NOTHING:
        return None, []
    own = dict(parse_qsl(query[PINNED], keep_blank_values=True))
    unused = {LESSON, PINNED, OWN}  # it is on the data of the other run
    spec, notices = from_query({key: value for key, value in own.items() if key not in unused})
    return spec, [f"Run A: {notice}" for notice in notices]


def from_query(query: Mapping[str, str], own: OwnData | None = None) -> tuple[Spec, list[str]]:
    """The Spec of a link, and a notice for each part of it that could not be used.

    Never raises: an unknown key is left out, and a bad value gives way to the default.

    own: data that the person has brought; the link may mean these.
    """
    lesson, notices = lesson_of(query), []
    spec = LESSONS[lesson].spec if lesson else DEFAULT
    if LESSON in query and not lesson:
        notices.append(f"There is no lesson “{query[LESSON]}”. The lessons are in the list.")
    # what a setting may be can depend on the dataset and the classes, which come first in a Spec
    # a setting of an entry comes after the choice of that entry
    order = {setting: i for i, setting in enumerate(SETTINGS)}
    of_entries = known_parameters()
    order |= dict.fromkeys(of_entries, len(order))
    for key in sorted(query, key=lambda key: order.get(key, 0)):
        if key in (LESSON, PINNED):
            continue
        if key == OWN and own is not None and own.digest == query[OWN]:
            spec = replace(spec, own=own)
        elif key == OWN:
            notices.append(
                "The link was made with somebody's own data, which are not in it. “Your own…” "
                "takes the file, and “Save and load” takes settings that hold the data."
            )
        if key == OWN:
            continue
        if key in of_entries and key not in settings_of(spec):
            chosen = ", ".join(getattr(spec, name) for name in TUNABLE)
            notices.append(f"The link's “{key}” is not a setting of {chosen}: left out.")
            continue
        if key not in settings_of(spec):
            notices.append(f"The link's “{key}” is not a setting of the playground: left out.")
            continue
        try:
            value = check(key, _value(default_settings(spec)[key], query[key]))
            spec = with_settings(spec, {key: value})
        except ValueError as error:
            shown = _text(settings_of(spec)[key]) or "none"
            notices.append(f"The link's {key} can't be used, so it is {shown}: {error}.")
    return spec, notices


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _value(default: Any, text: str) -> Any:
    """The text as what a setting holds; as it is where that fails, for the Spec to refuse."""
    try:
        if isinstance(default, tuple):
            return tuple(type(default[0])(part) for part in text.split(",") if text)
        return type(default)(text)
    except ValueError:
        return text
