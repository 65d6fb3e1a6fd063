"""The gallery of lessons: each with its picture, its length, and whether it is done."""

from itertools import groupby

import streamlit as st

from playground import pictures, widgets
from playground.lessons import LESSONS
from playground.settings import open_lesson
from playground.visit import Visit

COLUMNS = 3


def lessons_button(visit: Visit) -> None:
    """Show the button, and the gallery while it is open, whatever reruns the page."""
    with st.container(key="lessons", horizontal=True, vertical_alignment="center"):
        st.markdown("#### MLP Playground", width="stretch")
        st.button(
            "Lessons",
            key="open_gallery",
            help=f"{len(LESSONS)} short lessons: read, guess, play, and see why.",
            on_click=_show,
        )
    if visit.shows_lessons:
        _gallery(visit)


def choose_lesson(name: str) -> None:
    """Callback: open a lesson with its network; "" closes the open one and keeps its network."""
    visit = widgets.visit()
    if name:
        open_lesson(name)
    elif visit is not None:
        visit.lesson, visit.stream.stop_at = "", None
    if visit is not None:
        visit.shows_lessons = False


def _show() -> None:
    visit = widgets.visit()
    if visit is not None:
        visit.shows_lessons = True


def _hide() -> None:
    visit = widgets.visit()
    if visit is not None:
        visit.shows_lessons = False


@st.dialog("Lessons", width="large", on_dismiss=_hide)
def _gallery(visit: Visit) -> None:
    with st.container(key="gallery"):
        _cards(visit)


def _cards(visit: Visit) -> None:
    done = len(visit.lessons_done)
    st.caption(
        "Each lesson opens a network and asks a question. Guess, press Play, and see why. "
        f"{done} of {len(LESSONS)} done."
    )
    numbered = list(enumerate(LESSONS.items(), 1))
    for group, members in groupby(numbered, key=lambda entry: entry[1][1].group):
        st.markdown(f"**{group}**")
        columns = st.columns(COLUMNS)
        for place, (number, (name, lesson)) in enumerate(members):
            state = " · :green[done]" if name in visit.lessons_done else ""
            with columns[place % COLUMNS]:
                st.button(
                    f"![]({pictures.lesson_address(name)}) **{number}. {lesson.title}** "
                    f":small[about {lesson.minutes} min{state}]",
                    key=f"lesson_{name}",
                    width="stretch",
                    on_click=choose_lesson,
                    args=(name,),
                )
