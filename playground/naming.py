"""What things are called; and a person's words on the page: as text, never as markup."""

import re

from engine import Run, Spec
from engine.datasets import DATASETS
from engine.features import FEATURES
from engine.spec import AUTO, CHOICES, known_parameters

MOST_LETTERS = 24


# what each setting is called, on its control and wherever else it is named
SETTING_LABELS = {
    "dataset": "Dataset",
    "classes": "Classes",
    "samples": "Samples",
    "noise": "Noise",
    "test_share": "Test share",
    "data_seed": "Data seed",
    "features": "Inputs",
    "hidden": "Hidden layers",
    "activation": "Activation",
    "loss": "Output and loss",
    "initializer": "Initial weights",
    "weight_seed": "Weight seed",
    "optimizer": "Optimizer",
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
    "regularization": "Regularization",
    "regularization_rate": "Regularization rate",
}


def setting_label(setting: str) -> str:
    """What stands on the control of a setting; those of single entries have labels of their own."""
    declared = known_parameters()
    return SETTING_LABELS.get(setting) or declared[setting].label


def setting_name(setting: str) -> str:
    """The name of a setting within a sentence."""
    label = setting_label(setting)
    return label if setting not in SETTING_LABELS else label[0].lower() + label[1:]


def setting_value(setting: str, value: object) -> str:
    """The value of a setting in words: “ReLU”, “8-8”, “0.1”."""
    if setting in CHOICES and isinstance(value, str):
        return "automatic" if value == AUTO else str(CHOICES[setting][value].label)
    if setting == "features" and isinstance(value, tuple):
        return ", ".join(FEATURES[name].label for name in value)
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def data_label(spec: Spec) -> str:
    """What the data are called on the page; the name of own data is a person's words."""
    return DATASETS[spec.dataset].label if spec.own is None else shortened(spec.own.name)


def axis_names(spec: Spec) -> list[str]:
    """What the coordinates are called."""
    names = [f"x{subscript}" for subscript in "₁₂₃₄₅₆₇"[: spec.coordinates]]
    if spec.own is None:
        return names
    return [f"{name}: {column}" for name, column in zip(names, spec.own.columns, strict=True)]


def class_names(spec: Spec) -> list[str]:
    """What the classes are called; empty for values."""
    if spec.is_regression:
        return []
    return [f"class {k}" for k in range(spec.classes)] if spec.own is None else [*spec.own.classes]


def layer_names(layers: int) -> list[str]:
    """Names of the layers that have weights, from the input side to the output side."""
    return [f"hidden {layer + 1}" for layer in range(layers - 1)] + ["output"]


def unit_names(run: Run) -> list[list[str]]:
    """What the units of each layer are called, inputs and outputs included."""
    names = [[FEATURES[name].label for name in run.spec.inputs]]
    for layer, units in enumerate(run.spec.hidden):
        names.append([f"hidden {layer + 1}, unit {unit + 1}" for unit in range(units)])
    outputs = run.network.layer_sizes[-1]
    if outputs > 1:
        names.append([f"output, {name}" for name in class_names(run.spec)])
    else:
        names.append(["output"])
    return names


def output_names(run: Run) -> list[str]:
    """What the network's outputs say, one each; a single output of two classes says class 1."""
    classes = class_names(run.spec)
    if not classes:
        return ["predicted value"]
    spoken = classes if run.network.layer_sizes[-1] > 1 else classes[1:]
    return [f"probability of {name}" for name in spoken]


def as_text(words: str) -> str:
    """Words for Streamlit's Markdown, with nothing in them that means anything there."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])", r"\\\1", words.replace("\n", " "))


def plotly_text(text: str) -> str:
    """Words of a person for a chart: Plotly would read tags and formulas in them."""
    written = {"&": "&amp;", "<": "&lt;", "$": "&#36;", "%": "&#37;"}
    return "".join(written.get(letter, letter) for letter in text)


def shortened(words: str) -> str:
    """Words that fit on a button."""
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"
