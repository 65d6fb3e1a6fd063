"""A Spec accepts what can be run and says in plain words what cannot."""

import numpy as np
import pytest

from engine import Run, Spec
from engine.datasets import DATASETS
from engine.spec import LIMITS

# (settings, what the message must name: the setting, the limit and the value)
REFUSED = [
    ({"dataset": "square"}, "dataset must be one of moons, circles, spirals, got 'square'"),
    ({"activation": 3}, "activation must be one of tanh, sigmoid, relu, linear, got 3"),
    ({"samples": 49}, "samples must be a whole number from 50 to 2000, got 49"),
    ({"samples": 300.5}, "samples must be a whole number from 50 to 2000, got 300.5"),
    ({"samples": True}, "samples must be a whole number from 50 to 2000, got True"),
    ({"noise": -0.1}, "noise must be a number from 0.0 to 1.0, got -0.1"),
    ({"noise": float("nan")}, "noise must be a number from 0.0 to 1.0, got nan"),
    ({"noise": "much"}, "noise must be a number from 0.0 to 1.0, got 'much'"),
    ({"test_share": 0.6}, "test_share must be a number from 0.1 to 0.5, got 0.6"),
    ({"data_seed": -1}, "data_seed must be a whole number from 0 to 4294967295, got -1"),
    ({"learning_rate": 0.0}, "learning_rate must be a number from 1e-05 to 10.0, got 0.0"),
    ({"learning_rate": float("inf")}, "learning_rate must be a number from 1e-05 to 10.0, got inf"),
    ({"learning_rate": 10**400}, "learning_rate must be a number from 1e-05 to 10.0, got 10"),
    ({"batch_size": 0}, "batch_size must be a whole number from 1 to 2000, got 0"),
    ({"hidden": (8,) * 7}, "hidden must be a tuple of 0 to 6 layers, got (8, 8, 8, 8, 8, 8, 8)"),
    ({"hidden": 8}, "hidden must be a tuple of 0 to 6 layers, got 8"),
    ({"hidden": (8, 17)}, "hidden[1] must be a whole number from 1 to 16, got 17"),
    ({"hidden": (0,)}, "hidden[0] must be a whole number from 1 to 16, got 0"),
    ({"classes": 3}, "classes must be 2 for moons, got 3"),
    (
        {"dataset": "spirals", "classes": 6},
        "classes must be a whole number from 2 to 5 for spirals",
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
    run = Run(Spec(**{setting: LIMITS[setting][end]}))
    run.advance()
    assert run.epoch == 1


@pytest.mark.parametrize("hidden", [(), (1,), (16,) * 6])
@pytest.mark.parametrize("dataset", DATASETS)
def test_smallest_and_largest_networks_run_on_every_dataset(dataset, hidden):
    for classes in DATASETS[dataset].classes:
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
