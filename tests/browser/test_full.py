"""A server with room for one: what a second visitor sees, and how there is room again."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import READY, Window, serve
from tests.browser.test_board import board, epoch, press, wait_for_epoch

FULL = "This playground is full"


@pytest.fixture
def narrow(tmp_path, monkeypatch):
    """Address of a server with room for one."""
    monkeypatch.setenv("MLP_VISITORS", "1")
    with serve("streamlit_app.py", tmp_path / "log") as address:
        yield address


@pytest.fixture
def visitor(browser: Browser):
    """A function that makes a visitor: a browser that shares no cookie with another one."""
    windows = []

    def come(**options) -> Window:
        windows.append(Window(browser, {"viewport": {"width": 1400, "height": 900}, **options}))
        return windows[-1]

    yield come
    for window in windows:
        window.context.close()


def expect_full(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 503
    expect(page.get_by_role("heading", name=FULL)).to_be_visible()
    expect(page).to_have_title(FULL)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_second_visitor_is_told_and_gets_in_when_the_first_leaves(narrow, visitor, scheme):
    first, second = visitor(), visitor(color_scheme=scheme, viewport={"width": 360, "height": 640})
    second.forgiven = "503"  # the browser notes the status of a page
    first.page.goto(narrow)
    board(first.page).wait_for()
    link = f"{narrow}?dataset=xor&hidden=3"
    expect_full(second.page, link)
    expect(second.page.get_by_text("one person is in it")).to_be_visible()
    expect(second.page.get_by_text("streamlit run streamlit_app.py")).to_be_visible()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not second.page.evaluate(wide)
    back = second.page.evaluate("getComputedStyle(document.body).backgroundColor")
    is_dark = sum(map(int, re.findall(r"\d+", back)[:3])) < 3 * 64
    assert is_dark == (scheme == "dark")
    again = second.page.get_by_role("link", name="Try again")
    again.click()
    expect(second.page.get_by_role("heading", name=FULL)).to_be_visible()
    first.leave()
    while again.is_visible():  # the server hears in its own time that a page was left
        again.click()
        second.page.wait_for_load_state()
    second.page.locator(READY).wait_for()
    assert "dataset=xor" in second.page.url
    assert not second.complaints
    second.leave()


def test_a_reload_does_not_lock_out_the_only_visitor(narrow, visitor):
    window = visitor()
    window.page.goto(narrow)
    board(window.page).wait_for()
    for _ in range(2):
        window.page.reload()
        window.page.locator(READY).wait_for()
    window.page.goto(f"{narrow}?dataset=xor")
    window.page.locator(READY).wait_for()
    assert not window.complaints
    window.leave()


def test_a_board_alone_says_that_it_is_full_waits_and_plays_when_there_is_room(narrow, visitor):
    first, second = visitor(), visitor()
    first.page.goto(f"{narrow}embed?hidden=3")
    board(first.page).wait_for()
    second.page.goto(f"{narrow}embed?hidden=3&play=1")
    expect(second.page.get_by_text(FULL)).to_be_visible()
    first.leave()
    second.page.locator(READY).wait_for()
    wait_for_epoch(second.page, 3)
    expect(second.page.get_by_text(FULL)).to_have_count(0)
    press(second.page, "Pause")
    assert epoch(second.page) >= 3
    second.leave()
