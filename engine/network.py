"""The multi-layer perceptron: forward pass and backward pass, nothing else.

All parameters live in one flat vector, layer after layer, each layer's weights row by row and then
its biases. `weights` and `biases` are views into that vector, so whoever changes the vector (an
optimizer, a snapshot that is restored) has changed the network, and nothing is copied.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS
from engine.arrays import Floats
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.regularization import REGULARIZATIONS


@dataclass(frozen=True)
class ForwardPass:
    """All that the forward pass computed, which is all that the backward pass needs.

    Attributes:
        activations: the inputs, then the activations of each hidden layer; (samples, units) each.
        pre_activations: Z = A W + b of each layer, the output layer's last; (samples, units) each.
    """

    activations: tuple[Floats, ...]
    pre_activations: tuple[Floats, ...]

    @property
    def scores(self) -> Floats:
        """The output layer's Z, from which the loss and the predictions are computed."""
        return self.pre_activations[-1]


@dataclass(frozen=True)
class BackwardPass:
    """All that backpropagation computed, J being the loss plus the penalty.

    Attributes:
        errors: dJ/dZ of each layer, the output layer's last; (samples, units) each.
        activation_errors: dJ/dA of each hidden layer; (samples, units) each.
        slopes: g'(Z) of each hidden layer; (samples, units) each.
        weight_gradients: of the loss alone, dJ/dW = Aᵀ dZ of each layer; (n_in, n_out) each.
        bias_gradients: dJ/db = Σ dZ over the samples, of each layer; (n_out,) each.
        penalty_gradients: rate · r'(W) of each layer, zeros without regularization.
        gradient: of J with respect to the network's parameters, flat: the sum of these.
    """

    errors: tuple[Floats, ...]
    activation_errors: tuple[Floats, ...]
    slopes: tuple[Floats, ...]
    weight_gradients: tuple[Floats, ...]
    bias_gradients: tuple[Floats, ...]
    penalty_gradients: tuple[Floats, ...]
    gradient: Floats


class Network:
    """A stack of fully connected layers.

    Args:
        layer_sizes: units per layer, from the inputs to the outputs; at least those two.
        activation: key of `ACTIVATIONS`, used by every hidden layer.
        loss: key of `LOSSES`; it also turns the output layer's scores into probabilities.
        initializer: key of `INITIALIZERS`.
        rng: the generator that the initial weights are drawn from.
        weight_sigma: σ of the initializer that has one.
        regularization: key of `REGULARIZATIONS`.
        regularization_rate: λ, by which the penalty is multiplied.

    Attributes:
        parameters: every weight and bias, one flat float64 vector.
        weights: views into `parameters`, shape (n_in, n_out) each.
        biases: views into `parameters`, shape (n_out,) each.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        activation: str,
        loss: str,
        initializer: str,
        rng: np.random.Generator,
        *,
        weight_sigma: float = 1.0,
        regularization: str = "none",
        regularization_rate: float = 0.0,
    ) -> None:
        if len(layer_sizes) < 2:
            raise ValueError(
                f"layer_sizes must name at least inputs and outputs, got {tuple(layer_sizes)}"
            )
        self.layer_sizes = tuple(layer_sizes)
        self.activation = ACTIVATIONS[activation]
        self.output = LOSSES[loss]
        self.parameters: Floats = np.zeros(sum((a + 1) * b for a, b in pairwise(self.layer_sizes)))
        self.weights, self.biases = self.split(self.parameters)
        for weights in self.weights:
            n_in, n_out = weights.shape
            weights[:] = INITIALIZERS[initializer].draw(n_in, n_out, weight_sigma, rng)
        self.regularization = REGULARIZATIONS[regularization]
        # the rate for weights, 0 for biases, which have no penalty
        self.penalty_rates = np.zeros_like(self.parameters)
        for rates in self.split(self.penalty_rates)[0]:
            rates[:] = regularization_rate
        self.is_regularized = bool(regularization != "none" and regularization_rate > 0.0)

    def split(self, flat: Floats) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
        """See a flat vector (parameters, a gradient) as (weights, biases); views, not copies."""
        weights, biases, start = [], [], 0
        for n_in, n_out in pairwise(self.layer_sizes):
            middle, end = start + n_in * n_out, start + (n_in + 1) * n_out
            weights.append(flat[start:middle].reshape(n_in, n_out))
            biases.append(flat[middle:end])
            start = end
        return tuple(weights), tuple(biases)

    def in_precision(self, precision: type[np.floating[Any]]) -> "Network":
        """A copy that computes in another precision, as float32: for pictures, not for training."""
        other = copy(self)
        other.parameters = self.parameters.astype(precision)
        other.weights, other.biases = other.split(other.parameters)
        return other

    def forward(self, inputs: Floats) -> ForwardPass:
        """Z = A W + b and A = g(Z), layer by layer; the output layer stays at its scores Z.

        inputs: (samples, n_inputs).
        """
        activations: list[Floats] = [inputs]
        pre_activations: list[Floats] = []
        for weights, biases in zip(self.weights, self.biases, strict=True):
            if pre_activations:
                activations.append(self.activation.value(pre_activations[-1]))
            pre_activations.append(activations[-1] @ weights + biases)
        return ForwardPass(tuple(activations), tuple(pre_activations))

    def backward(self, passed: ForwardPass, targets: Floats) -> BackwardPass:
        """Backpropagation: the gradient of `loss`, and all that leads to it.

        From the output layer, whose dZ is given by the loss, back to the first one:
        dJ/dW = Aᵀ dZ and dJ/db = Σ dZ over the samples, A being what the layer was given; then
        dA = dZ Wᵀ and dZ = dA ⊙ g'(Z) of the layer before. At the end rate · r'(W) is added to
        each dJ/dW.

        targets: (samples, outputs), as the loss encodes them.
        """
        data = np.empty_like(self.parameters)
        weight_gradients, bias_gradients = self.split(data)
        errors = [self.output.gradient(passed.scores, targets)]
        activation_errors: list[Floats] = []
        slopes: list[Floats] = []
        for layer in reversed(range(len(self.weights))):
            activations = passed.activations[layer]
            np.matmul(activations.T, errors[0], out=weight_gradients[layer])
            errors[0].sum(axis=0, out=bias_gradients[layer])
            if layer > 0:
                activation_errors.insert(0, errors[0] @ self.weights[layer].T)
                slopes.insert(
                    0, self.activation.slope(passed.pre_activations[layer - 1], activations)
                )
                errors.insert(0, activation_errors[0] * slopes[0])
        if self.is_regularized:
            penalty = self.penalty_rates * self.regularization.slope(self.parameters)
        else:
            penalty = np.zeros_like(self.parameters)
        return BackwardPass(
            errors=tuple(errors),
            activation_errors=tuple(activation_errors),
            slopes=tuple(slopes),
            weight_gradients=weight_gradients,
            bias_gradients=bias_gradients,
            penalty_gradients=self.split(penalty)[0],
            gradient=data + penalty,
        )

    def penalty(self) -> float:
        """rate · Σ r(w) over all weights; 0 without regularization."""
        if not self.is_regularized:
            return 0.0
        return float(self.penalty_rates @ self.regularization.value(self.parameters))

    def loss(self, inputs: Floats, targets: Floats) -> float:
        """J: the mean loss over the samples, penalty included."""
        return self.output.value(self.forward(inputs).scores, targets) + self.penalty()

    def gradient(self, inputs: Floats, targets: Floats) -> Floats:
        """The gradient of `loss` with respect to `parameters`, a flat vector like it."""
        return self.backward(self.forward(inputs), targets).gradient

    def predict(self, inputs: Floats) -> Floats:
        """Class probabilities (samples, classes), or values (samples, 1)."""
        return self.output.predict(self.forward(inputs).scores)
