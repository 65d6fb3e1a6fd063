"""What is installed is what requirements.txt asks for: the app is tested with that alone."""

from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

FILE = Path(__file__).parent.parent / "requirements.txt"
LINES = (line.partition("#")[0].strip() for line in FILE.read_text("utf-8").splitlines())
REQUIREMENTS = [Requirement(line) for line in LINES if line]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_the_installed_version_is_the_one_that_the_app_is_made_for(requirement):
    installed = version(requirement.name)
    assert requirement.specifier.contains(installed), (
        f"{requirement.name} {installed} is installed, the app is made for {requirement}. "
        "To stay with it: pip install -r requirements.txt. To move to the other version: change "
        "requirements.txt, run make test, and look at the board."
    )


@pytest.mark.parametrize("name", ["streamlit", "plotly"])
def test_another_minor_version_is_another_one(name):
    """Streamlit and Plotly change in minor versions what the page and the board rely on."""
    (asked,) = [each for each in REQUIREMENTS if each.name == name]
    major, minor, *_ = version(name).split(".")
    assert not asked.specifier.contains(f"{major}.{int(minor) + 1}.0")
