"""The controls at the left: what the data are, what the network is, how it is trained.

Each control is named after the setting of the Spec that it sets; `session` reads them together.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.spec import HIDDEN_LAYERS, LIMITS, UNITS
from playground import session

LEARNING_RATES = (1e-5, 1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
ALL_SAMPLES = int(LIMITS["batch_size"][1])
BATCH_SIZES = (1, 2, 5, 10, 16, 32, 64, 128, 256, ALL_SAMPLES)


def controls(visit: session.Session) -> None:
    """Show every control, set as it was left."""
    with st.container(key="controls"):
        _data(visit)
        _network()
        _training(visit)


def _data(visit: session.Session) -> None:
    kinds = "\n".join(f"- **{entry.label}**: {entry.help}" for entry in DATASETS.values())
    st.markdown("**Data**", help=f"Any change here starts a new run.\n{kinds}")
    st.segmented_control(
        "Dataset",
        list(DATASETS),
        key="dataset",
        required=True,
        format_func=lambda name: DATASETS[name].label,
        label_visibility="collapsed",
        width="stretch",
    )
    left, right = st.columns(2)
    with left:
        _slider("samples", "Samples", 50, "How many points there are, training and test together.")
    with right:
        _slider("noise", "Noise", 0.05, "How far points stray from the outline: the σ of the step.")
    left, right = st.columns(2)
    with left:
        _slider("test_share", "Test share", 0.05, "The part of the points that is only tested on.")
    with right:
        _seed("data_seed", "Data seed", "Another number draws other points of the same kind.")
    fewest, most = DATASETS[session.value("dataset")].classes
    if fewest < most:
        session.keep("classes", visit.spec.classes)
        st.slider(
            "Classes",
            fewest,
            most,
            key="classes",
            help="How many classes there are, an arm each. Two need one output, more need softmax.",
        )


def _network() -> None:
    st.markdown("**Network**", help="Any change here starts a new run.")
    layers = session.value("layers")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"Hidden layers: **{layers}**",
            help="More layers bend the boundary further, but are harder to train.",
        )
        st.button(
            "Remove",
            key="remove_layer",
            on_click=session.remove_layer,
            disabled=layers == HIDDEN_LAYERS[0],
            help="The last hidden layer goes.",
        )
        st.button(
            "Add",
            key="add_layer",
            on_click=session.add_layer,
            disabled=layers == HIDDEN_LAYERS[1],
            help="One more hidden layer, before the output.",
        )
    for start in range(0, layers, 2):
        for layer, column in zip(range(start, min(start + 2, layers)), st.columns(2), strict=False):
            session.keep(session.units_key(layer), session.NEW_LAYER_UNITS)
            column.number_input(
                f"Units of layer {layer + 1}",
                *UNITS,
                key=session.units_key(layer),
                help="In the first layer, each unit draws one line; later ones combine them.",
            )
    left, right = st.columns(2)
    with left:
        st.selectbox(
            "Activation",
            list(ACTIVATIONS),
            key="activation",
            format_func=lambda name: ACTIVATIONS[name].label,
            help="\n".join(f"- **{entry.label}**: {entry.help}" for entry in ACTIVATIONS.values()),
        )
    with right:
        _seed("weight_seed", "Weight seed", "Another number draws other first weights.")


def _training(visit: session.Session) -> None:
    st.markdown("**Training**")
    _choice(
        "learning_rate",
        "Learning rate · acts at once",
        LEARNING_RATES,
        visit.stream.spec.learning_rate,
        "η, the length of each step. It acts on the running network, from the epoch on screen on. "
        "Too small crawls, too large jumps about or diverges.",
    )
    _choice(
        "batch_size",
        "Batch size",
        BATCH_SIZES,
        visit.spec.batch_size,
        "Training samples per step; “all” is one step an epoch. A change starts a new run.",
    )


def _slider(setting: str, label: str, step: float, help_text: str) -> None:
    low, high = LIMITS[setting]
    st.slider(label, low, high, step=step, key=setting, help=help_text)


def _seed(setting: str, label: str, help_text: str) -> None:
    low, high = LIMITS[setting]
    st.number_input(label, low, high, step=1, key=setting, help=help_text)


def _choice(
    setting: str, label: str, usual: Sequence[float], present: float, help_text: str
) -> None:
    """A slider over the usual values, and the present one where a link brought another."""
    st.select_slider(
        label,
        sorted({*usual, present}),
        key=setting,
        format_func=_number_text,
        help=help_text,
    )


def _number_text(value: Any) -> str:
    return "all" if value == ALL_SAMPLES else f"{value:g}"
