"""What all tests of the page's parts share."""

import pytest

from playground.board.made import FRAMES
from playground.board.start import CHARTS
from playground.server.config import Config


@pytest.fixture(autouse=True)
def _time_for_all_frames(monkeypatch):
    """A message has the frames that were asked for, however slow the machine."""
    monkeypatch.setattr("playground.board.stream.config", lambda: Config(seconds_per_answer=60.0))


@pytest.fixture(autouse=True)
def _nothing_shared():
    """No other test has seen the same run."""
    FRAMES.clear()
    CHARTS.clear()


@pytest.fixture(autouse=True)
def _routes(monkeypatch):
    """The page believes that the server has been started with them."""
    monkeypatch.setattr("playground.board.line._is_served", True)
