"""Who may show what in a frame: the board alone anyone, the page its own server."""

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.browser.conftest import READY, Window
from tests.playground.serving import serving

FRAME = '<!doctype html><title>Course</title><iframe src="{}" width="1200" height="800"></iframe>'


@pytest.fixture
def course(server):
    """The page of another server, with a frame of ours; a function of what is in it."""

    async def page(request) -> HTMLResponse:
        return HTMLResponse(FRAME.format(server + request.path_params["shown"]))

    with serving(Starlette(routes=[Route("/{shown:path}", page)])) as address:
        yield lambda shown: f"http://{address}/{shown}"


@pytest.fixture
def window(browser):
    window = Window(browser, {})
    yield window
    window.context.close()


def test_the_board_alone_plays_in_a_frame_of_another_server(course, window):
    window.page.goto(course("embed"))
    frame = window.page.frame_locator("iframe")
    frame.locator(READY).wait_for()
    frame.get_by_role("button", name="Step", exact=True).click()
    expect(frame.locator("[data-testid=board]")).to_have_attribute("data-epoch", "1")
    assert not window.complaints


def test_the_page_is_in_no_frame_of_another_server(course, window):
    with window.page.expect_event("console", lambda said: "frame-ancestors 'self'" in said.text):
        window.page.goto(course(""))
    frame = window.page.frame_locator("iframe")
    expect(frame.get_by_test_id("stApp")).to_have_count(0)
