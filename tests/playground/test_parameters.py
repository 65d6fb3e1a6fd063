"""What can be set of a dataset: its sliders, and all that has to carry it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import Run, Spec
from engine.datasets import DATASETS
from engine.spec import recommended
from playground.board.pinned import Pin, in_words, on_data_of
from playground.export import session_file
from playground.export.picture import png
from playground.past.runs import describe, look_back
from playground.share import from_query

APP = Path(__file__).parents[2] / "playground" / "main.py"
TURNS = Spec(dataset="spirals", parameters={"turns": 1.5}, samples=100, hidden=(3,))


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(APP, default_timeout=30)


def sliders(app: AppTest) -> set[str]:
    return {slider.label for slider in app.slider}


def address(app: AppTest) -> Spec:
    query = {name: app.query_params[name] for name in app.query_params}
    spec, notices = from_query(
        {name: one if isinstance(one, str) else one[0] for name, one in query.items()}
    )
    assert notices == []
    return spec


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_controls_have_a_slider_for_each_parameter_of_the_chosen_dataset(app, dataset):
    app.query_params["dataset"] = dataset
    app.run()
    mine = {parameter.label for parameter in DATASETS[dataset].parameters}
    all_of_them = {one.label for entry in DATASETS.values() for one in entry.parameters}
    assert sliders(app) & all_of_them == mine


def test_a_slider_that_is_moved_begins_a_run_on_other_points(app):
    app.query_params["dataset"] = "spirals"
    app.run()
    (turns,) = [slider for slider in app.slider if slider.label == "Turns"]
    assert (turns.min, turns.max, turns.value) == (0.5, 2.0, 1.5)
    turns.set_value(1.2).run()
    assert not app.exception
    assert address(app) == replace(recommended("spirals"), parameters={"turns": 1.2})


def test_another_dataset_leaves_it_behind(app):
    app.query_params.update({"dataset": "spirals", "turns": "1.2"})
    app.run()
    assert next(slider for slider in app.slider if slider.label == "Turns").value == 1.2
    (pills,) = [one for one in app.get("button_group") if one.label == "Dataset"]
    pills.set_value("blobs").run()
    assert not app.exception
    assert address(app) == recommended("blobs")
    assert "Turns" not in sliders(app)
    assert "Spread" in sliders(app)


def test_a_session_holds_it_for_every_run():
    run = Run(TURNS)
    run.advance(2)
    visit = session_file.SavedVisit(
        TURNS, (), 2, Pin(replace(TURNS, hidden=())), [look_back(run, 1)]
    )
    again = session_file.read_session(session_file.session_json(visit))
    assert again.spec == TURNS
    assert again.pin is not None
    assert again.pin.spec == replace(TURNS, hidden=())
    assert [past.spec for past in again.past] == [TURNS]


def test_run_a_gets_it_with_the_data():
    moved = on_data_of(Spec(activation="relu"), TURNS)
    assert moved.parameters == TURNS.parameters
    np.testing.assert_array_equal(Run(moved).train_points, Run(TURNS).train_points)
    assert "turns" not in in_words(Run(moved), Run(TURNS), TURNS)  # they are the same


def test_it_is_said_of_a_past_run_where_it_is_not_the_default():
    assert "Turns 1.2" in describe(replace(TURNS, parameters={"turns": 1.2}), ())
    assert "Turns" not in describe(recommended("spirals"), ())
    assert png(Run(TURNS)).startswith(b"\x89PNG")
