"""Runs that nobody touches are put away."""

import threading

import pytest

from engine import Spec
from playground.board import idle, line
from playground.board.stream import Stream
from playground.server.config import Config


@pytest.fixture
def idle_after(monkeypatch):
    """A function that says after how many minutes a run is put away."""

    def set_minutes(minutes: float) -> None:
        monkeypatch.setattr("playground.board.idle.config", lambda: Config(idle_minutes=minutes))

    return set_minutes


def test_a_run_is_put_away_when_it_was_not_touched_for_long_enough(idle_after):
    stream = Stream(Spec())
    line.address_of(stream)
    idle_after(60.0)
    idle.put_idle_away()
    assert stream.is_made
    idle_after(0.0)
    assert idle.put_idle_away() >= 1
    assert not stream.is_made
    assert stream.run.epoch == 0


def test_a_run_that_somebody_is_at_is_left_alone(idle_after):
    stream = Stream(Spec())
    line.address_of(stream)
    idle_after(0.0)
    with stream._lock:
        thread = threading.Thread(target=idle.put_idle_away)
        thread.start()
        thread.join()
    assert stream.is_made
