"""“Check the gradient”: backpropagation against central differences, and a bug to try it on."""

import plotly.graph_objects as go
import streamlit as st

from engine import Run
from engine.inspection import check_gradient, with_wrong_slope
from playground import widgets
from playground.figures import CONFIG
from playground.inside import charts
from playground.naming import layer_names

BREAK = "inside_break"
MOST_SAMPLES = 100  # that the check uses: two forward passes over them for each parameter
GOOD, SUSPECT = 1e-6, 1e-3  # relative errors: of rounding, and of a kink; above it is a bug
EPOCHS = 60  # that the two copies are trained


def show(run: Run) -> None:
    """Show the check of every layer and, with the bug, how training goes."""
    activation = run.network.activation
    st.markdown(
        "Is backpropagation right? Nudge each weight a little and measure how the loss changes: "
        r"$\frac{J(\theta + h) - J(\theta - h)}{2h}$ does not use the chain rule. "
        f"Measured on {min(MOST_SAMPLES, len(run.train_inputs))} training points."
    )
    is_broken = widgets.toggle(
        BREAK,
        "Break the slope on purpose: flip its sign (in a copy; your network stays as it is)",
        default=False,
        disabled=not run.spec.hidden,
        help="Without hidden layers there is no slope to break.",
    )
    checked = with_wrong_slope(run) if is_broken else run
    if is_broken:
        twice = (
            " Two wrong signs cancel: an error that has gone back through two hidden layers looks "
            "right again, so the check has to look at every layer."
        )
        st.markdown(
            rf"In the copy ${activation.symbol or 'g'}'$ is $-({activation.slope_formula})$ "
            rf"instead of ${activation.slope_formula}$."
            + (twice if len(run.spec.hidden) > 1 else "")
        )
    check = check_gradient(
        checked.network, run.train_inputs[:MOST_SAMPLES], run.train_targets[:MOST_SAMPLES]
    )
    left, right = st.columns(2)
    with left:
        rows = [
            f"| {name} | {len(exact)} | {error:.1e} | {verdict(error)} |"
            for name, exact, error in zip(
                layer_names(len(check.exact)), check.exact, check.relative_errors, strict=True
            )
        ]
        st.markdown(
            "| layer | weights and biases | relative error | verdict |\n|---|--:|--:|---|\n"
            + "\n".join(rows)
        )
        st.caption(
            "Relative error: ‖exact − measured‖ / (‖exact‖ + ‖measured‖). Rounding alone leaves "
            "about 1e-8; a ReLU whose kink lies between the two measurements can leave more."
        )
    with right:
        if is_broken:
            st.plotly_chart(_training(run, checked), key="inside_two_losses", config=CONFIG)
        else:
            st.plotly_chart(charts.check_scatter(check), key="inside_check", config=CONFIG)


def verdict(error: float) -> str:
    """The verdict on a relative error, in Markdown."""
    if error < GOOD:
        return ":green[✓ exact]"
    if error < SUSPECT:
        return ":orange[≈ a kink nearby]"
    return ":red[✗ wrong]"


def _training(run: Run, broken: Run) -> go.Figure:
    """Train the two copies, and draw how their losses fall."""
    right = run.fork(run.snapshot())
    right.advance(EPOCHS)
    broken.advance(EPOCHS)
    since = 0 if run.epoch == 0 else 1  # a copy's history has epoch 0 and then continues from here
    return charts.two_losses(right.history, broken.history, since=since)
