"""Two real replicas behind a real HAProxy, with rooms in a real Redis."""

import pytest

from hosting import redis
from hosting.replicas import hosted


@pytest.fixture(scope="module")
def two_replicas(tmp_path_factory):
    """They share a log; it may not hold a traceback."""
    log = tmp_path_factory.mktemp("hosted") / "log"
    with log.open("w") as output, redis.running() as server:
        settings = {"MLP_REDIS_URL": server.url}
        with hosted(2, settings=settings, output=output.fileno()) as found:
            yield found
    assert "Traceback" not in log.read_text()


@pytest.fixture
def both(two_replicas):
    """The two, both of them running; what a test has stopped is started again."""
    two_replicas.start_ended()
    return two_replicas
