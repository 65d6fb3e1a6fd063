"""Several processes of the playground behind HAProxy, on one machine: `make hosted REPLICAS=2`.

They share rooms in a Redis that is started with them, unless `MLP_REDIS_URL` names one.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from hosting import haproxy, redis
from hosting.ports import free_port

ROOT = Path(__file__).parents[1]
MOST = 8  # replicas that haproxy.cfg knows
SECONDS_TO_START = 120.0
SECONDS_TO_LEAVE = "2"  # in which HAProxy notices that a replica is going: two of its checks


class Replica:
    """One process of the playground, on a port of its own of the loopback interface.

    Attributes:
        number: counts from 1.
        host: address and port.
        process: None before it is started.
    """

    def __init__(self, number: int, environment: dict[str, str], output: int | None) -> None:
        self.number = number
        self.host = f"127.0.0.1:{free_port()}"
        self.process: subprocess.Popen[bytes] | None = None
        self._environment, self._output = environment, output

    def start(self) -> None:
        """Start the process, or start it again; it need not answer yet."""
        address, port = self.host.split(":")
        options = {"address": address, "port": port, "headless": "true"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
            + [f"--server.{name}={value}" for name, value in options.items()]
            + ["--logger.hideWelcomeMessage=true"],  # its address is that of one replica
            cwd=ROOT,
            env={**os.environ, **self._environment},
            stdout=self._output,
            stderr=self._output,
        )

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self.process is not None and self.process.poll() is None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal, and wait until the process has ended."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait()

    def wait(self) -> None:
        """Wait until it takes visitors."""
        wait_for(f"http://{self.host}/ready", lambda: self.is_running)


@dataclass
class Hosted:
    """The playground behind HAProxy.

    Attributes:
        host: address and port of HAProxy.
        replicas: the processes behind it, in the order of REPLICA_1, REPLICA_2, …
    """

    host: str
    replicas: list[Replica] = field(default_factory=list)

    def start_ended(self) -> None:
        """Start each replica again that has ended, and wait until HAProxy sends visitors there."""
        for replica in self.replicas:
            if not replica.is_running:
                replica.start()
                replica.wait()
                while not self._sends_to(replica):
                    time.sleep(0.05)

    def _sends_to(self, replica: Replica) -> bool:
        """Whether a newcomer gets there, and whoever was there before gets there again."""
        cookie = f"replica=r{replica.number}"
        anew, again = (
            urllib.request.Request(f"http://{self.host}/health", headers=headers)
            for headers in ({}, {"Cookie": cookie})
        )
        with urllib.request.urlopen(anew) as answer:
            arrives = cookie in answer.headers.get("Set-Cookie", "")
        with urllib.request.urlopen(again) as answer:  # another replica would set its own cookie
            return arrives and "replica=" not in answer.headers.get("Set-Cookie", "")


@contextmanager
def hosted(
    count: int,
    *,
    listen: str = "",
    settings: dict[str, str] | None = None,
    output: int | None = None,
) -> Iterator[Hosted]:
    """Run so many replicas behind HAProxy; all of them take visitors when it begins.

    Args:
        listen: address and port of HAProxy; "" for a free port of the loopback interface.
        settings: environment variables of the replicas, besides those of this process.
        output: where all of them write, a file descriptor; None for this process's own.

    Raises:
        FileNotFoundError: there is no HAProxy.
        TimeoutError: one of them does not come up.
    """
    listen = listen or f"127.0.0.1:{free_port()}"
    shared = {
        "MLP_SECONDS_TO_LEAVE": SECONDS_TO_LEAVE,
        **{name: value for name, value in os.environ.items() if name.startswith("MLP_")},
        **(settings or {}),
    }
    found = Hosted(listen, [Replica(number, shared, output) for number in range(1, count + 1)])
    with ExitStack() as stack:
        for replica in found.replicas:
            replica.start()
            stack.callback(_end, replica)
        for replica in found.replicas:
            replica.wait()
        addresses = {f"REPLICA_{replica.number}": replica.host for replica in found.replicas}
        balancer = haproxy.start({"ADDRESS": listen, **addresses}, output)
        stack.callback(balancer.wait)
        stack.callback(balancer.kill)
        port = listen.rpartition(":")[2]
        wait_for(f"http://127.0.0.1:{port}/ready", lambda: balancer.poll() is None)
        yield found


def _end(replica: Replica) -> None:
    if replica.is_running:
        replica.stop(signal.SIGKILL)


def own_address() -> list[str]:
    """What others in the network call this machine; nothing if it is in none."""
    with socket.socket(type=socket.SOCK_DGRAM) as asking, suppress(OSError):
        asking.connect(
            ("192.0.2.1", 9)
        )  # an address of nobody: it is only looked up how to get there
        return [asking.getsockname()[0]]
    return []


def wait_for(address: str, is_running: Callable[[], bool]) -> None:
    """Ask until it is answered with 200.

    Raises:
        TimeoutError: it is not, or what should answer has ended.
    """
    deadline = time.monotonic() + SECONDS_TO_START
    while is_running() and time.monotonic() < deadline:
        with suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address)
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing answers at {address}")


def main(count: int, listen: str) -> None:
    """Run until it is interrupted; a replica that has ended is started again."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        settings = {}
        if count > 1 and not os.environ.get("MLP_REDIS_URL"):
            settings["MLP_REDIS_URL"] = stack.enter_context(redis.running()).url
        found = stack.enter_context(hosted(count, listen=listen, settings=settings))
        port = listen.rpartition(":")[2]
        where = " or ".join(f"http://{name}:{port}" for name in ("localhost", *own_address()))
        print(f"\n  {count} replicas: {where}\n  Ctrl-C ends them.\n", flush=True)
        while True:
            time.sleep(1)
            for replica in found.replicas:
                if not replica.is_running:
                    replica.start()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("replicas", type=int, choices=range(1, MOST + 1), nargs="?", default=2)
    parser.add_argument("--listen", default=":8501", help="address and port, or only :port")
    arguments = parser.parse_args()
    try:
        main(arguments.replicas, arguments.listen)
    except (FileNotFoundError, TimeoutError) as error:
        sys.exit(str(error))
