"""The diagnosis of the layers: each kind on a run that has it, with the numbers that led to it."""

import numpy as np
import pytest

from engine import Run, Spec, inspection

DEEP = (8,) * 6
CASES = {
    "healthy": Spec(),
    "no hidden layer": Spec(hidden=()),
    "symmetric": Spec(initializer="zeros", hidden=(4, 4)),
    "vanishing": Spec(activation="sigmoid", hidden=DEEP),
    "exploding": Spec(activation="linear", initializer="normal", weight_sigma=3.0, hidden=DEEP),
    "saturated": Spec(initializer="normal", weight_sigma=8.0, hidden=DEEP),
}


@pytest.mark.parametrize("case", CASES)
def test_untrained_networks_get_the_diagnosis_they_are_known_for(case):
    kind = "healthy" if case == "no hidden layer" else case
    assert inspection.diagnose(Run(CASES[case])).kind == kind


def test_dead_relus_are_named():
    """Biases far below 0 switch every unit of the first layer off."""
    run = Run(Spec(activation="relu", hidden=(6, 4)))
    run.network.biases[0][:] = -100.0
    diagnosis = inspection.diagnose(run)
    assert diagnosis.kind == "dead"
    assert "100% of the units of hidden 1" in diagnosis.text
    assert diagnosis.flat[0] == 1.0


def test_the_text_bears_the_measured_ratio():
    run = Run(CASES["vanishing"])
    errors = run.history.error_rms[-1]
    assert f"{errors[0] / errors[-2]:.1g}" in inspection.diagnose(run).text


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
    assert inspection.diagnose(xavier).kind == "healthy"
    assert tiny.history.output_spread[0, -2] < 1e-6 < 0.05 < xavier.history.output_spread[0, -2]
