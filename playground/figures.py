"""Arrays in, Plotly figures out.

The figures are built once per run and then patched in the browser, which also colours text, axes
and grid for the theme in use.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from engine import Run, Spec
from playground.naming import axis_names, layer_names, plotly_text
from playground.palette import (
    PENALTY_COLOR,
    RUN_COLORS,
    TEST_COLOR,
    TRAIN_COLOR,
    depth_colors,
    depth_dashes,
    point_colors,
    point_marks,
)

REACH = 8  # px from a data point, within which a pointer means it
MARGIN = {"l": 54, "r": 12, "t": 8, "b": 34}
# “allow”: to find which labels are cut off, Plotly lays the page out anew for each of them, which
# is a third of what it takes to draw a curve
AXIS = {"zeroline": False, "ticklabeloverflow": "allow"}
CONFIG = {"displayModeBar": False}  # of charts that Streamlit draws


def region_figure(run: Run, *, half_width: float) -> go.Figure:
    """The data on the plane; the regions themselves are drawn under it, frame by frame.

    Test points are diamonds, training points circles; the colour is the class or the value. The
    points of a class that its colour alone would not tell from all others are triangles. Points
    with one coordinate are shown as a curve: the value is the height.
    """
    parts = (
        ("training", run.train_points, run.train_labels),
        ("test", run.test_points, run.test_labels),
    )
    own, is_curve = run.spec.own, run.spec.coordinates == 1
    x_plane, y_plane = plane(run.spec, half_width)
    across, up = (plotly_text(name) for name in plane_names(run.spec))
    traces = []
    is_regression = run.spec.is_regression
    for name, points, labels in parts:
        shown = points[:, :2]
        if own is not None:
            shown = np.array(own.centre[:2]) + np.array(own.scale[:2]) * shown
        traces.append(
            go.Scatter(
                x=_plain(shown[:, 0]),
                y=_plain(labels if is_curve else shown[:, 1]),
                mode="markers",
                name=name,
                marker={
                    "color": point_colors(labels, is_regression=is_regression),
                    "symbol": point_marks(labels, is_regression=is_regression, test=name == "test"),
                    "size": 7 if name == "training" else 8,
                    "line": {"width": 1},
                },
                customdata=label_values(run.spec, labels),
                hoverinfo="none",  # the board says more of a point, and of places without one
            )
        )
    axis = AXIS | {"showgrid": False, "constrain": "domain"}
    # a standard unit is as long across as it is up, whatever the columns are measured in
    ratio = (x_plane[1] - x_plane[0]) / (y_plane[1] - y_plane[0])
    layout = _layout(
        dragmode="pan",
        hovermode="closest",
        hoverdistance=REACH,
        xaxis=axis | {"range": x_plane, "title": {"text": across, "standoff": 4}},
        yaxis=axis
        | {"range": y_plane, "title": {"text": up, "standoff": 4}}
        | {"scaleanchor": "x", "scaleratio": ratio},
    )
    return go.Figure(traces, layout)


def plane(spec: Spec, half_width: float) -> tuple[list[float], list[float]]:
    """The ends of the picture of the plane, across and up, in the units of the axes."""
    if spec.own is None:
        return [-half_width, half_width], [-half_width, half_width]
    first, second = (
        [centre - half_width * scale, centre + half_width * scale]
        for centre, scale in zip(spec.own.centre[:2], spec.own.scale[:2], strict=True)
    )
    return first, second


def plane_names(spec: Spec) -> tuple[str, str]:
    """What lies across and up in the picture of the plane; for a curve, the value is up."""
    across, *others = axis_names(spec)
    return across, "y" if spec.coordinates == 1 else others[0]


def label_values(spec: Spec, labels: np.ndarray) -> list[Any]:
    """Of each point the number of its class, or its value in the units of the data."""
    if spec.own is None or not spec.is_regression:
        return _plain(labels)
    return _plain(spec.own.target_centre + spec.own.target_scale * labels)


def loss_figure(
    history: np.recarray[Any, Any],
    *,
    with_penalty: bool,
    pinned: np.recarray[Any, Any] | None = None,
) -> go.Figure:
    """Training and test loss against the epoch; and J with the penalty, where weights have one.

    pinned: the history of run A, which gets two curves of its own; then this one is run B, and the
        colour is the run.
    """
    curves = [
        _curve(history.epoch, history.train_loss, "training", TRAIN_COLOR),
        _curve(history.epoch, history.test_loss, "test", TEST_COLOR, dash="dot"),
    ]
    if with_penalty:
        whole = history.train_loss + history.penalty
        curves.append(
            _curve(history.epoch, whole, "training + penalty", PENALTY_COLOR, dash="dash")
        )
    if pinned is not None:
        color_a, color_b = RUN_COLORS
        for curve in curves:
            curve.name += " B"
            curve.line.color = color_b
        curves += [
            _curve(pinned.epoch, pinned.train_loss, "training A", color_a),
            _curve(pinned.epoch, pinned.test_loss, "test A", color_a, dash="dot"),
        ]
    return go.Figure(curves, _curve_layout("loss", "linear"))


@dataclass(frozen=True)
class Flow:
    """A quantity of each layer that tells how signals and errors flow through the network.

    Attributes:
        label: its name on the page.
        symbol: its symbol, and the title of the axis.
        help: what to look for.
    """

    label: str
    symbol: str
    help: str


FLOW_LABELS = {
    "gradient_norms": Flow(
        "Gradient size",
        "‖dJ/dW‖",
        "How strongly the loss pulls at the weights of a layer. Healthy: the layers are within a "
        "factor of ten of each other, and all of them fall with the loss.",
    ),
    "error_rms": Flow(
        "Error signal",
        "RMS of dJ/dZ",
        "The error signal on its way back: it can vanish or explode towards the inputs. Healthy: "
        "about as large in the first layer as in the last.",
    ),
    "output_spread": Flow(
        "Spread of activations",
        "σ",
        "The signal on its way forward: near 0, the layer hardly tells points apart. Healthy: much "
        "the same from layer to layer, and for tanh not near 1, where it saturates.",
    ),
}


def flow_figure(history: np.recarray[Any, Any], flow: str) -> go.Figure:
    """One of `FLOW_LABELS` of each layer against the epoch, log scale; a value of 0 is a gap."""
    values = history[flow]
    layers = values.shape[1]
    looks = zip(layer_names(layers), depth_colors(layers), depth_dashes(layers), strict=True)
    curves = [
        _curve(history.epoch, values[:, layer], name, color, dash)
        for layer, (name, color, dash) in enumerate(looks)
    ]
    return go.Figure(curves, _curve_layout(FLOW_LABELS[flow].symbol, "log"))


def chart_layout(x: str, y: str, height: int) -> dict[str, Any]:
    """The layout of charts that Streamlit draws; it colours them for the theme."""
    return {
        "xaxis": {"title": {"text": x}},
        "yaxis": {"title": {"text": y}},
        "height": height,
        "margin": {"l": 50, "r": 10, "t": 30, "b": 40},
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0.0},
        "hovermode": "closest",
    }


def _curve(x: np.ndarray, y: np.ndarray, name: str, color: str, dash: str = "solid") -> go.Scatter:
    return go.Scatter(
        x=_plain(x),
        y=_plain(y),
        name=name,
        mode="lines",
        line={"color": color, "width": 2, "dash": dash},
        hovertemplate="%{y:.4g}",
    )


def _curve_layout(y_title: str, scale: str) -> dict[str, Any]:
    y_axis = {"title": {"text": y_title}, "type": scale, "exponentformat": "power", "nticks": 6}
    return _layout(
        hovermode="x unified",
        xaxis=AXIS | {"title": {"text": "epoch"}, "rangemode": "tozero"},
        yaxis=AXIS | y_axis,
    )


def _layout(**changes: Any) -> dict[str, Any]:
    """What all charts share. No template: it would be most of what is sent.

    Give it to `go.Figure`: `update_layout` takes ten times as long, in each new run.
    """
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
