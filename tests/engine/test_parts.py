"""Activations, losses and initializers, each entry of each dict."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES

GRID = np.linspace(-6.0, 6.0, 241) + 0.0125  # no point on the kink at 0


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_slope_is_the_derivative_of_value(activation):
    """Slope, read from the value, equals the central difference of the value."""
    step = 1e-6
    difference = (activation.value(GRID + step) - activation.value(GRID - step)) / (2 * step)
    slope = activation.slope(activation.value(GRID))
    np.testing.assert_allclose(slope, difference, atol=1e-9)
    assert np.max(slope) <= activation.max_slope


def test_tanh_is_odd_and_stays_between_minus_one_and_one():
    tanh = ACTIVATIONS["tanh"].value
    np.testing.assert_array_equal(tanh(-GRID), -tanh(GRID))
    assert np.all(np.abs(tanh(GRID)) < 1.0)


def test_slope_of_sigmoid_is_at_most_a_quarter():
    sigmoid = ACTIVATIONS["sigmoid"]
    assert sigmoid.slope(sigmoid.value(np.array([0.0]))) == [0.25]
    assert np.all(sigmoid.slope(sigmoid.value(GRID)) < 0.25)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_loss_is_minus_the_mean_log_probability_of_the_true_class(loss):
    """Both losses are the same statement about their own probabilities."""
    rng = np.random.default_rng(0)
    classes = 4 if loss.outputs(4) == 4 else 2
    labels = rng.integers(classes, size=9)
    scores = rng.normal(0.0, 2.0, (9, loss.outputs(classes)))
    expected = -np.mean(np.log(loss.predict(scores)[np.arange(9), labels]))
    np.testing.assert_allclose(loss.value(scores, loss.encode(labels, classes)), expected)
    np.testing.assert_allclose(loss.predict(scores).sum(axis=1), 1.0)
    np.testing.assert_array_equal(loss.classify(scores), loss.predict(scores).argmax(axis=1))


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_loss_survives_huge_scores(loss):
    """Scores of ±1e4: the loss of a wrong answer is the score, of a right one 0; no overflow."""
    labels = np.array([0, 1])
    certain = np.array([[-1e4], [1e4]]) if loss.outputs(2) == 1 else np.diag([1e4, 1e4])
    targets = loss.encode(labels, 2)
    assert loss.value(certain, targets) == 0.0
    assert loss.value(-certain, targets) == 1e4
    np.testing.assert_array_equal(loss.gradient(certain, targets), np.zeros_like(certain))


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_gradient_of_a_loss_equals_central_differences(loss):
    """dJ/dZ = (P − Y)/m, cell by cell."""
    rng = np.random.default_rng(1)
    classes = 3 if loss.outputs(3) == 3 else 2
    scores = rng.normal(0.0, 1.0, (4, loss.outputs(classes)))
    targets = loss.encode(rng.integers(classes, size=4), classes)
    difference, step = np.empty_like(scores), 1e-6
    for cell in np.ndindex(scores.shape):
        nudge = np.zeros_like(scores)
        nudge[cell] = step
        above, below = loss.value(scores + nudge, targets), loss.value(scores - nudge, targets)
        difference[cell] = (above - below) / (2 * step)
    np.testing.assert_allclose(loss.gradient(scores, targets), difference, atol=1e-9)


def test_xavier_has_variance_one_over_n_in():
    """200,000 draws: the standard error of the variance is 1/n_in · √(2/200000), 0.3 %."""
    weights = INITIALIZERS["xavier"].draw(50, 4_000, np.random.default_rng(0))
    assert weights.shape == (50, 4_000)
    assert np.var(weights) == pytest.approx(1.0 / 50.0, rel=0.015)
    assert np.mean(weights) == pytest.approx(0.0, abs=0.002)
