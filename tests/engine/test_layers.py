"""The diagnosis of the layers: each kind on a run that has it, with the numbers that led to it."""

import numpy as np
import pytest

from engine import Run, Spec, inspection
from engine.inspection.words import compared
from engine.spec import CHOICES

DEEP = (8,) * 6
CASES = {
    "start": Spec(),
    "no_hidden": Spec(hidden=()),
    "symmetric": Spec(initializer="zeros", hidden=(4, 4)),
    "vanishing": Spec(activation="sigmoid", hidden=DEEP),
    "exploding": Spec(activation="linear", initializer="normal", weight_sigma=3.0, hidden=DEEP),
    "saturated": Spec(initializer="normal", weight_sigma=8.0, hidden=DEEP),
}


@pytest.mark.parametrize("case", CASES)
def test_untrained_networks_get_the_diagnosis_they_are_known_for(case):
    assert inspection.diagnose(Run(CASES[case])).kind == case


def test_dead_relus_are_named():
    """Biases far below 0 switch every unit of the first layer off."""
    run = Run(Spec(activation="relu", hidden=(6, 4)))
    run.network.biases[0][:] = -100.0
    diagnosis = inspection.diagnose(run)
    assert diagnosis.kind == "dead"
    assert "all 6 units of hidden 1" in diagnosis.text
    assert (diagnosis.layer, diagnosis.flat[0], diagnosis.flat_name) == (1, 1.0, "inactive")


def test_the_text_bears_the_measured_ratio():
    run = Run(Spec())
    errors = run.history.error_rms[-1]
    ratio = compared(errors[0] / errors[-2])
    assert f"in hidden 1 is {ratio} that in hidden 2" in inspection.diagnose(run).text


def test_flat_is_the_share_of_saturated_units():
    """|tanh| > 0.9695 is where the slope, 1 − tanh², is below 0.06."""
    run = Run(Spec(initializer="normal", weight_sigma=2.0))
    passed = run.network.forward(run.train_inputs)
    expected = [np.mean(np.abs(a) > np.sqrt(1 - 0.06)) for a in passed.activations[1:]]
    np.testing.assert_allclose(inspection.diagnose(run).flat, expected)


def test_xavier_mends_a_deep_tanh_network():
    """The same network: with tiny weights the signal dies on its way, with Xavier's it doesn't."""
    tiny = Run(Spec(initializer="normal", weight_sigma=0.01, hidden=DEEP))
    xavier = Run(Spec(hidden=DEEP))
    assert inspection.diagnose(tiny).kind == "vanishing"
    assert inspection.diagnose(xavier).kind == "start"
    assert tiny.history.output_spread[0, -2] < 1e-6 < 0.05 < xavier.history.output_spread[0, -2]


@pytest.mark.parametrize("activation", CHOICES["activation"])
@pytest.mark.parametrize("initializer", [*CHOICES["initializer"]])
def test_the_measured_gradient_never_exceeds_the_bound(activation, initializer):
    """‖dJ/dW‖ ≤ ‖A‖ · ∏ max|g'| ‖W‖ · ‖dZ‖: at the start, and after training."""
    run = Run(
        Spec(activation=activation, initializer=initializer, hidden=(7, 5, 6), learning_rate=0.03)
    )
    for _ in range(3):
        measured, bounds = inspection.gradient_bounds(run)
        assert all(
            found <= bound * (1 + 1e-9) for found, bound in zip(measured, bounds, strict=True)
        )
        np.testing.assert_allclose(measured, run.history.gradient_norms[-1], rtol=1e-9)
        run.advance(10)


def test_a_sigmoid_s_bound_shrinks_by_a_quarter_times_the_weights():
    run = Run(CASES["vanishing"])
    passes = inspection.make_passes(run.network, run.train_inputs, run.train_targets)
    expected = np.linalg.norm(passes.forward.activations[0], 2) * np.linalg.norm(
        passes.backward.errors[-1]
    )
    for weights in run.network.weights[1:]:
        expected *= 0.25 * np.linalg.norm(weights, 2)
    assert inspection.gradient_bounds(run)[1][0] == pytest.approx(expected)


def test_xavier_keeps_the_error_signal_as_the_variance_predicts():
    """Equal wide tanh layers at the start: n · Var(W) = 1, so the ratio is near the RMS slope."""
    run = Run(Spec(hidden=(256,) * 4, samples=500))
    for ratio in inspection.error_ratios(run)[:-1]:  # the last one leads to a single output
        assert ratio.units * ratio.weight_variance == pytest.approx(1.0, rel=0.05)
        assert ratio.measured == pytest.approx(ratio.predicted, rel=0.15)
        assert 0.5 < ratio.measured < 1.1


def test_the_meter_foretells_how_sigmoids_fade():
    run = Run(Spec(hidden=(128,) * 4, activation="sigmoid", samples=500))
    for ratio in inspection.error_ratios(run)[:-1]:
        assert ratio.measured < 0.25 * 1.2
        assert ratio.measured == pytest.approx(ratio.predicted, rel=0.2)


def test_update_ratios_are_of_the_step_on_all_training_samples():
    run = Run(Spec(batch_size=2_000))
    before = [weights.copy() for weights in run.network.weights]
    ratios = inspection.update_ratios(run)
    run.advance()
    for ratio, old, new in zip(ratios, before, run.network.weights, strict=True):
        assert ratio == pytest.approx(np.linalg.norm(new - old) / np.linalg.norm(old), rel=1e-9)


def test_of_weights_that_are_all_0_there_is_no_update_ratio():
    assert inspection.update_ratios(Run(CASES["symmetric"])) == (0.0, 0.0, 0.0)
