"""How wrong the network is, computed from its raw scores (the output layer's z).

Sigmoid with binary cross-entropy and softmax with cross-entropy are each written as one function
of the scores. That way neither overflows, and both have the same simple gradient,
dJ/dZ = (P − Y) / m for a batch of m samples.

The squared error is the plain mean of (p − y)², so its gradient has a factor of 2; scikit-learn's
has a half in front and none.

A new loss is one entry of `LOSSES`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_softmax, softmax

from engine.arrays import Floats

MOST_CLASSES = 1_000


@dataclass(frozen=True)
class Factor:
    """One of the factors by which the chain rule gets dL/dz, and their product as the last one.

    Attributes:
        name: what it is, as LaTeX.
        formula: the same in terms of p and y, as LaTeX.
        value: prediction p, target y, both (outputs,) -> its value, (outputs,) or (1,).
    """

    name: str
    formula: str
    value: Callable[[Floats, Floats], Floats]


@dataclass(frozen=True)
class Loss:
    """A loss together with the output function that belongs to it.

    Attributes:
        label: its name on the page.
        help: one line on when it is used.
        classes: smallest and largest number of classes it is for; None if it is for regression.
        outputs: number of classes (0 for regression) -> number of output units.
        encode: labels or values (samples,), number of classes -> targets (samples, outputs).
        value: scores, targets, both (samples, outputs) -> mean loss over the samples.
        gradient: scores, targets -> dJ/dZ of that mean loss, shape (samples, outputs).
        predict: scores -> class probabilities (samples, classes), or values (samples, 1).
        accuracy: scores, targets -> share of right classes, or R² for regression.
        formula: the loss L of one sample, as LaTeX, in terms of its prediction p and target y.
        gradient_formula: dL/dz of one sample, as LaTeX, in the same terms.
        script: Python of two functions, `loss(scores, targets)` and `loss_gradient(scores,
            targets)`, as `value` and `gradient` above, with NumPy as `np`.
        script_targets: `encode` as a Python expression of `labels`, an array; {classes} stands for
            their number.
        symbol: of the function from scores to predictions, as LaTeX; "" for the identity.
        factors: the long way to dL/dz, through dL/dp: see `Factor`.
        score_name: what people call the accuracy.
        times_sklearn: how many times scikit-learn's loss for the same task it is.
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
    formula: str
    gradient_formula: str
    script: str
    script_targets: str
    symbol: str = ""
    factors: tuple[Factor, ...] = ()
    score_name: str = "accuracy"
    times_sklearn: float = 1.0


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


BCE_FACTORS = (
    Factor(r"\frac{dL}{dp}", r"\frac{p - y}{p(1 - p)}", lambda p, y: (p - y) / (p * (1.0 - p))),
    Factor(r"\frac{dp}{dz}", "p(1 - p)", lambda p, y: p * (1.0 - p)),
    Factor(
        r"\frac{dL}{dp}\cdot\frac{dp}{dz}",
        r"\frac{p - y}{p(1 - p)}\cdot p(1 - p)",
        lambda p, y: (p - y) / (p * (1.0 - p)) * (p * (1.0 - p)),
    ),
)

CROSS_ENTROPY_FACTORS = (
    Factor(
        r"\frac{dL}{dp_\text{true}}", r"-\frac{1}{p_\text{true}}", lambda p, y: -1.0 / p[y > 0.5]
    ),
    Factor(
        r"\frac{dp_\text{true}}{dz_j}",
        r"p_\text{true}(y_j - p_j)",
        lambda p, y: p[y > 0.5] * (y - p),
    ),
    Factor(
        r"\frac{dL}{dp_\text{true}}\cdot\frac{dp_\text{true}}{dz_j}",
        r"-\frac{1}{p_\text{true}}\cdot p_\text{true}(y_j - p_j)",
        lambda p, y: -1.0 / p[y > 0.5] * (p[y > 0.5] * (y - p)),
    ),
)

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
        formula=r"-[y \ln p + (1 - y)\ln(1 - p)]",
        gradient_formula="p - y",
        script='''
def loss(scores, targets):
    """Mean of -[y log p + (1 - y) log(1 - p)] with p = sigmoid(z), in a form without overflow."""
    return (np.logaddexp(0.0, scores) - targets * scores).sum() / len(scores)


def loss_gradient(scores, targets):
    """dJ/dZ = (P - Y) / m."""
    probabilities = 0.5 * (1.0 + np.tanh(0.5 * scores))
    return (probabilities - targets) / len(scores)
''',
        script_targets="labels[:, np.newaxis].astype(float)",
        symbol=r"\sigma",
        factors=BCE_FACTORS,
    ),
    "softmax_cross_entropy": Loss(
        label="softmax, one output per class",
        help="For two classes or more: the outputs are probabilities that add up to 1.",
        classes=(2, MOST_CLASSES),
        outputs=lambda classes: classes,
        encode=lambda labels, classes: np.eye(classes)[labels],
        value=_cross_entropy,
        gradient=_cross_entropy_gradient,
        predict=lambda scores: softmax(scores, axis=1),
        accuracy=lambda scores, targets: _share(scores.argmax(axis=1) == targets.argmax(axis=1)),
        formula=r"-\sum_j y_j \ln p_j",
        gradient_formula="p - y",
        script='''
def log_softmax(scores):
    """log p of each class; without the largest score, which cancels out, nothing overflows."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def loss(scores, targets):
    """Mean of -log p of the true class; the targets are one-hot."""
    return -(targets * log_softmax(scores)).sum() / len(scores)


def loss_gradient(scores, targets):
    """dJ/dZ = (P - Y) / m."""
    return (np.exp(log_softmax(scores)) - targets) / len(scores)
''',
        script_targets="np.eye({classes})[labels]",
        symbol=r"\mathrm{softmax}",
        factors=CROSS_ENTROPY_FACTORS,
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
        formula="(p - y)^2",
        gradient_formula="2(p - y)",
        script='''
def loss(scores, targets):
    """Mean of (p - y)^2; the score is the prediction."""
    return ((scores - targets) ** 2).sum() / len(scores)


def loss_gradient(scores, targets):
    """dJ/dZ = 2 (P - Y) / m."""
    return (scores - targets) * (2.0 / len(scores))
''',
        script_targets="labels[:, np.newaxis]",
        score_name="R²",
        times_sklearn=2.0,
    ),
}
