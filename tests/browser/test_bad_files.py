"""A file that is no good, or means no good: a plain sentence says why, and the page goes on."""

import io
import json

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.test_board import board, press
from tests.browser.test_keep import open_panel

MARK = "mlp_playground_session"


def bomb() -> bytes:
    """Weights of 50 MB in a file of 50 kB."""
    file = io.BytesIO()
    np.savez_compressed(file, W1=np.zeros(6_250_000), b1=np.zeros(1))
    return file.getvalue()


def session() -> bytes:
    """One whose numbers are larger than any."""
    return json.dumps({MARK: 1, "present": 10**400, "pin": None, "past": [], "data": {}}).encode()


FILES = {
    "deep.json": (lambda: b"[" * 100_000, "the settings are nested too deeply"),
    "deep_session.json": (
        lambda: b'{"%s":' % MARK.encode() * 30_000,
        "the session is nested too deeply",
    ),
    "numbers.json": (session, "the session is not as the playground saves it"),
    "infinite.json": (lambda: b'{"noise": Infinity}', "noise must be a number from 0.0 to 1.0"),
    "names.json": (lambda: b'{"features": [["x1"]]}', "the settings must be numbers and names"),
    "bomb.npz": (bomb, "the weights unpack to 2 arrays and 50 MB"),
    "text.npz": (lambda: b"PK\3\4" + b"\0" * 100, "the weights are not a file of NumPy arrays"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_refused_in_plain_words_and_the_page_goes_on(open_page, name):
    make, words = FILES[name]
    page = open_page()
    open_panel(page, "Save and load")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": name, "mimeType": "text/plain", "buffer": make()})
    notice = page.get_by_test_id("stAlert")
    expect(notice).to_contain_text(f"{name} can't be loaded: {words}")
    expect(page.get_by_text("Traceback")).to_have_count(0)
    page.keyboard.press("Escape")
    press(page, "Step")
    expect(board(page)).to_have_attribute("data-epoch", "1")


def test_a_link_that_says_much_that_is_not_known_has_a_few_notices(open_page):
    page = open_page("?" + "&".join(f"k{i}=1" for i in range(500)))
    notices = page.get_by_test_id("stAlert")
    expect(notices).to_have_count(9)
    expect(notices.last).to_contain_text("There are 492 more notices like these.")
