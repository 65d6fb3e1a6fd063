"""Files that take a while: made by a thread, watched, cancelled, kept within limits."""

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import Run, Spec
from playground.board.pinned import Pin
from playground.board.request import Request
from playground.export import gif, gif_steps, html_steps, making, png_steps
from playground.export.making import SECONDS_TO_FETCH, Making
from playground.export.steps import Steps
from playground.server.config import Config
from playground.server.turns import Account, Turns

SMALL = Spec(samples=60, hidden=(4,))


class Work:
    """Four epochs, of which each waits to be let through; then a file."""

    def __init__(self, content: bytes = b"film") -> None:
        self.content = content
        self.begun = [threading.Event() for _ in range(4)]
        self.let_through = [threading.Event() for _ in range(4)]
        self.is_closed = False

    def steps(self) -> Steps:
        try:
            for step in range(4):
                self.begun[step].set()
                self.let_through[step].wait()
                yield step + 1.0
        finally:
            self.is_closed = True
        return self.content

    def let_all_through(self) -> None:
        for event in self.let_through:
            event.set()

    def making(self, **more) -> Making:
        return Making("film (GIF)", "mlp.gif", lambda: (self.steps(), 4), **more)


@pytest.fixture(autouse=True)
def places(monkeypatch) -> threading.Semaphore:
    """Of a server that makes one file at a time."""
    one = threading.Semaphore(1)
    monkeypatch.setattr(making, "_places", lambda: one)
    return one


@pytest.fixture
def work() -> Iterator[Work]:
    """No thread is left over, whatever fails."""
    work = Work()
    yield work
    work.let_all_through()


def limits(monkeypatch, **settings) -> None:
    monkeypatch.setattr(making, "config", lambda: Config(**settings))


def test_progress_is_the_share_of_the_epochs_and_at_the_end_there_is_the_file(work):
    film = work.making()
    seen = []
    for step in range(4):
        work.begun[step].wait()
        seen.append((film.state, film.epoch, film.progress, film.content))
        work.let_through[step].set()
    film.join()
    assert seen == [("running", epoch, epoch / 4, b"") for epoch in range(4)]
    assert (film.state, film.progress, film.content, film.error) == ("done", 1.0, b"film", "")
    film.cancel()  # too late
    assert (film.state, film.content) == ("done", b"film")


def test_a_file_that_is_cancelled_ends_with_the_step_under_way(work):
    film = work.making()
    work.let_through[0].set()
    work.begun[1].wait()
    film.cancel()
    assert film.state == "cancelled"
    work.let_through[1].set()
    film.join()
    assert not work.begun[2].is_set()
    assert work.is_closed
    assert (film.state, film.content) == ("cancelled", b"")


def test_others_wait_until_a_file_is_made(work):
    other = Work()
    other.let_all_through()
    first = work.making()
    work.begun[0].wait()
    second = other.making()
    assert (first.state, second.state) == ("running", "waiting")
    assert second.is_active
    work.let_all_through()
    second.join()
    assert (first.state, second.state) == ("done", "done")


def test_a_file_that_is_cancelled_while_it_waits_is_never_begun(work):
    first = work.making()
    work.begun[0].wait()
    other = Work()
    second = other.making()
    second.cancel()
    work.let_all_through()
    second.join()
    assert second.state == "cancelled"
    assert not other.begun[0].is_set()
    assert first.state == "done"


@pytest.mark.parametrize("ending", ["cancelled", "failed"])
def test_whatever_the_end_of_a_file_the_next_has_its_turn(work, ending):
    def failing() -> Steps:
        yield 1.0
        raise OSError

    if ending == "failed":
        first = Making("film (GIF)", "mlp.gif", lambda: (failing(), 4))
    else:
        first = work.making()
        work.begun[0].wait()
        first.cancel()
        work.let_all_through()
    first.join()
    assert first.state == ending
    other = Work()
    other.let_all_through()
    second = other.making()
    second.join()
    assert second.state == "done"


def test_a_file_that_nobody_wants_any_more_is_given_up(work):
    work.let_all_through()
    wanted = iter([True, False])
    film = work.making(is_wanted=lambda: next(wanted))
    film.join()
    assert (film.state, film.epoch) == ("cancelled", 2)
    assert work.is_closed


def test_a_file_that_takes_too_long_is_refused_by_the_name_of_the_limit(work, monkeypatch):
    limits(monkeypatch, film_seconds=0.0)
    work.let_all_through()
    film = work.making()
    film.join()
    assert (film.state, film.epoch, film.content) == ("failed", 1, b"")
    assert film.error == (
        "The film (GIF) can't be made: it takes longer than the 0 seconds that this server allows "
        "(MLP_FILM_SECONDS). An earlier epoch or a smaller network takes less."
    )


def test_a_file_that_is_too_large_is_refused_by_the_name_of_the_limit(monkeypatch):
    limits(monkeypatch, megabytes_per_visit=8)
    found = {}
    for size in (8_000_000, 8_100_000):
        work = Work(bytes(size))
        work.let_all_through()
        found[size] = work.making()
        found[size].join()
    assert len(found[8_000_000].content) == 8_000_000
    refused = found[8_100_000]
    assert (refused.state, refused.content) == ("failed", b"")
    assert refused.error == (
        "The film (GIF) can't be made: it has 8.1 megabytes, and this server keeps 8 for a visit "
        "(MLP_MEGABYTES_PER_VISIT)."
    )


def test_a_failure_is_told_plainly_and_logged_with_all_its_words(caplog):
    def steps() -> Steps:
        yield 0.0
        raise OSError("no space left at /somewhere")

    film = Making("film (HTML)", "mlp.html", lambda: (steps(), 4))
    film.join()
    assert film.state == "failed"
    assert film.error == "Something went wrong in the playground while it made the film (HTML)."
    assert "mlp.html could not be made" in caplog.text
    assert "no space left at /somewhere" in caplog.text


def test_each_step_takes_a_turn_with_all_that_is_computed(work, monkeypatch):
    """Between two steps others can compute, also those who have had no turn for long."""
    one = Turns(seats=1)
    monkeypatch.setattr(making, "turns", lambda: one)
    board = Account()
    film = work.making()
    work.begun[0].wait()
    has_turn, done = threading.Event(), threading.Event()

    def answer() -> None:
        with one.turn(board):
            has_turn.set()
            done.wait()

    threading.Thread(target=answer, daemon=True).start()
    while not one._waiting:
        assert not has_turn.is_set()
    work.let_through[0].set()
    has_turn.wait()
    assert (film.epoch, work.begun[1].is_set()) == (1, False)
    done.set()
    work.let_all_through()
    film.join()
    assert film.state == "done"


def test_the_file_is_over_when_the_browser_has_had_time_to_fetch_it(work, monkeypatch):
    work.let_all_through()
    film = work.making()
    film.join()
    assert not film.is_saved
    assert not film.is_over
    film.note_saved()
    assert film.is_saved
    assert not film.is_over
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + SECONDS_TO_FETCH + 1)
    assert film.is_over


def trained() -> Run:
    """With a live change, and mid-epoch."""
    run = Run(SMALL)
    run.advance(3)
    run.change("learning_rate", 0.5)
    run.advance(4)
    run.advance_batch()
    return run


@pytest.mark.parametrize(
    "make", [gif_steps, lambda run: html_steps(run, Pin(replace(SMALL, activation="relu")))]
)
def test_each_epoch_of_a_film_is_a_step(make):
    """However few of them are frames: progress is even, and there is time for others between."""
    run = trained()
    positions = list(make(run))
    assert positions == sorted(positions)
    assert {*range(1, 8), run.position} <= set(positions)
    assert positions[-1] == run.position


def test_a_film_with_few_frames_is_trained_epoch_by_epoch(monkeypatch):
    for make in (gif_steps, html_steps):
        monkeypatch.setattr(sys.modules[make.__module__], "MOST_FRAMES", 2)
        assert set(range(1, 8)) <= set(make(trained()))


def test_films_made_side_by_side_are_those_that_are_made_alone(monkeypatch):
    three = threading.Semaphore(3)
    monkeypatch.setattr(making, "_places", lambda: three)
    runs = [trained(), Run(replace(SMALL, dataset="hills"))]
    runs[1].advance(6)

    def film_of(run: Run) -> Making:
        return Making("film (GIF)", "mlp.gif", lambda: (gif_steps(run), run.position))

    films = [film_of(run) for run in runs]
    picture = Making("picture (PNG)", "mlp.png", lambda: (png_steps(runs[0]), 0))
    for one in (*films, picture):
        one.join()
        assert one.state == "done", one.error
    assert [film.content for film in films] == [gif(run) for run in runs]


APP = Path(__file__).parents[2] / "playground" / "main.py"
LABELS = ["Picture (PNG)", "Film (GIF)", "Film (HTML)"]


@pytest.fixture
def app() -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params.update({"samples": "60", "hidden": "4"})
    return app.run()


def to_make(app: AppTest) -> dict[str, bool]:
    """The buttons that make a file, and whether each can be used."""
    return {button.label: not button.disabled for button in app.button if button.label in LABELS}


def said(app: AppTest) -> str:
    """What the page says of a file that is made."""
    assert not app.exception
    bars = [bar.proto.text for bar in app.get("progress")]
    captions = [caption.value for caption in app.caption if "picture (" in caption.value]
    return "".join([*bars, *captions, *(error.value for error in app.error)])


def to_save(app: AppTest) -> list[str]:
    """The button that saves what has been made, if there is one."""
    buttons = [button.proto.label for button in app.get("download_button")]
    return [label for label in buttons if label.startswith("Save the")]


def test_one_file_is_made_at_a_time_and_then_there_is_a_button_that_saves_it(app, places):
    assert to_make(app) == dict.fromkeys(LABELS, True)
    with places:  # another visitor's
        app.button("make_mlp.png").click().run()
        assert said(app) == "Waiting for other visitors’ files"
        assert to_make(app) == dict.fromkeys(LABELS, False)
        picture = app.session_state["visit"].making
    picture.join()
    app.run()
    assert to_make(app) == dict.fromkeys(LABELS, True)
    assert to_save(app) == [f"Save the picture (PNG), {len(picture.content) / 1000:.0f} kB"]
    picture.note_saved()
    app.run()
    assert len(to_save(app)) == 1
    with pytest.MonkeyPatch.context() as later:
        later.setattr(making, "SECONDS_TO_FETCH", -1.0)
        app.run()
    assert to_save(app) == []
    assert app.session_state["visit"].making is None


def test_a_file_is_cancelled_and_another_can_be_made(app, places):
    with places:
        app.button("make_mlp.png").click().run()
        app.button("make_cancel").click().run()
        assert said(app) == "The picture (PNG) was cancelled."
        assert to_make(app) == dict.fromkeys(LABELS, True)
        app.button("make_mlp.gif").click().run()
        assert said(app) == "Waiting for other visitors’ files"
    app.session_state["visit"].making.join()
    assert app.session_state["visit"].making.state == "done"


def test_the_page_says_how_far_a_film_is(app, work):
    app.session_state["visit"].making = work.making()
    work.let_through[0].set()
    work.begun[1].wait()
    app.run()
    assert said(app) == "Making the film (GIF): epoch 1 of 4"


def test_a_film_that_is_refused_says_why(app, monkeypatch):
    limits(monkeypatch, film_seconds=0.0)
    app.button("make_mlp.gif").click().run()
    app.session_state["visit"].making.join()
    app.run()
    assert "(MLP_FILM_SECONDS)" in said(app)
    assert to_make(app) == dict.fromkeys(LABELS, True)


def test_where_films_are_off_there_is_a_picture_alone(app, monkeypatch):
    monkeypatch.setattr("playground.export.panel.config", lambda: Config(films=False))
    app.run()
    assert to_make(app) == {"Picture (PNG)": True}


def test_a_film_is_of_the_run_on_screen_when_it_was_asked_for(app, places):
    stream = app.session_state["visit"].stream
    stream.answer(Request(run=stream.run_id, frames=5))
    stream.look(stream.run_id, 3)
    with places:
        app.button("make_mlp.gif").click().run()
        stream.look(stream.run_id, 5)
        film = app.session_state["visit"].making
    film.join()
    run = Run(stream.spec)
    run.advance(3)
    assert (film.last, film.content == gif(run)) == (3, True)


def test_a_run_that_is_put_away_is_made_again_by_the_thread_of_the_film(app, places):
    stream = app.session_state["visit"].stream
    stream.answer(Request(run=stream.run_id, frames=5))
    stream.look(stream.run_id, 3)
    assert stream.put_away()
    with places:
        app.button("make_mlp.gif").click().run()
        assert not stream.is_made  # the page has not waited for it
        film = app.session_state["visit"].making
    film.join()
    run = Run(stream.spec)
    run.advance(3)
    assert (film.last, film.content == gif(run)) == (3, True)
