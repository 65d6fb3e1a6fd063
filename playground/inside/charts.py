"""Figures for what is below the board; Streamlit colours them for the theme."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np
import plotly.graph_objects as go

from engine.activations import Activation
from engine.arrays import Floats
from engine.inspection import GradientCheck, HiddenSpace
from playground.figures import chart_layout
from playground.naming import layer_names
from playground.palette import (
    GREY,
    PENALTY_COLOR,
    TEST_COLOR,
    TRAIN_COLOR,
    depth_colors,
    point_colors,
    point_marks,
)

# of the layers: colours alone tell only a few apart
LAYER_MARKS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x")


def activation_point(activation: Activation, z: float) -> go.Figure:
    """An activation's curve, one unit's place on it, and the tangent there."""
    reach = max(4.0, 1.2 * abs(z))
    along = np.linspace(-reach, reach, 201)
    at = np.array([z])
    a = activation.value(at)
    slope = float(activation.slope(at, a)[0])
    beside = np.array([-0.2, 0.2]) * reach
    return _figure(
        [
            _line(along, activation.value(along), "a = g(z)", TRAIN_COLOR),
            _line(z + beside, a + slope * beside, f"slope {slope:.4g}", TEST_COLOR),
            _dots(at, a, "this unit", TEST_COLOR),
        ],
        "z",
        "a",
        height=220,
    )


def activation_card(activation: Activation, z: Floats) -> go.Figure:
    """Curve and slope, and the pre-activations of a layer as a histogram below them."""
    reach = max(4.0, 1.1 * float(np.abs(z).max()))
    along = np.linspace(-reach, reach, 401)
    value = activation.value(along)
    counts, edges = np.histogram(z, bins=60, range=(-reach, reach))
    bars = go.Bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts / counts.sum(),
        name="pre-activations z",
        marker_color=GREY,
        opacity=0.5,
        yaxis="y2",
        hovertemplate="%{y:.1%}",
    )
    figure = _figure(
        [
            bars,
            _line(along, value, "a = g(z)", TRAIN_COLOR),
            _line(along, activation.slope(along, value), "slope g\u2032(z)", TEST_COLOR),
        ],
        "z",
        "a and slope",
        height=380,
    )
    return figure.update_layout(
        bargap=0.0,
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "title": "share of all z",
            "tickformat": ".1%",
            "showgrid": False,
            "rangemode": "tozero",
        },
        margin_r=60,
    )


def check_scatter(check: GradientCheck) -> go.Figure:
    """Each parameter's derivative by backpropagation, against the measured one."""
    layers = layer_names(len(check.exact))
    pairs = zip(check.measured, check.exact, layers, depth_colors(len(layers)), strict=True)
    ends = [
        float(np.concatenate(check.measured).min()),
        float(np.concatenate(check.measured).max()),
    ]
    return _figure(
        [
            _line(np.array(ends), np.array(ends), "equal", GREY),
            *(
                _dots(measured, exact, name, color).update(marker_symbol=mark)
                for (measured, exact, name, color), mark in zip(pairs, cycle(LAYER_MARKS))
            ),
        ],
        "measured by central differences",
        "by backpropagation",
        height=380,
    )


def two_losses(
    right: np.recarray[Any, Any], wrong: np.recarray[Any, Any], *, since: int
) -> go.Figure:
    """The loss with the right slope and with a wrong one, from two histories, from one row on."""
    parts = ((right, "right slope", TRAIN_COLOR), (wrong, "wrong slope", TEST_COLOR))
    curves = [
        _line(history.epoch[since:], history.train_loss[since:], name, color)
        for history, name, color in parts
    ]
    return _figure(curves, "epoch", "training loss", height=380)


def hidden_space(
    space: HiddenSpace,
    train_labels: np.ndarray,
    test_labels: np.ndarray,
    borders: Sequence[Floats],
    *,
    is_regression: bool,
) -> go.Figure:
    """The bent grid, the points, and the decision boundaries of the rest of the network.

    borders: lines (points, 2) in the picture's dimensions.
    """
    name = "unit" if space.are_units else "component"
    grid = np.concatenate([np.vstack([line, [[np.nan, np.nan]]]) for line in space.lines])
    traces = [_line(grid[:, 0], grid[:, 1], "the plane's grid", GREY, width=0.8)]
    for number, border in enumerate(borders):
        cut = _line(border[:, 0], border[:, 1], "where the later layers cut", TEST_COLOR, width=3)
        traces.append(cut.update(showlegend=number == 0, legendgroup="cut"))
    parts = (
        ("training", space.train_points, train_labels),
        ("test", space.test_points, test_labels),
    )
    for part, points, labels in parts:
        colors = point_colors(labels, is_regression=is_regression)
        marks = point_marks(labels, is_regression=is_regression, test=part == "test")
        dots = _dots(points[:, 0], points[:, 1], part, colors)
        traces.append(
            dots.update(marker={"symbol": marks, "size": 7, "line": {"width": 1, "color": "white"}})
        )
    figure = _figure(traces, f"{name} 1", f"{name} 2", height=520)
    return figure.update_xaxes(zeroline=False).update_yaxes(zeroline=False)


def gradients_and_bounds(measured: Sequence[float], bounds: Sequence[float]) -> go.Figure:
    """‖dJ/dW‖ of each layer and its theoretical bound, on a log scale."""
    layers = layer_names(len(measured))
    figure = go.Figure(
        [
            go.Scatter(
                x=layers,
                y=list(bounds),
                name="bound",
                mode="lines+markers",
                line={"color": GREY, "dash": "dot"},
                hovertemplate="%{y:.3g}",
            ),
            go.Scatter(
                x=layers,
                y=list(measured),
                name="measured ‖dJ/dW‖",
                mode="lines+markers",
                line={"color": PENALTY_COLOR},
                hovertemplate="%{y:.3g}",
            ),
        ]
    )
    figure.update_layout(chart_layout("", "‖dJ/dW‖", 320))
    return figure.update_yaxes(type="log", exponentformat="power", nticks=6)


def _figure(traces: list[Any], x: str, y: str, *, height: int) -> go.Figure:
    return go.Figure(traces, chart_layout(x, y, height))


def _line(x: Floats, y: Floats, name: str, color: str, width: float = 2) -> go.Scatter:
    line = {"color": color, "width": width}
    return go.Scatter(x=x, y=y, name=name, mode="lines", line=line, hoverinfo="skip")


def _dots(x: Floats, y: Floats, name: str, color: Any) -> go.Scatter:
    marker = {"color": color, "size": 7}
    hover = "%{x:.4g}, %{y:.4g}"
    return go.Scatter(x=x, y=y, name=name, mode="markers", marker=marker, hovertemplate=hover)
