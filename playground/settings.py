"""From a Spec to the controls and back; whatever opens another run does it here."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine import Spec
from engine.datasets import DATASETS
from engine.features import usable
from engine.run import LIVE_SETTINGS
from engine.spec import (
    AUTO,
    SETTINGS,
    entry_parameters,
    loss_fits,
    settings_of,
    with_settings,
)
from playground import share, widgets
from playground.board.pinned import Pin
from playground.board.stream import Stream
from playground.inside.panel import VIEW
from playground.lessons import LESSONS
from playground.limits import NEW_LAYER_UNITS, PAGE_LAYERS, check
from playground.visit import Visit

OWN = "own"  # in the place of a dataset: a person's data
LESSON, ANSWER = "lesson", "lesson_answer"  # the list of lessons, and the answers of the open one
LAYERS = "layers"  # how many hidden layers the controls have
DEFAULT = Spec()


def open_link(query: dict[str, str]) -> Visit:
    """Begin what a link says."""
    visit = widgets.visit()
    spec, notices = share.from_query(query, None if visit is None else visit.own)
    pinned, more = share.pinned_of(query)
    pin = None if pinned is None else Pin(pinned)
    return open_spec(spec, notices + more, query=query, lesson=share.lesson_of(query), pin=pin)


def open_spec(
    spec: Spec,
    notices: Sequence[str] = (),
    *,
    query: dict[str, str] | None = None,
    lesson: str = "",
    pin: Pin | None = None,
    changes: Sequence[tuple[float, str, Any]] = (),
    epoch: float = 0.0,
) -> Visit:
    """Begin a run of a Spec, of a lesson if there is one, and set every control to it.

    Args:
        notices: what the person should know about it.
        query: the link's that is opened, None if it is no link.
        pin: the run that plays beside it.
        changes, epoch: train it up to there, with these live changes on the way.

    Raises:
        ValueError: one of the changes can't be made.
    """
    visit = widgets.visit()
    controls = _controls_of(spec) | {LESSON: lesson, ANSWER: None}
    stop_at: int | None = None
    choices: Mapping[str, Any] = {}
    if lesson:
        opened = LESSONS[lesson]
        controls[VIEW] = opened.view or None
        stop_at, choices = opened.epochs, {"flow": opened.flow, "speed": opened.speed}
    if visit is None:
        visit = Visit(Stream(spec, stop_at=stop_at, pin=pin, choices=choices))
        for name, value in controls.items():
            widgets.put(name, value)
        widgets.begin(visit)
    else:
        keys = widgets.renew_all(controls)
        # from here on Streamlit's state is not touched, so all of it is done, or nothing
        visit.stream.can_undo = False
        visit.stream.restart(
            spec, stop_at=stop_at, pin=pin, choices=choices, changes=changes, epoch=epoch
        )
        keys.generation += 1
    if query is not None:
        visit.query = query
    visit.notices = [*notices]
    visit.lesson, visit.lesson_played, visit.lesson_done = lesson, False, False
    visit.own, visit.own_before = spec.own or visit.own, []
    return visit


def open_lesson(lesson: str) -> None:
    """Begin a lesson: its network, and run A beside it if it has one."""
    pinned = LESSONS[lesson].pinned
    pin = None if pinned is None else Pin(pinned)
    open_spec(LESSONS[lesson].spec, lesson=lesson, pin=pin)


def follow_run(visit: Visit) -> None:
    """Set every control to the run on screen, which the board has brought."""
    spec = visit.spec
    lesson = {LESSON: visit.lesson, ANSWER: widgets.value(ANSWER)}
    keys = widgets.renew_all(_controls_of(spec) | lesson)
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
    another dataset doesn't allow follows the dataset.
    """
    values = {name: widgets.value(name, getattr(visit.spec, name)) for name in SETTINGS}
    values["hidden"] = tuple(
        widgets.value(units_name(layer), NEW_LAYER_UNITS) for layer in range(layers())
    )
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
        values[name] = widgets.value(name, before.get(name, parameter.default))
    for features in (visit.spec.features, DEFAULT.features):
        if not usable(values["features"], coordinates):  # the last one was taken away
            values["features"] = features
    return with_settings(Spec(), values | {"own": own})


def settle(spec: Spec) -> None:
    """Before they are shown: set the controls that had to follow another one."""
    widgets.renew("loss", spec.loss)
    if set(widgets.value("features", ())) != set(spec.features):  # in any order
        widgets.renew("features", list(spec.features))
    if widgets.value("classes") is not None:
        widgets.renew("classes", spec.classes)


def take_over(visit: Visit, spec: Spec) -> None:
    """Begin a run of the controls' Spec, if they were changed."""
    visit.stream.can_undo = bool(visit.own_before) and spec.own is not None
    if visit.stream.follow(spec):
        visit.notices = []


def units_name(layer: int) -> str:
    """Name of the control for the units of a hidden layer."""
    return f"units_{layer}"


def layers() -> int:
    """How many hidden layers the controls have."""
    return int(widgets.value(LAYERS, 0))


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
    """Callback: one more hidden layer, after the others."""
    widgets.put(LAYERS, min(layers() + 1, PAGE_LAYERS[1]))


def remove_layer() -> None:
    """Callback: the last hidden layer goes."""
    widgets.put(LAYERS, max(layers() - 1, PAGE_LAYERS[0]))
