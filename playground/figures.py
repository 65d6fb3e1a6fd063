"""Arrays in, Plotly figures out; and the palette that everything drawn shares.

The figures are built once per run and then patched in the browser, which also colours text, axes
and grid for the theme in use.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import hex_to_rgb, sample_colorscale

from engine import Run, Spec

# One colour a class, blue and orange first: told apart by colour-blind eyes, on light and on dark.
# From the sixth on, which only own data can have, they are told apart by most eyes.
CLASS_COLORS = (
    *("#2f7ed8", "#f28e1c", "#2ca58d", "#c44fa0", "#8a8f2a", "#7a5fd0"),
    *("#b5533c", "#4fb3d9", "#d9607e", "#5f8f3e", "#8c7460", "#7d8699"),
)
# From the input side to the output side, in an order that the eye can read.
DEPTH_COLORS = ("#3d6fe0", "#8e5bd0", "#cc4a9c", "#e5533d", "#d9860d")
TRAIN_COLOR, TEST_COLOR, PENALTY_COLOR = "#3d6fe0", "#e0571f", "#8e5bd0"
PINNED_COLOR = "#2ca58d"

# Regression: the value, from the lowest to the highest that the colours tell apart.
VALUE_COLORS = (CLASS_COLORS[0], CLASS_COLORS[1])
VALUE_RANGE = (-1.0, 1.0)

REGION_OPACITY = 0.7

MARGIN = {"l": 54, "r": 12, "t": 8, "b": 34}


# “allow”: to find which labels are cut off, Plotly lays the page out anew for each of them, which
# is a third of what it takes to draw a curve
AXIS = {"zeroline": False, "ticklabeloverflow": "allow"}
CONFIG = {"displayModeBar": False}  # of charts that Streamlit draws


def region_figure(run: Run, *, half_width: float) -> go.Figure:
    """The data on the plane; the regions themselves are drawn under it, frame by frame.

    Test points are diamonds, training points circles; the colour is the class or the value. Points
    with one coordinate are shown as a curve: the value is the height.
    """
    parts = (
        ("training", "circle", run.train_points, run.train_labels),
        ("test", "diamond", run.test_points, run.test_labels),
    )
    own, is_curve = run.spec.own, run.spec.coordinates == 1
    names = [plotly_text(name) for name in axis_names(run.spec)]
    x_plane, y_plane = plane(run.spec, half_width)
    across, up = names[0], "y" if is_curve else names[1]
    kind = "value %{customdata:.4g}" if run.spec.is_regression else "class %{customdata}"
    traces = []
    for name, symbol, points, labels in parts:
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
                    "color": point_colors(labels, is_regression=run.spec.is_regression),
                    "symbol": symbol,
                    "size": 7 if name == "training" else 8,
                    "line": {"width": 1},
                },
                customdata=_said(run.spec, labels),
                hovertemplate=f"{name} point, {kind}<br>"
                f"{across} = %{{x:.4g}}<br>{up} = %{{y:.4g}}<extra></extra>",
            )
        )
    axis = AXIS | {"showgrid": False, "constrain": "domain"}
    # a standard unit is as long across as it is up, whatever the columns are measured in
    ratio = (x_plane[1] - x_plane[0]) / (y_plane[1] - y_plane[0])
    layout = _layout(
        dragmode="pan",
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


def axis_names(spec: Spec) -> list[str]:
    """What the coordinates are called."""
    names = [f"x{subscript}" for subscript in "₁₂₃₄₅₆₇"[: spec.coordinates]]
    if spec.own is None:
        return names
    return [f"{name}: {column}" for name, column in zip(names, spec.own.columns, strict=True)]


def class_names(spec: Spec) -> list[str]:
    """What the classes are called; empty for values."""
    if spec.is_regression:
        return []
    return [f"class {k}" for k in range(spec.classes)] if spec.own is None else [*spec.own.classes]


def value_range(spec: Spec) -> list[float]:
    """The lowest and highest value that the colours tell apart, in the units of the data."""
    if spec.own is None:
        return [*VALUE_RANGE]
    return [spec.own.target_centre + spec.own.target_scale * value for value in VALUE_RANGE]


def plotly_text(text: str) -> str:
    """Words of a person for a chart: Plotly would read tags and formulas in them."""
    written = {"&": "&amp;", "<": "&lt;", "$": "&#36;", "%": "&#37;"}
    return "".join(written.get(letter, letter) for letter in text)


def _said(spec: Spec, labels: np.ndarray) -> list[Any]:
    """What is said of the label of each point."""
    if spec.own is None:
        return _plain(labels)
    if spec.is_regression:
        return _plain(spec.own.target_centre + spec.own.target_scale * labels)
    names = [plotly_text(name) for name in spec.own.classes]
    return [names[label] for label in labels]


def loss_figure(
    history: np.recarray[Any, Any],
    *,
    with_penalty: bool,
    pinned: np.recarray[Any, Any] | None = None,
) -> go.Figure:
    """Training and test loss against the epoch; and J with the penalty, where weights have one.

    pinned: the history of run A, which gets two curves of its own; then this one is run B.
    """
    curves = [
        _curve(history.epoch, history.train_loss, "training", TRAIN_COLOR),
        _curve(history.epoch, history.test_loss, "test", TEST_COLOR, dash="dot"),
    ]
    if with_penalty:
        whole = history.train_loss + history.penalty
        curves.append(_curve(history.epoch, whole, "training + penalty", PENALTY_COLOR))
    if pinned is not None:
        for curve in curves:
            curve.name += " B"
        curves += [
            _curve(pinned.epoch, pinned.train_loss, "training A", PINNED_COLOR),
            _curve(pinned.epoch, pinned.test_loss, "test A", PINNED_COLOR, dash="dot"),
        ]
    return go.Figure(curves, _curve_layout("loss", "linear"))


@dataclass(frozen=True)
class Flow:
    """A quantity of each layer that tells how signals and errors flow through the network.

    Attributes:
        label: what people see, and the title of the axis.
        help: what to look for.
    """

    label: str
    help: str


FLOW_LABELS = {
    "gradient_norms": Flow(
        "‖dJ/dW‖",
        "How hard the weights of a layer are pulled. Healthy: the layers within a factor of ten of "
        "each other, and all of them sinking as the loss does.",
    ),
    "error_rms": Flow(
        "RMS of dJ/dZ",
        "The error signal on its way back: it vanishes or explodes towards the inputs. Healthy: "
        "about as large in the first layer as in the last.",
    ),
    "output_spread": Flow(
        "σ of the activations",
        "The signal on its way forward: near 0 the layer says the same of every point. Healthy: "
        "much the same from layer to layer, and for tanh not near 1, where it saturates.",
    ),
}


def flow_figure(history: np.recarray[Any, Any], flow: str) -> go.Figure:
    """One of `FLOW_LABELS` of each layer against the epoch, log scale; a value of 0 is a gap."""
    values = history[flow]
    layers = values.shape[1]
    colors = depth_colors(layers)
    curves = [
        _curve(history.epoch, values[:, layer], name, colors[layer])
        for layer, name in enumerate(layer_names(layers))
    ]
    return go.Figure(curves, _curve_layout(FLOW_LABELS[flow].label, "log"))


def layer_names(layers: int) -> list[str]:
    """Names of the layers that have weights, from the input side to the output side."""
    return [f"hidden {layer + 1}" for layer in range(layers - 1)] + ["output"]


def depth_colors(layers: int) -> list[str]:
    """One colour a layer, along the ordered palette."""
    if layers == 1:
        return [DEPTH_COLORS[-1]]
    colors: list[str] = sample_colorscale(list(DEPTH_COLORS), np.linspace(0.0, 1.0, layers))
    return colors


def point_colors(labels: np.ndarray, *, is_regression: bool) -> list[str]:
    """The colour of each class; or of each value, on the scale of the regions."""
    if not is_regression:
        return [CLASS_COLORS[label] for label in labels]
    low, high = VALUE_RANGE
    shares = np.clip((labels - low) / (high - low), 0.0, 1.0)
    colors: list[str] = sample_colorscale([VALUE_COLORS[0], "#e8e8e8", VALUE_COLORS[1]], shares)
    return colors


def region_palette(classes: int) -> list[list[int]]:
    """The RGBA colour of each byte that `region_bytes` can make.

    The hue is the most probable class; the opacity is how sure the network is. Without classes,
    the hue is the sign of the value, and the opacity its size.
    """
    if classes == 0:
        low, high = VALUE_COLORS
        sizes = np.linspace(-1.0, 1.0, 256)
        return [
            [*hex_to_rgb(high if size > 0 else low), round(255 * REGION_OPACITY * abs(size))]
            for size in sizes
        ]
    levels = 256 // classes
    opacity = np.rint(255 * REGION_OPACITY * np.arange(levels) / (levels - 1)).astype(int)
    return [
        [*hex_to_rgb(CLASS_COLORS[label]), int(alpha)]
        for label in range(classes)
        for alpha in opacity
    ]


def on_white(region: np.ndarray, classes: int) -> np.ndarray:
    """The opaque colours, (rows, columns, 3), of bytes that `region_bytes` has made."""
    palette = np.array(region_palette(classes))
    opacity = palette[:, 3:] / 255.0
    opaque = np.rint(opacity * palette[:, :3] + (1.0 - opacity) * 255.0).astype(np.uint8)
    made: np.ndarray = opaque[region]
    return made


def region_bytes(predicted: np.ndarray) -> np.ndarray:
    """One byte a node: the most probable class and how far it is above mere chance; or the value.

    predicted: (rows, columns, classes), or (rows, columns, 1) for values. Returns (rows, columns),
    uint8: with k classes each class has 256 // k levels, the lowest for p = 1/k, the highest for
    p = 1. Values have 256 levels from the lowest to the highest of `VALUE_RANGE`.
    """
    classes = predicted.shape[-1]
    if classes == 1:
        low, high = VALUE_RANGE
        shares = (np.clip(predicted[..., 0], low, high) - low) / (high - low)
        value: np.ndarray = np.rint(255 * shares).astype(np.uint8)
        return value
    levels = 256 // classes
    certainty = (predicted.max(axis=-1) - 1.0 / classes) / (1.0 - 1.0 / classes)
    level = np.rint((levels - 1) * np.clip(certainty, 0.0, 1.0))
    made: np.ndarray = (predicted.argmax(axis=-1) * levels + level).astype(np.uint8)
    return made


def chart_layout(x: str, y: str, height: int) -> dict[str, Any]:
    """What charts that Streamlit draws share; it colours them for the theme."""
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
