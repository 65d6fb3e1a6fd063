"""A run as scikit-learn code: the same numbers, as far as scikit-learn has the same network."""

import math
from collections.abc import Sequence
from typing import Any

from engine import Run, Spec
from engine.activations import ACTIVATIONS
from engine.optimizers import OPTIMIZERS
from engine.regularization import REGULARIZATIONS
from engine.run import PARAMETERS
from engine.spec import settings_of
from playground.export.numpy_script import data_text, input_list, layers_text


def sklearn_script(spec: Spec, epochs: int, changes: Sequence[tuple[float, str, Any]] = ()) -> str:
    """A Python program that trains scikit-learn's MLP with the settings of a Spec.

    It begins with the run's initial weights and takes its mini-batches, so that it prints the run's
    losses as JSON, like `python_script`; what scikit-learn hasn't got stands in comments.

    changes: the live changes of the run, as `Run.changes` has them.
    """
    run = Run(spec)
    loaded = [change for change in changes if change[:2] == (0, PARAMETERS)]
    for _, setting, value in loaded[-1:]:
        run.change(setting, value)
    kind = "MLPRegressor" if spec.is_regression else "MLPClassifier"
    missing = _missing(spec, run)
    if any(position < epochs for position, setting, _ in changes if setting != PARAMETERS):
        missing.append("changes that were made while it trained are left out")
    notes = "".join(f"# - {note}\n" for note in missing)
    if notes:
        notes = f"# Where scikit-learn differs, so that its losses are not the page's:\n{notes}\n"
    loss = (
        "mean_squared_error(labels, network.predict(inputs))"
        if spec.is_regression
        else "log_loss(labels, network.predict_proba(inputs), labels=network.classes_)"
    )
    metric = "mean_squared_error" if spec.is_regression else "log_loss"
    arguments = "".join(f"    {name}={value!r},\n" for name, value in _settings(spec, run).items())
    weights = begin = ""
    if _takes_weights(spec):
        weights = layers_text(run, run.network.parameters.tolist(), "INITIAL_WEIGHTS")
        begin = """
    # the initial weights of the page, in the place of those that scikit-learn has drawn
    for coefs, intercepts, layer in zip(network.coefs_, network.intercepts_, INITIAL_WEIGHTS):
        coefs[:], intercepts[:] = layer[:-1], layer[-1]"""
    order = "np.arange(len(inputs))" if run.batches == 1 else "batch_rng.permutation(len(inputs))"
    steps = """network.set_params(alpha=PENALTY * len(batch))
            network.partial_fit(inputs[batch], labels[batch])"""
    if _begins_afresh(run):
        steps = """# `fit` begins without memory of steps, `partial_fit` goes on with it
            is_first = epoch == number == 0
            network.set_params(alpha=PENALTY * len(batch), warm_start=is_first)
            (network.fit if is_first else network.partial_fit)(inputs[batch], labels[batch])"""
    return f'''"""The network of an MLP Playground run with scikit-learn."""

import json
import warnings

import numpy as np
from sklearn.metrics import {metric}
from sklearn.neural_network import {kind}

{notes}EPOCHS = {epochs}
BATCHES = {run.batches}  # of an epoch
PENALTY = {_penalty(spec, run)!r}  # scikit-learn divides it by the samples of the mini-batch


def make_inputs(points):
    """What the network is shown of a point."""
    points = np.array(points)
    return np.column_stack([{input_list(spec)}])


network = {kind}(
{arguments}    shuffle=False,  # the order of the samples is the page's, see below
    max_iter=1,
    n_iter_no_change=10**9,
)


def loss(points, labels):
    inputs = make_inputs(points)
    return float({loss})

{data_text(run)}{weights}
inputs, labels = make_inputs(TRAIN_POINTS), np.array(TRAIN_LABELS)
_, batch_rng = np.random.default_rng({spec.weight_seed}).spawn(2)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # one iteration at a time is what is wanted here
    network.fit(inputs, labels)  # makes room for the weights{begin}
    for epoch in range(EPOCHS):
        order = {order}
        for number, batch in enumerate(np.array_split(order, BATCHES)):
            {steps}
result = {{
    "epoch": EPOCHS,
    "train_loss": loss(TRAIN_POINTS, TRAIN_LABELS),
    "test_loss": loss(TEST_POINTS, TEST_LABELS),
}}
print(json.dumps(result))
'''


def _takes_weights(spec: Spec) -> bool:
    """Whether scikit-learn's network has the same layers."""
    return not (spec.classes == 2 and spec.resolved_loss == "softmax_cross_entropy")


def _begins_afresh(run: Run) -> bool:
    """Whether the first mini-batch can be given to `fit`, which wants a sample of each class."""
    labels = run.train_labels
    return run.spec.is_regression or len({*labels[run.next_batch()]}) == len({*labels})


def _penalty(spec: Spec, run: Run) -> float:
    if not (run.network.is_regularized and run.network.regularization.is_sklearn):
        return 0.0
    return spec.regularization_rate / run.network.output.times_sklearn


def _settings(spec: Spec, run: Run) -> dict[str, object]:
    optimizer = _optimizer(spec)
    # a loss of half the size has half the gradient: Adam's steps don't mind, but for ε
    times = run.network.output.times_sklearn
    if "epsilon" in optimizer:
        optimizer["epsilon"] /= times
    return {
        "hidden_layer_sizes": spec.hidden,
        "activation": run.network.activation.sklearn or "relu",
        "batch_size": math.ceil(len(run.train_points) / run.batches),
        "learning_rate_init": spec.learning_rate * (times if optimizer["solver"] == "sgd" else 1.0),
        "random_state": spec.weight_seed,
        **optimizer,
    }


def _optimizer(spec: Spec) -> dict[str, Any]:
    """The solver and its arguments; Adam as it comes where scikit-learn has no counterpart."""
    optimizer, settings = OPTIMIZERS[spec.optimizer], settings_of(spec)
    if optimizer.sklearn is None:
        return {"solver": "adam"}
    return optimizer.sklearn({entry.name: settings[entry.name] for entry in optimizer.settings})


def _missing(spec: Spec, run: Run) -> list[str]:
    """What scikit-learn has no counterpart for, in sentences."""
    notes = []
    if not ACTIVATIONS[spec.activation].sklearn:
        notes.append(f"there is no {spec.activation}: ReLU stands in")
    if OPTIMIZERS[spec.optimizer].sklearn is None:
        notes.append(f"there is no {OPTIMIZERS[spec.optimizer].label}: Adam stands in")
    if not REGULARIZATIONS[spec.regularization].is_sklearn:
        notes.append(f"there is no {spec.regularization} penalty: it is left out")
    if spec.classes == 2 and spec.resolved_loss == "softmax_cross_entropy":
        notes.append("two classes have one sigmoid output, not a softmax of two")
        notes.append("initial weights are Glorot's, as the output has another shape")
    if not _begins_afresh(run) and spec.optimizer != "sgd":
        notes.append("the optimizer remembers a step from before: `fit` can't begin with a batch")
    return notes
