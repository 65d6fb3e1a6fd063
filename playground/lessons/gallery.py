"""The gallery of lessons: each with its picture, its length, and whether it is done."""

from functools import partial
from itertools import groupby

import streamlit as st

from playground import pictures, widgets
from playground.lessons import OFFERED, Lesson
from playground.room.panel import teach_button
from playground.settings import open_lesson
from playground.visit import Visit

COLUMNS = 3


def lessons_button(visit: Visit) -> None:
    """Show the button, and the gallery while it is open, whatever reruns the page."""
    with st.container(key="lessons", horizontal=True, vertical_alignment="center"):
        st.markdown("# MLP Playground", width="stretch")
        teach_button(visit)
        if visit.restrictions.offers_lessons:
            st.button(
                "Lessons",
                key="open_gallery",
                help=f"{len(OFFERED)} short lessons: read, guess, play, and see why.",
                on_click=_show,
                args=(visit,),
            )
        if visit.lesson:
            st.button(
                "Close",
                key="close_lesson",
                help="Close the lesson and keep its network.",
                on_click=choose_lesson,
                args=("",),
            )
    if visit.shows_lessons and visit.restrictions.offers_lessons:
        dismissed = partial(_hide, visit)
        st.dialog("Lessons", width="large", on_dismiss=dismissed)(_gallery)(visit)


def choose_lesson(name: str) -> None:
    """Callback: open a lesson with its network; "" closes the open one and keeps its network."""
    visit = widgets.visit()
    if name:
        open_lesson(name)
    elif visit is not None:
        visit.lesson, visit.stream.stop_at = "", None
    if visit is not None:
        visit.shows_lessons = False


# As in own_data/panel.py: a callback that read the visit itself could be broken off.


def _show(visit: Visit) -> None:
    visit.shows_lessons = True


def _hide(visit: Visit) -> None:
    visit.shows_lessons = False


def _gallery(visit: Visit) -> None:
    with st.container(key="gallery"):
        _cards(visit)


def _cards(visit: Visit) -> None:
    done = len(visit.lessons_done)
    st.caption(
        "Each lesson opens a network and asks a question. Guess, press Play, and see why. "
        f"{done} of {len(OFFERED)} done."
    )
    numbered = list(enumerate(OFFERED.items(), 1))
    for group, members in groupby(numbered, key=lambda entry: entry[1][1].group):
        st.markdown(f"### {group}")
        cards = list(members)
        for start in range(0, len(cards), COLUMNS):  # row by row, as they are read
            row = cards[start : start + COLUMNS]
            for (number, (name, lesson)), column in zip(row, st.columns(COLUMNS), strict=False):
                with column:
                    _card(visit, number, name, lesson)


def _card(visit: Visit, number: int, name: str, lesson: Lesson) -> None:
    state = " · :green[done]" if name in visit.lessons_done else ""
    words = f"**{number}. {lesson.title}** :small[about {lesson.minutes} min{state}]"
    picture = f"![]({pictures.lesson_address(name)})"
    if st.button(f"{picture} {words}", key=f"lesson_{name}", width="stretch"):
        choose_lesson(name)
        st.rerun()  # the page, not the dialog alone
