"""The network view: every parameter is drawn, and pointing at a unit shows its numbers."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import Run, Spec
from engine.inspection import diagnose
from engine.run import PARAMETER
from tests.browser.test_board import (
    board,
    choose,
    expected_readouts,
    numbers,
    picture,
    press,
    readouts,
    step_to,
    wait_for_epoch,
)

SIDE = 36  # px, of a unit where there is room


def centre_of(page: Page, layer: int, unit: int) -> tuple[float, float]:
    """Where a unit is on the screen; layer 0 are the inputs."""
    box = page.locator("[data-view=network] canvas").bounding_box()
    at = page.evaluate(
        """([layer, unit]) =>
            document.querySelector('[data-testid=board]').whereIs(layer, unit)""",
        [layer, unit],
    )
    return box["x"] + at["x"], box["y"] + at["y"]


def test_every_weight_and_every_bias_is_drawn(open_board):
    page = open_board("?hidden=5,4&dataset=spirals&classes=3")
    network = page.locator("[data-view=network]")
    expect(network).to_have_attribute("data-weights", str(2 * 5 + 5 * 4 + 4 * 3))
    expect(network).to_have_attribute("data-biases", str(5 + 4 + 3))
    expect(page.locator("#network-text")).to_contain_text("42 weights and 12 biases")


def test_pointing_at_a_unit_shows_its_weights_its_bias_and_what_it_responds_to(open_board):
    page = open_board("?hidden=3,2")
    step_to(page, 4)
    run = Run(Spec(hidden=(3, 2)))
    run.advance(4)
    regions = picture(page)
    page.mouse.move(*centre_of(page, 2, 1))
    values = page.locator(".unit-values")
    expect(values).to_be_visible()
    name, bias, *weights = values.inner_text().splitlines()
    assert name == "hidden 2, unit 2"
    expected = [run.network.biases[1][1], *run.network.weights[1][:, 1]]
    shown = [bias.removeprefix("bias "), *(weight.split()[0] for weight in weights)]
    shown = [float(number.replace("−", "-")) for number in shown]
    np.testing.assert_allclose(shown, expected, atol=5.1e-4)
    assert picture(page) != regions
    title = page.locator("[data-view=region]").get_by_role("heading")
    expect(title).to_have_text("hidden 2, unit 2: activation")
    page.mouse.move(*centre_of(page, 0, 0))
    expect(title).to_have_text("x₁: input")
    page.mouse.move(*centre_of(page, 3, 0))
    expect(title).to_have_text("output: probability of class 1")
    assert values.inner_text().splitlines()[0] == "output: probability of class 1"
    assert picture(page) == regions
    page.mouse.move(5, 5)
    expect(values).to_be_hidden()
    expect(title).to_have_text("Decision regions")
    assert picture(page) == regions


def test_the_network_lives_while_it_plays(open_board):
    """What is pointed at is renewed with each frame."""
    page = open_board()
    page.mouse.move(*centre_of(page, 1, 0))
    values = page.locator(".unit-values")
    before = values.inner_text()
    page.keyboard.press("Space")
    wait_for_epoch(page, 20)
    assert values.inner_text() != before
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-epoch", "0")


def test_inputs_are_the_chosen_features(open_board):
    page = open_board("?features=x1,x1_x2&hidden=2")
    expect(page.locator("#network-text")).to_contain_text("Inputs x₁, x₁x₂; hidden layers of 2")


def test_the_layers_get_a_diagnosis_in_words(open_page):
    """Six sigmoid layers: the error signal fades; with tanh it doesn't."""
    page = open_page("?activation=sigmoid&hidden=8,8,8,8,8,8")
    diagnosis = page.locator(".diagnosis")
    expect(diagnosis).to_contain_text("Vanishing: the error signal in hidden 1 is")
    choose(page, page.get_by_role("combobox", name="Activation"), "tanh")
    expect(diagnosis).to_contain_text("it gets through. Press Play.")


def test_the_layers_show_what_is_wrong_with_most_activations_by_its_name(open_board):
    """Half of the activations of ReLUs are 0 by nature: that is not saturation."""
    name = open_board("?activation=relu").locator(".layers thead th").nth(1)
    expect(name).to_have_text("inactive")
    name = open_board("?activation=tanh").locator(".layers thead th").nth(1)
    expect(name).to_have_text("saturated")


def test_layers_and_units_are_changed_in_the_network_view_too(open_page):
    """The controls on the left and the link follow, and it goes on playing."""
    page = open_page("?hidden=3")
    press(page, "Play")
    wait_for_epoch(page, 5)
    page.get_by_role("button", name="+ layer").click()
    expect(page).to_have_url(re.compile("hidden=3(%2C|,)3$"))  # as wide as the one before
    page.get_by_role("button", name="Add a unit to hidden 2").click()
    page.get_by_role("button", name="Remove a unit from hidden 1").click()
    expect(page).to_have_url(re.compile("hidden=2(%2C|,)4$"))
    expect(page.get_by_role("spinbutton", name="Hidden 2", exact=True)).to_have_value("4")
    expect(page.locator("[data-view=network]")).to_have_attribute("data-biases", "7")
    expect(board(page)).to_have_attribute("data-state", "playing")
    page.get_by_role("button", name="− layer").click()
    page.get_by_role("button", name="− layer").click()
    expect(page).to_have_url(re.compile(r"hidden=$"))
    expect(page.get_by_role("button", name="− layer")).to_be_disabled()
    page.get_by_role("button", name="+ layer").click()
    expect(page).to_have_url(re.compile("hidden=4$"))
    page.get_by_role("button", name="Add", exact=True).click()  # in the controls on the left, too
    expect(page).to_have_url(re.compile("hidden=4(%2C|,)4$"))


def test_clicks_add_up_however_late_the_answer_to_the_first_comes(open_page):
    page = open_page("?hidden=3,4")
    page.evaluate(
        """() => {
            const { prototype } = WebSocket;
            const send = prototype.send;
            const held = [];
            prototype.send = function (data) { held.push(() => send.call(this, data)); };
            window.release = () => {
                prototype.send = send;
                held.forEach(one => one());
            };
            const now = performance.now.bind(performance);
            window.letAMinutePass = () => { performance.now = () => now() + 60_000; };
        }"""
    )
    page.get_by_role("button", name="Add a unit to hidden 2").click()
    page.evaluate("letAMinutePass()")
    page.get_by_role("button", name="Remove a unit from hidden 1").click()
    page.evaluate("release()")
    expect(page).to_have_url(re.compile("hidden=2(%2C|,)5$"))
    # and a change from elsewhere counts too
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name="Add a unit to hidden 3")).to_be_visible()
    page.get_by_role("button", name="Add a unit to hidden 1").click()
    expect(page).to_have_url(re.compile("hidden=3(%2C|,)5(%2C|,)5$"))


def test_what_the_browser_says_before_it_has_heard_of_a_change_does_not_undo_it(open_page):
    """It sends the address and the values of all controls along with whatever it sends."""
    page = open_page("?hidden=3,4")
    page.evaluate(
        """() => {
            const { prototype } = WebSocket;
            const { send } = prototype;
            const held = [];
            const hold = event => { event.stopImmediatePropagation(); held.push(event.data); };
            prototype.send = function (data) {  // from now on nothing is heard of the page
                if (!this.url.includes('_stcore')) return send.call(this, data);
                prototype.send = send;
                this.addEventListener('message', hold, { capture: true });
                window.hearAgain = () => {
                    this.removeEventListener('message', hold, { capture: true });
                    held.forEach(data => this.dispatchEvent(new MessageEvent('message', { data })));
                };
                send.call(this, data);
            };
            window.waits = text => held.some(data => new TextDecoder().decode(data).includes(text));
        }"""
    )
    page.get_by_role("button", name="Add a unit to hidden 2").click()
    page.wait_for_function("waits('hidden=3%2C5')")
    expect(page.locator("[data-view=network]")).to_have_attribute("data-biases", "9")
    step_to(page, 1)
    page.evaluate("hearAgain()")
    expect(page).to_have_url(re.compile("hidden=3(%2C|,)5$"))
    step_to(page, 2)
    expect(page).to_have_url(re.compile("hidden=3(%2C|,)5$"))
    expect(page.get_by_role("spinbutton", name="Hidden 2", exact=True)).to_have_value("5")
    expect(page.locator("[data-view=network]")).to_have_attribute("data-biases", "9")


def click_link(page: Page, layer: int, source: int, target: int) -> None:
    """Click the middle of a link; `layer` is the one that it leads to."""
    (x1, y1), (x2, y2) = centre_of(page, layer - 1, source), centre_of(page, layer, target)
    page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)


def test_a_weight_is_set_by_a_click_and_training_goes_on_from_there(open_board):
    """The picture and the losses follow at once, the curves mark it, the numbers are the run's."""
    page = open_board("?hidden=3")
    step_to(page, 2)
    run = Run(Spec(hidden=(3,)))
    run.advance(2)
    click_link(page, 1, 0, 0)
    field = page.get_by_role("spinbutton", name="weight of x₁ → hidden 1, unit 1")
    shown = float(field.input_value())
    assert shown == pytest.approx(run.network.weights[0][0, 0], rel=1e-5)
    before = picture(page)
    field.fill("2.5")
    field.press("Enter")
    run.change(PARAMETER, (0, 2.5))
    expect(page.locator("[data-value=train_loss]")).to_have_attribute(
        "title", str(float(run.latest.train_loss))
    )
    assert picture(page) != before
    for view in ("loss", "gradients"):
        expect(page.locator(f"[data-view={view}] .annotation-text")).to_have_text("w = 2.5")
    step_to(page, 4)
    run.advance(2)
    assert numbers(page) == expected_readouts(run)


def test_a_bias_is_set_too_and_reset_forgets_it(open_board):
    page = open_board("?hidden=2")
    first = readouts(page)
    x, y = centre_of(page, 2, 0)
    page.mouse.click(x - SIDE / 2, y + SIDE / 2)  # its lower left corner
    field = page.get_by_role("spinbutton", name="bias of output")
    field.fill("-3")
    page.get_by_role("button", name="Set", exact=True).click()
    page.wait_for_function(
        "old => document.querySelector('[data-value=train_loss]').title !== old",
        arg=first["train_loss"],
    )
    press(page, "Reset")
    page.wait_for_function(
        "old => document.querySelector('[data-value=train_loss]').title === old",
        arg=first["train_loss"],
    )
    expect(page.locator("[data-view=loss] .annotation-text")).to_have_count(0)


def test_a_weight_that_cannot_be_is_refused_with_the_limits(open_board):
    page = open_board("?hidden=3")
    before = readouts(page)
    click_link(page, 1, 1, 2)
    field = page.get_by_role("spinbutton", name="weight of x₂ → hidden 1, unit 3")
    field.fill("1000")
    field.press("Enter")
    card = page.locator("[data-view=network] .card")
    expect(card.get_by_role("alert")).to_have_text(
        "weight must be a number from -100 to 100, got 1000"
    )
    field.press("Escape")
    expect(card).to_be_hidden()
    assert readouts(page) == before


def test_the_layers_show_their_flat_share_and_the_size_of_a_step(open_page):
    page = open_page("?hidden=4,3")
    step_to(page, 3)
    run = Run(Spec(hidden=(4, 3)))
    run.advance(3)
    diagnosis = diagnose(run)
    heads = page.locator(".layers thead th")
    assert heads.all_inner_texts() == ["layer", "saturated", "step ÷ weight"]
    rows = page.locator(".layers tbody tr")
    expect(rows).to_have_count(3)
    for layer, name in enumerate(("hidden 1", "hidden 2", "output")):
        shown, flat, step = rows.nth(layer).locator("th, td").all_inner_texts()
        assert shown == name
        share = f"{round(100 * diagnosis.flat[layer])} %" if layer < 2 else "–"
        assert flat == share
        assert float(step.replace("−", "-")) == pytest.approx(diagnosis.updates[layer], rel=0.5)


def test_the_units_of_relu_are_inactive_and_not_saturated(open_board):
    page = open_board("?activation=relu")
    heads = page.locator(".layers thead th")
    expect(heads).to_have_text(["layer", "inactive", "step ÷ weight"])
