"""What a line of a room brings, read strictly: it comes from outside."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from engine.spec import check_number, shown
from playground import share
from playground.board.stopping import MAX_EPOCHS
from playground.board.told import read_moment, read_sample
from playground.lessons import LESSONS, OFFERED
from playground.room.offers import plain
from playground.room.room import LONGEST_NAME, MOST_COLLECTED, Names, Room

LONGEST_SECRET = 64  # letters
LONGEST_QUERY = 4_000
LONGEST_TEXT = 500  # of a question
LONGEST_OPTION = 120
OPTIONS = (2, 6)
LONGEST_TITLE = 200
MOST_VALUES = 20  # of a setting that an experiment varies
MOST_VARIED = 2  # settings of an experiment
COUNTS = (0, 2**31)
GOALS = (0.0, 1e6)  # a test loss to be reached
STATES = ("paused", "playing", "diverged", "finished")  # of a board
MOST_PREDICTED = 20  # outputs of a network
LONGEST_VIEW = 20  # letters of what a part of the page is called in a link

Change = Callable[[Room], None]


def read_text(name: str, value: Any, longest: int, *, least: int = 0) -> str:
    """A text of limited length.

    Raises:
        ValueError: it is something else, or too long.
    """
    if not isinstance(value, str) or not least <= len(value) <= longest:
        raise ValueError(f"{name} must be text of {least} to {longest} letters, got {shown(value)}")
    return value


def read_texts(
    name: str, value: Any, most: int, longest: int, *, least: int = 0
) -> tuple[str, ...]:
    """A list of texts.

    Raises:
        ValueError: it is something else, or too long.
    """
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise ValueError(f"{name} must be a list of {least} to {most} texts, got {shown(value)}")
    return tuple(read_text(name, each, longest, least=1) for each in value)


def read_flag(name: str, value: Any) -> bool:
    """True or false.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, got {shown(value)}")
    return value


def read_name(value: Any) -> str:
    """A student's name.

    Raises:
        ValueError: it is none.
    """
    return read_text("name", value, LONGEST_NAME)


def read_seats(value: Any) -> list[int]:
    """The seats whose tiles are to be collected.

    Raises:
        ValueError: it is no list of numbers, or a long one.
    """
    if not isinstance(value, list) or len(value) > MOST_COLLECTED:
        raise ValueError(
            f"seats must be a list of {MOST_COLLECTED} numbers at most, got {shown(value)}"
        )
    return [int(check_number("seat", each, COUNTS)) for each in value]


@dataclass(frozen=True)
class OnScreen:
    """What is on the screen of a student's own board.

    Attributes:
        run: name of the run.
        epoch: of the picture.
        state: of the board.
    """

    run: str
    epoch: float
    state: str


def read_on_screen(value: Any) -> OnScreen:
    """What a student's board tells of itself.

    Raises:
        ValueError: it has another form, or a value out of range.
    """
    return OnScreen(*read_moment(value), _state(value.get("state")))


def _state(value: Any) -> str:
    if value not in STATES:
        raise ValueError(f"state must be one of {', '.join(STATES)}, got {shown(value)}")
    return str(value)


@dataclass(frozen=True)
class Shown:
    """What is on the screen of a teacher's board.

    Attributes:
        run: name of the run.
        epoch: of the picture.
        state: of the board.
        past: epoch of the present, if the picture is one of the past; None if it is the present.
        point: what is pointed at or picked: `unit`, `weight`, `place` and `card`, those that are.
        beside: what is open beside the board: `lesson`, `explained`, `view`, and the `weight` or
            the `sample` that is explained; those that are.
    """

    run: str
    epoch: float
    state: str
    past: float | None
    point: Mapping[str, Any]
    beside: Mapping[str, Any]

    @property
    def present(self) -> float:
        """Epoch of the present."""
        return self.epoch if self.past is None else self.past


def read_shown(value: Any) -> Shown:
    """What the teacher's board tells of itself.

    Raises:
        ValueError: it has another form, or a value out of range.
    """
    run, epoch = read_moment(value)
    state, past = _state(value.get("state")), value.get("past")
    if past is not None:
        past = check_number("past", past, (epoch, float(MAX_EPOCHS)))
    try:
        return Shown(
            run, epoch, state, past, _point(value.get("point")), _beside(value.get("beside"))
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"what is shown can't be understood: {shown(error)}") from None


def _point(value: Any) -> dict[str, Any]:
    """What is pointed at; it is for the students' boards, which have no such unit or do."""
    found, read = dict(value or {}), dict[str, Any]()
    if "unit" in found:
        unit = found["unit"]
        read["unit"] = {
            name: int(check_number(name, unit[name], COUNTS)) for name in ("layer", "unit")
        }
    if "weight" in found:
        read["weight"] = _weight(found["weight"])
    if "card" in found:
        read["card"] = _sample(found["card"])
    if "place" in found:
        read["place"] = _place(found["place"])
    return read


def _place(found: Any) -> dict[str, Any]:
    """A place of a picture, and what the network says there."""
    predicted, sample = found["predicted"], found.get("sample")
    if not isinstance(predicted, list) or len(predicted) > MOST_PREDICTED:
        raise ValueError(f"predicted must be a list of {MOST_PREDICTED} numbers at most")
    if sample is not None:
        right = sample["right"]
        sample = _sample(sample) | {
            "label": _number("label", sample["label"]),
            "loss": _number("loss", sample["loss"]),
            "right": None if right is None else read_flag("right", right),
        }
    return {
        "x": _number("x", found["x"]),
        "y": _number("y", found["y"]),
        "pinned": read_flag("pinned", found.get("pinned", False)),
        "predicted": [_number("predicted", each) for each in predicted],
        "sample": sample,
    }


def _beside(value: Any) -> dict[str, Any]:
    found, read = dict(value or {}), dict[str, Any]()
    lesson = found.get("lesson", "")
    if lesson:
        if not isinstance(lesson, str) or lesson not in LESSONS:
            raise ValueError(f"lesson must be the name of a lesson, got {shown(lesson)}")
        read["lesson"] = lesson
    if found.get("view", ""):
        read["view"] = read_text("view", found["view"], LONGEST_VIEW)
    read["explained"] = read_flag("explained", found.get("explained", False))
    if "weight" in found:
        read["weight"] = _weight(found["weight"])
    if "sample" in found:
        read["sample"] = _sample(found["sample"])
    return read


def _weight(found: Any) -> dict[str, int | None]:
    """A weight, by its layer and its ends; a bias comes from nowhere."""
    return {
        end: None
        if (end, found[end]) == ("from", None)
        else int(check_number(end, found[end], COUNTS))
        for end in ("layer", "from", "to")
    }


def _sample(found: Any) -> dict[str, Any]:
    part, index = read_sample(found)
    return {"part": part, "index": index}


def _number(name: str, value: Any) -> float | None:
    """A finite number, or None."""
    if value is None:
        return None
    read = check_number(name, value, (-math.inf, math.inf))
    if not math.isfinite(read):
        raise ValueError(f"{name} must be finite, got {shown(value)}")
    return read


def read_command(found: Mapping[str, Any]) -> Change:
    """What the teacher wants of the room; of `collect`, `close` the line takes care itself.

    Raises:
        ValueError: it has another form, or a value out of range.
    """
    name = found.get("do")
    if not isinstance(name, str) or name not in COMMANDS:
        raise ValueError(f"do must be one of {', '.join(COMMANDS)}, got {shown(name)}")
    return COMMANDS[name](found)


def _follow(found: Mapping[str, Any]) -> Change:
    return Room.follow


def _turn(found: Mapping[str, Any]) -> Change:
    query, more = _query(found), _restrictions(found)
    lesson = share.lesson_of(dict(parse_qsl(query)))
    title = LESSONS[lesson].title if lesson else ""
    kind = "lesson" if lesson else "free"
    return lambda room: room.begin_turn(query, kind=kind, title=title, **more)


def _experiment(found: Mapping[str, Any]) -> Change:
    query, more = _query(found), _restrictions(found)
    varied = found.get("varied")
    if not isinstance(varied, dict) or not 1 <= len(varied) <= MOST_VARIED:
        raise ValueError(f"varied must have 1 to {MOST_VARIED} settings, got {shown(varied)}")
    base = dict(parse_qsl(query))
    more["varied"] = tuple((name, _values(base, name, each)) for name, each in varied.items())
    more["epochs"] = int(check_number("epochs", found.get("epochs"), (1, MAX_EPOCHS)))
    more["title"] = read_text("title", found.get("title", ""), LONGEST_TITLE)
    return lambda room: room.begin_turn(query, kind="experiment", **more)


def _challenge(found: Mapping[str, Any]) -> Change:
    query, more = _query(found), _restrictions(found)
    more["goal"] = check_number("goal", found.get("goal"), GOALS)
    more["fewest"] = found.get("fewest")
    if more["fewest"] not in ("parameters", "epochs"):
        raise ValueError(f"fewest must be parameters or epochs, got {shown(more['fewest'])}")
    more["title"] = read_text("title", found.get("title", ""), LONGEST_TITLE)
    return lambda room: room.begin_turn(query, kind="challenge", **more)


def _pause(found: Mapping[str, Any]) -> Change:
    paused = read_flag("paused", found.get("paused"))
    return lambda room: room.pause(paused=paused)


def _ask(found: Mapping[str, Any]) -> Change:
    if "lesson" in found:
        name = found["lesson"]
        if not isinstance(name, str) or name not in OFFERED:
            raise ValueError(f"lesson must be the name of a lesson, got {shown(name)}")
        lesson = LESSONS[name]
        question, said = plain(lesson.question), [plain(option) for option in lesson.options]
        return lambda room: room.ask(question, said, lesson.answer)
    text = read_text("text", found.get("text"), LONGEST_TEXT, least=1)
    fewest, most = OPTIONS
    options = read_texts("options", found.get("options"), most, LONGEST_OPTION, least=fewest)
    return lambda room: room.ask(text, options)


def _show_answers(found: Mapping[str, Any]) -> Change:
    return Room.show_answers


def _end_question(found: Mapping[str, Any]) -> Change:
    return Room.end_question


def _names(found: Mapping[str, Any]) -> Change:
    switches = ("asked", "to_teacher", "to_class")
    names = Names(**{switch: read_flag(switch, found.get(switch)) for switch in switches})
    return lambda room: room.set_names(names)


def _remove(found: Mapping[str, Any]) -> Change:
    number = int(check_number("seat", found.get("seat"), COUNTS))
    return lambda room: room.remove(number)


COMMANDS: Mapping[str, Callable[[Mapping[str, Any]], Change]] = {
    "follow": _follow,
    "turn": _turn,
    "experiment": _experiment,
    "challenge": _challenge,
    "pause": _pause,
    "ask": _ask,
    "show answers": _show_answers,
    "end question": _end_question,
    "names": _names,
    "remove": _remove,
}


def _query(found: Mapping[str, Any]) -> str:
    """The query of the link that is to be played."""
    return read_text("query", found.get("query"), LONGEST_QUERY).removeprefix("?")


def _restrictions(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: read_texts(name, found.get(name, []), 40, LONGEST_OPTION) for name in ("lock", "hide")
    }


def _values(base: Mapping[str, str], name: str, values: Any) -> tuple[str, ...]:
    """Values of a setting that each make a Spec with the others of the link."""
    read = read_texts(name, values, MOST_VALUES, LONGEST_OPTION, least=1)
    for value in read:
        _, notices = share.from_query({**base, name: value})
        if notices:
            raise ValueError(notices[0])
    return read
