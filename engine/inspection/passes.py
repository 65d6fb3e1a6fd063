"""Both passes with every array between them, and the step that follows: for looking at."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats
from engine.network import Network
from engine.run import Run


@dataclass(frozen=True)
class Passes:
    """A forward and a backward pass over m samples, a sample a row. One sample is a batch of 1.

    J is the mean of their losses; the penalty on weights stands apart.

    Attributes:
        inputs: A of layer 0, (m, n_inputs).
        targets: Y, (m, outputs).
        activations: A of the inputs and of each hidden layer, (m, units).
        pre_activations: Z = A W + b of each hidden layer and of the output layer.
        slopes: g'(Z) of each hidden layer.
        predictions: P, (m, outputs): probabilities, or values. Of a sigmoid, that of class 1.
        losses: L of each sample, (m,).
        errors: dJ/dZ of each hidden layer and of the output layer.
        activation_errors: dJ/dA of each hidden layer.
        weight_gradients: dJ/dW = Aᵀ dZ of each layer.
        bias_gradients: dJ/db = Σ dZ over the samples.
        penalty_gradients: rate · r'(W) of each layer, zeros without regularization.
    """

    inputs: Floats
    targets: Floats
    activations: tuple[Floats, ...]
    pre_activations: tuple[Floats, ...]
    slopes: tuple[Floats, ...]
    predictions: Floats
    losses: Floats
    errors: tuple[Floats, ...]
    activation_errors: tuple[Floats, ...]
    weight_gradients: tuple[Floats, ...]
    bias_gradients: tuple[Floats, ...]
    penalty_gradients: tuple[Floats, ...]

    @property
    def loss(self) -> float:
        """J: the mean of the losses."""
        return float(self.losses.mean())


def make_passes(network: Network, inputs: Floats, targets: Floats) -> Passes:
    """Pass samples through a network and their errors back.

    inputs: (m, n_inputs); targets: (m, outputs), as the loss encodes them.
    """
    output = network.output
    passed = network.forward(inputs)
    slopes = [network.activation.slope(a) for a in passed.activations[1:]]
    errors = [output.gradient(passed.scores, targets)]
    activation_errors: list[Floats] = []
    for weights, slope in zip(network.weights[:0:-1], slopes[::-1], strict=True):
        activation_errors.append(errors[-1] @ weights.T)
        errors.append(activation_errors[-1] * slope)
    errors.reverse()
    prices = network.prices * network.regularization.slope(network.parameters)
    rows = zip(passed.scores[:, np.newaxis], targets[:, np.newaxis], strict=True)
    return Passes(
        inputs=inputs,
        targets=targets,
        activations=passed.activations,
        pre_activations=passed.pre_activations,
        slopes=tuple(slopes),
        predictions=output.predict(passed.scores)[:, -targets.shape[1] :],
        losses=np.array([output.value(scores, target) for scores, target in rows]),
        errors=tuple(errors),
        activation_errors=tuple(activation_errors[::-1]),
        weight_gradients=tuple(a.T @ dz for a, dz in zip(passed.activations, errors, strict=True)),
        bias_gradients=tuple(dz.sum(axis=0) for dz in errors),
        penalty_gradients=network.split(prices)[0],
    )


@dataclass(frozen=True)
class NextStep:
    """The step that a run will make next, on its next mini-batch.

    Attributes:
        batch: indices of the training samples in it.
        passes: over these samples.
        gradient: of J, penalty included, flat.
        update: what the optimizer will add to the parameters, flat; −η · gradient if it is plain.
    """

    batch: np.ndarray
    passes: Passes
    gradient: Floats
    update: Floats


def next_step(run: Run) -> NextStep:
    """Work out the next step of a run without making it."""
    batch, network = run.next_batch(), run.network
    inputs, targets = run.train_inputs[batch], run.train_targets[batch]
    gradient = network.gradient(inputs, targets)
    return NextStep(batch, make_passes(network, inputs, targets), gradient, run.next_step(gradient))
