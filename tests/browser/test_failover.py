"""A replica ends while its visitors play, as a visitor sees it: real replicas, a real HAProxy."""

import re
import signal

import pytest
from playwright.sync_api import expect

from engine import Run, Spec
from engine.run import PARAMETER
from hosting.replicas import hosted
from tests.browser.conftest import Window
from tests.browser.test_board import (
    board,
    choose_learning_rate,
    epoch,
    expect_state,
    numbers,
    press,
    step_to,
    wait_for_epoch,
)
from tests.browser.test_line import edit_weight, expected


@pytest.fixture(scope="module")
def two_replicas(tmp_path_factory):
    log = tmp_path_factory.mktemp("hosted") / "log"
    with log.open("w") as output, hosted(2, output=output.fileno()) as found:
        yield found


@pytest.fixture
def both(two_replicas):
    """The two, both of them running; what a test has stopped is started again."""
    two_replicas.start_ended()
    return two_replicas


@pytest.fixture
def window(browser):
    """A window on a page whose replica ends: what it complains of is not what is tested."""
    window = Window(browser, {"viewport": {"width": 1400, "height": 900}})
    yield window
    window.context.close()


def replica_of(window: Window) -> str:
    """At which replica a visitor is."""
    (found,) = (each["value"] for each in window.context.cookies() if each["name"] == "replica")
    return found


@pytest.mark.parametrize("path", ["", "embed"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_plays_on_at_another_replica_and_knows_what_was_changed(window, both, path, how):
    page = window.page
    page.goto(f"http://{both.host}/{path}?hidden=4&samples=100")
    board(page).wait_for()
    step_to(page, 3)
    edit_weight(page, "1.25")
    choose_learning_rate(page, "0.3")
    step_to(page, 5)
    press(page, "Play")
    wait_for_epoch(page, 30)
    was_at = replica_of(window)
    (replica,) = (each for each in both.replicas if f"r{each.number}" == was_at)
    lines: list[str] = []
    page.on("websocket", lambda line: lines.append(line.url))
    replica.stop(how)
    stood = epoch(page)
    wait_for_epoch(page, stood + 50)
    press(page, "Pause")
    assert replica_of(window) != was_at
    alone = Run(Spec(hidden=(4,), samples=100))
    alone.advance(3)
    alone.change(PARAMETER, (0, 1.25))
    alone.change("learning_rate", 0.3)
    alone.advance(epoch(page) - 3)
    assert numbers(page) == expected(alone)
    if not path:  # the page comes back by itself: it knows what it shows, and its controls work
        while not any(re.search(r"/live/[\w-]+\?bring=1", line) for line in lines):
            page.wait_for_event("websocket")
        expect_state(page, "paused")
        expect(page).to_have_url(re.compile("learning_rate=0.3"))
        page.get_by_role("radio", name="XOR").click()
        expect(page).to_have_url(re.compile("dataset=xor"))
        expect(board(page)).to_have_attribute("data-epoch", "0")
