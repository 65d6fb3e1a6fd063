"""How signals and errors flow through the layers: a diagnosis, and what theory predicts of them."""

from dataclasses import dataclass

import numpy as np

from engine.activations import FLAT_SLOPE
from engine.arrays import Floats
from engine.inspection.passes import make_passes
from engine.inspection.verdict import Kind, Measured, verdict
from engine.run import Run

DEAD_SLOPE = 1e-3  # of the largest slope: of a ReLU that is off 0, of a GELU far below 0 not quite
STRETCH = (10, 200)  # epochs: a stretch of the loss is a quarter of the run, within these limits
LAST_FEW = 5  # epochs, of which the test loss is the median: a single spike says nothing


@dataclass(frozen=True)
class Diagnosis:
    """What a look at the layers says about the training.

    Attributes:
        kind, text, layer: as in `Verdict`.
        flat: of each hidden layer, the share of activations on the training data whose slope is
            almost 0.
        flat_name: what these are, "saturated" or "inactive".
        updates: `update_ratios`, of each layer.
    """

    kind: Kind
    text: str
    layer: int | None
    flat: tuple[float, ...]
    flat_name: str
    updates: tuple[float, ...]


def diagnose(run: Run) -> Diagnosis:
    """Look at a run as a teacher would: does it learn, and if not, which layer is why?"""
    measured = measure(run)
    found = verdict(measured)
    return Diagnosis(
        kind=found.kind,
        text=found.text,
        layer=found.layer,
        flat=measured.flat,
        flat_name=run.network.activation.flat_name,
        updates=measured.updates,
    )


def measure(run: Run) -> Measured:
    """The numbers that a verdict on a run is made of; layers are measured on the training data."""
    back = run.network.backward(run.network.forward(run.train_inputs), run.train_targets)
    network, spec = run.network, run.spec
    history = run.history.view(np.ndarray)  # its columns are plain arrays, and quicker to cut
    activation = network.activation
    slopes = [np.abs(slopes) / activation.max_slope for slopes in back.slopes]
    train, test = history["train_loss"], history["test_loss"]
    now = run.latest
    stretch = min(max(len(train) // 4, STRETCH[0]), STRETCH[1])
    best = int(test.argmin())
    return Measured(
        epochs=run.position,
        diverged=run.diverged,
        units=spec.hidden,
        activation=activation.label,
        saturates=activation.saturates,
        is_linear=activation.is_linear,
        max_slope=activation.max_slope,
        flat=tuple([_share(slope < FLAT_SLOPE) for slope in slopes]),
        dead=tuple(
            [
                0 if activation.saturates else int((slope.max(axis=0) < DEAD_SLOPE).sum())
                for slope in slopes
            ]
        ),
        equal=tuple(
            [
                _are_equal(weights, biases)
                for weights, biases in zip(network.weights[:-1], network.biases[:-1], strict=True)
            ]
        ),
        error_rms=tuple(now["error_rms"].tolist()),
        updates=_update_ratios(run, back.gradient),
        start_loss=float(train[0]),
        train_loss=float(now["train_loss"]),
        stretch_before=_typical(
            train[-2 * stretch : -stretch] if len(train) > stretch else train[:1]
        ),
        stretch=_typical(train[-stretch:]),
        best_loss=float(train.min()),
        zero_loss=network.output.value(np.zeros_like(back.errors[-1]), run.train_targets),
        noise_loss=spec.noise**2 if spec.is_regression and spec.own is None else 0.0,
        test_loss=float(now["test_loss"]),
        recent_test_loss=_typical(test[-LAST_FEW:]),
        best_test_loss=float(test[best]),
        best_test_epoch=int(history["epoch"][best]),
        best_test_train_loss=float(train[best]),
        train_score=float(now["train_accuracy"]),
        test_score=float(now["test_accuracy"]),
        guess_score=_guess_score(run),
        is_regression=spec.is_regression,
        has_plain_inputs=all(name.removeprefix("x").isdigit() for name in spec.inputs),
        coordinates=spec.coordinates,
        is_penalized=network.is_regularized,
    )


def _typical(losses: Floats) -> float:
    """Their median; the upper one of two in the middle."""
    return float(np.sort(losses)[len(losses) // 2])


def _share(chosen: np.ndarray) -> float:
    return int(np.count_nonzero(chosen)) / chosen.size


def _are_equal(weights: Floats, biases: Floats) -> bool:
    """Whether all units of a layer are, up to rounding."""
    return float(np.ptp(weights, axis=1).max()) <= 1e-12 and float(np.ptp(biases)) <= 1e-12


def _guess_score(run: Run) -> float:
    """On the training data, of always guessing the most frequent class, or the mean."""
    if run.spec.is_regression:
        return 0.0
    return int(np.bincount(run.train_labels).max()) / len(run.train_labels)


def update_ratios(run: Run) -> tuple[float, ...]:
    """‖ΔW‖ / ‖W‖ of each layer, ΔW being a step on all training samples; 0 where W is 0.

    About 1e-3 is a common rule of thumb: far less crawls, far more forgets what was learned.
    """
    return _update_ratios(run, run.network.gradient(run.train_inputs, run.train_targets))


def _update_ratios(run: Run, gradient: Floats) -> tuple[float, ...]:
    steps, _ = run.network.split(run.next_step(gradient))
    sizes = [
        (np.linalg.norm(weights), np.linalg.norm(step))
        for weights, step in zip(run.network.weights, steps, strict=True)
    ]
    return tuple(float(step / weights) if weights else 0.0 for weights, step in sizes)


@dataclass(frozen=True)
class ErrorRatio:
    """How the error signal changes from a layer to the one before it, on the training data.

    Attributes:
        layer: the earlier one, 1 for the first hidden layer.
        measured: RMS of its dJ/dZ, over that of the later layer.
        units: n, of the later layer.
        weight_variance: Var(W), mean square of the weights between the two.
        squared_slope: mean of g'(Z)² in the earlier one.
    """

    layer: int
    measured: float
    units: int
    weight_variance: float
    squared_slope: float

    @property
    def predicted(self) -> float:
        """√(n · Var(W) · mean g'(Z)²): what to expect of independent weights and errors."""
        return float(np.sqrt(self.units * self.weight_variance * self.squared_slope))


def error_ratios(run: Run) -> tuple[ErrorRatio, ...]:
    """One for each hidden layer, from the first to the last.

    dZ = (dZ_next Wᵀ) ⊙ g'(Z) adds up n products, so the mean square grows by n · Var(W) · mean
    g'². Xavier's Var(W) = 1/n makes it 1 where the slope is 1: that is the idea of it.
    """
    passes = make_passes(run.network, run.train_inputs, run.train_targets)
    rms = [float(np.sqrt(np.mean(errors**2))) for errors in passes.backward.errors]
    return tuple(
        ErrorRatio(
            layer=layer + 1,
            measured=rms[layer] / rms[layer + 1] if rms[layer + 1] else 0.0,
            units=weights.shape[1],
            weight_variance=float(np.mean(weights**2)),
            squared_slope=float(np.mean(slopes**2)),
        )
        for layer, (slopes, weights) in enumerate(
            zip(passes.backward.slopes, run.network.weights[1:], strict=True)
        )
    )


def gradient_bounds(run: Run) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """‖dJ/dW‖ of each layer, without the penalty, and a bound that it can never exceed.

    From ‖dZ‖ ≤ max|g'| · ‖W_next‖ · ‖dZ_next‖, layer by layer, and dJ/dW = Aᵀ dZ:

        ‖dJ/dW_l‖ ≤ ‖A_(l−1)‖ · ∏_(k>l) (max|g'| · ‖W_k‖) · ‖dZ_L‖

    ‖A‖ and ‖W‖ are spectral norms, the others Frobenius norms. With sigmoids max|g'| = 0.25: the
    product shrinks by that much from layer to layer unless the weights are large.
    """
    network = run.network
    passes = make_passes(network, run.train_inputs, run.train_targets)
    measured = [float(np.linalg.norm(gradient)) for gradient in passes.backward.weight_gradients]
    bounds = []
    error = float(np.linalg.norm(passes.backward.errors[-1]))
    for layer in reversed(range(len(network.weights))):
        bounds.append(float(np.linalg.norm(passes.forward.activations[layer], 2)) * error)
        error *= network.activation.max_slope * float(np.linalg.norm(network.weights[layer], 2))
    return tuple(measured), tuple(reversed(bounds))
