"""The board in words, for whoever can't see it: what it shows, and what has happened since."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import Run, Spec, inspection
from engine.datasets import DATASETS
from engine.inspection.words import digits, trend
from engine.spec import check_number
from playground.board.request import EPOCHS
from playground.board.told import read_moment
from playground.naming import class_names, data_label


@dataclass(frozen=True)
class Question:
    """What the board wants described.

    Attributes:
        run: name of the run on screen.
        epoch: of the frame on screen.
        since: epoch that was described last; None for a description from scratch.
    """

    run: str
    epoch: float
    since: float | None = None


def read_question(found: Any) -> Question:
    """A question as the board sent it.

    Raises:
        ValueError: it has another form, or a value out of range.
    """
    run, epoch = read_moment(found)
    since = found.get("since")
    return Question(run, epoch, None if since is None else check_number("since", since, EPOCHS))


def answer(
    question: Question,
    now: Run,
    before: Run | None,
    *,
    half_width: float,
    pinned: Run | None = None,
) -> Mapping[str, Any]:
    """The description, for JSON, in parts: what was said already the board does not say again.

    now: the run, at the epoch on screen.
    before: the run at the epoch that was described last; None for a description from scratch.
    pinned: run A beside it, at the same epoch.
    """
    parts = {
        "about": about(now.spec, now),
        "numbers": numbers(now, before),
        "picture": _picture(now, before, half_width),
        "verdict": _verdict(now),
    }
    if pinned is not None:
        picture = _picture(pinned, None, half_width)
        losses = " and ".join(
            f"{digits(pinned.latest[name])}" for name in ("train_loss", "test_loss")
        )
        parts["pinned"] = f"Run A, beside it, has losses of {losses}. {picture}"
    return {"run": question.run, "epoch": question.epoch, "parts": parts}


def about(spec: Spec, run: Run) -> str:
    """What is on the board, whatever the epoch: the data and the network."""
    training, test = len(run.train_labels), len(run.test_labels)
    kind = "with values to predict" if spec.is_regression else f"in {spec.classes} classes"
    inputs, outputs = run.network.layer_sizes[0], run.network.layer_sizes[-1]
    hidden = "no hidden layer"
    if spec.hidden:
        layers = "hidden layer" if len(spec.hidden) == 1 else "hidden layers"
        units = "-".join(map(str, spec.hidden))
        hidden = f"{len(spec.hidden)} {layers} ({units} units, {run.network.activation.label})"
    return (
        f"{data_label(spec)}: {training} training points and {test} test points {kind}. The "
        f"network has {_count(inputs, 'input')}, {hidden} and {_count(outputs, 'output')}."
    )


def numbers(now: Run, before: Run | None) -> str:
    """The epoch and the losses; and how these have moved, if the board was described `before`."""
    began = now if before is None else before
    training, test = (
        f"{part} loss {trend(_losses(began, now, column))}"
        for part, column in (("training", "train_loss"), ("test", "test_loss"))
    )
    at = f"Epoch {_epoch(now)}."
    if began.position == now.position:
        return f"{at} The {training}, the {test}."
    return f"{at} Since epoch {_epoch(began)}, the {training}, and the {test}."


def _epoch(run: Run) -> str:
    """The epoch; mid-epoch with two decimals."""
    return f"{round(run.position, 2):.10g}"


def _losses(before: Run, now: Run, column: str) -> list[float]:
    """Of one moment, of all epochs up to another one, and of that; one number if it is the same."""
    if before is now or before.position == now.position:
        return [float(now.latest[column])]
    epochs = now.history["epoch"]
    between = now.history[column][(epochs > before.position) & (epochs < now.position)]
    return [float(before.latest[column]), *between.tolist(), float(now.latest[column])]


def _picture(now: Run, before: Run | None, half_width: float) -> str:
    scene = inspection.look_at(now, half_width=half_width)
    was = None if before is None else inspection.look_at(before, half_width=half_width)
    return inspection.describe(scene, described_classes(now.spec), was)


def _verdict(run: Run) -> str:
    with np.errstate(all="ignore"):
        return inspection.diagnose(run).text


def described_classes(spec: Spec) -> list[str]:
    """What the classes are called, with what they look like: “the inner ring (class 1)”."""
    names = class_names(spec)
    if spec.own is not None or not names or not DATASETS[spec.dataset].shapes:
        return names
    shapes = DATASETS[spec.dataset].shapes
    return [f"{shape} ({name})" for shape, name in zip(shapes, names, strict=True)]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
