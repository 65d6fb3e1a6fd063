"""The script that Streamlit runs for each visitor."""

from playground.page import page

page()
