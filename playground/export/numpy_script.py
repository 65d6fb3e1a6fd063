"""A run as a program that needs NumPy alone and reads like a lesson.

The script is put together from pieces, which the chosen entries of the engine's dicts hold. It
makes the same steps in the same order as the engine, so it ends with the same losses; a test runs
it and compares.
"""

from collections.abc import Sequence
from textwrap import indent
from typing import Any

import numpy as np

from engine import Run, Spec
from engine.features import FEATURES
from engine.initializers import INITIALIZERS
from engine.optimizers import OPTIMIZERS
from engine.run import PARAMETER, PARAMETERS
from engine.spec import default_settings, settings_of


def python_script(spec: Spec, epochs: int, changes: Sequence[tuple[float, str, Any]] = ()) -> str:
    """A Python program that trains the run of a Spec for some epochs, with NumPy alone.

    Its last line of output is JSON: {"epoch": …, "train_loss": …, "test_loss": …}, losses without
    the penalty, as `Run.history` has them after as many epochs.

    changes: live changes of the run, as `Run.changes` has them; the script makes them, too.
    """
    run = Run(spec)
    settings = settings_of(spec)
    activation = run.network.activation
    loss, first = run.network.output, INITIALIZERS[spec.initializer].script
    made = [change for change in changes if change[0] < epochs or change[0] == epochs == 0]
    parts = [
        activation.script_helpers,
        f'''
def activate(z):
    return {activation.script_value}


def slope(z, a):
    """g'(z), where a = g(z) is known already."""
    return {activation.script_slope}

''',
        loss.script,
        '''

def with_ones(inputs):
    """A column of ones beside the inputs: so a layer's last row is its bias."""
    return np.column_stack([inputs, np.ones(len(inputs))])


def forward(inputs, layers):
    """Z = A W + b and A = g(Z), layer after layer; the last one stays at its scores Z."""
    activations, pre_activations = [with_ones(inputs)], []
    for layer in layers:
        if pre_activations:
            activations.append(with_ones(activate(pre_activations[-1])))
        pre_activations.append(activations[-1] @ layer)
    return activations, pre_activations


def backward(activations, pre_activations, targets, layers):
    """The gradient of each layer, from the output back.

    dW = A^T dZ, A being what the layer was given; dA = dZ W^T and dZ = dA * g'(Z) before it.
    """
    gradients = [None] * len(layers)
    errors = loss_gradient(pre_activations[-1], targets)
    for l in reversed(range(len(layers))):
        gradients[l] = activations[l].T @ errors
        if l > 0:
            slopes = slope(pre_activations[l - 1], activations[l][:, :-1])
            errors = (errors @ layers[l][:-1].T) * slopes
''',
        _penalty(run),
        "    return gradients\n",
        _optimizer(spec, settings),
        f'''

def initial_layers(rng):
    """Weights drawn by the initializer '{spec.initializer}'; biases are 0."""
    layers = []
    for n_in, n_out in zip(LAYERS[:-1], LAYERS[1:]):
        weights = {first.format(**settings)}
        layers.append(np.vstack([weights, np.zeros(n_out)]))
    return layers


def make_inputs(points):
    """What the network is shown of a point."""
    points = np.array(points)
    return np.column_stack([{input_list(spec)}])


def make_targets(labels):
    labels = np.array(labels)
    return {loss.script_targets.format(**settings)}

''',
        _main(run, spec, made),
        data_text(run),
        *(layers_text(run, value, "LOADED") for _, setting, value in made if setting == PARAMETERS),
        '\n\nif __name__ == "__main__":\n    main()\n',
    ]
    body = "".join(parts)
    return _head(run, epochs, body) + body


def input_list(spec: Spec) -> str:
    """What the network is shown of `points`, in Python."""
    items = [FEATURES[name].script for name in spec.inputs]
    return (
        ", ".join(items) if len(items) < 4 else "\n        " + ",\n        ".join(items) + ",\n    "
    )


def _head(run: Run, epochs: int, body: str) -> str:
    spec, sizes = run.spec, run.network.layer_sizes
    default = default_settings(spec)
    differing = [
        f"    {name} = {value!r}"
        for name, value in settings_of(spec).items()
        if value != default[name]
    ]
    if spec.own is not None:
        differing.insert(0, f"    own data: {_in_docstring(spec.own.name)}")
    imports = "\n".join(f"import {name}" for name in ("json", "math") if f"{name}." in body)
    listed = "\n".join(differing) or "    the default ones"
    shape = "-".join(map(str, sizes))
    return f'''"""A multi-layer perceptron in NumPy alone: {shape}, {spec.activation}.

It trains the network of the MLP Playground that has these settings, and prints its losses:
{listed}

A sample is a row everywhere. The data are at the end of the file.
"""

{imports}

import numpy as np

LAYERS = {list(sizes)}  # units, from the inputs to the outputs
EPOCHS = {epochs}
LEARNING_RATE = {spec.learning_rate!r}
BATCHES = {run.batches}  # per epoch, {_batch_sizes(run)}
WEIGHT_SEED = {spec.weight_seed}

'''


def _batch_sizes(run: Run) -> str:
    size, larger = divmod(len(run.train_points), run.batches)
    sizes = f"{size} or {size + 1}" if larger else str(size)
    return f"of {sizes} samples each" if sizes != "1" else "of one sample each"


def _in_docstring(words: str) -> str:
    """A person's words, with nothing in them that could end the docstring."""
    return ascii(words.replace('"', "'"))


def _penalty(run: Run) -> str:
    if not run.network.is_regularized:
        return ""
    slope = run.network.regularization.script_slope
    return f"""        weights = layers[l][:-1]  # they have a penalty, biases have none
        gradients[l][:-1] += {run.spec.regularization_rate!r} * {slope}
"""


def _optimizer(spec: Spec, settings: dict[str, Any]) -> str:
    optimizer = OPTIMIZERS[spec.optimizer]
    arguments = ", ".join(["layer", "gradient", "learning_rate", "count", *optimizer.memory])
    return f'''

def step({arguments}):
    """One step of {spec.optimizer} for one layer, in place; count is that of the steps, from 1."""
{indent(optimizer.script.format(**settings), "    ")}'''


def _main(run: Run, spec: Spec, changes: Sequence[tuple[float, str, Any]]) -> str:
    memory = OPTIMIZERS[spec.optimizer].memory
    slots = "".join(f", {name}_of[l]" for name in memory)
    starts = "".join(
        f"    {name}_of = [np.zeros_like(layer) for layer in layers]\n" for name in memory
    )
    whole = run.batches == 1
    order = (
        "        order = np.arange(len(inputs))  # all samples make one batch\n"
        if whole
        else "        order = batch_rng.permutation(len(inputs))\n"
    )
    changing = (
        "            learning_rate = change(layers, epoch, number, learning_rate)\n"
        if changes
        else ""
    )
    counted = "number, batch" if changes else "batch"
    batches = "np.array_split(order, BATCHES)"
    if changes:
        batches = f"enumerate({batches})"
    return f"""{_changes(run, changes)}
def main():
    inputs, test_inputs = make_inputs(TRAIN_POINTS), make_inputs(TEST_POINTS)
    targets, test_targets = make_targets(TRAIN_LABELS), make_targets(TEST_LABELS)
    # two generators from one seed: one for the weights, one for the order of the samples
    weight_rng, batch_rng = np.random.default_rng(WEIGHT_SEED).spawn(2)
    layers = initial_layers(weight_rng)
{starts}    count, learning_rate = 0, LEARNING_RATE
    for epoch in range(EPOCHS):
{order}        for {counted} in {batches}:
{changing}            activations, pre_activations = forward(inputs[batch], layers)
            gradients = backward(activations, pre_activations, targets[batch], layers)
            count += 1
            for l in range(len(layers)):
                step(layers[l], gradients[l], learning_rate, count{slots})
    result = {{
        "epoch": EPOCHS,
        "train_loss": float(loss(forward(inputs, layers)[1][-1], targets)),
        "test_loss": float(loss(forward(test_inputs, layers)[1][-1], test_targets)),
    }}
    print(json.dumps(result))

"""


def _changes(run: Run, changes: Sequence[tuple[float, str, Any]]) -> str:
    """A function that makes the live changes of a run where they were made."""
    if not changes:
        return ""
    lines = []
    for position, setting, value in changes:
        epoch, batch = divmod(round(position * run.batches), run.batches)
        where = f"(epoch, batch) == ({epoch}, {batch})"
        if setting == PARAMETER:
            layer, row, column = _place(run, value[0])
            what = f"layers[{layer}][{row}, {column}] = {value[1]!r}"
        elif setting == PARAMETERS:
            what = "layers[:] = [np.array(layer) for layer in LOADED]"
        else:
            what = f"learning_rate = {value!r}"
        lines.append(f"    if {where}:\n        {what}\n")
    return f'''
def change(layers, epoch, batch, learning_rate):
    """What was changed by hand while it trained. Returns the learning rate from here on."""
{"".join(lines)}    return learning_rate

'''


def _place(run: Run, index: int) -> tuple[int, int, int]:
    """Layer, row and column of a parameter, the bias being a layer's last row."""
    for layer, weights in enumerate(run.network.weights):
        n_in, n_out = weights.shape
        if index < (n_in + 1) * n_out:
            return layer, index // n_out, index % n_out
        index -= (n_in + 1) * n_out
    raise ValueError(f"the network has no parameter {index}")


def data_text(run: Run) -> str:
    """The data, as Python."""
    names = ("train_points", "train_labels", "test_points", "test_labels")
    return "".join(f"\n{name.upper()} = {_rows(getattr(run, name))}\n" for name in names)


def layers_text(run: Run, parameters: Sequence[float], name: str) -> str:
    """Weights and biases that a run began with, as Python; the bias is a layer's last row."""
    weights, biases = run.network.split(np.array(parameters))
    layers = [
        _rows(np.vstack([w, b])).replace("\n", "\n    ")
        for w, b in zip(weights, biases, strict=True)
    ]
    return f"\n{name} = [\n    " + ",\n    ".join(layers) + ",\n]\n"


def _rows(values: np.ndarray) -> str:
    """An array as Python, a few numbers in a line."""
    items = [repr(item) for item in values.tolist()]
    each = 2 if values.ndim > 1 else 5 if values.dtype.kind == "f" else 24
    lines = [", ".join(items[i : i + each]) for i in range(0, len(items), each)]
    return "[\n    " + ",\n    ".join(lines) + ",\n]"
