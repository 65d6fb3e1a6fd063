"""What the server reports of itself, as Prometheus reads it."""

import json

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from engine import Spec
from playground import app
from playground.board import line
from playground.board.stream import Stream
from playground.experiments.job import Job
from playground.experiments.plan import Experiment
from playground.server import metrics
from playground.server.config import Config
from tests.playground.serving import fetch, serving
from tests.playground.test_stream import unpack


@pytest.fixture(scope="module")
def server():
    with serving(Starlette(routes=app.routes(), middleware=app.middleware())) as address:
        yield address


@pytest.fixture
def report(server):
    """A function that asks for the report: each sample's value, by name and label."""

    def ask() -> dict[str, float]:
        answer = fetch(f"http://{server}/metrics")
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        text = answer.read().decode()
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    return ask


@pytest.fixture
def more(report):
    """A function that says how much more there is of something than when the test began."""
    before = report()
    return lambda name: report()[name] - before.get(name, 0.0)


def play(socket, stream: Stream, frames: int) -> None:
    socket.send(json.dumps({"run": stream.run_id, "frames": frames}))
    assert len(unpack(socket.recv(timeout=30))["frames"]) == frames


def test_answers_frames_and_boards_that_play_are_counted(server, more, monkeypatch):
    stream = Stream(Spec())
    with connect(f"ws://{server}{line.address_of(stream)}") as socket:
        socket.recv(timeout=30)
        assert more("mlp_boards_playing") == 0
        monkeypatch.setattr(line, "SECONDS_OF_PLAYING", 1_000.0)
        play(socket, stream, 3)
        assert more("mlp_boards_playing") == 1
        play(socket, stream, 2)
        assert more("mlp_frames_total") == 5
        assert more("mlp_answer_seconds_count") == 2
        assert more("mlp_answer_seconds_sum") > 0
        monkeypatch.setattr(line, "SECONDS_OF_PLAYING", 0.0)
        assert more("mlp_boards_playing") == 0


@pytest.mark.parametrize(("budget", "over"), [(5.0, 0), (1e-9, 1)])
def test_an_answer_over_its_budget_is_counted(server, more, monkeypatch, budget, over):
    monkeypatch.setattr(metrics, "config", lambda: Config(seconds_per_answer=budget))
    stream = Stream(Spec())
    with connect(f"ws://{server}{line.address_of(stream)}") as socket:
        socket.recv(timeout=30)
        play(socket, stream, 1)
        assert more("mlp_answers_over_budget_total") == over


def test_refusals_are_counted_with_their_reason(server, more):
    with (
        pytest.raises(InvalidStatus),
        connect(f"ws://{server}/live", origin="http://elsewhere.example"),
    ):
        pass
    with pytest.raises(ConnectionClosed), connect(f"ws://{server}/live/guessed") as socket:
        socket.recv(timeout=30)
    with connect(f"ws://{server}/live") as socket:
        socket.send("not JSON")
        with pytest.raises(ConnectionClosed):
            list(socket)
    for reason in ("origin", "token", "message"):
        assert more(f"mlp_refusals_total {reason}") == 1


def test_experiments_are_counted(more):
    job = Job(Experiment(Spec(samples=60, hidden=(2,)), 1, 10))
    job.join()
    assert job.state == "done"
    assert more("mlp_experiments_total") == 1
    assert more("mlp_experiments_running") == 0


def test_what_is_so_when_it_is_asked_is_a_function(report):
    metrics.VISITORS.set_function(lambda: 7)
    try:
        assert report()["mlp_visitors"] == 7
    finally:
        metrics.VISITORS.set_function(lambda: 0)


def test_the_report_has_memory_and_names_nobody(server, report):
    stream = Stream(Spec())
    with connect(f"ws://{server}{line.address_of(stream)}") as socket:
        socket.recv(timeout=30)
        assert report()["process_resident_memory_bytes"] > 1e6
        text = fetch(f"http://{server}/metrics").read().decode()
    assert stream.token not in text
    assert "127.0.0.1" not in text
