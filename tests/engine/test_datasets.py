"""The toy data: sizes, classes, noise, range, seeds."""

import numpy as np
import pytest

from engine.datasets import COORDINATE_RANGE, DATASETS, OUTLINE_RANGE
from engine.split import make_split


def split(dataset, **changed):
    settings = {
        "classes": (DATASETS[dataset].classes or (2, 2))[0],
        "samples": 300,
        "noise": 0.2,
        "test_share": 0.25,
        "seed": 0,
        "parameters": {entry.name: entry.default for entry in DATASETS[dataset].parameters},
    }
    return make_split(dataset, **(settings | changed))


def outline(dataset, classes, **changed):
    made = DATASETS[dataset]
    values = {entry.name: entry.default for entry in made.parameters} | changed
    return made.outline(1_000, classes, np.random.default_rng(0), **values)


def points_of(data):
    return np.vstack([data.train_points, data.test_points])


CLASSES = [name for name, dataset in DATASETS.items() if dataset.classes]
VALUES = [name for name, dataset in DATASETS.items() if not dataset.classes]


@pytest.mark.parametrize("dataset", CLASSES)
@pytest.mark.parametrize("samples", [50, 51, 2_000])
@pytest.mark.parametrize("test_share", [0.1, 0.5])
def test_every_point_is_used_once_and_classes_are_stratified(dataset, samples, test_share):
    """Each class has the same share in both parts, up to the rounding of whole points."""
    for classes in {*DATASETS[dataset].classes}:
        data = split(dataset, samples=samples, test_share=test_share, classes=classes)
        assert len(data.train_points) + len(data.test_points) == samples
        assert len(data.test_points) == np.ceil(samples * test_share)
        train, test = np.bincount(data.train_labels), np.bincount(data.test_labels)
        assert len(train) == len(test) == classes
        assert np.ptp(train + test) <= 1
        np.testing.assert_allclose(test, (train + test) * test_share, atol=1.0)


@pytest.mark.parametrize("dataset", DATASETS)
def test_outline_fills_its_square(dataset):
    """Without noise a drawing lies in [−1.5, 1.5]² and comes near its edge; values in [−1, 1]."""
    made = DATASETS[dataset]
    for classes in {*(made.classes or [2])}:
        points, labels = outline(dataset, classes)
        assert points.shape == (1_000, made.coordinates)
        assert 1.3 < np.abs(points).max() <= OUTLINE_RANGE
        if made.classes:
            assert set(labels) == set(range(classes))
        else:
            assert 0.9 < np.abs(labels).max() <= 1.0 + 1e-9


@pytest.mark.parametrize("dataset", DATASETS)
def test_noise_is_the_standard_deviation_of_the_step(dataset):
    """The same number means the same step for every dataset, of the point or of its value."""
    noisy, clean = (split(dataset, samples=2_000, noise=noise) for noise in (0.1, 0.0))
    # the seed parts both the same way, so that points pair up
    points = points_of(noisy) - points_of(clean)
    values = noisy.train_labels - clean.train_labels
    moved, still = (values, points) if dataset in VALUES else (points, values)
    assert np.std(moved) == pytest.approx(0.1, rel=0.05)
    assert np.all(still == 0.0)


@pytest.mark.parametrize("dataset", VALUES)
def test_regression_uses_every_point_once(dataset):
    data = split(dataset, samples=51, test_share=0.1)
    assert len(data.train_points) + len(data.test_points) == 51
    assert len(data.test_points) == len(data.test_labels) == 6


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("noise", [0.0, 0.2, 1.0])
def test_points_stay_in_their_documented_range(dataset, noise):
    data = split(dataset, samples=2_000, noise=noise)
    assert np.abs(points_of(data)).max() <= COORDINATE_RANGE


@pytest.mark.parametrize("dataset", DATASETS)
def test_seed_decides_the_points_and_nothing_else_does(dataset):
    one, same, other = split(dataset), split(dataset), split(dataset, seed=1)
    np.testing.assert_array_equal(one.train_points, same.train_points)
    np.testing.assert_array_equal(one.test_labels, same.test_labels)
    assert not np.array_equal(one.train_points, other.train_points)


def test_points_cannot_be_changed():
    """They may be shared: a write is an error."""
    with pytest.raises(ValueError, match="read-only"):
        split("moons").train_points[0] = 0.0


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("dataset", [name for name in DATASETS if DATASETS[name].parameters])
def test_at_its_limits_a_parameter_leaves_the_outline_in_its_square(dataset, end):
    for entry in DATASETS[dataset].parameters:
        points, _ = outline(dataset, 5, **{entry.name: getattr(entry, end)})
        assert np.abs(points).max() <= OUTLINE_RANGE + 1e-12
        assert not np.array_equal(points, outline(dataset, 5)[0])


@pytest.mark.parametrize("turns", [0.5, 1.0, 1.7, 2.0])
def test_an_arm_winds_around_the_centre_as_often_as_its_turns_say(turns):
    """Its radius goes from a tenth to the whole, so its angle from a tenth of the turns to all."""
    points, labels = outline("spirals", 2, turns=turns)
    arm = points[labels == 0]
    angles = np.unwrap(np.arctan2(arm[:, 0], arm[:, 1]))
    assert (angles[-1] - angles[0]) / (2.0 * np.pi) == pytest.approx(0.9 * turns, rel=1e-9)


@pytest.mark.parametrize("spread", [0.05, 0.1, 0.15])
def test_a_cloud_is_as_wide_as_its_spread_says(spread):
    """1,000 points: the standard error of the standard deviation is about 2 % of it."""
    points, labels = outline("blobs", 2, spread=spread)
    clouds = [points[labels == label] for label in (0, 1)]
    for cloud in clouds:
        assert np.std(cloud - cloud.mean(axis=0)) == pytest.approx(spread, rel=0.08)
