"""Programs that are no Python packages: found, and installed where that is allowed."""

import os
import shutil
import subprocess
import sys


def find(program: str) -> str | None:
    """Path of a program; Debian keeps some where only root's PATH looks."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")


def install(package: str) -> None:
    """Try the system's packages, where that is allowed without asking."""
    if not shutil.which("apt-get"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if sudo and not shutil.which("sudo"):
        return
    for command in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        subprocess.run([*sudo, "apt-get", "--quiet", *command], check=False)


def need(program: str, package: str, missing: str) -> None:
    """Install a program unless it is there; end with words if that can't be done."""
    if find(program) is None:
        install(package)
    if find(program) is None:
        sys.exit(missing)
