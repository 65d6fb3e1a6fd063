"""The next mini-batch, matrix by matrix: forward, backward, update, with two buttons."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from engine import Run
from engine.inspection import NextStep, next_step
from engine.optimizers import OPTIMIZERS
from playground import widgets
from playground.inside.tex import of_matrices, table

STAGE = "inside_stage"


@dataclass(frozen=True)
class Stage:
    """One operation on matrices.

    Attributes:
        title: what happens, in a few words.
        formula: KaTeX, with the shapes.
        matrices: name and array of each operand, then of the result.
        signs: the symbols between them.
    """

    title: str
    formula: str
    matrices: tuple[tuple[str, np.ndarray], ...]
    signs: tuple[str, ...]


def show(run: Run) -> None:
    """Show one stage, and the controls that step through the stages."""
    step = next_step(run)
    made = stages(run, step)
    titles = [f"{number}. {stage.title}" for number, stage in enumerate(made, start=1)]
    at = widgets.within(STAGE, range(len(made)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Back", key="back", disabled=at == 0, on_click=widgets.renew, args=(STAGE, at - 1)
        )
        st.button(
            "Next",
            key="next",
            disabled=at == len(made) - 1,
            on_click=widgets.renew,
            args=(STAGE, at + 1),
        )
        at = widgets.select(
            STAGE,
            "Stage",
            range(len(made)),
            format_func=lambda number: titles[number],
            label_visibility="collapsed",
            width=360,
        )
        st.markdown(
            f"Next mini-batch: {len(step.batch)} of {len(run.train_inputs)} training points, "
            "one row each. **Batch**, above the pictures, makes this step."
        )
    stage = made[at]
    st.latex(stage.formula)
    parts = [table(*stage.matrices[0])]
    for sign, (name, array) in zip(stage.signs, stage.matrices[1:], strict=True):
        parts += [f'<span class="sign">{sign}</span>', table(name, array)]
    st.html(f'<div class="matrices" data-stage="{at}">{"".join(parts)}</div>')


def stages(run: Run, step: NextStep) -> list[Stage]:
    """Every operation of the next step, in order."""
    layers = range(1, len(run.network.weights) + 1)
    made = [stage for layer in layers for stage in _forward(run, step, layer)]
    made.append(_loss(run, step))
    made += [stage for layer in reversed(layers) for stage in _backward(run, step, layer)]
    made += [_update(run, step, layer) for layer in layers]
    return made


def _forward(run: Run, step: NextStep, layer: int) -> list[Stage]:
    passes, is_last = step.passes, layer == len(run.network.weights)
    given = (
        ("X", passes.inputs)
        if layer == 1
        else (f"A{layer - 1}", passes.forward.activations[layer - 1])
    )
    weights, biases = run.network.weights[layer - 1], run.network.biases[layer - 1]
    z = passes.forward.pre_activations[layer - 1]
    m, (n_in, n_out) = len(z), weights.shape
    under = "X" if layer == 1 else f"A^{{({layer - 1})}}"
    added = Stage(
        f"forward: Z{layer}",
        rf"\underset{{{m}\times {n_out}}}{{Z^{{({layer})}}}} = "
        rf"\underset{{{m}\times {n_in}}}{{{under}}}\; "
        rf"\underset{{{n_in}\times {n_out}}}{{W^{{({layer})}}}} + "
        rf"\underset{{1\times {n_out}}}{{b^{{({layer})}}}}",
        (given, (f"W{layer}", weights), (f"b{layer}", biases), (f"Z{layer}", z)),
        ("·", "+", "="),
    )
    if is_last:
        bent = Stage(
            "forward: P",
            rf"P = {run.network.output.symbol}(Z^{{({layer})}})",
            ((f"Z{layer}", z), ("P", passes.predictions)),
            ("→",),
        )
    else:
        g_symbol = run.network.activation.symbol
        bent = Stage(
            f"forward: A{layer}",
            rf"A^{{({layer})}} = {g_symbol}(Z^{{({layer})}}) \quad \text{{element by element}}",
            ((f"Z{layer}", z), (f"A{layer}", passes.forward.activations[layer])),
            ("→",),
        )
    return [added, bent]


def _loss(run: Run, step: NextStep) -> Stage:
    passes = step.passes
    return Stage(
        "loss: J",
        rf"L = {run.network.output.formula}, "
        rf"\quad J = \frac{{1}}{{m}}\sum_i L_i = {passes.loss:.6g}",
        (("P", passes.predictions), ("Y", passes.targets), ("L", passes.losses[:, np.newaxis])),
        (",", "→"),
    )


def _backward(run: Run, step: NextStep, layer: int) -> list[Stage]:
    passes, last = step.passes, len(run.network.weights)
    errors = passes.backward.errors[layer - 1]
    m, n_out = errors.shape
    dz = rf"dZ^{{({layer})}}"
    if layer == last:
        gradient = of_matrices(run.network.output.gradient_formula, p="P", y="Y")
        first = Stage(
            f"backward: dZ{layer}",
            rf"\underset{{{m}\times {n_out}}}{{{dz}}} = \frac{{1}}{{m}}\,[{gradient}]",
            (("P", passes.predictions), ("Y", passes.targets), (f"dZ{layer}", errors)),
            ("−", "→"),
        )
    else:
        slope = of_matrices(
            run.network.activation.slope_formula,
            a=f"{{A^{{({layer})}}}}",
            z=f"{{Z^{{({layer})}}}}",
        )
        first = Stage(
            f"backward: dZ{layer}",
            rf"\underset{{{m}\times {n_out}}}{{{dz}}} = dA^{{({layer})}} \odot "
            rf"g'(Z^{{({layer})}}), \quad g' = {slope}",
            (
                (f"dA{layer}", passes.backward.activation_errors[layer - 1]),
                (f"g'(Z{layer})", passes.backward.slopes[layer - 1]),
                (f"dZ{layer}", errors),
            ),
            ("⊙", "="),
        )
    under, name = ("X", "X") if layer == 1 else (f"{{A^{{({layer - 1})}}}}", f"A{layer - 1}")
    given = passes.forward.activations[layer - 1]
    n_in = given.shape[1]
    made = [
        first,
        Stage(
            f"backward: dW{layer}",
            rf"\underset{{{n_in}\times {n_out}}}{{dW^{{({layer})}}}} = "
            rf"\underset{{{n_in}\times {m}}}{{{under}^\top}}\; "
            rf"\underset{{{m}\times {n_out}}}{{{dz}}}",
            (
                (f"{name}ᵀ", given.T),
                (f"dZ{layer}", errors),
                (f"dW{layer}", passes.backward.weight_gradients[layer - 1]),
            ),
            ("·", "="),
        ),
        Stage(
            f"backward: db{layer}",
            rf"\underset{{1\times {n_out}}}{{db^{{({layer})}}}} = \sum_i {dz}_i",
            ((f"dZ{layer}", errors), (f"db{layer}", passes.backward.bias_gradients[layer - 1])),
            ("→",),
        ),
    ]
    if layer > 1:
        weights = run.network.weights[layer - 1]
        made.append(
            Stage(
                f"backward: dA{layer - 1}",
                rf"\underset{{{m}\times {n_in}}}{{dA^{{({layer - 1})}}}} = "
                rf"\underset{{{m}\times {n_out}}}{{{dz}}}\; "
                rf"\underset{{{n_out}\times {n_in}}}{{W^{{({layer})\top}}}}",
                (
                    (f"dZ{layer}", errors),
                    (f"W{layer}ᵀ", weights.T),
                    (f"dA{layer - 1}", passes.backward.activation_errors[layer - 2]),
                ),
                ("·", "="),
            )
        )
    return made


def _update(run: Run, step: NextStep, layer: int) -> Stage:
    weights = run.network.weights[layer - 1]
    change = run.network.split(step.update)[0][layer - 1]
    optimizer = OPTIMIZERS[run.spec.optimizer]
    how = rf"{optimizer.formula}, \quad g = dW^{{({layer})}}, \quad \eta = {run.learning_rate:g}"
    if optimizer.memory_formula:
        how += rf", \quad {optimizer.memory_formula}"
    formula = rf"W^{{({layer})}} \leftarrow W^{{({layer})}} + \Delta W^{{({layer})}}"
    penalty = r"\quad \text{(penalty included)}" if run.network.is_regularized else ""
    return Stage(
        f"update: W{layer}",
        rf"{formula}, \quad \Delta W^{{({layer})}} = {how}{penalty}",
        ((f"W{layer}", weights), (f"ΔW{layer}", change), (f"new W{layer}", weights + change)),
        ("+", "="),
    )
