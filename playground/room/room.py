"""A room: who is in it, what the teacher has told the class, and what the class has answered.

Plain Python, without sockets, Streamlit or a clock: `line.py` delivers what is said here,
`store.py` keeps it. A room is a value: `to_dict` and `from_dict` carry it to another process.
"""

import secrets
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlencode

from playground.naming import setting_name

MOST_COLLECTED = 6  # tiles on every screen, to be discussed
LONGEST_NAME = 40  # letters of a student's name
BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters that nobody sees
MOST_MARKS = 2  # on one letter of it: as many as languages have

# attributes of a room that every screen shows
FOR_ALL = ("code", "mode", "paused", "follows", "names", "turn", "question", "collected")

Mode = Literal["wait", "follow", "play"]
Kind = Literal["free", "lesson", "experiment", "challenge"]
Fewest = Literal["parameters", "epochs"]

COLORS = ("Amber", "Blue", "Coral", "Golden", "Green", "Grey", "Red", "Silver", "Violet", "White")
ANIMALS = (
    *("Badger", "Beaver", "Crane", "Dolphin", "Eagle", "Falcon", "Fox", "Gecko", "Hare", "Heron"),
    *("Ibex", "Koala", "Lynx", "Marten", "Newt", "Otter", "Owl", "Panda", "Puffin", "Raven"),
    *("Robin", "Salmon", "Seal", "Swan", "Tiger", "Toad", "Turtle", "Walrus", "Wolf", "Wren"),
)


class RoomError(ValueError):
    """What somebody wants is not possible in this room; the words are for them."""


@dataclass(frozen=True)
class Names:
    """What is done with names: three switches of the teacher.

    Attributes:
        asked: whether students are asked for one.
        to_teacher: whether the teacher sees them.
        to_class: whether the class sees them, where the teacher shows something of a student.
    """

    asked: bool = True
    to_teacher: bool = True
    to_class: bool = False


@dataclass(frozen=True)
class Turn:
    """What the students are to play.

    Attributes:
        number: counts the turns of a room, from 1.
        kind: what it is for.
        query: of the link that each opens, without what is varied.
        title: in words, of the lesson or of the task.
        lock: names of the settings that may not be changed, as in a link's `lock`.
        hide: parts of the page that are not shown, as in a link's `hide`.
        varied: of an experiment, what each student gets one value of: setting and its values.
        epochs: of an experiment, after how many of them the losses are compared.
        goal: of a challenge, the test loss to be reached; 0 if it is none.
        fewest: of a challenge, what there should be few of.
    """

    number: int
    query: str
    kind: Kind = "free"
    title: str = ""
    lock: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    varied: tuple[tuple[str, tuple[str, ...]], ...] = ()
    epochs: int = 0
    goal: float = 0.0
    fewest: Fewest = "parameters"

    def values_of(self, seat: int) -> dict[str, str]:
        """What is varied, as this seat has it: one after the other, all combinations."""
        combinations = list(product(*(values for _, values in self.varied)))
        chosen = combinations[(seat - 1) % len(combinations)]
        return {setting: value for (setting, _), value in zip(self.varied, chosen, strict=True)}

    def query_of(self, seat: int) -> str:
        """The link's query of a seat."""
        query = dict(parse_qsl(self.query, keep_blank_values=True)) | self.values_of(seat)
        for name, chosen in (("lock", self.lock), ("hide", self.hide)):
            if chosen:
                query[name] = ",".join(chosen)
        return urlencode(query)


@dataclass(frozen=True)
class Question:
    """What everybody answers before anybody may play.

    Attributes:
        number: counts the questions of a room, from 1.
        text, options: as they are shown.
        right: index of the right option, None if nobody says which it is.
        shown: whether the class sees how it has answered.
    """

    number: int
    text: str
    options: tuple[str, ...]
    right: int | None = None
    shown: bool = False


@dataclass(frozen=True)
class Seat:
    """One student's place, which stays theirs over a reload.

    Attributes:
        number: counts the seats of a room, from 1; others may know it.
        secret: by which whoever sits there is known; nobody else knows it.
        name: as they have typed it, "" for none.
        answered: number of the question that they have answered last, and the index of the option.
    """

    number: int
    secret: str
    name: str = ""
    answered: tuple[int, int] | None = None

    @property
    def alias(self) -> str:
        """A name that says nothing of who it is; those of 300 seats differ."""
        lap, animal = divmod(self.number - 1, len(ANIMALS))
        return f"{COLORS[(lap + animal) % len(COLORS)]} {ANIMALS[animal % len(ANIMALS)]}"


@dataclass
class Room:
    """A class.

    Attributes:
        code: by which it is joined.
        key: the teacher's secret.
        places: how many seats there may be.
        seats: by their numbers.
        names: what is done with names.
        mode: whether the class waits, follows the teacher's board, or plays.
        paused: whether every board stands still.
        turn: what is to be played, None before the first.
        question: the one that is open, None for none.
        is_watched: whether the teacher looks at the tiles.
        collected: tiles on every screen, see `tiles.py`; empty for none.
        turns, questions: how many there have been.
        version: counts the changes.
    """

    code: str
    key: str
    places: int
    seats: dict[int, Seat] = field(default_factory=dict)
    names: Names = Names()
    mode: Mode = "wait"
    paused: bool = False
    turn: Turn | None = None
    question: Question | None = None
    is_watched: bool = False
    collected: tuple[Mapping[str, Any], ...] = ()
    follows: int = 0
    turns: int = 0
    questions: int = 0
    version: int = 0

    # what a student does

    def seat_of(self, secret: str) -> Seat | None:
        """The seat of whoever knows its secret."""
        for seat in self.seats.values():
            if secrets.compare_digest(seat.secret.encode(), secret.encode()):
                return seat
        return None

    def join(self, name: str = "") -> Seat:
        """Take a seat.

        Raises:
            RoomError: there is none.
        """
        if len(self.seats) >= self.places:
            raise RoomError(f"This room is full: all of its {self.places:,} seats are taken.")
        number = max(self.seats, default=0) + 1
        seat = Seat(number, secrets.token_urlsafe(16), self._name(name))
        self.seats[number] = seat
        return seat

    def rename(self, number: int, name: str) -> None:
        """Somebody says what they are called.

        Raises:
            RoomError: there is no such seat.
        """
        self.seats[number] = replace(self._seat(number), name=self._name(name))

    def answer(self, number: int, question: int, option: int) -> None:
        """Somebody answers; who has answered already may think again until the answers are shown.

        Raises:
            RoomError: there is no such seat, question or option.
        """
        asked = self.question
        if asked is None or asked.number != question:
            raise RoomError("That question is over.")
        if asked.shown:
            raise RoomError("The answers are on screen already.")
        if not 0 <= option < len(asked.options):
            raise RoomError(f"The question has {len(asked.options)} options, got {option}.")
        self.seats[number] = replace(self._seat(number), answered=(question, option))

    # what the teacher does

    def follow(self) -> None:
        """Every board shows the teacher's."""
        self.follows += 1
        self.mode, self.collected = "follow", ()

    def begin_turn(self, query: str, **more: Any) -> None:
        """Everybody plays. more: the other attributes of the `Turn`, but for its number."""
        self.turns += 1
        self.turn = Turn(self.turns, query, **more)
        self.mode, self.paused, self.collected = "play", False, ()

    def pause(self, *, paused: bool) -> None:
        """Let every board stand still, or go on."""
        self.paused = paused

    def ask(self, text: str, options: Sequence[str], right: int | None = None) -> None:
        """Put a question to everybody."""
        self.questions += 1
        self.question = Question(self.questions, text, tuple(options), right)

    def show_answers(self) -> None:
        """Let the class see how it has answered.

        Raises:
            RoomError: there is no question.
        """
        if self.question is None:
            raise RoomError("No question is open.")
        self.question = replace(self.question, shown=True)

    def end_question(self) -> None:
        """Go on."""
        self.question = None

    def watch(self, *, wanted: bool) -> None:
        """Look at the tiles, or no more."""
        self.is_watched = wanted

    def collect(self, tiles: Sequence[Mapping[str, Any]]) -> None:
        """Put tiles on every screen; none takes them away.

        Raises:
            RoomError: there are too many of them.
        """
        if len(tiles) > MOST_COLLECTED:
            raise RoomError(f"At most {MOST_COLLECTED} tiles can be collected, got {len(tiles)}.")
        self.collected = tuple(tiles)

    def set_names(self, names: Names) -> None:
        """Turn the three switches; names that are no longer asked for are forgotten."""
        self.names = names
        if not names.asked:
            self.seats = {number: replace(seat, name="") for number, seat in self.seats.items()}

    def remove(self, number: int) -> None:
        """Take somebody's seat away.

        Raises:
            RoomError: there is no such seat.
        """
        self._seat(number)
        del self.seats[number]

    # who sees what

    def for_teacher(self) -> dict[str, Any]:
        """What the teacher's screen shows of the room."""
        return self._shared() | {
            "seats": [
                {"number": seat.number, "name": self._to_teacher(seat), "alias": seat.alias}
                for seat in self.seats.values()
            ],
            "answers": self.answers(),
        }

    def for_seat(self, number: int) -> dict[str, Any]:
        """What a student's screen shows of it: nothing of others but what the teacher shows."""
        seat, question = self.seats[number], self.question
        mine = {"number": number, "name": seat.name, "alias": seat.alias, "answered": None}
        if question is not None and seat.answered and seat.answered[0] == question.number:
            mine["answered"] = seat.answered[1]
        shown = question is not None and question.shown
        shared = self._shared()
        if question is not None and not question.shown:
            shared["question"] = shared["question"] | {"right": None}
        if self.turn is not None:
            values = self.turn.values_of(number)
            shared["turn"] = shared["turn"] | {
                "query": self.turn.query_of(number),
                "values": values,
                "has": ", ".join(f"{setting_name(name)} = {each}" for name, each in values.items()),
            }
        return shared | {"me": mine, "answers": self.answers() if shown else None}

    def looks_as(self, other: "Room", number: int) -> bool:
        """Whether a student's screen shows of this room what it shows of another state of it."""
        if self.question is not None and self.question.shown:
            return False  # all seats have answered
        same = all(getattr(self, name) == getattr(other, name) for name in FOR_ALL)
        return same and self.seats.get(number) == other.seats.get(number)

    def shown_name(self, number: int) -> str:
        """What the class calls a student, where the teacher shows something of them."""
        seat = self.seats[number]
        return seat.name if self.names.to_class and seat.name else seat.alias

    def answers(self) -> list[int] | None:
        """How many have chosen each option; None without a question."""
        asked = self.question
        if asked is None:
            return None
        chosen = Counter(
            seat.answered[1]
            for seat in self.seats.values()
            if seat.answered and seat.answered[0] == asked.number
        )
        return [chosen[option] for option in range(len(asked.options))]

    def _shared(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "mode": self.mode,
            "paused": self.paused,
            "follows": self.follows,
            "names": asdict(self.names),
            "turn": None if self.turn is None else asdict(self.turn),
            "question": None if self.question is None else asdict(self.question),
            "collected": list(self.collected),
        }

    def _seat(self, number: int) -> Seat:
        if number not in self.seats:
            raise RoomError(f"There is no seat {number}.")
        return self.seats[number]

    def _to_teacher(self, seat: Seat) -> str:
        return seat.name if self.names.to_teacher else ""

    def _name(self, name: str) -> str:
        """A name as it is kept, or nothing where names are not asked for."""
        return plain_name(name) if self.names.asked else ""

    # as a value

    def copy(self) -> Self:
        """One that changes by itself; seats, turns and questions are never changed."""
        return replace(self, seats=dict(self.seats))

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        whole = dict(vars(self))  # asdict takes ten times as long for a large class
        whole["seats"] = {number: dict(vars(seat)) for number, seat in self.seats.items()}
        for part in ("names", "turn", "question"):
            whole[part] = None if whole[part] is None else asdict(whole[part])
        return whole

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """The room of what `to_dict` has made, also after JSON."""
        values = dict(found)
        values["names"] = Names(**values["names"])
        values["seats"] = {int(number): _seat(seat) for number, seat in values["seats"].items()}
        values["collected"] = tuple(values["collected"])
        if values["turn"] is not None:
            values["turn"] = _turn(values["turn"])
        if values["question"] is not None:
            question = values["question"]
            values["question"] = Question(**question | {"options": tuple(question["options"])})
        return cls(**values)


def plain_name(name: str) -> str:
    """A name as one line of text that stays in it.

    What can't be seen is left out, what turns the direction of others with it, and marks that pile
    up on a letter.
    """
    letters, marks = [], MOST_MARKS
    for letter in unicodedata.normalize("NFC", name):
        kind = unicodedata.category(letter)
        if not letter.isprintable() or letter.isspace() or letter in BLANK:
            marks = MOST_MARKS  # one needs a letter before it
            letters.append("" if kind == "Cf" else " ")
            continue
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            letters.append(letter)
    return " ".join("".join(letters).split())[:LONGEST_NAME].rstrip()


def _seat(found: Mapping[str, Any]) -> Seat:
    answered = found["answered"]
    return Seat(**dict(found) | {"answered": None if answered is None else tuple(answered)})


def _turn(found: Mapping[str, Any]) -> Turn:
    lists = {name: tuple(found[name]) for name in ("lock", "hide")}
    varied = tuple((setting, tuple(values)) for setting, values in found["varied"])
    return Turn(**dict(found) | lists | {"varied": varied})
