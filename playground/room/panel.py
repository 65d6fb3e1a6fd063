"""What the page shows of a class: the button that opens a room. The rest is on the board."""

import streamlit as st

from playground.visit import Visit


def teach_button(visit: Visit) -> None:
    """Show the button; the board opens a room each time that it is pressed."""
    st.button(
        "Teach",
        key="teach",
        help="Open a room: students join with a code, and follow your board or play their own.",
        on_click=_teach,
        args=(visit,),
    )


def _teach(visit: Visit) -> None:
    visit.teaches += 1
