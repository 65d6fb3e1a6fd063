"""A replica ends while its visitors play: they play on at another one, to the last bit.

The visitors are programs that speak the line, through HAProxy.
"""

import json
import signal
from contextlib import ExitStack
from http.cookies import SimpleCookie

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from engine import Run, Spec
from engine.run import PARAMETER
from hosting.replicas import Hosted
from tests.playground.test_line import bring, hear

PATIENCE = 60.0  # seconds
SPEC = Spec(hidden=(4,), samples=100)
QUERY = "hidden=4&samples=100"
CHANGED_AT = 3  # epoch


class Visitor:
    """A board alone that plays, and holds the value of its run.

    Attributes:
        frames: what it has seen, in order.
    """

    def __init__(self, host: str, word: str, lines: ExitStack, replica: str = "") -> None:
        self.host, self.cookies, self.lines = host, {"mlp_visitor": word}, lines
        if replica:
            self.cookies["replica"] = replica
        self.frames: list[dict] = []
        self.made: list = []
        self.open(QUERY)
        start = hear(self.socket)
        self.run, self.about, self.number = start["run"], start["value"], 0

    @property
    def replica(self) -> str:
        """At which one it is."""
        return self.cookies["replica"]

    @property
    def epoch(self) -> float:
        return self.frames[-1]["epoch"] if self.frames else 0

    def open(self, query: str) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line = connect(
            f"ws://{self.host}/live?{query}",
            additional_headers={"Cookie": cookie},
            max_size=2**24,
            open_timeout=PATIENCE,
        )
        self.socket: ClientConnection = self.lines.enter_context(line)
        for line in self.socket.response.headers.get_all("Set-Cookie"):
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}

    def play(self, frames: int, **more) -> None:
        """Ask for so many frames, and wait until they have come."""
        wanted = len(self.frames) + frames
        while len(self.frames) < wanted:
            self.ask(wanted - len(self.frames), **more)
            more = {}
            self.take(hear(self.socket))

    def ask(self, frames: int, **more) -> None:
        self.number += 1
        here = {"id": self.number, "run": self.run, "epoch": self.epoch, "last": self.epoch}
        self.socket.send(json.dumps(here | {"frames": frames} | more))

    def take(self, message: dict) -> None:
        # what was changed begins with the frame on screen once more
        self.frames += [frame for frame in message["frames"] if frame["epoch"] > self.epoch]
        self.made = message.get("made", self.made)

    def hear_the_end(self) -> None:
        """What still comes is seen, until the line breaks."""
        try:
            while True:
                self.take(hear(self.socket))
        except ConnectionClosed:
            pass

    def go_on(self) -> None:
        """Open a line again, wherever that is, and bring the run."""
        self.open("bring=1")
        present = {"settings": self.about["settings"], "changes": self.made, "epoch": self.epoch}
        value = {"present": present, "pin": None, "stop_at": None, "data": {}}
        bring(self.socket, value)
        self.run = hear(self.socket)["run"]


@pytest.fixture
def lines():
    """Closes what a test has opened."""
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_who_plays_at_a_replica_that_ends_plays_on_at_the_other_one(both: Hosted, how, lines):
    words = [f"{how.name}-{number}".ljust(22, "x") for number in range(6)]
    visitors = [Visitor(both.host, word, lines) for word in words]
    for visitor in visitors:
        visitor.play(CHANGED_AT)
        changes = [["learning_rate", 0.3], [PARAMETER, [0, 1.25]]]
        visitor.play(9, take=1, changes=changes)
    assert {visitor.replica for visitor in visitors} == {"r1", "r2"}
    theirs = [visitor for visitor in visitors if visitor.replica == "r1"]
    for visitor in theirs:
        visitor.ask(120)  # this answer is under way
    both.replicas[0].stop(how)
    for visitor in theirs:
        visitor.hear_the_end()
        visitor.go_on()
    for visitor in visitors:
        visitor.play(20)
        assert visitor.replica == "r2"
        assert_same_as_undisturbed(visitor)


def assert_same_as_undisturbed(visitor: Visitor) -> None:
    """Every frame that was seen is one of a run that nothing has interrupted, in order."""
    alone = Run(SPEC)
    for frame in visitor.frames:
        if alone.epoch == CHANGED_AT:
            alone.change("learning_rate", 0.3)
            alone.change(PARAMETER, (0, 1.25))
        alone.advance()
        assert frame["epoch"] == alone.epoch
        assert frame["losses"] == [alone.latest.train_loss, alone.latest.test_loss]
        np.testing.assert_array_equal(
            frame["parameters"], alone.network.parameters.astype(np.float32)
        )
