"""A lesson beside the board: text, a question and, after playing, what happened and why."""

import streamlit as st

from playground import widgets
from playground.lessons import LESSONS, OFFERED, Lesson
from playground.lessons.gallery import choose_lesson
from playground.settings import ANSWER
from playground.visit import Visit


def show_lesson(visit: Visit) -> None:
    """Show the open lesson up to where the person is."""
    lesson = LESSONS[visit.lesson]
    with st.container(key="lesson_text", border=True):
        st.markdown(f"## {lesson.title}\n\n{lesson.text}")
        answer = widgets.radio(
            ANSWER,
            lesson.question,
            range(len(lesson.options)),
            format_func=lambda option: lesson.options[option],
            disabled=visit.lesson_done,
        )
        if _is_done(visit, answer):
            _explain(visit, lesson, answer)
        else:
            _lead_on(visit, lesson, answer)


def _lead_on(visit: Visit, lesson: Lesson, answer: int | None) -> None:
    """Say what to do next; the explanation is always within reach."""
    if visit.lesson_played:
        st.caption("You have played it. What is your answer?")
    elif answer is None:
        st.caption("Guess first, then play.")
    else:
        st.markdown(f"Now press **Play**. The board stops at epoch {lesson.epochs}.")
    st.button(
        "Show the explanation",
        key="explain_lesson",
        on_click=_show_explanation,
        args=(visit,),
        type="tertiary",
    )


def _explain(visit: Visit, lesson: Lesson, answer: int | None) -> None:
    if answer == lesson.answer:
        st.markdown(":green[**✓ Right.**]")
    elif answer is None:
        st.markdown(f"**The answer:** {lesson.right}.")
    else:
        st.markdown(f":orange[**Not quite.**] The answer: {lesson.right}.")
    with st.container(key="explained"):  # a link to this moment finds it by its key
        st.markdown(lesson.explanation)
    if not visit.lesson_played:
        st.caption(f"Play to see it. The board stops at epoch {lesson.epochs}.")
    names = list(OFFERED)
    following = names[names.index(visit.lesson) + 1 :]
    if following and visit.restrictions.offers_lessons:
        st.button("Next lesson", key="next_lesson", on_click=choose_lesson, args=(following[0],))


def _show_explanation(visit: Visit) -> None:
    """Callback: show the explanation without an answer, or before playing."""
    visit.lesson_done = True


def _is_done(visit: Visit, answer: int | None) -> bool:
    """Whether the explanation is due; note how far the person has come, which they keep."""
    stream = visit.stream
    is_at_end = stream.shown >= LESSONS[visit.lesson].epochs
    if is_at_end or (
        stream.is_made and stream.run.diverged and stream.shown == stream.run.position
    ):
        visit.lesson_played = True
    if visit.lesson_played and answer is not None:
        visit.lesson_done = True
    if visit.lesson_played and visit.lesson_done:
        visit.lessons_done.add(visit.lesson)
        stream.stop_at = None  # what is played now is a person's own experiment
    return visit.lesson_done
