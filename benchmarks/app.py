"""The app as a process of its own, as a user starts it."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextlib.contextmanager
def running(program: str = "streamlit_app.py") -> Iterator[int]:
    """Run a Streamlit program of this repository with its settings; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    options = {"address": "127.0.0.1", "port": port, "headless": "true"}
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", program]
        + [f"--server.{name}={value}" for name, value in options.items()],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )
    try:
        wait_until_it_serves(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_until_it_serves(port: int) -> None:
    """Ask until it answers."""
    for _ in range(6_000):
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health")
            return
        time.sleep(0.01)
    raise TimeoutError(f"nothing answers at port {port}")
