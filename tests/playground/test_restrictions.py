"""Links that restrict: nothing that the page offers changes what is locked."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from engine import Run, Spec
from engine.datasets import DATASETS
from engine.optimizers import OPTIMIZERS
from engine.run import PARAMETER
from engine.spec import settings_of
from playground import settings
from playground.board.request import Request
from playground.board.stream import Stream
from playground.board.told import read_told
from playground.past.runs import look_back
from playground.restrictions import LOCKABLE, PARTS, Restrictions, restrictions_of
from playground.share import KEPT, from_query, kept_of, moment_of, to_query

APP = Path(__file__).parents[2] / "playground" / "main.py"


def open_app(**query: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def visit(app: AppTest):
    assert not app.exception
    return app.session_state["visit"]


def shown(app: AppTest) -> set[str]:
    """The names of all controls on the page."""
    kinds = (app.slider, app.number_input, app.selectbox, app.select_slider, app.button_group)
    return {str(control.key).split(":")[0] for kind in kinds for control in kind}


@given(st.sets(st.sampled_from(sorted(LOCKABLE))), st.sets(st.sampled_from(sorted(PARTS))))
def test_a_link_says_what_is_locked_and_hidden(locked, hidden):
    query = {"lock": ",".join(locked), "hide": ", ".join(hidden)}
    assert restrictions_of(query) == (Restrictions(frozenset(locked), frozenset(hidden)), [])
    assert from_query(query) == (Spec(), [])  # they are no settings
    assert moment_of(query, ())[1] == []


@given(st.dictionaries(st.sampled_from(KEPT), st.text()))
def test_no_text_breaks_the_page(query):
    """What is unknown is named, and what there is."""
    found, notices = restrictions_of(query)
    assert found.locked <= set(LOCKABLE)
    assert found.hidden <= set(PARTS)
    for key, known in (("lock", {"all", *LOCKABLE}), ("hide", set(PARTS))):
        wanted = {name.strip() for name in query.get(key, "").split(",")} - {""}
        said = [notice for notice in notices if f"link's {key} " in notice]
        assert bool(wanted - known) == bool(said)
    assert from_query(query) == (Spec(), [])
    assert set(kept_of(query)) <= set(query)


def test_unknown_names_get_a_notice_that_lists_what_there_is():
    _, (lock, hide) = restrictions_of({"lock": "colour,noise,colour", "hide": "kitchen"})
    assert lock.startswith("The link's lock doesn't know “colour”. It can be all, dataset, ")
    assert hide == f"The link's hide doesn't know “kitchen”. It can be {', '.join(PARTS)}."


def test_all_locks_everything():
    assert restrictions_of({"lock": "all"})[0].locked == set(LOCKABLE)
    assert not shown(open_app(lock="all")) & set(LOCKABLE)


@pytest.mark.parametrize("locked", ["noise", "hidden", "features,optimizer", "initializer,seed"])
def test_what_is_locked_has_no_control(locked):
    free, app = shown(open_app(dataset="spirals")), open_app(dataset="spirals", lock=locked)
    gone = free - shown(app)
    names = set(locked.split(",")) & set(LOCKABLE)
    units = {"units_0", "units_1"} if "hidden" in names else set()  # each layer has a control
    assert gone == names - {"hidden"} | units
    assert len(app.warning) == ("seed" in locked)


def test_the_address_keeps_what_restricts_it():
    app = open_app(lock="hidden", hide="lessons", room="ABCDE", turn="3", noise="0.3")
    app.slider("samples").set_value(500).run()
    kept = {"lock": "hidden", "hide": "lessons", "room": "ABCDE", "turn": "3"}
    assert dict(app.query_params) == kept | {"noise": "0.3", "samples": "500"}
    assert to_query(visit(app).spec) == {"noise": "0.3", "samples": "500"}


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("locked", ["hidden", "learning_rate", "classes", "features", "loss,noise"])
def test_no_dataset_brings_along_what_is_locked(locked, optimizer):
    """Each that is still offered is tried."""
    app = open_app(lock=locked, optimizer=optimizer, hidden="3", learning_rate="0.07")
    before = settings_of(visit(app).spec)
    offered = [str(name) for name in _datasets(app)]
    assert {"moons", "circles"} <= set(offered)
    for dataset in offered:
        app.button_group(_key(app, "dataset")).set_value(dataset).run()
        now = settings_of(visit(app).spec)
        assert now["dataset"] == dataset
        assert {name: now[name] for name in locked.split(",")} == {
            name: before[name] for name in locked.split(",")
        }


def _key(app: AppTest, name: str) -> str:
    return str(app.session_state["keys"].key(name))


def _datasets(app: AppTest) -> list[str]:
    options = app.button_group(_key(app, "dataset")).options
    return [name for name in DATASETS if any(DATASETS[name].label in str(one) for one in options)]


def test_a_dataset_that_cannot_have_what_is_locked_is_not_offered():
    two_outputs = {"loss": "softmax_cross_entropy", "lock": "loss"}
    assert "curve" not in _datasets(open_app(dataset="circles", **two_outputs))
    with_three = _datasets(open_app(dataset="blobs", classes="3", lock="classes"))
    assert "blobs" in with_three
    assert "moons" not in with_three


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_optimizer_brings_along_a_locked_learning_rate(optimizer):
    app = open_app(lock="learning_rate", learning_rate="0.07")
    app.selectbox(_key(app, "optimizer")).set_value(optimizer).run()
    assert (visit(app).spec.optimizer, visit(app).spec.learning_rate) == (optimizer, 0.07)


@pytest.mark.parametrize(
    ("name", "value", "locked"),
    [
        ("reshape", {"hidden": [2]}, "hidden"),
        ("edit", {"x": 0.1, "y": 0.2, "label": 1}, "dataset"),
        ("edit", {"x": 0.1, "y": 0.2, "label": 1}, "samples"),
        ("lesson", {}, "noise"),
    ],
)
def test_the_board_cannot_change_what_is_locked(name, value, locked):
    app = open_app(lock=locked)
    before = visit(app).spec
    visit(app).stream.contact.tell(read_told({"name": name, "value": value}))
    app.run()
    assert visit(app).spec == before
    assert not visit(app).stream.contact.told


@pytest.mark.parametrize(
    ("locked", "change"),
    [("learning_rate", ("learning_rate", 0.5)), ("parameters", (PARAMETER, (0, 1.0)))],
)
def test_the_server_refuses_a_live_change_of_what_is_locked(locked, change):
    stream = Stream(Spec(samples=60, hidden=(3,)))
    stream.locked = frozenset({locked})
    asked = Request(run=stream.run_id, take=1, changes=(change,))
    with pytest.raises(ValueError, match="is locked"):
        stream.answer(asked)
    stream.locked = frozenset()
    stream.answer(replace(asked, take=2))
    assert stream.run.changes


def test_a_run_that_would_change_what_is_locked_cannot_be_opened():
    app = open_app(lock="noise,parameters")
    other, same = (visit(app).spec, replace(visit(app).spec, noise=0.4))[::-1]
    assert "locked on this page: noise" in settings.why_locked(visit(app), other)
    assert settings.why_locked(visit(app), same) == ""
    assert settings.why_locked(visit(app), replace(same, hidden=(3,))) == ""
    weights = ((0.0, PARAMETER, (0, 1.0)),)
    assert "weights and biases" in settings.why_locked(visit(app), same, weights)
    run = Run(replace(other, samples=60))
    run.advance(1)
    visit(app).stream.past.add(look_back(run))
    app.button_group("many").set_value("past").run()
    (open_it,) = [button for button in app.button if button.label == "Open"]
    assert open_it.disabled


def test_a_link_of_another_playground_is_refused_in_words():
    app = open_app(lock="activation")
    app.text_input("tf_link").set_value("https://x/#activation=relu&networkShape=4,2").run()
    assert any("locked on this page: activation" in each.value for each in app.warning)
    assert visit(app).spec == Spec()


@pytest.mark.parametrize(
    ("part", "words"),
    [("lessons", "Lessons"), ("keep", "Save and load"), ("inside", "Why these numbers?")],
)
def test_a_hidden_part_is_not_on_the_page(part, words):
    def said(app: AppTest) -> str:
        blocks = [block.label for block in app.expander] + [each.label for each in app.button]
        return " ".join(blocks + [each.value for each in app.markdown])

    assert words in said(open_app())
    assert words not in said(open_app(hide=part))


def test_without_controls_the_settings_of_the_link_hold():
    app = open_app(hide="controls", hidden="3,2", dataset="circles", noise="0.3")
    app.run()
    assert shown(app) == {"inside_view", "many"}
    spec = visit(app).spec
    assert (spec.dataset, spec.hidden, spec.noise) == ("circles", (3, 2), 0.3)


def test_back_to_a_link_without_restrictions_lifts_them():
    app = open_app(lock="all", noise="0.3")
    told = {"name": "history", "value": {"query": "?noise=0.1"}}
    visit(app).stream.contact.tell(read_told(told))
    app.run()
    assert visit(app).restrictions == Restrictions()
    assert visit(app).stream.locked == frozenset()
    assert "noise" in shown(app)


def test_everything_that_can_be_locked_has_a_name_of_its_own():
    assert set(settings_of(Spec())) < set(LOCKABLE)
    assert len(set(LOCKABLE.values())) == len(LOCKABLE)
