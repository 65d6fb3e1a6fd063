"""A run's settings, weights and history, as files that others can read."""

import csv
import io
import json
from typing import Any

import numpy as np

from engine import Run, Spec
from engine.history import COLUMNS, FLOWS
from playground.board.value import settings_dict, spec_from_dict
from playground.naming import layer_names


def settings_json(spec: Spec) -> str:
    """Every setting by its name, and own data with all that is in them."""
    return json.dumps(settings_dict(spec), indent=2) + "\n"


def read_settings(text: str) -> Spec:
    """The Spec of a file of settings; what it doesn't name has its default.

    Raises:
        ValueError: it can't be read, or a setting is unknown or out of range.
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValueError(f"the settings are not JSON: {error}") from None
    return spec_from_dict(found)


def weights_npz(run: Run) -> bytes:
    """Weights W1, W2 … (n_in, n_out) and biases b1, b2 … (n_out,) in NumPy's own format."""
    arrays: dict[str, Any] = {}
    for layer, (weights, biases) in enumerate(
        zip(run.network.weights, run.network.biases, strict=True), start=1
    ):
        arrays |= {f"W{layer}": weights, f"b{layer}": biases}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def read_weights(content: bytes, layer_sizes: tuple[int, ...]) -> tuple[float, ...]:
    """The flat parameters of a file of weights, for a network of these layers.

    Raises:
        ValueError: it can't be read, or it is of another network.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = dict(file.items())
    except Exception:  # a broken archive raises whatever its parts raise
        raise ValueError("the weights are not a file of NumPy arrays (.npz)") from None
    wanted = {}
    for layer in range(1, len(layer_sizes)):
        wanted[f"W{layer}"] = layer_sizes[layer - 1 : layer + 1]
        wanted[f"b{layer}"] = layer_sizes[layer : layer + 1]
    found = {name: array.shape for name, array in arrays.items()}
    if found != wanted:
        raise ValueError(
            f"the weights must be {_shapes(wanted)} for the layers "
            f"{'-'.join(map(str, layer_sizes))}, got {_shapes(found)}"
        )
    flat = np.concatenate([arrays[name].ravel() for name in wanted])
    if flat.dtype.kind != "f" or not np.isfinite(flat).all():
        raise ValueError("the weights must be finite numbers")
    return tuple(flat.astype(np.float64).tolist())


def history_csv(run: Run) -> str:
    """One row per epoch: losses, accuracies, penalty, and of each layer what flows through it."""
    layers = layer_names(len(run.network.weights))
    columns = [f"{flow} {layer}" for flow in FLOWS for layer in layers]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["epoch", *COLUMNS, *columns])
    for row in run.history:
        flows = [value for flow in FLOWS for value in row[flow].tolist()]
        writer.writerow([row["epoch"], *(float(row[column]) for column in COLUMNS), *flows])
    return text.getvalue()


def _shapes(shapes: dict[str, tuple[int, ...]]) -> str:
    listed = [f"{name} {'×'.join(map(str, shape))}" for name, shape in shapes.items()]
    return ", ".join(listed) or "nothing"
