"""A lesson beside the board: text, a question, and after playing what happened and why."""

import streamlit as st

from playground import widgets
from playground.lessons import LESSONS, Lesson
from playground.settings import ANSWER, LESSON, open_spec
from playground.visit import Visit


def lesson_list() -> None:
    """The one place where lessons are opened; its first entry closes the open one."""
    titles = {"": f"No lesson: choose one of {len(LESSONS)}"} | {
        name: f"{n}. {lesson.title}" for n, (name, lesson) in enumerate(LESSONS.items(), 1)
    }
    names = list(titles)
    widgets.select(
        LESSON,
        "Lesson",
        names,
        format_func=lambda name: titles[name],
        label_visibility="collapsed",
        on_change=_choose_lesson,
    )


def show_lesson(visit: Visit) -> None:
    """Show the open lesson, as far as the person has come."""
    lesson = LESSONS[visit.lesson]
    with st.container(key="lesson_text", border=True):
        st.markdown(f"**{lesson.title}**\n\n{lesson.text}")
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
    with st.container(horizontal=True):
        if following:
            st.button("Next lesson", key="next_lesson", on_click=_open_lesson, args=(following[0],))
        st.button("Close", key="close_lesson", on_click=_open_lesson, args=("",))


def _choose_lesson() -> None:
    """Callback: open the chosen lesson with its network; or close it, and keep the network."""
    visit, lesson = widgets.visit(), widgets.value(LESSON)
    if visit is None or lesson == visit.lesson:
        return
    _open_lesson(lesson)


def _open_lesson(lesson: str) -> None:
    """Callback: open a lesson, or close the open one if it is ""."""
    visit = widgets.visit()
    if lesson:
        open_spec(LESSONS[lesson].spec, lesson=lesson)
    elif visit is not None:
        widgets.renew(LESSON, lesson)
        visit.lesson, visit.stream.stop_at = "", None


def _is_done(visit: Visit) -> bool:
    """Whether the open lesson was answered, and played to its end; note it if it was."""
    stream = visit.stream
    played = stream.shown >= LESSONS[visit.lesson].epochs or (
        stream.run.diverged and stream.shown == stream.run.position
    )
    if widgets.value(ANSWER) is not None and played:
        visit.lesson_done = True
    return visit.lesson_done
