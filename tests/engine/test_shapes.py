"""What is measured of a picture, and its words: of made-up pictures, and of trained runs."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Run, Spec, inspection
from engine.inspection.scene_words import describe, facts
from engine.inspection.shapes import Fit, Patch, Regions, Surface, bends, find_patches, slope_of
from engine.inspection.words import trend
from engine.spec import recommended

SIDE = np.linspace(-1.0, 1.0, 101)
ACROSS, UP = np.meshgrid(SIDE, SIDE)
NOWHERE = np.zeros((0, 2)), np.zeros(0, int)
NAMES = ["class 0", "class 1"]


def regions(labels, points=NOWHERE, *, bends=None, wrong=0, classes=2):
    """A picture of classes as it would be measured."""
    places, of = points
    return Regions(
        patches=find_patches(labels.astype(np.uint8), places, of),
        points=tuple(np.bincount(of, minlength=classes).tolist()),
        bends=bends,
        labels=labels.astype(np.uint8),
        wrong=wrong,
        tested=50,
    )


def looked_at(spec, epochs):
    run = Run(spec)
    run.advance(epochs)
    return run, inspection.look_at(run, half_width=inspection.half_width(run))


def test_a_disc_is_closed_and_holds_the_points_in_it():
    points = np.array([[0.1, 0.1], [-0.2, 0.0], [0.9, 0.9], [0.0, 0.05]])
    outside, disc = find_patches(np.hypot(ACROSS, UP) < 0.5, points, np.array([1, 1, 1, 0]))
    assert disc.share == pytest.approx(np.pi / 16, rel=0.05)
    assert outside == Patch(0, 1.0 - disc.share, False, (0, 0), 0)
    assert disc == Patch(1, disc.share, True, (0, 0), 2)


def test_a_disc_that_reaches_the_edge_is_not_closed():
    _, disc = find_patches(np.hypot(ACROSS - 0.8, UP) < 0.4, *NOWHERE)
    assert not disc.is_closed
    assert disc.place == (1, 0)


def test_quadrants_are_four_regions_each_in_its_place_and_a_speck_is_none():
    labels = np.where((ACROSS > 0) == (UP > 0), 0, 1)
    labels[20, 20] = 1
    found = find_patches(labels, *NOWHERE)
    assert sorted(patch.place for patch in found) == [(-1, -1), (-1, 1), (1, -1), (1, 1)]


@pytest.mark.parametrize(
    ("expected", "x", "y"),
    [
        (0, SIDE, 0.3 * SIDE),
        (0, SIDE, 0.02 * np.sin(9 * SIDE)),  # what wriggles a little is straight to the eye
        (1, SIDE, SIDE**2),
        (2, SIDE, SIDE**3 - 0.8 * SIDE),
        (2, SIDE, 0.5 * np.sin(np.pi * SIDE)),
        (4, SIDE, 0.3 * np.sin(2 * np.pi * SIDE)),
        (1, np.cos(2.5 * SIDE), np.sin(2.5 * SIDE)),
    ],
)
def test_the_bends_of_a_line_are_counted_whichever_way_it_is_walked(expected, x, y):
    line = np.column_stack([x, y])
    for walked in (line, line[::-1], line[:, ::-1], line * [1, -1]):
        assert bends(walked) == expected


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        ((1, 1), ACROSS + UP),
        ((-1, 0), -2.0 * ACROSS + 0.1 * UP),
        ((0, -1), 3.0 - UP),
        (None, ACROSS * UP),
        (None, np.exp(-(ACROSS**2) - UP**2)),
    ],
)
def test_an_even_slope_rises_to_one_side(expected, values):
    assert slope_of(values) == expected


def test_what_has_not_changed_is_not_said_again():
    ring = np.array([[0.0, 0.0], [0.9, 0.9]]), np.array([1, 0])
    half, disc = regions(UP > 0, ring, bends=0), regions(np.hypot(ACROSS, UP) < 0.5, ring, wrong=1)
    assert describe(half, NAMES) == (
        "A single border is straight: class 0 is at the bottom, class 1 at the top. "
        "All 50 test points are right."
    )
    assert describe(half, NAMES, half) == ""
    assert describe(disc, NAMES, half) == (
        "The border now closes around class 1. 1 of 50 test points is wrong."
    )
    assert describe(half, NAMES, disc) == (
        "The border no longer closes around class 1. The border is now a single straight line: "
        "class 0 is at the bottom, class 1 at the top. All 50 test points are right."
    )


def test_a_border_that_moves_has_moved_by_the_share_that_changed_its_class():
    before, after = regions(UP > 0, bends=0), regions(UP > 0.2, bends=0)
    assert describe(after, NAMES, before) == (
        "The border has moved: 10% of the picture has another class."
    )
    assert describe(regions(UP > 0.02, bends=0), NAMES, before) == ""


def test_several_regions_and_classes_without_one_are_counted_and_placed():
    quadrants = regions(np.where((ACROSS > 0) & (UP > 0) | (ACROSS < -0.2) & (UP < -0.2), 1, 0))
    assert describe(quadrants, NAMES).startswith(
        "Class 0 has one region and class 1 has 2 regions (in the upper right and in the lower "
        "left)."
    )
    names = ["a", "b", "c", "d"]
    thirds = regions(np.digitize(ACROSS, [-0.4, 0.4]), classes=4)
    assert describe(thirds, names).startswith(
        "Each class that is there has one region: a on the left, b in the middle and c on the "
        "right. There is no region of d."
    )
    assert describe(regions(0 * UP), NAMES).startswith("The whole picture is class 0.")


def test_a_border_around_a_few_points_closes_around_a_part():
    points = np.array([[0.0, 0.0], [0.9, 0.9]]), np.array([1, 1])
    disc = regions(np.hypot(ACROSS, UP) < 0.5, points)
    assert describe(disc, NAMES).startswith("The border closes around a part of class 1.")


@pytest.mark.parametrize(
    ("expected", "fit"),
    [
        ("The fitted curve rises from −1 on the left to 0.5 on the right.", (-1.0, 0.5, 0, 0)),
        ("The fitted curve has 2 peaks and 1 dip; it goes from 1 ", (1.0, 0.0, 2, 1)),
    ],
)
def test_a_curve_in_words(expected, fit):
    assert describe(Fit(*fit, is_flat=False, error=0.123), []).startswith(expected)
    assert describe(Fit(0.2, 0.2, 0, 0, is_flat=True, error=0.1), []) == (
        "The fitted curve is nearly flat, at 0.2. "
        "The values of the test points are off by 0.1 on average."
    )


def test_values_in_words():
    hills = Surface(-0.5, 1.0, None, False, ((1, 1), (-1, -1)), ((0, 0),), 0.05)
    assert describe(hills, []).startswith(
        "The predicted values are high in the upper right and in the lower left and low in the "
        "middle, from −0.5 to 1."
    )
    slope = replace(hills, slope=(1, 0), hills=(), hollows=())
    assert "rise evenly towards the right, from −0.5 to 1." in describe(slope, [])
    assert "now rise evenly" in describe(slope, [], hills)
    many = replace(hills, hills=((1, 1),) * 6)
    assert "high in 6 places" in describe(many, [])


@pytest.mark.parametrize(
    ("spec", "epochs", "expected"),
    [
        (Spec(hidden=()), 100, "A single border is straight: class 0 is at the top"),
        (Spec(), 100, "A single border bends twice: class 0 is at the top"),
        (recommended("circles"), 100, "The border closes around class 1. All 75"),
        (
            recommended("xor"),
            100,
            "Class 0 has 2 regions (in the upper right and in the lower left)",
        ),
        (recommended("spirals"), 300, "A single border bends four times"),
        (
            replace(recommended("blobs"), classes=4),
            20,
            "Each class has one region: class 0 at the top, class 1 on the right, class 2 at the "
            "bottom and class 3 on the left. All 75 test points are right.",
        ),
        (recommended("plane"), 100, "The predicted values rise evenly towards the upper right"),
        (
            recommended("hills"),
            300,
            "The predicted values are high in the upper right and in the lower left and low in the "
            "upper left and in the lower right",
        ),
        (recommended("curve"), 300, "The fitted curve has 3 peaks and 2 dips"),
    ],
    ids=lambda value: getattr(value, "dataset", ""),
)
def test_trained_runs_look_as_they_are_described(spec, epochs, expected):
    _, scene = looked_at(spec, epochs)
    names = [] if spec.is_regression else [f"class {k}" for k in range(spec.classes)]
    assert describe(scene, names).startswith(expected)


def test_the_wrong_test_points_are_those_of_the_accuracy():
    run, scene = looked_at(Spec(), 20)
    assert 1.0 - scene.wrong / scene.tested == pytest.approx(run.latest.test_accuracy)
    assert scene.tested == len(run.test_labels)
    assert sum(scene.points) == len(run.train_labels) + len(run.test_labels)


def test_a_picture_that_is_not_finite_is_described_all_the_same():
    run = Run(Spec(dataset="hills", activation="linear", hidden=(8, 8)))
    run.network.parameters *= 1e160
    assert facts(inspection.look_at(run, half_width=2.0), [])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.3], "is 0.3"),
        ([0.3, 0.3], "is 0.3"),
        ([0.3, 0.299], "stayed near 0.299"),
        ([0.8, 0.5, 0.041], "fell from 0.8 to 0.041"),
        ([0.1, 0.2, 0.4], "rose from 0.1 to 0.4"),
        ([0.3, 2.0, 0.1], "fell from 0.3 to 0.1, after a peak of 2"),
        ([0.3, 0.05, 0.4], "rose from 0.3 to 0.4, after a low of 0.05"),
    ],
)
def test_how_a_number_has_moved(values, expected):
    assert trend(values) == expected
