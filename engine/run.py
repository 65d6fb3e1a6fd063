"""One training run: a network, its data, its optimizer and everything measured so far.

A run has no loop of its own and knows no clock: whoever owns it calls `advance`, so pausing is not
calling it, stepping is calling it once, and looking is reading an attribute.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.arrays import Floats, Integers
from engine.datasets import make_split
from engine.losses import LOSSES
from engine.network import Network
from engine.spec import Spec

LIVE_SETTINGS = ("learning_rate",)


@dataclass(frozen=True)
class Snapshot:
    """A moment of a run, complete enough to go on from there to the same numbers.

    Attributes:
        epoch: epochs that were trained.
        parameters: copy of the network's flat parameter vector.
        generator_state: state of the generator that shuffles the mini-batches.
        changes: the live changes made so far.
    """

    epoch: int
    parameters: Floats
    generator_state: Mapping[str, Any]
    changes: tuple[tuple[int, str, Any], ...]


class Run:
    """The only mutable training state.

    Attributes:
        spec: what determined the run; live changes do not alter it.
        network: the `Network` being trained.
        train_inputs, train_targets: the training data as the network sees them, a sample a row.
        test_inputs, test_targets: the same for the data that it never trains on.
        train_labels, test_labels: the class of each sample, (samples,).
        epoch: epochs trained so far.
        learning_rate: the one in force; `change` alters it.
        changes: (epoch, setting, value) of every live change; with `spec` they reproduce the run.
        diverged: whether the last `advance` left the finite numbers. Parameters and history then
            stand at the last epoch that was finite.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        data = make_split(
            spec.dataset,
            classes=spec.classes,
            samples=spec.samples,
            noise=spec.noise,
            test_share=spec.test_share,
            seed=spec.data_seed,
        )
        # two generators from one seed: the order of the batches is none of the weights' business
        weight_rng, self._batch_rng = np.random.default_rng(spec.weight_seed).spawn(2)
        n_inputs = data.train_inputs.shape[1]
        self.network = Network(
            (n_inputs, *spec.hidden, LOSSES[spec.loss].outputs(spec.classes)),
            activation=spec.activation,
            loss=spec.loss,
            initializer="xavier",
            rng=weight_rng,
        )
        encode = self.network.output.encode
        self.train_inputs, self.train_labels = data.train_inputs, data.train_labels
        self.test_inputs, self.test_labels = data.test_inputs, data.test_labels
        self.train_targets = encode(data.train_labels, spec.classes)
        self.test_targets = encode(data.test_labels, spec.classes)
        self.learning_rate = spec.learning_rate
        self.changes: tuple[tuple[int, str, Any], ...] = ()
        self.diverged = False
        self._rows = np.recarray(16, dtype=_row_type(layers=len(self.network.weights)))
        self._rows[0] = self._measure(epoch=0)
        self._length = 1

    @property
    def epoch(self) -> int:
        return self._length - 1

    @property
    def history(self) -> np.recarray[Any, Any]:
        """What was measured after each epoch, epoch 0 being the untrained network; read-only.

        Columns, as `history.train_loss` or `history["train_loss"]`: epoch, train_loss, test_loss,
        train_accuracy, test_accuracy, each (epochs,), and gradient_norms, (epochs, layers): the
        norm of dJ/dW of each layer, J being the loss over all training samples at that moment.
        """
        rows = self._rows[: self._length].view(np.recarray)
        rows.flags.writeable = False
        return rows

    def advance(self, epochs: int = 1) -> None:
        """Train for a number of epochs, or until the numbers stop being finite (`diverged`).

        An epoch is one pass over the training samples in a new random order, in mini-batches; the
        last batch may be smaller. Each batch is one step, W ← W − η dJ/dW.
        """
        for _ in range(epochs):
            if self.diverged:
                return
            before = self.snapshot()
            with np.errstate(all="ignore"):
                self._train_one_epoch()
                row = self._measure(epoch=self.epoch + 1)
            if not _is_finite(row, self.network.parameters):
                self.restore(before)
                self.diverged = True
                return
            self._append(row)

    def change(self, setting: str, value: Any) -> None:
        """Change a setting of the running network from this epoch on, and note it in `changes`.

        Raises:
            ValueError: the value is out of range, or the setting needs a new run.
        """
        if setting not in LIVE_SETTINGS:
            raise ValueError(
                f"{setting} needs a new run; live changes are for {', '.join(LIVE_SETTINGS)}"
            )
        checked = getattr(replace(self.spec, **{setting: value}), setting)
        self.changes += ((self.epoch, setting, checked),)
        setattr(self, setting, checked)
        self.diverged = False

    def predict(self, points: Floats) -> Floats:
        """Class probabilities (points, classes) at points (points, 2) of the plane."""
        return self.network.predict(points)

    def snapshot(self) -> Snapshot:
        """A copy of this moment that nothing will change any more."""
        return Snapshot(
            epoch=self.epoch,
            parameters=self.network.parameters.copy(),
            generator_state=self._batch_rng.bit_generator.state,
            changes=self.changes,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a moment of this run: what came after it is forgotten, history included."""
        self.network.parameters[:] = snapshot.parameters
        self._batch_rng.bit_generator.state = snapshot.generator_state
        self.changes = snapshot.changes
        for setting in LIVE_SETTINGS:
            setattr(self, setting, getattr(self.spec, setting))
        for _, setting, value in self.changes:
            setattr(self, setting, value)
        self._length = snapshot.epoch + 1
        self.diverged = False

    def _train_one_epoch(self) -> None:
        order = self._batch_rng.permutation(len(self.train_inputs))
        inputs, targets = self.train_inputs[order], self.train_targets[order]
        size = self.spec.batch_size
        for start in range(0, len(inputs), size):
            batch = slice(start, start + size)
            gradient = self.network.gradient(inputs[batch], targets[batch])
            self.network.parameters -= self.learning_rate * gradient

    def _measure(self, epoch: int) -> tuple[Any, ...]:
        """The history row of the network as it is."""
        output = self.network.output
        train = self.network.forward(self.train_inputs)
        test = self.network.forward(self.test_inputs)
        gradients, _ = self.network.split(self.network.backward(train, self.train_targets))
        return (
            epoch,
            output.value(train.scores, self.train_targets),
            output.value(test.scores, self.test_targets),
            _accuracy(output.classify(train.scores), self.train_labels),
            _accuracy(output.classify(test.scores), self.test_labels),
            tuple(float(np.linalg.norm(gradient)) for gradient in gradients),
        )

    def _append(self, row: tuple[Any, ...]) -> None:
        if self._length == len(self._rows):
            grown = np.recarray(2 * self._length, dtype=self._rows.dtype)
            grown[: self._length] = self._rows
            self._rows = grown
        self._rows[self._length] = row
        self._length += 1


def _row_type(*, layers: int) -> np.dtype[Any]:
    columns = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
    return np.dtype(
        [("epoch", np.int64)]
        + [(column, np.float64) for column in columns]
        + [("gradient_norms", np.float64, (layers,))]
    )


def _accuracy(predicted: Integers, labels: Integers) -> float:
    return float(np.mean(predicted == labels))


def _is_finite(row: tuple[Any, ...], parameters: Floats) -> bool:
    numbers = np.concatenate([row[1:-1], row[-1], parameters])
    return bool(np.isfinite(numbers).all())
