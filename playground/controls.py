"""The controls at the left: what the data are, what the network is, how it is trained.

Each control is named after the setting of the Spec that it sets; `session` reads them together.
"""

import streamlit as st

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.spec import HIDDEN_LAYERS, LIMITS, UNITS
from playground import session

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
    st.markdown(
        "**Network**",
        help="Any change here starts a new run. More layers and units bend the boundary further, "
        "but deep networks are harder to train.",
    )
    layers = session.value("layers")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Hidden layers: **{layers}**")
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
    st.markdown(
        "**Training**",
        help="Any change here starts a new run. The learning rate, which is above the pictures, "
        "acts on the running network at once.",
    )
    st.select_slider(
        "Batch size",
        sorted({*BATCH_SIZES, visit.spec.batch_size}),  # a link may have brought another one
        key="batch_size",
        format_func=lambda size: "all" if size == ALL_SAMPLES else str(size),
        help="Training samples per step; “all” is one step an epoch.",
    )


def _slider(setting: str, label: str, step: float, help_text: str) -> None:
    low, high = LIMITS[setting]
    st.slider(label, low, high, step=step, key=setting, help=help_text)


def _seed(setting: str, label: str, help_text: str) -> None:
    low, high = LIMITS[setting]
    st.number_input(label, low, high, step=1, key=setting, help=help_text)
