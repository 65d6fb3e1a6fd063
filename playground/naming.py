"""What things are called; and a person's words on the page: as text, never as markup."""

import re

from engine import Run, Spec
from engine.features import FEATURES

MOST_LETTERS = 24


def setting_name(setting: str) -> str:
    """The name of a setting, in words."""
    return "hidden layers" if setting == "hidden" else setting.replace("_", " ")


def setting_value(value: object) -> str:
    """The value of a setting, in words."""
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


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
