"""Epochs a second of the engine, against what one would use instead, doing the same work.

The same work is: the same network, batches and data, and at the end of each epoch the loss and the
accuracy of the training and the test data. The engine also measures the gradient of each layer.
"""

import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from benchmarks.table import Row, at_least, at_most
from engine import Run, Spec, inspection

ROUNDS = 7  # of all the contestants in turn; ratios are taken within a round
SECONDS = 0.3  # of each contestant in a round

# name, Spec, how many times as fast as the others it should be. The training samples are what is
# left after a fifth is kept for testing.
RACES = [
    ("2-4-2-1, batch 10", Spec(hidden=(4, 2), batch_size=10), 8),
    ("2-8-8-1, batch 10", Spec(hidden=(8, 8), batch_size=10), 8),
    ("2-8-8-1, full batch", Spec(hidden=(8, 8), batch_size=100_000), 8),
    ("2-(8×6)-1, batch 10, 250 samples", Spec(hidden=(8,) * 6, batch_size=10, samples=250), 8),
    ("2-64-64-1, batch 32, 500 samples", Spec(hidden=(64, 64), batch_size=32, samples=500), 4),
    (
        "2-128-128-1, batch 64, 1,000 samples",
        Spec(hidden=(128, 128), batch_size=64, samples=1_000),
        2,
    ),
]

Epoch = Callable[[], object]


def measure() -> Iterator[Row]:
    """Every figure, one after the other."""
    yield from _steps()
    for name, spec, goal in RACES:
        yield from _race(name, replace(spec, test_share=0.2), goal)
    yield from _growth()
    yield from _pictures()


def _steps() -> Iterator[Row]:
    run = Run(Spec(batch_size=10, samples=250, test_share=0.2))  # 20 batches an epoch
    seconds = _seconds_each(lambda: run._train_batches(0, 20)) / 20
    yield at_most("a step of 2-8-8-1 at batch 10", 1e6 * seconds, "µs", 30)


def _race(name: str, spec: Spec, goal: float) -> Iterator[Row]:
    run = Run(spec)
    contestants: dict[str, Epoch] = {"engine": run.advance, "scikit-learn": _scikit_learn(run)}
    with suppress(ImportError):
        contestants["PyTorch"] = _pytorch(run)
    times: dict[str, list[float]] = {contestant: [] for contestant in contestants}
    for _ in range(ROUNDS):
        for contestant, epoch in contestants.items():
            times[contestant].append(_seconds_each(epoch))
    yield Row(name, 1.0 / statistics.median(times["engine"]), "epochs/s", "", True)
    for contestant in list(contestants)[1:]:
        ratios = [
            other / ours for other, ours in zip(times[contestant], times["engine"], strict=True)
        ]
        yield at_least(f"… against {contestant}", statistics.median(ratios), "times", goal)


def _seconds_each(epoch: Epoch) -> float:
    epoch()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        epoch()
        count += 1
    return (time.perf_counter() - start) / count


def _scikit_learn(run: Run) -> Epoch:
    spec, rng = run.spec, np.random.default_rng(0)
    network = MLPClassifier(
        hidden_layer_sizes=spec.hidden,
        activation=spec.activation,
        solver="sgd",
        momentum=0.0,
        alpha=0.0,
        learning_rate_init=spec.learning_rate,
    )
    parts = [(run.train_inputs, run.train_labels), (run.test_inputs, run.test_labels)]

    def epoch() -> None:
        order = rng.permutation(len(run.train_inputs))
        for batch in np.array_split(order, run.batches):
            network.partial_fit(run.train_inputs[batch], run.train_labels[batch], classes=[0, 1])
        for inputs, labels in parts:
            probabilities = network.predict_proba(inputs)
            log_loss(labels, probabilities)
            np.mean(probabilities.argmax(axis=1) == labels)

    warnings.simplefilter("ignore", ConvergenceWarning)
    return epoch


def _pytorch(run: Run) -> Epoch:
    import torch
    from torch import nn

    torch.set_default_dtype(torch.float64)
    spec = run.spec
    layers: list[nn.Module] = []
    for n_in, n_out in zip((2, *spec.hidden), spec.hidden, strict=False):
        layers += [nn.Linear(n_in, n_out), nn.Tanh()]
    network = nn.Sequential(*layers, nn.Linear(spec.hidden[-1], 1))
    optimizer = torch.optim.SGD(network.parameters(), lr=spec.learning_rate)
    criterion = nn.BCEWithLogitsLoss()
    train, test = (
        (torch.tensor(inputs), torch.tensor(targets))
        for inputs, targets in (
            (np.array(run.train_inputs), run.train_targets),
            (np.array(run.test_inputs), run.test_targets),
        )
    )

    def epoch() -> None:
        order = torch.randperm(len(train[0]))
        for batch in torch.tensor_split(order, run.batches):
            optimizer.zero_grad()
            criterion(network(train[0][batch]), train[1][batch]).backward()
            optimizer.step()
        with torch.no_grad():
            for inputs, targets in (train, test):
                scores = network(inputs)
                float(criterion(scores, targets))
                float(((scores > 0.0) == (targets > 0.5)).double().mean())

    return epoch


def _growth() -> Iterator[Row]:
    """Time of an epoch against samples, width and depth; and the memory of a run."""
    grown = [(f"{n:,} samples", Spec(samples=n)) for n in (100, 300, 1_000, 3_000, 10_000)]
    grown += [(f"width {n}", Spec(hidden=(n, n))) for n in (4, 8, 16, 32, 64, 128)]
    grown += [(f"depth {n}", Spec(hidden=(8,) * n)) for n in (1, 2, 4, 8)]
    for name, spec in grown:
        run = Run(spec)
        yield Row(f"an epoch, {name}", 1e3 * _seconds_each(run.advance), "ms", "", True)
    run = Run(Spec(hidden=(16,) * 6))
    run.advance(3)
    row = run.history.dtype.itemsize
    yield Row("memory of a snapshot, 6×16", run.snapshot().parameters.nbytes / 1e3, "kB", "", True)
    from engine.history import CAPACITY

    yield at_most("memory of the longest history, 6×16", row * CAPACITY / 1e6, "MB", 20)


def _pictures() -> Iterator[Row]:
    for name, hidden, goal in (("2-8-8-1", (8, 8), 1), ("2-(16×6)-1", (16,) * 6, 4)):
        run = Run(Spec(hidden=hidden))

        def look(run: Run = run) -> object:
            inspection.units(run, half_width=2.5, resolution=20)
            return inspection.region(run, half_width=2.5, resolution=60)

        took = 1e3 * _seconds_each(look)
        yield at_most(f"region 60×60 and units 20×20 of {name}", took, "ms", goal)
