"""A Spec as the query of a link, and back: only what differs from the default is written.

The default is the Spec that suits the dataset and the optimizer of the link; where the link opens a
lesson, it is the lesson's. Own data are not in a link, only their digest, so that every state of
the page has a link of its own. And a link may open another run, A, beside: then its `a` is the
query of A, as text. A lesson may have one, too; then its link has another A, or that there is none.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from engine import OwnData, Spec
from engine.datasets import DATASETS
from engine.features import usable
from engine.optimizers import OPTIMIZERS
from engine.spec import (
    SETTINGS,
    TUNABLE,
    check_number,
    default_settings,
    known_parameters,
    recommended,
    settings_of,
    with_settings,
)
from playground.lessons import LESSONS, OFFERED
from playground.limits import NO_OWN_DATA, check, fitted, why_not
from playground.restrictions import HIDE, LOCK
from playground.server.config import config

DEFAULT = fitted(Spec())
LESSON = "lesson"
PINNED = "a"
NOTHING = "none"  # in the place of run A: a lesson's was taken away
OWN = "own"
EPOCH, VIEW, PLAY, PRESENT, STEP = "epoch", "view", "play", "present", "step"
EXPLANATION = "explanation"  # the step of a lesson that comes last
ROOM, TURN = "room", "turn"  # of a class: its code, and which turn is played
# what the address keeps as it is, for as long as the page is open
KEPT = (LOCK, HIDE, ROOM, TURN)
NOT_SETTINGS = {LESSON, PINNED, EPOCH, VIEW, PLAY, PRESENT, STEP, *KEPT}
NO_VIEWS: Mapping[str, str] = {}
EPOCHS = (0, 5_000)  # of a link: it is trained while somebody waits


def to_query(spec: Spec, lesson: str = "", pinned: Spec | None = None) -> dict[str, str]:
    """The settings that differ from the default, as strings; hidden layers joined by commas.

    lesson: key of `LESSONS`, or "".
    pinned: of run A, None if there is none.
    """
    default = default_settings(spec) | settings_of(_default(lesson, spec.dataset, spec.optimizer))
    if not lesson:  # these two say what the others are by default
        default["dataset"] = DEFAULT.dataset
        default["optimizer"] = recommended(spec.dataset).optimizer
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


def kept_of(query: Mapping[str, str]) -> dict[str, str]:
    """What the address keeps, whatever is opened or changed on the page."""
    return {name: query[name] for name in KEPT if query.get(name)}


def lesson_of(query: Mapping[str, str]) -> str:
    """The lesson that a link opens; "" if it opens none, or one that isn't offered."""
    lesson = query.get(LESSON, "")
    return lesson if lesson in OFFERED else ""


def pinned_of(query: Mapping[str, str]) -> tuple[Spec | None, list[str]]:
    """The Spec of run A of a link, None if it has none; and notices as `from_query` gives them."""
    if PINNED not in query:
        lesson = lesson_of(query)
        return LESSONS[lesson].pinned if lesson else None, []
    if query[PINNED] == NOTHING:
        return None, []
    own = dict(parse_qsl(query[PINNED], keep_blank_values=True))
    unused = {*NOT_SETTINGS, OWN}  # it is on the data of the other run
    spec, notices = from_query({key: value for key, value in own.items() if key not in unused})
    return spec, [f"Run A: {notice}" for notice in notices]


@dataclass(frozen=True)
class Moment:
    """What a link opens besides settings, so that a slide can point at it.

    Attributes:
        epoch: the epoch to which it trains at once.
        view: what is open below the board, "" for nothing.
        plays: whether it plays by itself.
        presents: whether the board fills the screen, for a projector.
        explains: whether the lesson is at its explanation.
    """

    epoch: int = 0
    view: str = ""
    plays: bool = False
    presents: bool = False
    explains: bool = False


def moment_of(
    query: Mapping[str, str], views: Container[str], off: Mapping[str, str] = NO_VIEWS
) -> tuple[Moment, list[str]]:
    """The moment of a link, and a notice for each part of it that could not be used.

    views: what can be open below the board.
    off: views that are switched off on this server, and their names on the page.
    """
    epoch, view, notices = 0, query.get(VIEW, ""), []
    try:
        epoch = int(check_number(EPOCH, int(query.get(EPOCH, "0")), EPOCHS))
    except ValueError:
        low, high = EPOCHS
        notices.append(
            f"The link's epoch must be a whole number from {low} to {high:,}, got "
            f"{query[EPOCH]!r}: it opens at epoch 0."
        )
    if view and view not in views:
        reason = (
            f"“{off[view]}” is switched off on this server"
            if view in off
            else f"There is no view “{view}”"
        )
        notices.append(f"{reason}, so nothing is open below the board.")
        view = ""
    return Moment(
        epoch=epoch,
        view=view,
        plays=query.get(PLAY) == "1",
        presents=query.get(PRESENT) == "1",
        explains=query.get(STEP) == EXPLANATION and bool(lesson_of(query)),
    ), notices


def without_data(spec: Spec) -> str:
    """What whoever copies the link of a Spec with own data should know."""
    name, instead = (spec.own.name if spec.own else "the data"), DATASETS[spec.dataset].label
    return (
        f"The link you copied holds the settings, but not the data: where “{name}” is missing, it "
        f"opens {instead}. To pass the data on, send the session file, which loads under “Save and "
        "load”."
    )


def from_query(query: Mapping[str, str], own: OwnData | None = None) -> tuple[Spec, list[str]]:
    """The Spec of a link, and a notice for each part of it that could not be used.

    Never raises: an unknown key is left out, and a bad value gives way to the default.

    own: data that the person has brought; the link may mean these.
    """
    lesson, notices = lesson_of(query), list[str]()
    spec = _default(lesson, query.get("dataset", ""), query.get("optimizer", ""))
    if LESSON in query and not lesson:
        notices.append(_no_lesson(query[LESSON]))
    # what a setting may be can depend on the dataset and the classes, which come first in a Spec
    # a setting of an entry comes after the choice of that entry
    order = {setting: i for i, setting in enumerate(SETTINGS)}
    of_entries = set(known_parameters()) - set(SETTINGS)
    order |= dict.fromkeys(of_entries, len(order))
    for key in sorted(query, key=lambda key: order.get(key, 0)):
        if key in NOT_SETTINGS:
            continue
        if key == OWN and own is not None and own.digest == query[OWN]:
            spec = replace(spec, own=own)
        if key == OWN:
            continue
        if key in of_entries and key not in settings_of(spec):
            chosen = ", ".join(getattr(spec, name) for name in TUNABLE)
            notices.append(f"The link's “{key}” is not a setting of {chosen}, so it is ignored.")
            continue
        if key not in settings_of(spec):
            notices.append(
                f"The link's “{key}” is not a setting of the playground, so it is ignored."
            )
            continue
        try:
            value = check(key, _value(default_settings(spec)[key], query[key]))
            spec = with_settings(spec, {key: value})
        except ValueError as error:
            shown = _text(settings_of(spec)[key]) or "none"
            notices.append(f"The link's {key} can't be used, so it is {shown}: {error}.")
    if OWN in query and spec.own is None:
        # the further columns of the data are no inputs of a toy dataset: the controls have none
        spec = replace(spec, features=usable(spec.features, 2) or DEFAULT.features)
        way_out = (
            "Ask for the session file and load it under “Save and load”, or bring the data "
            "yourself with “Your own…”."
            if config().own_data
            else f"{NO_OWN_DATA.capitalize()}."
        )
        notices.insert(
            0,
            "This link was made with a person's own data, which a link can't carry: you see "
            f"{DATASETS[spec.dataset].label} instead. {way_out}",
        )
    return spec, notices


def _default(lesson: str, dataset: str, optimizer: str) -> Spec:
    """What a link that says nothing else opens; unknown names are as if they were not there."""
    if lesson:
        return LESSONS[lesson].spec
    return fitted(
        recommended(
            dataset if dataset in DATASETS else DEFAULT.dataset,
            optimizer if optimizer in OPTIMIZERS else "",
        )
    )


def _no_lesson(name: str) -> str:
    """Why a link opens no lesson."""
    if name not in LESSONS:
        return f"There is no lesson “{name}”. The lessons are in the list."
    reasons = filter(None, map(why_not, LESSONS[name].specs))
    return f"The lesson “{LESSONS[name].title}” is too large for this server: {next(reasons)}."


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
