"""A new entry in one of the engine's dicts is all that it takes: each is walked through the page.

Made-up entries are put into the dicts while the tests run. Each has to appear in links, controls,
the exported script and the explanations, with nothing else written for it anywhere.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import Run, Spec, inspection
from engine.activations import ACTIVATIONS, Activation
from engine.datasets import DATASETS, Dataset
from engine.features import FEATURES, Feature
from engine.initializers import INITIALIZERS, Initializer
from engine.losses import LOSSES, Loss
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.parameter import Parameter
from engine.regularization import REGULARIZATIONS, Regularization
from engine.spec import CHOICES, settings_of
from playground.export import python_script, settings_json, sklearn_script
from playground.export.files import read_settings
from playground.inside import matrices
from playground.inside.story import Weight, tell
from playground.past.runs import describe
from playground.share import from_query, to_query

APP = Path(__file__).parents[2] / "playground" / "main.py"


def softsign(z, /, out=None):
    return np.divide(z, 1.0 + np.abs(z), out=out)


def softsign_slope(z, a, /, out=None):
    return np.square(1.0 - np.abs(a), out=out)


def cube(samples, classes, rng, lift):
    points = rng.uniform(-1.5, 1.5, (samples, 2))
    return points, lift * points[:, 0] ** 3 / 1.5**3


def decaying(g, rate, state, settings):
    """The sum of all gradients, the earlier ones fading."""
    state.memory[0] *= settings["fading"]
    state.memory[0] += g
    return -rate * state.memory[0]


def normal_of_size(n_in, n_out, sigma, rng):
    return rng.normal(0.0, 0.5, (n_in, n_out))


SOFTSIGN = Activation(
    label="softsign",
    help="Like tanh, but it saturates more slowly.",
    symbol=r"\mathrm{softsign}",
    formula=r"\mathrm{softsign}(z) = \frac{z}{1 + |z|}",
    slope_formula="(1 - |a|)^2",
    value=softsign,
    slope=softsign_slope,
    max_slope=1.0,
    script_value="z / (1.0 + np.abs(z))",
    script_slope="(1.0 - np.abs(a)) ** 2",
)
HALF_SQUARE = Loss(
    label="linear output, half the squared error",
    help="As scikit-learn has it.",
    classes=None,
    outputs=lambda classes: 1,
    encode=lambda values, classes: values[:, np.newaxis],
    value=lambda scores, targets: float(np.sum((scores - targets) ** 2)) / (2 * len(scores)),
    gradient=lambda scores, targets: (scores - targets) / len(scores),
    predict=lambda scores: scores,
    accuracy=lambda scores, targets: -float(np.abs(scores - targets).mean()),
    formula=r"\tfrac12(p - y)^2",
    gradient_formula="p - y",
    script="""
def loss(scores, targets):
    return ((scores - targets) ** 2).sum() / (2 * len(scores))


def loss_gradient(scores, targets):
    return (scores - targets) / len(scores)
""",
    script_targets="labels[:, np.newaxis]",
    score_name="minus the mean error",
)
HALF = Initializer(
    label="half, N(0, 0.25)",
    help="The same for every layer.",
    formula=r"w \sim \mathcal{N}(0, 0.25)",
    draw=normal_of_size,
    script="rng.normal(0.0, 0.5, (n_in, n_out))",
)
FADING = Parameter("fading", "Fading", "How much of the sum is kept.", 0.0, 0.9, 0.5, 0.1)
DECAYING = Optimizer(
    label="decaying sum",
    help="Adds up all gradients; earlier ones fade.",
    formula=r"-\eta\,S",
    memory_formula=r"S \leftarrow \kappa S + g",
    settings=(FADING,),
    memory=("total",),
    learning_rate=0.02,
    step=decaying,
    script="""total *= {fading!r}
total += gradient
layer -= learning_rate * total
""",
)
QUARTIC = Regularization(
    label="quartic, w⁴/4",
    help="Hardly anything for small weights.",
    formula=r"\tfrac14 w^4",
    slope_formula="w^3",
    value=lambda w: 0.25 * w**4,
    slope=lambda w: w**3,
    script_slope="weights**3",
)
ABSOLUTE = Feature(
    label="|x₁|",
    help="The distance from the vertical axis.",
    formula="|x_1|",
    needs=1,
    value=lambda points: np.abs(points[:, 0]),
    script="np.abs(points[:, 0])",
)
CUBE = Dataset(
    label="Cube",
    help="Regression: the value is a third power.",
    classes=None,
    formula=r"y = \text{lift}\cdot x_1^3",
    outline=cube,
    parameters=(Parameter("lift", "Lift", "The largest value.", 0.1, 1.0, 0.5, 0.1),),
)


@dataclass(frozen=True)
class MadeUp:
    """An entry, where it goes, and a Spec that uses it.

    Attributes:
        entries: the dict that it is put into, under the key "made_up".
        entry: it.
        settings: of a Spec that uses it.
        told: what the explanation has to say of it.
    """

    entries: dict[str, Any]
    entry: Any
    settings: dict[str, Any]
    told: str

    @property
    def spec(self) -> Spec:
        return Spec(samples=60, hidden=(4, 3), batch_size=10, **self.settings)


MADE_UP = {
    "activation": MadeUp(ACTIVATIONS, SOFTSIGN, {"activation": "made_up"}, "(1 - |a|)^2"),
    "loss": MadeUp(
        LOSSES, HALF_SQUARE, {"loss": "made_up", "dataset": "hills"}, r"\tfrac12(p - y)^2"
    ),
    "initializer": MadeUp(INITIALIZERS, HALF, {"initializer": "made_up"}, ""),
    "optimizer": MadeUp(
        OPTIMIZERS, DECAYING, {"optimizer": "made_up", "learning_rate": 0.05}, r"\kappa S + g"
    ),
    "regularization": MadeUp(
        REGULARIZATIONS, QUARTIC, {"regularization": "made_up"}, r"\lambda\cdot w^3"
    ),
    "features": MadeUp(FEATURES, ABSOLUTE, {"features": ("x2", "made_up")}, ""),
    "dataset": MadeUp(DATASETS, CUBE, {"dataset": "made_up", "learning_rate": 0.05}, ""),
}


@pytest.fixture(params=MADE_UP)
def made_up(request, monkeypatch) -> MadeUp:
    entry = MADE_UP[request.param]
    monkeypatch.setitem(entry.entries, "made_up", entry.entry)
    return entry


def with_other_values(spec: Spec) -> Spec:
    """The same Spec with other than the default value of each parameter of its entries."""
    others = {"fading": 0.7, "lift": 0.8}
    return replace(spec, parameters={name: others[name] for name, _ in spec.parameters})


def test_there_is_one_of_each_kind():
    assert {*MADE_UP} == {*CHOICES, "features"}


def test_it_survives_the_trip_through_a_link_and_a_file(made_up):
    for spec in (made_up.spec, with_other_values(made_up.spec)):
        query = to_query(spec)
        assert "made_up" in ",".join(query.values())
        assert from_query(query) == (spec, [])
        assert read_settings(settings_json(spec)) == spec
        assert made_up.entry.label in describe(spec, ())


def test_the_exported_script_ends_with_the_losses_of_the_run(made_up, tmp_path):
    spec = with_other_values(made_up.spec)
    run = Run(spec)
    run.advance(15)
    assert run.latest.train_loss < run.history.train_loss[0]
    path = tmp_path / "network.py"
    path.write_text(python_script(spec, 15))
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)], capture_output=True, text=True, check=True
    )
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["train_loss"] == pytest.approx(run.latest.train_loss, rel=1e-9)
    assert result["test_loss"] == pytest.approx(run.latest.test_loss, rel=1e-9)
    compile(sklearn_script(spec, 15), "network.py", "exec")


def test_it_is_explained(made_up):
    """In the story of one weight, in the stages of a step, and by the check of the gradient."""
    run = Run(made_up.spec)
    run.advance()
    row = slice(0, 1)
    story = tell(run, Weight(0, 0, 0), run.train_inputs[row], run.train_targets[row], member=False)
    text = "".join((*story.forward, *story.backward, *story.update))
    assert made_up.told in text
    assert story.product == pytest.approx(story.gradient, rel=1e-12, abs=1e-15)
    stages = matrices.stages(run, inspection.next_step(run))
    assert len(stages) == 3 * 2 + 1 + 3 * 4 - 1 + 3
    check = inspection.check_gradient(run.network, run.train_inputs, run.train_targets)
    assert max(check.relative_errors) < 1e-6


def spec_in_the_address_of(app: AppTest) -> Spec:
    given = {name: value if isinstance(value, str) else value[0] for name, value in _query(app)}
    spec, notices = from_query(given)
    assert notices == []
    return spec


def _query(app: AppTest) -> list[tuple[str, Any]]:
    return [(name, app.query_params[name]) for name in app.query_params]


def test_the_page_offers_it_with_its_words_and_its_parameters(made_up):
    """The control that lists it, one field for each parameter; and what is set there arrives."""
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params.update(to_query(made_up.spec))
    app.run()
    assert not app.exception
    assert spec_in_the_address_of(app) == made_up.spec
    elements = (*app.selectbox, *app.get("button_group"), *app.sidebar.markdown)
    help_texts = [element.proto.help for element in elements]
    said = f"- **{made_up.entry.label}** ${made_up.entry.formula}$: {made_up.entry.help}"
    assert any(said in text for text in help_texts), help_texts
    for name, value in with_other_values(made_up.spec).parameters:
        (field,) = [one for one in (*app.slider, *app.number_input) if one.key == name]
        field.set_value(value).run()
        assert not app.exception
        assert settings_of(spec_in_the_address_of(app))[name] == value
    app.session_state["inside_view"] = "activation"
    app.run()
    assert not app.exception
    if made_up.entry is SOFTSIGN:
        assert any(f"$${SOFTSIGN.formula}$$" in block.value for block in app.main.markdown)
