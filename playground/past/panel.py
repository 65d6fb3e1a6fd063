"""Below the board: the last runs of the visit, to compare, open again, pin or delete."""

import plotly.graph_objects as go
import streamlit as st

from playground import settings, widgets
from playground.board.pinned import Pin
from playground.export.panel import save_link
from playground.export.saving import SESSION
from playground.figures import CONFIG, chart_layout
from playground.naming import as_text
from playground.palette import CLASS_COLORS, GREY
from playground.past.runs import MOST_RUNS, PastRun, describe
from playground.visit import Visit


@st.fragment
def past_panel() -> None:
    """Show the last runs, newest first."""
    visit = widgets.visit()
    if visit is None:
        return
    runs = visit.stream.past.runs
    if not runs:
        st.caption(
            f"When a new run begins, the previous run is added here, up to {MOST_RUNS} runs in all."
        )
        return
    about = (
        "Save the whole session as a file. “Save and load” opens it again, here or elsewhere. "
        "If you do not save it, these runs are lost when you close the page."
    )
    st.html(save_link(visit, SESSION, "Save session", about))
    chosen = [run for run in runs if _row(visit, run)]
    if chosen:
        st.plotly_chart(_overlay(visit, chosen), key="past_overlay", config=CONFIG)


def _row(visit: Visit, run: PastRun) -> bool:
    """Show one run, and return whether to draw its curves."""
    with st.container(
        key=f"past_{run.number}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        overlay = st.checkbox(
            f"Curves of run {run.number}",
            key=f"past_overlay_{run.number}",
            label_visibility="collapsed",
            width=24,
            persist_state="session",
        )
        st.image(run.picture, width=44)
        st.markdown(
            f"**{run.number}** {as_text(describe(run.spec, run.changes))}  \n"
            f":small[epoch {run.epoch:g}, training loss {run.train_loss:.4g}, "
            f"test loss {run.test_loss:.4g}, test {run.spec.score_name} {run.test_accuracy:.3g}]"
        )
        locked = settings.why_locked(visit, run.spec, run.changes)
        if st.button(
            "Open",
            key=f"past_open_{run.number}",
            help=f"It can't be opened: {locked}." if locked else "Train it again to this epoch.",
            disabled=bool(locked),
        ):
            settings.open_spec(run.spec, pin=visit.stream.pin, changes=run.changes, epoch=run.epoch)
            st.rerun()
        if st.button("Pin as A", key=f"past_pin_{run.number}", help="Play it beside a new run."):
            stream, pin = visit.stream, Pin(run.spec, run.changes)
            stream.restart(stream.spec, stop_at=stream.stop_at, pin=pin)
            st.rerun()
        if st.button("Delete", key=f"past_delete_{run.number}"):
            visit.stream.past.delete(run.number)
            st.rerun(scope="fragment")
    return overlay


def _overlay(visit: Visit, runs: list[PastRun]) -> go.Figure:
    """Training and test loss of the chosen runs and of the run on screen."""
    curves = []
    if visit.stream.make() is None:  # else it is on its way to where it is to stand
        now = visit.stream.present().history
        curves.append(("on screen", GREY, now.epoch, now.train_loss, now.test_loss))
    for run in runs:
        color = CLASS_COLORS[run.number % len(CLASS_COLORS)]
        curves.append((f"run {run.number}", color, run.epochs, run.train_losses, run.test_losses))
    traces = [
        go.Scatter(
            x=list(epochs),
            y=list(losses),
            name=f"{name}, {part}",
            line={"color": color, "dash": dash},
            hovertemplate="%{y:.4g}",
        )
        for name, color, epochs, *both in curves
        for part, dash, losses in zip(("training", "test"), ("solid", "dot"), both, strict=True)
    ]
    figure = go.Figure(traces, chart_layout("epoch", "loss", 320) | {"hovermode": "x unified"})
    for name, _, epochs, losses, _ in curves:  # there may be more than colours can tell apart
        figure.add_annotation(
            x=epochs[-1],
            y=losses[-1],
            text=name,
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
        )
    return figure
