"""What the board is given when a run begins: charts, palettes, names and choices."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from engine import Run, Spec
from engine.history import FLOWS
from engine.own_data import CLASSES
from engine.run import PARAMETER, PARAMETER_LIMITS, PARAMETERS
from playground import figures, naming, palette
from playground.board.shared import Shared
from playground.board.stopping import LIMITS, WATCHED
from playground.limits import FIRST_LAYER_UNITS, PAGE_LAYERS, PAGE_UNITS
from playground.restrictions import Restrictions
from playground.server.config import config
from playground.thinning import evenly

SPEEDS = (1, 2, 5, 10, 50)  # epochs per frame
LEARNING_RATES = (1e-5, 1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
MOST_MARKS = 40  # of live changes in the charts, the newest
MAX_CURVE_POINTS = 1_000  # of a curve when the charts are made anew

# those that several visitors see as their board opens
CHARTS: Shared[Mapping[str, Any]] = Shared(32)

# the words for activations whose slope is almost 0, and what they mean
WITHOUT_SLOPE = {
    "saturated": "Share of the activations with almost no slope, over the training points: hardly "
    "any gradient passes through them.",
    "inactive": "Share of the activations on the flat side, over the training points: about half "
    "is normal.",
}


def make_start(
    run: Run,
    *,
    spec: Spec,
    half_width: float,
    can_undo: bool = False,
    locked: frozenset[str] = frozenset(),
    reshaped: Sequence[int] | None = None,
    pinned: Run | None = None,
    choices: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """Everything that stays the same for a whole run, as `Start` in message.js describes it.

    spec: of the controls, live changes included.
    can_undo: whether a point was added that can be taken back.
    locked: what can't be changed, keys of `restrictions.LOCKABLE`.
    reshaped: hidden layers that the board asked for last, None for never.
    pinned: the run beside it, if there is one; it stands at the same epoch.
    choices: what the board is to choose for it: `flow`, one of `FLOWS`, and `speed`.
    """
    if pinned is None:
        charts = CHARTS.of(run, lambda: _charts(run, half_width))
    else:
        charts = _charts(run, half_width, pinned)
    flat_name = run.network.activation.flat_name
    classes = 0 if spec.is_regression else spec.classes
    is_curve = spec.coordinates == 1
    value_scale = [*palette.value_range(spec), *palette.VALUE_COLORS]
    return {
        "figures": charts,
        "palette": palette.region_palette(classes),
        "unit_palette": palette.region_palette(0),
        "unit_names": naming.unit_names(run),
        "outputs": naming.output_names(run),
        "axes": figures.plane_names(spec),
        "parameter_limits": PARAMETER_LIMITS,
        "classes": [
            (name, palette.CLASS_COLORS[label], palette.class_mark(label))
            for label, name in enumerate(naming.class_names(spec))
        ],
        "values": None if classes or is_curve else value_scale,
        "line": "what the network predicts" if is_curve else None,
        "accuracy": run.spec.score_name,
        "title": region_title(run.spec),
        "pinned": pinned is not None,
        "run_colors": palette.RUN_COLORS,
        "can_add": can_take_points(run) and Restrictions(locked).takes_own_data,
        "locked": sorted(locked),
        "can_undo": can_undo,
        "reshaped": reshaped,
        "flows": [[flow, *astuple(figures.FLOW_LABELS[flow])] for flow in FLOWS],
        "without_slope": [flat_name, WITHOUT_SLOPE[flat_name]],
        "plane": figures.plane(spec, half_width),
        "most_layers": PAGE_LAYERS[1],
        "most_units": PAGE_UNITS[1],
        "first_units": FIRST_LAYER_UNITS,
        "speeds": SPEEDS,
        "choices": choices or {},
        "learning_rates": sorted({*LEARNING_RATES, spec.learning_rate}),
        "stop_limits": LIMITS,
        "watched": WATCHED,
    }


def _charts(run: Run, half_width: float, pinned: Run | None = None) -> Mapping[str, Any]:
    """The figures of Plotly, as JSON has them."""
    history = _thinned(run)
    made = {
        "region": figures.region_figure(run, half_width=half_width),
        "loss": figures.loss_figure(
            history,
            with_penalty=run.network.is_regularized,
            pinned=None if pinned is None else _thinned(pinned),
        ),
        **{flow: figures.flow_figure(history, flow) for flow in FLOWS},
    }
    return {name: json.loads(figure.to_json()) for name, figure in made.items()}


def can_take_points(run: Run) -> bool:
    """Whether points can be clicked into the picture: they need a plane and a class."""
    if not config().own_data:
        return False
    return run.spec.coordinates > 1 and 0 < len(naming.class_names(run.spec)) <= CLASSES[1]


def region_title(spec: Spec) -> str:
    """What the picture of the plane is called."""
    if spec.coordinates == 1:
        return "Fitted curve"
    return "Predicted value" if spec.is_regression else "Decision regions"


def _thinned(run: Run) -> Any:
    """The history at no more than MAX_CURVE_POINTS epochs, evenly spread, both ends included."""
    return run.history[evenly(len(run.history) - 1, MAX_CURVE_POINTS)]


def marks(changes: Sequence[tuple[float, str, Any]]) -> list[tuple[float, str]]:
    """The newest live changes of a run: since which epoch, and what they say in a chart."""
    say: dict[str, Callable[[Any], str]] = {
        "learning_rate": lambda value: f"η = {value:g}",
        PARAMETER: lambda value: f"w = {value[1]:.3g}",
        PARAMETERS: lambda value: "weights loaded",
    }
    return [(position, say[setting](value)) for position, setting, value in changes[-MOST_MARKS:]]
