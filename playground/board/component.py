"""The board as a Streamlit component: mounted once, then handed one message after another."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import plotly
import streamlit as st
import streamlit.components.v1 as v1

CLIENT = Path(__file__).parent / "client"

# Sent again with every message, so it only loads the real modules. They are served as files, under
# the base path of whatever address the app has.
LOADER = """
export default async component => {{
  const served = file => new URL(`component/${{file}}`, document.baseURI).href;
  const {{ mount }} = await import(served('{client}/board.js'));
  return mount(component, served('{plotly}/plotly.min.js'));
}};
"""


def board(
    message: bytes,
    *,
    key: str,
    on_events: Callable[[], None],
) -> None:
    """Show the live board.

    Args:
        message: what `Stream.message` holds.
        key: of the component. In its state, `events` is what the browser tells, oldest first: each
            has a `number`, a `name` and a `value`. They may have been told before. They are

            - `request`: what `read_request` takes.
            - `reshape`: the layers, as `hidden`, that were asked for in the network view.
            - `look`: which `epoch` of which `run` stands still on screen, and what was picked there
              for an explanation, if anything was: a `sample` or a `weight`.
            - `edit`: a point to be added to the data, its place `x`, `y` in the units of the axes
              and its class `label`; or, with `undo`, to be taken back.
        on_events: called when there are some.
    """
    component = _component()
    component(
        data=message,
        key=key,
        on_events_change=on_events,
    )


@cache
def _component() -> Callable[..., Any]:
    """Register the component and the two folders that it is served from.

    Their addresses contain a hash of what is in them, so a browser never mixes the files of two
    versions; `plotly.min.js` is the one of the installed plotly, which made the figures.
    """
    contents = b"".join(path.read_bytes() for path in sorted(CLIENT.iterdir()))
    client = v1.declare_component(f"board_{sha256(contents).hexdigest()[:12]}", path=CLIENT)
    plotly_js = v1.declare_component(
        f"plotly_{plotly.__version__.replace('.', '_')}",
        path=Path(plotly.__file__).parent / "package_data",
    )
    return st.components.v2.component(
        "board",
        js=LOADER.format(client=client.name, plotly=plotly_js.name),
        isolate_styles=False,
    )
