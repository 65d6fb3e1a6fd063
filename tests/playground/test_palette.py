"""Colours tell apart what they stand for, and bytes are looked up in the palette they mean."""

import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from playground import palette
from playground.board import assets
from tests.playground import eyes

ROOT = Path(__file__).parents[2]

LIGHT = "#ffffff"
DARK = ("#0e1117", "#171715")  # of Streamlit, and of the bare page in theme.css
GRAPHICS, WORDS = 3.0, 4.5  # contrast that WCAG 2.2 asks of what is drawn, and of small print
APART = 12.0  # ΔE₀₀ from which colours tell two things apart
MOST_LAYERS = 7

CURVES = {
    **{f"layers of {n}": palette.depth_colors(n) for n in range(1, MOST_LAYERS + 1)},
    "losses": [palette.TRAIN_COLOR, palette.TEST_COLOR, palette.PENALTY_COLOR],
    "runs": palette.RUN_COLORS,
    "grey": [palette.GREY],
}


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.8361, -74.0200), (50.0, 0.0, -82.7485), 3.4412),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0011), 7.2195),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_of_two_colours_is_that_of_the_literature(one, other, difference):
    """Pairs of table 1 of Sharma, Wu and Dalal (2005)."""
    assert eyes.ciede2000(one, other) == pytest.approx(difference, abs=1e-4)
    assert eyes.ciede2000(other, one) == pytest.approx(difference, abs=1e-4)


def test_eyes_see_what_is_known_of_them():
    assert eyes.contrast("#000000", LIGHT) == pytest.approx(21.0)
    assert eyes.contrast("#777777", LIGHT) == pytest.approx(4.48, abs=0.005)
    np.testing.assert_allclose(eyes.lab(LIGHT), [100.0, 0.0, 0.0], atol=0.01)
    np.testing.assert_allclose(eyes.lab("#ff0000"), [53.24, 80.09, 67.20], atol=0.02)
    for blindness, matrix in eyes.BLINDNESS.items():
        np.testing.assert_allclose(matrix.sum(axis=1), 1.0, atol=1e-5)  # greys stay grey
        assert blindness == "none" or eyes.apart("#d03030", "#709000") < 20.0


@pytest.mark.parametrize(
    "color", sorted({*palette.CLASS_COLORS, *(color for many in CURVES.values() for color in many)})
)
def test_whatever_is_drawn_stands_out_on_light_and_on_dark(color):
    assert min(eyes.contrast(color, back) for back in (LIGHT, *DARK)) >= GRAPHICS


def test_points_of_a_value_in_the_middle_stand_out_too():
    for color in palette.point_colors(np.linspace(-1.5, 1.5, 31), is_regression=True):
        assert min(eyes.contrast(color, back) for back in (LIGHT, *DARK)) >= GRAPHICS


def looks_of_classes() -> list[tuple[str, str]]:
    labels = np.arange(len(palette.CLASS_COLORS))
    marks = palette.point_marks(labels, is_regression=False, test=False)
    return [*zip(palette.CLASS_COLORS, marks, strict=True)]


def looks_of_layers(layers: int) -> list[tuple[str, str]]:
    return [*zip(palette.depth_colors(layers), palette.depth_dashes(layers), strict=True)]


@pytest.mark.parametrize(
    "looks",
    [
        looks_of_classes(),
        *(looks_of_layers(n) for n in range(2, MOST_LAYERS + 1)),
        [
            (palette.TRAIN_COLOR, "solid"),
            (palette.TEST_COLOR, "dot"),
            (palette.PENALTY_COLOR, "dash"),
        ],
        [(color, "solid") for color in palette.RUN_COLORS],
        [(color, "region") for color in palette.VALUE_COLORS],
    ],
    ids=[
        "classes",
        *(f"{n} layers" for n in range(2, MOST_LAYERS + 1)),
        "losses",
        "runs",
        "values",
    ],
)
def test_what_has_to_be_told_apart_differs_in_colour_or_in_dash_or_mark(looks):
    """To every eye of `eyes.BLINDNESS`."""
    for (one, its_mark), (other, other_mark) in combinations(looks, 2):
        assert its_mark != other_mark or eyes.apart(one, other) >= APART, (one, other)


def test_all_classes_are_told_apart_by_colour_to_most_eyes():
    """The regions have no marks; there, a border lies between two classes, too."""
    for one, other in combinations(palette.CLASS_COLORS, 2):
        assert eyes.ciede2000(eyes.lab(one), eyes.lab(other)) >= APART


@pytest.mark.parametrize("back", [LIGHT, *DARK])
def test_regions_are_told_apart_or_have_a_border_between_them(back):
    """Where the network is sure. Two classes differ in colour; between any two there is a border in
    the colour of the text, which stands out from both."""
    regions = [eyes.on(color, back, palette.REGION_OPACITY) for color in palette.CLASS_COLORS]
    text = "#22251f" if back == LIGHT else "#f2f2ee"
    assert eyes.apart(regions[0], regions[1]) >= APART
    assert all(eyes.contrast(region, text) >= GRAPHICS for region in regions)


@pytest.mark.parametrize("back", [LIGHT, *DARK])
def test_no_colour_of_a_region_is_the_saturated_red_of_the_rule_for_red_flashes(back):
    """WCAG 2.2, general flash and red flash thresholds: R ÷ (R + G + B) of 0.8 or more."""
    for opacity in np.linspace(0.0, 1.0, 11):
        for color in palette.CLASS_COLORS:
            light = eyes.linear(eyes.on(color, back, opacity))
            assert light[0] / light.sum() < 0.8


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


def themes() -> list[dict[str, str]]:
    """The colours of the bare page by their name, light and dark."""
    light, dark = (
        dict(re.findall(r"--st-([\w-]+)-color: (#\w+);", block))
        for block in assets.text("theme.css").split("}")[:2]
    )
    return [light, light | dark]


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
def test_words_are_legible_on_the_bare_page(theme):
    back, second, text = theme["background"], theme["secondary-background"], theme["text"]
    for behind in (back, second):
        assert eyes.contrast(text, behind) >= WORDS
    assert eyes.contrast(eyes.on(text, back, 0.75), back) >= WORDS  # small print
    for name in ("primary", "orange-text", "red-text"):
        assert eyes.contrast(theme[name], back) >= WORDS
    # what may be written into: its rim
    (share,) = re.findall(r"border-color: color-mix.*--st-text-color\) (\d+)%", board_style())
    assert eyes.contrast(eyes.on(text, back, int(share) / 100), back) >= GRAPHICS


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
@pytest.mark.parametrize("run", ["a", "b"])
def test_words_in_the_colour_of_a_run_are_legible(theme, run):
    (share,) = re.findall(rf"color-mix\(in srgb, var\(--run-{run}\) (\d+)%", board_style())
    color = eyes.on(palette.RUN_COLORS["ab".index(run)], theme["text"], int(share) / 100)
    assert eyes.contrast(color, theme["background"]) >= WORDS


@pytest.mark.parametrize(("scheme", "backs"), [("light", (LIGHT, "#f0f2f6")), ("dark", DARK)])
def test_the_page_has_a_primary_colour_that_is_legible_as_words(scheme, backs):
    """Streamlit writes the value of a slider in it, on the background of the controls."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    primary = config["theme"][scheme]["primaryColor"]
    assert all(eyes.contrast(primary, back) >= WORDS for back in backs)


def board_style() -> str:
    return assets.text("board.css")
