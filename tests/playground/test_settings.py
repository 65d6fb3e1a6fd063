"""From a Spec to the controls and back, also when Streamlit ends a run of the script on the way."""

from itertools import count

import pytest

from engine import Spec
from playground import settings, widgets
from playground.board.told import read_told
from playground.board.value import RunValue
from playground.hear import hear_board


class EndedError(BaseException):
    """As Streamlit does it: at any use of its state another run of the script may begin."""


class State(dict):
    """Streamlit's state, which can be used so many times more; None for always."""

    left: int | None = None

    def use(self) -> None:
        if self.left is not None:
            if self.left == 0:
                raise EndedError
            self.left -= 1

    def get(self, *asked):
        self.use()
        return super().get(*asked)

    def __setitem__(self, key, value):
        self.use()
        super().__setitem__(key, value)

    def setdefault(self, *asked):
        self.use()
        return super().setdefault(*asked)


@pytest.fixture
def begin(monkeypatch):
    """A function that begins a visit, with the state that it is in."""

    def begin_visit(spec: Spec):
        state = State()
        monkeypatch.setattr(widgets.st, "session_state", state)
        return settings.open_spec(spec), state

    return begin_visit


SMALL = Spec(samples=60, hidden=(3,))
OTHER = Spec(samples=60, hidden=(2, 2), dataset="spirals", classes=3, features=("x1", "x1_x2"))


def ended_after(state: State, uses: int, do) -> bool:
    """Whether it was ended, and not over before so many uses."""
    state.left = uses
    try:
        do()
    except EndedError:
        return True
    finally:
        state.left = None
    return False


def test_a_link_is_opened_whole_or_not_at_all(begin):
    for uses in count():
        visit, state = begin(SMALL)
        was_ended = ended_after(state, uses, lambda: settings.open_spec(OTHER))
        assert settings.spec_of_controls(visit) == visit.spec
        assert visit.spec == (SMALL if was_ended else OTHER)
        if not was_ended:
            break


def test_what_the_board_tells_is_done_in_the_end_and_once(begin):
    """A point is added once, wherever the page is ended on the way."""
    for uses in count():
        visit, state = begin(SMALL)
        edit = {"name": "edit", "value": {"x": 0.1, "y": 0.2, "label": 1}}
        visit.stream.contact.tell(read_told(edit))
        was_ended = ended_after(state, uses, lambda visit=visit: hear_board(visit))
        hear_board(visit)
        assert len(visit.own.labels) == 61
        assert not visit.stream.contact.told
        assert settings.spec_of_controls(visit).own == visit.own
        if not was_ended:
            break


def test_a_run_that_the_board_has_brought_is_followed_in_the_end(begin):
    for uses in count():
        visit, state = begin(SMALL)
        visit.stream.bring(RunValue(OTHER, epoch=1.0))
        was_ended = ended_after(state, uses, lambda visit=visit: hear_board(visit))
        hear_board(visit)
        assert settings.spec_of_controls(visit) == visit.spec == OTHER
        assert not visit.stream.brought
        if not was_ended:
            break
