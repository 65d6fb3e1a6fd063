"""A run: what an epoch is, that it repeats, goes back in time, and knows when it diverged."""

import re
from dataclasses import replace

import numpy as np
import pytest

from engine import Network, Run, Spec
from engine.run import PARAMETER
from engine.spec import CHOICES

EXPLODES = Spec(activation="linear", hidden=(16, 16, 16), learning_rate=10.0)


def assert_same_run(one: Run, other: Run) -> None:
    np.testing.assert_array_equal(one.network.parameters, other.network.parameters)
    np.testing.assert_array_equal(one.history, other.history)
    assert one.changes == other.changes


def test_default_run_learns_in_the_first_seconds():
    """60 epochs are two seconds at 30 frames a second."""
    run = Run(Spec())
    run.advance(60)
    assert run.history.test_accuracy[0] < 0.75
    assert run.history.test_accuracy[-1] > 0.95
    assert run.history.test_loss[-1] < 0.5 * run.history.test_loss[0]


EVERY_ENTRY = [
    {setting: name}
    for setting, choices in CHOICES.items()
    for name in choices
    if (setting, name) != ("loss", "squared_error")
]


@pytest.mark.parametrize("settings", EVERY_ENTRY, ids=lambda settings: str(*settings.values()))
def test_equal_specs_give_bit_identical_runs(settings):
    spec = Spec(**settings, samples=100)
    one, other = Run(spec), Run(spec)
    one.advance(5)
    other.advance(5)
    assert_same_run(one, other)


def test_weight_seed_changes_the_weights_and_not_the_data():
    one, other = Run(Spec()), Run(Spec(weight_seed=1))
    np.testing.assert_array_equal(one.train_inputs, other.train_inputs)
    assert not np.array_equal(one.network.parameters, other.network.parameters)


def test_advance_three_is_three_times_advance_one():
    one, other = Run(Spec()), Run(Spec())
    one.advance(3)
    for _ in range(3):
        other.advance()
    assert_same_run(one, other)


def test_one_epoch_is_plain_gradient_descent_over_every_sample():
    """With all samples in one batch the step is W − η dJ/dW of the whole training set."""
    run = Run(Spec(batch_size=2_000, learning_rate=0.3))
    before = run.network.parameters.copy()
    gradient = run.network.gradient(run.train_inputs, run.train_targets)
    run.advance()
    np.testing.assert_allclose(run.network.parameters, before - 0.3 * gradient, rtol=1e-12)


def batches_of(run: Run, epochs: int) -> list[np.ndarray]:
    """Train a run and return the samples of every batch that it was trained with."""
    seen = []
    for _ in range(epochs * run.batches):
        seen.append(run.next_batch())
        run.advance_batch()
    return seen


@pytest.mark.parametrize(
    ("samples", "batch_size", "sizes"),
    [
        (51, 10, [10, 10, 9, 9]),  # 38 for training
        (300, 32, [29, 28, 28, 28, 28, 28, 28, 28]),  # 225
        (100, 74, [38, 37]),  # 75: not 74 and a single one
        (100, 75, [75]),
        (100, 1, [1] * 75),
    ],
)
def test_batches_of_an_epoch_are_of_nearly_equal_size(samples, batch_size, sizes):
    """⌈n / batch size⌉ of them, the larger ones first, and each sample is in one of them."""
    run = Run(Spec(samples=samples, batch_size=batch_size))
    batches = batches_of(run, 1)
    assert [len(batch) for batch in batches] == sizes
    assert sorted(np.concatenate(batches)) == list(range(sum(sizes)))


def test_the_default_run_never_jumps():
    """With a last batch of a single sample and a full step, its loss once rose to 4."""
    run = Run(Spec())
    run.advance(300)
    assert run.history.train_loss.max() == run.history.train_loss[0]


def test_every_epoch_has_its_own_order():
    """The same batches in two epochs would mean that nothing was reshuffled."""
    run = Run(Spec(samples=50, batch_size=20))
    batches = batches_of(run, 2)
    one, other = np.concatenate(batches[:2]), np.concatenate(batches[2:])
    assert not np.array_equal(one, other)
    assert sorted(one) == sorted(other) == list(range(len(run.train_inputs)))


@pytest.mark.parametrize("settings", EVERY_ENTRY, ids=lambda settings: str(*settings.values()))
def test_restoring_and_advancing_is_as_if_one_had_never_left(settings):
    left, stayed = Run(Spec(**settings)), Run(Spec(**settings))
    left.advance(4)
    moment = left.snapshot()
    left.advance(7)
    left.restore(moment)
    assert left.epoch == 4
    left.advance(6)
    stayed.advance(10)
    assert_same_run(left, stayed)


def test_restoring_goes_back_before_a_change():
    """A moment knows the settings that were in force then."""
    run, plain = Run(Spec()), Run(Spec())
    run.advance(2)
    moment = run.snapshot()
    run.change("learning_rate", 1.0)
    run.advance(2)
    run.restore(moment)
    assert run.learning_rate == 0.1
    run.advance(2)
    plain.advance(4)
    assert_same_run(run, plain)


def test_spec_and_changes_reproduce_a_run():
    run = Run(Spec())
    run.advance(3)
    run.change("learning_rate", 0.03)
    run.advance(2)
    assert run.changes == ((3, "learning_rate", 0.03),)

    again = Run(run.spec)
    for epoch, setting, value in run.changes:
        again.advance(epoch - again.epoch)
        again.change(setting, value)
    again.advance(run.epoch - again.epoch)
    assert_same_run(again, run)


def test_a_change_is_checked_like_a_spec():
    run = Run(Spec())
    with pytest.raises(ValueError, match=r"learning_rate must be a number .* got 11"):
        run.change("learning_rate", 11)
    with pytest.raises(ValueError, match="samples needs a new run"):
        run.change("samples", 100)
    assert run.changes == ()


def test_looking_never_changes_a_run():
    looked, alone = Run(Spec()), Run(Spec())
    for run in (looked, alone):
        run.advance(2)
    looked.predict(np.zeros((4, 2)))
    looked.snapshot()
    assert len(looked.history) == 3
    for run in (looked, alone):
        run.advance(2)
    assert_same_run(looked, alone)
    with pytest.raises(ValueError, match="read-only"):
        looked.history.train_loss[0] = 0.0


def test_history_holds_what_can_be_computed_again():
    """Each column of the last row equals a fresh computation from the parameters."""
    spec = Spec(dataset="spirals", classes=3, hidden=(6, 4), regularization="l2")
    run = Run(replace(spec, regularization_rate=0.01))
    run.advance(3)
    row = run.history[-1]
    weights, _ = run.network.split(run.network.gradient(run.train_inputs, run.train_targets))
    np.testing.assert_array_equal(run.history.epoch, [0, 1, 2, 3])
    objective = run.network.loss(run.train_inputs, run.train_targets)
    test_objective = run.network.loss(run.test_inputs, run.test_targets)
    assert row.train_loss + row.penalty == pytest.approx(objective, rel=1e-13)
    assert row.test_loss + row.penalty == pytest.approx(test_objective, rel=1e-13)
    assert row.penalty == pytest.approx(
        0.005 * sum(np.sum(w**2) for w in run.network.weights), rel=1e-13
    )
    assert row.train_accuracy == np.mean(
        run.predict(run.train_points).argmax(axis=1) == run.train_labels
    )
    assert row.test_accuracy == np.mean(
        run.predict(run.test_points).argmax(axis=1) == run.test_labels
    )
    norms = [np.linalg.norm(w) for w in weights]
    np.testing.assert_allclose(row.gradient_norms, norms, rtol=1e-12)

    passed = run.network.forward(run.train_inputs)
    outputs = [*passed.activations[1:], passed.scores]
    np.testing.assert_allclose(row.output_spread, [np.std(a) for a in outputs], rtol=1e-12)
    # dJ/dZ by the chain rule, written out once more: back from the loss through each W and slope
    errors = [run.network.output.gradient(passed.scores, run.train_targets)]
    for weights, a in zip(run.network.weights[:0:-1], passed.activations[:0:-1], strict=True):
        errors.insert(0, (errors[0] @ weights.T) * (1.0 - a**2))
    rms = [np.sqrt(np.mean(e**2)) for e in errors]
    np.testing.assert_allclose(row.error_rms, rms, rtol=1e-12)


def test_history_grows_past_every_size():
    run = Run(Spec(samples=50, hidden=()))
    run.advance(100)
    np.testing.assert_array_equal(run.history.epoch, np.arange(101))


def test_divergence_is_a_state_and_everything_stays_finite():
    """No warning (warnings are errors here), no exception, the last finite epoch is kept."""
    run = Run(EXPLODES)
    run.advance(50)
    assert run.diverged
    assert run.epoch == len(run.history) - 1 < 50
    assert np.isfinite(run.network.parameters).all()
    for column in run.history.dtype.names:
        assert np.isfinite(run.history[column]).all()
    stopped = run.epoch
    run.advance(5)
    assert run.epoch == stopped


def test_a_diverged_run_trains_on_from_before_with_a_smaller_learning_rate():
    run = Run(EXPLODES)
    start = run.snapshot()
    run.advance(50)
    assert run.diverged
    run.restore(start)
    run.change("learning_rate", 0.01)
    run.advance(50)
    assert not run.diverged
    assert run.epoch == 50


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_without_hidden_layers_circles_stay_near_chance(activation):
    """A line cannot separate a ring from what is inside it; one hidden layer can."""
    line = Run(Spec(dataset="circles", noise=0.05, hidden=(), activation=activation))
    line.advance(100)
    assert line.history.test_accuracy[-1] < 0.7
    curve = Run(
        Spec(dataset="circles", noise=0.05, hidden=(8,), learning_rate=1.0, activation=activation)
    )
    curve.advance(100)
    assert curve.history.test_accuracy[-1] > 0.95


@pytest.mark.parametrize("dataset", ["plane", "hills", "curve"])
def test_regression_learns(dataset):
    """R² comes near 1: the values are predicted and not only their mean."""
    run = Run(
        Spec(dataset=dataset, noise=0.05, hidden=(12, 12), optimizer="adam", learning_rate=0.01)
    )
    run.advance(300)
    assert run.history.test_accuracy[-1] > 0.9
    assert run.predict(run.test_points).shape == (len(run.test_points), 1)


def test_two_classes_can_be_trained_with_softmax():
    run = Run(Spec(loss="softmax_cross_entropy"))
    assert run.network.layer_sizes == (2, 8, 8, 2)
    run.advance(60)
    assert run.history.test_accuracy[-1] > 0.95


def test_xor_needs_a_layer_or_a_product():
    """The product of the coordinates as an input replaces the hidden layer."""
    line = Run(Spec(dataset="xor", noise=0.05, hidden=()))
    layer = Run(Spec(dataset="xor", noise=0.05, hidden=(6,)))
    feature = Run(Spec(dataset="xor", noise=0.05, hidden=(), features=("x1_x2",)))
    for run in (line, layer, feature):
        run.advance(100)
    assert line.history.test_accuracy[-1] < 0.7
    assert layer.history.test_accuracy[-1] > 0.95
    assert feature.history.test_accuracy[-1] > 0.95


def test_zeros_keep_hidden_units_equal_for_ever():
    run = Run(Spec(initializer="zeros", optimizer="momentum", hidden=(4, 3)))
    run.advance(30)
    for weights in run.network.weights[:-1]:
        np.testing.assert_allclose(weights, weights[:, :1] * np.ones(weights.shape[1]), atol=1e-15)
    assert run.history.test_accuracy[-1] < 0.75


def test_full_batch_divergence_leaves_no_trace():
    """Going on from the last finite epoch with a smaller rate is as if the large one never was."""
    exploded, calm = (Run(replace(EXPLODES, batch_size=100_000)) for _ in range(2))
    exploded.advance(50)
    assert exploded.diverged
    calm.advance(exploded.epoch)
    for run in (exploded, calm):
        run.change("learning_rate", 1e-5)
        run.advance(1)
    np.testing.assert_array_equal(exploded.network.parameters, calm.network.parameters)


EXTREME = {
    "batch larger than the data": Spec(samples=50, batch_size=2_000),
    "fewest samples, most classes": Spec(dataset="blobs", classes=5, samples=20),
    "all-zero weights": Spec(initializer="zeros", activation="relu"),
    "no spread at all": Spec(initializer="normal", weight_sigma=0.0, optimizer="rmsprop"),
    "saturated": Spec(initializer="normal", weight_sigma=10.0, hidden=(16,) * 6),
    "no memory": Spec(optimizer="adam", beta_1=0.0, beta_2=0.0, learning_rate=10.0),
    "dear weights": Spec(regularization="l1", regularization_rate=1.0),
    "widest and deepest": Spec(samples=20, hidden=(512,) * 16, batch_size=100_000),
}


@pytest.mark.parametrize("spec", EXTREME.values(), ids=EXTREME)
def test_extremes_train_without_a_warning_or_a_number_that_is_none(spec):
    run = Run(spec)
    run.advance(3)
    for column in run.history.dtype.names:
        assert np.isfinite(run.history[column]).all()


def test_constant_inputs_and_one_sample_a_class_are_right():
    """With equal inputs only the biases tell: the best prediction is the classes' share."""
    rng = np.random.default_rng(0)
    network = Network((2, 3, 1), "tanh", "binary_cross_entropy", "xavier", rng)
    inputs, targets = np.zeros((2, 2)), np.array([[0.0], [1.0]])
    for _ in range(500):
        network.parameters -= 0.5 * network.gradient(inputs, targets)
    np.testing.assert_allclose(network.predict(inputs), 0.5, atol=1e-6)


SMALL_BATCHES = Spec(samples=60, batch_size=10, optimizer="adam", learning_rate=0.01)


@pytest.mark.parametrize("spec", [SMALL_BATCHES, replace(SMALL_BATCHES, batch_size=2_000)])
def test_an_epoch_in_single_batches_is_the_same_epoch(spec):
    whole, parts = Run(spec), Run(spec)
    whole.advance(3)
    for _ in range(3 * parts.batches):
        parts.next_batch()  # to look at it changes nothing
        parts.advance_batch()
    assert_same_run(whole, parts)
    assert parts.steps == 3 * parts.batches


def test_a_batch_is_one_step_on_the_samples_that_were_announced():
    run = Run(SMALL_BATCHES)
    run.advance()
    run.advance_batch()
    batch, before = run.next_batch(), run.network.parameters.copy()
    gradient = run.network.gradient(run.train_inputs[batch], run.train_targets[batch])
    step = run.next_step(gradient)
    np.testing.assert_array_equal(run.network.parameters, before)
    run.advance_batch()
    np.testing.assert_allclose(run.network.parameters, before + step, rtol=1e-12)
    assert (run.epoch, run.batch, run.steps) == (1, 2, run.batches + 2)
    assert run.position == 1 + 2 / run.batches


def test_mid_epoch_there_are_numbers_and_no_row_of_history():
    run = Run(SMALL_BATCHES)
    run.advance_batch()
    assert len(run.history) == 1
    assert run.latest.epoch == 0
    assert run.latest.train_loss == run.network.loss(run.train_inputs, run.train_targets)
    run.advance()
    assert run.history.epoch.tolist() == [0, 1]
    assert run.latest == run.history[-1]


def test_a_run_can_go_back_to_mid_epoch():
    """By the same run, and by another one of the same Spec."""
    run = Run(SMALL_BATCHES)
    run.advance()
    run.advance_batch()
    moment = run.snapshot()
    run.advance(2)
    again = Run(SMALL_BATCHES)
    for one in (run, again):
        one.restore(moment)
        assert one.position == moment.epoch + moment.batch / one.batches
        one.advance(2)
    reference = Run(SMALL_BATCHES)
    reference.advance(3)
    assert_same_run(run, reference)
    np.testing.assert_array_equal(again.network.parameters, reference.network.parameters)


@pytest.mark.parametrize("batch_size", [10, 2_000])
def test_training_goes_on_from_an_edited_weight(batch_size):
    """The edit is measured at once, noted, and reproduced with the other changes."""
    spec = Spec(samples=60, batch_size=batch_size)
    run = Run(spec)
    run.advance(2)
    run.change(PARAMETER, (3, 1.5))
    assert run.network.parameters[3] == 1.5
    assert run.history.train_loss[-1] == run.network.loss(run.train_inputs, run.train_targets)
    run.advance()
    assert run.changes == ((2, PARAMETER, (3, 1.5)),)

    again = Run(spec)
    for position, setting, value in run.changes:
        again.advance(int(position) - again.epoch)
        again.change(setting, value)
    again.advance()
    assert_same_run(run, again)
    untouched = Run(spec)
    untouched.advance(3)
    assert not np.array_equal(untouched.network.parameters, run.network.parameters)


def test_going_back_takes_an_edit_back():
    run = Run(Spec())
    moment = run.snapshot()
    run.change(PARAMETER, (0, 9.0))
    run.advance()
    run.restore(moment)
    assert_same_run(run, Run(Spec()))


@pytest.mark.parametrize(
    ("index", "value", "text"),
    [
        (105, 1.0, "index must be a whole number from 0 to 104, got 105"),
        (0, 101.0, "weight or bias must be a number from -100.0 to 100.0, got 101.0"),
        (0, float("nan"), "weight or bias must be a number from -100.0 to 100.0, got nan"),
        (0, "1", "weight or bias must be a number from -100.0 to 100.0, got '1'"),
    ],
)
def test_a_bad_edit_is_refused(index, value, text):
    run = Run(Spec())
    with pytest.raises(ValueError, match=re.escape(text)):
        run.change(PARAMETER, (index, value))
    assert_same_run(run, Run(Spec()))
