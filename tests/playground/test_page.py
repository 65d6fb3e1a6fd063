"""The wiring of the page, in Streamlit's AppTest. It runs no JavaScript: the board is mute."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import Run, Spec
from engine.datasets import DATASETS
from engine.run import PARAMETERS
from engine.spec import CHOICES, SETTINGS, recommended
from playground import widgets
from playground.board import line
from playground.board.request import Request
from playground.board.told import read_told
from playground.board.value import RunValue
from playground.export import panel as export_panel
from playground.export import weights_npz
from playground.inside.panel import VIEWS
from playground.lessons import LESSONS
from playground.limits import without_noise
from playground.share import from_query, to_query
from playground.visit import Visit

APP = Path(__file__).parents[2] / "playground" / "main.py"


@pytest.fixture
def app():
    return AppTest.from_file(APP, default_timeout=30)


def visit(app) -> Visit:
    assert not app.exception
    return app.session_state["visit"]


def key(app, name: str) -> str:
    """The key that a control has now."""
    return app.session_state["keys"].key(name)


def test_page_opens_with_the_default_spec(app):
    app.run()
    assert visit(app).spec == Spec()
    assert dict(app.query_params) == {}
    assert not app.warning


def test_every_control_sets_its_setting(app):
    app.run()
    app.slider("samples").set_value(500)
    app.slider("noise").set_value(0.4)
    app.slider("test_share").set_value(0.5)
    app.number_input("data_seed").set_value(3)
    app.number_input("weight_seed").set_value(4)
    app.number_input("units_0").set_value(5)
    app.selectbox("activation").set_value("relu")
    app.selectbox("batch_size").set_value(10)
    app.selectbox("optimizer").set_value("momentum")
    app.selectbox("initializer").set_value("normal")
    app.selectbox("loss").set_value("softmax_cross_entropy")
    app.selectbox("regularization").set_value("l2")
    app.pills("features").set_value(["x1", "x1_x2"])
    app.run()
    app.number_input("weight_sigma").set_value(0.5)
    app.number_input("momentum").set_value(0.5)
    app.select_slider("regularization_rate").set_value(0.01)
    app.run()
    expected = Spec(
        samples=500,
        noise=0.4,
        test_share=0.5,
        data_seed=3,
        weight_seed=4,
        hidden=(5, 8),
        activation="relu",
        batch_size=10,
        optimizer="momentum",
        initializer="normal",
        loss="softmax_cross_entropy",
        regularization="l2",
        features=("x1", "x1_x2"),
        weight_sigma=0.5,
        momentum=0.5,
        regularization_rate=0.01,
    )
    assert visit(app).spec == visit(app).stream.run.spec == expected
    assert dict(app.query_params) == to_query(expected)


def test_layers_are_added_and_removed(app):
    app.run()
    app.button("add_layer").click().run()
    assert visit(app).spec.hidden == (8, 8, 8)  # as wide as the one before
    for _ in range(3):
        app.button("remove_layer").click().run()
    assert visit(app).spec.hidden == ()
    assert app.button("remove_layer").disabled
    for _ in range(6):
        app.button("add_layer").click().run()
    assert len(visit(app).spec.hidden) == 6
    assert app.button("add_layer").disabled


def test_a_control_starts_a_new_run(app):
    app.run()
    run = visit(app).stream.run
    app.slider("noise").set_value(0.3).run()
    assert visit(app).stream.run is not run


def test_a_rerun_without_a_change_changes_nothing(app):
    app.run()
    before = visit(app).stream.run
    app.run()
    assert visit(app).stream.run is before


def test_a_link_sets_spec_and_controls(app):
    spec = Spec(dataset="spirals", classes=3, hidden=(7,), learning_rate=0.07, batch_size=2_000)
    app.query_params.update(to_query(spec))
    app.run()
    assert visit(app).spec == spec
    assert app.selectbox("batch_size").value == 2_000
    assert app.number_input("units_0").value == 7
    assert app.slider("classes").value == 3


def test_classes_belong_to_the_spirals_alone(app):
    app.query_params.update({"dataset": "spirals", "classes": "5"})
    app.run()
    app.pills("dataset").set_value("moons").run()
    assert visit(app).spec == Spec()


@pytest.mark.parametrize("setting", CHOICES)
def test_every_entry_of_every_dict_can_be_chosen_and_runs(app, setting):
    """Each new entry is in the controls, in the link and on the board by itself."""
    app.run()
    for name in CHOICES[setting]:
        if name == "squared_error":
            app.pills("dataset").set_value("plane").run()
        chooser = app.pills if setting == "dataset" else app.selectbox
        chooser(key(app, setting)).set_value(name).run()
        assert getattr(visit(app).spec, setting) == name
        assert getattr(visit(app).stream.run.spec, setting) == name


def test_what_another_dataset_does_not_allow_follows_it(app):
    """Softmax on moons, then regression: the loss becomes automatic, nothing breaks."""
    app.query_params.update({"loss": "softmax_cross_entropy", "features": "x2"})
    app.run()
    app.pills("dataset").set_value("curve").run()
    assert visit(app).spec == recommended("curve")
    app.pills("dataset").set_value("moons").run()
    assert visit(app).spec == Spec()


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_dataset_brings_the_settings_that_suit_it_and_its_link_does_the_same(app, dataset):
    app.run()
    app.pills("dataset").set_value(dataset).run()
    assert visit(app).spec == visit(app).stream.run.spec == recommended(dataset)
    assert from_query(dict(app.query_params)) == (recommended(dataset), [])
    assert set(app.query_params) <= {"dataset"}
    said = [caption.value for caption in app.caption]
    assert any("comes with" in words for words in said) == (dataset != "moons")
    app.pills(key(app, "dataset")).set_value("moons").run()
    assert visit(app).spec == Spec()


def test_what_the_person_has_chosen_stays_when_another_dataset_comes(app):
    app.run()
    app.slider("noise").set_value(0.3).run()
    app.number_input("units_1").set_value(5).run()
    app.pills("dataset").set_value("spirals").run()
    assert visit(app).spec == replace(recommended("spirals"), noise=0.3, hidden=(8, 5))
    app.slider(key(app, "noise")).set_value(0.05).run()
    app.pills(key(app, "dataset")).set_value("circles").run()
    # chosen by hand, though it is what the spirals recommend
    assert visit(app).spec == replace(recommended("circles"), noise=0.05, hidden=(8, 5))


def test_an_optimizer_brings_a_learning_rate_that_suits_it_unless_one_was_chosen(app):
    app.run()
    app.selectbox("optimizer").set_value("adam").run()
    assert visit(app).spec == Spec(optimizer="adam", learning_rate=0.01)
    said = [caption.value.replace("\\", "") for caption in app.caption]
    assert "Adam comes with learning rate 0.01." in said
    assert dict(app.query_params) == {"optimizer": "adam"}
    app.selectbox(key(app, "optimizer")).set_value("sgd").run()
    assert visit(app).spec == Spec()
    stream = visit(app).stream
    change = (("learning_rate", 0.03),)
    stream.answer(Request(run=stream.run_id, take=1, changes=change, frames=1, speed=1))
    app.selectbox(key(app, "optimizer")).set_value("rmsprop").run()
    assert visit(app).spec == Spec(optimizer="rmsprop", learning_rate=0.03)
    assert not any("comes with" in caption.value for caption in app.caption)


def test_a_lesson_s_settings_stay_when_another_optimizer_is_chosen(app):
    app.query_params["lesson"] = "adam"
    app.run()
    app.selectbox("optimizer").set_value("sgd").run()
    assert visit(app).spec == replace(LESSONS["adam"].spec, optimizer="sgd")


def test_the_last_input_cannot_be_taken_away(app):
    app.query_params.update({"features": "x1_x2"})
    app.run()
    app.pills("features").set_value([]).run()
    assert visit(app).spec.features == ("x1_x2",)
    assert app.pills(key(app, "features")).value == ["x1_x2"]


def test_test_share_is_kept_when_classes_take_its_place(app):
    app.run()
    app.slider("test_share").set_value(0.4).run()
    app.pills("dataset").set_value("spirals").run()
    assert visit(app).spec == replace(recommended("spirals"), test_share=0.4)
    assert app.slider("test_share").value == 0.4


def test_a_bad_link_opens_with_defaults_and_says_so(app):
    app.query_params.update({"noise": "loud", "utm": "x", "hidden": "4"})
    app.run()
    assert visit(app).spec == Spec(hidden=(4,))
    assert len(app.warning) == 2
    assert "noise must be a number from 0.0 to 1.0, got 'loud'" in app.warning[1].value
    app.slider("noise").set_value(0.1).run()
    assert not app.warning


def test_a_link_with_the_inputs_of_data_that_are_missing_says_so(app):
    """The controls of a toy dataset have fewer inputs: that is no change that a person made."""
    app.query_params.update({"own": "0" * 12, "features": "x1,x2,x3,x4"})
    app.run()
    assert visit(app).spec == Spec()
    (warning,) = app.warning
    assert "own data, which a link can't carry: you see Moons instead" in warning.value


def test_copying_a_link_of_a_toy_dataset_needs_no_words(app):
    app.run()
    tell(app, "copied")
    app.run()
    assert not app.warning


def test_going_back_in_the_browser_opens_the_link_again(app):
    app.run()
    app.slider("noise").set_value(0.3).run()
    app.query_params.clear()
    tell(app, "history", query="")
    app.run()
    assert visit(app).spec == Spec()
    assert app.slider(key(app, "noise")).value == 0.2


def test_a_change_that_overtakes_the_address_bar_is_not_lost(app):
    """Two quick changes: the browser reports the second one together with the first's old query."""
    app.run()
    app.slider("noise").set_value(0.3).run()
    app.query_params.clear()
    app.slider("samples").set_value(100).run()
    assert visit(app).spec == Spec(noise=0.3, samples=100)
    app.query_params.clear()
    app.run()
    assert visit(app).spec == Spec(noise=0.3, samples=100)


def test_two_visits_share_nothing():
    one = AppTest.from_file(APP, default_timeout=30).run()
    other = AppTest.from_file(APP, default_timeout=30).run()
    one.slider("noise").set_value(0.5).run()
    other.run()
    assert visit(other).spec == Spec()
    assert visit(one).stream is not visit(other).stream


def tell(app, name, **value) -> None:
    """Let the board tell the page something, as the line does."""
    visit(app).stream.contact.tell(read_told({"name": name, "value": value}))


def test_of_what_the_board_told_the_last_counts(app):
    app.run()
    tell(app, "reshape", hidden=[9, 8])
    tell(app, "reshape", hidden=[9, 9])
    app.run()
    assert visit(app).spec.hidden == (9, 9)


def test_two_points_that_come_together_are_both_added(app):
    app.run()
    before = len(visit(app).stream.run.train_inputs) + len(visit(app).stream.run.test_inputs)
    for x in (0.1, 0.2):
        tell(app, "edit", x=x, y=0.2, label=1)
    app.run()
    own = visit(app).spec.own
    assert len(own.labels) == before + 2
    tell(app, "edit", undo=True)
    app.run()
    assert len(visit(app).spec.own.labels) == before + 1


def test_a_page_without_the_routes_says_how_to_start_it(app, monkeypatch):
    monkeypatch.setattr(line, "_is_served", False)
    app.run()
    assert not app.exception
    assert "streamlit run streamlit_app.py" in app.error[0].value


def test_the_controls_follow_a_run_that_the_board_has_brought(app):
    app.run()
    brought = Spec(dataset="circles", noise=0.1, hidden=(3,), learning_rate=0.3)
    value = RunValue(brought, ((2.0, "learning_rate", 0.5),), epoch=4.0)
    visit(app).stream.bring(value)
    run = visit(app).stream.run
    app.run()
    assert visit(app).stream.run is run
    assert run.epoch == 4
    assert visit(app).spec == replace(brought, learning_rate=0.5)
    assert app.slider(key(app, "noise")).value == 0.1
    assert dict(app.query_params) == to_query(visit(app).spec)


# every setting has another value than the default one
FAR_FROM_DEFAULT = Spec(
    dataset="spirals",
    classes=3,
    samples=400,
    noise=0.3,
    test_share=0.5,
    data_seed=3,
    features=("x1", "x2", "x1_x2"),
    hidden=(5, 6, 7),
    activation="relu",
    loss="softmax_cross_entropy",
    initializer="normal",
    weight_sigma=0.5,
    weight_seed=4,
    optimizer="adam",
    batch_size=10,
    beta_1=0.8,
    beta_2=0.99,
    epsilon=1e-6,
    regularization="l2",
    regularization_rate=0.01,
)


def defaults(element) -> list[object]:
    """What a control stands at in a browser that has missed its value."""
    default = element.proto.default
    chosen = list(default) if hasattr(default, "__len__") else [default]
    return [element.options[int(index)] for index in chosen] if has_options(element) else chosen


def said(element) -> list[object]:
    """What a control says, as `defaults` does."""
    value = element.value
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [element.format_func(each) for each in values] if has_options(element) else values


def has_options(element) -> bool:
    return element.type in ("selectbox", "select_slider", "button_group")


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_that_the_page_sets_has_its_value_as_default_too(app, view):
    """The value itself may be lost on the way to a browser that is kept busy."""
    app.query_params.update(to_query(FAR_FROM_DEFAULT))
    app.run()
    app.session_state["inside_view"] = view
    app.run()
    assert not app.warning
    kinds = ("selectbox", "slider", "select_slider", "number_input", "button_group", "toggle")
    elements = [element for kind in kinds for element in app.get(kind) if element.key != "many"]
    for element in elements:
        assert defaults(element) == said(element), element.key
    shown = {element.key for element in elements}
    elsewhere = {"hidden", "momentum", "rho", "learning_rate"}
    assert set(SETTINGS) - shown == elsewhere
    assert shown >= {"inside_view", "units_0", "units_1", "units_2"}


def test_an_unexpected_error_gets_a_plain_message_and_a_reset_that_works(app, monkeypatch):
    app.run()
    app.slider("noise").set_value(0.3)
    with monkeypatch.context() as broken:
        broken.setattr("playground.page.controls", lambda visit: 1 / 0)
        app.run()
    assert not app.exception
    assert "Something went wrong" in app.error[0].value
    app.button("begin_again").click().run()
    assert not app.error
    assert visit(app).spec == Spec()


def answer_and_play(app, lesson: str, answer: int):
    """Answer a lesson's question and let the board say that it stands at the last epoch."""
    app.radio(key(app, "lesson_answer")).set_value(answer).run()
    return play_to_the_end(app, lesson)


def play_to_the_end(app, lesson: str):
    """Let the board say that it stands at the last epoch of a lesson."""
    stream = visit(app).stream
    stream.answer(Request(run=stream.run_id, frames=1, speed=1))
    stream.run.advance(LESSONS[lesson].epochs - 1)
    stream.look(stream.run_id, stream.run.position)
    return app.run()


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_opens_its_network_with_one_click(app, lesson):
    app.run()
    app.button("open_gallery").click().run()
    app.button(f"lesson_{lesson}").click().run()
    assert not [button for button in app.button if button.key.startswith("lesson_")]  # closed
    assert visit(app).spec == visit(app).stream.run.spec == LESSONS[lesson].spec
    assert dict(app.query_params) == {"lesson": lesson}
    assert visit(app).stream.stop_at == LESSONS[lesson].epochs
    assert app.radio(key(app, "lesson_answer")).value is None
    assert not any(LESSONS[lesson].explanation.strip() in block.value for block in app.markdown)


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_is_explained_when_it_is_answered_and_played(app, lesson):
    app.query_params["lesson"] = lesson
    app.run()
    app = answer_and_play(app, lesson, LESSONS[lesson].answer)
    texts = [block.value for block in app.markdown]
    assert LESSONS[lesson].explanation.strip() in texts
    assert any("✓ Right." in text for text in texts)
    has_next = any(button.key == "next_lesson" for button in app.button)
    assert has_next == (lesson != list(LESSONS)[-1])


@pytest.mark.parametrize("lesson", ["xor", "approximation", "vanishing"])
def test_a_lesson_opens_what_it_is_about(app, lesson):
    """Run A, the view below the board, and what the board chooses; another one other things."""
    app.run()
    app.button("open_gallery").click().run()
    app.button(f"lesson_{lesson}").click().run()
    opened, stream = LESSONS[lesson], visit(app).stream
    assert (None if stream.pin is None else stream.pin.spec) == opened.pinned
    assert stream.choices == {"flow": opened.flow, "speed": opened.speed}
    assert app.session_state[key(app, "inside_view")] == (opened.view or None)
    app.button("open_gallery").click().run()
    app.button("lesson_momentum").click().run()
    assert stream.pin.spec == LESSONS["momentum"].pinned
    assert app.session_state[key(app, "inside_view")] is None
    app.number_input(key(app, "weight_seed")).set_value(5).run()
    assert stream.choices is None  # a person may have chosen otherwise since


def test_run_a_of_a_lesson_that_was_unpinned_stays_away(app):
    app.query_params["lesson"] = "xor"
    app.run()
    stream = visit(app).stream
    stream.answer(Request(run=stream.run_id, pin=False))
    app.run()
    assert dict(app.query_params) == {"lesson": "xor", "a": "none"}
    again = AppTest.from_file(APP, default_timeout=30)
    again.query_params.update({"lesson": "xor", "a": "none"})
    again.run()
    assert visit(again).stream.pin is None


def is_explained(app, lesson: str) -> bool:
    return LESSONS[lesson].explanation.strip() in [block.value for block in app.markdown]


def test_an_answer_that_comes_late_leads_to_the_explanation(app):
    """Also when the run has been reset since, or its settings changed."""
    app.query_params["lesson"] = "line"
    app.run()
    app = play_to_the_end(app, "line")
    assert not is_explained(app, "line")
    stream = visit(app).stream
    stream.answer(Request(run=stream.run_id, reset=True))
    app.button("add_layer").click().run()
    assert stream.shown == 0
    assert stream.stop_at == LESSONS["line"].epochs
    app.radio(key(app, "lesson_answer")).set_value(LESSONS["line"].answer).run()
    assert is_explained(app, "line")
    assert any("✓ Right." in block.value for block in app.markdown)


def test_the_explanation_can_be_had_without_an_answer_and_before_playing(app):
    """The board still stops where the lesson ends, once."""
    app.query_params["lesson"] = "line"
    app.run()
    app.button("explain_lesson").click().run()
    assert is_explained(app, "line")
    assert any("**The answer:** About half." in block.value for block in app.markdown)
    assert visit(app).stream.stop_at == LESSONS["line"].epochs
    app = play_to_the_end(app, "line")
    assert is_explained(app, "line")
    assert visit(app).stream.stop_at is None


def test_a_lesson_that_is_done_stops_no_other_run(app):
    """What an explanation asks to try may take longer than the lesson."""
    app.query_params["lesson"] = "line"
    app.run()
    app = answer_and_play(app, "line", LESSONS["line"].answer)
    app.button("add_layer").click().run()
    assert visit(app).stream.stop_at is None
    assert is_explained(app, "line")
    app.button("next_lesson").click().run()
    assert visit(app).stream.stop_at == LESSONS["xor"].epochs
    assert not is_explained(app, "xor")


def test_what_happened_is_said_after_answering_and_playing(app):
    app.query_params["lesson"] = "line"
    app.run()
    explanation = LESSONS["line"].explanation.strip()
    app = answer_and_play(app, "line", answer=0)
    texts = [block.value for block in app.markdown]
    assert explanation in texts
    assert ":orange[**Not quite.**] The answer: About half." in texts
    app.button("next_lesson").click().run()
    assert visit(app).lesson == "xor"
    assert visit(app).spec == LESSONS["xor"].spec


def test_playing_on_with_other_settings_keeps_the_explanation(app):
    app.query_params["lesson"] = "line"
    app.run()
    app = answer_and_play(app, "line", answer=0)
    app.button("add_layer").click().run()
    assert LESSONS["line"].explanation.strip() in [block.value for block in app.markdown]
    assert dict(app.query_params) == {"lesson": "line", "hidden": "4"}


def test_closing_a_lesson_keeps_the_network(app):
    app.query_params["lesson"] = "xor"
    app.run()
    run = visit(app).stream.run
    app.button("close_lesson").click().run()
    assert visit(app).stream.run is run
    assert visit(app).stream.stop_at is None
    assert not app.radio
    lesson = LESSONS["xor"]  # what it pinned is still there
    assert dict(app.query_params) == to_query(lesson.spec, pinned=lesson.pinned)


def test_a_lesson_that_was_done_is_marked_in_the_gallery(app):
    app.query_params["lesson"] = "line"
    app.run()
    app = answer_and_play(app, "line", answer=0)
    app.button("open_gallery").click().run()
    done = [button.key for button in app.button if "done" in button.label]
    assert done == ["lesson_line"]
    assert any("1 of 23 done" in caption.value for caption in app.caption)


def test_a_link_opens_at_an_epoch_with_a_view(app):
    app.query_params.update({"dataset": "xor", "epoch": "12", "view": "hidden", "play": "1"})
    app.run()
    stream = visit(app).stream
    assert (stream.run.position, stream.shown, visit(app).plays) == (12, 12, True)
    straight = Run(recommended("xor"))
    straight.advance(12)
    assert np.array_equal(stream.run.network.parameters, straight.network.parameters)
    assert app.session_state[key(app, "inside_view")] == "hidden"
    assert any(caption.value == "Epoch 12" for caption in app.caption)
    assert not app.warning


def test_a_link_opens_a_lesson_at_its_explanation(app):
    app.query_params.update({"lesson": "line", "step": "explanation"})
    app.run()
    assert LESSONS["line"].explanation.strip() in [block.value for block in app.markdown]


def test_a_lesson_s_link_with_changes_opens_both(app):
    app.query_params.update({"lesson": "xor", "noise": "0.3"})
    app.run()
    assert visit(app).lesson == "xor"
    assert visit(app).spec == replace(LESSONS["xor"].spec, noise=0.3)


def test_a_link_to_a_lesson_that_is_not_there_says_so(app):
    app.query_params["lesson"] = "cooking"
    app.run()
    assert visit(app).spec == Spec()
    assert "There is no lesson “cooking”" in app.warning[0].value
    assert not app.radio


def test_weights_that_are_loaded_in_a_lesson_keep_its_end(app, monkeypatch):
    app.query_params["lesson"] = "xor"
    app.run()
    stream = visit(app).stream
    file = io.BytesIO(weights_npz(stream.present()))
    file.name = "weights.npz"
    before = stream.run
    with monkeypatch.context() as given:
        given.setattr(widgets, "visit", lambda: visit(app))
        given.setattr(widgets, "given", lambda key: file)
        export_panel._load_file()
    assert stream.run is not before
    assert stream.run.changes[0][:2] == (0, PARAMETERS)
    assert stream.stop_at == LESSONS["xor"].epochs


@pytest.mark.parametrize("setting", ["test_share", "noise"])
def test_every_step_of_a_slider_is_a_short_number_in_the_link(setting, app):
    """The browser counts up from the lowest value, in binary fractions: 0.1 + 4 · 0.05."""
    app.query_params["dataset"] = "hills"
    app.run()
    slider = app.slider(key=key(app, setting))
    low, step = slider.min, slider.step
    for count in range(round((slider.max - low) / step) + 1):
        counted = low + count * step
        query = to_query(replace(Spec(), **{setting: without_noise(counted)}))
        assert len(query.get(setting, "")) <= len("0.35")
        assert from_query(query)[0] == replace(Spec(), **{setting: without_noise(counted)})


@pytest.mark.parametrize(
    ("setting", "text", "counted"),
    [
        ("test_share", "0.3", 0.1 + 4 * 0.05),
        ("test_share", "0.35", 0.1 + 5 * 0.05),
        ("noise", "0.15", 15 * 0.01),
        ("noise", "0.07", 7 * 0.01),
    ],
)
def test_a_link_sets_a_slider_and_the_slider_the_link(setting, text, counted, app):
    app.query_params[setting] = text
    app.run()
    assert getattr(visit(app).spec, setting) == float(text)
    assert app.slider(key=key(app, setting)).value == float(text)
    run_id = visit(app).stream.run_id
    app.slider(key=key(app, setting)).set_value(counted).run()
    assert visit(app).stream.run_id == run_id  # it is the same value
    app.slider(key=key(app, setting)).set_value(0.2 + 0.05).run()
    app.slider(key=key(app, setting)).set_value(counted).run()
    assert dict(app.query_params)[setting] in (text, [text])


@pytest.mark.parametrize("answer", ["Change the network", "Keep my network"])
def test_weights_of_another_network_are_loaded_if_that_is_wanted(answer, app, monkeypatch):
    app.run()
    run = Run(replace(Spec(), hidden=(4,), activation="relu"))
    run.advance(2)
    file = io.BytesIO(weights_npz(run))
    file.name = "mlp_weights.npz"
    with monkeypatch.context() as patched:
        patched.setattr(widgets, "visit", lambda: visit(app))
        patched.setattr(widgets, "given", lambda _key: file)
        export_panel._load_file()
    app.run()
    assert visit(app).spec == Spec()  # not before it is wanted
    said = [text.value for text in app.main.markdown]
    assert any(text.endswith("Change the network to fit?") for text in said)
    next(button for button in app.button if button.label == answer).click().run()
    is_fitted = answer == "Change the network"
    assert visit(app).spec == (run.spec if is_fitted else Spec())
    loaded = np.array_equal(visit(app).stream.run.network.parameters, run.network.parameters)
    assert loaded == is_fitted
    assert all(button.label != answer for button in app.button)
