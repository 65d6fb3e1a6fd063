"""What belongs to one person's visit. The only file that names `st.session_state`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from engine import OwnData, Spec
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
from playground.board.pinned import Pin
from playground.board.stream import Stream, read_request
from playground.browser import run_every_part_that_was_told_something
from playground.experiments.job import Job
from playground.export import files, session_file
from playground.lessons import LESSONS
from playground.limits import NEW_LAYER_UNITS, PAGE_LAYERS, check
from playground.own_data import edit
from playground.own_data.table import Choice, Table, read_table, suggest
from playground.tf_playground import read_link

BOARD = "board"
OWN = "own"  # in the place of a dataset: a person's data
LESSON, ANSWER = "lesson", "lesson_answer"  # keys of the list, and of the answers of a lesson
DEFAULT = Spec()


@dataclass
class Session:
    """One visit.

    Attributes:
        spec: what the controls say.
        stream: the run of that Spec.
        query: the link's query as this visit last read or wrote it.
        notices: what the person should know about the link that was opened.
        failure: what went wrong while the board was answered.
        looked: whether the board has told of a picture that the page has not explained yet.
        has_news: whether there is something new that the person should know.
        lesson: the open lesson, "" for none.
        lesson_done: whether that was answered and played to its end.
        layers: how many hidden layers the controls have.
        generation: counts how often every control was set anew.
        renewed: counts how often each control was, apart from that.
        own: the newest data that the person brought, shown or not.
        own_before: what was shown before each point that was added, None being the toy dataset.
        draft: the table in the dialog of own data, and which of its columns are suggested.
        drafts: counts them.
        complaint: why the newest file can't be used, "" if it can.
        many: what is shown about many runs, None for nothing.
        job: the newest experiment.
    """

    spec: Spec
    stream: Stream
    query: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    failure: Exception | None = None
    looked: bool = False
    has_news: bool = False
    lesson: str = ""
    lesson_done: bool = False
    layers: int = 0
    generation: int = 0
    renewed: Counter[str] = field(default_factory=Counter)
    own: OwnData | None = None
    own_before: list[OwnData | None] = field(default_factory=list)
    draft: tuple[Table, Choice] | None = None
    drafts: int = 0
    complaint: str = ""
    many: str | None = None
    job: Job | None = None

    def key(self, name: str) -> str:
        """The key of a control, another one each time that it is set by anything but a person.

        The browser sends the values of all controls along with whatever it sends: those of a folded
        panel as they were when it was last open, and until it has heard of a value that was set
        here, the one from before. Under a new key, none of these old values counts.
        """
        times = self.generation + self.renewed[name]
        return f"{name}:{times}" if times else name


def key(name: str) -> str:
    """The key of a control in this visit, see `Session.key`."""
    session = current()
    return session.key(name) if session else name


def renew(name: str, value: Any) -> None:
    """Set a control, whatever the browser goes on saying of it; also a callback."""
    session = current()
    if session is not None and st.session_state.setdefault(session.key(name), value) != value:
        session.renewed[name] += 1
        st.session_state[session.key(name)] = value


def current() -> Session | None:
    """The visit, or None if it begins with this script run."""
    session: Session | None = st.session_state.get("session")
    return session


def open_spec(
    spec: Spec,
    notices: list[str],
    query: dict[str, str],
    lesson: str = "",
    pin: Pin | None = None,
) -> Session:
    """Begin a run of a Spec, of a lesson if there is one, and set every control to it.

    pin: the run that plays beside it.
    """
    session = current()
    stop_at = LESSONS[lesson].epochs if lesson else None
    if session is None:
        session = Session(spec, Stream(spec, stop_at=stop_at, pin=pin))
    else:
        session.spec = spec
        session.generation += 1
        session.stream.restart(spec, stop_at=stop_at, pin=pin)
    session.query, session.notices = query, notices
    session.lesson, session.lesson_done = lesson, False
    session.own, session.own_before = spec.own or session.own, []
    session.stream.can_undo = False
    st.session_state["session"] = session
    st.session_state[key(LESSON)] = lesson
    st.session_state[key(ANSWER)] = None
    for name, value in settings_of(spec).items():
        if name != "hidden" and name not in LIVE_SETTINGS:
            st.session_state[key(name)] = list(value) if isinstance(value, tuple) else value
    if spec.own is not None:
        st.session_state[key("dataset")] = OWN
    _set_layers(session, list(spec.hidden))
    return session


def spec_of_controls(session: Session) -> Spec:
    """What the controls say now.

    A control that is not shown says what it said last; the live settings are the board's. What
    another dataset doesn't allow follows the dataset.
    """
    state = st.session_state
    values = {name: state.get(key(name), getattr(session.spec, name)) for name in SETTINGS}
    values["hidden"] = tuple(
        state.get(key(units_name(layer)), NEW_LAYER_UNITS) for layer in range(session.layers)
    )
    own = session.own if values["dataset"] == OWN else None
    if own is not None:
        values["dataset"], coordinates = session.spec.dataset, len(own.columns)
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
    before = settings_of(session.spec)
    for name, parameter in entry_parameters(values).items():
        values[name] = state.get(key(name), before.get(name, parameter.default))
    for features in (session.spec.features, DEFAULT.features):
        if not usable(values["features"], coordinates):  # the last one was taken away
            values["features"] = features
    return with_settings(Spec(), values | {"own": own})


def settle(spec: Spec) -> None:
    """Before they are shown: set the controls that had to follow another one."""
    renew("loss", spec.loss)
    if set(value("features")) != set(spec.features):  # in any order
        renew("features", list(spec.features))
    if key("classes") in st.session_state:
        renew("classes", spec.classes)


def take_over(session: Session, spec: Spec) -> None:
    """Start a run of the controls' Spec, if they were changed."""
    if spec != session.spec:
        stream = session.stream
        stream.can_undo = bool(session.own_before) and spec.own is not None
        stream.restart(spec, stop_at=stream.stop_at, pin=stream.pin)
        session.spec = spec
        session.notices = []


def choose_lesson() -> None:
    """Callback: open the chosen lesson with its network; or close it, and keep the network."""
    session, lesson = current(), st.session_state[key(LESSON)]
    if session is None or lesson == session.lesson:
        return
    if lesson:
        open_spec(LESSONS[lesson].spec, [], session.query, lesson)
    else:
        session.lesson, session.stream.stop_at = "", None


def open_lesson(lesson: str) -> None:
    """Callback: open a lesson, or close the open one if it is ""."""
    renew(LESSON, lesson)
    choose_lesson()


FILE, TF_LINK = "file", "tf_link"  # keys of what is loaded


def load_file() -> None:
    """Callback: begin a run with the settings or the weights of a file; or say what is wrong."""
    session, file = current(), st.session_state[FILE]
    if session is None or file is None:
        return
    try:
        text = file.getvalue().decode(errors="replace")
        if session_file.is_session(text):
            _open_session(session, session_file.read_session(text))
        elif file.name.endswith(".json"):
            spec = files.read_settings(text)
            _check_for_page(spec)
            open_spec(spec, [], session.query)
        else:
            sizes = session.stream.run.network.layer_sizes
            parameters = files.read_weights(file.getvalue(), sizes)
            stream = session.stream
            stream.restart(session.spec, parameters=parameters, pin=stream.pin)
            session.notices = []
    except ValueError as error:
        session.notices = [f"{file.name} can't be loaded: {error}."]


def _check_for_page(spec: Spec) -> None:
    """Raises ValueError if a setting is beyond what the page can show."""
    for name in SETTINGS:
        check(name, getattr(spec, name))


def _open_session(session: Session, visit: session_file.Visit) -> None:
    pinned = [] if visit.pin is None else [visit.pin.spec]
    for spec in (visit.spec, *pinned, *(run.spec for run in visit.past)):
        _check_for_page(spec)
    open_spec(visit.spec, [], session.query, pin=visit.pin)
    session.stream.past.join(visit.past)
    session.stream.replay(visit.changes, visit.epoch)
    session.spec = session.stream.spec


def as_file(session: Session) -> str:
    """The visit as a file, for `load_file`."""
    stream = session.stream
    run = stream.present()
    return session_file.session_json(
        session_file.Visit(run.spec, run.changes, run.position, stream.pin, stream.past.runs)
    )


def reopen(spec: Spec, changes: Sequence[Any], epoch: float) -> None:
    """Have a run again as it was at an epoch, run A beside it if there is one.

    Raises:
        ValueError: its live changes can't be made.
    """
    session = current()
    if session is None:
        return
    open_spec(spec, [], session.query, pin=session.stream.pin)
    session.stream.replay(changes, epoch)
    session.spec = session.stream.spec


def pin(spec: Spec, changes: Sequence[Any]) -> None:
    """Begin the present Spec again, with another run beside it."""
    session = current()
    if session is not None:
        stream = session.stream
        stream.restart(session.spec, stop_at=stream.stop_at, pin=Pin(spec, tuple(changes)))


def load_tf_link() -> None:
    """Callback: begin a run of the nearest Spec to a TensorFlow Playground link."""
    session, link = current(), st.session_state[TF_LINK]
    if session is None or not link.strip():
        return
    try:
        spec, notes = read_link(link)
    except ValueError as error:
        session.notices = [f"The link can't be read: {error}."]
        return
    open_spec(spec, [f"- {note}" for note in notes], session.query)
    session.notices = ["\n".join(["From TensorFlow Playground:", *session.notices])]


OWN_FILE = "own_file"  # key of what is uploaded


def read_own_file() -> None:
    """Callback: show the table of a file in the dialog; or say why it can't be used."""
    session, file = current(), st.session_state[OWN_FILE]
    if session is None or file is None:
        return
    try:
        table = read_table(file.getvalue(), file.name)
        draft_data(table, suggest(table))
    except ValueError as error:
        session.draft, session.complaint = None, f"{error}."


def draft_data(table: Table | None, choice: Choice | None) -> None:
    """Callback: show another table in the dialog of own data, or none."""
    session = current()
    if session is not None:
        session.draft = None if table is None or choice is None else (table, choice)
        session.drafts += 1
        session.complaint = ""


def use_own(own: OwnData) -> None:
    """Begin a run with a person's data, all of their columns being inputs."""
    session = current()
    if session is None:
        return
    columns = len(own.columns)
    # x1, x2 … of each column once, no functions of them
    plain = tuple(f"x{number}" for number in range(1, columns + 1))
    loss = session.spec.loss if loss_fits(session.spec.loss, len(own.classes)) else AUTO
    spec = replace(session.spec, own=own, features=plain, loss=loss)
    open_spec(spec, [], session.query, pin=session.stream.pin)
    draft_data(None, None)


def is_lesson_done(session: Session) -> bool:
    """Whether the open lesson was answered, and played to its end; note it if it was."""
    stream = session.stream
    played = stream.shown >= LESSONS[session.lesson].epochs or (
        stream.run.diverged and stream.shown == stream.run.position
    )
    if st.session_state.get(key(ANSWER)) is not None and played:
        session.lesson_done = True
    return session.lesson_done


def keep(name: str, value: Any) -> Any:
    """What a control says; a value if it says nothing yet, as when it was not shown before.

    Every control that the page sets is given this as its default too. The value goes to the browser
    only once, with a message that is dropped if the next script run begins before it has left; the
    control would then stand at the first of its options, or at its lowest number.
    """
    return st.session_state.setdefault(key(name), value)


def value(name: str) -> Any:
    """What a control says now."""
    return st.session_state[key(name)]


def units_name(layer: int) -> str:
    """Name of the control for the units of a hidden layer."""
    return f"units_{layer}"


def add_layer() -> None:
    """Callback: one more hidden layer, after the others."""
    session = current()
    if session is not None:
        session.layers = min(session.layers + 1, PAGE_LAYERS[1])


def remove_layer() -> None:
    """Callback: the last hidden layer goes."""
    session = current()
    if session is not None:
        session.layers = max(session.layers - 1, PAGE_LAYERS[0])


def take_events() -> None:
    """Callback of the board: take what it tells, each event once."""
    session, events = current(), st.session_state[BOARD].get("events")
    if session is None or events is None:
        return
    try:
        for event in events:
            if session.stream.hear(event["number"]):
                EVENTS[event["name"]](session, event["value"])
    except Exception as error:
        session.failure = error  # the page tells the person; a callback can't
    run_every_part_that_was_told_something()


def _answer(session: Session, request: Mapping[str, Any]) -> None:
    """The board asks for something, and may have changed a live setting."""
    session.stream.answer(read_request(request))
    session.spec = session.stream.spec


def _reshape(session: Session, wanted: Mapping[str, Any]) -> None:
    """Layers or units were changed in the network view."""
    session.stream.reshaped = wanted["hidden"]
    _set_layers(session, wanted["hidden"])


def _look(session: Session, told: Mapping[str, Any]) -> None:
    """The picture stands still, or something on it is to be explained."""
    if told.get("run") != session.stream.run_id:
        return
    session.stream.look(told["epoch"])
    session.looked = True
    if "sample" in told:
        pick(part=told["sample"]["part"], point=told["sample"]["index"] + 1)
    if "weight" in told:
        pick(**{f"weight_{end}": told["weight"][end] for end in ("layer", "from", "to")})


def _edit_points(session: Session, wanted: Mapping[str, Any]) -> None:
    """A point was clicked into the picture, or taken back."""
    if not wanted.get("undo"):
        # the data that the controls say: the run may be a click behind
        shown = session.own if value("dataset") == OWN else None
        try:
            own = edit.taken_over(session.stream.run) if shown is None else shown
            more = edit.with_point(own, wanted["x"], wanted["y"], wanted["label"])
        except ValueError as error:
            session.notices, session.has_news = [f"The point can't be added: {error}."], True
            return
        session.own_before.append(shown)
        session.own = more
        renew("dataset", OWN)
    elif session.own_before:
        before = session.own_before.pop()
        session.own = before
        renew("dataset", session.spec.dataset if before is None else OWN)


EVENTS = {"request": _answer, "reshape": _reshape, "look": _look, "edit": _edit_points}

INSIDE = "inside_"  # what the keys of the controls below the board begin with
VIEW = INSIDE + "view"
MANY = "many"  # key of the choice of what is about many runs


def pick(**values: Any) -> None:
    """Open the explanation of one step, for a point or for a weight of the board."""
    renew(VIEW, "step")
    for name, value in values.items():
        renew(INSIDE + name, value)


def has_to_follow(session: Session) -> bool:
    """Whether the page is behind what the board has told."""
    explains = st.session_state.get(key(VIEW)) is not None
    waits = explains or (session.lesson and not session.lesson_done)
    return session.has_news or session.failure is not None or bool(session.looked and waits)


def within(name: str, options: Sequence[Any], default: Any = None) -> Any:
    """What a control says, see `keep`; a value that it can have if it has another network's."""
    first = options[0] if default is None else default
    if keep(name, first) not in options:
        st.session_state[key(name)] = first
    return value(name)


def _set_layers(session: Session, hidden: list[int]) -> None:
    """Set the controls of the layers; if there are too many or too large ones, leave them."""
    try:
        layers = check("hidden", hidden)
    except ValueError:
        return
    session.layers = len(layers)
    for layer, units in enumerate(layers):
        renew(units_name(layer), units)


def begin_again() -> None:
    """Callback: forget everything about this visit, the link's query too."""
    st.query_params.clear()
    st.session_state.clear()
