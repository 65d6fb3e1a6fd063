"""The page around the board: links, tabs, reloads, themes, sizes."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_board import (
    ZOOMED,
    epoch,
    expect_state,
    press,
    step_to,
    wait_for_epoch,
    zoom,
)


def test_a_bad_link_opens_with_a_notice_and_plays(open_page):
    page = open_page("?noise=loud&colour=red&hidden=5")
    notices = page.get_by_test_id("stAlert")
    expect(notices).to_have_count(2)
    expect(notices.filter(has_text="'loud'")).to_contain_text("noise must be a number from 0.0 to")
    expect(page).to_have_url(re.compile(r"\?hidden=5$"))
    step_to(page, 1)


def test_back_in_the_browser_opens_the_settings_before(open_page):
    page = open_page()
    page.get_by_role("radio", name="Circles").click()
    expect(page).to_have_url(re.compile("dataset=circles"))
    page.go_back()
    # the controls are made anew: for a moment, the old ones may still be there
    expect(page.get_by_role("radio", name="Moons", checked=True)).to_have_count(1)


def test_two_tabs_do_not_touch_each_other(open_page):
    one, other = open_page(), open_page("?dataset=circles")
    press(one, "Play")
    wait_for_epoch(one, 10)
    assert epoch(other) == 0
    one.get_by_role("radio", name="Spirals").click()
    expect(one).to_have_url(re.compile("dataset=spirals"))
    press(other, "Play")
    wait_for_epoch(other, 10)
    expect(other).to_have_url(re.compile("dataset=circles"))


@pytest.mark.parametrize("first", ["Step", "Add"])
def test_a_control_and_the_board_speak_at_once(open_page, first):
    """Streamlit sends both in one message, as if one of them had spoken; neither gets lost."""
    page = open_page()
    second = "Add" if first == "Step" else "Step"
    page.evaluate(
        """([first, second]) => {
            const press = name => [...document.querySelectorAll('button')]
                .find(button => button.textContent.trim() === name).click();
            press(first);
            setTimeout(() => press(second));
        }""",
        [first, second],
    )
    expect(page).to_have_url(re.compile("hidden=8(%2C|,)8(%2C|,)8"))
    expect(page.locator("[data-view=gradients] .layers tbody tr")).to_have_count(4)
    step_to(page, epoch(page) + 1)


@pytest.mark.parametrize("first", ["the board", "a control"])
@pytest.mark.parametrize(
    ("query", "pressed", "seen"),
    [
        ("", "Your own…", "Example file"),
        ("", "Many seeds", "Start 20 runs"),
        ("", "In matrices", "Next mini-batch"),
        ("?lesson=xor", "the answer", "Now press Play"),
    ],
)
def test_a_click_that_comes_with_a_message_of_the_board_counts(
    open_page, query, pressed, seen, first
):
    """The browser sends both in one message, which names the part of the page that was first."""
    page = open_page(query)
    page.wait_for_function(  # the page may come after its board
        """pressed => document.querySelector('.st-key-lesson_text input')
            || [...document.querySelectorAll('button')]
                .some(({ textContent }) => textContent.trim() === pressed)""",
        arg=pressed,
    )
    page.evaluate(
        """([pressed, first]) => {
            const find = name => [...document.querySelectorAll('button')]
                .find(button => button.textContent.trim() === name);
            const press = () => {
                (find(pressed) ?? document.querySelector('.st-key-lesson_text input')).click();
            };
            find('+ layer').click(); // the board tells it in a timer of its own
            if (first === 'the board') setTimeout(press);
            else press();
        }""",
        [pressed, first],
    )
    expect(page.get_by_text(seen).first).to_be_visible()
    expect(page).to_have_url(re.compile("hidden=.*[48]$"))


def test_the_board_stays_where_it_is_while_controls_change(open_page):
    """Never taken off the page, which would flicker."""
    page = open_page()
    page.evaluate("""() => {
        window.removed = 0;
        const root = document.querySelector('[data-testid=board]');
        new MutationObserver(() => { if (!root.isConnected) window.removed += 1; })
            .observe(document.body, { childList: true, subtree: true });
    }""")
    press(page, "Play")
    for name, layers in [("Add", 4), ("Add", 5), ("Remove", 4), ("Remove", 3)] * 2:
        wait_for_epoch(page, epoch(page) + 5)
        press(page, name)
        expect(page.locator("[data-view=gradients] .layers tbody tr")).to_have_count(layers)
    expect_state(page, "playing")
    assert page.evaluate("window.removed") == 0


def test_dark_theme_has_light_text_on_charts(open_page):
    """And a change of the theme is followed at once; what was zoomed stays so."""
    page = open_page(scheme="dark")
    is_between = """([least, most]) => {
        const text = document.querySelector('[data-view=loss] .xtick text');
        const [red, green, blue] = getComputedStyle(text).fill.match(/\\d+/g).map(Number);
        const brightness = (red + green + blue) / 3;
        return least < brightness && brightness < most;
    }"""
    assert page.evaluate(is_between, [180, 255])
    press(page, "Play")
    views = ("region", "loss")
    zoomed = [zoom(page, view) for view in views]
    page.emulate_media(color_scheme="light")
    page.wait_for_function(is_between, arg=[0, 80])
    assert [page.evaluate(ZOOMED, view) for view in views] == zoomed


def test_everything_fits_on_one_screen(open_page):
    """1400 × 900, with the most controls that there can be: nothing has to be scrolled."""
    page = open_page("?dataset=spirals&classes=5&hidden=8,8,8,8,8,8")
    for name in ("stMain", "stSidebarContent"):
        overflow = (
            "n => { const e = document.querySelector(`[data-testid=${n}]`);"
            "return e.scrollHeight - e.clientHeight }"
        )
        assert page.evaluate(overflow, name) == 0


def test_phone_shows_and_plays_everything(open_page):
    page = open_page(width=390, height=844, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Play").tap()
    wait_for_epoch(page, 5)
    for view in ("region", "loss", "gradients"):
        panel = page.locator(f'[data-view="{view}"]')
        panel.scroll_into_view_if_needed()
        box = panel.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_a_heavy_network_leaves_the_page_responsive(open_page):
    """The largest Spec there is, batch 1, 50 epochs per frame: frames come, and Pause works."""
    page = open_page("?samples=2000&hidden=16,16,16,16,16,16&batch_size=1&test_share=0.1")
    page.get_by_label("Epochs per frame").select_option("50")
    press(page, "Play")
    wait_for_epoch(page, 3)
    press(page, "Pause")
    expect_state(page, "paused")
