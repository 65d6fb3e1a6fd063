"""One step explained: pick a point and a weight, and see every number between them."""

import numpy as np
import streamlit as st

from engine import Run
from engine.activations import ACTIVATIONS
from playground import widgets
from playground.figures import CONFIG
from playground.inside import charts
from playground.inside.story import Weight, tell
from playground.naming import layer_names, unit_names

PART, POINT = "inside_part", "inside_point"
LAYER, SOURCE, TARGET = (f"inside_weight_{end}" for end in ("layer", "from", "to"))


def show(run: Run) -> None:
    """Show the controls, and the story of the chosen point and weight."""
    with st.container(key="inside_picks", horizontal=True, vertical_alignment="bottom"):
        inputs, targets, index, is_training = _pick_point(run)
        weight = _pick_weight(run)
    member = is_training and index in run.next_batch()
    story = tell(run, weight, inputs, targets, member=member)
    forward, backward = st.columns(2)
    with forward:
        st.markdown("### Forward")
        for text in story.forward:
            st.markdown(text)
        _show_unit(run, weight, story.z)
    with backward:
        st.markdown("### Backward")
        for text in story.backward:
            st.markdown(text)
        difference = abs(story.product - story.gradient)
        st.markdown(
            f":green[✓] The product agrees with backpropagation: they differ by {difference:.1g}."
        )
    st.markdown("### Update")
    for text in story.update:
        st.markdown(text)


def pick(**picked: object) -> None:
    """Have a point or a weight explained: `part` and `point`, or the ends of a weight."""
    for name, value in picked.items():
        widgets.renew(f"inside_{name}", value)


def _pick_point(run: Run) -> tuple[np.ndarray, np.ndarray, int, bool]:
    """The chosen sample: its inputs, its target, its index, and whether it is for training."""
    parts = ["training", "test"]
    part = widgets.segments(
        PART,
        "Point",
        parts,
        required=True,
        help="Or click a point in the picture above.",
    )
    is_training = part == "training"
    inputs, targets = (
        (run.train_inputs, run.train_targets)
        if is_training
        else (run.test_inputs, run.test_targets)
    )
    first = int(run.next_batch()[0]) + 1 if is_training else 1
    said = widgets.within(POINT, range(1, len(inputs) + 1), first)
    point = widgets.number(POINT, "Number", (1, len(inputs)), said, width=130)
    row = slice(point - 1, point)
    return inputs[row], targets[row], point - 1, is_training


def _pick_weight(run: Run) -> Weight:
    sizes, names = run.network.layer_sizes, unit_names(run)
    layers = layer_names(len(run.network.weights))
    layer = widgets.select(
        LAYER,
        "Layer",
        range(len(layers)),
        format_func=lambda layer: layers[layer],
        width=150,
        help="Or click a link or a bias in the network above, then “Explain it below”.",
    )
    sources = [*range(sizes[layer]), None]  # None is the bias, the last one
    source = widgets.select(
        SOURCE,
        "Weight from",
        sources,
        format_func=lambda unit: "bias" if unit is None else names[layer][unit],
        width=180,
    )
    target = widgets.select(
        TARGET,
        "to",
        range(sizes[layer + 1]),
        format_func=lambda unit: names[layer + 1][unit],
        width=180,
    )
    return Weight(layer, source, target)


def _show_unit(run: Run, weight: Weight, z: float) -> None:
    """Where the unit is on the curve of its activation."""
    if weight.layer == len(run.network.weights) - 1:
        return
    figure = charts.activation_point(ACTIVATIONS[run.spec.activation], z)
    st.plotly_chart(figure, key="inside_unit_chart", config=CONFIG)
