"""Each entry of each dict: that it computes what it says, and says the same to a script."""

import math

import numpy as np
import pytest
from sklearn.metrics import r2_score

from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.features import FEATURES, make_inputs, usable
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.regularization import REGULARIZATIONS

GRID = np.linspace(-6.0, 6.0, 241) + 0.0125  # no point on the kink at 0


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_slope_is_the_derivative_of_value(activation):
    """Slope, read from the value, equals the central difference of the value."""
    step = 1e-6
    difference = (activation.value(GRID + step) - activation.value(GRID - step)) / (2 * step)
    slope = activation.slope(GRID, activation.value(GRID))
    np.testing.assert_allclose(slope, difference, atol=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_max_slope_is_a_bound_and_a_close_one(activation):
    """On a fine grid the largest |g'| comes within a hundred-thousandth of it, and not beyond."""
    grid = np.linspace(-40.0, 40.0, 800_001)
    largest = np.abs(activation.slope(grid, activation.value(grid))).max()
    assert activation.max_slope - 1e-5 <= largest <= activation.max_slope


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_the_line_of_the_script_is_the_function(activation):
    """Its Python computes what the engine computes, to rounding."""
    names = {"np": np, "math": math}
    exec(activation.script_helpers, names)  # noqa: S102 - text of the engine itself
    names["z"] = GRID
    names["a"] = eval(activation.script_value, names)  # noqa: S307
    slope = eval(activation.script_slope, names)  # noqa: S307
    np.testing.assert_allclose(names["a"], activation.value(GRID), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(slope, activation.slope(GRID, names["a"]), rtol=1e-12, atol=1e-15)


def test_smooth_activations_are_what_their_names_say():
    """Numbers from tables: Φ(1) = 0.8413447, σ(1) = 0.7310586, 1/e = 0.3678794."""
    one = np.array([-1.0, 1.0])
    for name, values in {
        "gelu": [-0.1586553, 0.8413447],
        "silu": [-0.2689414, 0.7310586],
        "elu": [0.3678794 - 1.0, 1.0],
    }.items():
        np.testing.assert_allclose(ACTIVATIONS[name].value(one), values, atol=5e-8)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "elu", "silu", "gelu"])
def test_huge_pre_activations_have_a_finite_value_and_slope(name):
    z = np.array([-1e4, 1e4])
    a = ACTIVATIONS[name].value(z)
    assert np.isfinite(a).all()
    assert np.isfinite(ACTIVATIONS[name].slope(z, a)).all()


def test_tanh_is_odd_and_stays_between_minus_one_and_one():
    tanh = ACTIVATIONS["tanh"].value
    np.testing.assert_array_equal(tanh(-GRID), -tanh(GRID))
    assert np.all(np.abs(tanh(GRID)) < 1.0)


def test_slope_of_sigmoid_is_at_most_a_quarter():
    sigmoid = ACTIVATIONS["sigmoid"]
    assert sigmoid.slope(np.array([0.0]), sigmoid.value(np.array([0.0]))) == [0.25]
    assert np.all(sigmoid.slope(GRID, sigmoid.value(GRID)) < 0.25)


CLASSIFYING = {name: loss for name, loss in LOSSES.items() if loss.classes}


@pytest.mark.parametrize("loss", CLASSIFYING.values(), ids=CLASSIFYING)
def test_loss_is_minus_the_mean_log_probability_of_the_true_class(loss):
    """Both losses are the same statement about their own probabilities."""
    rng = np.random.default_rng(0)
    classes = min(loss.classes[1], 4)
    labels = rng.integers(classes, size=9)
    scores = rng.normal(0.0, 2.0, (9, loss.outputs(classes)))
    expected = -np.mean(np.log(loss.predict(scores)[np.arange(9), labels]))
    np.testing.assert_allclose(loss.value(scores, loss.encode(labels, classes)), expected)
    np.testing.assert_allclose(loss.predict(scores).sum(axis=1), 1.0)
    right = loss.predict(scores).argmax(axis=1) == labels
    assert loss.accuracy(scores, loss.encode(labels, classes)) == np.mean(right)


@pytest.mark.parametrize("loss", CLASSIFYING.values(), ids=CLASSIFYING)
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
    classes = min(loss.classes[1], 3) if loss.classes else 0
    labels = rng.integers(classes, size=4) if classes else rng.normal(0.0, 1.0, 4)
    scores = rng.normal(0.0, 1.0, (4, loss.outputs(classes)))
    targets = loss.encode(labels, classes)
    difference, step = np.empty_like(scores), 1e-6
    for cell in np.ndindex(scores.shape):
        nudge = np.zeros_like(scores)
        nudge[cell] = step
        above, below = loss.value(scores + nudge, targets), loss.value(scores - nudge, targets)
        difference[cell] = (above - below) / (2 * step)
    np.testing.assert_allclose(loss.gradient(scores, targets), difference, atol=1e-9)


VARIANCES = {
    "xavier": 1.0 / 50.0,
    "glorot_uniform": 2.0 / (50.0 + 4_000.0),  # a uniform distribution up to e has variance e²/3
    "he": 2.0 / 50.0,
    "normal": 0.3**2,
    "zeros": 0.0,
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initial_weights_have_the_variance_that_they_promise(name):
    """200,000 draws: the standard error of the variance is 0.3 % of it."""
    weights = INITIALIZERS[name].draw(50, 4_000, 0.3, np.random.default_rng(0))
    assert weights.shape == (50, 4_000)
    assert np.var(weights) == pytest.approx(VARIANCES[name], rel=0.015)
    assert np.mean(weights) == pytest.approx(0.0, abs=0.003)


@pytest.mark.parametrize("entry", REGULARIZATIONS.values(), ids=REGULARIZATIONS)
def test_slope_of_a_penalty_is_its_derivative(entry):
    step = 1e-6
    difference = (entry.value(GRID + step) - entry.value(GRID - step)) / (2 * step)
    np.testing.assert_allclose(entry.slope(GRID), difference, atol=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_activations_write_where_they_are_told(activation):
    """Value and slope are the same with and without `out`, which they return."""
    given = {activation.value: (GRID,), activation.slope: (GRID, activation.value(GRID))}
    for function, values in given.items():
        place, copies = np.full_like(GRID, np.nan), [value.copy() for value in values]
        assert function(*copies, out=place) is place
        np.testing.assert_array_equal(place, function(*values))
        np.testing.assert_array_equal(copies, values)  # and nowhere else


def test_r_squared_is_scikit_learns():
    rng = np.random.default_rng(0)
    scores, targets = rng.normal(0.0, 1.0, (2, 20, 1))
    score = LOSSES["squared_error"].accuracy
    assert score(scores, targets) == pytest.approx(r2_score(targets, scores), rel=1e-12)
    assert score(targets, targets) == 1.0
    assert score(scores, np.ones((20, 1))) == 0.0
    assert score(np.ones((20, 1)), np.ones((20, 1))) == 1.0


def test_features_are_the_functions_that_their_labels_say():
    inputs = make_inputs(np.array([[0.5, -2.0]]), tuple(FEATURES))
    expected = [0.5, -2.0, 0.25, 4.0, -1.0, np.sin(0.5), np.sin(-2.0)]
    # the later coordinates of own data are at their mean, 0, on the plane
    np.testing.assert_allclose(inputs, [expected + 5 * [0.0]], rtol=1e-15)
    assert usable(tuple(FEATURES), 1) == ("x1", "x1_squared", "sin_x1")


ENTRIES = {
    f"{kind} {name}": entry
    for kind, entries in {
        "activation": ACTIVATIONS,
        "loss": LOSSES,
        "initializer": INITIALIZERS,
        "optimizer": OPTIMIZERS,
        "regularization": REGULARIZATIONS,
        "feature": FEATURES,
        "dataset": DATASETS,
    }.items()
    for name, entry in entries.items()
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_says_what_it_is_in_a_line_and_in_a_whole_formula(entry):
    assert entry.label
    assert entry.help.endswith(".")
    assert len(entry.help) <= 100
    formulas = [value for name, value in vars(entry).items() if name.endswith("formula")]
    assert entry.formula in formulas
    for formula in formulas:
        assert "\n" not in formula
        assert formula.count("{") == formula.count("}")
        assert formula.count(r"\begin") == formula.count(r"\end")


@pytest.mark.parametrize("entry", FEATURES.values(), ids=FEATURES)
def test_the_line_of_the_script_is_the_input(entry):
    points = np.random.default_rng(0).normal(0.0, 1.0, (20, 7))
    line = eval(entry.script, {"np": np, "points": points})  # noqa: S307 - text of the engine
    np.testing.assert_array_equal(line, entry.value(points))


@pytest.mark.parametrize("entry", REGULARIZATIONS.values(), ids=REGULARIZATIONS)
def test_the_line_of_the_script_is_the_slope_of_the_penalty(entry):
    line = eval(entry.script_slope, {"np": np, "weights": GRID})  # noqa: S307
    np.testing.assert_array_equal(line, entry.slope(GRID))


@pytest.mark.parametrize("entry", INITIALIZERS.values(), ids=INITIALIZERS)
def test_the_line_of_the_script_draws_the_same_weights(entry):
    names = {"np": np, "n_in": 3, "n_out": 4, "rng": np.random.default_rng(5)}
    drawn = eval(entry.script.format(weight_sigma=0.7), names)  # noqa: S307
    expected = entry.draw(3, 4, 0.7, np.random.default_rng(5))
    np.testing.assert_allclose(drawn, expected, rtol=1e-14)


@pytest.mark.parametrize("entry", LOSSES.values(), ids=LOSSES)
def test_the_factors_of_the_long_way_lead_to_the_gradient(entry):
    """The last one is the product of the others, and dL/dz of a sample."""
    classes = min(entry.classes[1], 3) if entry.classes else 0
    labels = np.array([1]) if classes else np.array([0.3])
    scores = np.linspace(-0.7, 0.4, entry.outputs(classes))[np.newaxis]
    targets = entry.encode(labels, classes)
    predicted = entry.predict(scores)[0, -targets.shape[1] :]
    values = [factor.value(predicted, targets[0]) for factor in entry.factors]
    if values:
        *parts, product = values
        np.testing.assert_allclose(product, np.prod(np.broadcast_arrays(*parts), axis=0))
        np.testing.assert_allclose(product, entry.gradient(scores, targets)[0], rtol=1e-12)
