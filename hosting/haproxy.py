"""Find HAProxy; run as a program, install it where there is none."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hosting import packages

SETTINGS = Path(__file__).with_name("haproxy.cfg")
MISSING = "HAProxy is missing: install it, as with apt-get install haproxy, then run this again."


def find() -> str | None:
    """Path of the program."""
    return packages.find("haproxy")


def start(environment: Mapping[str, str], output: int | None = None) -> "subprocess.Popen[bytes]":
    """Start it with our settings.

    environment: what `haproxy.cfg` asks for.
    output: where its log goes, a file descriptor; None for this process's own.

    Raises:
        FileNotFoundError: there is none.
    """
    program = find()
    if program is None:
        raise FileNotFoundError(MISSING)
    return subprocess.Popen(
        [program, "-db", "-f", str(SETTINGS)],
        env={**os.environ, **environment},
        stdout=output,
        stderr=output,
    )


if __name__ == "__main__":
    packages.need("haproxy", "haproxy", MISSING)
