"""How wrong the network is, computed from its raw scores (the output layer's z).

Sigmoid with binary cross-entropy and softmax with cross-entropy are each written as one function
of the scores. That way neither overflows, and both have the same simple gradient,
dJ/dZ = (P − Y) / m for a batch of m samples.

The squared error is the plain mean of (p − y)², so its gradient has a factor of 2; scikit-learn's
has a half in front and none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_softmax, softmax

from engine.arrays import Floats

MOST_CLASSES = 1_000


@dataclass(frozen=True)
class Loss:
    """A loss together with the output function that belongs to it.

    Attributes:
        label: what people see.
        help: one line on when it is used.
        classes: smallest and largest number of classes it is for; None if it is for regression.
        outputs: number of classes (0 for regression) -> number of output units.
        encode: labels or values (samples,), number of classes -> targets (samples, outputs).
        value: scores, targets, both (samples, outputs) -> mean loss over the samples.
        gradient: scores, targets -> dJ/dZ of that mean loss, shape (samples, outputs).
        predict: scores -> class probabilities (samples, classes), or values (samples, 1).
        accuracy: scores, targets -> share of right classes, or R² for regression.
        score_name: what people call that number.
    """

    label: str
    help: str
    classes: tuple[int, int] | None
    outputs: Callable[[int], int]
    encode: Callable[[np.ndarray, int], Floats]
    value: Callable[[Floats, Floats], float]
    gradient: Callable[[Floats, Floats], Floats]
    predict: Callable[[Floats], Floats]
    accuracy: Callable[[Floats, Floats], float]
    score_name: str = "accuracy"


def _bce(scores: Floats, targets: Floats) -> float:
    """−[y log p + (1 − y) log(1 − p)] with p = σ(z) is log(1 + e^z) − y z: no p, no overflow."""
    costs = np.logaddexp(0.0, scores)
    return float(costs.sum() - targets.ravel() @ scores.ravel()) / len(scores)


def _bce_gradient(scores: Floats, targets: Floats) -> Floats:
    errors: Floats = expit(scores)
    errors -= targets
    errors /= len(scores)
    return errors


def _cross_entropy(scores: Floats, targets: Floats) -> float:
    """−log p of the true class; targets are one-hot."""
    return float(-np.sum(targets * log_softmax(scores, axis=1))) / len(scores)


def _cross_entropy_gradient(scores: Floats, targets: Floats) -> Floats:
    # softmax; without the largest score, which cancels out, no exponential can overflow
    errors: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    errors /= errors.sum(axis=1, keepdims=True)
    errors -= targets
    errors /= len(scores)
    return errors


def _share(right: np.ndarray) -> float:
    return int(np.count_nonzero(right)) / len(right)


def _r_squared(scores: Floats, targets: Floats) -> float:
    """1 − (squared error) / (that of the mean); for constant targets 1 if they are hit, else 0."""
    missed = float(np.sum((scores - targets) ** 2))
    spread = float(np.sum((targets - targets.mean()) ** 2))
    if spread == 0.0:
        return float(missed == 0.0)
    return 1.0 - missed / spread


LOSSES = {
    "binary_cross_entropy": Loss(
        label="sigmoid, one output",
        help="For two classes: the output is the probability of class 1.",
        classes=(2, 2),
        outputs=lambda classes: 1,
        encode=lambda labels, classes: labels[:, np.newaxis].astype(np.float64),
        value=_bce,
        gradient=_bce_gradient,
        # σ(−z), not 1 − σ(z): the small probability keeps all its digits
        predict=lambda scores: np.hstack([expit(-scores), expit(scores)]),
        accuracy=lambda scores, targets: _share((scores > 0.0) == (targets > 0.5)),
    ),
    "softmax_cross_entropy": Loss(
        label="softmax, an output a class",
        help="For two classes or more: the outputs are probabilities that add up to 1.",
        classes=(2, MOST_CLASSES),
        outputs=lambda classes: classes,
        encode=lambda labels, classes: np.eye(classes)[labels],
        value=_cross_entropy,
        gradient=_cross_entropy_gradient,
        predict=lambda scores: softmax(scores, axis=1),
        accuracy=lambda scores, targets: _share(scores.argmax(axis=1) == targets.argmax(axis=1)),
    ),
    "squared_error": Loss(
        label="linear output, squared error",
        help="For regression: the output is the predicted value itself.",
        classes=None,
        outputs=lambda classes: 1,
        encode=lambda values, classes: values[:, np.newaxis].astype(np.float64),
        value=lambda scores, targets: float(np.sum((scores - targets) ** 2)) / len(scores),
        gradient=lambda scores, targets: (scores - targets) * (2.0 / len(scores)),
        predict=lambda scores: scores,
        accuracy=_r_squared,
        score_name="R²",
    ),
}
