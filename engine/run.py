"""One training run: a network, its data, its optimizer and everything measured so far.

A run has no loop of its own and knows no clock: whoever owns it calls `advance`, so pausing is not
calling it, stepping is calling it once, and looking is reading an attribute.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.features import make_inputs
from engine.history import History, Row
from engine.network import Network
from engine.optimizers import OPTIMIZERS, OptimizerState
from engine.spec import Spec, check_number, settings_of
from engine.split import Split, make_split
from engine.workspace import Workspace, root_mean_square, with_ones

LIVE_SETTINGS = ("learning_rate",)
PARAMETER = "parameter"  # the name of an edited weight or bias among the changes of a run
PARAMETERS = "parameters"  # the same of all of them at once
PARAMETER_LIMITS = (-100.0, 100.0)


@dataclass(frozen=True)
class Snapshot:
    """A moment of a run, complete enough to go on from there to the same numbers.

    Attributes:
        row: of the history: that of the last whole epoch.
        latest: the same numbers of this very moment; equal to `row` except mid-epoch.
        batch: mini-batches of the current epoch that were trained.
        parameters: copy of the network's flat parameter vector.
        optimizer_state: copy of what the optimizer remembers.
        generator_state: state of the generator that shuffles the mini-batches, as it was when the
            current epoch began.
        changes: the live changes made so far.
    """

    row: Row
    latest: Row
    batch: int
    parameters: Floats
    optimizer_state: OptimizerState
    generator_state: Mapping[str, Any]
    changes: tuple[tuple[float, str, Any], ...]

    @property
    def epoch(self) -> int:
        """Whole epochs that were trained."""
        return self.row.epoch


class Run:
    """The only mutable training state.

    Attributes:
        spec: what determined the run; live changes do not alter it.
        network: the `Network` being trained.
        train_points, test_points: the data as points, (samples, coordinates).
        train_labels, test_labels: the class, or the value, of each point, (samples,).
        train_inputs, test_inputs: the same points as the network sees them, (samples, features).
        train_targets, test_targets: the labels as the loss wants them, (samples, outputs).
        epoch: whole epochs trained so far.
        batch: mini-batches of the current epoch trained so far, less than `batches`.
        batches: mini-batches per epoch, ⌈n / batch_size⌉ for n training samples.
        learning_rate: the one in force; `change` alters it.
        optimizer_state: what the optimizer remembers.
        changes: (position, setting, value) of every live change; with `spec` they reproduce the
            run.
        diverged: whether the last `advance` left the finite numbers. Parameters and history then
            stand at the last epoch that was finite.
        after_batch: called after each mini-batch; a server lets other visitors compute there.
    """

    after_batch: Callable[[], object]

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        data = _split(spec)
        # two generators from one seed: the order of the batches is none of the weights' business
        weight_rng, self._batch_rng = np.random.default_rng(spec.weight_seed).spawn(2)
        self.network = Network(
            (len(spec.inputs), *spec.hidden, spec.outputs),
            activation=spec.activation,
            loss=spec.resolved_loss,
            initializer=spec.initializer,
            rng=weight_rng,
            weight_sigma=spec.weight_sigma,
            regularization=spec.regularization,
            regularization_rate=spec.regularization_rate,
        )
        encode = self.network.output.encode
        self.train_points, self.train_labels = data.train_points, data.train_labels
        self.test_points, self.test_labels = data.test_points, data.test_labels
        self.train_inputs = make_inputs(data.train_points, spec.inputs)
        self.test_inputs = make_inputs(data.test_points, spec.inputs)
        self.train_targets = encode(data.train_labels, spec.classes)
        self.test_targets = encode(data.test_labels, spec.classes)
        self._train_with_ones = with_ones(self.train_inputs)
        self._test_with_ones = with_ones(self.test_inputs)
        self._workspaces: dict[int, Workspace] = {}

        optimizer = OPTIMIZERS[spec.optimizer]
        self._step = optimizer.step
        settings = settings_of(spec)
        self._optimizer_settings = {
            entry.name: settings[entry.name] for entry in optimizer.settings
        }
        self.optimizer_state = optimizer.start(len(self.network.parameters))
        self.learning_rate = spec.learning_rate
        self.changes: tuple[tuple[float, str, Any], ...] = ()
        self.diverged = False
        self.after_batch = _nothing
        self.epoch = self.batch = 0
        self.batches = math.ceil(len(self.train_points) / spec.batch_size)
        self._bounds = batch_bounds(len(self.train_points), self.batches)
        self._order: np.ndarray | None = None  # of the samples, once the epoch has begun
        self._order_state: Mapping[str, Any] = {}  # of the generator, before it drew that order
        self._history = History(layers=len(self.network.weights))
        self._row = self._latest = self._measure()
        self._history.append(self._row)

    @property
    def history(self) -> np.recarray[Any, Any]:
        """What was measured after each epoch, epoch 0 being the untrained network; read-only.

        Its columns, as `history.train_loss` or `history["train_loss"]`, are the fields of
        `history.Row`: numbers are (epochs,), numbers of each layer (epochs, layers).

        Of very long runs, some earlier epochs are dropped, see `history.py`.
        """
        return self._history.rows()

    @property
    def latest(self) -> np.record:
        """What `history` has of an epoch, measured now; mid-epoch it is in no history."""
        return self._history.record(self._latest)

    @property
    def position(self) -> float:
        """Epochs trained so far; mid-epoch, with the fraction completed."""
        return self.epoch + self.batch / self.batches if self.batch else self.epoch

    @property
    def steps(self) -> int:
        """Steps that the optimizer has made, one per mini-batch."""
        return self.epoch * self.batches + self.batch

    def advance(self, epochs: int = 1) -> None:
        """Train for a number of epochs, or until the numbers stop being finite (`diverged`).

        An epoch is one pass over the training samples in a new random order, in `batches`
        mini-batches whose sizes differ by one sample at most. Each batch is one step of the
        optimizer. Mid-epoch, the rest of that epoch counts as the first one.
        """
        for _ in range(epochs):
            self._train(self.batches)

    def advance_batch(self) -> None:
        """Train on the next mini-batch alone; the last one of an epoch ends the epoch."""
        self._train(self.batch + 1)

    def next_batch(self) -> np.ndarray:
        """Indices of the training samples that the next step is made on. Nothing is trained."""
        start, end = self._bounds[self.batch : self.batch + 2]
        return self._epoch_order()[start:end].copy()

    def next_step(self, gradient: Floats) -> Floats:
        """What the optimizer would now add to the parameters for a gradient; both are flat."""
        return self._step(
            gradient, self.learning_rate, self.optimizer_state.copy(), self._optimizer_settings
        )

    def change(self, setting: str, value: Any) -> None:
        """Change the running network from this moment on, and note it in `changes`.

        setting: one of `LIVE_SETTINGS`, value being as in a Spec; or `PARAMETER`, value being the
        index of a weight or bias in `Network.parameters` and its new value; or `PARAMETERS`, value
        being all of them.

        Raises:
            ValueError: the value is out of range, or the setting needs a new run.
        """
        if setting == PARAMETER:
            value = self._edit(*value)
        elif setting == PARAMETERS:
            value = self._replace(value)
        elif setting in LIVE_SETTINGS:
            value = getattr(replace(self.spec, **{setting: value}), setting)
            setattr(self, setting, value)
        else:
            live = ", ".join((*LIVE_SETTINGS, PARAMETER, PARAMETERS))
            raise ValueError(f"{setting} needs a new run; live changes are for {live}")
        self.changes += ((self.position, setting, value),)
        self.diverged = False

    def _edit(self, index: Any, value: Any) -> tuple[int, float]:
        """Set a parameter."""
        parameters = self.network.parameters
        index = int(check_number("index", index, (0, len(parameters) - 1)))
        value = check_number("weight or bias", value, PARAMETER_LIMITS)
        parameters[index] = value
        self._measure_anew()
        return index, value

    def _replace(self, values: Sequence[float]) -> tuple[float, ...]:
        """Set all parameters."""
        parameters = self.network.parameters
        found = np.asarray(values, np.float64)
        if found.shape != parameters.shape or not np.isfinite(found).all():
            raise ValueError(f"parameters must be {len(parameters)} finite numbers")
        parameters[:] = found
        self._measure_anew()
        return tuple(found.tolist())

    def _measure_anew(self) -> None:
        """Measure this moment again, after its parameters were changed."""
        with np.errstate(all="ignore"):
            self._latest = self._measure()
        if self.batch == 0:
            self._row = self._latest
            self._history.cut(self._row)

    def predict(self, points: Floats) -> Floats:
        """Class probabilities (points, classes), or values (points, 1), at points of the plane.

        points: (points, coordinates); coordinates that are left out count as 0.
        """
        return self.network.predict(make_inputs(points, self.spec.inputs))

    def snapshot(self) -> Snapshot:
        """A copy of this moment, which later training does not change."""
        return Snapshot(
            row=self._row,
            latest=self._latest,
            batch=self.batch,
            parameters=self.network.parameters.copy(),
            optimizer_state=self.optimizer_state.copy(),
            generator_state=self._batch_rng.bit_generator.state
            if self._order is None
            else self._order_state,
            changes=self.changes,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a moment of this run: what came after it is forgotten, history included."""
        self._set_to(snapshot)
        self.changes = snapshot.changes
        for setting in LIVE_SETTINGS:
            setattr(self, setting, getattr(self.spec, setting))
        for _, setting, value in self.changes:
            if setting in LIVE_SETTINGS:
                setattr(self, setting, value)
        self._row, self._latest = snapshot.row, snapshot.latest
        self._history.cut(snapshot.row)
        self.diverged = False

    def fork(self, snapshot: Snapshot) -> "Run":
        """Another run at a moment of this one: the same past, and it goes on by itself."""
        other = Run(self.spec)
        other._history = self._history.copy()
        other.restore(snapshot)
        return other

    def _set_to(self, snapshot: Snapshot) -> None:
        self.network.parameters[:] = snapshot.parameters
        self.optimizer_state = snapshot.optimizer_state.copy()
        self._batch_rng.bit_generator.state = snapshot.generator_state
        self.epoch, self.batch, self._order = snapshot.epoch, snapshot.batch, None
        if self.batch:
            self._epoch_order()
        with np.errstate(all="ignore"):
            self._measure()  # for the gradient that the next step may want

    def _train(self, until: int) -> None:
        """Train up to so many mini-batches of this epoch; if it diverges, take them back."""
        if self.diverged:
            return
        before = self.snapshot()
        with np.errstate(all="ignore"):
            self._train_batches(self.batch, until)
            self.batch = until
            if until == self.batches:
                self.epoch, self.batch, self._order = self.epoch + 1, 0, None
            row = self._measure()
            if not (row.is_finite and math.isfinite(self.network.parameters.sum())):
                self._set_to(before)
                self.diverged = True
                return
        self._latest = row
        if self.batch == 0:
            self._row = row
            self._history.append(row)

    def _train_batches(self, start: int, stop: int) -> None:
        step, settings, parameters = self._step, self._optimizer_settings, self.network.parameters
        if self.batches == 1:
            # one batch of all samples: its gradient was computed when the last epoch was measured
            gradient = self._workspace(len(self._train_with_ones)).gradient
            parameters += step(gradient, self.learning_rate, self.optimizer_state, settings)
            return
        for inputs, targets in self._batches(start, stop):
            workspace = self._workspace(len(inputs))
            workspace.forward(inputs)
            gradient = workspace.backward(inputs, targets)
            parameters += step(gradient, self.learning_rate, self.optimizer_state, settings)
            self.after_batch()

    def _batches(self, start: int, stop: int) -> Iterator[tuple[Floats, Floats]]:
        """Mini-batches of this epoch: inputs with a column of ones, targets."""
        bounds = self._bounds[start : stop + 1]
        order = self._epoch_order()[bounds[0] : bounds[-1]]
        inputs, targets = self._train_with_ones[order], self.train_targets[order]
        for first, end in pairwise([bound - bounds[0] for bound in bounds]):
            yield inputs[first:end], targets[first:end]

    def _epoch_order(self) -> np.ndarray:
        """The order of the samples in the current epoch, drawn when it is first asked for."""
        if self._order is None:
            self._order_state = self._batch_rng.bit_generator.state
            count = len(self._train_with_ones)
            # a batch of all samples is not shuffled: their order would only change the rounding
            alone = self.batches == 1
            self._order = np.arange(count) if alone else self._batch_rng.permutation(count)
        return self._order

    def _workspace(self, samples: int) -> Workspace:
        """Of four sizes at most: the two of the batches, the training and the test data."""
        if samples not in self._workspaces:
            self._workspaces[samples] = Workspace(self.network, samples)
        return self._workspaces[samples]

    def _measure(self) -> Row:
        """The history row of the network as it is."""
        output = self.network.output
        test_scores = self._workspace(len(self._test_with_ones)).forward(self._test_with_ones)
        test = output.value(test_scores, self.test_targets)
        test_accuracy = output.accuracy(test_scores, self.test_targets)
        workspace = self._workspace(len(self._train_with_ones))
        scores = workspace.forward(self._train_with_ones)
        workspace.backward(self._train_with_ones, self.train_targets)
        return Row(
            epoch=self.epoch,
            train_loss=output.value(scores, self.train_targets),
            test_loss=test,
            train_accuracy=output.accuracy(scores, self.train_targets),
            test_accuracy=test_accuracy,
            penalty=self.network.penalty(),
            gradient_norms=tuple([math.sqrt(w @ w) for w in workspace.weight_gradients]),
            error_rms=tuple([root_mean_square(errors) for errors in workspace.errors]),
            output_spread=tuple(workspace.spreads()),
        )


def batch_bounds(samples: int, batches: int) -> list[int]:
    """Where each batch of an epoch begins in its order, and where the last one ends.

    The sizes differ by one sample at most, the larger batches first, as in `np.array_split`.
    """
    size, larger = divmod(samples, batches)
    return [batch * size + min(batch, larger) for batch in range(batches + 1)]


def _nothing() -> None:
    """Between two batches nobody else is waiting."""


def _split(spec: Spec) -> Split:
    if spec.own is not None:
        return spec.own.split(spec.test_share, spec.data_seed)
    return make_split(
        spec.dataset,
        classes=spec.classes,
        samples=spec.samples,
        noise=spec.noise,
        test_share=spec.test_share,
        seed=spec.data_seed,
        parameters=dict(spec.parameters),
    )
