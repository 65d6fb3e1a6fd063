"""Optimizers: two steps by hand, a parabola, and Rosenbrock's valley."""

import numpy as np
import pytest

from engine.optimizers import OPTIMIZERS
from engine.spec import Spec

DEFAULTS = Spec()


def settings_of(optimizer):
    return {entry.name: getattr(DEFAULTS, entry.name) for entry in optimizer.settings}


def steps(name, gradients, rate):
    """The steps that an optimizer makes for given gradients."""
    optimizer = OPTIMIZERS[name]
    state = optimizer.start(len(gradients[0]))
    return [
        optimizer.step(np.array(g), rate, state, settings_of(optimizer)).copy() for g in gradients
    ]


# Two steps with gradients g1 = 2 and g2 = −1 and learning rate η = 0.1, worked out by hand.
BY_HAND = {
    # −η g
    "sgd": (-0.2, 0.1),
    # v1 = 0.9·0 − 0.2 = −0.2;  v2 = 0.9·(−0.2) + 0.1 = −0.08
    "momentum": (-0.2, -0.08),
    # 0.9·v1 − 0.2 = −0.38;  0.9·v2 + 0.1 = 0.028
    "nesterov": (-0.38, 0.028),
    # s1 = 0.1·4 = 0.4;  s2 = 0.9·0.4 + 0.1·1 = 0.46;  −η g / (√s + 1e-8)
    "rmsprop": (-0.2 / (0.4**0.5 + 1e-8), 0.1 / (0.46**0.5 + 1e-8)),
    # m1 = 0.1·2 = 0.2, s1 = 0.001·4 = 0.004, both unbiased by 0.1 and √0.001:
    #   −0.1·(√0.001/0.1)·0.2/(√0.004 + 1e-8)
    # m2 = 0.9·0.2 − 0.1 = 0.08, s2 = 0.999·0.004 + 0.001 = 0.004996, unbiased by 0.19, √0.001999:
    #   −0.1·(√0.001999/0.19)·0.08/(√0.004996 + 1e-8)
    "adam": (
        -0.1 * (0.001**0.5 / 0.1) * 0.2 / (0.004**0.5 + 1e-8),
        -0.1 * (0.001999**0.5 / 0.19) * 0.08 / (0.004996**0.5 + 1e-8),
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_two_steps_by_hand(name):
    first, second = steps(name, [[2.0], [-1.0]], 0.1)
    np.testing.assert_allclose([first[0], second[0]], BY_HAND[name], rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_parameter_is_on_its_own(name):
    """A vector of parameters goes the way that each of them would go alone."""
    together = steps(name, [[2.0, -3.0], [-1.0, 0.5]], 0.1)
    for i, gradients in enumerate(([[2.0], [-1.0]], [[-3.0], [0.5]])):
        alone = steps(name, gradients, 0.1)
        np.testing.assert_array_equal([step[i] for step in together], [s[0] for s in alone])


@pytest.mark.parametrize(
    ("name", "rate"),
    [("sgd", 0.05), ("momentum", 0.01), ("nesterov", 0.01), ("rmsprop", 0.01), ("adam", 0.1)],
)
def test_finds_the_bottom_of_a_parabola(name, rate):
    """f(x, y) = x² + 10 y², from (3, −2)."""
    optimizer = OPTIMIZERS[name]
    at = np.array([3.0, -2.0])
    state = optimizer.start(2)
    for _ in range(1_000):
        at += optimizer.step(at * [2.0, 20.0], rate, state, settings_of(optimizer))
    # RMSProp's steps never get shorter than about its learning rate
    assert np.abs(at).max() < (0.02 if name == "rmsprop" else 1e-6)


@pytest.mark.parametrize(
    ("name", "rate", "missed"),
    [
        ("sgd", 0.002, 1e-2),
        ("momentum", 0.0005, 1e-3),
        ("nesterov", 0.0005, 1e-3),
        ("rmsprop", 0.001, 5e-2),
        ("adam", 0.02, 1e-3),
    ],
)
def test_follows_rosenbrocks_valley(name, rate, missed):
    """f(x, y) = (1 − x)² + 100 (y − x²)², from (−1, 1): a bent valley that ends at (1, 1)."""
    optimizer = OPTIMIZERS[name]
    at = np.array([-1.0, 1.0])
    state = optimizer.start(2)
    for _ in range(20_000):
        x, y = at
        gradient = np.array([-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)])
        at += optimizer.step(gradient, rate, state, settings_of(optimizer))
    np.testing.assert_allclose(at, [1.0, 1.0], atol=missed)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_gradient_of_zero_makes_no_step_and_no_warning(name):
    np.testing.assert_array_equal(steps(name, [[0.0]], 0.1)[0], [0.0])
