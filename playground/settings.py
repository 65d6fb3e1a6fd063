"""From a Spec to the controls and back; whatever opens another run does it here."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from engine import Spec
from engine.datasets import DATASETS
from engine.features import usable
from engine.run import LIVE_SETTINGS
from engine.spec import (
    AUTO,
    CHOICES,
    SETTINGS,
    entry_parameters,
    loss_fits,
    recommended,
    settings_of,
    with_settings,
)
from playground import share, widgets
from playground.board.pinned import Pin, differences
from playground.board.stream import Stream
from playground.inside.panel import MANY, OFF, VIEW, VIEWS
from playground.lessons import LESSONS
from playground.limits import FIRST_LAYER_UNITS, PAGE_LAYERS, check, fitted
from playground.naming import setting_name, setting_value
from playground.restrictions import LOCKABLE, Restrictions, lock_of_change, restrictions_of
from playground.visit import Visit

OWN = "own"  # in the place of a dataset: a person's data
ANSWER = "lesson_answer"  # the options of the open lesson
LAYERS = "layers"  # how many hidden layers the controls have
DEFAULT = Spec()
SECONDS_TO_OPEN = 20.0  # of training, for a link that opens at a later epoch


def open_link(query: dict[str, str]) -> Visit:
    """Begin what a link says."""
    visit = widgets.visit()
    spec, notices = share.from_query(query, None if visit is None else visit.own)
    pinned, more = share.pinned_of(query)
    pin = None if pinned is None else Pin(pinned)
    moment, about = share.moment_of(query, {*VIEWS, *MANY}, OFF)
    opened = open_spec(
        spec,
        notices + more + about + restrictions_of(query)[1],
        query=query,
        lesson=share.lesson_of(query),
        pin=pin,
        epoch=moment.epoch,
        seconds=SECONDS_TO_OPEN,
        view=moment.view if moment.view in VIEWS else "",
    )
    opened.plays, opened.presents = moment.plays, moment.presents
    opened.lesson_done = moment.explains
    opened.many = moment.view if moment.view in MANY else opened.many
    return opened


def open_spec(
    spec: Spec,
    notices: Sequence[str] = (),
    *,
    query: dict[str, str] | None = None,
    lesson: str = "",
    pin: Pin | None = None,
    changes: Sequence[tuple[float, str, Any]] = (),
    epoch: float = 0.0,
    seconds: float = math.inf,
    view: str = "",
) -> Visit:
    """Begin a run of a Spec, of a lesson if there is one, and set every control to it.

    Args:
        notices: what the person should know about it.
        query: the link's that is opened, None if it is no link.
        pin: the run that plays beside it.
        changes, epoch: where it is to stand, with these live changes on the way.
        seconds: of training that this may take; then it stands where it has come to.
        view: what to open under the board; "" for what the lesson opens, or what is open.

    Raises:
        ValueError: one of the changes can't be made.
    """
    visit = widgets.visit()
    before = Restrictions() if visit is None else visit.restrictions
    restrictions = before if query is None else restrictions_of(query)[0]
    controls = _controls_of(spec) | {ANSWER: None}
    beside: dict[str, Any] = {"pin": pin}
    reached: dict[str, Any] = {"changes": changes, "epoch": epoch, "seconds": seconds}
    if lesson:
        opened = LESSONS[lesson]
        view = view or opened.view
        controls[VIEW] = None
        beside["stop_at"] = opened.epochs
        beside["choices"] = {"flow": opened.flow, "speed": opened.speed}
    if view:
        controls[VIEW] = view
    if visit is None:
        visit = Visit(Stream(spec, **beside))
        visit.stream.locked = restrictions.locked
        if changes or epoch:
            visit.stream.restart(spec, **beside, **reached)
        for name, value in controls.items():
            widgets.put(name, value)
        widgets.begin(visit)
    else:
        keys = widgets.renew_all(controls)
        # from here on Streamlit's state is not touched, so all of it is done, or nothing
        visit.stream.can_undo = False
        visit.stream.locked = restrictions.locked
        visit.stream.restart(spec, **beside, **reached)
        keys.generation += 1
    visit.restrictions = restrictions
    if query is not None:
        visit.query, visit.kept = query, share.kept_of(query)
    if lesson:
        visit.stream.tally.lessons += 1
    visit.notices, visit.brought = [*notices], ("", "")
    visit.chosen = set(query or ()) - {"dataset"}
    visit.lesson, visit.lesson_played, visit.lesson_done = lesson, False, False
    visit.own, visit.own_before = spec.own or visit.own, []
    return visit


def why_locked(visit: Visit, spec: Spec, changes: Sequence[tuple[float, str, Any]] = ()) -> str:
    """Why a run can't be opened on this page: it would change what is locked; "" if it can."""
    locked = visit.restrictions.locked
    found = {name for name, *_ in differences(visit.spec, spec)}
    found |= {lock_of_change(setting) for _, setting, _ in changes}
    if spec.own != visit.spec.own and not visit.restrictions.takes_own_data:
        return "it has other data, and those on this page are locked"
    names = ", ".join(LOCKABLE[name].lower() for name in LOCKABLE if name in found & locked)
    return names and f"it would change what is locked on this page: {names}"


def open_lesson(lesson: str) -> None:
    """Begin a lesson: its network, and run A beside it if it has one."""
    pinned = LESSONS[lesson].pinned
    pin = None if pinned is None else Pin(pinned)
    open_spec(LESSONS[lesson].spec, lesson=lesson, pin=pin)


def follow_run(visit: Visit) -> None:
    """Set every control to the run on screen, which the board has brought."""
    spec = visit.spec
    keys = widgets.renew_all(_controls_of(spec) | {ANSWER: widgets.value(ANSWER)})
    # from here on Streamlit's state is not touched, so all of it is done, or nothing
    keys.generation += 1
    visit.notices = []
    visit.own, visit.own_before = spec.own or visit.own, []
    visit.stream.brought = False


def _controls_of(spec: Spec) -> dict[str, Any]:
    """What each control says of a Spec."""
    said = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in settings_of(spec).items()
        if name != "hidden" and name not in LIVE_SETTINGS
    }
    if spec.own is not None:
        said["dataset"] = OWN
    units = {units_name(layer): count for layer, count in enumerate(spec.hidden)}
    return said | units | {LAYERS: len(spec.hidden)}


def spec_of_controls(visit: Visit) -> Spec:
    """What the controls say now.

    A control that is not shown says what it said last; the live settings are the board's. What
    another dataset or optimizer recommends comes along, and what it doesn't allow follows it.
    """
    values = _said(visit)
    values |= _brought(visit, values)
    own = visit.own if values["dataset"] == OWN else None
    if own is not None:
        values["dataset"], coordinates = visit.spec.dataset, len(own.columns)
        classes = len(own.classes)
    else:
        dataset = DATASETS[values["dataset"]]
        fewest, most = dataset.classes or (2, 2)
        values["classes"] = min(max(values["classes"], fewest), most)
        classes, coordinates = values["classes"] if dataset.classes else 0, dataset.coordinates
        # those of own data alone; x₂ is kept for the dataset after a curve
        values["features"] = usable(values["features"], 2)
    if not loss_fits(values["loss"], classes):
        values["loss"] = AUTO
    before = settings_of(visit.spec)
    for name, parameter in entry_parameters(values).items():
        said = widgets.value(name, before.get(name, parameter.default))
        if name in visit.restrictions.locked:
            said = before.get(name, said)
        values[name] = values.get(name, said)
    for features in (visit.spec.features, DEFAULT.features):
        if not usable(values["features"], coordinates):  # the last one was taken away
            values["features"] = features
    return with_settings(Spec(), values | {"own": own})


def _said(visit: Visit) -> dict[str, Any]:
    """What each control says; what the Spec on screen says, where there is no control."""
    values = {name: widgets.value(name, getattr(visit.spec, name)) for name in SETTINGS}
    values["hidden"] = hidden_units()
    locked = visit.restrictions.locked & set(SETTINGS)
    if visit.spec.own is not None:
        locked -= {"dataset"}  # which the control calls `OWN`
    return values | {name: getattr(visit.spec, name) for name in locked}


def _brought(visit: Visit, said: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that come along with another dataset or optimizer, by name.

    Those that the person has chosen stay; a lesson is chosen as a whole.

    said: what the controls say.
    """
    before = visit.spec
    dataset = before.dataset if said["dataset"] == OWN else said["dataset"]
    optimizer = said["optimizer"]
    if visit.lesson or (dataset, optimizer) == (before.dataset, before.optimizer):
        return {}
    had, came = settings_of(before), _suiting(before.dataset, before.optimizer)

    def is_chosen(name: str, value: Any) -> bool:
        was = had.get(name)
        if name in visit.chosen | visit.restrictions.locked or was != came.get(name):
            return True
        return said.get(name, was) not in (was, value)  # in this very moment

    asked_for = {"dataset", "optimizer"}
    if dataset != before.dataset and not is_chosen("optimizer", _suiting(dataset)["optimizer"]):
        optimizer, asked_for = "", {"dataset"}  # the one that suits the dataset comes along, too
    suits = _suiting(dataset, optimizer)
    return {
        name: value
        for name, value in suits.items()
        if name not in asked_for and value != had.get(name) and not is_chosen(name, value)
    }


def _suiting(dataset: str, optimizer: str = "") -> dict[str, Any]:
    """The settings that suit a dataset and an optimizer, as large as they may be here."""
    return settings_of(fitted(recommended(dataset, optimizer)))


def settle(spec: Spec) -> None:
    """Before they are shown: set the controls that had to follow another one."""
    for name, value in _controls_of(spec).items():
        if name == "features" and set(widgets.value(name, value)) == set(value):
            continue  # in another order
        widgets.renew(name, value)


def take_over(visit: Visit, spec: Spec) -> None:
    """Begin a run of the controls' Spec, if they were changed."""
    came, had = _brought(visit, _said(visit)), settings_of(visit.spec)
    setting = "optimizer" if spec.dataset == visit.spec.dataset else "dataset"
    visit.stream.can_undo = bool(visit.own_before) and spec.own is not None
    live = {name: came[name] for name in LIVE_SETTINGS if name in came}
    if visit.stream.follow(spec, live=live):
        changed = {name for name, value in settings_of(spec).items() if value != had.get(name)}
        visit.chosen |= changed - set(came) - {"dataset", *LIVE_SETTINGS}
        visit.notices = []
        visit.brought = (setting, _in_words(spec, setting, came)) if came else ("", "")


def _in_words(spec: Spec, setting: str, came: Mapping[str, Any]) -> str:
    """What came along with the value of a setting."""
    values = ", ".join(f"{setting_name(name)} {setting_value(name, came[name])}" for name in came)
    return f"{CHOICES[setting][getattr(spec, setting)].label} comes with {values}."


def units_name(layer: int) -> str:
    """Name of the control for the units of a hidden layer."""
    return f"units_{layer}"


def layers() -> int:
    """How many hidden layers the controls have."""
    return int(widgets.value(LAYERS, 0))


def hidden_units() -> tuple[int, ...]:
    """How many units each hidden layer of the controls has."""
    names = map(units_name, range(layers()))
    return tuple(widgets.value(name, FIRST_LAYER_UNITS) for name in names)


def set_layers(hidden: Sequence[int]) -> None:
    """Set the controls of the layers; if there are too many or too large ones, leave them."""
    try:
        units = check("hidden", list(hidden))
    except ValueError:
        return
    widgets.put(LAYERS, len(units))
    for layer, count in enumerate(units):
        widgets.renew(units_name(layer), count)


def add_layer() -> None:
    """Callback: one more hidden layer after the others, as wide as the one before it."""
    hidden = hidden_units()
    set_layers([*hidden, *(hidden[-1:] or [FIRST_LAYER_UNITS])])


def remove_layer() -> None:
    """Callback: the last hidden layer goes."""
    widgets.put(LAYERS, max(layers() - 1, PAGE_LAYERS[0]))
