"""What docs/teaching.md says: its links open, its minutes add up, its numbers are measured."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from engine import Run
from playground.restrictions import LOCKABLE, PARTS, restrictions_of
from playground.room.results import MOST_BEST
from playground.room.room import MOST_COLLECTED
from playground.server.config import Config
from playground.share import from_query, moment_of

TEXT = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
PROSE = " ".join(TEXT.split())


@dataclass(frozen=True)
class Step:
    """A row of a plan.

    Attributes:
        minutes: when it begins and ends.
        what: what the teacher does, in Markdown.
        link: to be opened first, "" for none.
    """

    minutes: tuple[int, int]
    what: str
    link: str

    @property
    def pressed(self) -> list[str]:
        """The buttons, in order."""
        return re.findall(r"\*\*(.+?)\*\*", self.what)


def plans() -> dict[str, list[Step]]:
    """The steps of each plan, by its title."""
    found = {}
    for part in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]:
        title = part.splitlines()[0].split(": ", 1)[1]
        rows = re.findall(r"^\| (\d+)–(\d+) \| (.*?) \|(?: `(.*?)`)? \|$", part, re.MULTILINE)
        found[title] = [Step((int(a), int(b)), what, link) for a, b, what, link in rows]
    return found


PLANS = plans()


def opened(query: str):
    spec, notices = from_query(dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True)))
    assert notices == []
    return spec


@cache
def run(query: str, epochs: int) -> Run:
    made = Run(opened(query))
    made.advance(epochs)
    return made


def reached(query: str, goal: float, epochs: int = 300) -> int | None:
    """The first epoch with such a test loss."""
    losses = run(query, epochs).history.test_loss
    return next((epoch for epoch, loss in enumerate(losses) if loss <= goal), None)


def loss(query: str, epochs: int) -> float:
    return float(run(query, epochs).latest.test_loss)


def right(query: str, epochs: int) -> str:
    """Of the test points."""
    return f"{run(query, epochs).latest.test_accuracy:.0%}".replace("%", " %")


def circles(hidden: str) -> str:
    return f"dataset=circles&hidden={hidden}"


def parameters(query: str) -> int:
    return int(run(query, 0).network.parameters.size)


def line_is_not_enough() -> list[str]:
    said = [
        f"without a hidden layer the test loss stays at {loss(circles(''), 100):.3f}",
        f"{right(circles(''), 100)} of the test points are right after 100 epochs",
    ]
    for hidden, words in (("4", "4 units"), ("8", "8 units")):
        query = circles(hidden)
        said.append(f"{words} ({parameters(query)} parameters)")
        said.append(f"at epoch {reached(query, 0.3)}")
    assert reached(circles("3"), 0.3) is None
    assert parameters(circles("3")) == 13
    two = circles("3,2")
    said.append(
        f"3 and 2 units ({parameters(two)} parameters) are there at epoch {reached(two, 0.3)}"
    )
    squares = circles("&features=x1_squared,x2_squared")
    said.append(f"{parameters(squares)} parameters reach it at epoch {reached(squares, 0.3)}")
    return said


def learning_rate() -> list[str]:
    def at(rate: str, seed: int = 0) -> float:
        return loss(f"dataset=moons&learning_rate={rate}&weight_seed={seed}", 30)

    losses = {rate: [at(rate, seed) for seed in range(5)] for rate in ("0.3", "10")}
    assert at("0.3") < min(at(rate) for rate in ("0.001", "0.01", "0.1", "1", "3", "10"))
    return [
        f"{at('0.001'):.2f} at a learning rate of 0.001, {at('0.01'):.2f} at 0.01, "
        f"{at('0.1'):.2f} at 0.1 and {at('0.3'):.2g} at 0.3; at 10 it is {at('10'):.1f}",
        f"between {min(losses['0.3']):.2g} and {max(losses['0.3']):.2g} at 0.3, and between "
        f"{min(losses['10']):.2g} and {max(losses['10']):.2g} at 10",
    ]


def deep() -> list[str]:
    def at(activation: str) -> list[float]:
        layers = ("8", "8,8,8", "8,8,8,8,8,8")
        return [loss(f"hidden={each}&activation={activation}", 100) for each in layers]

    (one, three, six), relu = at("sigmoid"), at("relu")
    first = run("lesson=vanishing", 0).history.gradient_norms[0][0]
    return [
        f"six sigmoid layers get {right('lesson=vanishing', 200)} of the test points right",
        f"the gradient of the first layer is {first:.6f} in the beginning",
        f"{one:.2f} with one hidden layer, {three:.2f} with three and {six:.2f} with six",
        f"ReLU has {relu[0]:.2g}, {relu[1]:.2g} and {relu[2]:.2g}",
        f"What mends it gets {right('lesson=mending', 200)} of the test points right",
    ]


@pytest.mark.parametrize("claim", [line_is_not_enough, learning_rate, deep])
def test_what_students_will_see_is_measured(claim):
    for words in claim():
        assert words in PROSE


def test_there_are_three_plans_of_45_minutes():
    assert len(PLANS) == 3
    for steps in PLANS.values():
        times = [step.minutes for step in steps]
        assert times[0][0] == 0
        assert times[-1][1] == 45
        assert [end for _, end in times[:-1]] == [begin for begin, _ in times[1:]]


def test_every_link_opens_what_it_says():
    links = re.findall(r"`\?([^`]+)`", TEXT)
    assert len(links) >= 9
    for link in links:
        query = dict(parse_qsl(link, keep_blank_values=True))
        opened(link)
        assert moment_of(query, ())[1] == restrictions_of(query)[1] == []


def test_all_that_can_be_hidden_is_in_the_list():
    (listed,) = re.findall(r"`hide=keep,compare`: (.*?)\n- ", TEXT, re.DOTALL)
    assert re.findall(r"`(\w+)`", listed) == [
        *("controls", "lessons", "keep", "network", "region", "loss", "gradients", "timeline"),
        *("inside", "compare", "teach"),
    ]
    assert {*re.findall(r"`(\w+)`", listed)} == set(PARTS)
    assert "parameters" in LOCKABLE


def test_limits_are_those_of_the_rooms():
    assert f"It has {Config().room_seats} seats" in PROSE
    assert Config().room_minutes == 60  # “an hour”
    assert MOST_COLLECTED == 6  # “up to six tiles”
    assert MOST_BEST == 5  # “the best five”
