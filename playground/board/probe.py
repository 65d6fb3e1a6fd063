"""What the network says where a person points: at a place of the picture, or at a data point."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import Run, inspection
from engine.arrays import Floats
from engine.features import make_inputs
from engine.network import Network
from engine.spec import check_number
from playground.board.told import read_moment, read_sample


@dataclass(frozen=True)
class Probe:
    """A question about the picture on screen.

    Attributes:
        run: name of the run on screen.
        epoch: of the frame on screen.
        x, y: the place, in the units of the axes.
        sample: part and index of the data point there, None if there is none.
        pinned: whether the picture is that of run A.
    """

    run: str
    epoch: float
    x: float
    y: float
    sample: tuple[str, int] | None = None
    pinned: bool = False


def read_probe(found: Any) -> Probe:
    """A probe as the board sent it.

    Raises:
        ValueError: it has another form, or a value out of range.
    """
    run, epoch = read_moment(found)
    try:
        x, y = (check_number(name, found[name], (-math.inf, math.inf)) for name in ("x", "y"))
        sample = None if found.get("sample") is None else read_sample(found["sample"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"the probe can't be understood: {error!r}") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError("the place of a probe must be finite")
    pinned = found.get("pinned", False)
    if not isinstance(pinned, bool):
        raise ValueError(f"pinned must be true or false, got {str(pinned)[:80]}")
    return Probe(run, epoch, x, y, sample, pinned)


def answer(probe: Probe, run: Run, network: Network) -> Mapping[str, Any]:
    """What the network says there, for JSON; a number that is not finite is None.

    run: whose data they are.
    network: the run's, with the parameters of the moment on screen.

    `predicted` has the probability of each class; for regression, the value in the units of the
    data. A `sample` has its class or value, its loss, and whether its class is right.

    Raises:
        ValueError: there is no such data point.
    """
    with np.errstate(all="ignore"):  # finite on the data, a network may overflow elsewhere
        if probe.sample is None:
            predicted, sample = network.predict(_inputs(probe, run))[0], None
        else:
            part, index = probe.sample
            labels = run.test_labels if part == "test" else run.train_labels
            if index >= len(labels):
                raise ValueError(f"there are {len(labels)} {part} points, and none is at {index}")
            found = inspection.point_loss(run, network, part=part, index=index)
            predicted = found.predicted
            sample = {
                "part": part,
                "index": index,
                "label": _number(_in_units(run, labels[index])),
                "loss": _number(found.loss),
                "right": found.is_right if found.is_right is None else bool(found.is_right),
            }
    return {
        "run": probe.run,
        "epoch": probe.epoch,
        "x": probe.x,
        "y": probe.y,
        "pinned": probe.pinned,
        "predicted": [_number(_in_units(run, value)) for value in predicted],
        "sample": sample,
    }


def _inputs(probe: Probe, run: Run) -> Floats:
    """The place as the network sees it; coordinates that are not in the picture are 0."""
    place = np.array([[probe.x, probe.y][: run.spec.coordinates]])
    own = run.spec.own
    if own is not None:
        place = (place - own.centre[: place.size]) / own.scale[: place.size]
    return make_inputs(place, run.spec.inputs)


def _in_units(run: Run, value: Any) -> Any:
    """A value to predict, in the units of the data; of classes and probabilities, the same."""
    own = run.spec.own
    if own is None or not run.spec.is_regression:
        return value
    return own.target_centre + own.target_scale * value


def _number(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None
