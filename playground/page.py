"""The page, top to bottom: controls at the left, the live board, notices."""

import gc
import logging
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st

from playground import session, share
from playground.board.component import board
from playground.board.pinned import Pin
from playground.browser import wait_for_delivery, went_through_history
from playground.controls import controls, folded_controls
from playground.experiments.panel import many_seeds
from playground.export.panel import keep_panel
from playground.inside.panel import look_inside
from playground.lessons.panel import lesson_list, show_lesson
from playground.past.panel import past_panel

HERE = Path(__file__).parent


def page() -> None:
    """Draw the page; whatever goes wrong, the person sees a plain message and a way on."""
    # on a phone, a link to a lesson shows the lesson first
    sidebar: Literal["expanded", "auto"] = "expanded" if share.LESSON in st.query_params else "auto"
    st.set_page_config(
        "MLP Playground",
        page_icon=str(HERE / "icon.svg"),
        layout="wide",
        initial_sidebar_state=sidebar,
    )
    _freeze_what_was_imported()
    try:
        _page()
    except Exception:
        _failed()


def _page() -> None:
    st.html(HERE / "page.css")
    visit = _visit()
    if visit.failure is not None:
        raise visit.failure
    spec = session.spec_of_controls(visit)
    session.settle(spec)
    session.take_over(visit, spec)
    with st.sidebar:
        st.markdown("#### MLP Playground")
        lesson_list()
        if visit.lesson:
            show_lesson(visit)
        controls(visit, spec)
        with st.container(key="folded", horizontal=True):
            folded_controls(spec)
            keep_panel(visit)
    _write_link(visit)
    for notice in visit.notices:
        st.warning(notice, icon=":material/info:")
    visit.looked = visit.has_news = False
    _live_board()
    look_inside()
    if visit.many == "seeds":
        many_seeds(visit)
    elif visit.many == "past":
        past_panel()
    wait_for_delivery()  # the board must not miss its part of this run


def _visit() -> session.Session:
    """This person's visit; a link that was just opened decides what it shows."""
    visit, query = session.current(), st.query_params.to_dict()
    if visit is None:
        return _open_link(query)
    # Otherwise another query is one that the browser had before it heard of the newest.
    if query != visit.query and went_through_history():
        return _open_link(query)
    return visit


def _open_link(query: dict[str, str]) -> session.Session:
    visit = session.current()
    spec, notices = share.from_query(query, None if visit is None else visit.own)
    pinned, more = share.pinned_of(query)
    pin = None if pinned is None else Pin(pinned)
    return session.open_spec(spec, notices + more, query, share.lesson_of(query), pin)


@st.fragment
def _live_board() -> None:
    """The part that runs again for each request of the browser, alone."""
    visit = session.current()
    if visit is None:
        return
    # the board may have changed the network or the data, or told what the page has to show
    if session.has_to_follow(visit) or session.spec_of_controls(visit) != visit.spec:
        st.rerun()
    _write_link(visit)
    board(visit.stream.message, key=session.BOARD, on_events=session.take_events)


def _write_link(visit: session.Session) -> None:
    """Keep the address of the page a link to what is shown."""
    pin = visit.stream.pin
    query = share.to_query(visit.spec, visit.lesson, None if pin is None else pin.spec)
    if query != visit.query:
        st.query_params.from_dict(query)
        visit.query = query


def _failed() -> None:
    logging.getLogger(__name__).exception("the page failed")
    st.error(
        "Something went wrong in the playground itself. Your settings are still in the address of "
        "this page. Reset begins again with the default ones."
    )
    st.button("Reset", key="begin_again", on_click=session.begin_again)


@cache
def _freeze_what_was_imported() -> None:
    """Take the libraries out of garbage collection: Streamlit collects after every run of a script.

    A collection with them costs some 60 ms, which is more than a message of the board does.
    """
    gc.collect()
    gc.freeze()
