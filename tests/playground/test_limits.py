"""The limits of a server, in a process of their own: they bind wherever a setting comes from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine import Spec
from engine.datasets import DATASETS
from engine.spec import recommended
from playground.lessons import LESSONS, OFFERED
from playground.limits import fitted

ROOT = Path(__file__).parents[2]
SMALL = {
    "MLP_LAYERS": "2",
    "MLP_UNITS": "6",
    "MLP_SAMPLES": "400",
    "MLP_OWN_SAMPLES": "50",
    "MLP_EXPERIMENT_RUNS": "30",
}
LEAST = {"MLP_LAYERS": "0", "MLP_UNITS": "1", "MLP_SAMPLES": "100"}
OFF = {"MLP_OWN_DATA": "off", "MLP_EXPERIMENTS": "off"}


def said(**settings: str) -> dict:
    """What a server of these settings says and offers."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.playground.small_server"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found: dict = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def small() -> dict:
    return said(**SMALL)


@pytest.fixture(scope="module")
def least() -> dict:
    return said(**LEAST, **OFF)


def test_without_settings_nothing_is_cut_down():
    assert OFFERED == LESSONS
    assert fitted(Spec()) == Spec()
    for dataset in DATASETS:
        assert fitted(recommended(dataset)) == recommended(dataset)


def test_the_page_opens_with_what_fits_and_needs_no_notice(small, least):
    assert small["default"]["hidden"] == [6, 6]
    assert small["spirals"]["hidden"] == [6, 6]
    assert small["spirals"]["samples"] == 400
    assert least["default"]["hidden"] == []
    for one in (small["default"], small["spirals"], least["default"], least["spirals"]):
        assert one["notices"] == []
        assert set(one["link"]) <= {"dataset"}  # what is cut down is the default here


def test_a_link_that_asks_for_more_is_told_value_limit_and_setting(small):
    layers, samples = sorted(small["large"]["notices"], key=lambda notice: "samples" in notice)
    assert "hidden must be a tuple of 0 to 2 layers, got (8, 8, 8)" in layers
    assert "samples must be a whole number from 50 to 400, got 2000" in samples
    assert small["large"]["hidden"] == [6, 6]
    (units,) = small["wide"]["notices"]
    assert "hidden[0] must be a whole number from 1 to 6, got 16" in units


def test_controls_end_at_the_limits(small, least):
    assert small["default"]["buttons"]["add_layer"]
    assert small["default"]["most units"] == [6, 6]
    assert small["default"]["most samples"] == 400
    assert least["default"]["buttons"]["add_layer"]
    assert least["default"]["buttons"]["remove_layer"]


def test_the_board_ends_at_the_limits(small, least):
    assert small["board"] == [2, 6, 4]
    assert least["board"] == [0, 1, 1]
    assert "hidden must be a tuple of 0 to 2 layers" in small["told"]
    assert "hidden must be a tuple of 0 to 2 layers" in small["brought"]


def test_a_lesson_that_is_too_large_is_not_offered_and_its_link_says_why(small, least):
    assert 0 < len(small["offered"]) < len(small["lessons"])
    assert "vanishing" not in small["offered"]
    opened = small["deep lesson"]
    assert opened["lesson"] == ""
    (notice,) = opened["notices"]
    assert f"“{LESSONS['vanishing'].title}” is too large for this server: hidden must be" in notice
    assert least["offered"] == []
    assert least["deep lesson"]["lesson"] == ""


def test_own_data_end_at_the_limit(small):
    assert small["table"] == "rows.csv has 59 rows, but the limit is 50"
    wanted = "rows of own data must be a whole number from 10 to 50, got 60"
    assert wanted in small["brought own"]
    assert small["point"] == "there are 60 points, and the limit is 50"


def test_a_link_of_another_playground_is_cut_down(small):
    assert small["tensorflow"] == [[6, 6]]


def test_experiments_end_at_the_limits(small):
    assert small["values"] == [[], [2], [4], [4, 4]]
    assert small["plan"] == "there may be at most 30 runs in all, got 40"


def test_what_is_switched_off_is_not_shown(small, least):
    assert small["points"]
    assert not least["points"]
    assert "own_data" in small["default"]["buttons"]
    assert "own_data" not in least["default"]["buttons"]
    assert "Many seeds" in small["default"]["views"]
    assert "Many seeds" not in least["default"]["views"]


def test_what_is_switched_off_is_said_to_be(least):
    (seeds,) = least["seeds"]["notices"]
    assert "“Many seeds” is switched off on this server" in seeds
    assert least["seeds"]["many"] is None
    (own,) = least["own"]["notices"]
    assert "Own data are switched off on this server" in own
    assert "own data are switched off on this server" in least["brought own"]
    assert least["point"] == "own data are switched off on this server"
