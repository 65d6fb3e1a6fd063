"""The network's two passes once more, for speed: in memory that is allocated once.

With ten samples and eight units a step of training is some thirty calls of NumPy, and making new
arrays would cost as much as the arithmetic. Two things differ from `Network.forward` and
`Network.backward`, and the formulas are the same:

- every result has its place, and each call writes `out=` there;
- a column of ones stands beside the activations, so that [A 1] [W; b] = A W + b is one product, and
  so is [A 1]ᵀ dZ = [dJ/dW; dJ/db]. In the flat vector of parameters each layer's b already comes
  after its W.
"""

import math
from itertools import pairwise

import numpy as np

from engine.arrays import Floats
from engine.network import Network


def with_ones(inputs: Floats) -> Floats:
    """The inputs (samples, n) with a column of ones beside them, (samples, n + 1)."""
    return np.column_stack([inputs, np.ones(len(inputs))])


class Workspace:
    """Room for the two passes of a network with one number of samples.

    Attributes:
        scores: Z of the output layer, (samples, outputs), after `forward`.
        gradient: of J with respect to the network's parameters, flat, after `backward`.
        weight_gradients: views of dJ/dW of each layer in it, each flat.
        errors: dJ/dZ of each layer, (samples, units), after `backward`.
        outputs: what each layer puts out, (samples, units), after `forward`: A of the hidden
            layers, and the scores.
    """

    def __init__(self, network: Network, samples: int) -> None:
        self.network = network
        sizes = network.layer_sizes
        self.gradient = np.empty_like(network.parameters)
        self.weight_gradients = [part.reshape(-1) for part in network.split(self.gradient)[0]]
        self._pre_activations = [np.empty((samples, n)) for n in sizes[1:]]
        self.scores = self._pre_activations[-1]
        # [A 1] of each hidden layer, and the views of A in it
        self._with_ones = [np.ones((samples, n + 1)) for n in sizes[1:-1]]
        self._activations = [filled[:, :-1] for filled in self._with_ones]
        self.outputs = [*self._activations, self.scores]
        self.errors = [np.empty((samples, n)) for n in sizes[1:]]
        self._slopes = [np.empty((samples, n)) for n in sizes[1:-1]]
        self._spare = [*self._slopes, np.empty_like(self.scores)]  # free between two passes
        self._stacked = _stack(network.parameters, sizes)
        self._stacked_gradients = _stack(self.gradient, sizes)
        self._transposed = [weights.T for weights in network.weights]

    def forward(self, inputs: Floats) -> Floats:
        """Z = [A 1] [W; b] and A = g(Z), layer by layer. Returns `scores`.

        inputs: `with_ones`, (samples, n_inputs + 1).
        """
        value = self.network.activation.value
        product, given = np.dot, inputs
        for layer, filled in enumerate(self._with_ones):
            z = product(given, self._stacked[layer], out=self._pre_activations[layer])
            value(z, out=self._activations[layer])
            given = filled
        return product(given, self._stacked[-1], out=self.scores)

    def backward(self, inputs: Floats, targets: Floats) -> Floats:
        """[dJ/dW; dJ/db] = [A 1]ᵀ dZ, dA = dZ Wᵀ, dZ = dA ⊙ g'(Z). Returns `gradient`.

        inputs: the same as for the `forward` before; targets: (samples, outputs).
        """
        network, slope = self.network, self.network.activation.slope
        errors = self.errors[-1] = network.output.gradient(self.scores, targets)
        for layer in range(len(self._with_ones), 0, -1):
            before = layer - 1
            np.dot(self._with_ones[before].T, errors, out=self._stacked_gradients[layer])
            errors = np.dot(errors, self._transposed[layer], out=self.errors[before])
            z, a = self._pre_activations[before], self._activations[before]
            errors *= slope(z, a, out=self._slopes[before])
        np.dot(inputs.T, errors, out=self._stacked_gradients[0])
        if network.is_regularized:
            self.gradient += network.penalty_rates * network.regularization.slope(
                network.parameters
            )
        return self.gradient

    def spreads(self) -> list[float]:
        """The standard deviation of each of `outputs`, over samples and units; after `backward`."""
        found = []
        for values, deviations in zip(self.outputs, self._spare, strict=True):
            # the mean first, and not E[a²] − E[a]²: so a small spread keeps its digits
            np.subtract(values, values.sum() / values.size, out=deviations)
            found.append(root_mean_square(deviations))
        return found


def root_mean_square(values: Floats) -> float:
    """Of all the numbers in an array."""
    flat = values.reshape(-1)
    return math.sqrt(flat @ flat / flat.size)


def _stack(flat: Floats, sizes: tuple[int, ...]) -> list[Floats]:
    """A flat vector as [W; b] of each layer, (n_in + 1, n_out); views, not copies."""
    stacked, start = [], 0
    for n_in, n_out in pairwise(sizes):
        end = start + (n_in + 1) * n_out
        stacked.append(flat[start:end].reshape(n_in + 1, n_out))
        start = end
    return stacked
