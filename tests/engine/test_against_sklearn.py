"""scikit-learn's MLPClassifier, started from the same weights and fed the same batches."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from engine import Run, Spec

SKLEARN_NAME = {"tanh": "tanh", "sigmoid": "logistic", "relu": "relu", "linear": "identity"}


@pytest.mark.parametrize(("dataset", "classes"), [("moons", 2), ("spirals", 3)])
@pytest.mark.parametrize("activation", SKLEARN_NAME)
@pytest.mark.parametrize("hidden", [(), (8, 8)], ids=["no hidden layer", "8-8"])
def test_twenty_epochs_equal_scikit_learn(dataset, classes, activation, hidden):
    """The weights agree to 1e-10 after 20 epochs of plain stochastic gradient descent."""
    spec = Spec(dataset=dataset, classes=classes, activation=activation, hidden=hidden, noise=0.1)
    run = Run(spec)
    # partial_fit takes a batch as it is: one call is one step
    other = MLPClassifier(
        hidden,
        activation=SKLEARN_NAME[activation],
        solver="sgd",
        momentum=0.0,
        alpha=0.0,
        learning_rate_init=spec.learning_rate,
        random_state=0,
    )
    all_labels = np.arange(classes)
    other.partial_fit(
        run.train_inputs[: spec.batch_size], run.train_labels[: spec.batch_size], classes=all_labels
    )
    # scikit-learn has its own first weights: replace them, in place, by ours
    for theirs, ours in zip(other.coefs_, run.network.weights, strict=True):
        theirs[:] = ours
    for theirs, ours in zip(other.intercepts_, run.network.biases, strict=True):
        theirs[:] = ours

    for _ in range(20):
        batches = batches_of_next_epoch(run)
        for inputs, labels in batches:
            other.partial_fit(inputs, labels)

    assert run.epoch == 20
    for theirs, ours in zip(other.coefs_, run.network.weights, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-10, rtol=0.0)
    for theirs, ours in zip(other.intercepts_, run.network.biases, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-10, rtol=0.0)


def batches_of_next_epoch(run):
    """Advance a run by one epoch and return the batches that it was trained with."""
    seen = []
    gradient = run.network.gradient

    def listen(inputs, targets):
        labels = targets.argmax(axis=1) if targets.shape[1] > 1 else targets[:, 0].astype(int)
        seen.append((inputs.copy(), labels))
        return gradient(inputs, targets)

    run.network.gradient = listen
    run.advance()
    run.network.gradient = gradient
    return seen
