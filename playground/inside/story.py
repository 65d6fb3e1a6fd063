"""How one weight gets its next value: forward, loss, backward factor by factor, update."""

from dataclasses import dataclass

import numpy as np

from engine import Run
from engine.arrays import Floats
from engine.inspection import NextStep, Passes, make_passes, next_step
from engine.optimizers import OPTIMIZERS
from playground.inside.tex import factor, in_lines, number, of_matrices, products
from playground.naming import unit_names


@dataclass(frozen=True)
class Weight:
    """A weight of a network, or a bias.

    Attributes:
        layer: its layer; 0 is the first with weights.
        source: the unit in the layer before, None for a bias.
        target: the unit in its own layer.
    """

    layer: int
    source: int | None
    target: int


@dataclass(frozen=True)
class Story:
    """The explanation, in paragraphs of Markdown with KaTeX.

    Attributes:
        forward: from the point to its loss.
        backward: from the loss to dL/dw, factor by factor.
        update: from the gradient of the mini-batch to the new value.
        z: pre-activation of the weight's unit.
        product: dL/dw as the product of its factors.
        gradient: the same number from backpropagation.
        before, after: the weight's value before and after the next step.
    """

    forward: tuple[str, ...]
    backward: tuple[str, ...]
    update: tuple[str, ...]
    z: float
    product: float
    gradient: float
    before: float
    after: float


def tell(run: Run, weight: Weight, inputs: Floats, targets: Floats, *, member: bool) -> Story:
    """Explain a weight with the numbers of one sample.

    inputs: (1, n_inputs); targets: (1, outputs). member: whether it is in the next mini-batch.
    """
    passes, step = make_passes(run.network, inputs, targets), next_step(run)
    layer, target = weight.layer, weight.target
    is_output = layer == len(run.network.weights) - 1
    backward = [_output_error(run, passes)]
    factor_in = (
        1.0 if weight.source is None else float(passes.forward.activations[layer][0, weight.source])
    )
    if is_output:
        error = float(passes.backward.errors[layer][0, target])
        slope = 1.0
    else:
        from_next = float(
            run.network.weights[layer + 1][target] @ passes.backward.errors[layer + 1][0]
        )
        slope = float(passes.backward.slopes[layer][0, target])
        error = slope * from_next
        backward += _errors_between(passes, layer)
        backward.append(_unit_error(run, passes, weight, from_next))
    product = factor_in * error
    if weight.source is None:
        gradient = float(passes.backward.bias_gradients[layer][target])
    else:
        gradient = float(passes.backward.weight_gradients[layer][weight.source, target])
    backward.append(_chain(run, weight, factor_in, error, product))
    values = run.network.parameters
    index = index_of(run, weight)
    return Story(
        forward=(_sum(run, passes, weight), *_rest_of_forward(run, passes, layer)),
        backward=tuple(backward),
        update=_update(run, weight, step, gradient, member=member),
        z=float(passes.forward.pre_activations[layer][0, target]),
        product=product,
        gradient=gradient,
        before=float(values[index]),
        after=float(values[index] + step.update[index]),
    )


def index_of(run: Run, weight: Weight) -> int:
    """The index of a weight or bias in the flat parameters of the network."""
    places = np.arange(len(run.network.parameters), dtype=np.float64)
    weights, biases = run.network.split(places)
    if weight.source is None:
        return int(biases[weight.layer][weight.target])
    return int(weights[weight.layer][weight.source, weight.target])


def symbol(weight: Weight) -> str:
    """w or b with its indices, in KaTeX, units counted from 1."""
    of_layer = f"^{{({weight.layer + 1})}}"
    if weight.source is None:
        return f"b{of_layer}_{{{weight.target + 1}}}"
    return f"w{of_layer}_{{{weight.source + 1}\\,{weight.target + 1}}}"


def _sum(run: Run, passes: Passes, weight: Weight) -> str:
    """z and a of the weight's unit."""
    layer, j = weight.layer, weight.target
    weights, biases = run.network.weights[layer][:, j].tolist(), run.network.biases[layer]
    given = passes.forward.activations[layer][0].tolist()
    z = float(passes.forward.pre_activations[layer][0, j])
    name = unit_names(run)[layer + 1][j]
    of_layer, unit = f"^{{({layer + 1})}}", f"_{{{j + 1}}}"
    lines = [
        rf"z{of_layer}{unit} &= \sum_i a^{{({layer})}}_i w{of_layer}_{{i\,{j + 1}}} "
        rf"+ b{of_layer}{unit}",
        rf"&= {products(list(zip(given, weights, strict=True)), float(biases[j]))}",
        rf"&= {number(z)}",
    ]
    if layer < len(run.network.weights) - 1:
        g = run.network.activation.symbol
        a = float(passes.forward.activations[layer + 1][0, j])
        lines.append(rf"a{of_layer}{unit} &= {_applied(g, number(z))} = {number(a)}")
    return f"**{name}**: a weighted sum, then the activation.\n\n" + _aligned(lines)


def _rest_of_forward(run: Run, passes: Passes, layer: int) -> list[str]:
    """The activations of the later layers, the prediction and its loss."""
    lines = [
        rf"\mathbf{{a}}^{{({later})}} &= {_vector(passes.forward.activations[later][0])}"
        for later in range(layer + 2, len(passes.forward.activations))
    ]
    last = len(run.network.weights)
    lines.append(rf"\mathbf{{z}}^{{({last})}} &= {_vector(passes.forward.pre_activations[-1][0])}")
    p, y, output = passes.predictions[0], passes.targets[0], run.network.output
    lines += [
        rf"y &= {_vector(y)}",
        _equal("p", _applied(output.symbol, "z"), _vector(p)),
        _equal("L", output.formula, number(float(passes.losses[0]))),
    ]
    return [
        "**The rest of the network**: its prediction, and how wrong it is.\n\n" + _aligned(lines)
    ]


def _output_error(run: Run, passes: Passes) -> str:
    """dL/dz of the output layer; in both ways, where there are two."""
    output, error = run.network.output, passes.backward.errors[-1][0]
    lines = [_equal(r"\frac{dL}{dz}", output.gradient_formula, _vector(error))]
    with np.errstate(all="ignore"):
        factors = [one.value(passes.predictions[0], passes.targets[0]) for one in output.factors]
    # where a prediction is 0 or 1 to the last digit, the long way divides by zero
    if factors and np.isfinite(np.concatenate(factors)).all():
        lines[:0] = [
            _equal(one.name, one.formula, _vector(value))
            for one, value in zip(output.factors, factors, strict=True)
        ]
        text = "two ways to the same number: by the chain rule through the prediction, and directly"
    else:
        text = "the derivative of the loss"
    return f"**At the output**: {text}.\n\n" + _aligned(lines)


def _errors_between(passes: Passes, layer: int) -> list[str]:
    """The error signals of the layers between the output and the one after the weight's."""
    between = range(len(passes.backward.errors) - 2, layer, -1)
    if not between:
        return []
    errors = passes.backward.errors
    lines = [
        rf"\frac{{dL}}{{d\mathbf{{z}}^{{({later + 1})}}}} &= {_vector(errors[later][0])}"
        for later in between
    ]
    return [
        "**Back through the layers in between**, each by the rule that comes next.\n\n"
        + _aligned(lines)
    ]


def _unit_error(run: Run, passes: Passes, weight: Weight, from_next: float) -> str:
    """dL/da and dL/dz of the weight's unit."""
    layer, j = weight.layer, weight.target
    pairs = list(
        zip(
            run.network.weights[layer + 1][j].tolist(),
            passes.backward.errors[layer + 1][0].tolist(),
            strict=True,
        )
    )
    a, slope = (
        float(passes.forward.activations[layer + 1][0, j]),
        float(passes.backward.slopes[layer][0, j]),
    )
    here, after = f"^{{({layer + 1})}}_{{{j + 1}}}", f"^{{({layer + 2})}}"
    formula = run.network.activation.slope_formula
    z = float(passes.forward.pre_activations[layer][0, j])
    lines = [
        rf"\frac{{dL}}{{da{here}}} &= \sum_k w{after}_{{{j + 1}\,k}}\,\frac{{dL}}{{dz{after}_k}}",
        rf"&= {products(pairs)}",
        rf"&= {number(from_next)}",
        _equal(rf"g'(z{here})", formula, number(slope)),
        rf"&\phantom{{=}}\ (z = {number(z)},\ a = {number(a)})",
        _equal(
            rf"\frac{{dL}}{{dz{here}}}",
            rf"{factor(slope)}\cdot{factor(from_next)}",
            number(slope * from_next),
        ),
    ]
    return (
        "**At the unit**: the errors of the next layer's units, each times the weight to it; then "
        "times the slope of the activation.\n\n" + _aligned(lines)
    )


def _chain(run: Run, weight: Weight, factor_in: float, error: float, product: float) -> str:
    layer, j, w = weight.layer, weight.target, symbol(weight)
    here = f"^{{({layer + 1})}}_{{{j + 1}}}"
    if weight.source is None:
        left, text = "1", "**At the bias**: it is added unchanged, so its factor is 1."
    else:
        left = f"a^{{({layer})}}_{{{weight.source + 1}}}"
        text = "**At the weight**: the value that came in through it, times the error of its unit."
    lines = [
        _equal(
            rf"\frac{{dL}}{{d{w}}}",
            rf"{left}\cdot\frac{{dL}}{{dz{here}}}",
            rf"{factor(factor_in)}\cdot{factor(error)}",
            number(product),
        ),
    ]
    return f"{text}\n\n" + _aligned(lines)


def _update(
    run: Run, weight: Weight, step: NextStep, own: float, *, member: bool
) -> tuple[str, ...]:
    """The gradient of the mini-batch, the step, and the new value."""
    w, index = symbol(weight), index_of(run, weight)
    before, update = float(run.network.parameters[index]), float(step.update[index])
    gradient, m = float(step.gradient[index]), len(step.batch)
    part = (
        f"this point is one of its {m}, so it adds $1/{m}$ of ${number(own)}$"
        if member
        else f"this point is not one of its {m}"
    )
    lines = [rf"g = \frac{{dJ}}{{d{w}}} &= {number(gradient)}"]
    penalty = 0.0
    if weight.source is not None:
        penalty = float(
            step.passes.backward.penalty_gradients[weight.layer][weight.source, weight.target]
        )
    if run.network.is_regularized:
        slope = rf"\lambda\cdot {run.network.regularization.slope_formula}"
        lines.append(rf"&\phantom{{=}}\ (\text{{of the penalty, }} {slope} = {number(penalty)})")
    optimizer = OPTIMIZERS[run.spec.optimizer]
    if optimizer.memory_formula:
        lines += [rf"&{formula}" for formula in optimizer.memory_formula.split(r", \quad ")]
        lines.append(_equal(rf"\Delta {w}", optimizer.formula, number(update)))
        rule = f"{optimizer.label} turns it into a step, using what it remembers"
    else:
        step_of = optimizer.formula.replace(r"\eta", number(run.learning_rate))
        step_of = of_matrices(step_of, g=factor(gradient))
        lines.append(_equal(rf"\Delta {w}", optimizer.formula, step_of, number(update)))
        rule = f"{optimizer.label} turns it into a step"
    lines.append(
        rf"{w} &\leftarrow {number(before, 6)} {_signed(update)} "
        rf"\\ &= {number(before + update, 6)}"
    )
    return (
        f"**The update**: the gradient is the mean over the next mini-batch ({part}); {rule}. "
        "**Batch**, above the pictures, makes this step.\n\n" + _aligned(lines),
    )


def _signed(value: float) -> str:
    return f"- {number(-value)}" if value < 0 else f"+ {number(value)}"


def _applied(symbol: str, to: str) -> str:
    """A function of something, in KaTeX; the identity has no symbol."""
    return f"{symbol}({to})" if symbol else to


def _vector(values: Floats) -> str:
    """A row in KaTeX, wrapped if it is long; a single number as such."""
    if len(values) == 1:
        return number(float(values[0]))
    shown = [number(value, 3) for value in values.tolist()]
    return "(" + in_lines(shown, r",\ ", r", \\ &\quad\ ") + ")"


def _equal(left: str, *right: str) -> str:
    """Things that are equal, side by side, or one below the other where a phone has no room."""
    return f"{left} &= " + in_lines(right, " = ", r" \\ &= ")


def _aligned(lines: list[str]) -> str:
    joined = r" \\ ".join(lines)
    return rf"$$\begin{{aligned}} {joined} \end{{aligned}}$$"
