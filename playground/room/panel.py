"""What the page shows of a class: the button that opens a room. The rest is on the board."""

import streamlit as st

from playground import share
from playground.server.config import config
from playground.visit import Visit


def teach_button(visit: Visit) -> None:
    """Show the button; the board opens a room each time that it is pressed.

    A student's page has none, nor one whose link hides it, nor a server without rooms.
    """
    if share.ROOM in visit.kept or "teach" in visit.restrictions.hidden or not config().rooms:
        return
    st.button(
        "Teach",
        key="teach",
        help="Open a room: students join with a code, and follow your board or play their own.",
        on_click=_teach,
        args=(visit,),
    )


def _teach(visit: Visit) -> None:
    visit.teaches += 1
