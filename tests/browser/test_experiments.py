"""Many runs from the page: progress, results, the runs to open, cancel."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_board import board, choose, step_to


def open_many(page: Page) -> None:
    page.get_by_role("radio", name="Many seeds").or_(
        page.get_by_role("button", name="Many seeds")
    ).click()
    expect(page.get_by_role("button", name="Start 20 runs")).to_be_visible()


def test_runs_with_other_seeds_make_a_band_and_the_best_opens(open_page):
    page = open_page("?samples=60&hidden=4")
    open_many(page)
    step_to(page, 2)
    page.get_by_role("button", name="Start 20 runs").click()
    expect(page.get_by_text(re.compile("of 20.* runs succeed"))).to_be_visible()
    expect(page.get_by_role("button", name="Start 20 runs")).to_be_visible()
    expect(page.get_by_text("20 of 20").or_(page.get_by_text("of 20"))).to_be_visible()
    expect(page.get_by_text("test, median")).to_be_visible()
    assert board(page).get_attribute("data-epoch") == "2"  # the run on screen is another one
    page.get_by_role("radio", name="at the last epoch").or_(
        page.get_by_role("button", name="at the last epoch")
    ).click()
    expect(page.get_by_text("judged at the last epoch")).to_be_visible()
    page.get_by_role("button", name="Open the best run").click()
    expect(page).to_have_url(re.compile(r"weight_seed=\d+"))
    expect(board(page)).to_have_attribute("data-epoch", "0")
    expect(page.get_by_text("test, median")).to_be_visible()


def vary(page: Page, setting: str) -> None:
    choose(page, page.get_by_role("combobox", name="Vary"), setting)


def test_two_settings_make_a_heat_map(open_page):
    page = open_page("?samples=60&hidden=4")
    open_many(page)
    vary(page, "learning rate")
    page.get_by_role("option", name="activation").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Start 80 runs").click()
    expect(page.get_by_text(re.compile("of 80.* runs succeed"))).to_be_visible()
    expect(page.get_by_role("button", name="Start 80 runs")).to_be_visible()
    expect(page.locator(".heatmaplayer")).to_be_visible()
    page.get_by_text("share of successes").click()
    bar = page.locator(".colorbar").filter(has_text="share of successes")
    expect(bar).to_be_visible()


def test_cancel_cancels_and_keeps_what_came_back(open_page):
    page = open_page("?samples=2000&batch_size=1")
    open_many(page)
    page.get_by_role("button", name="Start 20 runs").click()
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_contain_text("of 20 runs")
    cancel.click()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    expect(page.get_by_role("button", name="Start 20 runs")).to_be_visible()
    step_to(page, 1)
