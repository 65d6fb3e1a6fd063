"""The activation card: curve, slope, the place of a layer's units on it, and the derivation."""

import numpy as np
import streamlit as st

from engine import Run
from engine.activations import ACTIVATIONS
from engine.inspection import diagnose
from playground import widgets
from playground.figures import CONFIG
from playground.inside import charts
from playground.naming import layer_names

LAYER = "inside_activation_layer"


def show(run: Run) -> None:
    """Show the card of the activation in use."""
    activation = ACTIVATIONS[run.spec.activation]
    if not run.spec.hidden:
        st.info("There is no hidden layer, so no activation is in use. Add one on the left.")
        return
    left, right = st.columns([3, 2])
    with left:
        names = layer_names(len(run.network.weights))
        hidden = range(len(run.spec.hidden))
        layer = widgets.segments(
            LAYER,
            "Pre-activations of",
            hidden,
            required=True,
            format_func=lambda number: names[number],
        )
        z = run.network.forward(run.train_inputs).pre_activations[layer]
        figure = charts.activation_card(activation, np.ravel(z))
        st.plotly_chart(figure, key="inside_activation", config=CONFIG)
        found = diagnose(run)
        st.markdown(
            f"Of the {z.size} numbers z of {names[layer]} (one for each of {len(z)} training "
            f"points and {z.shape[1]} units), {found.flat[layer]:.1%} are {found.flat_name}: their "
            "slope is almost 0."
        )
    with right:
        st.markdown(
            f"### {activation.label}\n\n$${activation.formula}$$\n\n"
            rf"$$g'(z) = {activation.slope_formula}, \qquad a = g(z)$$"
            f"\n{activation.derivation}"
        )
