"""What the lessons say, measured: a test finds these words in the lesson, and all of it true.

A claim is given the run of its lesson, played to the end, and that of A if one is pinned. What a
lesson asks to try besides is trained here, with the same settings and for as long as it says. A
number in the words is never typed in: it is formatted from what was measured, so that prose with
another number is not found.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from engine import Run, Spec, inspection
from engine.activations import FLAT_SLOPE
from engine.arrays import Floats
from playground.lessons.lesson import Statements


def train(spec: Spec, epochs: int) -> Run:
    """A run of a Spec after some epochs."""
    run = Run(spec)
    run.advance(epochs)
    return run


def other(run: Run, epochs: int | None = None, **settings: Any) -> Run:
    """A run with other settings, after as many epochs as this one if nothing else is said."""
    return train(replace(run.spec, **settings), run.epoch if epochs is None else epochs)


def _accuracy(run: Run) -> float:
    return float(run.latest.train_accuracy)


def _loss(run: Run) -> float:
    return float(run.latest.train_loss)


def _test_loss(run: Run) -> float:
    return float(run.latest.test_loss)


def _right(run: Run) -> str:
    """The training accuracy, with the digits that the board shows."""
    return f"{100 * _accuracy(run):.1f}%"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _rises(run: Run) -> int:
    """After how many epochs the training loss was larger than before."""
    return int(np.sum(np.diff(run.history.train_loss) > 0.0))


def _epoch_of(run: Run, accuracy: float) -> int:
    """The first epoch with a training accuracy of at least this; −1 if there is none."""
    is_there = run.history.train_accuracy >= accuracy
    return int(np.argmax(is_there)) if is_there.any() else -1


def _gradient(run: Run) -> Floats:
    return run.network.gradient(run.train_inputs, run.train_targets)


def _hidden(run: Run) -> tuple[Floats, ...]:
    """Activations of each hidden layer on the training points."""
    return run.network.forward(run.train_inputs).activations[1:]


def _saturated(run: Run) -> list[float]:
    """Of each hidden layer, the share of activations without a slope worth mentioning."""
    activation, passed = run.network.activation, run.network.forward(run.train_inputs)
    slopes = map(activation.slope, passed.pre_activations[:-1], passed.activations[1:])
    least = FLAT_SLOPE * activation.max_slope
    return [float(np.mean(np.abs(slope) < least)) for slope in slopes]


def _dead(run: Run) -> list[int]:
    """Of each hidden layer, how many ReLUs are 0 for every training point."""
    return [int(np.sum(a.max(axis=0) <= 0.0)) for a in _hidden(run)]


def shapes(run: Run) -> Statements:
    matrices, biases = run.network.weights, (*run.spec.hidden, run.spec.outputs)
    listed = ", ".join(
        rf"$W^{{({layer})}}$ is ${w.shape[0]}\times{w.shape[1]}$"
        for layer, w in enumerate(matrices, start=1)
    )
    weights = sum(w.size for w in matrices)
    return {
        "Two inputs, two hidden layers of tanh units": len(run.spec.inputs) == 2
        and len(run.spec.hidden) == 2
        and run.spec.activation == "tanh",
        "one unit for each of three classes": run.spec.outputs == run.spec.classes == 3,
        f"{listed}: {weights} weights": True,
        f"${' + '.join(map(str, biases))} = {sum(biases)}$": True,
        f"Together {len(run.network.parameters)}.": weights + sum(biases)
        == len(run.network.parameters),
        f"{len(run.network.parameters)}": True,
        f"these {len(run.network.parameters)} numbers get {_right(run)} of the training points": (
            _accuracy(run) > 0.9
        ),
    }


def one_step(run: Run) -> Statements:
    """Plays its steps again, one by one."""
    again, is_written, own_falls = Run(run.spec), [], []
    whole = [_loss(again)]
    while again.epoch < 100:
        step = inspection.next_step(again)
        inputs, targets = step.passes.inputs, step.passes.targets
        expected = again.network.parameters - run.spec.learning_rate * step.gradient
        before = again.network.loss(inputs, targets)
        again.advance_batch()
        is_written.append(np.allclose(again.network.parameters, expected, rtol=1e-12))
        own_falls.append(again.network.loss(inputs, targets) < before)
        whole.append(_loss(again))
    rises = np.diff(whole) > 0.0
    return {
        r"$w \leftarrow w - \eta\,\frac{dJ}{dw}$": all(is_written),
        "It is smaller": all(own_falls[: run.steps]),
        f"each of the {run.steps} steps also lowers the loss of the whole training set, from "
        f"{whole[0]:.2f} to {whole[run.steps]:.2f}": not rises[: run.steps].any(),
        f"play on to epoch {again.epoch}, and {_percent(rises.mean())} of all steps raise it": bool(
            rises.mean() > 0.1
        ),
    }


def best_line(points: Floats, labels: Floats) -> float:
    """The largest share of points that any straight line has right, one class at each side."""
    found = 0.0
    for angle in np.linspace(0.0, 2.0 * np.pi, 360, endpoint=False):
        along = points @ np.array([np.cos(angle), np.sin(angle)])
        is_one = labels[np.argsort(along)] == 1
        zeros_before = np.concatenate([[0], np.cumsum(~is_one)])
        ones_after = is_one.sum() - np.concatenate([[0], np.cumsum(is_one)])
        found = max(found, float((zeros_before + ones_after).max()) / len(points))
    return found


def line_is_not_enough(run: Run) -> Statements:
    two, three = (other(run, 300, hidden=(units,)) for units in (2, 3))
    best = best_line(run.train_points, run.train_labels)
    probabilities = run.predict(run.train_points)
    weights, bias = run.network.weights[0][:, 0], run.network.biases[0][0]
    on_line = -bias * weights / (weights @ weights)
    return {
        "It says “half and half” where $xW + b = 0$": bool(
            abs(run.predict(on_line[None])[0, 1] - 0.5) < 1e-9
        ),
        "About half": 0.45 < _accuracy(run) < 0.55,
        f"A line that cuts off a part of the ring would get {_percent(best)} right": best > 0.6,
        "“one half” everywhere": bool(np.abs(probabilities - 0.5).max() < 0.15),
        rf"$-\ln 0.5 = {-np.log(0.5):.3f}$": abs(_loss(run) + np.log(0.5)) < 0.005,
        f"with **2** units: two lines, and they can't close a shape. After {two.epoch} epochs it "
        f"gets {_percent(_accuracy(two))} right": _accuracy(two) < 0.85,
        "With **3** units there are three lines, and a triangle closes: "
        f"{_percent(_accuracy(three))} after {three.epoch} epochs": _accuracy(three) > 0.95,
    }


def xor(b: Run, a: Run) -> Statements:
    weights = b.network.weights[0]
    along = np.array([-weights[1], weights[0]]).T  # of each unit, along its edge
    steps = np.linspace(-1.0, 1.0, 5)
    on_edges = [
        b.network.forward(np.outer(steps, edge)).pre_activations[0][:, unit]
        for unit, edge in enumerate(along)
    ]
    signs = np.sign(b.predict(np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]]) * 0.7)[:, 1] - 0.5)
    return {
        "**A** has no hidden layer, **B** has one with 4 units": (a.spec.hidden, b.spec.hidden)
        == ((), (4,)),
        "Each one soft edge": b.network.activation.label == "tanh",
        "along its edge nothing changes": max(map(np.ptp, on_edges)) < 1e-12,
        "opposite corners get the same sign": signs[0] == signs[1] == -signs[2] == -signs[3],
        f"B gets {_percent(_accuracy(b))} of the training points right": _accuracy(b) > 0.9,
        f"A only {_percent(_accuracy(a))}": _accuracy(a) < 0.6,
    }


def features(b: Run, a: Run) -> Statements:
    *coordinates, product = b.network.weights[0][:, 0]
    points, labels = b.train_points, b.train_labels
    product_sign = points[:, 0] * points[:, 1] > 0.0
    agreement = float(np.mean(product_sign == (labels == 1)))
    return {
        "**A** sees $x_1$ and $x_2$. **B** also sees the product": b.spec.features
        == (*a.spec.features, "x1_x2"),
        "positive in two opposite corners and negative in the other two": abs(agreement - 0.5)
        > 0.4,
        f"It ends at ${product:.1f}$": True,
        "the other two are more than ten times smaller": abs(product)
        > 10.0 * max(map(abs, coordinates)),
        "Yes, nearly every point": _accuracy(b) > 0.97,
        f"B gets {_right(b)} of the training points right, A {_right(a)}": _accuracy(a) < 0.6,
    }


def linear(b: Run, a: Run) -> Statements:
    """Three linear layers, and the scores are still one affine function of the point."""
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    zero, right, up, both = b.network.forward(points).scores[:, 0]
    layers, units = len(b.spec.hidden), b.spec.hidden[0]
    return {
        f"Both networks have three hidden layers of {units} units": layers == 3
        and a.spec.hidden == b.spec.hidden == (units,) * 3,
        "The units of **A** are tanh, those of **B** are linear": (
            (a.spec.activation, b.spec.activation) == ("tanh", "linear")
        ),
        "Only a straight line": bool(abs(both - (right + up - zero)) < 1e-9),
        f"the loss stays at {_loss(b):.3f}": _loss(b) > 0.68,
        f"its curve closes: {_percent(_accuracy(a))} of the training points": _accuracy(a) > 0.95,
    }


def softmax(run: Run) -> Statements:
    passes = inspection.make_passes(run.network, run.train_inputs, run.train_targets)
    expected = (passes.predictions - passes.targets) / len(passes.targets)
    scores = passes.forward.scores
    powers = np.exp(scores)
    return {
        "Three spirals, three outputs": run.spec.classes == run.spec.outputs == 3,
        "probabilities that add up to 1": np.allclose(passes.predictions.sum(axis=1), 1.0),
        r"$$p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}": np.allclose(
            passes.predictions, powers / powers.sum(axis=1, keepdims=True)
        ),
        "$p_j - 1$ for the true class, $p_j$ for the others": np.allclose(
            passes.backward.errors[-1], expected, atol=1e-15
        ),
        "$(P - Y)/m$": _accuracy(run) > 0.9,
    }


def approximates(b: Run, a: Run) -> Statements:
    one = other(b, hidden=(1,))
    first, second = (_loss(other(b, hidden=(4,), weight_seed=seed)) for seed in (0, 1))
    return {
        "2 of them in **A**, 16 in **B**": (a.spec.hidden, b.spec.hidden) == ((2,), (16,)),
        "More than ten times as large": _loss(a) > 10.0 * _loss(b),
        f"Two bends make one dip and miss the other waves: the loss ends at {_loss(a):.3f}": 0.5
        < a.latest.train_accuracy < 0.8,
        f"down to {_loss(b):.4f}": b.latest.train_accuracy > 0.99,
        f"One unit alone is a single bend, and is left with {_loss(one):.2f}": one.latest
        .train_accuracy < 0.6,
        f"With 4 units, the weight seed decides: the loss ends at {first:.4f} with seed 0, at "
        f"{second:.4f} with seed 1": second > 2.0 * first,
    }  # fmt: skip


def crawls(b: Run, a: Run) -> Statements:
    later = b.fork(b.snapshot())
    later.change("learning_rate", 0.1)
    later.advance(100)
    return {
        f"B's training loss, which begins at {b.history.train_loss[0]:.2f}": True,
        "Both start with the same weights": _begin_alike(a, b),
        "Still above 0.5": _loss(b) > 0.5,
        f"It falls in every single epoch, but only to {_loss(b):.2f}": _rises(b) == 0,
        f"A is at {_loss(a):.2f} by then": _loss(a) < 0.15,
        "set the learning rate above the pictures to 0.1 and play 100 more epochs: it acts at "
        f"once, the curve bends down, and B ends at {_loss(later):.2f}, too": _loss(later) < 0.15,
    }


def _begin_alike(a: Run, b: Run) -> bool:
    return np.array_equal(Run(a.spec).network.parameters, Run(b.spec).network.parameters)


def jumps(b: Run, a: Run) -> Statements:
    start, losses = b.history.train_loss[0], b.history.train_loss[1:]
    return {
        "Jump about above its start": float(np.median(losses)) > 2.0 * start,
        f"at epoch {b.epoch}, more than 90% of both hidden layers": min(_saturated(b)) > 0.9,
        "B's loss goes up in about every second epoch": 0.4 < _rises(b) / b.epoch < 0.65,
        f"after more than 90 of the {b.epoch} epochs it is above the {start:.2f} of the untrained "
        "network": np.sum(losses > start) > 90,
        f"A ends at {_loss(a):.2f}": _loss(a) < 0.15,
    }


def diverges(b: Run, a: Run) -> Statements:
    with_ones = np.column_stack([b.train_inputs, np.ones(len(b.train_inputs))])
    hessian = 2.0 / len(with_ones) * with_ones.T @ with_ones  # of the mean squared error
    curvatures, directions = np.linalg.eigh(hessian)
    curvature, steepest = float(curvatures[-1]), directions[:, -1]
    bottom = np.linalg.lstsq(with_ones, b.train_targets[:, 0])[0]
    falls = []
    for share in (0.98, 1.02):  # of the largest learning rate that goes down
        off = Run(b.spec)
        off.network.parameters[:] = bottom + steepest
        before = off.network.loss(off.train_inputs, off.train_targets)
        off.network.parameters[:] -= share * 2.0 / curvature * _gradient(off)
        falls.append(off.network.loss(off.train_inputs, off.train_targets) < before)
    losses = b.history.train_loss
    factor = float((losses[-1] / losses[1]) ** (1.0 / (b.batches * (b.epoch - 1))))
    return {
        "It grows without end": b.diverged and losses[-1] > 1e290,
        f"a curvature of {curvature:.2f}": True,
        rf"goes down only if $\eta < 2/{curvature:.2f} = {2.0 / curvature:.2f}$": falls
        == [True, False],
        f"each step multiplies the loss by about {factor:.0f}": factor > 10.0,
        f"After epoch {b.epoch} the numbers end": bool(np.isfinite(b.network.parameters).all()),
        "A fits the plane": not a.diverged and _accuracy(a) > 0.75,
    }


def batches(b: Run, a: Run) -> Statements:
    between = other(b, batch_size=16)
    return {
        f"In **B** the batch is **one** point: {b.batches} steps per epoch": b.spec.batch_size == 1,
        "In **A** it is *all* points: one step per epoch": a.batches == 1,
        f"{b.batches} rough steps get further than one exact step: B's loss is {_loss(b):.2f}, "
        f"A's {_loss(a):.2f}": True,
        "A lower loss, a jagged curve": _loss(b) < 0.75 * _loss(a) and _rises(b) > 0.3 * b.epoch,
        f"B's loss goes up in {_rises(b)} of the {b.epoch} epochs": True,
        "A's never goes up": _rises(a) == 0,
        f"with a **Batch size** of {between.spec.batch_size} the loss ends at {_loss(between):.2f} "
        f"after {between.epoch} epochs, and has gone up in {_rises(between)} of them": (
            _loss(between) < 1.2 * _loss(b) and _rises(between) < 0.5 * _rises(b)
        ),
    }


def momentum(b: Run, a: Run) -> Statements:
    first, later = _gradient(Run(a.spec)), _gradient(train(a.spec, 5))
    cosine = first @ later / (np.linalg.norm(first) * np.linalg.norm(later))
    longer = train(a.spec, 150)
    velocity, share = 0.0, b.spec.momentum
    for _ in range(100):
        velocity = share * velocity + 1.0
    return {
        rf"$\mu = {share:g}$. Steps that agree add up, to ten times": abs(velocity - 10.0) < 0.01,
        "with the same learning rate": a.spec.learning_rate == b.spec.learning_rate,
        "Less than a third of A's": _loss(b) < _loss(a) / 3.0,
        f"after five epochs A's still points nearly the way it did at the start (the cosine of the "
        f"angle is {cosine:.2f})": bool(cosine > 0.8),
        f"B has 95% of the training points right after {_epoch_of(b, 0.95)} epochs. Play on: A "
        f"needs {_epoch_of(longer, 0.95)}": _epoch_of(longer, 0.95) > 2 * _epoch_of(b, 0.95) > 0,
    }


def adam(b: Run, a: Run) -> Statements:
    typical = []
    for spec in (b.spec, a.spec):
        one = Run(spec)
        before = one.network.parameters.copy()
        one.advance_batch()
        typical.append(float(np.median(np.abs(one.network.parameters - before))))
    rate = b.spec.learning_rate
    return {
        rf"both with $\eta = {rate:g}$": a.spec.learning_rate == rate,
        r"its first steps are about $\eta$ long": abs(typical[0] - rate) < 0.01 * rate,
        "It has hardly begun": _loss(a) > 0.65,
        f"B gets {_percent(_accuracy(b))} of the training points right": _accuracy(b) > 0.97,
        f"A's loss has only gone from {a.history.train_loss[0]:.2f} to {_loss(a):.2f}": True,
        f"Adam's first step moves a typical weight by {typical[0]:.2f}, SGD's by {typical[1]:.5f}":
        typical[1] < 0.05 * typical[0],
        f"learning rate is smaller, {rate:g} where SGD has {Spec().learning_rate:g}": True,
    }  # fmt: skip


def checked(run: Run) -> Statements:
    """As the check below the board does it: on copies, from the epoch on screen on."""
    inputs, targets = run.train_inputs[:100], run.train_targets[:100]
    good = inspection.check_gradient(run.network, inputs, targets).relative_errors
    right, broken = run.fork(run.snapshot()), inspection.with_wrong_slope(run)
    bad = inspection.check_gradient(broken.network, inputs, targets).relative_errors
    right.advance(60)
    broken.advance(60)
    return {
        "the relative errors are all below $10^{-8}$": max(good) < 1e-8,
        f"Copies of your network train on for {right.epoch - run.epoch} epochs: with the right "
        f"sign the loss falls from {_loss(run):.2f} to {_loss(right):.2f}, with the wrong one it "
        f"rises to {_loss(broken):.2f}": _loss(right) < _loss(run) < _loss(broken) / 1.5,
        "By a loss that gets no lower": float(broken.history.train_loss.min()) >= 0.9 * _loss(run),
        f"the relative error of hidden 2 is {bad[1]:.0f}": bad[1] > 0.5,
        "Hidden 1 looks right": bad[0] < 1e-8,
    }


def overfits(run: Run) -> Statements:
    tested = run.history.test_loss
    best = int(np.argmin(tested))
    of_true = run.predict(run.test_points)[np.arange(len(run.test_labels)), run.test_labels]
    return {
        "Thirty noisy training points": len(run.train_points) == 30,
        f"a network with {len(run.network.parameters)} numbers to learn": True,
        "Fall first, then rise": tested[best] < 0.9 * tested[0] and 0 < best < 0.5 * run.epoch,
        f"the test loss is at its best after {best} epochs, at {tested[best]:.2f}": True,
        "until all of them are right": _accuracy(run) == 1.0,
        f"the test loss is {_test_loss(run):.2f}, more than twice its best": _test_loss(run)
        > 2.0 * tested[best],
        "it gives the true class of one test point a probability below $10^{-5}$": bool(
            of_true.min() < 1e-5
        ),
    }


def l2(b: Run, a: Run) -> Statements:
    norms = [float(np.linalg.norm(np.concatenate([w.ravel() for w in run.network.weights])))
             for run in (a, b)]  # fmt: skip
    blank = other(b, regularization_rate=0.3)
    return {
        "The same points and the same network, as **A**": np.array_equal(
            a.train_points, b.train_points
        )
        and _begin_alike(a, b),
        "Training higher, test lower": _loss(b) > _loss(a) and _test_loss(b) < 0.6 * _test_loss(a),
        f"the training points worse ({_loss(b):.2f} instead of {_loss(a):.2f})": True,
        f"The test loss is {_test_loss(b):.2f} instead of {_test_loss(a):.2f}": True,
        f"their norm is {norms[1]:.1f}, A's is {norms[0]:.1f}": norms[1] < 0.5 * norms[0],
        f"to {blank.spec.regularization_rate:g}: then no weight is worth its price, and the "
        "picture goes blank": bool(np.ptp(blank.predict(blank.test_points)[:, 0]) < 0.01),
    }


def zeros(b: Run, a: Run) -> Statements:
    weights, biases = b.network.weights, b.network.biases
    errors = inspection.make_passes(b.network, b.train_inputs, b.train_targets).backward.errors
    return {
        "how do the four units of a layer": b.spec.hidden == (4, 4),
        "Not at all": all(np.ptp(a, axis=1).max() == 0.0 for a in _hidden(b)),
        r"$dA^{(2)} = dZ^{(3)} W^{(3)\top} = 0$": not errors[1].any(),
        "Only the bias of the output moves": not any(w.any() for w in weights)
        and not any(bias.any() for bias in biases[:-1])
        and bool(biases[-1].any()),
        f"the loss stays at {_loss(b):.3f}": float(np.ptp(b.history.train_loss)) < 0.01,
        f"A ends at {_loss(a):.2f}": _loss(a) < 0.15,
    }


def too_large(b: Run, a: Run) -> Statements:
    start = Run(b.spec)
    saturated, awake = _saturated(start), _saturated(Run(a.spec))
    passes = inspection.make_passes(start.network, start.train_inputs, start.train_targets)
    squared = np.sort((passes.backward.errors[0] ** 2).sum(axis=1))
    share = squared[-(len(squared) // 10) :].sum() / squared.sum()
    pre_activations = [
        run.network.forward(run.train_inputs).pre_activations[1] for run in (start, Run(a.spec))
    ]
    far, near = (float(np.mean(np.abs(z) > 2.0)) for z in pre_activations)
    return {
        "so most are far from 0": far > 0.5 > 0.1 > near,
        "More than twice as large": _loss(b) > 2.0 * _loss(a),
        f"for {_percent(saturated[0])} of hidden 1 and {_percent(saturated[1])} of hidden 2": (
            saturated[0] > 0.4 and saturated[1] > 0.8
        ),
        "in A for less than 1%": awake[0] < 0.05 and awake[1] < 0.01,
        "a tenth of the points brings more than 99% of the (squared) error signal": share > 0.99,
        "the boundary moves in jerks": _rises(b) > 0,
        "B ends above 0.2": _loss(b) > 0.2,
        f"A at {_loss(a):.2f}": True,
    }


def xavier(b: Run, a: Run) -> Statements:
    start, tiny = Run(b.spec), Run(a.spec)
    kept, lost = start.latest.output_spread, tiny.latest.output_spread
    sigma, units = a.spec.weight_sigma, a.spec.hidden[0]
    factors = lost[1:6] / lost[:5]
    exponent = int(np.floor(np.log10(lost[5])))
    gradients = tiny.latest.gradient_norms
    return {
        rf"by about ${sigma:g}\sqrt {units} \approx {sigma * np.sqrt(units):.2f}$, the first one "
        "by less": bool(factors.min() > 0.005 and factors.max() < 0.05 and lost[0] < 0.03),
        rf"in hidden 6 it is ${lost[5] / 10.0**exponent:.0f} \cdot 10^{{{exponent}}}$": True,
        "Less than a billionth": bool(lost[5] < 1e-9 * np.std(tiny.train_inputs)),
        f"it goes from {kept[0]:.2f} in hidden 1 to {kept[5]:.2f} in hidden 6": kept[5]
        > 0.1 * kept[0],
        f"its loss stays at {_loss(a):.3f}": float(np.ptp(a.history.train_loss)) < 0.001,
        "about $10^{-10}$ in every layer": bool(gradients.min() > 1e-11 and gradients.max() < 1e-9),
        "the signal fades forward while the error fades backward": bool(
            (np.diff(lost[:6]) < 0.0).all() and (np.diff(tiny.latest.error_rms) > 0.0).all()
        ),
    }


def vanishing(run: Run) -> Statements:
    start = Run(run.spec)
    measured, bounds = inspection.gradient_bounds(start)
    errors = start.latest.error_rms[:-1]
    passed = errors[:-1] / errors[1:]
    reached = float(errors[0] / errors[-1])
    return {
        r"\lVert dW^{(1)}\rVert \le": all(map(float.__le__, measured, bounds)),
        f"each hidden layer passes on between {_percent(passed.min())} and "
        f"{_percent(passed.max())} of the error signal": bool((passed < 0.5).all()),
        f"{reached:.4f} of it reaches hidden 1": True,
        "Less than a thousandth": reached < 1e-3,
        "gets next to nothing to learn from": measured[0] < 0.01 * measured[-1],
        f"After {run.epoch} epochs the loss is {_loss(run):.3f}, the network just guesses": (
            _loss(run) > 0.69 and _accuracy(run) < 0.6
        ),
    }


def mended(b: Run, a: Run) -> Statements:
    of_b, of_a = (
        float(errors[0] / errors[-2])
        for errors in (Run(run.spec).latest.error_rms for run in (b, a))
    )
    sigmoid = other(b, activation="sigmoid")
    return {
        "**B** is as deep": len(a.spec.hidden) == len(b.spec.hidden) == 6,
        "about half of the units are off": 0.3
        < float(np.mean(_hidden(Run(b.spec))[0] == 0.0))
        < 0.7,
        "Yes, nearly every point": _accuracy(b) > 0.95,
        f"B gets {_right(b)} of the training points right, A {_right(a)}": _accuracy(a) < 0.6,
        f"the error signal in hidden 1 of B is {of_b:.2f} times that of hidden 6": 0.2 < of_b < 5.0,
        f"in A it is {of_a:.4f} times": of_a < 1e-3,
        "now B learns nothing either, not even with He's weights": _accuracy(sigmoid) < 0.6
        and sigmoid.spec.initializer == "he",
    }


def dead(b: Run, a: Run) -> Statements:
    leaky = other(b, activation="leaky_relu")
    units = b.spec.hidden[1]
    below = leaky.network.activation.slope(np.array([-1.0]), np.array([0.0]))[0]
    return {
        f"how many of the {units} units of hidden 2": True,
        "None of them": _dead(b)[1] == units,
        f"The column **inactive** says {_percent(_saturated(b)[1])}": True,
        f"knows no points: {_percent(_accuracy(b))} of the training points are right": (
            float(np.ptp(b.predict(b.train_points)[:, 0])) == 0.0
        ),
        f"In A no unit is dead, and {_percent(_accuracy(a))} are right": sum(_dead(a)) <= 1
        and _accuracy(a) > 0.9,
        f"It keeps a slope of {below:g} below zero": True,
        f"with the same learning rate, {_percent(_accuracy(leaky))} are right after {leaky.epoch} "
        "epochs": _accuracy(leaky) > 0.75,
    }
