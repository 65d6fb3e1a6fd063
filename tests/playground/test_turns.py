"""Fair turns: whoever has had least is next, and nobody is forgotten."""

import math
import threading
import time

import pytest

from playground.server import turns as module
from playground.server.turns import Account, Turns


def waiting(turns: Turns, count: int) -> None:
    """Return when so many stand in line."""
    while len(turns._waiting) < count:
        time.sleep(0.001)


def test_whoever_has_had_least_is_next():
    turns, order, threads = Turns(1), [], []

    def work(name: str, account: Account) -> None:
        with turns.turn(account):
            order.append(name)

    with turns.turn(Account()):
        for number, (name, spent) in enumerate(
            (("much", 0.009), ("little", 0.001), ("some", 0.005))
        ):
            account = Account()
            account.spent = spent
            threads.append(threading.Thread(target=work, args=(name, account)))
            threads[-1].start()
            waiting(turns, number + 1)
    for thread in threads:
        thread.join()
    assert order == ["little", "some", "much"]


def test_what_is_not_counted_stays_next():
    """A glance at a run is small: those who play do not keep it waiting."""
    turns, glances, board = Turns(1), Account(math.inf), Account()
    for account in (glances, board):
        account.charge(1.0)
    assert glances.spent == 0.0 < board.spent
    order = []

    def work(name: str, account: Account) -> None:
        with turns.turn(account):
            order.append(name)

    with turns.turn(Account()):
        others = [("board", board), ("glance", glances)]
        threads = [threading.Thread(target=work, args=other) for other in others]
        for number, thread in enumerate(threads):
            thread.start()
            waiting(turns, number + 1)
    for thread in threads:
        thread.join()
    assert order == ["glance", "board"]


def test_a_long_turn_gives_way_and_is_resumed(monkeypatch):
    monkeypatch.setattr(module, "SLICE", 0.0)
    monkeypatch.setattr(module, "FREE", 0.0)
    turns, order = Turns(1), []
    other = Account()

    def work() -> None:
        with turns.turn(other):
            order.append("other")

    thread = threading.Thread(target=work)
    with turns.turn(Account()):
        order.append("began")
        thread.start()
        waiting(turns, 1)
        turns.give_way()
        order.append("went on")
    thread.join()
    assert order == ["began", "other", "went on"]


def test_nobody_gives_way_to_whoever_has_had_more(monkeypatch):
    monkeypatch.setattr(module, "SLICE", 0.0)
    turns, order = Turns(1), []
    rich = Account()
    rich.spent = 100.0

    def work() -> None:
        with turns.turn(rich):
            order.append("rich")

    thread = threading.Thread(target=work)
    with turns.turn(Account()):
        thread.start()
        waiting(turns, 1)
        turns.give_way()
        order.append("went on")
    thread.join()
    assert order == ["went on", "rich"]


def test_a_long_turn_is_not_paid_for_with_a_long_wait():
    """Whoever has just come, and was given a whole board, is not last for seconds."""
    turns, order, threads = Turns(1), [], []
    newcomer, others = Account(), [Account() for _ in range(3)]
    newcomer.spent = 9.0

    def work(name: str, account: Account) -> None:
        with turns.turn(account):
            order.append(name)

    with turns.turn(Account()):
        for number, account in enumerate((*others, newcomer)):
            name = "newcomer" if account is newcomer else "other"
            threads.append(threading.Thread(target=work, args=(name, account)))
            threads[-1].start()
            waiting(turns, number + 1)
    for thread in threads:
        thread.join()
    assert order == ["other", "other", "other", "newcomer"]
    assert newcomer.spent < 1.0


def test_whoever_has_just_come_is_served_before_those_who_have_had_a_board(monkeypatch):
    """The first of its turns are free, so what they cost puts it behind nobody."""
    monkeypatch.setattr(module, "FREE", 0.1)
    account = Account()
    account.charge(0.06)
    account.charge(0.03)
    assert account.spent == 0.0
    account.charge(0.03)
    assert account.spent == pytest.approx(0.02)


def test_a_pause_saves_nothing_up(monkeypatch):
    """Else whoever comes back could keep all others waiting for as long as they were away."""
    monkeypatch.setattr(module, "MOST_DEBT", 100.0)
    turns = Turns(1)
    busy, back = Account(), Account()
    busy.spent = 50.0
    with turns.turn(busy):
        pass
    with turns.turn(back):
        assert back.spent == 50.0


def test_a_turn_within_a_turn_needs_no_seat():
    turns, account = Turns(1), Account()
    with turns.turn(account), turns.turn(account):
        assert turns._free == 0


def test_not_more_compute_at_once_than_there_are_seats():
    turns, inside, most = Turns(2), [], []

    def work() -> None:
        with turns.turn(Account()):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.001)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 20
    assert max(most) <= 2
