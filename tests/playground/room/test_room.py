"""A room, as plain Python."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.room.room import (
    FOR_ALL,
    LONGEST_NAME,
    MOST_MARKS,
    Names,
    Room,
    RoomError,
    plain_name,
)


@pytest.fixture
def room():
    return Room("ABCDE", "key", places=3)


def test_a_seat_is_found_by_its_secret_alone(room):
    seat = room.join("Ada")
    assert room.seat_of(seat.secret) == seat
    assert room.seat_of("") is None
    assert room.seat_of(str(seat.number)) is None


def test_a_full_room_says_so(room):
    for _ in range(3):
        room.join()
    with pytest.raises(RoomError, match="full: all of its 3 seats"):
        room.join()


def test_a_room_is_a_value(room):
    seat = room.join("Ada")
    room.begin_turn(
        "noise=0.1",
        kind="experiment",
        lock=("hidden",),
        varied=(("learning_rate", ("0.1", "1")),),
        epochs=50,
    )
    room.ask("Which?", ("this", "that"), 1)
    room.answer(seat.number, 1, 0)
    room.collect([{"seat": 1, "epoch": 3}])
    assert Room.from_dict(json.loads(json.dumps(room.to_dict()))) == room


def test_students_see_nothing_of_each_other_but_what_the_teacher_shows(room):
    ada, bob = room.join("Ada"), room.join("Bob")
    room.ask("Which?", ("this", "that"), 1)
    room.answer(ada.number, 1, 0)
    seen = json.dumps(room.for_seat(bob.number))
    assert "Ada" not in seen
    assert room.for_seat(bob.number)["answers"] is None
    assert room.for_seat(bob.number)["question"]["right"] is None
    assert room.for_seat(ada.number)["me"]["answered"] == 0
    room.show_answers()
    assert room.for_seat(bob.number)["answers"] == [1, 0]
    for secret in (room.key, ada.secret):
        assert secret not in json.dumps(room.for_seat(bob.number))


def test_aliases_of_a_large_class_differ():
    room = Room("ABCDE", "key", places=300)
    assert len({room.join().alias for _ in range(300)}) == 300


def test_names_are_a_line_of_text_and_forgotten_when_nobody_asks_for_them(room):
    seat = room.join("  Ada\n\u202e <b>" + "x" * 60)
    assert room.seats[seat.number].name == ("Ada <b>" + "x" * 60)[:40]
    room.set_names(Names(asked=False))
    assert room.seats[seat.number].name == ""


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Zoë  O’Neill-Ng", "Zoë O’Neill-Ng"),
        ("Lê Thị Hồng", "Lê Thị Hồng"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("李小龍 🎈", "李小龍 🎈"),
        ("Ada\u202emoc.live", "Adamoc.live"),  # would be read from the right
        ("\u2067Ada\u2069", "Ada"),
        ("A" + "\u0335" * 30 + "da", "A\u0335\u0335da"),  # would strike out what is around it
        ("\u0301Ada", "Ada"),
        ("\u3164", ""),  # would be nobody's
        ("\u200b\ufeff\x00\x1b", ""),
    ],
)
def test_a_name_is_what_it_looks_like(name, kept):
    assert plain_name(name) == unicodedata.normalize("NFC", kept)


@given(st.text())
def test_whatever_is_typed_a_name_is_one_line_that_can_be_seen(name):
    kept = plain_name(name)
    assert len(kept) <= LONGEST_NAME
    assert kept.isprintable()
    assert kept == " ".join(kept.split())
    kinds = "".join("m" if unicodedata.category(letter) in ("Mn", "Me") else "." for letter in kept)
    assert "m" * (MOST_MARKS + 1) not in kinds
    assert not kinds.startswith("m")


def test_who_has_no_seat_any_more_can_do_nothing(room):
    seat = room.join("Ada")
    room.ask("Which?", ("this", "that"), 1)
    room.remove(seat.number)
    for act in (
        lambda: room.rename(seat.number, "Bob"),
        lambda: room.answer(seat.number, 1, 0),
        lambda: room.remove(seat.number),
    ):
        with pytest.raises(RoomError, match="no seat 1"):
            act()


def test_an_experiment_gives_each_student_one_combination_of_values(room):
    room.begin_turn("", kind="experiment", varied=(("a", ("1", "2")), ("b", ("x", "y"))), epochs=5)
    given = [room.turn.values_of(seat) for seat in range(1, 6)]
    assert [tuple(values.values()) for values in given[:4]] == [
        ("1", "x"),
        ("1", "y"),
        ("2", "x"),
        ("2", "y"),
    ]
    assert given[4] == given[0]


def test_whoever_sees_no_difference_is_not_told_of_a_change():
    room = Room("ABCDE", "key", places=9)
    ada, bob = room.join("Ada"), room.join("Bob")
    assert {*room.for_seat(ada.number)} == {*FOR_ALL, "me", "answers"}
    before = Room.from_dict(room.to_dict())
    room.rename(bob.number, "Bobby")
    assert room.looks_as(before, ada.number)
    assert not room.looks_as(before, bob.number)
    assert room.for_seat(ada.number) == before.for_seat(ada.number)
    room.ask("Which?", ["this", "that"])
    assert not room.looks_as(before, ada.number)
    room.show_answers()
    shown = Room.from_dict(room.to_dict())
    assert not room.looks_as(shown, ada.number)
