"""Small pictures to choose by: each dataset and each lesson has one that shows what it names."""

import io

import numpy as np
import pytest
from PIL import Image
from starlette.requests import Request

from engine.datasets import DATASETS
from playground import pictures
from playground.lessons import LESSONS
from tests.playground.serving import run_apart


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


@pytest.mark.parametrize("name", LESSONS)
def test_the_picture_of_a_lesson_is_of_the_run_that_it_has_now(name):
    """Where this fails, `python -m playground.pictures` makes them anew."""
    kept = pictures.load()[f"lesson-{name}.png"]
    assert pictures.signature_of(kept) == pictures.signature(LESSONS[name])


def test_what_is_kept_is_what_would_be_drawn():
    drawn = pixels(pictures.lesson_picture(LESSONS["xor"]))
    kept = pixels(pictures.load()["lesson-xor.png"])
    # the last digits of a run, and so a few pixels, differ from machine to machine
    assert np.mean(np.abs(drawn.astype(int) - kept).max(axis=2) > 32) < 0.02


def test_no_two_datasets_look_alike():
    drawn = {name: pixels(pictures.dataset_picture(name)) for name in DATASETS}
    for name, picture in drawn.items():
        assert 0.03 < np.mean(picture[..., 3] > 128) < 0.9
        assert not any(np.array_equal(picture, drawn[other]) for other in drawn if other != name)


@pytest.mark.parametrize("name", ["lesson-cooking.png", "../pictures.py", "dataset-xor"])
def test_nothing_else_is_served(name):
    assert status(name) == 404


def test_they_are_served_for_ever():
    name = pictures.dataset_address("spirals").rsplit("/", 1)[1]
    assert status(name) == 200
    assert status(name, digest="0") == 404  # of another version


def status(name: str, digest: str = "") -> int:
    """What the server answers."""
    (route,) = pictures.routes()
    known = pictures.dataset_address("xor").split("/")[-2]
    request = Request({"type": "http", "path_params": {"name": name, "digest": digest or known}})
    answer = run_apart(route.endpoint(request))
    if answer.status_code == 200:
        assert answer.media_type == "image/png"
        assert "immutable" in answer.headers["cache-control"]
    return answer.status_code
