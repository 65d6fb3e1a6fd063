"""How wrong the network is, computed from its raw scores (the output layer's z).

Sigmoid with binary cross-entropy and softmax with cross-entropy are each written as one function
of the scores. That way neither overflows, and both have the same simple gradient,
dJ/dZ = (P − Y) / m for a batch of m samples.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_softmax, softmax

from engine.arrays import Floats, Integers


@dataclass(frozen=True)
class Loss:
    """A loss together with the output function that belongs to it.

    Attributes:
        label: what people see.
        outputs: number of classes -> number of output units.
        encode: class labels (samples,), number of classes -> targets (samples, outputs).
        value: scores, targets, both (samples, outputs) -> mean loss over the samples.
        gradient: scores, targets -> dJ/dZ of that mean loss, shape (samples, outputs).
        predict: scores -> class probabilities (samples, classes).
        classify: scores -> most probable class (samples,).
    """

    label: str
    outputs: Callable[[int], int]
    encode: Callable[[Integers, int], Floats]
    value: Callable[[Floats, Floats], float]
    gradient: Callable[[Floats, Floats], Floats]
    predict: Callable[[Floats], Floats]
    classify: Callable[[Floats], Integers]


def _bce(scores: Floats, targets: Floats) -> float:
    """−[y log p + (1 − y) log(1 − p)] with p = σ(z) is log(1 + e^z) − y z: no p, no overflow."""
    return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))


def _cross_entropy(scores: Floats, targets: Floats) -> float:
    """−log p of the true class; targets are one-hot."""
    return float(-np.sum(targets * log_softmax(scores, axis=1)) / len(scores))


LOSSES = {
    "binary_cross_entropy": Loss(
        label="sigmoid + binary cross-entropy",
        outputs=lambda classes: 1,
        encode=lambda labels, classes: labels[:, np.newaxis].astype(np.float64),
        value=_bce,
        gradient=lambda scores, targets: (expit(scores) - targets) / len(scores),
        # σ(−z), not 1 − σ(z): the small probability keeps all its digits
        predict=lambda scores: np.hstack([expit(-scores), expit(scores)]),
        classify=lambda scores: (scores[:, 0] > 0.0).astype(np.int64),
    ),
    "softmax_cross_entropy": Loss(
        label="softmax + cross-entropy",
        outputs=lambda classes: classes,
        encode=lambda labels, classes: np.eye(classes)[labels],
        value=_cross_entropy,
        gradient=lambda scores, targets: (softmax(scores, axis=1) - targets) / len(scores),
        predict=lambda scores: softmax(scores, axis=1),
        classify=lambda scores: np.argmax(scores, axis=1),
    ),
}
