"""History: everything at first, then thinned, always with the newest row, in bounded memory."""

import numpy as np
import pytest

from engine import Run, Spec
from engine import history as history_module
from engine.history import CAPACITY, COLUMNS, FLOWS, History, Row


def row(epoch):
    return Row(
        epoch=epoch,
        train_loss=epoch / 2,
        test_loss=0.0,
        train_accuracy=0.0,
        test_accuracy=0.0,
        penalty=0.0,
        gradient_norms=(float(epoch), 0.0),
        error_rms=(0.0, 0.0),
        output_spread=(0.0, 0.0),
    )


def grown(epochs):
    history = History(layers=2)
    for epoch in range(epochs + 1):
        history.append(row(epoch))
    return history


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(history_module, "CAPACITY", 128)


def test_every_epoch_is_kept_at_first():
    np.testing.assert_array_equal(grown(1_000).rows().epoch, np.arange(1_001))


@pytest.mark.parametrize("epochs", [127, 128, 129, 200, 500, 777, 3_000])
def test_what_is_kept_are_multiples_of_a_stride_and_the_newest(small, epochs):
    rows = grown(epochs).rows()
    assert len(rows) <= 128
    assert rows.epoch[0] == 0
    assert rows.epoch[-1] == epochs
    strides = np.diff(rows.epoch[:-1])
    assert len(set(strides)) == 1
    assert strides[0] * 128 >= epochs
    np.testing.assert_array_equal(rows.train_loss, rows.epoch / 2)
    np.testing.assert_array_equal(rows.gradient_norms[:, 0], rows.epoch)


def test_history_can_be_cut_off_and_grown_again(small):
    history = grown(300)
    history.cut(row(217))
    assert history.rows().epoch[-1] == 217
    for epoch in range(218, 301):
        history.append(row(epoch))
    np.testing.assert_array_equal(history.rows().epoch, grown(300).rows().epoch)


def test_a_run_that_went_on_for_long_can_be_restored(small):
    """Parameters and newest row are exact, however much of the history was let go."""
    run, other = Run(Spec(samples=50, hidden=(2,))), Run(Spec(samples=50, hidden=(2,)))
    run.advance(333)
    moment = run.snapshot()
    run.advance(77)
    run.restore(moment)
    run.advance(10)
    other.advance(343)
    assert run.epoch == other.epoch == run.history.epoch[-1] == 343
    np.testing.assert_array_equal(run.network.parameters, other.network.parameters)
    assert run.history[-1] == other.history[-1]


def test_an_hour_of_playing_stays_under_20_megabytes():
    """The history of the deepest network on the page, however long it trains."""
    deepest = Run(Spec(hidden=(16,) * 6))
    assert deepest.history.dtype.itemsize * CAPACITY < 5e6
    assert deepest.snapshot().parameters.nbytes < 20e3


def test_the_columns_are_the_fields_of_the_row():
    """One declaration: what is a number, what is a number for each layer, and their order."""
    assert ("epoch", *COLUMNS, *FLOWS) == Row._fields
    assert grown(0).rows().dtype.names == Row._fields
    assert grown(0).rows().gradient_norms.shape == (1, 2)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("column", [*COLUMNS, *FLOWS])
def test_a_row_is_finite_if_every_number_in_it_is(column, number):
    assert row(3).is_finite
    bad = (0.0, number) if column in FLOWS else number
    assert not row(3)._replace(**{column: bad}).is_finite
