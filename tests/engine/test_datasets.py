"""The toy data: sizes, classes, noise, range, seeds."""

import numpy as np
import pytest

from engine.datasets import DATASETS, INPUT_RANGE, OUTLINE_RANGE, make_split


def split(dataset, **changed):
    settings = {
        "classes": DATASETS[dataset].classes[0],
        "samples": 300,
        "noise": 0.2,
        "test_share": 0.25,
        "seed": 0,
    }
    return make_split(dataset, **(settings | changed))


def points_of(data):
    return np.vstack([data.train_inputs, data.test_inputs])


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("samples", [50, 51, 2_000])
@pytest.mark.parametrize("test_share", [0.1, 0.5])
def test_every_point_is_used_once_and_classes_are_stratified(dataset, samples, test_share):
    """Each class has the same share in both parts, up to the rounding of whole points."""
    for classes in {*DATASETS[dataset].classes}:
        data = split(dataset, samples=samples, test_share=test_share, classes=classes)
        assert len(data.train_inputs) + len(data.test_inputs) == samples
        assert len(data.test_inputs) == np.ceil(samples * test_share)
        train, test = np.bincount(data.train_labels), np.bincount(data.test_labels)
        assert len(train) == len(test) == classes
        assert np.ptp(train + test) <= 1
        np.testing.assert_allclose(test, (train + test) * test_share, atol=1.0)


@pytest.mark.parametrize("dataset", DATASETS)
def test_outline_fills_its_square(dataset):
    """Without noise a drawing lies in [−1.5, 1.5]² and touches its edge."""
    for classes in {*DATASETS[dataset].classes}:
        points, labels = DATASETS[dataset].outline(1_000, classes)
        assert np.abs(points).max() == pytest.approx(OUTLINE_RANGE, rel=0.03)
        assert set(labels) == set(range(classes))


@pytest.mark.parametrize("dataset", DATASETS)
def test_noise_is_the_standard_deviation_of_the_step(dataset):
    """The same number means the same step for every dataset."""
    outline, _ = DATASETS[dataset].outline(2_000, 2)
    noisy = points_of(split(dataset, samples=2_000, noise=0.1))
    clean = points_of(split(dataset, samples=2_000, noise=0.0))
    np.testing.assert_allclose(np.sort(clean, axis=0), np.sort(outline, axis=0))
    # the seed parts both the same way, so that points pair up
    assert np.std(noisy - clean) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("noise", [0.0, 0.2, 1.0])
def test_inputs_stay_in_their_documented_range(dataset, noise):
    data = split(dataset, samples=2_000, noise=noise)
    assert np.abs(points_of(data)).max() <= INPUT_RANGE


@pytest.mark.parametrize("dataset", DATASETS)
def test_seed_decides_the_points_and_nothing_else_does(dataset):
    one, same, other = split(dataset), split(dataset), split(dataset, seed=1)
    np.testing.assert_array_equal(one.train_inputs, same.train_inputs)
    np.testing.assert_array_equal(one.test_labels, same.test_labels)
    assert not np.array_equal(one.train_inputs, other.train_inputs)


def test_points_cannot_be_changed():
    """They may be shared: a write is an error."""
    with pytest.raises(ValueError, match="read-only"):
        split("moons").train_inputs[0] = 0.0
