"""What the lessons say, as predicates on the finished run: a test executes each of them.

Where a lesson compares, its claim trains the other network itself.
"""

from dataclasses import replace

import numpy as np

from engine import Run, Spec, inspection


def train(spec: Spec, epochs: int) -> Run:
    """A run of a Spec after some epochs: what a claim compares with."""
    run = Run(spec)
    run.advance(epochs)
    return run


def _accuracy(run: Run) -> float:
    return float(run.latest.train_accuracy)


def _loss(run: Run) -> float:
    return float(run.latest.train_loss)


def _test_loss(run: Run) -> float:
    return float(run.latest.test_loss)


def shapes(run: Run) -> bool:
    """2 inputs, 8 and 6 tanh units, 3 probabilities; 99 numbers to learn; and it learns."""
    shapes = [weights.shape for weights in run.network.weights]
    probabilities = run.predict(run.test_points)
    return (
        shapes == [(2, 8), (8, 6), (6, 3)]
        and len(run.network.parameters) == 24 + 54 + 21
        and np.allclose(probabilities.sum(axis=1), 1.0)
        and _accuracy(run) > 0.9
    )


def one_step(run: Run) -> bool:
    """The next step is −0.1 times the gradient, and makes the loss on its own batch smaller."""
    step = inspection.next_step(run)
    expected = run.network.parameters - 0.1 * step.gradient
    inputs, targets = step.passes.inputs, step.passes.targets
    before = run.network.loss(inputs, targets)
    other = run.fork(run.snapshot())
    other.advance_batch()
    after = other.network.loss(inputs, targets)
    return bool(np.allclose(other.network.parameters, expected, rtol=1e-12)) and after < before


def line_is_not_enough(run: Run) -> bool:
    three = train(replace(run.spec, hidden=(3,)), 300)
    two = train(replace(run.spec, hidden=(2,)), 300)
    return _accuracy(run) < 0.6 and _accuracy(two) < 0.85 < 0.95 < _accuracy(three)


def xor(run: Run) -> bool:
    return _accuracy(train(replace(run.spec, hidden=()), 150)) < 0.6 and _accuracy(run) > 0.93


def features(run: Run) -> bool:
    without = train(replace(run.spec, features=("x1", "x2")), run.epoch)
    return _accuracy(without) < 0.75 and _accuracy(run) > 0.97


def linear(run: Run) -> bool:
    """Three layers, and the scores are still one affine function of the point; tanh bends."""
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    zero, right, up, both = run.network.forward(points).scores[:, 0]
    bent = train(replace(run.spec, activation="tanh"), 150)
    is_affine = abs(both - (right + up - zero)) < 1e-9
    return bool(is_affine) and _accuracy(run) < 0.6 and _accuracy(bent) > 0.95


def crawls(run: Run) -> bool:
    usual = train(replace(run.spec, learning_rate=0.1), run.epoch)
    return _loss(run) > 0.5 > 0.1 > _loss(usual)


def jumps(run: Run) -> bool:
    """Worse than before training, half of the time far worse, and always finite; 0.1 learns."""
    usual = train(replace(run.spec, learning_rate=0.1), run.epoch)
    times = run.history.train_loss[1:] / run.history.train_loss[0]
    is_worse = times[-1] > 2.0 and np.median(times) > 3.0 and np.mean(times > 1.0) > 0.9
    return bool(is_worse) and not run.diverged and _accuracy(usual) > 0.95


def diverges(run: Run) -> bool:
    calm = train(replace(run.spec, learning_rate=0.1), 50)
    finite = bool(np.isfinite(run.network.parameters).all())
    return run.diverged and finite and not calm.diverged and calm.latest.train_accuracy > 0.7


def batches(run: Run) -> bool:
    """One at a time: a lower loss after as many epochs, which rises nearly every other time."""
    whole = train(replace(run.spec, batch_size=2_000), run.epoch)
    rises = float(np.mean(np.diff(run.history.train_loss) > 0.0))
    never = float(np.mean(np.diff(whole.history.train_loss) > 0.0))
    return _loss(run) < 0.6 * _loss(whole) and rises > 0.3 and never == 0.0


def zeros(run: Run) -> bool:
    equal = all(np.ptp(weights, axis=1).max() == 0.0 for weights in run.network.weights[:-1])
    random = train(replace(run.spec, initializer="xavier"), run.epoch)
    kind = inspection.diagnose(run).kind
    return equal and kind == "symmetric" and _accuracy(run) < 0.6 and _accuracy(random) > 0.95


def too_large(run: Run) -> bool:
    start = inspection.diagnose(Run(run.spec))
    xavier = train(replace(run.spec, initializer="xavier"), run.epoch)
    return start.kind == "saturated" and max(start.flat) > 0.5 and _loss(run) > 4 * _loss(xavier)


def xavier(run: Run) -> bool:
    """Xavier keeps the error within a factor of 10 through six layers; σ = 0.01 loses it."""
    start = Run(run.spec)
    tiny = Run(replace(run.spec, initializer="normal", weight_sigma=0.01))
    kept, lost = (one.latest.error_rms[0] / one.latest.error_rms[-2] for one in (start, tiny))
    spread = tiny.latest.output_spread[-2]
    trained = train(tiny.spec, run.epoch)
    return bool(0.1 < kept < 10.0 and lost < 1e-6 and spread < 1e-9) and _loss(trained) > 0.69


def vanishing(run: Run) -> bool:
    start = Run(run.spec)
    measured, bounds = inspection.gradient_bounds(start)
    below = all(found <= bound for found, bound in zip(measured, bounds, strict=True))
    ratio = start.latest.error_rms[0] / start.latest.error_rms[-2]
    stuck = _accuracy(run) < 0.6 and inspection.diagnose(start).kind == "vanishing"
    return bool(below and ratio < 1e-3 and measured[0] < 0.01 * measured[-1] and stuck)


def mended(run: Run) -> bool:
    kind = inspection.diagnose(Run(run.spec)).kind
    sigmoid = train(replace(run.spec, activation="sigmoid", initializer="xavier"), run.epoch)
    return kind == "start" and _accuracy(run) > 0.97 and _accuracy(sigmoid) < 0.6


def dead(run: Run) -> bool:
    """At 3 a whole layer dies; at 0.1 nothing does."""
    calm = train(replace(run.spec, learning_rate=0.1), run.epoch)
    found = inspection.diagnose(run)
    return found.kind == "dead" and _accuracy(run) < 0.6 and _accuracy(calm) > 0.95


def overfits(run: Run) -> bool:
    tested = run.history.test_loss
    return _accuracy(run) == 1.0 and _test_loss(run) > 2.5 * tested.min() and _loss(run) < 0.1


def l2(run: Run) -> bool:
    free = train(replace(run.spec, regularization="none"), run.epoch)
    smaller = np.linalg.norm(run.network.parameters) < np.linalg.norm(free.network.parameters)
    return bool(smaller) and _loss(run) > _loss(free) and _test_loss(run) < 0.5 * _test_loss(free)


def softmax(run: Run) -> bool:
    """dJ/dZ of the output is (P − Y)/m, and the three probabilities add up to 1."""
    passes = inspection.make_passes(run.network, run.train_inputs, run.train_targets)
    expected = (passes.predictions - passes.targets) / len(passes.targets)
    return (
        bool(np.allclose(passes.backward.errors[-1], expected, atol=1e-15)) and _accuracy(run) > 0.9
    )


def approximates(run: Run) -> bool:
    one, two = (train(replace(run.spec, hidden=(width,)), run.epoch) for width in (1, 2))
    return _loss(one) > 5 * _loss(two) > 25 * _loss(run)


def momentum(run: Run) -> bool:
    plain = train(replace(run.spec, optimizer="sgd"), run.epoch)
    return _accuracy(run) > 0.97 and _loss(run) < 0.3 * _loss(plain)


def adam(run: Run) -> bool:
    plain = train(replace(run.spec, optimizer="sgd"), run.epoch)
    return _accuracy(run) > 0.97 and _loss(run) < 0.5 * _loss(plain) and _accuracy(plain) < 0.8


def checked(run: Run) -> bool:
    """Backpropagation is exact; with a slope of the wrong sign the check and the training fail."""
    inputs, targets = run.train_inputs[:100], run.train_targets[:100]
    good = inspection.check_gradient(run.network, inputs, targets).relative_errors
    broken = inspection.with_wrong_slope(Run(run.spec))
    bad = inspection.check_gradient(broken.network, inputs, targets).relative_errors
    broken.advance(run.epoch)
    return max(good) < 1e-6 and max(bad) > 0.5 and _loss(broken) > 4 * _loss(run)
