"""Figures, read by their traces; and the bytes that the regions are painted from."""

import numpy as np
import pytest

from engine import Run, Spec, inspection
from playground import figures


@pytest.fixture
def run():
    run = Run(Spec(dataset="spirals", classes=3, hidden=(5, 4)))
    run.advance(3)
    return run


def test_region_figure_shows_every_point_and_tells_test_points_by_their_shape(run):
    train, test = figures.region_figure(run, half_width=2.0).data
    np.testing.assert_array_equal(np.column_stack([train.x, train.y]), run.train_inputs)
    np.testing.assert_array_equal(np.column_stack([test.x, test.y]), run.test_inputs)
    assert train.marker.symbol != test.marker.symbol
    for trace, labels in ((train, run.train_labels), (test, run.test_labels)):
        assert list(trace.marker.color) == [figures.CLASS_COLORS[label] for label in labels]


def test_loss_figure_shows_the_history(run):
    train, test = figures.loss_figure(run.history).data
    np.testing.assert_array_equal(train.x, run.history.epoch)
    np.testing.assert_array_equal(train.y, run.history.train_loss)
    np.testing.assert_array_equal(test.y, run.history.test_loss)


def test_gradient_figure_has_a_line_a_layer_on_a_log_scale(run):
    figure = figures.gradient_figure(run.history)
    assert [trace.name for trace in figure.data] == ["hidden 1", "hidden 2", "output"]
    assert figure.layout.yaxis.type == "log"
    for layer, trace in enumerate(figure.data):
        np.testing.assert_array_equal(trace.y, run.history.gradient_norms[:, layer])
    assert len({trace.line.color for trace in figure.data}) == 3


@pytest.mark.parametrize("layers", range(1, 8))
def test_every_layer_has_a_colour_of_its_own(layers):
    assert len(set(figures.depth_colors(layers))) == layers


@pytest.mark.parametrize("classes", [2, 3, 4, 5])
def test_byte_and_palette_agree_about_class_and_certainty(classes):
    """The byte of a region, looked up in the palette, is the class's colour; surer is stronger."""
    palette = figures.region_palette(classes)
    for label in range(classes):
        opacities = []
        for probability in np.linspace(1.0 / classes + 1e-6, 1.0, 20):
            cell = np.full((1, 1, classes), (1.0 - probability) / (classes - 1))
            cell[..., label] = probability
            *rgb, opacity = palette[figures.region_bytes(cell)[0, 0]]
            assert "#{:02x}{:02x}{:02x}".format(*rgb) == figures.CLASS_COLORS[label]
            opacities.append(opacity)
        assert opacities == sorted(opacities)
        assert opacities[0] <= 1
        assert opacities[-1] == round(255 * figures.REGION_OPACITY)


def test_region_asks_the_network_at_the_nodes_it_says():
    run = Run(Spec())
    region = inspection.region(run, half_width=2.5, resolution=6)
    assert region.shape == (6, 6, 2)
    np.testing.assert_allclose(region[0, 0], run.predict(np.array([[-2.5, -2.5]]))[0])
    np.testing.assert_allclose(region[0, 5], run.predict(np.array([[2.5, -2.5]]))[0])
    np.testing.assert_allclose(region[3, 1], run.predict(np.array([[-1.5, 0.5]]))[0])


@pytest.mark.parametrize("noise", [0.0, 0.2, 1.0])
def test_the_square_shows_every_point(noise):
    run = Run(Spec(noise=noise, samples=2_000))
    side = inspection.half_width(run)
    assert np.abs(np.vstack([run.train_inputs, run.test_inputs])).max() < side
    assert side % 0.5 == 0.0
