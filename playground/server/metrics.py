"""What the server reports of itself, for Prometheus: counts and times, nothing of one person.

What others count here has its own name; what is so at the moment it is asked, a visitor or a board
that plays, is a function: `VISITORS.set_function(count)`.
"""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.server.config import config

PATH = "/metrics"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0)
SLACK = 1.5  # times the seconds of computing, after which an answer is over its budget

_registry = CollectorRegistry()

VISITORS = Gauge("mlp_visitors", "Pages and boards alone that are open.", registry=_registry)
BOARDS_PLAYING = Gauge(
    "mlp_boards_playing",
    "Boards that have asked for frames within the last seconds.",
    registry=_registry,
)
FRAMES = Counter("mlp_frames", "Frames sent to boards.", registry=_registry)
ANSWER_SECONDS = Histogram(
    "mlp_answer_seconds",
    "From a request for frames to its answer, waiting for a turn included.",
    buckets=BUCKETS,
    registry=_registry,
)
ANSWERS_OVER_BUDGET = Counter(
    "mlp_answers_over_budget",
    f"Answers that took more than {SLACK:g} times the seconds of computing they may take.",
    registry=_registry,
)
REFUSALS = Counter("mlp_refusals", "What was refused, and why.", ["reason"], registry=_registry)
RUNS_PUT_AWAY = Counter(
    "mlp_runs_put_away", "Runs of idle visits that were put away.", registry=_registry
)
EXPERIMENTS_RUNNING = Gauge(
    "mlp_experiments_running", "Experiments of “Many seeds” under way.", registry=_registry
)
EXPERIMENTS = Counter(
    "mlp_experiments", "Experiments of “Many seeds” that were begun.", registry=_registry
)
FILES_MADE = Counter(
    "mlp_files_made",
    "Files made of a run, by kind, and whether they are done, cancelled or failed.",
    ["kind", "state"],
    registry=_registry,
)
ROOMS = Gauge(
    "mlp_rooms", "Rooms in which somebody has a line to this process.", registry=_registry
)
STUDENTS = Gauge("mlp_students", "Students who have a line to this process.", registry=_registry)
ROOM_REFUSALS = Counter(
    "mlp_room_refusals", "Codes, keys and seats of rooms that were wrong.", registry=_registry
)
ProcessCollector(registry=_registry)  # memory, processor time, open files


def note_computing(seconds: float) -> None:
    """Take note of how long an answer took, with the turns of others in between."""
    if seconds > SLACK * config().seconds_per_answer:
        ANSWERS_OVER_BUDGET.inc()


def routes(base: str) -> list[Route]:
    """The route of the report. base: what the server's addresses begin with."""
    return [Route(base + PATH, _serve)]


async def _serve(request: Request) -> Response:
    return Response(generate_latest(_registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
