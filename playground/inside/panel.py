"""A row of views below the board; the chosen one explains the moment on screen."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from engine import Run
from playground import widgets
from playground.inside import activation, check, depth, hidden, matrices, step
from playground.server.config import config


@dataclass(frozen=True)
class View:
    """A way to look inside.

    Attributes:
        label: its name on the page.
        show: draws it for a run, which is a copy to look at.
        moves: whether it is drawn again while the board plays, not only when it pauses:
            a picture can be watched, but a page of formulas can't be read so fast.
    """

    label: str
    show: Callable[[Run], None]
    moves: bool = False


VIEWS = {
    "step": View("One step", step.show),
    "matrices": View("In matrices", matrices.show),
    "check": View("Check the gradient", check.show),
    "activation": View("Activation", activation.show, moves=True),
    "hidden": View("Hidden space", hidden.show, moves=True),
    "depth": View("Depth", depth.show),
}

# views of more than the run on screen, and those that are switched off on this server
MANY = {"seeds": "Many seeds", "past": "Last runs"}
OFF = {} if config().experiments else {"seeds": MANY.pop("seeds")}

VIEW = "inside_view"


@st.fragment
def look_inside() -> None:
    """Show the views to choose from, and the chosen one."""
    visit = widgets.visit()
    if visit is None:
        return
    hidden, contact = visit.restrictions.hidden, visit.stream.contact
    if {"inside", "compare"} <= hidden:
        contact.follow_screen("inside", follows=False)
        contact.follows_play = False
        return
    with st.container(key="inside"):
        chosen, many = None, visit.many
        with st.container(key="views", horizontal=True, vertical_alignment="center"):
            if "inside" not in hidden:
                st.markdown("## Why these numbers?")
                chosen = widgets.segments(
                    VIEW,
                    "Why these numbers?",
                    list(VIEWS),
                    format_func=lambda name: VIEWS[name].label,
                    label_visibility="collapsed",
                )
            if "compare" not in hidden:
                st.markdown("## Compare runs")
                many = widgets.segments(
                    "many",
                    "Compare runs",
                    list(MANY),
                    visit.many,
                    format_func=lambda name: MANY[name],
                    label_visibility="collapsed",
                )
        contact.follow_screen("inside", follows=chosen is not None)
        contact.follows_play = chosen is not None and VIEWS[chosen].moves
        if chosen:
            with st.container(key=f"view_{chosen}"):  # a link to this moment finds it by its key
                if visit.stream.make() is None:
                    run = visit.stream.present()
                    st.caption(f"Epoch {_moment(run)}")
                    VIEWS[chosen].show(run)
                else:  # the board says how far it is, and wakes the page
                    st.caption("This opens as soon as the run is there.")
    if many != visit.many or visit.stream.contact.told or visit.stream.brought:
        visit.many = many
        st.rerun()  # the page: this is about other parts of it


def pick(**picked: object) -> None:
    """Open the explanation of one step, for a point or for a weight of the board."""
    widgets.renew(VIEW, "step")
    step.pick(**picked)


def _moment(run: Run) -> str:
    return f"{run.epoch} + {run.batch}/{run.batches}" if run.batch else str(run.epoch)
