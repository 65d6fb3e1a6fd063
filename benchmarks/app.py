"""The app as a process of its own, as a user starts it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """Where the app is served, and by which processes.

    Attributes:
        port: on the loopback.
        pids: of its processes; there is more than one with replicas.
    """

    port: int
    pids: Sequence[int]

    def processor_seconds(self) -> float:
        """For which its processes have computed so far, all together."""
        times = [psutil.Process(pid).cpu_times() for pid in self.pids]
        return float(sum(time.user + time.system for time in times))

    def memory(self) -> int:
        """Bytes that its processes hold, all together."""
        return int(sum(psutil.Process(pid).memory_info().rss for pid in self.pids))

    def threads(self) -> int:
        """Of its processes, all together."""
        return int(sum(psutil.Process(pid).num_threads() for pid in self.pids))

    def sockets(self) -> int:
        """That its processes have open, all together, other files included."""
        return int(sum(psutil.Process(pid).num_fds() for pid in self.pids))


@contextlib.contextmanager
def running(program: str = "streamlit_app.py", **environment: str) -> Iterator[Server]:
    """Run a Streamlit program of this repository with its settings.

    environment: variables that it is given besides those of this process.
    """
    port = free_port()
    options = {"address": "127.0.0.1", "port": port, "headless": "true"}
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", program]
        + [f"--server.{name}={value}" for name, value in options.items()],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | environment,
    )
    try:
        wait_until_it_serves(port)
        yield Server(port, [server.pid])
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_until_it_serves(port: int) -> None:
    """Ask until it answers."""
    for _ in range(6_000):
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health")
            return
        time.sleep(0.01)
    raise TimeoutError(f"nothing answers at port {port}")
