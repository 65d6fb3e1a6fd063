"""Own data: standard units, equality by content, and parts that stay as points are added."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris

from engine import OwnData, Run, Spec
from engine.inspection import half_width, region
from engine.own_data import standardized

IRIS = load_iris()


def iris(rows: int = 150) -> OwnData:
    names = tuple(IRIS.feature_names)
    return standardized(
        "iris.csv", names, "kind", IRIS.data[:rows], IRIS.target[:rows], tuple(IRIS.target_names)
    )


def values(rows: int = 40) -> OwnData:
    rng = np.random.default_rng(1)
    points = rng.uniform(0.0, 100.0, (rows, 3))
    return standardized("v.csv", ("a", "b", "c"), "price", points, 1e6 * points.sum(axis=1), ())


def test_coordinates_are_standard_and_can_be_taken_back():
    own = iris()
    np.testing.assert_allclose(own.points.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(own.points.std(axis=0), 1.0, rtol=1e-12)
    back = np.array(own.centre) + np.array(own.scale) * own.points
    np.testing.assert_allclose(back, IRIS.data, rtol=1e-12)


def test_values_to_predict_are_moved_between_minus_one_and_one():
    own = values()
    assert own.is_regression
    assert own.labels.min() == pytest.approx(-1.0)
    assert own.labels.max() == pytest.approx(1.0)


def test_a_constant_column_stays_at_zero():
    data = IRIS.data.copy()
    data[:, 1] = 0.1
    own = standardized("c.csv", ("a", "b", "c", "d"), "t", data, IRIS.target, ("x", "y", "z"))
    np.testing.assert_allclose(own.points[:, 1], 0.0, atol=1e-12)


def test_data_are_equal_if_all_that_is_in_them_is():
    assert iris() == iris()
    assert hash(iris()) == hash(iris())
    assert Spec(own=iris()) == Spec(own=iris())
    moved = replace(iris(), points=iris().points + 1e-12)
    assert iris() != moved
    assert iris() != replace(iris(), name="other.csv")


def test_data_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        iris().points[0, 0] = 1.0


@settings(deadline=None)
@given(
    counts=st.lists(st.integers(2, 60), min_size=2, max_size=5),
    share=st.sampled_from([0.1, 0.25, 0.3, 0.5]),
    seed=st.integers(0, 1000),
)
def test_every_class_is_parted_in_the_same_proportion(counts, share, seed):
    labels = np.repeat(np.arange(len(counts)), counts)
    points = np.arange(2.0 * len(labels)).reshape(-1, 2)
    if len(labels) < 10:
        return
    classes = tuple(map(str, range(len(counts))))
    own = OwnData("p", ("a", "b"), "t", points, labels, classes, (0.0, 0.0), (1.0, 1.0))
    split = own.split(share, seed)
    together = np.concatenate([split.train_points, split.test_points])
    assert sorted(together[:, 0]) == sorted(points[:, 0])
    for label, count in enumerate(counts):
        tested = int(np.sum(split.test_labels == label))
        assert 1 <= tested < count
        assert abs(tested - share * count) <= 1.0 or tested == 1


def test_a_point_that_is_added_moves_no_other_one_to_the_other_part():
    own = iris()
    more = replace(
        own,
        points=np.vstack([own.points, np.zeros((3, 4))]),
        labels=np.append(own.labels, [0, 1, 2]),
    )
    before, after = own.split(0.25, 3), more.split(0.25, 3)
    old = {tuple(point) for point in before.train_points}
    assert old == {tuple(point) for point in after.train_points} - {(0.0,) * 4}


def test_another_seed_parts_the_data_otherwise():
    assert not np.array_equal(iris().split(0.25, 0).test_points, iris().split(0.25, 1).test_points)


def test_a_run_trains_on_own_data():
    spec = Spec(own=iris(), features=("x1", "x2", "x3", "x4"), test_share=0.3)
    run = Run(spec)
    assert spec.classes == 3
    assert spec.outputs == 3
    assert run.network.layer_sizes == (4, 8, 8, 3)
    assert len(run.train_points) + len(run.test_points) == 150
    run.advance(60)
    assert run.latest.test_accuracy > 0.9


def test_the_picture_holds_the_other_coordinates_at_their_mean():
    run = Run(Spec(own=iris(), features=("x1", "x2", "x3", "x4")))
    picture = region(run, half_width=half_width(run), resolution=5)
    np.testing.assert_allclose(picture[2, 2], run.predict(np.zeros((1, 4)))[0], rtol=1e-12)
    drawn = np.concatenate([run.train_points, run.test_points])[:, :2]
    assert half_width(run) >= np.abs(drawn).max()


def test_a_run_predicts_values_of_own_data():
    run = Run(Spec(own=values(), features=("x1", "x2", "x3"), learning_rate=0.05))
    run.advance(200)
    assert run.latest.test_accuracy > 0.9


def test_functions_of_a_column_and_columns_that_are_not_there():
    own = iris()
    assert Spec(own=own, features=("x1", "x4", "x7", "sin_x1")).inputs == ("x1", "sin_x1", "x4")
    with pytest.raises(ValueError, match=r"features must have one of .* for iris.csv"):
        Spec(own=own, features=("x7",))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            {"points": np.zeros((150, 1)), "columns": ("a",)},
            "from 2 to 7 columns of .*, got 1",
        ),
        ({"points": np.full((150, 4), np.nan)}, "all numbers must be finite"),
        ({"labels": np.zeros(150)}, "each class must have points"),
        ({"classes": ("one",)}, "from 2 to 12 classes, got 1"),
        ({"labels": np.zeros(3)}, "of one length"),
        ({"points": np.zeros((5, 4)), "labels": np.zeros(5)}, "from 10 to 10,000 rows, got 5"),
    ],
)
def test_what_cannot_be_used_is_refused(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        replace(iris(), **change)


def test_a_loss_for_other_classes_is_refused_by_the_name_of_the_data():
    with pytest.raises(ValueError, match=r"loss can't be .* for 3 classes, as iris"):
        Spec(own=iris(), loss="binary_cross_entropy")
