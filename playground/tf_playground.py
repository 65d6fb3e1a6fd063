"""A link of TensorFlow Playground, as the nearest Spec, and what has no counterpart in words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from engine import Spec
from engine.datasets import DATASETS
from engine.features import FEATURES
from engine.regularization import REGULARIZATIONS
from playground.limits import PAGE_LAYERS, PAGE_LIMITS, PAGE_UNITS, check

# what a link that doesn't say it means
DEFAULTS = {
    "activation": "tanh",
    "batchSize": "10",
    "dataset": "circle",
    "regDataset": "reg-plane",
    "learningRate": "0.03",
    "noise": "0",
    "networkShape": "4,2",
    "percTrainData": "50",
    "problem": "classification",
    "regularization": "none",
    "regularizationRate": "0",
    "initZero": "false",
    "x": "true",
    "y": "true",
}
SAMPLES = min(500, int(PAGE_LIMITS["samples"][1]))
LONGEST_LINK = 4_000  # letters


def read_link(link: str) -> tuple[Spec, list[str]]:
    """The nearest Spec to a link, and a note for each part that has no counterpart.

    Raises:
        ValueError: it is not such a link; the message says what one looks like.
    """
    if len(link) > LONGEST_LINK:
        raise ValueError(f"the link is too long: {len(link):,} letters, at most {LONGEST_LINK:,}")
    fragment = urlsplit(link.strip()).fragment
    given = dict(parse_qsl(fragment, keep_blank_values=True))
    if not {"dataset", "networkShape", "activation", "problem"} & set(given):
        raise ValueError(
            "a TensorFlow Playground link has its settings after a #, as in "
            f"…/#activation=tanh&networkShape=4,2; got {link.strip()[:80]!r}"
        )
    said = DEFAULTS | given
    notes = [
        "TensorFlow Playground scales its points to a square from −6 to 6, this playground to "
        "one from −1.5 to 1.5, so the same learning rate acts differently.",
        "Its points and initial weights come from different random numbers.",
    ]
    spec = Spec(samples=SAMPLES)
    for setting, value in _settings(said, notes).items():
        try:
            spec = replace(spec, **{setting: check(setting, value)})
        except ValueError as error:
            notes.append(f"{setting} stays {getattr(spec, setting)!r}: {error}.")
    return spec, notes


def _settings(said: Mapping[str, str], notes: list[str]) -> dict[str, Any]:
    """Our settings for its settings; what has no counterpart goes to the notes."""
    is_regression = said["problem"] == "regression"
    key = "regDataset" if is_regression else "dataset"
    datasets = {
        dataset.tf_playground: ours
        for ours, dataset in DATASETS.items()
        if (dataset.classes is None) == is_regression
    }
    settings: dict[str, Any] = {}
    if said[key] and said[key] in datasets:
        settings["dataset"] = datasets[said[key]]
    else:
        notes.append(f"There is no dataset like {key} {said[key]!r}.")
    settings["hidden"] = _layers(said["networkShape"], notes)
    settings["activation"] = said["activation"]
    settings["initializer"] = "zeros" if said["initZero"] == "true" else "normal"
    settings["weight_sigma"] = 0.3  # it draws them evenly from −0.5 to 0.5
    if settings["initializer"] == "normal":
        notes.append("Its initial weights are uniform from −0.5 to 0.5; here, normal with σ = 0.3.")
    numbers: tuple[tuple[str, str, Callable[[str], float]], ...] = (
        ("learning_rate", "learningRate", float),
        ("batch_size", "batchSize", int),
        # its noise is a percentage of a step that may be half as long as the square is wide
        ("noise", "noise", lambda text: round(float(text) / 100.0 * 3.0 / 4.0, 3)),
        ("test_share", "percTrainData", lambda text: 1.0 - float(text) / 100.0),
    )
    for setting, name, read in numbers:
        try:
            settings[setting] = read(said[name])
        except ValueError:
            notes.append(f"Its {name} {said[name]!r} is not a number.")
    _features(said, settings, notes)
    _penalty(said, settings, notes)
    return settings


def _layers(shape: str, notes: list[str]) -> tuple[int, ...]:
    try:
        layers = [int(units) for units in shape.split(",") if units]
    except ValueError:
        notes.append(f"Its networkShape {shape!r} is not a list of numbers.")
        return Spec().hidden
    (_, most_layers), (least, most) = PAGE_LAYERS, PAGE_UNITS
    fitting = tuple(min(max(units, least), most) for units in layers[:most_layers])
    if list(fitting) != layers:
        notes.append(f"Its layers {shape} do not fit the limits here: {fitting} is used instead.")
    return fitting


def _features(said: Mapping[str, str], settings: dict[str, Any], notes: list[str]) -> None:
    chosen = tuple(
        ours for ours, feature in FEATURES.items() if said.get(feature.tf_playground) == "true"
    )
    if chosen:
        settings["features"] = chosen
    missing = [name for name in ("cosX", "cosY") if said.get(name) == "true"]
    notes += [f"There is no input like {name}." for name in missing]
    if {"sin_x1", "sin_x2"} & set(chosen):
        notes.append("Its sin x has four times as many waves across the data.")


def _penalty(said: Mapping[str, str], settings: dict[str, Any], notes: list[str]) -> None:
    kinds = {penalty.tf_playground: ours for ours, penalty in REGULARIZATIONS.items()}
    kind = kinds.get(said["regularization"] or "none", "none")
    settings["regularization"] = kind
    try:
        rate = float(said["regularizationRate"])
    except ValueError:
        notes.append(f"Its regularizationRate {said['regularizationRate']!r} is not a number.")
        return
    low, high = PAGE_LIMITS["regularization_rate"]
    if rate > high:
        notes.append(
            f"Its regularization rate {rate:g} is above the limit: {high:g} is used instead."
        )
    if kind != "none":
        settings["regularization_rate"] = min(max(rate, low), high)
