"""A run's settings, weights and history, as files that others can read."""

import csv
import io
import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import numpy as np

from engine import Run, Spec
from engine.activations import ACTIVATIONS
from engine.features import FEATURES
from engine.history import COLUMNS, FLOWS
from engine.losses import LOSSES
from playground.board.value import settings_dict, spec_from_dict
from playground.naming import layer_names

KIND = ("hidden", "activation", "loss", "features")  # settings that weights belong to
NOT_NPZ = "the weights are not a file of NumPy arrays (.npz)"
OF_NO_KIND = "the weights are of no kind of network that there is here"
LONGEST_LIST = 200  # letters of what a file holds, in a message
MOST_ARRAYS = 64  # in a file of weights
MOST_UNPACKED = 20_000_000  # bytes of all of them: a small file can hold many zeros


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
    except RecursionError:
        raise ValueError("the settings are nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"the settings are not JSON: {error}") from None
    return spec_from_dict(found)


def weights_npz(run: Run) -> bytes:
    """Weights W1, W2 … (n_in, n_out) and biases b1, b2 … (n_out,) in NumPy's own format.

    `kind` says, as JSON, of what kind of network they are: the settings `KIND`.
    """
    arrays: dict[str, Any] = {"kind": np.array(json.dumps(kind_of(run.spec)))}
    for layer, (weights, biases) in enumerate(
        zip(run.network.weights, run.network.biases, strict=True), start=1
    ):
        arrays |= {f"W{layer}": weights, f"b{layer}": biases}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def kind_of(spec: Spec) -> dict[str, Any]:
    """What weights belong to, besides the data."""
    kind = {name: getattr(spec, name) for name in KIND}
    return kind | {"loss": spec.resolved_loss, "features": spec.inputs}


@dataclass(frozen=True)
class Weights:
    """A file of weights.

    Attributes:
        layer_sizes: units per layer, inputs and outputs included.
        flat: as `Network.parameters` has them.
        kind: the settings of `KIND`, as far as the file says them.
    """

    layer_sizes: tuple[int, ...]
    flat: tuple[float, ...]
    kind: dict[str, Any]

    def fitting(self, spec: Spec) -> Spec:
        """A Spec with the network that these belong to, on the data of another one.

        Raises:
            ValueError: these data can't have such a network.
        """
        kind = self.kind | {"hidden": self.layer_sizes[1:-1]}
        now = kind_of(spec)
        other = {name: kind[name] for name in kind if kind[name] != now[name]}
        try:
            fitted = replace(spec, **other)
        except TypeError:  # a list or an object in the place of a name
            raise ValueError(OF_NO_KIND) from None
        sizes = (len(fitted.inputs), *fitted.hidden, fitted.outputs)
        if sizes != self.layer_sizes:
            raise ValueError(
                f"the weights belong to a network {_joined(self.layer_sizes)}, and with these data "
                f"it would be {_joined(sizes)}: load the settings of the weights first"
            )
        return fitted

    def __str__(self) -> str:
        """The network in words: 2-4-1 with tanh."""
        said = []
        if "activation" in self.kind:
            said.append(ACTIVATIONS[self.kind["activation"]].label)
        if "loss" in self.kind:
            said.append(f"loss: {LOSSES[self.kind['loss']].label}")
        if "features" in self.kind:
            said.append(
                f"inputs: {', '.join(FEATURES[name].label for name in self.kind['features'])}"
            )
        return _joined(self.layer_sizes) + (f" with {'; '.join(said)}" if said else "")


def in_words(spec: Spec) -> str:
    """The network of a Spec, as `str` of `Weights` says it."""
    sizes = (len(spec.inputs), *spec.hidden, spec.outputs)
    return str(Weights(sizes, (), kind_of(spec)))


def read_weights(content: bytes) -> Weights:
    """The weights of a file.

    Raises:
        ValueError: it can't be read, or its arrays are no layers of a network.
    """
    _check_unpacked(content)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = dict(file.items())
        kind = dict(json.loads(str(arrays.pop("kind", "{}"))))
        kind |= {name: tuple(kind[name]) for name in ("hidden", "features") if name in kind}
    except Exception:  # a broken archive raises whatever its parts raise
        raise ValueError(NOT_NPZ) from None
    layers = range(1, len(arrays) // 2 + 1)
    found = {name: array.shape for name, array in arrays.items()}
    shapes = [found.get(f"W{layer}", ()) for layer in layers]
    sizes = tuple(shape[0] for shape in shapes if shape) + shapes[-1][1:] if shapes else ()
    wanted: dict[str, tuple[int, ...]] = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        wanted |= {f"W{layer}": (n_in, n_out), f"b{layer}": (n_out,)}
    if not wanted or found != wanted:
        raise ValueError(
            "the weights must be W1, b1, W2, b2 … of layers that fit together, got "
            f"{_shapes(found)}"
        )
    flat = np.concatenate([arrays[name].ravel() for name in wanted])
    if flat.dtype.kind != "f" or not np.isfinite(flat).all():
        raise ValueError("the weights must be finite numbers")
    if not set(kind) <= {*KIND}:
        raise ValueError(OF_NO_KIND)
    return Weights(sizes, tuple(flat.astype(np.float64).tolist()), kind)


def _check_unpacked(content: bytes) -> None:
    """Raises ValueError if it is no archive, or one that unpacks to more than weights are."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            sizes = [entry.file_size for entry in archive.infolist()]
    except Exception:  # a broken archive raises whatever its parts raise
        raise ValueError(NOT_NPZ) from None
    if len(sizes) > MOST_ARRAYS or sum(sizes) > MOST_UNPACKED:
        raise ValueError(
            f"the weights unpack to {len(sizes):,} arrays and {sum(sizes) / 1e6:,.0f} MB; the "
            f"limits are {MOST_ARRAYS} arrays and {MOST_UNPACKED / 1e6:.0f} MB"
        )


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
    return ", ".join(listed)[:LONGEST_LIST] or "nothing"


def _joined(layer_sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, layer_sizes))
