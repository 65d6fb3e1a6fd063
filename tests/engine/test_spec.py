"""A Spec accepts what can be run and says in plain words what cannot."""

import re
from dataclasses import replace

import numpy as np
import pytest

from engine import Run, Spec
from engine.activations import ACTIVATIONS
from engine.datasets import DATASETS
from engine.spec import LIMITS, settings_of, with_settings

# (settings, what the message must name: the setting, the limit and the value)
REFUSED = [
    (
        {"dataset": "square"},
        "dataset must be one of moons, circles, spirals, xor, blobs, checkerboard, plane, ",
    ),
    ({"activation": 3}, f"activation must be one of {', '.join(ACTIVATIONS)}, got 3"),
    ({"samples": 19}, "samples must be a whole number from 20 to 100000, got 19"),
    ({"samples": 300.5}, "samples must be a whole number from 20 to 100000, got 300.5"),
    ({"samples": True}, "samples must be a whole number from 20 to 100000, got True"),
    ({"noise": -0.1}, "noise must be a number from 0.0 to 1.0, got -0.1"),
    ({"noise": float("nan")}, "noise must be a number from 0.0 to 1.0, got nan"),
    ({"noise": "much"}, "noise must be a number from 0.0 to 1.0, got 'much'"),
    ({"test_share": 0.6}, "test_share must be a number from 0.1 to 0.5, got 0.6"),
    ({"data_seed": -1}, "data_seed must be a whole number from 0 to 4294967295, got -1"),
    ({"learning_rate": 0.0}, "learning_rate must be a number from 1e-05 to 10.0, got 0.0"),
    ({"learning_rate": float("inf")}, "learning_rate must be a number from 1e-05 to 10.0, got inf"),
    ({"learning_rate": 10**400}, "learning_rate must be a number from 1e-05 to 10.0, got 10"),
    ({"batch_size": 0}, "batch_size must be a whole number from 1 to 100000, got 0"),
    ({"hidden": (8,) * 17}, "hidden must be a tuple of 0 to 16 layers, got (8, 8, 8, 8,"),
    ({"hidden": 8}, "hidden must be a tuple of 0 to 16 layers, got 8"),
    ({"hidden": (8, 513)}, "hidden[1] must be a whole number from 1 to 512, got 513"),
    ({"hidden": (0,)}, "hidden[0] must be a whole number from 1 to 512, got 0"),
    ({"classes": 3}, "classes must be 2 for moons, got 3"),
    (
        {"dataset": "spirals", "classes": 6},
        "classes must be a whole number from 2 to 5 for spirals",
    ),
    ({"features": ()}, "features must have one of x1, x2, x1_squared, x2_squared, x1_x2, sin_x1,"),
    ({"features": ("x9",)}, "features must be some of x1, x2, x1_squared,"),
    (
        {"dataset": "curve", "features": ("x2",)},
        "features must have one of x1, x1_squared, sin_x1 for curve, got ('x2',)",
    ),
    ({"loss": "squared_error"}, "loss can't be squared_error for 2 classes, as moons has"),
    (
        {"loss": "softmax_cross_entropy", "dataset": "plane"},
        "loss can't be softmax_cross_entropy for regression, as plane has",
    ),
    (
        {"loss": "binary_cross_entropy", "dataset": "blobs", "classes": 3},
        "loss can't be binary_cross_entropy for 3 classes, as blobs has",
    ),
    ({"optimizer": "magic"}, "optimizer must be one of sgd, momentum, nesterov, rmsprop, adam"),
    ({"momentum": 1.0}, "momentum must be a number from 0.0 to 0.999, got 1.0"),
    (
        {"dataset": "blobs", "classes": 5, "samples": 20, "test_share": 0.1},
        "samples must leave at least one test point a class: 20 of them with a test_share of 0.1 "
        "leave 2 for 5 classes",
    ),
    ({"dataset": "spirals", "classes": 2.5}, "classes must be a whole number from 2 to 5"),
]


@pytest.mark.parametrize(("settings", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_run_is_refused_by_name_limit_and_value(settings, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared below
        Spec(**settings)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("setting", LIMITS)
@pytest.mark.parametrize("end", [0, 1], ids=["smallest", "largest"])
def test_both_limits_are_allowed_and_run(setting, end):
    """The limits themselves can be trained with."""
    run = Run(Spec(**({"batch_size": 1_000} | {setting: LIMITS[setting][end]})))
    run.advance()
    assert run.epoch == 1


@pytest.mark.parametrize("hidden", [(), (1,), (16,) * 6])
@pytest.mark.parametrize("dataset", DATASETS)
def test_smallest_and_largest_networks_run_on_every_dataset(dataset, hidden):
    for classes in DATASETS[dataset].classes or [2]:
        run = Run(Spec(dataset=dataset, classes=classes, hidden=hidden, samples=50))
        run.advance()
        assert np.isfinite(run.history.train_loss).all()
        assert run.history.gradient_norms.shape == (2, len(hidden) + 1)


def test_lists_and_numpy_numbers_are_as_good_as_tuples_and_ints():
    """Two ways to write the same Spec are equal, and hash alike."""
    one = Spec(hidden=[4, 2], samples=np.int64(100), noise=0, learning_rate=1)
    other = Spec(hidden=(4, 2), samples=100, noise=0.0, learning_rate=1.0)
    assert one == other
    assert hash(one) == hash(other)
    assert type(one.samples) is int


def test_features_are_kept_in_one_order_and_once():
    assert Spec(features=["x1_x2", "x1", "x1"]).features == ("x1", "x1_x2")


def test_a_curve_is_shown_what_its_points_have():
    """Settings of the other datasets are kept, and what makes no sense is left out."""
    assert Spec(dataset="curve").inputs == ("x1",)
    assert Spec(dataset="curve", features=("x2", "sin_x1")).inputs == ("sin_x1",)


@pytest.mark.parametrize("setting", ["noise", "weight_sigma"])
def test_negative_zero_is_zero(setting):
    """A link may say -0, which NumPy refuses as a standard deviation; equal Specs look alike."""
    spec = Spec(initializer="normal", **{setting: -0.0})
    assert str(getattr(spec, setting)) == "0.0"
    Run(spec).advance()


TURNS = {"dataset": "spirals", "parameters": {"turns": 1.5}}


def test_what_can_be_set_of_a_dataset_is_in_the_spec():
    """Given or not, written as a mapping or as pairs: equal Specs are equal and hash alike."""
    plain = Spec(dataset="spirals")
    assert plain.parameters == (("turns", 1.0),)
    assert plain == Spec(dataset="spirals", parameters={"turns": 1})
    assert hash(plain) == hash(Spec(dataset="spirals", parameters=(("turns", 1.0),)))
    assert Spec(**TURNS) != plain
    assert settings_of(Spec(**TURNS))["turns"] == 1.5
    assert not np.array_equal(Run(Spec(**TURNS)).train_points, Run(plain).train_points)


def test_what_other_datasets_have_is_left_out():
    """As inputs are that points don't have: another dataset can be chosen with `replace`."""
    assert replace(Spec(**TURNS), dataset="blobs") == Spec(dataset="blobs")


def test_settings_are_changed_by_name_whoever_declares_them():
    spec = with_settings(Spec(), {"turns": 1.5, "noise": 0.1, "dataset": "spirals"})
    assert spec == Spec(noise=0.1, **TURNS)
    assert with_settings(spec, {"noise": 0.2}) == Spec(**TURNS)
    assert with_settings(spec, {"dataset": "blobs", "spread": 0.2}).parameters == (("spread", 0.2),)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dataset": "spirals", "turns": 7}, "turns must be a number from 0.5 to 2.0, got 7"),
        ({"dataset": "spirals", "turns": "x"}, "turns must be a number from 0.5 to 2.0, got 'x'"),
        ({"dataset": "blobs", "turns": 1.0}, "there is no setting turns of blobs, xavier, sgd"),
        ({"twists": 1.0}, "there is no setting twists of moons, xavier, sgd"),
        ({"parameters": {"twists": 1.0}}, "there is no setting parameters of moons"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused_by_name(settings, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        with_settings(Spec(), settings)


@pytest.mark.parametrize("given", [{"twists": 1.0}, 3, "turns", None])
def test_parameters_that_no_entry_has_are_refused(given):
    with pytest.raises(ValueError, match=r"no setting twists|must be names and values"):
        Spec(parameters=given)
