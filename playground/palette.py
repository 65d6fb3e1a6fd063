"""Colours: of classes and values, of layers, of curves; and bytes that stand for them."""

import numpy as np
from plotly.colors import hex_to_rgb, sample_colorscale

from engine import Spec

# One colour a class, blue and orange first: told apart by colour-blind eyes, on light and on dark.
# From the sixth on, which only own data can have, they are told apart by most eyes.
CLASS_COLORS = (
    *("#2f7ed8", "#f28e1c", "#2ca58d", "#c44fa0", "#8a8f2a", "#7a5fd0"),
    *("#b5533c", "#4fb3d9", "#d9607e", "#5f8f3e", "#8c7460", "#7d8699"),
)
# From the input side to the output side, in an order that the eye can read.
DEPTH_COLORS = ("#3d6fe0", "#8e5bd0", "#cc4a9c", "#e5533d", "#d9860d")
TRAIN_COLOR, TEST_COLOR, PENALTY_COLOR = "#3d6fe0", "#e0571f", "#8e5bd0"
RUN_COLORS = ("#21a08a", "#c4479b")  # of run A and run B, whichever part of the data
GREY = "#8a8a8a"  # legible on light and on dark

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
