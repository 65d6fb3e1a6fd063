"""Links: any Spec survives the trip, and no link can break the page."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Run, Spec
from engine.datasets import DATASETS
from engine.features import FEATURES, usable
from engine.optimizers import OPTIMIZERS
from engine.spec import AUTO, CHOICES, SETTINGS, loss_fits, recommended, settings_of
from playground.lessons import LESSONS
from playground.limits import PAGE_LAYERS, PAGE_LIMITS, PAGE_UNITS
from playground.own_data import edit
from playground.share import (
    NOT_SETTINGS,
    Moment,
    from_query,
    moment_of,
    pinned_of,
    to_query,
    without_data,
)

numbers = {
    setting: st.integers(*limits) if isinstance(limits[0], int) else st.floats(*limits)
    for setting, limits in PAGE_LIMITS.items()
}
names = {
    setting: st.sampled_from(sorted(choices))
    for setting, choices in CHOICES.items()
    if setting not in ("dataset", "loss")
}


@st.composite
def specs(draw):
    dataset = draw(st.sampled_from(sorted(DATASETS)))
    made = DATASETS[dataset]
    classes = draw(st.integers(*(made.classes or (2, 2))))
    losses = [x for x in CHOICES["loss"] if loss_fits(x, classes if made.classes else 0)]
    features = draw(st.sets(st.sampled_from(sorted(FEATURES)), min_size=1))
    parameters = {entry.name: draw(st.floats(*entry.limits)) for entry in made.parameters}
    return Spec(
        dataset=dataset,
        classes=classes,
        loss=draw(st.sampled_from(losses)),
        features=tuple(features) if usable(tuple(features), made.coordinates) else ("x1",),
        parameters=parameters,
        hidden=tuple(draw(st.lists(st.integers(*PAGE_UNITS), max_size=PAGE_LAYERS[1]))),
        **{setting: draw(strategy) for setting, strategy in (numbers | names).items()},
    )


@given(specs())
def test_spec_to_link_to_spec_is_the_identity(spec):
    """To the last digit of every number, and without a notice."""
    assert from_query(to_query(spec)) == (spec, [])


@given(st.dictionaries(st.sampled_from([*SETTINGS, "turns", *NOT_SETTINGS]) | st.text(), st.text()))
def test_any_string_as_any_parameter_opens_a_spec(query):
    """Each part that can't be used gets a notice that names it; nothing raises.

    What is no setting (the moment, the lesson, run A) has readers and notices of its own.
    """
    spec, notices = from_query(query)
    moment, _ = moment_of(query, ())
    assert isinstance(spec, Spec)
    assert isinstance(moment, Moment)
    for key in query.keys() - {*SETTINGS, *NOT_SETTINGS}:
        used = str(settings_of(spec).get(key)) == query[key]
        assert used or any(key in notice for notice in notices)


def test_default_spec_has_an_empty_query():
    assert to_query(Spec()) == {}


def test_only_what_differs_is_written_and_layers_are_joined_by_commas():
    spec = replace(recommended("spirals"), hidden=(8, 4), learning_rate=0.03)
    assert to_query(spec) == {"dataset": "spirals", "hidden": "8,4", "learning_rate": "0.03"}
    assert to_query(Spec(hidden=())) == {"hidden": ""}


def test_what_the_engine_takes_and_the_page_does_not_gets_a_notice():
    """The page's limits are its own: they keep it smooth and legible."""
    spec, notices = from_query({"samples": "5000", "hidden": "64", "batch_size": "10"})
    assert spec == Spec(batch_size=10)
    assert "samples must be a whole number from 50 to 2000, got 5000" in notices[0]
    assert "hidden[0] must be a whole number from 1 to 16, got 64" in notices[1]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("dataset", DATASETS)
def test_a_link_without_more_opens_what_suits_dataset_and_optimizer(dataset, optimizer):
    suits = recommended(dataset, optimizer)
    assert from_query({"optimizer": optimizer, "dataset": dataset}) == (suits, [])
    assert set(to_query(suits)) <= {"dataset", "optimizer"}
    # a rate that the link names is the one that counts
    named, _ = from_query({"optimizer": optimizer, "dataset": dataset, "learning_rate": "0.07"})
    assert named == replace(suits, learning_rate=0.07)


@pytest.mark.parametrize(
    ("query", "moment", "notice"),
    [
        ({}, Moment(), ""),
        ({"epoch": "120", "view": "step"}, Moment(epoch=120, view="step"), ""),
        ({"play": "1", "step": "explanation"}, Moment(plays=True), ""),  # no lesson is open
        ({"lesson": "xor", "step": "explanation"}, Moment(explains=True), ""),
        ({"epoch": "many"}, Moment(), "from 0 to 5,000, got 'many'"),
        ({"epoch": "5001"}, Moment(), "from 0 to 5,000, got '5001'"),
        ({"epoch": "-1"}, Moment(), "from 0 to 5,000, got '-1'"),
        ({"view": "kitchen"}, Moment(), "no view “kitchen”"),
    ],
)
def test_a_link_may_name_a_moment(query, moment, notice):
    found, notices = moment_of(query, {"step", "hidden"})
    assert found == moment
    assert [notice in said for said in notices] == [True] * bool(notice)
    assert from_query(query)[1] == []  # they are no settings


def test_every_loss_that_is_automatic_need_not_be_named():
    assert to_query(Spec(loss=AUTO)) == {}


def test_a_setting_may_come_before_the_dataset_that_allows_it():
    spec, notices = from_query({"classes": "4", "dataset": "spirals"})
    assert (spec.dataset, spec.classes, notices) == ("spirals", 4, [])


def test_notices_name_the_key_the_value_and_the_limit():
    spec, notices = from_query(
        {"colour": "red", "noise": "7", "samples": "many", "hidden": "8,99", "activation": "relu"}
    )
    assert spec == Spec(activation="relu")
    assert notices == [
        "The link's “colour” is not a setting of the playground, so it is ignored.",
        "The link's samples can't be used, so it is 300: "
        "samples must be a whole number from 50 to 2000, got 'many'.",
        "The link's noise can't be used, so it is 0.2: "
        "noise must be a number from 0.0 to 1.0, got 7.0.",
        "The link's hidden can't be used, so it is 8,8: "
        "hidden[1] must be a whole number from 1 to 16, got 99.",
    ]


@pytest.mark.parametrize("pinned", [Spec(), Spec(hidden=(), activation="relu")])
def test_a_link_holds_both_runs_that_are_compared(pinned):
    spec = Spec(dataset="circles", hidden=(3,))
    query = to_query(spec, pinned=pinned)
    assert from_query(query) == (spec, [])
    assert pinned_of(query) == (pinned, [])
    assert pinned_of(to_query(spec)) == (None, [])


@pytest.mark.parametrize("pinned", [LESSONS["xor"].pinned, Spec(hidden=(3,)), None])
def test_a_link_to_a_lesson_has_run_a_if_it_is_not_the_lesson_s(pinned):
    query = to_query(LESSONS["xor"].spec, "xor", pinned)
    assert (query == {"lesson": "xor"}) == (pinned == LESSONS["xor"].pinned)
    assert from_query(query) == (LESSONS["xor"].spec, [])
    assert pinned_of(query) == (pinned, [])


def test_what_is_wrong_with_run_a_is_said_of_run_a():
    pinned, (notice,) = pinned_of({"a": "noise=loud&hidden=4"})
    assert pinned == Spec(hidden=(4,))
    assert notice.startswith("Run A: The link's noise can't be used")


def test_what_can_be_set_of_a_dataset_is_in_the_link_by_its_own_name():
    """In any order; the default is not written."""
    spec = replace(recommended("spirals"), parameters={"turns": 1.2})
    assert to_query(spec) == {"dataset": "spirals", "turns": "1.2"}
    assert from_query({"turns": "1.2", "dataset": "spirals"}) == (spec, [])
    assert to_query(recommended("spirals")) == {"dataset": "spirals"}
    assert pinned_of(to_query(Spec(), pinned=spec)) == (spec, [])


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        (
            {"dataset": "spirals", "turns": "7"},
            "The link's turns can't be used, so it is 1.5: turns must be a number from 0.5 to 2.0, "
            "got 7.0.",
        ),
        (
            {"dataset": "moons", "turns": "1.5"},
            "The link's “turns” is not a setting of moons, xavier, sgd, so it is ignored.",
        ),
    ],
)
def test_a_parameter_that_cannot_be_used_gets_a_notice(query, notice):
    spec, notices = from_query(query)
    assert spec == recommended(query["dataset"])
    assert notices == [notice]


@pytest.mark.parametrize("setting", ["noise", "weight_sigma"])
def test_negative_zero_in_a_link_opens_a_run(setting):
    spec, notices = from_query({setting: "-0", "initializer": "normal"})
    assert notices == []
    assert to_query(spec)[setting] == "0.0"
    Run(spec)


def test_own_data_are_in_a_link_by_their_digest_alone():
    own = edit.taken_over(Run(Spec(dataset="blobs", classes=3, samples=60)))
    spec = Spec(own=own, hidden=(3,))
    query = to_query(spec)
    assert query == {"hidden": "3", "own": own.digest}
    assert from_query(query, own) == (spec, [])  # as when a person goes back to them
    found, notices = from_query(query)
    assert found == Spec(hidden=(3,))
    assert len(notices) == 1
    assert "own data, which a link can't carry: you see Moons instead" in notices[0]
    assert "it opens Moons" in without_data(spec)
    assert from_query(query, edit.with_point(own, 0.0, 0.0, 1)) == (found, notices)
    _, notices = from_query({**query, "dataset": "circles", "noise": "loud"})
    assert "you see Circles instead" in notices[0]
    found, _ = from_query({**query, "features": "x1,x2,x3,x4"})
    assert found.features == ("x1", "x2")
    found, _ = from_query({**query, "features": "x3"})
    assert found.features == ("x1", "x2")
    assert "noise can't be used" in notices[1]
