"""The controls at the left: what the data are, what the network is, how it is trained.

Each control is named after the setting of the Spec that it sets; `settings` reads them together.
What is rarely changed is folded away under “More”.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.features import FEATURES, usable
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.own_data import OwnData
from engine.parameter import Parameter
from engine.regularization import REGULARIZATIONS
from engine.spec import AUTO, Spec, loss_fits, settings_of
from playground import settings, widgets
from playground.limits import NEW_LAYER_UNITS, PAGE_LAYERS, PAGE_LIMITS, PAGE_UNITS
from playground.naming import as_text, shortened
from playground.own_data.edit import in_words
from playground.own_data.panel import own_data_button
from playground.visit import Visit

ALL_SAMPLES = int(PAGE_LIMITS["batch_size"][1])
BATCH_SIZES = (1, 2, 5, 10, 16, 32, 64, 128, 256, ALL_SAMPLES)
RATES = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)

NEW_RUN = "Any change here starts a new run."


def controls(visit: Visit, spec: Spec) -> None:
    """Show the controls that are always in sight, set to a Spec."""
    with st.container(key="controls"):
        _data(visit, spec)
        _network(visit, spec)
        _training(spec)


def folded_controls(spec: Spec) -> None:
    """Show the others, folded away."""
    with st.popover("More", width="stretch"):
        _more(spec)


def _data(visit: Visit, spec: Spec) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Data**", help=f"{NEW_RUN}\n{_list_of(DATASETS)}", width="stretch")
        own_data_button(visit)
    names = {name: dataset.label for name, dataset in DATASETS.items()}
    if visit.own is not None:
        names[settings.OWN] = as_text(shortened(visit.own.name))
    widgets.pills(
        "dataset",
        "Dataset",
        list(names),
        spec.dataset if spec.own is None else settings.OWN,
        required=True,
        format_func=lambda name: names[name],
        label_visibility="collapsed",
    )
    if spec.own is None:
        _toy_data(spec)
    else:
        _own_data(spec, spec.own)


def _toy_data(spec: Spec) -> None:
    left, right = st.columns(2)
    with left:
        help_text = "How many points there are, training and test together."
        _slider("samples", "Samples", 50, help_text, spec)
    with right:
        help_text = "The σ of the step that takes a point from the outline; for regression, "
        _slider("noise", "Noise", 0.05, help_text + "the value.", spec)
    left, right = st.columns(2)
    fewest, most = _classes(spec)
    with left:
        if fewest < most:
            widgets.slider(
                "classes",
                "Classes",
                (fewest, most),
                spec.classes,
                help="How many classes there are.",
            )
        else:
            _test_share(spec)
    with right:
        _seed("data_seed", "Data seed", "Another number draws other points of the same kind.", spec)


def _own_data(spec: Spec, own: OwnData) -> None:
    target = f"target “{own.target}”"
    what = target if own.is_regression else f"{target} with {len(own.classes)} classes"
    told = f"{len(own.labels):,} rows, {len(own.columns)} inputs, {what}"
    if len(own.columns) > 2:
        told += ". The pictures are drawn with all but x₁ and x₂ at their mean."
    scales = "  \n".join(as_text(line) for line in in_words(own))
    st.caption(
        as_text(told),
        help=f"Standard units:  \n{scales}  \n“Save and load” keeps the data.",
    )
    left, right = st.columns(2)
    with left:
        _test_share(spec)
    with right:
        _seed("data_seed", "Data seed", "Another number parts training and test otherwise.", spec)


def _classes(spec: Spec) -> tuple[int, int]:
    """Fewest and most classes to choose from; equal if there is no choice."""
    if spec.own is not None:
        return 0, 0
    return DATASETS[spec.dataset].classes or (0, 0)


def _test_share(spec: Spec) -> None:
    _slider("test_share", "Test share", 0.05, "The part of the points only tested on.", spec)


def _network(visit: Visit, spec: Spec) -> None:
    st.markdown(
        "**Network**",
        help=f"{NEW_RUN} More layers and units bend the boundary further, but deep networks are "
        "harder to train.",
    )
    layers = settings.layers()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Hidden layers: **{layers}**")
        st.button(
            "Remove",
            key="remove_layer",
            on_click=settings.remove_layer,
            disabled=layers == PAGE_LAYERS[0],
            help="The last hidden layer goes.",
        )
        st.button(
            "Add",
            key="add_layer",
            on_click=settings.add_layer,
            disabled=layers == PAGE_LAYERS[1],
            help="One more hidden layer, before the output.",
        )
    for start in range(0, layers, 2):
        for layer, column in zip(range(start, min(start + 2, layers)), st.columns(2), strict=False):
            with column:
                widgets.number(
                    settings.units_name(layer),
                    f"Units of layer {layer + 1}",
                    PAGE_UNITS,
                    NEW_LAYER_UNITS,
                    help="In the first layer, each unit draws one line; later ones combine them.",
                )
    left, right = st.columns(2)
    with left:
        _choice("activation", "Activation", ACTIVATIONS, spec)
    with right:
        _seed("weight_seed", "Weight seed", "Another number draws other initial weights.", spec)


def _training(spec: Spec) -> None:
    st.markdown(
        "**Training**",
        help=f"{NEW_RUN} The learning rate, which is above the pictures, acts on the running "
        "network at once.",
    )
    left, right = st.columns(2)
    with left:
        _choice("optimizer", "Optimizer", OPTIMIZERS, spec)
    with right:
        sizes = sorted({*BATCH_SIZES, spec.batch_size})  # a link may have brought another one
        widgets.select(
            "batch_size",
            "Batch size",
            sizes,
            spec.batch_size,
            format_func=lambda size: "all" if size == ALL_SAMPLES else str(size),
            help="Most training samples per step: the batches of an epoch are of nearly equal "
            "size. “all” is one step per epoch.",
        )


def _more(spec: Spec) -> None:
    fewest, most = _classes(spec)
    if fewest < most:
        _test_share(spec)
    if spec.own is None:
        _parameters(DATASETS[spec.dataset].parameters, spec)
    inputs = usable(tuple(FEATURES), max(spec.coordinates, 2))
    widgets.pills(
        "features",
        "Inputs",
        inputs,
        list(spec.features),
        selection_mode="multi",
        format_func=lambda name: FEATURES[name].label,
        help="What the network is shown of a point, at least one thing. A good input can replace a "
        "layer. A curve's points have no x₂: inputs made of it are left out there.\n"
        + _list_of({name: FEATURES[name] for name in inputs}),
    )
    classes = 0 if spec.is_regression else spec.classes
    losses = [AUTO, *(name for name in LOSSES if loss_fits(name, classes))]
    widgets.select(
        "loss",
        "Output and loss",
        losses,
        spec.loss,
        format_func=lambda name: "automatic" if name == AUTO else LOSSES[name].label,
        help=_list_of(LOSSES),
    )
    _choice("initializer", "Initial weights", INITIALIZERS, spec)
    for parameter in INITIALIZERS[widgets.value("initializer")].settings:
        _number(parameter, spec)
    _choice("regularization", "Regularization", REGULARIZATIONS, spec)
    if widgets.value("regularization") != "none":
        widgets.scale(
            "regularization_rate",
            "Regularization rate",
            sorted({*RATES, spec.regularization_rate}),
            spec.regularization_rate,
            format_func=lambda rate: f"{rate:g}",
            help="λ in J = loss + λ · Σ r(w), r being the penalty of a weight.",
        )
    for parameter in OPTIMIZERS[widgets.value("optimizer")].settings:
        _number(parameter, spec)


def _said(parameter: Parameter, spec: Spec) -> float:
    """The value of a parameter; that of an entry that was only just chosen is its default."""
    value: float = settings_of(spec).get(parameter.name, parameter.default)
    return value


def _choice(setting: str, label: str, entries: Mapping[str, Any], spec: Spec) -> None:
    """One entry of one of the engine's dicts; a new entry appears here by itself."""
    widgets.select(
        setting,
        label,
        list(entries),
        getattr(spec, setting),
        format_func=lambda name: entries[name].label,
        help=_list_of(entries),
    )


def _list_of(entries: Mapping[str, Any]) -> str:
    return "\n".join(
        f"- **{entry.label}** ${entry.formula}$: {entry.help}" for entry in entries.values()
    )


def _slider(setting: str, label: str, step: float, help_text: str, spec: Spec) -> None:
    said, limits = getattr(spec, setting), PAGE_LIMITS[setting]
    widgets.slider(setting, label, limits, said, step=step, help=help_text)


def _seed(setting: str, label: str, help_text: str, spec: Spec) -> None:
    said, limits = getattr(spec, setting), PAGE_LIMITS[setting]
    widgets.number(setting, label, limits, said, step=1, help=help_text)


def _number(parameter: Parameter, spec: Spec) -> None:
    """A field for what can be set of a chosen entry, as the engine declares it."""
    said, more = _said(parameter, spec), {"step": parameter.step, "help": parameter.help}
    widgets.number(parameter.name, parameter.label, parameter.limits, said, format="%g", **more)


def _parameters(parameters: Sequence[Parameter], spec: Spec) -> None:
    """A slider for each parameter of the dataset, two beside each other."""
    for start in range(0, len(parameters), 2):
        for parameter, column in zip(parameters[start : start + 2], st.columns(2), strict=False):
            said, more = _said(parameter, spec), {"step": parameter.step, "help": parameter.help}
            with column:
                widgets.slider(parameter.name, parameter.label, parameter.limits, said, **more)
