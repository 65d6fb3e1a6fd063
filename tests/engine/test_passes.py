"""The passes and the step that the page explains are those that the run really makes."""

import numpy as np
import pytest

from engine import Run, Spec, inspection
from engine.activations import ACTIVATIONS
from engine.spec import CHOICES

RUNS = {
    "two classes": Spec(samples=60, hidden=(4, 3)),
    "three classes": Spec(samples=60, dataset="spirals", classes=3, hidden=(4, 3)),
    "regression": Spec(samples=60, dataset="hills", hidden=(4, 3)),
    "a curve": Spec(samples=60, dataset="curve", hidden=(5,)),
    "no hidden layer": Spec(samples=60, hidden=()),
    "a penalty": Spec(samples=60, regularization="l2", regularization_rate=0.1),
    "adam": Spec(samples=60, optimizer="adam", batch_size=10),
}


@pytest.fixture(params=RUNS)
def run(request) -> Run:
    run = Run(RUNS[request.param])
    run.advance(2)
    return run


def test_forward_in_matrices_equals_the_forward_pass(run):
    passes = inspection.make_passes(run.network, run.train_inputs, run.train_targets)
    passed = run.network.forward(run.train_inputs)
    for ours, theirs in zip(passes.forward.activations, passed.activations, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for ours, theirs in zip(passes.forward.pre_activations, passed.pre_activations, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert passes.loss + run.network.penalty() == pytest.approx(
        run.network.loss(run.train_inputs, run.train_targets), rel=1e-12
    )


def test_a_neuron_is_a_weighted_sum_and_a_bend(run):
    """z_j = Σ_i w_ij a_i + b_j and a_j = g(z_j), written out for each unit of each layer."""
    passes = inspection.make_passes(run.network, run.train_inputs[:1], run.train_targets[:1])
    for layer, (weights, biases) in enumerate(
        zip(run.network.weights, run.network.biases, strict=True)
    ):
        incoming = passes.forward.activations[layer][0]
        for j in range(weights.shape[1]):
            z = sum(weights[i, j] * incoming[i] for i in range(len(incoming))) + biases[j]
            assert passes.forward.pre_activations[layer][0, j] == pytest.approx(z, abs=1e-12)
            if layer < len(run.network.weights) - 1:
                a = ACTIVATIONS[run.spec.activation].value(np.array([z]))[0]
                assert passes.forward.activations[layer + 1][0, j] == pytest.approx(a, abs=1e-12)


def test_backward_in_matrices_equals_the_gradient(run):
    passes = inspection.make_passes(run.network, run.train_inputs, run.train_targets)
    gradient = run.network.gradient(run.train_inputs, run.train_targets)
    weights, biases = run.network.split(gradient)
    for layer, (exact_w, exact_b) in enumerate(zip(weights, biases, strict=True)):
        whole = passes.backward.weight_gradients[layer] + passes.backward.penalty_gradients[layer]
        np.testing.assert_allclose(whole, exact_w, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(
            passes.backward.bias_gradients[layer], exact_b, rtol=1e-12, atol=1e-15
        )


def test_the_chain_rule_s_factors_multiply_to_the_gradient(run):
    """dL/dw_ij = a_i · g'(z_j) · Σ_k w_jk δ_k for each weight of a hidden layer, of one sample."""
    inputs, targets = run.train_inputs[:1], run.train_targets[:1]
    passes = inspection.make_passes(run.network, inputs, targets)
    gradients, _ = run.network.split(
        run.network.gradient(inputs, targets)
        - run.network.penalty_rates * run.network.regularization.slope(run.network.parameters)
    )
    for layer, slopes in enumerate(passes.backward.slopes):
        later = passes.backward.errors[layer + 1][0]
        for i, a in enumerate(passes.forward.activations[layer][0]):
            for j, slope in enumerate(slopes[0]):
                from_later = sum(
                    w * d for w, d in zip(run.network.weights[layer + 1][j], later, strict=True)
                )
                product = a * slope * from_later
                assert product == pytest.approx(gradients[layer][i, j], rel=1e-10, abs=1e-12)


def test_both_ways_to_the_output_error_agree():
    """dL/da · da/dz = (a − y)/(a(1 − a)) · a(1 − a), and a − y."""
    run = Run(RUNS["two classes"])
    passes = inspection.make_passes(run.network, run.train_inputs, run.train_targets)
    p, y = passes.predictions, run.train_targets
    long_way = (p - y) / (p * (1 - p)) * (p * (1 - p)) / len(y)
    np.testing.assert_allclose(passes.backward.errors[-1], long_way, rtol=1e-12)
    # and the first factor is the slope of −[y log a + (1 − y) log(1 − a)], measured
    h = 1e-6

    def cost(a):
        return -(y * np.log(a) + (1 - y) * np.log(1 - a))

    measured = (cost(p + h) - cost(p - h)) / (2 * h)
    np.testing.assert_allclose((p - y) / (p * (1 - p)), measured, rtol=1e-6)


def test_softmax_s_error_is_p_minus_one_hot_over_m():
    run = Run(RUNS["three classes"])
    passes = inspection.make_passes(run.network, run.train_inputs, run.train_targets)
    one_hot = np.eye(3)[run.train_labels]
    expected = (passes.predictions - one_hot) / len(one_hot)
    np.testing.assert_allclose(passes.backward.errors[-1], expected, atol=1e-15)


@pytest.mark.parametrize("optimizer", CHOICES["optimizer"])
def test_the_step_that_is_explained_is_the_one_that_is_made(optimizer):
    run = Run(Spec(samples=60, batch_size=10, optimizer=optimizer))
    run.advance(2)
    run.advance_batch()
    step = inspection.next_step(run)
    expected = run.network.parameters + step.update
    np.testing.assert_array_equal(step.passes.inputs, run.train_inputs[step.batch])
    run.advance_batch()
    np.testing.assert_allclose(run.network.parameters, expected, rtol=1e-12)


def test_plain_descent_steps_by_minus_eta_times_the_gradient():
    run = Run(Spec())
    step = inspection.next_step(run)
    assert run.learning_rate == 0.1
    np.testing.assert_array_equal(step.update, -0.1 * step.gradient)


def test_looking_ahead_changes_nothing():
    looked, other = Run(Spec()), Run(Spec())
    inspection.next_step(looked)
    looked.advance()
    other.advance()
    np.testing.assert_array_equal(looked.network.parameters, other.network.parameters)
