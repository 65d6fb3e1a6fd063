"""What a lesson is."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine import Spec

# what is said -> whether it holds; the words are those of the lesson, its numbers are measured
Statements = Mapping[str, bool]

WORDS_PER_MINUTE = 120  # read slowly: every other line is a formula
FRAMES_PER_MINUTE = 60 * 60
MINUTES_TO_LOOK = 1  # to guess, and to look around


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes:
        group: the group of lessons that it belongs to.
        title: its name in the list.
        text: what it is about, in Markdown with KaTeX.
        spec: the network that it opens.
        epochs: how long to play.
        question: to be answered before playing.
        options: possible answers.
        answer: index of the right one.
        explanation: what happened and why, to be read after playing.
        claim: (the run of `spec` after `epochs`, and that of `pinned` if there is one) -> what
            the lesson says of them, word for word, and whether it holds.
        pinned: run A, which plays beside; None for none.
        flow: key of `engine.history.FLOWS`: what the chart of the layers shows.
        speed: epochs per frame, one of `playground.board.start.SPEEDS`.
        view: key of `playground.inside.panel.VIEWS`: what is open below the board; "" for nothing.
    """

    group: str
    title: str
    text: str
    spec: Spec
    epochs: int
    question: str
    options: tuple[str, ...]
    answer: int
    explanation: str
    claim: Callable[..., Statements]
    pinned: Spec | None = None
    flow: str = "gradient_norms"
    speed: int = 1
    view: str = ""

    @property
    def specs(self) -> tuple[Spec, ...]:
        """Of all that it plays."""
        return (self.spec,) if self.pinned is None else (self.spec, self.pinned)

    @property
    def right(self) -> str:
        """The right option."""
        return self.options[self.answer]

    @property
    def minutes(self) -> int:
        """Minutes to read all of it, to look around, and to play it once."""
        words = " ".join([self.text, self.question, *self.options, self.explanation]).split()
        frames = self.epochs / self.speed
        reading, playing = len(words) / WORDS_PER_MINUTE, frames / FRAMES_PER_MINUTE
        return math.ceil(reading + playing + MINUTES_TO_LOOK)
