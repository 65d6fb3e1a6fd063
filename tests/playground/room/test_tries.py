"""Codes can't be tried out, and what one browser may send, open and take is bounded."""

from contextlib import suppress

import pytest
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed

from playground.room import line
from playground.room.hub import MOST_LINES
from playground.room.store import MemoryStore
from playground.room.tries import (
    MOST_OF_ADDRESS,
    MOST_OF_ROOM,
    SECONDS,
    TOO_MANY,
    Pace,
    network_of,
)
from playground.server import metrics
from playground.server.config import Config
from tests.playground.room.test_line import entering
from tests.playground.serving import serving

ELSEWHERE = "203.0.113.7"


@pytest.fixture
def now():
    """The time, in a list; the store of the rooms looks at it."""
    return [0.0]


@pytest.fixture
def enter(now, monkeypatch):
    monkeypatch.setattr(line, "_store", lambda: MemoryStore(60, 4, clock=lambda: now[0]))
    monkeypatch.setattr(line, "config", lambda: Config(rooms=4, room_seats=120))
    monkeypatch.setattr(line, "SECONDS_TO_REFUSE", 0.01)
    line.hubs.cache_clear()
    with serving(Starlette(routes=line.routes())) as host, entering(host) as enter_one:
        yield enter_one
    line.hubs.cache_clear()


@pytest.fixture
def class_(enter):
    """A room: what its teacher was told, and what its student was."""
    teacher = enter(open=True).hear("teacher")
    return teacher, enter(join={"code": teacher["code"]}).hear("seat")


def try_codes(enter, often: int = MOST_OF_ADDRESS) -> None:
    for _ in range(often):
        assert "no room" in enter(join={"code": "ZZZZZ"}).hear("refused")


def test_after_too_many_codes_even_the_right_one_is_refused_for_a_minute(enter, class_, now):
    code = class_[0]["code"]
    try_codes(enter)
    for tried in ("ZZZZZ", code):
        assert enter(join={"code": tried}).hear("refused") == TOO_MANY
    assert enter(join={"code": code}, address=ELSEWHERE).hear("seat")
    now[0] += SECONDS
    assert enter(join={"code": code}).hear("seat")


def test_who_belongs_to_a_room_is_let_in_from_wherever_codes_are_tried(enter, class_):
    teacher, seat = class_
    try_codes(enter)
    assert enter(teach=teacher).hear("teacher") == teacher
    again = enter(join={"code": seat["code"], "seat": seat["secret"]})
    assert again.hear("seat") == seat
    guess = {"code": seat["code"], "seat": "a" * 22}
    assert enter(join=guess).hear("refused") == TOO_MANY


def test_what_can_be_no_code_counts_too(enter):
    for _ in range(MOST_OF_ADDRESS):
        enter(join={"code": "?"}).hear("refused")
    assert enter(join={"code": "ZZZZZ"}).hear("refused") == TOO_MANY


def test_a_class_at_one_address_that_types_right_is_never_refused(enter, class_):
    for _ in range(100):
        assert enter(join={"code": class_[0]["code"]}).hear("seat")


def test_keys_are_counted_by_address_and_by_room(enter, class_):
    code = class_[0]["code"]
    guess = {"code": code, "key": "guess"}
    for number in range(MOST_OF_ROOM):
        address = f"198.51.100.{number // 20}"
        assert "not the link" in enter(teach=guess, address=address).hear("refused")
    assert enter(teach=guess, address=ELSEWHERE).hear("refused") == TOO_MANY
    assert enter(teach=class_[0], address=ELSEWHERE).hear("teacher")


def test_what_was_wrong_is_in_the_metrics(enter):
    before = refused()
    try_codes(enter, 3)
    assert refused() == before + 3


def refused() -> float:
    ((sample, *_),) = [each.samples for each in metrics.ROOM_REFUSALS.collect()]
    return sample.value


def test_rooms_and_students_are_in_the_metrics(enter, class_):
    student = enter(join={"code": class_[0]["code"]})
    student.hear("seat")
    ((rooms,), (students,)) = (
        [sample.value for sample in each.samples]
        for gauge in (metrics.ROOMS, metrics.STUDENTS)
        for each in gauge.collect()
    )
    assert (rooms, students) == (1, 2)


def test_one_address_opens_its_share_of_rooms_and_no_more(enter, now):
    for _ in range(2):
        assert enter(open=True).hear("teacher")
    assert "2 rooms were opened from here" in enter(open=True).hear("refused")
    for _ in range(2):
        assert enter(open=True, address=ELSEWHERE).hear("teacher")
    assert "All 4 rooms" in enter(open=True, address="198.51.100.1").hear("refused")


def test_a_server_may_have_no_rooms(enter, monkeypatch):
    monkeypatch.setattr(line, "config", lambda: Config(rooms=0))
    assert "no rooms" in enter(open=True).hear("refused")


def test_a_full_room_says_so(enter, monkeypatch):
    monkeypatch.setattr(line, "config", lambda: Config(room_seats=2))
    code = enter(open=True).hear("teacher")["code"]
    seats = [enter(join={"code": code}).hear("seat") for _ in range(2)]
    assert "all of its 2 seats" in enter(join={"code": code}).hear("refused")
    assert enter(join={"code": code, "seat": seats[0]["secret"]}).hear("seat") == seats[0]


def test_a_seat_has_so_many_tabs(enter, class_):
    teacher, seat = class_
    joined = {"code": seat["code"], "seat": seat["secret"]}
    for _ in range(MOST_LINES - 1):
        assert enter(join=joined).hear("seat") == seat
        assert enter(teach=teacher).hear("teacher")
    assert "tabs" in enter(join=joined).hear("refused")
    assert "tabs" in enter(teach=teacher).hear("refused")


def test_who_sends_a_thousand_messages_at_once_is_closed_and_nobody_else(enter, class_):
    code = class_[0]["code"]
    flooding, other = enter(join={"code": code}), enter(join={"code": code})
    flooding.hear("seat")
    with suppress(ConnectionClosed):  # it is closed while some are still on their way
        for number in range(1000):
            flooding.say(name=f"Ada {number}")
    assert "more than 50 messages" in flooding.hear("refused")
    with pytest.raises(ConnectionClosed):
        flooding.hear("room")
    other.say(name="Bob")
    other.wait(lambda room: room["me"]["name"] == "Bob")


def test_a_seat_that_was_taken_away_hears_that_it_is_over(enter):
    teacher = enter(open=True)
    student = enter(join={"code": teacher.hear("teacher")["code"]})
    number = student.hear("seat")["number"]
    teacher.say(do="remove", seat=number)
    assert student.hear("over")


def test_a_pace_is_so_many_a_second_and_as_many_at_once():
    now = [0.0]
    pace = Pace(4, clock=lambda: now[0])
    assert [pace.may_take() for _ in range(6)] == [True] * 4 + [False] * 2
    now[0] += 0.5
    assert [pace.may_take() for _ in range(3)] == [True, True, False]
    now[0] += 60
    assert [pace.may_take() for _ in range(5)] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient" * 100, ("testclient" * 100)[:64]),
    ],
)
def test_an_address_is_counted_with_its_network(address, network):
    assert network_of(address) == network
