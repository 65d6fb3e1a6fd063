"""What belongs to one person, and outlives a run of the page's script."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

from engine import OwnData, Spec
from playground.board.stream import Stream
from playground.experiments.job import Job
from playground.export.files import Weights
from playground.export.making import Making
from playground.own_data.table import Choice, Table
from playground.restrictions import Restrictions


@dataclass
class Visit:
    """One person's visit.

    Attributes:
        stream: the run on screen; its Spec is the visit's.
        query: the link's query as this visit last read or wrote it.
        kept: the part of that query which stays in the address, see `share.kept_of`.
        restrictions: what the link takes off the page.
        notices: what the person should know about what was just opened.
        chosen: settings that the person has chosen: no dataset brings others along.
        brought: the setting that has brought others along last, and which, in words.
        lesson: the open lesson, "" for none.
        lesson_played: whether it was played to its end, whatever happened to the run since.
        lesson_done: whether its explanation is shown.
        lessons_done: the lessons that were played and explained, in this visit.
        shows_lessons: whether the gallery of lessons is open.
        plays: whether the board is to play by itself when it opens.
        presents: whether it is to fill the screen then, for a projector.
        teaches: how often a room was asked for.
        own: the newest data that the person brought, shown or not.
        own_before: what was shown before each point that was added, None being the toy dataset.
        brings_data: whether the dialog of own data is open.
        draft: the table in the dialog of own data, and which of its columns are suggested.
        drafts: counts them.
        complaint: why the newest file can't be used, "" if it can.
        many: what is shown about many runs, None for nothing.
        job: the newest experiment.
        making: the newest file that takes a while, until it has been saved.
        offered: weights of another kind of network, about which the person is asked.
    """

    stream: Stream
    query: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    restrictions: Restrictions = field(default_factory=Restrictions)
    notices: list[str] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)
    brought: tuple[str, str] = ("", "")
    lesson: str = ""
    lesson_played: bool = False
    lesson_done: bool = False
    lessons_done: set[str] = field(default_factory=set)
    shows_lessons: bool = False
    plays: bool = False
    presents: bool = False
    teaches: int = 0
    own: OwnData | None = None
    own_before: list[OwnData | None] = field(default_factory=list)
    brings_data: bool = False
    draft: tuple[Table, Choice] | None = None
    drafts: int = 0
    complaint: str = ""
    many: str | None = None
    job: Job | None = None
    making: Making | None = None
    offered: Weights | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was asked for yet, by a link or by hand."""
        asked = self.chosen or self.lesson or self.teaches
        return self.query == self.kept and not asked

    @property
    def spec(self) -> Spec:
        """Of the run on screen, live changes included."""
        return self.stream.spec


def is_wanted_by(visit: Visit, seconds: float) -> Callable[[], bool]:
    """Whether a visit is still open: not after it begins again, nor long after its tab closes.

    seconds: in which whoever has closed the tab, or lost the connection, may come back.
    """
    there = weakref.ref(visit)

    def is_wanted() -> bool:
        now = there()
        return now is not None and now.stream.contact.deserted_for < seconds

    return is_wanted
