"""A run as scikit-learn code: the same network, as far as scikit-learn has it."""

import math
from typing import Any

from engine import Run, Spec
from engine.activations import ACTIVATIONS
from engine.initializers import INITIALIZERS
from engine.optimizers import OPTIMIZERS
from engine.regularization import REGULARIZATIONS
from engine.spec import settings_of
from playground.export.numpy_script import data_text, input_list


def sklearn_script(spec: Spec, epochs: int) -> str:
    """A Python program that trains scikit-learn's MLP with the settings of a Spec.

    It prints the losses as JSON like `python_script`, but not the same ones: scikit-learn draws
    initial weights and batches of its own. What it hasn't got stands in comments.
    """
    run = Run(spec)
    kind = "MLPRegressor" if spec.is_regression else "MLPClassifier"
    missing = _missing(spec)
    notes = "".join(f"# - {note}\n" for note in missing)
    if notes:
        notes = f"# Where scikit-learn differs:\n{notes}\n"
    loss = (
        "mean_squared_error(labels, network.predict(inputs))"
        if spec.is_regression
        else "log_loss(labels, network.predict_proba(inputs), labels=network.classes_)"
    )
    metric = "mean_squared_error" if spec.is_regression else "log_loss"
    arguments = "".join(f"    {name}={value!r},\n" for name, value in _settings(spec, run).items())
    title = "as near as it gets to an MLP Playground network"
    return f'''"""A multi-layer perceptron with scikit-learn, {title}."""

import json
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import {metric}
from sklearn.neural_network import {kind}

{notes}EPOCHS = {epochs}


def make_inputs(points):
    """What the network is shown of a point."""
    points = np.array(points)
    return np.column_stack([{input_list(spec)}])


network = {kind}(
{arguments}    max_iter=max(EPOCHS, 1),
    tol=0.0,
    n_iter_no_change=max(EPOCHS, 1),
)


def loss(points, labels):
    inputs = make_inputs(points)
    return float({loss})

{data_text(run)}
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ConvergenceWarning)  # it is to stop at the last epoch
    network.fit(make_inputs(TRAIN_POINTS), TRAIN_LABELS)
result = {{
    "epoch": EPOCHS,
    "train_loss": loss(TRAIN_POINTS, TRAIN_LABELS),
    "test_loss": loss(TEST_POINTS, TEST_LABELS),
}}
print(json.dumps(result))
'''


def _settings(spec: Spec, run: Run) -> dict[str, object]:
    # of this size it makes as many batches; what differs is that its last one may be smaller
    batch = math.ceil(len(run.train_points) / run.batches)
    rate = spec.regularization_rate if run.network.regularization.is_sklearn else 0.0
    optimizer = _optimizer(spec)
    # a loss of half the size has half the gradient, which Adam's steps don't mind
    times = run.network.output.times_sklearn if optimizer["solver"] == "sgd" else 1.0
    return {
        "hidden_layer_sizes": spec.hidden,
        "activation": run.network.activation.sklearn or "relu",
        # scikit-learn divides it by the batch
        "alpha": rate * batch if run.network.is_regularized else 0.0,
        "batch_size": batch,
        "learning_rate_init": spec.learning_rate * times,
        "random_state": spec.weight_seed,
        **optimizer,
    }


def _optimizer(spec: Spec) -> dict[str, Any]:
    """The solver and its arguments; Adam as it comes where scikit-learn has no counterpart."""
    optimizer, settings = OPTIMIZERS[spec.optimizer], settings_of(spec)
    if optimizer.sklearn is None:
        return {"solver": "adam"}
    return optimizer.sklearn({entry.name: settings[entry.name] for entry in optimizer.settings})


def _missing(spec: Spec) -> list[str]:
    """What scikit-learn has no counterpart for, in sentences."""
    notes = []
    if not INITIALIZERS[spec.initializer].is_sklearn:
        notes.append(f"initial weights are Glorot's, not {spec.initializer}; biases are drawn, too")
    if not ACTIVATIONS[spec.activation].sklearn:
        notes.append(f"there is no {spec.activation}: ReLU stands in")
    if OPTIMIZERS[spec.optimizer].sklearn is None:
        notes.append(f"there is no {OPTIMIZERS[spec.optimizer].label}: Adam stands in")
    if not REGULARIZATIONS[spec.regularization].is_sklearn:
        notes.append(f"there is no {spec.regularization} penalty: it is left out")
    if spec.classes == 2 and spec.resolved_loss == "softmax_cross_entropy":
        notes.append("two classes have one sigmoid output, not a softmax of two")
    return notes
