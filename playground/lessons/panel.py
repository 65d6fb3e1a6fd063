"""A lesson beside the board: text, a question, and after playing what happened and why."""

import streamlit as st

from playground import session
from playground.lessons import LESSONS, Lesson


def lesson_list() -> None:
    """The one place where lessons are opened; its first entry closes the open one."""
    titles = {"": f"No lesson: choose one of {len(LESSONS)}"} | {
        name: f"{n}. {lesson.title}" for n, (name, lesson) in enumerate(LESSONS.items(), 1)
    }
    names = list(titles)
    st.selectbox(
        "Lesson",
        names,
        names.index(session.keep(session.LESSON, "")),
        key=session.key(session.LESSON),
        format_func=lambda name: titles[name],
        label_visibility="collapsed",
        on_change=session.choose_lesson,
    )


def show_lesson(visit: session.Session) -> None:
    """Show the open lesson, as far as the person has come."""
    lesson = LESSONS[visit.lesson]
    with st.container(key="lesson_text", border=True):
        st.markdown(f"**{lesson.title}**\n\n{lesson.text}")
        answer = st.radio(
            lesson.question,
            range(len(lesson.options)),
            index=session.keep(session.ANSWER, None),
            key=session.key(session.ANSWER),
            format_func=lambda option: lesson.options[option],
            disabled=visit.lesson_done,
        )
        if session.is_lesson_done(visit) and answer is not None:
            _explain(visit, lesson, answer)
        elif answer is None:
            st.caption("Guess first, then play.")
        else:
            st.markdown(f"Now press **Play**. The board stops at epoch {lesson.epochs}.")


def _explain(visit: session.Session, lesson: Lesson, answer: int) -> None:
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
            st.button(
                "Next lesson", key="next_lesson", on_click=session.open_lesson, args=(following[0],)
            )
        st.button("Close", key="close_lesson", on_click=session.open_lesson, args=("",))
