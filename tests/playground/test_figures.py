"""Figures, read by their traces; and the bytes that the regions are painted from."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.text import Text

from engine import Run, Spec, inspection
from engine.history import FLOWS
from engine.losses import LOSSES
from engine.own_data import standardized
from playground import figures, palette
from playground.board.start import make_start
from playground.export.picture import Drawing


@pytest.fixture
def run():
    run = Run(Spec(dataset="spirals", classes=3, hidden=(5, 4)))
    run.advance(3)
    return run


def test_region_figure_shows_every_point_and_tells_test_points_by_their_shape(run):
    train, test = figures.region_figure(run, half_width=2.0).data
    np.testing.assert_array_equal(np.column_stack([train.x, train.y]), run.train_points)
    np.testing.assert_array_equal(np.column_stack([test.x, test.y]), run.test_points)
    assert train.marker.symbol != test.marker.symbol
    for trace, labels in ((train, run.train_labels), (test, run.test_labels)):
        assert list(trace.marker.color) == [palette.CLASS_COLORS[label] for label in labels]


@pytest.fixture
def run_of_eight():
    """A run on own data with eight classes."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(8), 12)
    points = rng.normal(size=(96, 2)) + 3.0 * labels[:, np.newaxis]
    names = tuple("abcdefgh")
    return Run(Spec(own=standardized("own.csv", ("x", "y"), "kind", points, labels, names)))


def test_classes_that_colours_do_not_tell_apart_have_another_mark(run_of_eight):
    train, test = figures.region_figure(run_of_eight, half_width=2.0).data
    for trace, labels, marks in (
        (train, run_of_eight.train_labels, ("circle", "triangle-up")),
        (test, run_of_eight.test_labels, ("diamond", "triangle-down")),
    ):
        assert list(trace.marker.symbol) == [
            marks[int(label >= palette.OTHER_MARKS)] for label in labels
        ]
    start = make_start(run_of_eight, spec=run_of_eight.spec, half_width=2.0)
    assert [mark for *_, mark in start["classes"]] == ["■"] * 6 + ["▲"] * 2


def test_a_saved_picture_has_every_point_of_every_mark(run_of_eight):
    scattered = [
        [one for one in axes.collections if isinstance(one, PathCollection)]
        for axes in Drawing(run_of_eight).figure.axes
    ]
    scatters = max(scattered, key=len)  # of the picture of the plane
    assert len(scatters) == 4
    points = np.vstack([one.get_offsets() for one in scatters])
    own = run_of_eight.spec.own
    shown = np.array(own.centre) + np.array(own.scale) * own.points
    np.testing.assert_allclose(np.sort(points, axis=0), np.sort(shown, axis=0))


def test_loss_figure_shows_the_history(run):
    train, test = figures.loss_figure(run.history, with_penalty=False).data
    np.testing.assert_array_equal(train.x, run.history.epoch)
    np.testing.assert_array_equal(train.y, run.history.train_loss)
    np.testing.assert_array_equal(test.y, run.history.test_loss)


def test_loss_figure_says_which_loss_has_the_penalty():
    run = Run(Spec(regularization="l2"))
    run.advance(3)
    *_, objective = figures.loss_figure(run.history, with_penalty=True).data
    assert objective.name == "training + penalty"
    np.testing.assert_array_equal(objective.y, run.history.train_loss + run.history.penalty)


def test_a_curve_is_shown_as_value_over_x():
    run = Run(Spec(dataset="curve"))
    train, _ = figures.region_figure(run, half_width=2.0).data
    np.testing.assert_array_equal(train.x, run.train_points[:, 0])
    np.testing.assert_array_equal(train.y, run.train_labels)


@pytest.mark.parametrize("flow", FLOWS)
def test_flow_figure_has_a_line_a_layer_on_a_log_scale(run, flow):
    figure = figures.flow_figure(run.history, flow)
    assert [trace.name for trace in figure.data] == ["hidden 1", "hidden 2", "output"]
    assert figure.layout.yaxis.type == "log"
    for layer, trace in enumerate(figure.data):
        np.testing.assert_array_equal(trace.y, run.history[flow][:, layer])
    assert len({trace.line.color for trace in figure.data}) == 3


def test_region_asks_the_network_at_the_nodes_it_says():
    run = Run(Spec())
    region = inspection.region(run, half_width=2.5, resolution=6)
    assert region.shape == (6, 6, 2)
    np.testing.assert_allclose(region[0, 0], run.predict(np.array([[-2.5, -2.5]]))[0])
    np.testing.assert_allclose(region[0, 5], run.predict(np.array([[2.5, -2.5]]))[0])
    np.testing.assert_allclose(region[3, 1], run.predict(np.array([[-1.5, 0.5]]))[0])


def test_units_are_the_activations_at_the_same_nodes():
    run = Run(Spec(hidden=(5, 4)))
    run.advance(2)
    inputs, first, second = inspection.units(run, half_width=2.5, resolution=6)
    assert (inputs.shape, first.shape, second.shape) == ((2, 6, 6), (5, 6, 6), (4, 6, 6))
    np.testing.assert_allclose(inputs[:, 3, 1], [-1.5, 0.5])
    passed = run.network.forward(np.array([[-1.5, 0.5]]))
    np.testing.assert_allclose(first[:, 3, 1], passed.activations[1][0])
    np.testing.assert_allclose(second[:, 3, 1], passed.activations[2][0])


@pytest.mark.parametrize("noise", [0.0, 0.2, 1.0])
def test_the_square_shows_every_point(noise):
    run = Run(Spec(noise=noise, samples=2_000))
    side = inspection.half_width(run)
    assert np.abs(np.vstack([run.train_points, run.test_points])).max() < side
    assert side % 0.5 == 0.0


@pytest.mark.parametrize(
    ("loss", "spec"),
    [("binary_cross_entropy", Spec()), ("squared_error", Spec(dataset="hills"))],
)
def test_the_loss_says_what_the_score_is_called(monkeypatch, loss, spec):
    """Accuracy, or R²: the board and a saved picture read it there."""
    assert spec.score_name == {"squared_error": "R²"}.get(loss, "accuracy")
    renamed = replace(LOSSES[loss], score_name="hits")
    monkeypatch.setitem(LOSSES, loss, renamed)
    run = Run(spec)
    assert make_start(run, spec=spec, half_width=2.0)["accuracy"] == "hits"
    picture = Drawing(run)
    picture.show(run)
    words = [text.get_text() for text in picture.figure.findobj(Text)]
    assert any("test hits" in text for text in words)
