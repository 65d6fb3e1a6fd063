"""Many runs: each is a plain `Run`, wherever it is done; cancel cancels; the summary adds up."""

import gc
import threading
import time

import numpy as np
import pytest

from engine import Run, Spec
from playground.board.stream import Stream
from playground.experiments import charts, panel, summary
from playground.experiments import job as jobs
from playground.experiments.job import SCHEDULER, Job
from playground.experiments.panel import SECONDS_TO_COME_BACK, _values, in_words
from playground.experiments.plan import VALUES, Experiment, Varied, can_vary
from playground.experiments.work import Outcome, curve_epochs, train
from playground.server.config import Config
from playground.visit import Visit, is_wanted_by

SMALL = Spec(samples=60, hidden=(4,))


def outcome(test_losses, *, accuracy=1.0, best_accuracy=None, diverged=False) -> Outcome:
    losses = np.array(test_losses, float)
    finite = np.where(np.isfinite(losses), losses, np.inf)
    return Outcome(
        spec=SMALL,
        train_losses=losses,
        test_losses=losses,
        best_epoch=int(finite.argmin()),
        best_test_loss=float(finite.min()),
        best_test_accuracy=accuracy if best_accuracy is None else best_accuracy,
        test_accuracy=accuracy,
        diverged=diverged,
    )


def test_the_runs_have_seeds_that_count_up():
    tasks = Experiment(SMALL, 5, 10).tasks()
    assert [task.spec.weight_seed for task in tasks] == list(range(10))
    assert {task.spec.data_seed for task in tasks} == {0}
    both = Experiment(Spec(weight_seed=2**32 - 2, data_seed=7), 5, 10, "both").tasks()
    assert [task.spec.weight_seed for task in both[:4]] == [2**32 - 2, 2**32 - 1, 0, 1]
    assert [task.spec.data_seed for task in both[:2]] == [7, 8]


def test_two_settings_are_combined():
    varied = (Varied("learning_rate", (0.1, 1.0)), Varied("activation", ("tanh", "relu")))
    experiment = Experiment(SMALL, 5, 3, varied=varied)
    tasks = experiment.tasks()
    assert len(tasks) == experiment.size == 12
    assert [task.cell for task in tasks[:4]] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert (tasks[2].spec.learning_rate, tasks[2].spec.activation) == (1.0, "tanh")
    assert tasks[4].spec.weight_seed == 1  # every combination has a run before any has its second


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"runs": 9}, "must be 10 to 100 runs, got 9"),
        ({"epochs": 5_001}, "must be 1 to 5,000 epochs, got 5,001"),
        ({"runs": 30, "varied": (Varied("noise", (0.0, 0.1)),)}, "must be 1 to 20 runs, got 30"),
        (
            {"runs": 5, "varied": (Varied("noise", (0.0,)),)},
            "be 2 to 8 values of noise, got 1",
        ),
        (
            {"runs": 20, "varied": tuple(Varied(n, VALUES[n][:8]) for n in ("hidden", "samples"))},
            "may be at most 1,000 runs in all, got 1,120",
        ),
        ({"runs": 5, "varied": 2 * (Varied("noise", (0.0, 0.1)),)}, "must differ"),
    ],
)
def test_what_is_too_little_or_too_much_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        Experiment(**({"spec": SMALL, "epochs": 5, "runs": 10} | arguments))


@pytest.mark.parametrize("setting", VALUES)
def test_every_value_that_is_offered_can_be_run(setting):
    for value in VALUES[setting]:
        Experiment(SMALL, 1, 1, varied=(Varied(setting, (value, VALUES[setting][0])),)).tasks()


def test_settings_without_effect_are_not_offered():
    assert "regularization_rate" not in can_vary(SMALL)
    assert "regularization_rate" in can_vary(Spec(regularization="l2"))


def test_an_outcome_is_what_a_plain_run_gives():
    run = Run(SMALL)
    run.advance(450)
    found = train(SMALL, 450)
    at = curve_epochs(450)
    assert (at[0], at[-1], len(at)) == (0, 450, 201)
    np.testing.assert_array_equal(found.train_losses, run.history.train_loss[at])
    np.testing.assert_array_equal(found.test_losses, run.history.test_loss[at])
    assert found.test_accuracy == run.latest.test_accuracy
    assert found.test_loss_at("last") == run.latest.test_loss
    best = run.history.test_loss.argmin()
    assert found.best_epoch == best
    assert found.test_loss_at("best") == run.history.test_loss[best]
    assert found.test_accuracy_at("best") == run.history.test_accuracy[best]


def test_the_best_epoch_is_one_of_all_of_them_not_of_those_of_the_curve():
    """Of 450 epochs the curve has every second or third."""
    spec = Spec(samples=60, noise=0.4, hidden=(8,), learning_rate=1.0, batch_size=5, weight_seed=1)
    run = Run(spec)
    run.advance(450)
    best = int(run.history.test_loss.argmin())
    assert best not in curve_epochs(450)
    assert train(spec, 450).best_epoch == best


def test_a_run_that_diverges_has_no_losses_from_there():
    spec = Spec(activation="linear", dataset="hills", learning_rate=10.0, samples=60)
    found = train(spec, 100)
    assert found.diverged
    assert np.isfinite(found.train_losses[0])
    assert np.isnan(found.train_losses[-1])
    assert found.test_loss_at("last") == found.test_loss_at("best") == np.inf


def test_a_run_is_given_up_where_its_stop_file_is(tmp_path):
    stop = tmp_path / "stop"
    assert train(SMALL, 5, str(stop)) is not None
    stop.touch()
    assert train(SMALL, 5, str(stop)) is None


def test_the_band_is_made_of_quartiles_of_those_that_did_not_diverge():
    outcomes = [outcome([1.0, x]) for x in (1.0, 2.0, 3.0, 4.0, 5.0)]
    outcomes.append(outcome([1.0, np.nan], diverged=True))
    found = summary.band(outcomes, "test", 1)
    assert (found.low[1], found.median[1], found.high[1]) == (2.0, 3.0, 4.0)
    nobody = summary.band([outcome([1.0, np.nan], diverged=True)], "test", 1)
    assert list(nobody.epochs) == [0]


def test_best_worst_and_successes():
    outcomes = [
        outcome([0.3], accuracy=0.9),
        outcome([0.1], accuracy=0.95),
        outcome([np.nan], accuracy=1.0, diverged=True),
        outcome([0.2], accuracy=0.89),
    ]
    for when in ("best", "last"):
        best, worst = summary.best_and_worst(outcomes, when)
        assert best.test_loss_at(when) == 0.1
        assert worst.diverged
        assert summary.successes(outcomes, 0.9, when) == 2


def test_a_spike_at_the_last_epoch_makes_no_seed_the_worst():
    """Unless it is judged there."""
    spike = outcome([0.5, 0.05, 2.0], accuracy=0.6, best_accuracy=0.99)
    poor = outcome([0.5, 0.5, 0.4], accuracy=0.7)
    fair = outcome([0.5, 0.3, 0.3], accuracy=0.92)
    outcomes = [poor, spike, fair]
    assert summary.best_and_worst(outcomes, "best") == (spike, poor)
    assert summary.best_and_worst(outcomes, "last") == (fair, spike)
    assert summary.successes(outcomes, 0.9, "best") == 2
    assert summary.successes(outcomes, 0.9, "last") == 1
    assert summary.median_test_loss(outcomes, "best") == 0.3
    assert summary.median_test_loss(outcomes, "last") == 0.4


@pytest.fixture(scope="module")
def finished():
    varied = (Varied("learning_rate", (0.01, 0.1, 1.0)), Varied("activation", ("tanh", "relu")))
    job = Job(Experiment(SMALL, 20, 3, varied=varied))
    job.join()
    return job


def test_parallel_processes_give_what_plain_runs_give(finished):
    assert (finished.state, finished.error, finished.done) == ("done", "", 18)
    for task, found in zip(finished.tasks, finished.outcomes, strict=True):
        alone = train(task.spec, 20)
        np.testing.assert_array_equal(found.train_losses, alone.train_losses)
        np.testing.assert_array_equal(found.test_losses, alone.test_losses)
        assert found.spec == task.spec


def test_the_grid_has_the_median_of_each_cell(finished):
    losses = summary.grid(finished, "test_loss", 0.9, "best")
    assert losses.shape == (3, 2)
    for cell in np.ndindex(3, 2):
        runs = summary.of_cell(finished, cell)
        assert len(runs) == 3
        assert losses[cell] == np.median([run.best_test_loss for run in runs])
        share = summary.grid(finished, "success", 0.9, "best")[cell]
        assert share == summary.successes(runs, 0.9, "best") / 3
    figure = charts.heat_map(losses, finished.experiment.varied, "loss", more_is_better=False)
    assert figure.data[0].x == ("tanh", "ReLU")
    assert figure.data[0].y == ("0.01", "0.1", "1")


def test_a_heat_map_says_where_runs_diverged_and_where_none_is_back():
    varied = (Varied("noise", (0.0, 0.1)), Varied("samples", (50, 100)))
    values = np.array([[1.0, np.inf], [np.nan, 2.0]])
    (cells,) = charts.heat_map(values, varied, "loss", more_is_better=False).data
    assert [list(row) for row in cells.text] == [["1", "diverged"], ["", "2"]]


def test_cancel_ends_an_experiment_amid_its_runs():
    """Five minutes of work: if it were waited for, the suite would show it."""
    job = Job(Experiment(Spec(batch_size=1, samples=2_000), 5_000, 10))
    begun = threading.Event()
    while not begun.is_set() and job.is_active:
        if job.state == "running":
            begun.set()
    assert job.state == "running"
    job.cancel()
    assert job.state == "cancelled"
    job.join()
    assert job.state == "cancelled"
    assert job.done < 10
    job.cancel()  # once more does nothing
    after = Job(Experiment(SMALL, 2, 10))
    after.join()
    assert (after.state, after.done) == ("done", 10)


def test_an_experiment_that_takes_longer_than_it_may_is_stopped_and_keeps_its_results(monkeypatch):
    """One run has an outcome already; the others would take minutes."""
    monkeypatch.setattr(jobs, "config", lambda: Config(experiment_seconds=0.0))
    monkeypatch.setattr(panel, "config", lambda: Config(experiment_seconds=300.0))
    monkeypatch.setattr(jobs, "SECONDS_A_LOOK", 0.01)
    job = Job(Experiment(Spec(batch_size=1, samples=2_000), 5_000, 10))
    job.outcomes[0] = outcome([0.5, 0.2])
    job.join()
    assert job.state == "late"
    assert job.done == 1
    words = in_words(job, 0.9, "best")
    assert "it may take 300 s. It ended after 1 of 10 runs." in words
    assert not job.is_active


def test_a_second_experiment_waits_for_its_turn():
    first = Job(Experiment(Spec(batch_size=1, samples=2_000), 5_000, 10))
    while first.state == "waiting":
        pass
    second = Job(Experiment(SMALL, 2, 10))
    assert second.state == "waiting"
    assert second.seconds_left is None
    second.cancel()
    first.cancel()
    second.join()
    assert second.done == 0


def test_time_left_is_as_the_runs_so_far_let_expect(monkeypatch):
    job = Job(Experiment(SMALL, 2, 10))
    job.join()
    job.state, job._began = "running", 0.0
    job.outcomes[5:] = 5 * [None]
    monkeypatch.setattr("time.monotonic", lambda: 20.0)
    assert job.seconds_left == 20.0


def test_the_words_say_what_came_out(finished):
    words = in_words(finished, 0.0, "best")
    assert words.startswith(
        "**18 of 18** runs succeed (100%), each judged at its best epoch. Test loss"
    )
    best, last = (
        sorted(run.test_loss_at(when) for run in finished.outcomes) for when in ("best", "last")
    )
    low, middle, high = (f"{best[i]:.3g}" for i in (0, 8, 17))
    assert f"at each run’s best epoch: median **{middle}**, from {low} to {high};" in words
    low, middle, high = (f"{last[i]:.3g}" for i in (0, 8, 17))
    assert f"at the last epoch: median **{middle}**, from {low} to {high}." in words


def test_the_same_runs_on_a_dask_cluster(monkeypatch):
    """A real scheduler and two workers in processes of their own, all on the loopback."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        monkeypatch.setenv(SCHEDULER, cluster.scheduler_address)
        with distributed.Client(cluster) as client:
            before = _tasks_done(client)
            job = Job(Experiment(SMALL, 20, 10))
            job.join()
            assert (job.state, job.error, job.done) == ("done", "", 10)
            assert _tasks_done(client) > before  # it was done there
    for task, found in zip(job.tasks, job.outcomes, strict=True):
        np.testing.assert_array_equal(found.test_losses, train(task.spec, 20).test_losses)


def _tasks_done(client) -> int:
    """Tasks that the workers of a cluster have had so far."""
    return sum(client.run(lambda dask_worker: dask_worker.state.transition_counter).values())


def test_a_scheduler_that_is_not_there_is_said(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setenv(SCHEDULER, "tcp://127.0.0.1:1")
    monkeypatch.setattr("playground.experiments.job.SECONDS_TO_CONNECT", 1)
    job = Job(Experiment(SMALL, 2, 10))
    job.join()
    assert job.state == "failed"
    assert "127.0.0.1:1" in job.error


LONG = Experiment(Spec(batch_size=1, samples=2_000), 5_000, 10)


def test_an_experiment_that_nobody_wants_any_more_makes_room_for_others():
    """Its tab was closed; the next one has its turn."""
    is_wanted = threading.Event()
    is_wanted.set()
    first = Job(LONG, is_wanted.is_set)
    second = Job(Experiment(SMALL, 2, 10))
    assert second.state == "waiting"
    is_wanted.clear()
    first.join()
    second.join()
    assert (first.state, second.state) == ("cancelled", "done")


def test_an_experiment_that_waits_is_given_up_too():
    first = Job(LONG)
    second = Job(LONG, lambda: False)
    second.join()
    assert second.state == "cancelled"
    first.cancel()
    first.join()


def test_a_visit_is_wanted_as_long_as_its_board_is_there_or_may_come_back(monkeypatch):
    visit = Visit(Stream(SMALL))
    is_wanted = is_wanted_by(visit, SECONDS_TO_COME_BACK)
    assert is_wanted()
    stream = visit.stream
    stream.contact.listen(int)
    stream.contact.forget(int)
    assert is_wanted()  # it may be loading the page again
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + SECONDS_TO_COME_BACK + 1)
    assert not is_wanted()
    stream.contact.listen(int)
    assert is_wanted()
    del visit
    gc.collect()
    assert not is_wanted()


@pytest.mark.parametrize(("setting", "offered"), [("noise", True), ("hidden", False)])
def test_select_all_is_there_where_all_values_can_be_chosen(setting, offered, monkeypatch):
    """Six noises are no more than an experiment may have, ten networks are."""
    asked = {}

    def multiselect(_label, options, **more):
        asked.update(more)
        return options

    monkeypatch.setattr("playground.experiments.panel.st.multiselect", multiselect)
    _values(Spec(), setting)
    assert asked["select_all"] is offered
