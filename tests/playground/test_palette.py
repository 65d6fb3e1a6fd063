"""Colours tell apart what they stand for, and bytes are looked up in the palette they mean."""

import numpy as np
import pytest

from playground import palette


@pytest.mark.parametrize("layers", range(1, 8))
def test_every_layer_has_a_colour_of_its_own(layers):
    assert len(set(palette.depth_colors(layers))) == layers


def test_values_of_a_regression_have_the_colour_of_their_region():
    """Sign is hue, size is strength; beyond the scale nothing changes any more."""
    colours = palette.region_palette(0)
    values = np.array([[[-2.0], [-1.0], [-0.5], [0.0], [0.5], [1.0], [2.0]]])
    shown = [colours[byte] for byte in palette.region_bytes(values)[0]]
    hues = ["#{:02x}{:02x}{:02x}".format(*rgb) for *rgb, _ in shown]
    opacities = [opacity for *_, opacity in shown]
    assert hues[:3] == [palette.VALUE_COLORS[0]] * 3
    assert hues[4:] == [palette.VALUE_COLORS[1]] * 3
    assert opacities[0] == opacities[1] > opacities[2] > opacities[3] <= 1
    assert opacities[3] < opacities[4] < opacities[5] == opacities[6]


@pytest.mark.parametrize("classes", [2, 3, 4, 5])
def test_byte_and_palette_agree_about_class_and_certainty(classes):
    """The byte of a region, looked up in the palette, is the class's colour; surer is stronger."""
    colours = palette.region_palette(classes)
    for label in range(classes):
        opacities = []
        for probability in np.linspace(1.0 / classes + 1e-6, 1.0, 20):
            cell = np.full((1, 1, classes), (1.0 - probability) / (classes - 1))
            cell[..., label] = probability
            *rgb, opacity = colours[palette.region_bytes(cell)[0, 0]]
            assert "#{:02x}{:02x}{:02x}".format(*rgb) == palette.CLASS_COLORS[label]
            opacities.append(opacity)
        assert opacities == sorted(opacities)
        assert opacities[0] <= 1
        assert opacities[-1] == round(255 * palette.REGION_OPACITY)
