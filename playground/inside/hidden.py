"""The plane as a hidden layer sees it."""

import numpy as np
import streamlit as st

from engine import Run
from engine.arrays import Floats
from engine.inspection import HiddenSpace, half_width, hidden_space, predict_from
from playground import widgets
from playground.board.frames import class_borders
from playground.figures import CONFIG
from playground.inside import charts
from playground.naming import layer_names

LAYER = "inside_hidden_layer"
NODES = 80  # along each side of the grid on which the later layers predict


def show(run: Run) -> None:
    """Show one hidden layer's space."""
    if not run.spec.hidden:
        st.info("There is no hidden layer: the output cuts the plane itself, with a straight line.")
        return
    names, last = layer_names(len(run.network.weights)), len(run.spec.hidden)
    layer = widgets.segments(
        LAYER,
        "As seen by",
        range(1, last + 1),
        last,
        required=True,
        format_func=lambda number: names[number - 1],
    )
    space = hidden_space(run, layer, half_width=half_width(run))
    figure = charts.hidden_space(
        space,
        run.train_labels,
        run.test_labels,
        [] if run.spec.is_regression else borders(run, layer, space),
        is_regression=run.spec.is_regression,
    )
    left, right = st.columns([3, 2])
    with left:
        st.plotly_chart(figure, key="inside_hidden", config=CONFIG)
    with right:
        st.markdown(_text(run, layer, space))


def borders(run: Run, layer: int, space: HiddenSpace) -> list[Floats]:
    """The decision boundaries of the layers after a hidden layer, in the picture's dimensions."""
    shown = np.vstack([space.train_points, space.test_points, *space.lines])
    low, high = shown.min(axis=0), shown.max(axis=0)
    sides = [np.linspace(low[axis], high[axis], NODES) for axis in (0, 1)]
    grid = np.column_stack([axis.ravel() for axis in np.meshgrid(*sides)])
    predicted = predict_from(run, layer, space, grid).reshape(NODES, NODES, -1)
    return [low + line * (high - low) for line in class_borders(predicted)]


def _text(run: Run, layer: int, space: HiddenSpace) -> str:
    units = run.spec.hidden[layer - 1]
    if space.are_units:
        what = "Each axis is a unit of the layer." if units == 2 else "The layer has one unit."
    else:
        what = (
            f"The layer has {units} units. The picture shows the two directions in which its "
            "activations on the training data vary most (principal components). They keep "
            f"{space.kept:.0%} of the variance; the cut is drawn where the plane of the picture "
            "meets it."
        )
    text = (
        "The grid is the plane of the data, the same for every layer, as the layers so far have "
        f"bent it. Each point has the same colour as in the board’s picture.\n\n{what}\n\n"
    )
    if layer < len(run.spec.hidden):
        return text + "The later layers bend the plane further, so here the cut is still a curve."
    return text + (
        "Only one weighted sum is left, so from here the network can cut only with straight lines. "
        "It has learned if the earlier layers have bent the plane so that straight lines suffice."
    )
