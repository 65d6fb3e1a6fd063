"""Colours: of classes and values, of layers, of curves; and bytes that stand for them."""

import numpy as np
from plotly.colors import hex_to_rgb, sample_colorscale

from engine import Spec

# All of these have a contrast of 3:1 on light and on dark. What has to be told apart differs by a
# ΔE₀₀ of 12 or more, to colour-blind eyes as well, or else in its dash or its mark: see
# tests/playground/test_palette.py, which simulates them.
#
# One colour a class, blue and orange first. From the seventh on, which only own data can have, the
# points have another mark.
CLASS_COLORS = (
    *("#2f7ed8", "#db7a14", "#0da86a", "#c2449c", "#696915", "#825e55"),
    *("#188ca3", "#127a24", "#7a5c75", "#e0657a", "#856ef5", "#a39031"),
)
OTHER_MARKS = 6  # the first class that has them
# From the input side to the output side, in an order that the eye can read.
DEPTH_COLORS = ("#3d6fe0", "#a565f0", "#ba2a82", "#e8503a", "#db7a14")
DASHES = ("solid", "dash", "dot")  # by turns, where there are more layers than colours
SOLID_LAYERS = 3  # up to so many need no dash
TRAIN_COLOR, TEST_COLOR, PENALTY_COLOR = "#3d6fe0", "#e0571f", "#8e5bd0"
RUN_COLORS = ("#1a9e78", "#c2449c")  # of run A and run B, whichever part of the data
GREY = "#8a8a8a"

# Regression: the value, from the lowest to the highest that the colours tell apart.
VALUE_COLORS = (CLASS_COLORS[0], CLASS_COLORS[1])
VALUE_RANGE = (-1.0, 1.0)

REGION_OPACITY = 0.7


def value_range(spec: Spec) -> list[float]:
    """The lowest and highest value that the colours tell apart, in the units of the data."""
    if spec.own is None:
        return [*VALUE_RANGE]
    return [spec.own.target_centre + spec.own.target_scale * value for value in VALUE_RANGE]


def depth_colors(layers: int) -> list[str]:
    """One colour a layer, along the ordered palette."""
    if layers == 1:
        return [DEPTH_COLORS[-1]]
    colors: list[str] = sample_colorscale(list(DEPTH_COLORS), np.linspace(0.0, 1.0, layers))
    return colors


def depth_dashes(layers: int) -> list[str]:
    """The dash of each layer's curve, beside its colour."""
    if layers <= SOLID_LAYERS:
        return ["solid"] * layers
    return [DASHES[layer % len(DASHES)] for layer in range(layers)]


def class_mark(label: int) -> str:
    """The mark of a class in a legend."""
    return "▲" if label >= OTHER_MARKS else "■"


def point_marks(labels: np.ndarray, *, is_regression: bool, test: bool) -> list[str]:
    """The mark of each point: its part of the data, and beside its colour its class."""
    first, other = ("diamond", "triangle-down") if test else ("circle", "triangle-up")
    if is_regression:
        return [first] * len(labels)
    return [other if label >= OTHER_MARKS else first for label in labels]


def point_colors(labels: np.ndarray, *, is_regression: bool) -> list[str]:
    """The colour of each class; or of each value, on the scale of the regions."""
    if not is_regression:
        return [CLASS_COLORS[label] for label in labels]
    low, high = VALUE_RANGE
    shares = np.clip((labels - low) / (high - low), 0.0, 1.0)
    colors: list[str] = sample_colorscale([VALUE_COLORS[0], GREY, VALUE_COLORS[1]], shares)
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
    # class by class: NumPy is slow along an axis of two
    top, label = predicted[..., 0], np.zeros(predicted.shape[:-1], np.uint8)
    for k in range(1, classes):
        is_more = predicted[..., k] > top
        label[is_more] = k
        top = np.maximum(top, predicted[..., k])
    levels = 256 // classes
    level = (top - 1.0 / classes) * ((levels - 1) / (1.0 - 1.0 / classes))
    np.rint(level, out=level)
    np.clip(level, 0.0, levels - 1.0, out=level)
    made: np.ndarray = label * np.uint8(levels) + level.astype(np.uint8)
    return made
