"""What belongs to one person's visit. The only file that names `st.session_state`."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from engine import Spec
from engine.datasets import DATASETS
from engine.run import LIVE_SETTINGS
from engine.spec import HIDDEN_LAYERS, SETTINGS
from playground.board.stream import Stream, read_request

BOARD = "board"
NEW_LAYER_UNITS = 4


@dataclass
class Session:
    """One visit.

    Attributes:
        spec: what the controls say.
        stream: the run of that Spec.
        query: the link's query as this visit last read or wrote it.
        notices: what the person should know about the link that was opened.
        failure: what went wrong while the board was answered.
    """

    spec: Spec
    stream: Stream
    query: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    failure: Exception | None = None


def current() -> Session | None:
    """The visit, or None if it begins with this script run."""
    session: Session | None = st.session_state.get("session")
    return session


def open_spec(spec: Spec, notices: list[str], query: dict[str, str]) -> Session:
    """Begin a run of a Spec and set every control to it."""
    session = current()
    if session is None:
        session = Session(spec, Stream(spec))
    else:
        session.spec = spec
        session.stream.restart(spec)
    session.query, session.notices = query, notices
    st.session_state["session"] = session
    for name in SETTINGS:
        if name != "hidden" and name not in LIVE_SETTINGS:
            st.session_state[name] = getattr(spec, name)
    st.session_state["layers"] = len(spec.hidden)
    for layer, units in enumerate(spec.hidden):
        st.session_state[units_key(layer)] = units
    return session


def spec_of_controls(session: Session) -> Spec:
    """What the controls say now.

    A control that is not shown says what it said last; the live settings are the board's.
    """
    state = st.session_state
    values = {name: state.get(name, getattr(session.spec, name)) for name in SETTINGS}
    fewest, most = DATASETS[values["dataset"]].classes
    values["classes"] = min(max(values["classes"], fewest), most)
    values["hidden"] = tuple(
        state.get(units_key(layer), NEW_LAYER_UNITS) for layer in range(state["layers"])
    )
    return Spec(**values)


def take_over(session: Session, spec: Spec) -> None:
    """Start a run of the controls' Spec, if they were changed."""
    if spec != session.spec:
        session.stream.restart(spec)
        session.spec = spec
        session.notices = []


def keep(key: str, value: Any) -> None:
    """Give a control its value if it has none, as when it was not shown before."""
    st.session_state.setdefault(key, value)


def value(key: str) -> Any:
    """What a control says now."""
    return st.session_state[key]


def units_key(layer: int) -> str:
    """Key of the control for the units of a hidden layer."""
    return f"units_{layer}"


def add_layer() -> None:
    """Callback: one more hidden layer, after the others."""
    st.session_state["layers"] = min(st.session_state["layers"] + 1, HIDDEN_LAYERS[1])


def remove_layer() -> None:
    """Callback: the last hidden layer goes."""
    st.session_state["layers"] = max(st.session_state["layers"] - 1, HIDDEN_LAYERS[0])


def answer_request() -> None:
    """Callback of the board: it asked for something, and may have changed a live setting."""
    session, request = current(), st.session_state[BOARD].get("request")
    if session is None or request is None:
        return
    try:
        session.stream.answer(read_request(request))
        session.spec = session.stream.spec
    except Exception as error:
        session.failure = error  # the page tells the person; a callback can't


def begin_again() -> None:
    """Callback: forget everything about this visit, the link's query too."""
    st.query_params.clear()
    st.session_state.clear()
