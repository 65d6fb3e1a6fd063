"""The points of the data one by one: what the network says of each, and where it is wrong."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats
from engine.network import Network
from engine.run import Run


@dataclass(frozen=True)
class PointLoss:
    """What a network makes of one point of the data.

    Attributes:
        predicted: the probability of each class, or the value; (classes,) or (1,).
        loss: of this point alone, without the penalty.
        is_right: whether the class is right; None for regression.
    """

    predicted: Floats
    loss: float
    is_right: bool | None


def misclassified(run: Run) -> np.ndarray:
    """Which points get the wrong class, as the accuracies count them; none for regression.

    Returns bools, training points first, then test points; (points,), or (0,) for regression.
    """
    if run.spec.is_regression:
        return np.zeros(0, bool)
    parts = (run.train_inputs, run.train_targets), (run.test_inputs, run.test_targets)
    return np.concatenate(
        [_wrong(run.network.forward(inputs).scores, targets) for inputs, targets in parts]
    )


def point_loss(run: Run, network: Network, *, part: str, index: int) -> PointLoss:
    """What a network makes of a point of a run's data.

    network: of the run's shape; at another moment, it has other parameters than the run's.
    part: "training" or "test"; index: of the point among those.

    Raises:
        IndexError: there is no such point.
    """
    is_test = part == "test"
    inputs, targets = (
        values[index][np.newaxis]
        for values in (
            (run.test_inputs, run.test_targets)
            if is_test
            else (run.train_inputs, run.train_targets)
        )
    )
    scores = network.forward(inputs).scores
    is_right = None if run.spec.is_regression else not _wrong(scores, targets)[0]
    output = network.output
    return PointLoss(output.predict(scores)[0], output.value(scores, targets), is_right)


def _wrong(scores: Floats, targets: Floats) -> np.ndarray:
    """Bools, (samples,): a single output says class 1 above 0, several the class of the largest."""
    if scores.shape[1] == 1:
        wrong: np.ndarray = (scores[:, 0] > 0.0) != (targets[:, 0] > 0.5)
    else:
        wrong = scores.argmax(axis=1) != targets.argmax(axis=1)
    return wrong
