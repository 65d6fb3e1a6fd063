"""Take the run along as files, and bring settings, weights or a link of another playground."""

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine import Run, Spec
from engine.run import PARAMETERS
from playground import export, settings, widgets
from playground.board.pinned import Pin
from playground.board.stream import Stream
from playground.export import files, saving, session_file
from playground.export.making import BYTES_PER_MEGABYTE, SECONDS_TO_FETCH, Making
from playground.export.saving import DOWNLOADS, SESSION, Download
from playground.export.steps import Steps
from playground.limits import check_spec
from playground.naming import as_text
from playground.server.config import config
from playground.tf_playground import read_link
from playground.visit import Visit, is_wanted_by

MOST_MEGABYTES = 20  # of a file that is loaded
SECONDS_TO_COME_BACK = 60.0  # for who has closed the tab while a file is made
SECONDS_A_LOOK = 1.0  # from one look at a file that is made to the next

FILE, TF_LINK = "file", "tf_link"  # keys of what is loaded


@dataclass(frozen=True)
class ToMake:
    """Something that takes a while: it is made first, and saved when it is there.

    Attributes:
        label: what people see.
        name: what it is called in a sentence.
        file_name: what it is saved as.
        steps: they make it of the run, and of run A.
        help: what it is good for.
    """

    label: str
    name: str
    file_name: str
    steps: Callable[[Run, Pin | None], Steps]
    help: str


PICTURE = ToMake(
    "Picture (PNG)",
    "picture (PNG)",
    "mlp.png",
    lambda run, _pin: export.png_steps(run),
    "Network, regions, losses and gradients of this epoch.",
)
FILMS = (
    ToMake(
        "Film (GIF)",
        "film (GIF)",
        "mlp.gif",
        lambda run, _pin: export.gif_steps(run),
        "The same from the beginning to this epoch. It takes some seconds to make.",
    ),
    ToMake(
        "Film (HTML)",
        "film (HTML)",
        "mlp.html",
        export.html_steps,
        "The board itself with this run in it: one file for any browser, to play, to go back in, "
        "to look into. It takes some seconds to make.",
    ),
)


def keep_panel(visit: Visit) -> None:
    """Show the downloads and the ways to load, folded away."""
    with st.expander("Save and load"):
        st.markdown("**Save** the run as it stands on screen")
        columns = st.columns(2, gap="xsmall")
        for i, download in enumerate(DOWNLOADS):
            columns[i % 2].html(save_link(visit, download))
        every = _seconds_to_next_look(visit.making)
        st.fragment(_files_to_make, run_every=every)(every)
        st.markdown("**Load**", help="A new run begins with what is loaded.")
        st.file_uploader(
            "A session or settings (.json), or weights (.npz)",
            type=["json", "npz"],
            key=FILE,
            max_upload_size=MOST_MEGABYTES,
            on_change=_load_file,
            help="Weights of another network can change yours to fit.",
        )
        st.text_input(
            "A link of TensorFlow Playground",
            key=TF_LINK,
            on_change=_load_tf_link,
            placeholder="…/#activation=tanh&networkShape=4,2…",
            help="Opens the nearest settings and lists what has no counterpart here.",
        )


def _seconds_to_next_look(making: Making | None) -> float | None:
    """When something about a file will have changed by itself; None for never."""
    if making is None:
        return None
    if making.is_active:
        return SECONDS_A_LOOK
    return SECONDS_TO_FETCH if making.is_saved else None


def _files_to_make(every: float | None) -> None:
    """Show what takes a while to make, and how far the newest of it is.

    every: seconds after which this part runs again by itself, None for never.
    """
    visit = widgets.visit()
    if visit is None:
        return
    if visit.making is not None and visit.making.is_over:
        visit.making = None
    making = visit.making
    if every != _seconds_to_next_look(making):
        st.rerun()  # the page, which sets how often this part runs
    columns = st.columns(2, gap="xsmall")
    for i, file in enumerate((PICTURE, *FILMS) if config().films else (PICTURE,)):
        columns[i % 2].button(
            file.label,
            key=f"make_{file.file_name}",
            on_click=_make,
            args=(visit, file),
            disabled=making is not None and making.is_active,
            help=file.help,
            width="stretch",
        )
    if making is not None:
        _show_making(making)


def _make(visit: Visit, file: ToMake) -> None:
    """Callback: begin to make a file of what is on screen now."""
    if visit.making is not None and visit.making.is_active:
        return
    stream, pin = visit.stream, visit.stream.pin
    on_screen = stream.present() if stream.is_made else None

    def begin() -> tuple[Steps, float]:
        run = on_screen or _made(stream)
        return file.steps(run, pin), 0.0 if file is PICTURE else run.position

    visit.making = Making(
        file.name, file.file_name, begin, is_wanted=is_wanted_by(visit, SECONDS_TO_COME_BACK)
    )


def _made(stream: Stream) -> Run:
    """The run on screen, which is not in memory yet, or no more."""
    while stream.make() is not None:
        pass
    return stream.present()


def _show_making(making: Making) -> None:
    """How far a file is; when it is there, the button that saves it."""
    state = making.state  # it may change meanwhile
    if state == "done":
        st.download_button(
            f"Save the {making.name}, {_size(making.content)}",
            making.content,
            file_name=making.file_name,
            key="save_made",
            type="primary",
            on_click=making.note_saved,
            width="stretch",
        )
    elif state in ("waiting", "running"):
        words = "Waiting for other visitors’ files"
        if state == "running":
            words = f"Making the {making.name}"
            if making.last:
                words += f": epoch {math.floor(making.epoch)} of {making.last:g}"
        st.progress(making.progress, words)
        st.button("Cancel", key="make_cancel", on_click=making.cancel)
    elif state == "cancelled":
        st.caption(f"The {making.name} was cancelled.")
    else:
        st.error(making.error, icon=":material/error:")


def _size(content: bytes) -> str:
    megabytes = len(content) / BYTES_PER_MEGABYTE
    return f"{megabytes:.1f} MB" if megabytes >= 1 else f"{1_000 * megabytes:.0f} kB"


def save_link(visit: Visit, download: Download, label: str = "", about: str = "") -> str:
    """HTML of a link that looks like a button, and saves a file of what is on screen then."""
    where, name = saving.address(visit.stream, download), download.file_name
    title, words = html.escape(about or download.help), html.escape(label or download.label)
    return f'<a class="save" href="{where}" download="{name}" title="{title}">{words}</a>'


def session_button(visit: Visit) -> None:
    """Show the download of the whole session alone."""
    st.html(save_link(visit, SESSION, "Save the session file"))


def weights_question(visit: Visit) -> None:
    """Ask whether the network is to become the one that loaded weights belong to."""
    if visit.offered is None:
        return
    with st.container(key="weights_question", border=True):
        st.markdown(
            f"These weights belong to a network {as_text(str(visit.offered))}; yours is "
            f"{as_text(files.in_words(visit.spec))}. Change the network to fit?"
        )
        with st.container(horizontal=True):
            st.button("Change the network", on_click=_fit, args=(visit, visit.offered))
            st.button("Keep my network", on_click=_fit, args=(visit,))


def _fit(visit: Visit, weights: files.Weights | None = None) -> None:
    """Callback: begin a run of the network that the weights belong to, if that is wanted."""
    visit.offered = None
    if weights is None:
        return
    try:
        spec = weights.fitting(visit.spec)
    except ValueError as error:  # other data are on screen by now
        visit.notices = [f"The weights can't be loaded: {error}."]
        return
    loaded = ((0, PARAMETERS, weights.flat),)
    settings.open_spec(spec, pin=visit.stream.pin, changes=loaded)


def _load_file() -> None:
    """Callback: begin a run with the settings or the weights of a file; or say what is wrong."""
    visit, file = widgets.visit(), widgets.given(FILE)
    if visit is None or file is None:
        return
    visit.offered = None
    try:
        text = file.getvalue().decode(errors="replace")
        if session_file.is_session(text):
            _open_session(visit, session_file.read_session(text))
        elif file.name.endswith(".json"):
            spec = files.read_settings(text)
            _check(visit, spec)
            settings.open_spec(spec)
        else:
            stream = visit.stream
            weights = files.read_weights(file.getvalue())
            fitting = weights.fitting(visit.spec)
            loaded = ((0, PARAMETERS, weights.flat),)
            _check(visit, fitting, loaded)
            visit.notices = []
            if fitting != visit.spec:
                visit.offered = weights
                return
            stream.restart(visit.spec, stop_at=stream.stop_at, pin=stream.pin, changes=loaded)
    except ValueError as error:
        visit.notices = [f"{file.name} can't be loaded: {error}."]


def _open_session(visit: Visit, saved: session_file.SavedVisit) -> None:
    pinned = [] if saved.pin is None else [saved.pin.spec]
    for spec in (*pinned, *(run.spec for run in saved.past)):
        check_spec(spec)
    _check(visit, saved.spec, saved.changes)
    settings.open_spec(saved.spec, pin=saved.pin, changes=saved.changes, epoch=saved.epoch)
    visit.stream.past.join(saved.past)


def _check(visit: Visit, spec: Spec, changes: Sequence[tuple[float, str, Any]] = ()) -> None:
    """Raises ValueError if a run is too large for the page, or would change what is locked."""
    check_spec(spec)
    if locked := settings.why_locked(visit, spec, changes):
        raise ValueError(locked)


def _load_tf_link() -> None:
    """Callback: begin a run of the nearest Spec to a TensorFlow Playground link."""
    visit, link = widgets.visit(), widgets.given(TF_LINK)
    if visit is None or not link.strip():
        return
    try:
        spec, notes = read_link(link)
        _check(visit, spec)
    except ValueError as error:
        visit.notices = [f"The link can't be read: {error}."]
        return
    listed = ["From TensorFlow Playground:", *(f"- {note}" for note in notes)]
    settings.open_spec(spec, ["\n".join(listed)])
