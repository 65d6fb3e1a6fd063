"""A Redis of the tests' own."""

import pytest

from hosting import redis


@pytest.fixture(scope="session")
def one_redis():
    """A real one, at a free port, that ends with the tests."""
    with redis.running() as server:
        yield server


@pytest.fixture
def redis_server(one_redis):
    """One that runs and in which there is nothing."""
    one_redis.stop()
    one_redis.start()
    return one_redis
