"""The obvious way, for comparison: three st.plotly_chart in a fragment on a timer."""

import sys
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[1]))  # Streamlit puts only this folder on it

from engine import Run, Spec, inspection
from playground import figures

st.set_page_config(layout="wide")
if "run" not in st.session_state:
    st.session_state.run = Run(Spec())


@st.fragment(run_every=0.1)
def live() -> None:
    run: Run = st.session_state.run
    run.advance()
    side = inspection.half_width(run)
    region = inspection.region(run, half_width=side, resolution=60)[..., 1]
    points = figures.region_figure(run, half_width=side)
    heat = go.Heatmap(x0=-side, dx=2 * side / 59, y0=-side, dy=2 * side / 59, z=region)
    left, right = st.columns([3, 2])
    left.plotly_chart(go.Figure([heat, *points.data], points.layout), key="region")
    right.plotly_chart(figures.loss_figure(run.history, with_penalty=False), key="loss")
    right.plotly_chart(figures.flow_figure(run.history, "gradient_norms"), key="gradients")
    st.html(f'<div data-testid="board" data-frames="{run.epoch}"></div>')


live()
