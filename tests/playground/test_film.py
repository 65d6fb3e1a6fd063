"""Pictures and films of a run, made without a browser; `tests/browser` plays the HTML file."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.text import Text
from PIL import Image

from engine import Run, Spec
from playground.board.pinned import Pin
from playground.export import gif, html_player, picture, png
from playground.export.stops import stops_of
from playground.own_data import edit

SMALL = Spec(samples=60, hidden=(4,))
OWN = edit.taken_over(Run(SMALL))
SPECS = {
    "moons": SMALL,
    "no hidden layer": replace(SMALL, hidden=()),
    "five classes": replace(SMALL, dataset="blobs", classes=5),
    "hills": replace(SMALL, dataset="hills"),
    "a curve": replace(SMALL, dataset="curve"),
    "deep": replace(SMALL, hidden=(16,) * 6),
    "zeros": replace(SMALL, initializer="zeros"),
    "own": replace(SMALL, own=replace(OWN, columns=("$a$ <b>", "%"), name="$x_1$")),
}


def trained(spec: Spec = SMALL, epochs: int = 12) -> Run:
    run = Run(spec)
    run.advance(epochs)
    return run


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_stops_are_spread_evenly_from_the_beginning_to_the_present():
    assert stops_of(Run(SMALL), 60) == [0]
    assert stops_of(trained(epochs=3), 60) == [0, 1, 2, 3]
    assert stops_of(trained(epochs=100), 5) == [0, 25, 50, 75, 100]
    run = trained(epochs=2)
    run.advance_batch()
    assert stops_of(run, 60) == [0, 1, 2, run.position]


@pytest.mark.parametrize("name", SPECS)
def test_every_kind_of_run_has_a_picture(name):
    image = opened(png(trained(SPECS[name])))
    assert image.size == (1800, 1125)
    assert len(image.convert("RGB").getcolors(maxcolors=image.width * image.height)) > 100


def test_a_film_is_the_run_from_its_beginning_with_its_live_changes():
    run = trained(epochs=5)
    run.change("learning_rate", 1.0)
    run.advance(7)
    film = opened(gif(run))
    assert (film.n_frames, film.size) == (13, (900, 562))
    frames = []
    for number in (0, 5, 12):
        film.seek(number)
        frames.append(np.asarray(film.convert("RGB")).astype(int))
    assert film.info["duration"] == picture.MILLISECONDS_AT_THE_END
    still = picture.Drawing(run)
    frame = still.film()
    still.show(run)
    last = frame()
    # the same picture but for the colours that a GIF has not
    assert np.abs(frames[-1] - np.asarray(last)).mean() < 4
    for earlier in frames[:2]:
        assert np.abs(earlier - frames[-1]).mean() > 4


def test_no_film_flashes_more_than_three_times_a_second():
    """A flash is two changes, however different the frames are: WCAG 2.2, 2.3.1."""
    film = opened(gif(trained(epochs=3)))
    assert film.info["duration"] > 1000 / 6


def test_a_film_of_a_long_run_has_no_more_frames_than_any(monkeypatch):
    monkeypatch.setattr(picture, "MOST_FRAMES", 10)
    assert opened(gif(trained(epochs=50))).n_frames == 10


def test_the_html_file_asks_for_nothing():
    page = html_player(trained(), Pin(replace(SMALL, activation="relu")))
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    assert "{{" not in page.split('id="plotly"')[0]
    assert "Moons, samples 60, hidden layers 4, epoch 12" in page


def test_a_persons_words_are_no_markup_in_the_html_file():
    spec = replace(SMALL, own=replace(OWN, name="</p><script>alert(1)</script>"))
    assert "<script>alert(1)" not in html_player(trained(spec))


def texts(run: Run) -> set[str]:
    """Every word in the picture of a run."""
    figure = picture.Drawing(run).figure
    return {text.get_text() for text in figure.findobj(Text)}


def test_the_panels_and_their_legends_say_what_the_board_says():
    titles = {"Network", "Decision regions", "Loss", "Gradient size per layer"}
    assert titles | {"training", "test", "class 0", "class 1", "hidden 1", "output"} <= texts(
        trained()
    )
    assert {"Predicted value", "-1", "1"} <= texts(trained(SPECS["hills"]))
    assert {"Fitted curve", "what the network\npredicts"} <= texts(trained(SPECS["a curve"]))


@pytest.mark.parametrize("name", SPECS)
def test_every_word_is_inside_the_picture(name):
    drawing = picture.Drawing(trained(SPECS[name]))
    canvas = FigureCanvasAgg(drawing.figure)
    canvas.draw()
    width, height = canvas.get_width_height()
    for axes in drawing.figure.axes:
        legend = axes.get_legend()
        if legend is not None:
            box = legend.get_window_extent()
            assert 0 < box.x0 < box.x1 < width
            assert 0 < box.y0 < box.y1 < height


def test_the_fitted_curve_lies_in_front_of_the_points():
    """In the still picture by its order, in the film by the order of what is drawn anew."""
    drawing = picture.Drawing(trained(SPECS["a curve"]))
    (region,) = (axes for axes in drawing.figure.axes if axes.get_ylabel() == "y")
    (line,) = (one for one in region.collections if isinstance(one, LineCollection))
    points = [one for one in region.collections if one is not line]
    assert line.zorder > max(one.zorder for one in points)
    order = drawing._moving
    assert order.index(line) > max(map(order.index, points))
