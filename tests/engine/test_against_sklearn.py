"""scikit-learn's networks, started from the same weights and fed the same batches."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

from engine import Run, Spec

ACTIVATION_NAMES = {"tanh": "tanh", "sigmoid": "logistic", "relu": "relu", "linear": "identity"}
OPTIMIZERS = {
    "sgd": {"solver": "sgd", "momentum": 0.0},
    "momentum": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False},
    "nesterov": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": True},
    "adam": {"solver": "adam"},
}
# 320 points, of which 80 are for testing: 240 make 8 batches of 30
TASKS = {
    "two classes": Spec(dataset="moons", samples=320, batch_size=30),
    "three classes": Spec(dataset="spirals", classes=3, noise=0.1, samples=320, batch_size=30),
    "regression": Spec(dataset="hills", samples=320, batch_size=30, learning_rate=0.03),
}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize("hidden", [(), (8, 8)], ids=["no hidden layer", "8-8"])
def test_twenty_epochs_of_every_network_equal_scikit_learn(task, activation, hidden):
    assert_equal_after_twenty_epochs(replace(TASKS[task], activation=activation, hidden=hidden))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("regularization", ["none", "l2"])
def test_twenty_epochs_of_every_optimizer_equal_scikit_learn(task, optimizer, regularization):
    rate = 0.01 if optimizer == "sgd" else 0.002
    assert_equal_after_twenty_epochs(
        replace(
            TASKS[task],
            optimizer=optimizer,
            learning_rate=rate,
            regularization=regularization,
            regularization_rate=0.01,
        )
    )


@pytest.mark.parametrize("regularization", ["none", "l2"])
def test_batches_of_two_sizes_equal_scikit_learn_too(regularization):
    """225 samples are a batch of 29 and seven of 28."""
    assert_equal_after_twenty_epochs(
        Spec(samples=300, batch_size=32, regularization=regularization, regularization_rate=0.01)
    )


def assert_equal_after_twenty_epochs(spec: Spec) -> None:
    """The weights agree to 1e-10."""
    run = Run(spec)
    other = scikit_learns(spec, run)
    for _ in range(20):
        for inputs, targets in batches_of_next_epoch(run):
            other.alpha = alpha(spec, len(inputs))
            other.partial_fit(inputs, targets)
    assert run.epoch == 20
    for theirs, ours in zip(other.coefs_, run.network.weights, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-10, rtol=0.0)
    for theirs, ours in zip(other.intercepts_, run.network.biases, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-10, rtol=0.0)


def scikit_learns(spec: Spec, run: Run):
    """Its network for a Spec, with our initial weights.

    Its squared error has a half in front: the same steps take twice the learning rate, half the
    penalty, and half of Adam's ε.
    """
    half = 0.5 if spec.is_regression else 1.0
    adam = spec.optimizer == "adam"  # doesn't look at the size of gradients, only at ε beside it
    other = (MLPRegressor if spec.is_regression else MLPClassifier)(
        hidden_layer_sizes=spec.hidden,
        activation=ACTIVATION_NAMES[spec.activation],
        learning_rate_init=spec.learning_rate if adam else spec.learning_rate / half,
        epsilon=half * spec.epsilon,
        random_state=0,
        **OPTIMIZERS[spec.optimizer],
    )
    # partial_fit takes a batch as it is: one call is one step. The first call makes the network;
    # what it learned and remembers is then replaced, in place, by our start.
    first = slice(0, spec.batch_size)
    if spec.is_regression:
        other.partial_fit(run.train_inputs[first], run.train_labels[first])
    else:
        classes = np.arange(spec.classes)
        other.partial_fit(run.train_inputs[first], run.train_labels[first], classes=classes)
    for theirs, ours in zip(other.coefs_, run.network.weights, strict=True):
        theirs[:] = ours
    for theirs, ours in zip(other.intercepts_, run.network.biases, strict=True):
        theirs[:] = ours
    solver = other._optimizer
    if adam:
        solver.t = 0
    for memory in [solver.ms, solver.vs] if adam else [solver.velocities]:
        for vector in memory:
            vector[:] = 0.0
    return other


def alpha(spec: Spec, samples: int) -> float:
    """Its rate for our penalty: it divides it by the size of the batch, see `scikit_learns`."""
    rate = spec.regularization_rate if spec.regularization == "l2" else 0.0
    return (0.5 if spec.is_regression else 1.0) * rate * samples


def batches_of_next_epoch(run: Run):
    """Advance a run by one epoch and return the batches that it was trained with."""
    seen = []
    for _ in range(run.batches):
        batch = run.next_batch()
        seen.append((run.train_inputs[batch], run.train_labels[batch]))
        run.advance_batch()
    return seen
