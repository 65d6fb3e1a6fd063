"""Arrays in, Plotly figures out; and the palette that everything drawn shares.

The figures are built once per run and then patched in the browser, which also colours text, axes
and grid for the theme in use.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from engine import Run

# One colour a class, blue and orange first: told apart by colour-blind eyes, on light and on dark.
CLASS_COLORS = ("#2f7ed8", "#f28e1c", "#2ca58d", "#c44fa0", "#8a8f2a")
# From the input side to the output side, in an order that the eye can read.
DEPTH_COLORS = ("#3d6fe0", "#8e5bd0", "#cc4a9c", "#e5533d", "#d9860d")
TRAIN_COLOR, TEST_COLOR = "#3d6fe0", "#e0571f"

REGION_OPACITY = 0.7

MARGIN = {"l": 54, "r": 12, "t": 8, "b": 34}


def region_figure(run: Run, *, half_width: float) -> go.Figure:
    """The data on the plane; the regions themselves are drawn under it, frame by frame.

    Test points are diamonds, training points circles; the colour is the class.
    """
    parts = (
        ("training", "circle", run.train_inputs, run.train_labels),
        ("test", "diamond", run.test_inputs, run.test_labels),
    )
    figure = go.Figure(
        [
            go.Scatter(
                x=_plain(inputs[:, 0]),
                y=_plain(inputs[:, 1]),
                mode="markers",
                name=name,
                marker={
                    "color": [CLASS_COLORS[label] for label in labels],
                    "symbol": symbol,
                    "size": 7 if name == "training" else 8,
                    "line": {"width": 1},
                },
                customdata=_plain(labels),
                hovertemplate=f"{name} point, class %{{customdata}}<br>"
                "x₁ = %{x:.3f}<br>x₂ = %{y:.3f}<extra></extra>",
            )
            for name, symbol, inputs, labels in parts
        ]
    )
    square = [-half_width, half_width]
    axis = {"range": square, "zeroline": False, "showgrid": False, "constrain": "domain"}
    figure.update_layout(
        _layout(dragmode="pan"),
        xaxis=axis | {"title": {"text": "x₁", "standoff": 4}},
        yaxis=axis | {"title": {"text": "x₂", "standoff": 4}, "scaleanchor": "x"},
    )
    return figure


def loss_figure(history: np.recarray[Any, Any]) -> go.Figure:
    """Training and test loss against the epoch."""
    figure = go.Figure(
        [
            _curve(history.epoch, history.train_loss, "training", TRAIN_COLOR),
            _curve(history.epoch, history.test_loss, "test", TEST_COLOR, dash="dot"),
        ]
    )
    return figure.update_layout(_curve_layout("loss"), yaxis_type="linear")


def gradient_figure(history: np.recarray[Any, Any]) -> go.Figure:
    """The norm of dJ/dW of each layer against the epoch, log scale; a norm of 0 is a gap."""
    layers = history.gradient_norms.shape[1]
    colors = depth_colors(layers)
    figure = go.Figure(
        [
            _curve(history.epoch, history.gradient_norms[:, layer], name, colors[layer])
            for layer, name in enumerate(layer_names(layers))
        ]
    )
    return figure.update_layout(_curve_layout("‖dJ/dW‖"), yaxis_type="log")


def layer_names(layers: int) -> list[str]:
    """Names of the layers that have weights, from the input side to the output side."""
    return [f"hidden {layer + 1}" for layer in range(layers - 1)] + ["output"]


def depth_colors(layers: int) -> list[str]:
    """One colour a layer, along the ordered palette."""
    if layers == 1:
        return [DEPTH_COLORS[-1]]
    colors: list[str] = sample_colorscale(list(DEPTH_COLORS), np.linspace(0.0, 1.0, layers))
    return colors


def region_palette(classes: int) -> list[list[int]]:
    """The RGBA colour of each byte that `region_bytes` can make.

    The hue is the most probable class; the opacity is how sure the network is.
    """
    levels = 256 // classes
    opacity = np.rint(255 * REGION_OPACITY * np.arange(levels) / (levels - 1)).astype(int)
    return [
        [*_rgb(CLASS_COLORS[label]), int(alpha)] for label in range(classes) for alpha in opacity
    ]


def region_bytes(probabilities: np.ndarray) -> np.ndarray:
    """One byte a node: the most probable class and how far it is above mere chance.

    probabilities: (rows, columns, classes). Returns (rows, columns), uint8: with k classes each
    class has 256 // k levels, the lowest for p = 1/k, the highest for p = 1.
    """
    classes = probabilities.shape[-1]
    levels = 256 // classes
    certainty = (probabilities.max(axis=-1) - 1.0 / classes) / (1.0 - 1.0 / classes)
    level = np.rint((levels - 1) * np.clip(certainty, 0.0, 1.0))
    made: np.ndarray = (probabilities.argmax(axis=-1) * levels + level).astype(np.uint8)
    return made


def _curve(x: np.ndarray, y: np.ndarray, name: str, color: str, dash: str = "solid") -> go.Scatter:
    return go.Scatter(
        x=_plain(x),
        y=_plain(y),
        name=name,
        mode="lines",
        line={"color": color, "width": 2, "dash": dash},
        hovertemplate="%{y:.4g}",
    )


def _curve_layout(y_title: str) -> dict[str, Any]:
    return _layout(
        hovermode="x unified",
        xaxis={"title": {"text": "epoch", "standoff": 4}, "rangemode": "tozero", "zeroline": False},
        yaxis={
            "title": {"text": y_title, "standoff": 4},
            "exponentformat": "power",
            "zeroline": False,
            "nticks": 6,
        },
    )


def _layout(**changes: Any) -> dict[str, Any]:
    """What all charts share. No template: it would be most of what is sent."""
    return {
        "template": "none",
        "margin": MARGIN,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "font": {"size": 12},
    } | changes


def _plain(values: np.ndarray) -> list[Any]:
    """A list: Plotly's JavaScript extends lists, not the packed arrays it gets from NumPy."""
    plain: list[Any] = values.tolist()
    return plain


def _rgb(color: str) -> Sequence[int]:
    return [int(color[start : start + 2], 16) for start in (1, 3, 5)]
