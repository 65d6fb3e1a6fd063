"""Below the board: what is explained is the moment on screen, and what was clicked."""

import pytest
from playwright.sync_api import Page, expect

from engine import Run, Spec
from engine.inspection import next_step
from playground.inside import tex
from playground.inside.matrices import stages
from playground.inside.panel import VIEWS
from tests.browser.test_board import (
    board,
    epoch,
    expect_state,
    expected_readouts,
    numbers,
    press,
    step_to,
    wait_for_epoch,
)
from tests.browser.test_network import click_link


def inside(page: Page):
    return page.locator(".st-key-inside")


def open_view(page: Page, label: str) -> None:
    inside(page).get_by_role("button", name=label, exact=True).or_(
        inside(page).get_by_role("radio", name=label, exact=True)
    ).click()


def formulas(page: Page) -> str:
    """The source of every formula, which KaTeX leaves beside what it draws."""
    sources = inside(page).locator("annotation").all_text_contents()
    return " ".join(sources)


def test_a_single_mini_batch_is_one_step_of_the_optimizer(open_page):
    page = open_page()
    run = Run(Spec())
    step_to(page, 1)
    press(page, "Batch")
    press(page, "Batch")
    expect(page.locator("[data-value=epoch]")).to_have_text("1 + 2/8")
    run.advance()
    run.advance_batch()
    run.advance_batch()
    assert numbers(page) == expected_readouts(run) | {
        "epoch": 1.25,
        "train_loss": float(run.latest.train_loss),
        "test_loss": float(run.latest.test_loss),
        "train_accuracy": float(run.latest.train_accuracy),
        "test_accuracy": float(run.latest.test_accuracy),
    }
    press(page, "Step")
    expect(board(page)).to_have_attribute("data-epoch", "2")
    run.advance()
    assert numbers(page) == expected_readouts(run)
    press(page, "Play")
    wait_for_epoch(page, 10)


def test_a_clicked_weight_is_explained_with_the_numbers_of_the_moment(open_page):
    page = open_page("?hidden=3")
    step_to(page, 2)
    click_link(page, 1, 1, 2)
    page.get_by_role("button", name="Explain it below").first.click()
    expect(inside(page)).to_contain_text("Epoch 2")
    run = Run(Spec(hidden=(3,)))
    run.advance(2)
    before = run.network.weights[0][1, 2]
    run.advance_batch()
    after = run.network.weights[0][1, 2]
    expect(inside(page).locator("annotation").last).to_contain_text(tex.number(after, 6))
    assert rf"\leftarrow {tex.number(before, 6)}" in formulas(page)
    expect(page.get_by_role("combobox", name="Weight from")).to_have_value("x₂")


def test_a_clicked_point_is_explained(open_page):
    """The middle of a class of blobs far apart: whichever point is there, it is a training one."""
    page = open_page()
    point = page.locator("[data-view=region] .scatterlayer .trace").first.locator(".point").nth(5)
    box = point.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator("[data-view=region] .card")
    title = card.locator("strong").inner_text()
    part, _, number = title.split()
    card.get_by_role("button", name="Explain it below").click()
    expect(inside(page).get_by_role("spinbutton", name="Number")).to_have_value(number)
    assert part in ("training", "test")


def test_the_explanation_follows_the_board_when_it_stops(open_page):
    """And leaves it alone while it plays."""
    page = open_page("?hidden=3")
    open_view(page, "One step")
    expect(inside(page)).to_contain_text("Epoch 0")
    press(page, "Play")
    wait_for_epoch(page, 15)
    expect(inside(page)).to_contain_text("Epoch 0")
    press(page, "Pause")
    expect_state(page, "paused")
    expect(inside(page)).to_contain_text(f"Epoch {epoch(page)}")
    now = epoch(page)
    press(page, "Batch")
    expect(inside(page)).to_contain_text(f"Epoch {now} + 1/8")
    press(page, "Play")
    wait_for_epoch(page, now + 10)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_draws_without_a_formula_that_fails(open_page, scheme):
    page = open_page("?hidden=4,3&dataset=spirals&classes=3", scheme=scheme)
    for view in VIEWS.values():
        open_view(page, view.label)
        expect(inside(page).locator(".katex, .js-plotly-plot").first).to_be_visible()
        expect(inside(page).locator(".katex-error")).to_have_count(0)


def test_every_stage_of_a_step_is_reached_by_the_button(open_page):
    page = open_page("?hidden=4,3&dataset=spirals&classes=3")
    run = Run(Spec(hidden=(4, 3), dataset="spirals", classes=3))
    titles = [stage.title for stage in stages(run, next_step(run))]
    open_view(page, "In matrices")
    for number, title in enumerate(titles, start=1):
        stage = inside(page).get_by_role("combobox", name="Stage")
        expect(stage).to_have_value(f"{number}. {title}")
        expect(inside(page).locator(f".matrices[data-stage='{number - 1}']")).to_be_visible()
        expect(inside(page).locator(".katex-error")).to_have_count(0)
        if number < len(titles):
            inside(page).get_by_role("button", name="Next").click()
    expect(inside(page).get_by_role("button", name="Next")).to_be_disabled()


def test_breaking_the_slope_turns_the_check_red_on_a_copy(open_page):
    page = open_page("?hidden=4,3")
    open_view(page, "Check the gradient")
    expect(inside(page).get_by_text("✓ exact")).to_have_count(3)
    inside(page).get_by_text("Break the slope on purpose").click()
    expect(inside(page).get_by_text("✗ wrong")).to_have_count(1)
    step_to(page, 2)
    run = Run(Spec(hidden=(4, 3)))
    run.advance(2)
    assert numbers(page) == expected_readouts(run)


def test_one_step_of_a_wide_network_fits_a_phone(open_page):
    """Sixteen units a layer, seven inputs, and the optimizer with the longest formula."""
    inputs = "x1,x2,x1_squared,x2_squared,x1_x2,sin_x1,sin_x2"
    page = open_page(
        f"?dataset=spirals&classes=4&hidden=16,16&optimizer=adam&features={inputs}&view=step",
        width=390,
        height=844,
    )
    expect(inside(page).get_by_text("The update")).to_be_visible()
    too_wide = inside(page).evaluate(
        "inside => [...inside.querySelectorAll('.katex .base')]"
        ".filter(part => part.getBoundingClientRect().right > innerWidth).length"
    )
    assert too_wide == 0
    assert page.locator(".stMain").evaluate("main => main.scrollWidth") <= 390
