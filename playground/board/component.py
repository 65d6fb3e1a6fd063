"""The board on the page: a Streamlit component that is told where its line is, and no more."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import streamlit as st

from playground.board import assets
from playground.board.line import address_of
from playground.board.stream import Stream

# Until the board has come there is something to see, as large as the board.
WAITING = '<p class="board-waiting" role="status">Loading the board…</p>'
# Streamlit sends this text with the component; it loads the module that the server has.
LOADER = """
export default async component => {
  const { mount } = await import(new URL('ADDRESS', document.baseURI).href);
  return mount(component);
};
"""


def board(
    stream: Stream,
    *,
    fresh: bool,
    welcome: bool,
    plays: bool,
    presents: bool,
    lesson: str,
    hidden: Collection[str],
    teaches: int = 0,
    room_line: str = "",
) -> None:
    """Show the live board of a stream.

    The board speaks with the stream on a line of its own. Whatever it tells the page this way, it
    then wakes the page, as a control would that was changed.

    Args:
        fresh: whether the board is to forget what it holds of an earlier visit.
        welcome: whether it is to say what to do first.
        plays: whether it is to play as soon as it is there.
        presents: whether it is to fill the screen then, for a projector.
        lesson: which one is open, "" for none; another one gets the focus.
        hidden: what is not shown of the page, keys of `restrictions.PARTS`.
        teaches: how often a room was asked for; once more opens one.
        room_line: where the line of a room is answered.
    """
    _component()(
        key="board",
        data={
            "line": address_of(stream),
            "run": stream.run_id,
            "fresh": fresh,
            "welcome": welcome,
            "plays": plays,
            "presents": presents,
            "lesson": lesson,
            "hidden": sorted(hidden),
            "teaches": teaches,
            "room_line": room_line,
        },
        on_told_change=_nothing,
    )


def _nothing() -> None:
    """The page runs from top to bottom, and asks the stream."""


@cache
def _component() -> Callable[..., Any]:
    loader = LOADER.replace("ADDRESS", assets.address("page.js"))
    return st.components.v2.component("board", html=WAITING, js=loader, isolate_styles=False)
