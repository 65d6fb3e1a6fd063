"""Find Redis, and run one that ends with whoever has started it; as a program, install it."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hosting import packages
from hosting.ports import free_port

MISSING = "Redis is missing: install it, as with apt-get install redis-server, then run this again."
SECONDS_TO_START = 30.0


class Server:
    """A Redis of one's own at a port of the loopback interface; it writes nothing to a disk.

    Attributes:
        port: at which it answers.
        process: None before it is started.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of it, as `MLP_REDIS_URL` has it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, or start it again, without what was in it; it answers afterwards.

        Raises:
            FileNotFoundError: there is none.
            TimeoutError: it does not come up.
        """
        program = packages.find("redis-server")
        if program is None:
            raise FileNotFoundError(MISSING)
        options = {"bind": "127.0.0.1", "port": self.port, "save": "", "appendonly": "no"}
        said = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen([program, *said], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError("Redis does not answer")
            time.sleep(0.02)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; SIGSTOP lets it hang."""
        if self.process is not None:
            self.process.send_signal(number)

    def stop(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False


@contextmanager
def running() -> Iterator[Server]:
    """Run one for as long as the context is open."""
    server = Server()
    try:
        server.start()
        yield server
    finally:
        server.stop()


if __name__ == "__main__":
    packages.need("redis-server", "redis-server", MISSING)
