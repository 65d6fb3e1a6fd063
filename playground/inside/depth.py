"""What depth does to gradients: a bound for them, and a prediction from the weights' variance."""

import streamlit as st

from engine import Run
from engine.inspection import error_ratios, gradient_bounds
from playground.figures import CONFIG
from playground.inside import charts
from playground.naming import layer_names


def show(run: Run) -> None:
    """Show the bound and the prediction, each beside the measured values."""
    left, right = st.columns(2)
    with left:
        _bound(run)
    with right:
        _meter(run)


def _bound(run: Run) -> None:
    measured, bounds = gradient_bounds(run)
    slope = run.network.activation.max_slope
    st.markdown(
        "### How large can a gradient be?\n\n"
        r"$$\lVert dW^{(l)}\rVert \le \lVert A^{(l-1)}\rVert \cdot \prod_{k>l} "
        r"\big(\max|g'| \cdot \lVert W^{(k)}\rVert\big) \cdot \lVert dZ^{(L)}\rVert$$"
        "\n\nOn its way back, the error is multiplied in every layer by the weights and by a slope "
        f"of at most {slope:g}."
    )
    if min(measured) > 0.0:
        figure = charts.gradients_and_bounds(measured, bounds)
        st.plotly_chart(figure, key="inside_bounds", config=CONFIG)
    names = layer_names(len(measured))
    st.markdown(
        "| layer | measured ‖dJ/dW‖ | bound |\n|---|--:|--:|\n"
        + "\n".join(
            f"| {name} | {found:.3g} | {bound:.3g} |"
            for name, found, bound in zip(names, measured, bounds, strict=True)
        )
    )


def _meter(run: Run) -> None:
    st.markdown(
        "### Does the error signal keep its size?\n\n"
        r"$$\frac{\mathrm{RMS}\,dZ^{(l)}}{\mathrm{RMS}\,dZ^{(l+1)}} \approx "
        r"\sqrt{n_{l+1}\cdot \mathrm{Var}(W^{(l+1)})\cdot \overline{g'^2}}$$"
        "\n\nXavier draws weights with variance 1/n. Between layers of the same size, the first "
        "two factors then cancel, and only the slope is left. With a ratio above 1 the errors grow "
        "on their way back; below 1 they fade. The prediction treats weights and errors as "
        "independent, which becomes less and less true during training."
    )
    names = layer_names(len(run.network.weights))
    ratios = error_ratios(run)
    if not ratios:
        st.info("Without a hidden layer there are no neighbouring layers to compare.")
        return
    st.markdown(
        "| from → to | n | Var(W) | mean g′² | predicted | measured |\n|---|--:|--:|--:|--:|--:|\n"
        + "\n".join(
            f"| {names[ratio.layer]} → {names[ratio.layer - 1]} | {ratio.units} "
            f"| {ratio.weight_variance:.3g} | {ratio.squared_slope:.3g} "
            f"| {ratio.predicted:.3g} | **{ratio.measured:.3g}** |"
            for ratio in reversed(ratios)
        )
    )
