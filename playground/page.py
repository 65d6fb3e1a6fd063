"""The page, top to bottom: controls on the left, the live board, notices."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from engine import Spec
from playground import settings, share, widgets
from playground.board import line
from playground.board.component import board
from playground.controls import controls, folded_controls
from playground.experiments.panel import many_seeds
from playground.export.panel import keep_panel, session_button, weights_question
from playground.hear import hear_board
from playground.inside.panel import look_inside
from playground.lessons.gallery import lessons_button
from playground.lessons.panel import show_lesson
from playground.past.panel import past_panel
from playground.room import line as room_line
from playground.server.config import config
from playground.visit import Visit

HERE = Path(__file__).parent
MOST_NOTICES = 8
LONGEST_NOTICE = 2_000  # letters
STARTED_OTHERWISE = (
    "The board needs the playground's own server: in the project's folder, start it with "
    "`streamlit run streamlit_app.py`."
)


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
    try:
        _page()
    except Exception:
        _failed()


def _page() -> None:
    st.html(HERE / "page.css")
    if not line.is_served():
        st.error(STARTED_OTHERWISE, icon=":material/error:")
        return
    visit = widgets.visit() or settings.open_link(st.query_params.to_dict())
    hear_board(visit)
    spec = settings.spec_of_controls(visit)
    settings.settle(spec)
    settings.take_over(visit, spec)
    hidden = visit.restrictions.hidden
    if "controls" not in hidden or visit.lesson:
        with st.sidebar:
            _sidebar(visit, spec)
    else:
        st.html('<h1 class="unseen">MLP Playground</h1>')
    _write_link(visit)
    _show(visit.notices)
    weights_question(visit)
    if visit.spec.own is not None and share.without_data(visit.spec) in visit.notices:
        session_button(visit)
    follows = bool(visit.lesson and not (visit.lesson_played and visit.lesson_done))
    visit.stream.contact.follow_screen("lesson", follows=follows)
    board(
        visit.stream,
        fresh=widgets.is_fresh(),
        welcome=visit.is_untouched and not visit.kept,
        plays=visit.plays,
        presents=visit.presents,
        lesson=visit.lesson,
        hidden=hidden,
        teaches=visit.teaches,
        room_line=room_line.address() if config().rooms else "",
    )
    look_inside()
    if visit.many and "compare" not in hidden:
        with st.container(key=f"view_{visit.many}"):
            if visit.many == "seeds":
                many_seeds(visit)
            else:
                past_panel()


def _sidebar(visit: Visit, spec: Spec) -> None:
    """What is on the left: the lesson that is open, and the controls."""
    lessons_button(visit)
    if visit.lesson:
        show_lesson(visit)
    if "controls" in visit.restrictions.hidden:
        return
    controls(visit, spec)
    with st.container(key="folded", horizontal=True):
        folded_controls(visit, spec)
        if "keep" not in visit.restrictions.hidden:
            keep_panel(visit)


def _show(notices: Sequence[str]) -> None:
    """Each in a box of its own, as long as there are no more than a person reads."""
    for notice in notices[:MOST_NOTICES]:
        st.warning(notice[:LONGEST_NOTICE], icon=":material/info:")
    left_out = len(notices) - MOST_NOTICES
    if left_out > 0:
        st.warning(f"There are {left_out:,} more notices like these.", icon=":material/info:")


def _write_link(visit: Visit) -> None:
    """Keep the address of the page a link to what is shown."""
    pin = visit.stream.pin
    query = share.to_query(visit.spec, visit.lesson, None if pin is None else pin.spec) | visit.kept
    if query != visit.query:
        st.query_params.from_dict(query)
        visit.query = query


def _begin_again() -> None:
    """Callback: forget everything about this visit, the link's query too."""
    visit = widgets.visit()
    if visit is not None and visit.job is not None:
        visit.job.cancel()
    st.query_params.from_dict({} if visit is None else visit.kept)
    widgets.clear()


def _failed() -> None:
    logging.getLogger(__name__).exception("the page failed")
    st.error(
        "Something went wrong in the playground itself. Your settings are still in the address of "
        "this page. Reset starts again with the default settings."
    )
    st.button("Reset", key="begin_again", on_click=_begin_again)
