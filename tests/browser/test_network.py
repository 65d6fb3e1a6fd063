"""The network view: every parameter is drawn, and pointing at a unit shows its numbers."""

import re

import numpy as np
from playwright.sync_api import Page, expect

from engine import Run, Spec
from tests.browser.test_board import board, picture, press, step_to, wait_for_epoch


def centre_of(page: Page, layer: int, unit: int) -> tuple[float, float]:
    """Where a unit is on the screen; layer 0 are the inputs."""
    box = page.locator("[data-view=network] canvas").bounding_box()
    # the board is reached by its module, which every later import shares
    at = page.evaluate(
        """async ([layer, unit]) => {
            const address = performance.getEntriesByType('resource')
                .map(({ name }) => name).find(name => name.endsWith('/board.js'));
            const { whereIs } = await import(address);
            return whereIs(layer, unit);
        }""",
        [layer, unit],
    )
    return box["x"] + at["x"], box["y"] + at["y"]


def test_every_weight_and_every_bias_is_drawn(open_page):
    page = open_page("?hidden=5,4&dataset=spirals&classes=3")
    network = page.locator("[data-view=network]")
    expect(network).to_have_attribute("data-weights", str(2 * 5 + 5 * 4 + 4 * 3))
    expect(network).to_have_attribute("data-biases", str(5 + 4 + 3))
    expect(page.locator("#network-text")).to_contain_text("42 weights and 12 biases")


def test_pointing_at_a_unit_shows_its_weights_its_bias_and_what_it_responds_to(open_page):
    page = open_page("?hidden=3,2")
    step_to(page, 4)
    run = Run(Spec(hidden=(3, 2)))
    run.advance(4)
    regions = picture(page)
    page.mouse.move(*centre_of(page, 2, 1))
    values = page.locator(".unit-values")
    expect(values).to_be_visible()
    name, bias, *weights = values.inner_text().splitlines()
    assert name == "layer 2, unit 2"
    expected = [run.network.biases[1][1], *run.network.weights[1][:, 1]]
    shown = [bias.removeprefix("bias "), *(weight.split()[0] for weight in weights)]
    shown = [float(number.replace("−", "-")) for number in shown]
    np.testing.assert_allclose(shown, expected, atol=5.1e-4)
    assert picture(page) != regions
    page.mouse.move(5, 5)
    expect(values).to_be_hidden()
    assert picture(page) == regions


def test_the_network_lives_while_it_plays(open_page):
    """What is pointed at is renewed with each frame."""
    page = open_page()
    page.mouse.move(*centre_of(page, 1, 0))
    values = page.locator(".unit-values")
    before = values.inner_text()
    page.keyboard.press("Space")
    wait_for_epoch(page, 20)
    assert values.inner_text() != before
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-epoch", "0")


def test_inputs_are_the_chosen_features(open_page):
    page = open_page("?features=x1,x1_x2&hidden=2")
    expect(page.locator("#network-text")).to_contain_text("Inputs x₁, x₁x₂; hidden layers of 2")


def test_the_layers_get_a_diagnosis_in_words(open_page):
    """Six sigmoid layers: the error signal fades; with tanh it doesn't."""
    page = open_page("?activation=sigmoid&hidden=8,8,8,8,8,8")
    diagnosis = page.locator(".diagnosis")
    expect(diagnosis).to_contain_text("Vanishing: hidden 1 gets 0.000")
    page.get_by_role("combobox", name="Activation").click()
    page.get_by_role("option", name="tanh").click()
    expect(diagnosis).to_contain_text("Healthy")


def test_layers_and_units_are_changed_in_the_network_view_too(open_page):
    """The controls at the left and the link follow, and it goes on playing."""
    page = open_page("?hidden=3")
    press(page, "Play")
    wait_for_epoch(page, 5)
    page.get_by_role("button", name="+ layer").click()
    expect(page).to_have_url(re.compile("hidden=3(%2C|,)4$"))
    page.get_by_role("button", name="A unit more in hidden 2").click()
    page.get_by_role("button", name="A unit less in hidden 1").click()
    expect(page).to_have_url(re.compile("hidden=2(%2C|,)5$"))
    expect(page.get_by_role("spinbutton", name="Units of layer 2")).to_have_value("5")
    expect(page.locator("[data-view=network]")).to_have_attribute("data-biases", "8")
    expect(board(page)).to_have_attribute("data-state", "playing")
    page.get_by_role("button", name="− layer").click()
    page.get_by_role("button", name="− layer").click()
    expect(page).to_have_url(re.compile(r"hidden=$"))
    expect(page.get_by_role("button", name="− layer")).to_be_disabled()
