"""The check of the gradients: green for the real passes, red for a slope with a bug."""

import numpy as np
import pytest

from engine import Run, Spec, inspection
from engine.spec import CHOICES

SPECS = [Spec(hidden=(5, 4), activation=name) for name in CHOICES["activation"]]


def errors_of(run: Run) -> tuple[float, ...]:
    check = inspection.check_gradient(run.network, run.train_inputs, run.train_targets)
    return check.relative_errors


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.activation)
def test_a_wrong_slope_turns_every_layer_below_the_output_red(spec):
    run = Run(spec)
    run.advance(3)
    assert max(errors_of(run)) < 1e-5
    *hidden, output = errors_of(inspection.with_wrong_slope(run))
    assert output < 1e-5  # no slope is between the loss and the output's weights
    assert min(hidden) > 0.1 or hidden[0] < 1e-5  # two wrong signs make a right one
    assert hidden[-1] > 0.1


def test_with_a_wrong_slope_the_loss_stops_falling():
    run = Run(Spec())
    broken = inspection.with_wrong_slope(run)
    run.advance(60)
    broken.advance(60)
    assert run.history.train_loss[-1] < 0.2 * run.history.train_loss[0]
    assert broken.history.train_loss[-1] > 0.9 * broken.history.train_loss[0]


def test_breaking_happens_on_a_copy():
    run, other = Run(Spec()), Run(Spec())
    broken = inspection.with_wrong_slope(run)
    broken.advance(5)
    run.advance(5)
    other.advance(5)
    np.testing.assert_array_equal(run.network.parameters, other.network.parameters)
