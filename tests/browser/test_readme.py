"""What the README tells people to try first, done in the real app: it shows what it promises."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import (
    test_accessibility,
    test_board,
    test_experiments,
    test_first_minute,
    test_inside,
    test_keep,
    test_keyboard,
    test_lessons,
    test_line,
    test_network,
    test_own_data,
    test_past_runs,
    test_screens,
    test_sound,
    test_timeline,
)
from tests.browser.test_board import board, choose, choose_learning_rate, press

README = Path(__file__).parents[2] / "README.md"


def choose_dataset(page: Page, label: str) -> None:
    page.get_by_role("radio", name=label).click()
    expect(page.get_by_text(f"Data: {label}")).to_be_visible()


def set_units(page: Page, layer: int, units: int) -> None:
    field = page.get_by_role("spinbutton", name=f"Hidden {layer}", exact=True)
    field.fill(str(units))
    field.press("Enter")
    expect(page).to_have_url(re.compile(rf"hidden={units}\b"))


def stop_at(page: Page, epoch: int) -> None:
    """Have every run from now on pause at an epoch, as fast as it goes."""
    page.get_by_label("Epochs per frame").select_option("10")
    page.get_by_text("Stop at…").click()
    page.get_by_label("Epoch", exact=True).fill(str(epoch))
    page.get_by_label("Epoch", exact=True).press("Tab")
    page.locator(".stopping summary").click()


def play_to_stop(page: Page, epoch: int) -> float:
    """Play the run that has just begun; its test accuracy, or R², at the stop."""
    expect(board(page)).to_have_attribute("data-epoch", "0")
    press(page, "Play")
    expect(board(page)).to_have_attribute("data-epoch", str(epoch))
    shown = page.locator("[data-value=test_accuracy]").get_attribute("title")
    assert shown is not None
    return float(shown)


def two_moons(open_page):
    """Within seconds the border bends; without hidden layers it is a straight line."""
    page = open_page()
    stop_at(page, 100)
    assert play_to_stop(page, 100) > 0.97
    for _ in range(2):
        page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Hidden layers: 0")).to_be_visible()
    assert play_to_stop(page, 100) < 0.93
    expect(page.locator(".diagnosis")).to_contain_text("straight")


def lines_around_a_ring(open_page):
    """Two lines can't close around it; three can, and four do it sooner."""
    page = open_page()
    stop_at(page, 400)
    choose_dataset(page, "Circles")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Hidden layers: 1")).to_be_visible()
    reached = []
    for units in (2, 3, 4):
        set_units(page, 1, units)
        reached.append(play_to_stop(page, 400))
    assert reached[0] < 0.85 < 0.97 < min(reached[1:])


def six_layers(open_page):
    """With sigmoid the first layer gets hardly any gradient: nothing moves. With tanh it learns."""
    page = open_page("?hidden=8,8,8,8,8,8&activation=sigmoid")
    stop_at(page, 200)
    assert play_to_stop(page, 200) < 0.6
    expect(page.locator(".diagnosis")).to_contain_text("Vanishing")
    page.get_by_label("Quantity per layer").select_option("error_rms")
    expect(page.get_by_role("heading", name="Error signal")).to_be_visible()
    choose(page, page.get_by_role("combobox", name="Activation"), "tanh")
    expect(page).to_have_url(re.compile(r"hidden=8%2C8%2C8%2C8%2C8%2C8$"))
    assert play_to_stop(page, 200) > 0.97


def another_learning_rate(open_page):
    """It acts on the running network: with 3 the loss jumps, with 0.001 it hardly moves."""
    page = open_page()
    press(page, "Play")
    expect(board(page)).to_have_attribute("data-epoch", re.compile(r"^[3-9]\d$"))
    choose_learning_rate(page, "3")
    expect(board(page)).to_have_attribute("data-learning-rate", "3")
    began = float(board(page).get_attribute("data-epoch") or 0)
    page.wait_for_function(
        "began => Number(document.querySelector('.board').dataset.epoch) > began + 60", arg=began
    )
    choose_learning_rate(page, "0.001")
    expect(board(page)).to_have_attribute("data-learning-rate", "0.001")
    calm = float(board(page).get_attribute("data-epoch") or 0)
    page.wait_for_function(
        "calm => Number(document.querySelector('.board').dataset.epoch) > calm + 60", arg=calm
    )
    press(page, "Pause")
    losses = page.evaluate(
        "([from, to]) => { const { x, y } = document.querySelector("
        "'[data-view=loss] .js-plotly-plot').data[0];"
        "return y.filter((_, i) => x[i] > from && x[i] <= to) }",
        [began + 1, calm],
    )
    still = page.evaluate(
        "from => { const { x, y } = document.querySelector("
        "'[data-view=loss] .js-plotly-plot').data[0]; return y.filter((_, i) => x[i] > from) }",
        calm + 1,
    )
    assert max(losses) - min(losses) > 10 * (max(still) - min(still))


def a_good_input(open_page):
    """x₁x₂ is the answer to XOR: no hidden layer is needed."""
    page = open_page("?dataset=xor&hidden=")
    stop_at(page, 100)
    assert play_to_stop(page, 100) < 0.6
    page.get_by_role("button", name="x₁x₂", exact=True).click()
    expect(page).to_have_url(re.compile("x1_x2"))
    assert play_to_stop(page, 100) > 0.97


def bends_of_a_curve(open_page):
    """2, 4 and 8 units are three pictures: a dip, most of the waves, all of them."""
    page = open_page()
    stop_at(page, 400)
    choose_dataset(page, "Curve")
    reached = []
    for units in (2, 4, 8):
        set_units(page, 1, units)
        reached.append(play_to_stop(page, 400))
    two, four, eight = reached
    assert two < 0.8 < 0.9 < four < 0.97 < eight


# which tests do what each line says
LINES = {
    1: (two_moons,),
    2: (two_moons, test_first_minute.test_a_dataset_is_chosen_by_its_picture),
    3: (lines_around_a_ring,),
    4: (six_layers,),
    5: (another_learning_rate,),
    6: (a_good_input,),
    7: (bends_of_a_curve,),
    8: (
        test_network.test_pointing_at_a_unit_shows_its_weights_its_bias_and_what_it_responds_to,
        test_network.test_layers_and_units_are_changed_in_the_network_view_too,
    ),
    9: (
        test_network.test_a_weight_is_set_by_a_click_and_training_goes_on_from_there,
        test_inside.test_a_clicked_weight_is_explained_with_the_numbers_of_the_moment,
    ),
    10: (test_inside.test_every_view_draws_without_a_formula_that_fails,),
    11: (
        test_first_minute.test_a_lesson_is_chosen_from_the_gallery,
        test_lessons.test_a_lesson_is_read_answered_played_and_tried,
    ),
    12: (
        test_timeline.test_dragging_shows_any_past_epoch_and_the_present_stays,
        test_timeline.test_it_pauses_by_itself_and_says_why,
    ),
    13: (
        test_timeline.test_pinning_keeps_what_is_on_screen_and_so_does_unpinning,
        test_experiments,
        test_past_runs,
    ),
    14: (test_own_data,),
    15: (test_keep.test_the_saved_script_ends_with_the_losses_on_screen,),
    16: (
        test_board.test_copy_link_copies_a_link_to_this_run,
        test_first_minute.test_a_link_to_the_epoch_on_screen_opens_there,
    ),
    17: (test_line,),
    18: (test_screens.test_the_projector_shows_the_board_alone_in_large_type,),
    19: (test_keyboard, test_accessibility, test_sound),
}
OWN = (
    two_moons,
    lines_around_a_ring,
    six_layers,
    another_learning_rate,
    a_good_input,
    bends_of_a_curve,
)


@pytest.mark.parametrize("line", OWN, ids=lambda line: line.__name__)
def test_a_line_of_the_readme_shows_what_it_promises(open_page, line):
    line(open_page)


def test_every_line_of_the_readme_has_its_test():
    part = README.read_text(encoding="utf-8").split("## What to try first")[1].split("\n## ")[0]
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", part, re.MULTILINE)]
    assert numbers == list(LINES)
