"""Controls: one call makes one, with its key, its value and its default. Owns `st.session_state`.

The browser sends the values of all controls with every message: those of a folded panel as they
were when it was last open, and the old value of a control until it hears of a value that was set
here. So a control that is set by anything but a person gets a new key, under which no old value
counts.

Each control also gets its value as its default. The value itself goes to the browser only once, in
a message that is dropped if the next run of the script begins before it has left; the control would
then show the first of its options, or its lowest number.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from playground.limits import without_noise
from playground.visit import Visit

VISIT, KEYS, FRESH = "visit", "keys", "fresh"


@dataclass
class Keys:
    """How often controls were set by anything but a person.

    Attributes:
        generation: all of them.
        renewed: each by itself, apart from that.
    """

    generation: int = 0
    renewed: Counter[str] = field(default_factory=Counter)

    def key(self, name: str, *, later: int = 0) -> str:
        """The key that a control has now, or when it has been set anew so many times."""
        times = self.generation + self.renewed[name] + later
        return f"{name}:{times}" if times else name


def visit() -> Visit | None:
    """The visit, None if it begins with this run of the script."""
    found: Visit | None = st.session_state.get(VISIT)
    return found


def begin(new: Visit) -> None:
    """A visit begins."""
    st.session_state[VISIT] = new


def clear() -> None:
    """Forget the visit and every control."""
    st.session_state.clear()
    st.session_state[FRESH] = True


def is_fresh() -> bool:
    """Whether the visit before was to be forgotten."""
    return FRESH in st.session_state


def key(name: str) -> str:
    """The current key of a control."""
    return _keys().key(name)


def value(name: str, default: Any = None) -> Any:
    """What a control says, or said when it was last shown; a default if it never was."""
    return without_noise(st.session_state.get(key(name), default))


def given(fixed_key: str) -> Any:
    """What was given to a widget whose key stays the same, as a file."""
    return st.session_state.get(fixed_key)


def keep(name: str, default: Any) -> Any:
    """What a control says; a value for it if it says nothing yet."""
    return st.session_state.setdefault(key(name), default)


def put(name: str, said: Any) -> None:
    """Set a control before it is shown for the first time under its key."""
    st.session_state[key(name)] = said


def renew(name: str, said: Any) -> None:
    """Set a control, whatever the browser goes on saying of it; also a callback."""
    if keep(name, said) != said:
        keys = _keys()
        st.session_state[keys.key(name, later=1)] = said
        keys.renewed[name] += 1


def renew_all(values: Mapping[str, Any]) -> Keys:
    """Set many controls anew; in force once `generation` of what is returned has been counted up.

    Any use of Streamlit's state may end this run of the script, for another one to begin: what has
    to be done whole is done after this.
    """
    keys = _keys()
    for name, said in values.items():
        st.session_state[keys.key(name, later=1)] = said
    return keys


def within(name: str, options: Sequence[Any], default: Any = None) -> Any:
    """What a control says; if it can't have that now, its first option or another default."""
    first = options[0] if default is None else default
    if keep(name, first) not in options:
        put(name, first)
    return value(name)


def slider(name: str, label: str, limits: tuple[Any, Any], default: Any, **more: Any) -> Any:
    """A slider for a number."""
    return st.slider(label, *limits, keep(name, default), key=key(name), **more)


def number(name: str, label: str, limits: tuple[Any, Any], default: Any, **more: Any) -> Any:
    """A field for a number."""
    return st.number_input(label, *limits, keep(name, default), key=key(name), **more)


def scale(name: str, label: str, options: Sequence[Any], default: Any, **more: Any) -> Any:
    """A slider along some options."""
    return st.select_slider(label, options, keep(name, default), key=key(name), **more)


def select(name: str, label: str, options: Sequence[Any], default: Any = None, **more: Any) -> Any:
    """A list of options, one of which is chosen; a choice that is not among them is the default."""
    chosen = options.index(within(name, options, default))
    return st.selectbox(label, options, chosen, key=key(name), **more)


def radio(name: str, label: str, options: Sequence[Any], **more: Any) -> Any:
    """Options, of which none is chosen at first."""
    return st.radio(label, options, keep(name, None), key=key(name), **more)


def pills(name: str, label: str, options: Sequence[Any], default: Any, **more: Any) -> Any:
    """Options side by side, of which one is chosen, or with `selection_mode` several."""
    return st.pills(label, options, default=keep(name, default), key=key(name), **more)


def segments(
    name: str, label: str, options: Sequence[Any], default: Any = None, **more: Any
) -> Any:
    """Options in one bar; with `required` one of them is chosen, else maybe none."""
    said = within(name, options, default) if more.get("required") else keep(name, default)
    return st.segmented_control(label, options, default=said, key=key(name), **more)


def toggle(name: str, label: str, *, default: bool, **more: Any) -> bool:
    """A switch."""
    return st.toggle(label, keep(name, default), key=key(name), **more)


def _keys() -> Keys:
    found: Keys = st.session_state.setdefault(KEYS, Keys())
    return found
