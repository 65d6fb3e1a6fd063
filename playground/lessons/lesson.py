"""What a lesson is."""

from collections.abc import Callable
from dataclasses import dataclass

from engine import Run, Spec


@dataclass(frozen=True)
class Lesson:
    """One lesson.

    Attributes:
        title: what people see in the list.
        text: what it is about, in Markdown with KaTeX.
        spec: the network that it opens.
        epochs: how long to play.
        question: to be answered before playing.
        options: possible answers.
        answer: index of the right one.
        explanation: what happened and why, to be read after playing.
        claim: whether a run of `spec`, after `epochs`, shows what text and explanation say.
    """

    title: str
    text: str
    spec: Spec
    epochs: int
    question: str
    options: tuple[str, ...]
    answer: int
    explanation: str
    claim: Callable[[Run], bool]
    group: str = ""
    minutes: int = 0
