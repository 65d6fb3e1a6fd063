"""Both passes with every array between them, and the step that follows: for looking at."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Floats
from engine.network import BackwardPass, ForwardPass, Network
from engine.run import Run


@dataclass(frozen=True)
class Passes:
    """A forward and a backward pass over m samples, one sample per row. One sample is a batch of 1.

    J is the mean of their losses; the penalty on weights stands apart.

    Attributes:
        targets: Y, (m, outputs).
        forward: all that the forward pass computed.
        backward: all that the backward pass computed.
        predictions: P, (m, outputs): probabilities, or values. Of a sigmoid, that of class 1.
        losses: L of each sample, (m,).
    """

    targets: Floats
    forward: ForwardPass
    backward: BackwardPass
    predictions: Floats
    losses: Floats

    @property
    def inputs(self) -> Floats:
        """A of layer 0, (m, n_inputs)."""
        return self.forward.activations[0]

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
    rows = zip(passed.scores[:, np.newaxis], targets[:, np.newaxis], strict=True)
    return Passes(
        targets=targets,
        forward=passed,
        backward=network.backward(passed, targets),
        predictions=output.predict(passed.scores)[:, -targets.shape[1] :],
        losses=np.array([output.value(scores, target) for scores, target in rows]),
    )


@dataclass(frozen=True)
class NextStep:
    """The step that a run will make next, on its next mini-batch.

    Attributes:
        batch: indices of the training samples in it.
        passes: over these samples.
        update: what the optimizer will add to the parameters, flat; −η · gradient if it is plain.
    """

    batch: np.ndarray
    passes: Passes
    update: Floats

    @property
    def gradient(self) -> Floats:
        """Of J, penalty included, flat."""
        return self.passes.backward.gradient


def next_step(run: Run) -> NextStep:
    """Work out the next step of a run without making it."""
    batch = run.next_batch()
    passes = make_passes(run.network, run.train_inputs[batch], run.train_targets[batch])
    return NextStep(batch, passes, run.next_step(passes.backward.gradient))
