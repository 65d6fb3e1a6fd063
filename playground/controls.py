"""The controls on the left: the data, the network, and how it is trained.

Each control is named after the setting of the Spec that it sets; `settings` reads them together.
What is rarely changed is folded away under “More”. A setting that is locked has no control.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
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
from playground import pictures, settings, widgets
from playground.limits import FIRST_LAYER_UNITS, PAGE_LAYERS, PAGE_LIMITS, PAGE_UNITS
from playground.naming import as_text, setting_label, shortened
from playground.own_data.edit import in_words
from playground.own_data.panel import own_data_button
from playground.visit import Visit

ALL_SAMPLES = int(PAGE_LIMITS["batch_size"][1])
BATCH_SIZES = (1, 2, 5, 10, 16, 32, 64, 128, 256, ALL_SAMPLES)
RATES = (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)

NEW_RUN = "Any change here starts a new run."
COLUMNS_OF_UNITS = {1: 2, 2: 2}  # of fields beside each other, by the number of layers; else three


def controls(visit: Visit, spec: Spec) -> None:
    """Show the controls that are always in sight, set to a Spec."""
    with st.container(key="controls"):
        _data(visit, spec)
        _network(visit, spec)
        _training(visit, spec)


def folded_controls(visit: Visit, spec: Spec) -> None:
    """Show the others, folded away."""
    rows = _more(spec)
    if not visit.restrictions.locked.issuperset(name for row in rows for name in row):
        with st.expander("More"):
            _rows(visit, *rows)


Row = Mapping[str, Callable[[], object]]  # what shows the control of each setting


def _rows(visit: Visit, *rows: Row) -> None:
    """Show the controls of each row beside each other, but for those of locked settings."""
    for row in rows:
        shown = [show for name, show in row.items() if name not in visit.restrictions.locked]
        if len(shown) == 1:
            shown[0]()
        elif shown:
            for show, column in zip(shown, st.columns(len(shown)), strict=True):
                with column:
                    show()


def _data(visit: Visit, spec: Spec) -> None:
    names = {name: dataset.label for name, dataset in DATASETS.items()}
    if visit.own is not None:
        names[settings.OWN] = as_text(shortened(visit.own.name))
    chosen = spec.dataset if spec.own is None else settings.OWN
    with st.container(horizontal=True, vertical_alignment="center"):
        heading = f"**Data:** {names[chosen]}"
        st.markdown(heading, help=f"{NEW_RUN}\n{_list_of(DATASETS)}", width="stretch")
        own_data_button(visit)
    if "dataset" not in visit.restrictions.locked:
        widgets.pills(
            "dataset",
            setting_label("dataset"),
            [name for name in names if name == chosen or _keeps_what_is_locked(visit, spec, name)],
            chosen,
            required=True,
            format_func=lambda name: _pictured(name, names[name]),
            label_visibility="collapsed",
        )
    _tell_brought(visit, "dataset")
    if spec.own is None:
        _toy_data(visit, spec)
    else:
        _own_data(visit, spec, spec.own)


def _keeps_what_is_locked(visit: Visit, spec: Spec, dataset: str) -> bool:
    """Whether a dataset can be chosen without another number of classes, loss or inputs."""
    locked = visit.restrictions.locked
    if dataset not in DATASETS:
        return visit.restrictions.takes_own_data
    entry = DATASETS[dataset]
    fewest, most = entry.classes or (0, 0)
    classes = min(max(spec.classes, fewest), most)
    return not (
        ("classes" in locked and entry.classes is not None and classes != spec.classes)
        or ("loss" in locked and not loss_fits(spec.loss, classes))
        or ("features" in locked and not usable(spec.features, entry.coordinates))
    )


def _pictured(name: str, label: str) -> str:
    """A dataset as a small picture of itself; own data have none."""
    return f"![{label}]({pictures.dataset_address(name)} '{label}')" if name in DATASETS else label


def _tell_brought(visit: Visit, setting: str) -> None:
    """Say which settings came along with the choice of a dataset or an optimizer."""
    by, words = visit.brought
    if by == setting:
        st.caption(as_text(words))


def _toy_data(visit: Visit, spec: Spec) -> None:
    points = "Number of points, training and test together."
    noise = "Standard deviation σ of the random step away from the noise-free shape"
    noise += " (for regression: of the value)."
    fewest, most = _classes(spec)
    second: dict[str, Callable[[], object]] = {}
    if fewest < most:
        label, said = setting_label("classes"), spec.classes
        second["classes"] = lambda: widgets.slider(
            "classes", label, (fewest, most), said, help="Number of classes."
        )
    else:
        second["test_share"] = partial(_test_share, spec)
    seed = "Another seed draws different points of the same kind."
    second["data_seed"] = partial(_seed, "data_seed", seed, spec)
    first = {
        "samples": partial(_slider, "samples", 50, points, spec),
        "noise": partial(_slider, "noise", 0.01, noise, spec),
    }
    _rows(visit, first, second)


def _own_data(visit: Visit, spec: Spec, own: OwnData) -> None:
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
    seed = "Another seed splits training and test points differently."
    row = {
        "test_share": partial(_test_share, spec),
        "data_seed": partial(_seed, "data_seed", seed, spec),
    }
    _rows(visit, row)


def _classes(spec: Spec) -> tuple[int, int]:
    """Fewest and most classes to choose from; equal if there is no choice."""
    if spec.own is not None:
        return 0, 0
    return DATASETS[spec.dataset].classes or (0, 0)


def _test_share(spec: Spec) -> None:
    _slider("test_share", 0.05, "Share of points held out for testing.", spec)


def _network(visit: Visit, spec: Spec) -> None:
    of_network = {"features", "hidden", "activation", "weight_seed"}
    if of_network <= visit.restrictions.locked:
        return
    st.markdown(
        "**Network**",
        help=f"{NEW_RUN} More layers and units bend the boundary further, but deep networks are "
        "harder to train.",
    )
    seed = "Another seed draws different initial weights."
    last = {
        "activation": partial(_choice, "activation", ACTIVATIONS, spec),
        "weight_seed": partial(_seed, "weight_seed", seed, spec),
    }
    _rows(visit, {"features": partial(_inputs, spec)}, {"hidden": _layers}, last)


def _layers() -> None:
    layers = settings.layers()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Hidden layers: **{layers}**")
        st.button(
            "Remove",
            key="remove_layer",
            on_click=settings.remove_layer,
            disabled=layers == PAGE_LAYERS[0],
            help="Remove the last hidden layer.",
        )
        st.button(
            "Add",
            key="add_layer",
            on_click=settings.add_layer,
            disabled=layers == PAGE_LAYERS[1],
            help="Add a hidden layer after the last one.",
        )
    many = COLUMNS_OF_UNITS.get(layers, 3)
    for start in range(0, layers, many):
        for layer, column in zip(
            range(start, min(start + many, layers)), st.columns(many), strict=False
        ):
            with column:
                widgets.number(
                    settings.units_name(layer),
                    f"Hidden {layer + 1}",
                    PAGE_UNITS,
                    FIRST_LAYER_UNITS,
                    help=f"Units of hidden layer {layer + 1}. In the first hidden layer each unit "
                    "draws one line; later layers combine them.",
                )


def _inputs(spec: Spec) -> None:
    inputs = usable(tuple(FEATURES), max(spec.coordinates, 2))
    widgets.pills(
        "features",
        setting_label("features"),
        inputs,
        list(spec.features),
        selection_mode="multi",
        format_func=lambda name: FEATURES[name].label,
        help="What the network is given of each point: at least one input. A good input can "
        "replace a layer. Points of a curve have no x₂, so inputs that need it are left out "
        "there.\n" + _list_of({name: FEATURES[name] for name in inputs}),
    )


def _training(visit: Visit, spec: Spec) -> None:
    if {"optimizer", "batch_size"} <= visit.restrictions.locked:
        return
    st.markdown(
        "**Training**",
        help=f"{NEW_RUN} The learning rate is above the pictures: it changes the running network "
        "at once.",
    )
    row = {
        "optimizer": partial(_choice, "optimizer", OPTIMIZERS, spec),
        "batch_size": partial(_batch_size, spec),
    }
    _rows(visit, row)
    _tell_brought(visit, "optimizer")


def _batch_size(spec: Spec) -> None:
    sizes = sorted({*BATCH_SIZES, spec.batch_size})  # a link may have brought another one
    widgets.select(
        "batch_size",
        setting_label("batch_size"),
        sizes,
        spec.batch_size,
        format_func=lambda size: "all" if size == ALL_SAMPLES else str(size),
        help="Largest number of training points in a mini-batch. The mini-batches of an epoch "
        "are nearly equal in size. “all” makes one step per epoch.",
    )


def _more(spec: Spec) -> list[Row]:
    """The rows of what is rarely changed."""
    fewest, most = _classes(spec)
    rows: list[Row] = [{"test_share": partial(_test_share, spec)}] if fewest < most else []
    if spec.own is None:
        rows += _parameters(DATASETS[spec.dataset].parameters, spec)
    rows += [
        {"loss": partial(_loss, spec)},
        {"initializer": partial(_choice, "initializer", INITIALIZERS, spec)},
    ]
    initializer = INITIALIZERS[widgets.value("initializer", spec.initializer)]
    rows += [{entry.name: partial(_number, entry, spec)} for entry in initializer.settings]
    rows.append({"regularization": partial(_choice, "regularization", REGULARIZATIONS, spec)})
    if widgets.value("regularization", spec.regularization) != "none":
        rows.append({"regularization_rate": partial(_regularization_rate, spec)})
    optimizer = OPTIMIZERS[widgets.value("optimizer", spec.optimizer)]
    return rows + [{entry.name: partial(_number, entry, spec)} for entry in optimizer.settings]


def _loss(spec: Spec) -> None:
    classes = 0 if spec.is_regression else spec.classes
    losses = [AUTO, *(name for name in LOSSES if loss_fits(name, classes))]
    widgets.select(
        "loss",
        setting_label("loss"),
        losses,
        spec.loss,
        format_func=lambda name: "automatic" if name == AUTO else LOSSES[name].label,
        help=_list_of(LOSSES),
    )


def _regularization_rate(spec: Spec) -> None:
    widgets.scale(
        "regularization_rate",
        setting_label("regularization_rate"),
        sorted({*RATES, spec.regularization_rate}),
        spec.regularization_rate,
        format_func=lambda rate: f"{rate:g}",
        help="λ in J = loss + λ · Σ r(w), where r(w) is the penalty on a weight.",
    )


def _said(parameter: Parameter, spec: Spec) -> float:
    """The value of a parameter; that of an entry that was only just chosen is its default."""
    value: float = settings_of(spec).get(parameter.name, parameter.default)
    return value


def _choice(setting: str, entries: Mapping[str, Any], spec: Spec) -> None:
    """One entry of one of the engine's dicts; a new entry appears here by itself."""
    widgets.select(
        setting,
        setting_label(setting),
        list(entries),
        getattr(spec, setting),
        format_func=lambda name: entries[name].label,
        help=_list_of(entries),
    )


def _list_of(entries: Mapping[str, Any]) -> str:
    return "\n".join(
        f"- **{entry.label}** ${entry.formula}$: {entry.help}" for entry in entries.values()
    )


def _slider(setting: str, step: float, help_text: str, spec: Spec) -> None:
    said, limits = getattr(spec, setting), PAGE_LIMITS[setting]
    widgets.slider(setting, setting_label(setting), limits, said, step=step, help=help_text)


def _seed(setting: str, help_text: str, spec: Spec) -> None:
    said, limits = getattr(spec, setting), PAGE_LIMITS[setting]
    widgets.number(setting, setting_label(setting), limits, said, step=1, help=help_text)


def _number(parameter: Parameter, spec: Spec) -> None:
    """A field for what can be set of a chosen entry, as the engine declares it."""
    said, more = _said(parameter, spec), {"step": parameter.step, "help": parameter.help}
    widgets.number(parameter.name, parameter.label, parameter.limits, said, format="%g", **more)


def _parameters(parameters: Sequence[Parameter], spec: Spec) -> list[Row]:
    """A slider for each parameter of the dataset, two in a row."""
    pairs = [parameters[start : start + 2] for start in range(0, len(parameters), 2)]
    return [{entry.name: partial(_parameter, entry, spec) for entry in pair} for pair in pairs]


def _parameter(parameter: Parameter, spec: Spec) -> None:
    said, more = _said(parameter, spec), {"step": parameter.step, "help": parameter.help}
    widgets.slider(parameter.name, parameter.label, parameter.limits, said, **more)
