"""Find HAProxy; run as a program, install it where there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SETTINGS = Path(__file__).with_name("haproxy.cfg")
MISSING = "HAProxy is missing: install it, as with apt-get install haproxy, then run this again."


def find() -> str | None:
    """Path of the program; Debian keeps it where only root's PATH looks."""
    return shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")


def install() -> None:
    """Try the system's packages, where that is allowed without asking."""
    if not shutil.which("apt-get"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if sudo and not shutil.which("sudo"):
        return
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "haproxy"]):
        subprocess.run([*sudo, "apt-get", "--quiet", *command], check=False)


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
    if find() is None:
        install()
    if find() is None:
        sys.exit(MISSING)
