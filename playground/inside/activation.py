"""The activation card: curve, slope, where the units of a layer are on it, and the derivation."""

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

PROOFS = {
    "tanh": r"""
$$\tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}}$$

By the quotient rule, with $u = e^z - e^{-z}$ and $v = e^z + e^{-z}$, so that $u' = v$, $v' = u$:

$$\tanh' z = \frac{u'v - uv'}{v^2} = \frac{v^2 - u^2}{v^2} = 1 - \frac{u^2}{v^2} = 1 - \tanh^2 z$$

Its range is $(-1, 1)$; it is odd, $\tanh(-z) = -\tanh z$, and so centred on zero. The slope is 1 at
0 and falls towards 0 on both sides: there a unit is *saturated* and passes hardly any gradient.""",
    "sigmoid": r"""
$$\sigma(z) = \frac{1}{1 + e^{-z}}$$

$$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \sigma(z)\,(1 - \sigma(z)) \le \tfrac14$$

The product of two shares that add up to 1 is largest where both are one half: at $z = 0$. Through
each sigmoid layer, the error signal loses at least three quarters, unless the weights make up for
it.""",
    "relu": r"""
$$\mathrm{ReLU}(z) = \max(0, z), \qquad g'(z) = \begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}$$

Where a unit is on, the error passes undiminished. Where it is off, nothing passes: a unit that is
off for every point is *dead*. At $z = 0$ there is no derivative; 0 is taken.""",
    "leaky_relu": r"""
$$g(z) = \max(z,\ 0.01\,z), \qquad g'(z) = \begin{cases} 1 & z > 0 \\ 0.01 & z < 0 \end{cases}$$

A little gradient passes even where the unit is off, so none can die for good.""",
    "linear": r"""
$$g(z) = z, \qquad g'(z) = 1$$

$(XW_1 + b_1)W_2 + b_2 = X(W_1W_2) + (b_1W_2 + b_2)$: however many layers there are, together they
are one. The network can only draw straight lines.""",
}


def show(run: Run) -> None:
    """Show the card of the activation in use."""
    activation = ACTIVATIONS[run.spec.activation]
    if not run.spec.hidden:
        st.info("There is no hidden layer, so no activation is in use. Add one at the left.")
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
        flat = diagnose(run).flat[layer]
        st.markdown(
            f"Of the {z.size} numbers z of {names[layer]} (a number for each of {len(z)} training "
            f"points and {z.shape[1]} units) {flat:.1%} are where the slope is next to none."
        )
    with right:
        st.markdown(f"##### {activation.label}\n{PROOFS[run.spec.activation]}")
