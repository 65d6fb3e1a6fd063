"""A class whose rooms are in Redis reads when it is away, and when it is back."""

import json

import pytest
from websockets.sync.client import connect

from hosting import redis
from tests.browser.conftest import serve

AWAY = "The class can’t be reached just now."
THERE = "Waiting for the teacher"


@pytest.fixture
def redis_server():
    with redis.running() as server:
        yield server


@pytest.fixture
def room(redis_server, monkeypatch, tmp_path):
    """The address of a room's bare page, on a server whose rooms are in Redis."""
    monkeypatch.setenv("MLP_REDIS_URL", redis_server.url)
    with (
        serve("streamlit_app.py", tmp_path / "log") as address,
        connect(address.replace("http", "ws") + "room") as teacher,
    ):
        teacher.send(json.dumps({"open": True}))
        code = json.loads(teacher.recv(timeout=30))["teacher"]["code"]
        yield f"{address}?room={code}"


def test_a_student_reads_that_redis_is_away_and_is_back_by_themselves(browser, redis_server, room):
    page = browser.new_page()
    page.goto(room)
    page.get_by_text(THERE).wait_for()
    alias = page.get_by_text("The class knows you as").inner_text()
    redis_server.stop()
    page.get_by_text(AWAY).wait_for()
    redis_server.start()
    page.get_by_text(THERE).wait_for()
    redis_server.stop()
    page.get_by_text(AWAY).wait_for()
    page.reload()
    page.get_by_text(AWAY).wait_for()
    redis_server.start()
    page.get_by_text(THERE).wait_for()
    assert page.get_by_text("The class knows you as").inner_text() == alias
    page.close()
