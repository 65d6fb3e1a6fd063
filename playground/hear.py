"""What the board has told the page: each thing is done before the controls are shown."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from engine.run import LIVE_SETTINGS
from playground import settings, share, widgets
from playground.inside.panel import pick
from playground.lessons import OFFERED
from playground.own_data import edit
from playground.visit import Visit


def hear_board(visit: Visit) -> None:
    """Do what the board has told since the page was last run.

    Whatever touches Streamlit's state may be ended in the middle, for another run of the page to
    begin. So a thing is taken off the list when it has been done; and what changes the visit comes
    last in each of these.
    """
    if visit.stream.brought:
        settings.follow_run(visit)
    for told in visit.stream.contact.told:
        HANDLERS[told.name](visit, told.value)
        visit.stream.contact.done(told)


def _reshape(visit: Visit, wanted: Mapping[str, Any]) -> None:
    """Layers or units were changed in the network view."""
    if "hidden" in visit.restrictions.locked:
        return
    visit.stream.reshaped = wanted["hidden"]
    settings.set_layers(wanted["hidden"])


def _look(visit: Visit, told: Mapping[str, Any]) -> None:
    """A picture stands still, and maybe something of it is to be explained."""
    if told["run"] != visit.stream.run_id:
        return
    visit.stream.look(told["run"], told["epoch"])
    if "sample" in told:
        pick(part=told["sample"]["part"], point=told["sample"]["index"] + 1)
    if "weight" in told:
        pick(**{f"weight_{end}": told["weight"][end] for end in ("layer", "from", "to")})


def _edit(visit: Visit, wanted: Mapping[str, Any]) -> None:
    """A point was clicked into the picture, or is to be taken back."""
    if not visit.restrictions.takes_own_data:
        return
    if not wanted.get("undo"):
        # the data that the controls say: the run may be a click behind
        shown = visit.own if widgets.value("dataset") == settings.OWN else None
        try:
            own = edit.taken_over(visit.stream.run) if shown is None else shown
            more = edit.with_point(own, wanted["x"], wanted["y"], wanted["label"])
        except ValueError as error:
            visit.notices = [f"The point can't be added: {error}."]
            return
        widgets.renew("dataset", settings.OWN)
        visit.own_before.append(shown)
        visit.own = more
    elif visit.own_before:
        before = visit.own_before[-1]
        widgets.renew("dataset", visit.spec.dataset if before is None else settings.OWN)
        visit.own = visit.own_before.pop()


def _go_back(visit: Visit, told: Mapping[str, Any]) -> None:
    """Back or Forward in the browser: the address is another link."""
    query = dict(parse_qsl(told["query"].removeprefix("?"), keep_blank_values=True))
    if query != visit.query:
        settings.open_link(query)


def _changed(visit: Visit, told: Mapping[str, Any]) -> None:
    """A live setting or a weight was changed."""
    visit.chosen |= {setting for _, setting, _ in visit.stream.run.changes} & set(LIVE_SETTINGS)


def _first_lesson(visit: Visit, told: Mapping[str, Any]) -> None:
    """A newcomer wants to begin with the first lesson."""
    if OFFERED and visit.restrictions.offers_lessons:
        settings.open_lesson(next(iter(OFFERED)))


def _copied(visit: Visit, told: Mapping[str, Any]) -> None:
    """A link was copied that leaves out a person's data."""
    if visit.spec.own is not None:
        visit.notices = [share.without_data(visit.spec)]


HANDLERS: Mapping[str, Callable[[Visit, Mapping[str, Any]], None]] = {
    "reshape": _reshape,
    "look": _look,
    "edit": _edit,
    "changed": _changed,
    "copied": _copied,
    "history": _go_back,
    "lesson": _first_lesson,
}
