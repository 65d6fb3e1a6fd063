"""A page with the whole text of every lesson, to see whether its formulas can be set."""

import streamlit as st

from playground.lessons import LESSONS

for lesson in LESSONS.values():
    st.header(lesson.title)
    st.markdown(lesson.text)
    st.radio(lesson.question, lesson.options)
    st.markdown(lesson.explanation)
