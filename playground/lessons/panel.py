"""A lesson beside the board: text, a question, and after playing what happened and why."""

import streamlit as st

from playground import widgets
from playground.lessons import LESSONS, Lesson
from playground.lessons.gallery import open_lesson
from playground.settings import ANSWER
from playground.visit import Visit


def show_lesson(visit: Visit) -> None:
    """Show the open lesson, as far as the person has come."""
    lesson = LESSONS[visit.lesson]
    with st.container(key="lesson_text", border=True):
        with st.container(horizontal=True, vertical_alignment="top"):
            st.markdown(f"**{lesson.title}**", width="stretch")
            st.button("Close", key="close_lesson", on_click=open_lesson, args=("",))
        st.markdown(lesson.text)
        answer = widgets.radio(
            ANSWER,
            lesson.question,
            range(len(lesson.options)),
            format_func=lambda option: lesson.options[option],
            disabled=visit.lesson_done,
        )
        if _is_done(visit) and answer is not None:
            _explain(visit, lesson, answer)
        elif answer is None:
            st.caption("Guess first, then play.")
        else:
            st.markdown(f"Now press **Play**. The board stops at epoch {lesson.epochs}.")


def _explain(visit: Visit, lesson: Lesson, answer: int) -> None:
    right = lesson.options[lesson.answer]
    if answer == lesson.answer:
        st.markdown(":green[**✓ Right.**]")
    else:
        st.markdown(f":orange[**✗ It was:**] {right}.")
    st.markdown(lesson.explanation)
    names = list(LESSONS)
    following = names[names.index(visit.lesson) + 1 :]
    if following:
        st.button("Next lesson", key="next_lesson", on_click=open_lesson, args=(following[0],))


def _is_done(visit: Visit) -> bool:
    """Whether the open lesson was answered, and played to its end; note it if it was."""
    stream = visit.stream
    played = stream.shown >= LESSONS[visit.lesson].epochs or (
        stream.run.diverged and stream.shown == stream.run.position
    )
    if widgets.value(ANSWER) is not None and played:
        visit.lesson_done = True
        visit.lessons_done.add(visit.lesson)
    return visit.lesson_done
