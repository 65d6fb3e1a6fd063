"""How signals and errors flow through the layers: a diagnosis, and what theory predicts of them."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats
from engine.inspection.passes import make_passes
from engine.run import Run

SATURATED_SLOPE = 0.06  # of the largest slope there is: |tanh| > 0.97 has less
MOST = 0.5  # a share beyond which a layer counts as saturated or dead
FADED = 1e-3  # of the last hidden layer's error signal: less in the first one counts as vanished


@dataclass(frozen=True)
class Diagnosis:
    """What a look at the layers says about the training.

    Attributes:
        kind: "healthy", or what is wrong: "symmetric", "dead", "saturated", "vanishing" or
            "exploding".
        text: the same in a sentence, with the numbers that led to it.
        flat: of each hidden layer, the share of activations on the training data whose slope is
            next to none: saturated units, or ReLUs that are off.
        updates: `update_ratios`, of each layer.
    """

    kind: str
    text: str
    flat: tuple[float, ...]
    updates: tuple[float, ...]


def diagnose(run: Run) -> Diagnosis:
    """Look at a run's layers as a teacher would: are they alive, and does the error reach them?"""
    activation = run.network.activation
    passed = run.network.forward(run.train_inputs)
    hidden = passed.activations[1:]
    slopes = [
        np.abs(activation.slope(z, a))
        for z, a in zip(passed.pre_activations[:-1], hidden, strict=True)
    ]
    flat = tuple(float(np.mean(s < SATURATED_SLOPE * activation.max_slope)) for s in slopes)
    kind, text = _find(run, hidden, flat)
    return Diagnosis(kind, text, flat, update_ratios(run))


def _find(run: Run, hidden: tuple[Floats, ...], flat: tuple[float, ...]) -> tuple[str, str]:
    """Kind and text of a diagnosis; hidden: activations on the training data."""
    for layer, weights in enumerate(run.network.weights[:-1], start=1):
        if weights.shape[1] > 1 and np.ptp(weights, axis=1).max() <= 1e-12:
            return (
                "symmetric",
                f"All {weights.shape[1]} units of hidden {layer} have equal weights: they compute "
                "the same, get the same gradient and stay equal. Start with random weights.",
            )
    for layer, (a, share) in enumerate(zip(hidden, flat, strict=True), start=1):
        if run.network.activation.can_die:
            dead = float(np.mean(a.max(axis=0) <= 0.0))
            if dead > MOST:
                return (
                    "dead",
                    f"{dead:.0%} of the units of hidden {layer} are 0 for every training point: "
                    "they get no gradient. Try a smaller learning rate, He weights or leaky ReLU.",
                )
        elif share > MOST:
            return (
                "saturated",
                f"{share:.0%} of the activations of hidden {layer} are where the slope is next to "
                "none: hardly any gradient passes. Try smaller initial weights or learning rate.",
            )
    errors = run.latest.error_rms
    if len(hidden) > 1 and errors[-2] > 0.0:
        ratio = float(errors[0] / errors[-2])
        reached = f"hidden 1 gets {ratio:.1g} times the error signal of hidden {len(hidden)}"
        if ratio < FADED:
            text = f"Vanishing: {reached}. Try tanh or ReLU, Xavier or He weights, fewer layers."
            return "vanishing", text
        if ratio > 1.0 / FADED:
            return "exploding", f"Exploding: {reached}. Try smaller initial weights."
        return "healthy", f"Healthy: {reached}, and the units are awake."
    return "healthy", "Healthy: the units are awake."


def update_ratios(run: Run) -> tuple[float, ...]:
    """‖ΔW‖ / ‖W‖ of each layer, ΔW being a step on all training samples; 0 where W is 0.

    About 1e-3 is a common rule of thumb: far less crawls, far more forgets what was learned.
    """
    gradient = run.network.gradient(run.train_inputs, run.train_targets)
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
