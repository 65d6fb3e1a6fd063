"""Run A beside run B: the same data, the same epoch, other settings."""

import math
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import Any

from engine import Run, Spec
from engine.arrays import Floats
from engine.features import usable
from engine.moments import CAPACITY, Moments, replay
from engine.run import LIVE_SETTINGS
from engine.spec import AUTO, data_of, default_settings, loss_fits, settings_of, with_settings
from playground.naming import setting_name, setting_value
from playground.server.config import config

LEAST_MOMENTS = 8  # to go back to; between them a run is trained again


@dataclass(frozen=True)
class Pin:
    """What was pinned.

    Attributes:
        spec: of run A.
        changes: live changes that run A makes on its way, as `Run.changes` has them.
    """

    spec: Spec
    changes: tuple[tuple[float, str, Any], ...] = ()


def adapt(pin: Pin, other: Spec) -> Pin:
    """The same run A on the data of another Spec, without edits of weights that are not there."""
    spec = on_data_of(pin.spec, other)
    if (spec.inputs, spec.outputs) == (pin.spec.inputs, pin.spec.outputs):
        return Pin(spec, pin.changes)
    return Pin(spec, tuple(change for change in pin.changes if change[1] in LIVE_SETTINGS))


def on_data_of(spec: Spec, other: Spec) -> Spec:
    """A Spec with the data of another; its inputs and loss give way where those don't fit them."""
    values = data_of(other)
    if not usable(spec.features, other.coordinates):
        values["features"] = other.features
    if not loss_fits(spec.loss, 0 if other.is_regression else other.classes):
        values["loss"] = AUTO
    return with_settings(spec, values)


def differences(a: Spec, b: Spec) -> list[tuple[str, Any, Any]]:
    """The settings in which two Specs differ: name, value of the one, value of the other."""
    one, other = default_settings(b) | settings_of(a), default_settings(a) | settings_of(b)
    return [(name, one[name], other[name]) for name in one if one[name] != other[name]]


def in_words(a: Run, b: Run, spec: Spec) -> str:
    """The exact differences between run A and run B, and the initial weights that they share.

    spec: of run B, live changes included.
    """
    live = {setting: getattr(a, setting) for setting in LIVE_SETTINGS}
    differing = differences(replace(a.spec, **live), spec)
    said = []
    for side, label in enumerate("AB"):
        values = (
            (setting_name(name), setting_value(name, both[side])) for name, *both in differing
        )
        said.append(f"{label}: {', '.join(map(' '.join, values))}")
    words = " · ".join(said) if differing else "A and B have the same settings"
    shared = sum(takewhile(bool, (x == y for x, y in zip(a.changes, b.changes, strict=False))))
    if a.spec == b.spec and (shared or not a.changes):
        parted = [change[0] for run in (a, b) for change in run.changes[shared : shared + 1]]
        if not parted and not differing:
            return "A and B are the same run so far"
        return f"{words} · the same run up to epoch {min(parted, default=0):g}"
    if a.changes:
        count = len(a.changes)
        words += f" · A repeats its {count} live change{'s' if count > 1 else ''}"
    return f"{words} · same data, {_same_weights(a, b)}"


def _same_weights(a: Run, b: Run) -> str:
    """Which initial weights are the same: they are drawn layer by layer from the seed."""
    drawn_by = ("weight_seed", "initializer", "weight_sigma")
    one, other = a.network.layer_sizes, b.network.layer_sizes
    if any(getattr(a.spec, name) != getattr(b.spec, name) for name in drawn_by):
        return "different initial weights"
    same = sum(
        takewhile(bool, (x == y for x, y in zip(pairwise(one), pairwise(other), strict=False)))
    )
    if one == other:
        return "same initial weights"
    if not same:
        return "different initial weights"
    layers = "first layer" if same == 1 else f"first {same} layers"
    return f"same initial weights in the {layers}"


def moments_of(run: Run) -> Moments:
    """Those of a run, as many as a quarter of a visit's megabytes holds: run A has its own."""
    size = run.network.parameters.nbytes + run.optimizer_state.memory.nbytes
    fitting = config().megabytes_per_visit * 2**20 // 4 // size
    return Moments(run, min(max(fitting, LEAST_MOMENTS), CAPACITY))


class PinnedRun:
    """Run A, which goes wherever run B goes, by whole epochs.

    Args:
        pin: what was pinned.
        moments: of a run that has come some way already; None for one that begins.

    Attributes:
        run: the `Run`, where it was last taken.
    """

    def __init__(self, pin: Pin, moments: Moments | None = None) -> None:
        self._moments = moments or moments_of(Run(pin.spec))
        self.run = self._moments.run
        self._changes = pin.changes

    def follow(self, position: float) -> None:
        """Train up to an epoch, or go back to it; a run that diverged stays where it did."""
        epoch = math.floor(position)
        if epoch < self.run.position:
            self._moments.go_to(epoch)
        else:
            replay(self.run, self._changes, epoch)
            self._moments.note()

    def parameters(self, position: float) -> Floats:
        """The network's parameters as they were at B's position, flat."""
        return self._moments.parameters(min(math.floor(position), self.run.position))

    def look(self, position: float) -> Run:
        """A copy of the run as it was at B's position; one that diverged stays where it did."""
        return self._moments.look(min(math.floor(position), self.run.position))

    def release(self, before: float) -> None:
        """Epochs before this one are not gone back to soon."""
        self._moments.release(math.floor(before))
