"""The layout: from a small phone to a large monitor, at any zoom; and for a projector."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_board import board, open_menu, press, readouts, step_to
from tests.browser.test_inside import open_view

VIEWS = ("network", "region", "loss", "gradients")
# a page at 400 % on a monitor of 1280×1024 has 320×256 px to itself
SIZES = ((320, 256), (320, 568), (390, 844), (640, 480), (933, 600), (1024, 768), (2560, 1440))

# Boxes of what is seen: [left, top, right, bottom] in px of the window.
BOXES = """selector => [...document.querySelectorAll(selector)]
    .filter(element => element.checkVisibility())
    .map(element => element.getBoundingClientRect())
    .map(({ left, top, right, bottom }) => [left, top, right, bottom])"""


def boxes(page: Page, selector: str) -> list[list[float]]:
    found: list[list[float]] = page.evaluate(BOXES, selector)
    return found


def box(page: Page, selector: str) -> list[float]:
    (found,) = boxes(page, selector)
    return found


def view(name: str) -> str:
    return f'.board [data-view="{name}"]'


def is_seen(page: Page, selector: str) -> bool:
    left, top, right, bottom = box(page, selector)
    size = page.viewport_size
    return left >= 0 and top >= 0 and right <= size["width"] and bottom <= size["height"]


def resize(page: Page, width: int, height: int) -> None:
    """Another window; and the charts in it, which fill their places."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("""() => [...document.querySelectorAll('.board .js-plotly-plot')]
        .filter(plot => plot.checkVisibility())
        .every(plot => Math.abs(plot.clientWidth - plot._fullLayout.width) < 1
            && Math.abs(plot.clientHeight - plot._fullLayout.height) < 1)""")


def is_one_row(found: list[list[float]]) -> bool:
    return max(top for _, top, _, _ in found) < min(bottom for *_, bottom in found)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768), (1400, 900), (2560, 1440)])
def test_all_views_readouts_and_the_timeline_are_on_one_screen(open_page, width, height):
    page = open_page(width=width, height=height)
    resize(page, width, height)
    for name in VIEWS:
        assert is_seen(page, view(name)), name
        _, top, _, bottom = box(page, f"{view(name)} .chart")
        assert bottom - top > 100, name
    assert is_seen(page, ".board .timeline > input")
    assert is_one_row(boxes(page, ".board .readouts > div"))
    # no part of the screen is empty: the page ends near the bottom of the window, or below it
    *_, bottom = box(page, ".st-key-views")
    assert bottom > height - 60


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 740), (360, 640)])
def test_on_a_phone_the_picture_and_all_that_steers_it_are_on_one_screen(open_page, width, height):
    page = open_page(width=width, height=height)
    resize(page, width, height)
    seen = (".board .transport", ".board .readouts", view("region"), ".board .timeline > input")
    for selector in seen:
        assert is_seen(page, selector), selector
    assert is_one_row(boxes(page, ".board .readouts > div"))
    assert is_one_row(boxes(page, ".board .transport > *"))
    tops = [box(page, selector)[1] for selector in (*seen, view("network"), view("loss"))]
    assert tops == sorted(tops)
    # what stays on top while the page scrolls leaves room for what is read
    page.locator(view("gradients")).scroll_into_view_if_needed()
    _, top, _, bottom = box(page, ".board .transport")
    assert top <= 1
    assert bottom < 0.12 * height


def test_nothing_is_wider_than_any_screen(open_page):
    page = open_page("?hidden=8,8,8,8,8,8")
    open_view(page, "One step")
    expect(page.locator(".st-key-inside .katex").first).to_be_visible()
    for width, height in SIZES:
        resize(page, width, height)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        main = "document.querySelector('.stMain')"
        assert page.evaluate(f"{main}.scrollWidth - {main}.clientWidth") <= 0, (width, height)
        for selector in (".board button", ".board select", ".board dd", ".board h2"):
            for left, _, right, _ in boxes(page, selector):
                assert left >= 0, (selector, width)
                assert right <= width, (selector, width)


@pytest.mark.parametrize("width", [320, 390, 700, 1400])
def test_what_unfolds_stays_on_the_screen(open_board, width):
    page = open_board(width=width, height=800)
    page.locator(".board .stopping summary").click()
    left, _, right, _ = box(page, ".board .stopping > div")
    assert left >= 0
    assert right <= width
    open_menu(page)
    left, _, right, _ = box(page, ".board .menu .sharing")
    assert left >= 0
    assert right <= width
    page.keyboard.press("Escape")
    assert boxes(page, ".board .menu .sharing") == []
    expect(page.locator(".board .menu summary")).to_be_focused()


def small_text(page: Page) -> dict[str, float]:
    """Of everything that is written on the screen, what is below 2.2 % of its height."""
    return page.evaluate("""() => {
        const small = {};
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const { data, parentElement: element } = walker.currentNode;
            const text = data.trim();
            if (!text || !element.checkVisibility({ visibilityProperty: true })) continue;
            const { width, height } = element.getBoundingClientRect();
            if (width <= 1 || height <= 1 || element.closest('script, style')) continue;
            const share = parseFloat(getComputedStyle(element).fontSize) / innerHeight;
            if (share < 0.0219) small[text] = share;
        }
        return small;
    }""")


def test_the_projector_shows_the_board_alone_in_large_type(open_page):
    page = open_page("?hidden=4", width=1024, height=768)
    step_to(page, 1)
    before = [box(page, view(name)) for name in VIEWS]
    shown = readouts(page)
    open_menu(page)
    press(page, "Present")
    assert small_text(page) == {}
    assert boxes(page, ".stSidebar") == []
    for name in ("network", "region"):
        assert is_seen(page, view(name))
    for name in ("loss", "gradients"):
        assert boxes(page, view(name)) == []
    # Tab stays on the board
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body"
            " || document.activeElement.closest('.board') !== null"
        )
    press(page, "Regions")
    assert boxes(page, view("network")) == []
    left, _, right, _ = box(page, view("region"))
    assert right - left > 900
    press(page, "Network")
    assert boxes(page, view("region")) == []
    press(page, "Play")
    page.wait_for_function("document.querySelector('.board').dataset.epoch > 5")
    press(page, "Pause")
    page.keyboard.press("Escape")
    resize(page, 1024, 768)
    assert [box(page, view(name)) for name in VIEWS] == before
    assert readouts(page).keys() == shown.keys()
    expect(board(page)).to_have_attribute("data-state", "paused")


def test_a_link_opens_the_projector(open_page, open_board):
    for page in (open_page("?dataset=circles&present=1"), open_board("?present=1")):
        expect(board(page)).to_have_attribute("data-presenting", "both")
        assert small_text(page) == {}
        press(page, "Leave")
        expect(board(page)).not_to_have_attribute("data-presenting", re.compile(""))
        expect(page.locator(view("loss"))).to_be_visible()
