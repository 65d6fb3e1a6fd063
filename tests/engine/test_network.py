"""The network's arithmetic: shapes, hand-worked numbers, and every gradient against differences."""

from dataclasses import replace

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.features import FEATURES, make_inputs
from engine.inspection import central_differences, check_gradient
from engine.losses import LOSSES
from engine.network import Network
from engine.regularization import REGULARIZATIONS
from engine.workspace import Workspace, with_ones

HIDDEN = [(), (5,), (5, 4), (5, 4, 3)]


def small_network(
    activation="tanh",
    loss="binary_cross_entropy",
    hidden=(5, 4),
    *,
    seed=0,
    inputs=2,
    regularization="none",
):
    sizes = (inputs, *hidden, LOSSES[loss].outputs(3))
    network = Network(
        sizes,
        activation=activation,
        loss=loss,
        initializer="xavier",
        rng=np.random.default_rng(seed),
        regularization=regularization,
        regularization_rate=0.01,
    )
    # biases start at zero: move them, so that a mistake in them can be seen
    network.parameters += np.random.default_rng(seed + 1).normal(0.0, 0.1, len(network.parameters))
    return network


def batch(loss, *, samples=7, seed=2):
    rng = np.random.default_rng(seed)
    allowed = LOSSES[loss].classes
    classes = min(allowed[1], 3) if allowed else 0
    labels = rng.integers(classes, size=samples) if classes else rng.normal(0.0, 1.0, samples)
    return rng.normal(0.0, 1.0, (samples, 2)), LOSSES[loss].encode(labels, classes)


FEATURE_SETS = [("x1", "x2"), ("x1_squared", "sin_x2"), tuple(FEATURES)]


@pytest.mark.parametrize("hidden", HIDDEN, ids=len)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_equals_central_differences(activation, loss, hidden):
    """Backpropagation is exact: the relative error is at most 1e-7."""
    assert_gradient_is_exact(small_network(activation, loss, hidden), *batch(loss))


@pytest.mark.parametrize("features", FEATURE_SETS, ids=len)
@pytest.mark.parametrize("regularization", REGULARIZATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_is_exact_with_penalties_and_features(activation, loss, regularization, features):
    network = small_network(activation, loss, inputs=len(features), regularization=regularization)
    points, targets = batch(loss)
    assert_gradient_is_exact(network, make_inputs(points, features), targets)


def assert_gradient_is_exact(network, inputs, targets):
    # ReLUs have no derivative at their kink, and |w| has none at 0: a step may not reach across
    if network.activation.label.endswith("ReLU"):
        assert all(np.abs(z).min() > 1e-4 for z in network.forward(inputs).pre_activations[:-1])
    assert min(np.abs(weights).min() for weights in network.weights) > 1e-4

    check = check_gradient(network, inputs, targets)
    assert max(check.relative_errors) <= 1e-7


@pytest.mark.parametrize("regularization", REGULARIZATIONS)
@pytest.mark.parametrize("hidden", HIDDEN, ids=len)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_workspace_computes_the_same_as_the_network(activation, loss, hidden, regularization):
    """The fast passes and the clear ones agree to the last digits, also when room is used again."""
    network = small_network(activation, loss, hidden, regularization=regularization)
    workspace = Workspace(network, 7)
    for seed in (2, 3):
        inputs, targets = batch(loss, seed=seed)
        scores = workspace.forward(with_ones(inputs))
        gradient = workspace.backward(with_ones(inputs), targets)
        passed = network.forward(inputs)
        clear = network.backward(passed, targets)
        np.testing.assert_allclose(scores, passed.scores, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(gradient, clear.gradient, rtol=1e-12, atol=1e-14)
        for ours, theirs in zip(workspace.errors, clear.errors, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)
        network.parameters -= 0.1 * gradient


@pytest.mark.parametrize("regularization", REGULARIZATIONS)
@pytest.mark.parametrize("hidden", HIDDEN, ids=len)
def test_the_backward_pass_is_a_record_whose_parts_make_the_gradient(hidden, regularization):
    """dZ = dA ⊙ g'(Z), and dJ/dW of loss and penalty and dJ/db, side by side, are the gradient."""
    network = small_network("silu", hidden=hidden, regularization=regularization)
    inputs, targets = batch("binary_cross_entropy")
    backward = network.backward(network.forward(inputs), targets)
    assert len(backward.errors) == len(hidden) + 1
    for errors, activation_errors, slopes in zip(
        backward.errors[:-1], backward.activation_errors, backward.slopes, strict=True
    ):
        np.testing.assert_array_equal(errors, activation_errors * slopes)
    weights, biases = network.split(backward.gradient)
    for layer, of_biases in enumerate(backward.bias_gradients):
        of_weights = backward.weight_gradients[layer] + backward.penalty_gradients[layer]
        np.testing.assert_array_equal(weights[layer], of_weights)
        np.testing.assert_array_equal(biases[layer], of_biases)
        has_penalty = np.any(backward.penalty_gradients[layer])
        assert has_penalty == (regularization != "none")
    np.testing.assert_array_equal(backward.gradient, network.gradient(inputs, targets))


def test_penalty_is_on_weights_and_not_on_biases():
    """Weights 1, −2 (and 3 as a bias) cost |1| + |−2| with L1, (1 + 4)/2 with L2, at rate 0.01."""
    for regularization, price in (("none", 0.0), ("l1", 0.03), ("l2", 0.025)):
        network = small_network(hidden=(), regularization=regularization)
        network.parameters[:] = [1.0, -2.0, 3.0]
        assert network.penalty() == pytest.approx(price, rel=1e-15)


def test_a_wrong_slope_is_caught_by_central_differences():
    """The comparison above is able to fail: with tanh' = 1 − a it does."""
    network = small_network()
    inputs, targets = batch("binary_cross_entropy")
    network.activation = replace(ACTIVATIONS["tanh"], slope=lambda z, a: 1 - a)
    *hidden, output = check_gradient(network, inputs, targets).relative_errors
    assert min(hidden) > 1e-2
    assert output <= 1e-7  # no slope comes into the output layer's gradient


def test_central_differences_of_a_parabola_are_its_derivative():
    """One linear unit on one sample: J = (w x + b − y)², dJ/dw = 2 (w x + b − y) x, by hand."""
    network = Network((1, 1), "linear", "squared_error", "zeros", np.random.default_rng(0))
    network.parameters[:] = [2.0, 1.0]
    before = network.parameters.copy()
    measured = central_differences(network, np.array([[3.0]]), np.array([[5.0]]))
    np.testing.assert_allclose(measured, [2.0 * 2.0 * 3.0, 2.0 * 2.0], rtol=1e-9)  # 7 − 5 = 2
    np.testing.assert_array_equal(network.parameters, before)


def test_forward_and_backward_by_hand():
    """One sample through a 1-1-1 tanh network, each number worked out here."""
    network = Network(
        (1, 1, 1),
        activation="tanh",
        loss="binary_cross_entropy",
        initializer="xavier",
        rng=np.random.default_rng(0),
    )
    network.parameters[:] = [0.5, 0.1, -2.0, 0.3]  # w1, b1, w2, b2
    inputs, targets = np.array([[0.8]]), np.array([[1.0]])

    passed = network.forward(inputs)
    gradient = network.backward(passed, targets).gradient

    z1 = 0.8 * 0.5 + 0.1  # 0.5
    a1 = np.tanh(0.5)  # 0.46211715726
    z2 = -2.0 * a1 + 0.3  # −0.62423431452
    p = 1.0 / (1.0 + np.exp(-z2))  # 0.34881866577
    np.testing.assert_allclose(passed.pre_activations[0], [[z1]], rtol=1e-15)
    np.testing.assert_allclose(passed.scores, [[z2]], rtol=1e-15)
    np.testing.assert_allclose(network.predict(inputs), [[1.0 - p, p]], rtol=1e-15)
    np.testing.assert_allclose(network.loss(inputs, targets), -np.log(p), rtol=1e-15)

    dz2 = p - 1.0  # −0.65118133423
    dz1 = dz2 * -2.0 * (1.0 - a1**2)  # 1.02424... · w2 and the slope of tanh
    np.testing.assert_allclose(gradient, [0.8 * dz1, dz1, a1 * dz2, dz2], rtol=1e-14)


def test_weights_and_biases_are_views_of_the_parameters():
    """Whoever writes to the vector has written to the network, with no copy in between."""
    network = small_network(hidden=(4, 3))
    network.parameters[:] = np.arange(len(network.parameters))
    assert [w.shape for w in network.weights] == [(2, 4), (4, 3), (3, 1)]
    assert [b.shape for b in network.biases] == [(4,), (3,), (1,)]
    assert len(network.parameters) == 2 * 4 + 4 + 4 * 3 + 3 + 3 * 1 + 1
    seen = np.concatenate(
        [
            part
            for w, b in zip(network.weights, network.biases, strict=True)
            for part in (w.ravel(), b)
        ]
    )
    np.testing.assert_array_equal(seen, network.parameters)


def test_forward_does_not_write_to_the_network():
    """Looking never changes anything."""
    network = small_network()
    before = network.parameters.copy()
    inputs, targets = batch("binary_cross_entropy")
    network.predict(inputs)
    network.gradient(inputs, targets)
    np.testing.assert_array_equal(network.parameters, before)


def test_a_network_needs_inputs_and_outputs():
    with pytest.raises(ValueError, match=r"inputs and outputs, got \(2,\)"):
        Network((2,), "tanh", "binary_cross_entropy", "xavier", np.random.default_rng(0))


@pytest.mark.parametrize("hidden", [(), (3,), (4, 3)], ids=len)
def test_linear_activations_make_a_linear_network(hidden):
    """However deep, scores at the middle of two points are the middle of their scores."""
    network = small_network("linear", hidden=hidden)
    a, b = np.array([[1.0, 2.0]]), np.array([[-0.5, 0.3]])
    middle = network.forward((a + b) / 2.0).scores
    ends = (network.forward(a).scores + network.forward(b).scores) / 2.0
    np.testing.assert_allclose(middle, ends, rtol=1e-12)
