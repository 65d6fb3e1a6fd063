"""Figures of experiments; Streamlit colours them for the theme."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import hex_to_rgb

from engine.arrays import Floats
from playground.experiments.plan import Varied
from playground.experiments.summary import Band
from playground.figures import chart_layout
from playground.naming import setting_name, setting_value
from playground.palette import TEST_COLOR, TRAIN_COLOR

HEIGHT = 320
BAND_OPACITY = 0.2
MOST_NUMBERS = 64  # cells that have their number written into them


def bands(train: Band, test: Band) -> go.Figure:
    """The median training and test loss, each with the middle half of the runs around it."""
    traces = []
    for part, found, color in (("training", train, TRAIN_COLOR), ("test", test, TEST_COLOR)):
        around = f"rgba({', '.join(map(str, hex_to_rgb(color)))}, {BAND_OPACITY})"
        edge: dict[str, Any] = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        traces += [
            go.Scatter(x=found.epochs, y=found.low, showlegend=False, **edge),
            go.Scatter(
                x=found.epochs,
                y=found.high,
                name=f"{part}, middle half",
                fill="tonexty",
                fillcolor=around,
                **edge,
            ),
            go.Scatter(
                x=found.epochs,
                y=found.median,
                name=f"{part}, median",
                line={"color": color, "width": 2},
                hovertemplate="%{y:.4g}",
            ),
        ]
    return go.Figure(traces, chart_layout("epoch", "loss", HEIGHT) | {"hovermode": "x unified"})


def heat_map(
    values: Floats, varied: tuple[Varied, ...], label: str, *, more_is_better: bool
) -> go.Figure:
    """A cell for each combination of the values of two settings."""
    rows, columns = varied
    up, across = setting_name(rows.setting), setting_name(columns.setting)
    finite = np.where(np.isfinite(values), values, np.nan)
    written = np.vectorize(_in_cell)(values)
    figure = go.Figure(
        go.Heatmap(
            z=finite.tolist(),
            x=[setting_value(columns.setting, value) for value in columns.values],
            y=[setting_value(rows.setting, value) for value in rows.values],
            text=written.tolist(),
            texttemplate="%{text}" if values.size <= MOST_NUMBERS else "",
            colorscale="Viridis",
            reversescale=not more_is_better,
            colorbar={"title": label},
            hovertemplate=f"{up} %{{y}}, {across} %{{x}}: %{{text}}<extra></extra>",
            hoverongaps=False,
        )
    )
    figure.update_layout(chart_layout(across, up, HEIGHT))
    return figure.update_xaxes(type="category").update_yaxes(type="category")


def _in_cell(value: float) -> str:
    if np.isnan(value):
        return ""
    return f"{value:.3g}" if np.isfinite(value) else "diverged"
