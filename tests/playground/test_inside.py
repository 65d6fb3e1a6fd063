"""What is below the board: every number there is one that the engine has."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import Run, Spec, inspection
from engine.activations import ACTIVATIONS
from engine.spec import CHOICES
from playground.inside import charts, check, matrices, tex
from playground.inside.hidden import borders
from playground.inside.panel import VIEWS
from playground.inside.story import Weight, index_of, tell

APP = Path(__file__).parents[2] / "playground" / "main.py"

RUNS = {
    "two classes": Spec(samples=60, hidden=(4, 3, 2)),
    "three classes": Spec(samples=60, dataset="spirals", classes=3, hidden=(4, 3)),
    "regression": Spec(samples=60, dataset="hills", hidden=(4, 3)),
    "a curve": Spec(samples=60, dataset="curve", hidden=(5,)),
    "no hidden layer": Spec(samples=60, hidden=()),
    "a penalty": Spec(samples=60, regularization="l1", regularization_rate=0.1, hidden=(3,)),
    "adam": Spec(samples=60, optimizer="adam", batch_size=10, hidden=(3,)),
    "softmax for two": Spec(samples=60, loss="softmax_cross_entropy", hidden=(3,)),
}


@pytest.fixture(params=RUNS)
def run(request) -> Run:
    run = Run(RUNS[request.param])
    run.advance(2)
    return run


def weights_of(run: Run) -> list[Weight]:
    """A weight and the bias of every layer, and the last unit of each."""
    sizes = run.network.layer_sizes
    return [
        Weight(layer, source, target)
        for layer in range(len(sizes) - 1)
        for source in (0, sizes[layer] - 1, None)
        for target in {0, sizes[layer + 1] - 1}
    ]


def tell_about(run: Run, weight: Weight, index: int = 0, *, member: bool = True):
    row = slice(index, index + 1)
    inputs, targets = run.train_inputs[row], run.train_targets[row]
    return tell(run, weight, inputs, targets, member=member)


def test_the_product_of_the_factors_is_the_gradient(run):
    for weight in weights_of(run):
        story = tell_about(run, weight)
        assert story.product == pytest.approx(story.gradient, rel=1e-12, abs=1e-15)


def test_the_gradient_of_a_sample_is_the_network_s(run):
    data_part = run.network.penalty_rates * run.network.regularization.slope(run.network.parameters)
    gradient = run.network.gradient(run.train_inputs[:1], run.train_targets[:1]) - data_part
    for weight in weights_of(run):
        expected = gradient[index_of(run, weight)]
        assert tell_about(run, weight).gradient == pytest.approx(expected, rel=1e-10, abs=1e-14)


def test_the_story_ends_with_the_value_after_the_next_batch(run):
    stories = [(index_of(run, weight), tell_about(run, weight)) for weight in weights_of(run)]
    before = run.network.parameters.copy()
    run.advance_batch()
    for index, story in stories:
        assert story.before == before[index]
        assert story.after == pytest.approx(run.network.parameters[index], rel=1e-12)


def test_the_text_bears_the_numbers(run):
    """The weighted sum, prediction, loss, error and new value of one weight stand in it."""
    weight = weights_of(run)[0]
    story = tell_about(run, weight)
    passes = inspection.make_passes(run.network, run.train_inputs[:1], run.train_targets[:1])
    forward, backward = "".join(story.forward), "".join(story.backward)
    assert f"= {tex.number(passes.forward.pre_activations[0][0, 0])} " in forward
    assert f"= {tex.number(passes.losses[0])} " in forward
    assert f"= {tex.number(story.product)} " in backward
    assert f"= {tex.number(story.after, 6)} " in story.update[0]


def test_formulas_are_whole(run):
    """Every opened brace and environment is closed, and no number is missing."""
    for weight in weights_of(run):
        story = tell_about(run, weight, member=False)
        for text in (*story.forward, *story.backward, *story.update):
            assert text.count("{") == text.count("}")
            assert text.count(r"\begin{aligned}") == text.count(r"\end{aligned}") == 1
            assert "nan" not in text
            assert "None" not in text


def test_the_same_error_comes_out_of_both_ways_to_it():
    story = tell_about(Run(RUNS["two classes"]), Weight(0, 0, 0))
    output = story.backward[0]
    *_, product, direct = re.findall(r"= (-?[\d.]+) \\(?:\\|end)", output)
    assert product == direct


def test_softmax_is_derived_for_every_class_and_both_ways_agree():
    story = tell_about(Run(RUNS["three classes"]), Weight(0, 0, 0))
    *_, product, direct = re.findall(r"= \(([^)]*)\) \\(?:\\|end)", story.backward[0])
    assert product == direct
    assert product.count(",") == 2


def test_where_a_prediction_is_certain_the_long_way_is_left_out():
    """p = 1 to the last digit: p − y over p(1 − p) would be 0/0, the loss's derivative is 0."""
    run = Run(RUNS["two classes"])
    run.network.biases[-1][:] = 800.0
    index = int(np.flatnonzero(run.train_labels == 1)[0])
    (output, *_) = tell_about(run, Weight(0, 0, 0), index).backward
    assert r"\frac{dL}{dp}" not in output
    assert "= 0 " in output


@pytest.mark.parametrize("activation", CHOICES["activation"])
def test_every_activation_has_a_card_with_its_formula(activation):
    app = open_view("activation", activation=activation)
    assert not app.exception
    formula = ACTIVATIONS[activation].formula
    assert any(f"$${formula}$$" in block.value for block in app.main.markdown)


def test_only_letters_that_stand_alone_become_matrices():
    formula = r"a + \sigma(z)\,(1 - a) + \max(a^2, z)"
    assert tex.of_matrices(formula, a="A", z="Z") == r"A + \sigma(Z)\,(1 - A) + \max(A^2, Z)"


def test_numbers_are_read_as_people_write_them():
    assert tex.number(0.000012345) == r"1.234\cdot 10^{-5}"
    assert tex.number(-2.5) == "-2.5"
    assert tex.factor(-2.5) == "(-2.5)"
    assert tex.products([(1, 2), (3, 4)], -5) == r"1\cdot2 + 3\cdot4 + (-5)"


def test_a_long_sum_has_as_many_terms_in_a_line_as_a_phone_has_room_for():
    lines = tex.products([(0.1234, -0.2345)] * 16).split(r" \\ &{}+ ")
    assert [line.count(r"\cdot") for line in lines] == [2] * 8
    tiny = tex.products([(-1.234e-5, -2.345e-7)] * 3).split(r" \\ &{}+ ")
    assert len(tiny) == 3


def test_a_table_shows_shape_numbers_and_how_many_are_left_out():
    values = np.arange(40.0).reshape(20, 2) - 20
    html = tex.table("X", values)
    assert "<b>X</b> 20 × 2" in html
    assert "⋮ 12 more" in html
    assert html.count("<tr>") == 9
    assert 'title="-20.0"' in html
    assert "⋯ 12 more" in tex.table("Xᵀ", values.T)
    assert "more" not in tex.table("W", np.ones((16, 16)))


def test_stages_go_through_the_whole_step(run):
    step = inspection.next_step(run)
    titles = [stage.title for stage in matrices.stages(run, step)]
    layers = len(run.network.weights)
    assert titles[0] == "forward: Z1"
    assert titles[-1] == f"update: W{layers}"
    assert titles.index("loss: J") == 2 * layers
    assert len(titles) == 2 * layers + 1 + 4 * layers - 1 + layers


def test_each_stage_s_operation_gives_its_result(run):
    """What the signs say, done with the matrices that are shown."""
    for stage in matrices.stages(run, inspection.next_step(run)):
        arrays = [array for _, array in stage.matrices]
        if stage.signs == ("·", "+", "="):
            expected = arrays[0] @ arrays[1] + arrays[2]
        elif stage.signs == ("·", "="):
            expected = arrays[0] @ arrays[1]
        elif stage.signs == ("⊙", "="):
            expected = arrays[0] * arrays[1]
        elif stage.signs == ("+", "="):
            expected = arrays[0] + arrays[1]
        elif stage.title.startswith("backward: db"):
            expected = arrays[0].sum(axis=0)
        elif stage.signs == ("−", "→"):
            scale = (2 if run.spec.is_regression else 1) / len(arrays[0])
            expected = scale * (arrays[0] - arrays[1])
        else:
            continue
        np.testing.assert_allclose(arrays[-1], expected, rtol=1e-9, atol=1e-12)
        assert stage.formula.count("{") == stage.formula.count("}")


def test_new_weights_are_those_after_the_next_batch(run):
    made = matrices.stages(run, inspection.next_step(run))
    run.advance_batch()
    for stage, weights in zip(made[-len(run.network.weights) :], run.network.weights, strict=True):
        np.testing.assert_allclose(stage.matrices[-1][1], weights, rtol=1e-12)


def test_verdicts_of_the_check():
    assert "exact" in check.verdict(1e-9)
    assert "kink" in check.verdict(1e-5)
    assert "wrong" in check.verdict(0.3)


def test_the_cut_of_the_last_hidden_layer_is_straight():
    run = Run(Spec(dataset="circles", noise=0.1, hidden=(4, 2)))
    run.advance(150)
    space = inspection.hidden_space(run, 2, half_width=2.0)
    (line,) = borders(run, 2, space)
    along = line - line[0]
    direction = along[-1] / np.linalg.norm(along[-1])
    aside = along[:, 0] * direction[1] - along[:, 1] * direction[0]
    assert np.abs(aside).max() < 0.02


def test_the_figure_of_the_bounds_has_both_curves():
    figure = charts.gradients_and_bounds((0.1, 0.2), (1.0, 2.0))
    bound, measured = figure.data
    assert tuple(bound.y) == (1.0, 2.0)
    assert tuple(measured.y) == (0.1, 0.2)
    assert figure.layout.yaxis.type == "log"


def test_the_unit_s_place_is_on_the_curve_of_its_activation():
    from engine.activations import ACTIVATIONS

    curve, tangent, point = charts.activation_point(ACTIVATIONS["tanh"], 0.5).data
    assert point.y[0] == np.tanh(0.5)
    rise = (tangent.y[1] - tangent.y[0]) / (tangent.x[1] - tangent.x[0])
    assert rise == pytest.approx(1 - np.tanh(0.5) ** 2)
    assert curve.y[-1] == np.tanh(curve.x[-1])


def open_view(view: str, **query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params.update(query)
    app.run()
    app.session_state["inside_view"] = view
    return app.run()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"hidden": ""},
        {"dataset": "curve", "hidden": "3"},
        {"dataset": "spirals", "classes": "3", "hidden": "1,2"},
        {"initializer": "zeros"},
        {"regularization": "l2", "optimizer": "adam"},
    ],
    ids=lambda query: str(query),
)
def test_every_view_opens_for_every_kind_of_network(view, query):
    app = open_view(view, **query)
    assert not app.exception
    assert not app.error
    assert len(app.main.markdown) + len(app.info) > 1


def test_stages_are_stepped_forward_and_backward():
    app = open_view("matrices")
    assert r"\underset{29\times 8}{Z^{(1)}} = " in app.latex[0].value
    app.button("next").click().run()
    assert r"A^{(1)} = \tanh" in app.latex[0].value
    app.button("back").click().run()
    assert r"\underset{29\times 8}{Z^{(1)}} = " in app.latex[0].value
    assert app.button("back").disabled


def test_what_was_picked_of_another_network_gives_way():
    """A weight of the third layer is picked, then two layers are removed."""
    app = open_view("step", hidden="5,5")
    app.selectbox("inside_weight_layer").set_value(2).run()
    app.selectbox("inside_weight_from").set_value(4).run()
    app.button("remove_layer").click().run()
    app.button("remove_layer").click().run()
    assert not app.exception
    assert app.selectbox("inside_weight_layer").value == 0


def test_the_broken_slope_is_said_to_be_wrong():
    app = open_view("check")
    assert not any("wrong]" in block.value for block in app.main.markdown)
    app.toggle("inside_break").set_value(True).run()
    assert any("✗ wrong" in block.value for block in app.main.markdown)
