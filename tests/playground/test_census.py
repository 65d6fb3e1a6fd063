"""Who is here, and who is let in."""

import pytest

from playground.server.census import SECONDS_KEPT, Census


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def two(clock: Clock) -> Census:
    """A census with two places."""
    return Census(2, clock)


def test_there_are_as_many_visitors_as_places(two):
    assert two.arrive("ann", "page")
    assert not two.is_full
    assert two.arrive("ben", "board")
    assert two.is_full
    assert not two.arrive("cem", "page")
    assert not two.expect("cem")
    assert two.taken == 2
    two.leave("ann", "page")
    assert two.arrive("cem", "page")
    assert two.taken == 2


def test_a_place_is_kept_from_the_page_to_its_socket(two):
    assert two.expect("ann")
    assert two.expect("ben")
    assert not two.arrive("cem", "page")
    assert two.arrive("ann", "page")
    assert two.arrive("ben", "page")
    assert two.taken == 2
    two.leave("ben", "page")
    assert two.taken == 1  # the place that was kept has been used up


def test_a_place_is_kept_no_longer_than_it_takes_to_come(two, clock):
    two.expect("ann")
    clock.now += SECONDS_KEPT / 2
    two.expect("ben")
    assert two.is_full
    clock.now += SECONDS_KEPT / 2
    assert two.taken == 1
    clock.now += SECONDS_KEPT / 2
    assert two.taken == 0


def test_whoever_is_still_loading_keeps_their_place(two, clock):
    two.expect("ann")
    clock.now += SECONDS_KEPT / 2
    two.renew("ann")
    clock.now += SECONDS_KEPT / 2
    assert two.taken == 1
    clock.now += SECONDS_KEPT / 2
    two.renew("ann")  # too late
    assert two.taken == 0


def test_a_page_that_is_asked_for_again_keeps_its_place(two, clock):
    two.expect("ann")
    clock.now += SECONDS_KEPT / 2
    two.expect("ann")
    clock.now += SECONDS_KEPT / 2
    assert two.taken == 1


def test_a_reload_locks_nobody_out_though_it_is_full(two):
    """The page is asked for while its old socket is still open; somebody else is quick."""
    for who in ("ann", "ben"):
        two.arrive(who, "page")
    assert two.expect("ann")
    two.leave("ann", "page")
    assert not two.expect("cem")
    assert not two.arrive("cem", "page")
    assert two.arrive("ann", "page")


def test_a_second_page_of_the_same_visitor_takes_a_place_of_its_own(two):
    assert two.arrive("ann", "page")
    assert two.arrive("ann", "page")
    assert two.is_full
    assert two.expect("ann")  # it may be a reload
    assert not two.arrive("ann", "page")
    assert two.taken == 2


def test_a_page_whose_board_came_back_first_takes_one_place(two):
    two.arrive("ben", "page")
    assert two.arrive("ann", "board")
    assert two.arrive("ann", "page")
    assert two.taken == 2
    two.leave("ann", "board")
    assert two.taken == 2


def test_whose_line_broke_finds_their_place_for_a_moment(two, clock):
    for who in ("ann", "ben"):
        two.arrive(who, "page")
    two.leave("ann", "page", comes_back=True)
    assert not two.expect("cem")
    assert two.arrive("ann", "page")
    two.leave("ann", "page", comes_back=True)
    clock.now += SECONDS_KEPT
    assert two.expect("cem")


def test_who_says_no_word_is_taken_for_who_has_waited_longest(two):
    assert two.expected() is None
    two.expect("ann")
    two.expect("ben")
    assert two.expected() == "ann"
    two.arrive("ann", "page")
    assert two.expected() == "ben"
    two.expect("ann")  # a reload: her socket is still open
    assert two.expected() == "ben"
