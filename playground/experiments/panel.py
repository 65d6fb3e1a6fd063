"""Below the board: many runs of the Spec on screen, and their results."""

import math
from collections.abc import Sequence

import streamlit as st

from engine import Spec
from playground import settings, widgets
from playground.experiments import charts, summary
from playground.experiments.job import Job
from playground.experiments.plan import (
    CELL_RUNS,
    EPOCHS,
    MOST_VALUES,
    RUNS,
    VALUES,
    Experiment,
    Varied,
    can_vary,
)
from playground.experiments.work import Outcome, When
from playground.figures import CONFIG
from playground.naming import setting_name, setting_value
from playground.server.config import config
from playground.visit import Visit, is_wanted_by

SECONDS_TO_COME_BACK = 30.0  # for who has closed the tab, or lost the connection
SECONDS_A_LOOK = 0.5  # from one look at a running experiment to the next
SEED_WORDS = {
    "weight_seed": "weight seed",
    "data_seed": "data seed",
    "both": "both seeds",
}
MEASURES: dict[summary.Measure, str] = {
    "test_loss": "median test loss",
    "success": "share of successes",
}
WHEN: dict[When, str] = {"best": "at its best epoch", "last": "at the last epoch"}


def many_seeds(visit: Visit) -> None:
    """Show the controls of an experiment, its progress, and its results so far."""
    every = SECONDS_A_LOOK if visit.job is not None and visit.job.is_active else None
    st.fragment(_many_seeds, run_every=every)(every is not None)


def _many_seeds(looks: bool) -> None:
    """looks: whether this part runs again and again by itself."""
    visit = widgets.visit()
    if visit is None:
        return
    job = visit.job
    if looks and (job is None or not job.is_active):
        st.rerun()  # the page, so that this part is at rest
    _begin(visit)
    if job is not None and job.is_active:
        _progress(job)
    if job is not None:
        _result(visit, job)


def _begin(visit: Visit) -> None:
    spec = visit.spec
    with st.container(horizontal=True, vertical_alignment="bottom"):
        varied = st.multiselect(
            "Vary",
            can_vary(spec),
            max_selections=2,
            key="many_vary",
            persist_state="session",
            placeholder="only the seeds",
            format_func=setting_name,
            help="With no setting chosen, only the seeds vary, which shows how much is luck. With "
            "one or two settings, every combination of their values runs with several seeds.",
            width=260,
        )
        low, high = CELL_RUNS if varied else RUNS
        runs = st.number_input(
            "Runs per combination" if len(varied) > 1 else "Runs per value" if varied else "Runs",
            low,
            high,
            5 if varied else min(20, high),
            key="many_cell_runs" if varied else "many_runs",
            persist_state="session",
            width=170 if varied else 130,
        )
        epochs = st.number_input(
            "Epochs", *EPOCHS, 100, step=50, key="many_epochs", persist_state="session", width=130
        )
        seeds = st.selectbox(
            "New in each run",
            list(SEED_WORDS),
            key="many_seeds",
            persist_state="session",
            format_func=lambda name: SEED_WORDS[name],
            width=150,
        )
        start = st.container(width="content")
    with st.container(horizontal=True):
        chosen = tuple(Varied(name, _values(spec, name)) for name in varied)
    try:
        experiment = Experiment(spec, epochs, runs, seeds, chosen)
    except ValueError as error:
        st.error(f"{error}.".capitalize(), icon=":material/error:")
        return
    if visit.job is not None and visit.job.is_active:
        start.button("Cancel", key="many_cancel", on_click=visit.job.cancel)
    elif start.button(f"Start {experiment.size} runs", key="many_start", type="primary"):
        visit.job = Job(experiment, is_wanted_by(visit, SECONDS_TO_COME_BACK))
        st.rerun()


def _values(spec: Spec, setting: str) -> tuple[object, ...]:
    """The values that a setting takes; the Spec's own value is among those offered."""
    own = getattr(spec, setting)
    offered = VALUES[setting]
    if own not in offered:
        offered = (*offered, own)
    if isinstance(own, int | float | tuple):
        offered = tuple(sorted(offered, key=_order))
    near = offered.index(own)
    first = max(min(near - 2, len(offered) - 4), 0)
    chosen: list[object] = st.multiselect(
        f"Values of {setting_name(setting)}",
        offered,
        default=offered[first : first + 4],
        max_selections=MOST_VALUES,
        select_all=len(offered) <= MOST_VALUES,  # it would stop at the most that can be chosen
        key=f"many_values_{setting}_{hash(offered)}",
        persist_state="session",
        format_func=lambda value: setting_value(setting, value),
    )
    return tuple(value for value in offered if value in chosen)


def _order(value: object) -> tuple[float, ...]:
    """Numbers by size, layers by their number and then by their sizes."""
    if isinstance(value, tuple):
        return (len(value), *value)
    return (float(str(value)),)


def _progress(job: Job) -> None:
    count = len(job.tasks)
    if job.state == "waiting":
        words = "Another experiment is running on this server; yours waits for it to end"
    else:
        left = job.seconds_left
        words = f"{job.done} of {count} runs"
        if left is not None:
            words += f", about {_duration(left)} left"
    st.progress(job.done / count, words)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _result(visit: Visit, job: Job) -> None:
    if job.state == "failed":
        st.error(f"The experiment stopped: {job.error}", icon=":material/error:")
    outcomes = summary.finished(job)
    if not outcomes:
        if job.state == "late":
            st.warning(f"{too_long()} No run was finished by then.", icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        when = _when()
        accuracy = _threshold(job)
        best, worst = summary.best_and_worst(outcomes, when)
        for label, outcome in (("Open the best run", best), ("Open the worst run", worst)):
            locked = settings.why_locked(visit, outcome.spec)
            about = f"It can't be opened: {locked}." if locked else _about(outcome)
            if st.button(label, key=f"many_{label}", help=about, disabled=bool(locked)):
                settings.open_spec(outcome.spec)
                st.rerun()
    st.markdown(in_words(job, accuracy, when))
    if len(job.experiment.varied) == 2:
        _grid(job, accuracy, when)
    elif job.experiment.varied:
        _lines(job, accuracy, when)
    else:
        epochs = job.experiment.epochs
        train, test = (summary.band(outcomes, part, epochs) for part in ("train", "test"))
        st.plotly_chart(charts.bands(train, test), key="many_bands", config=CONFIG)


def _when() -> When:
    """The epoch at which runs are judged."""
    chosen: When = st.segmented_control(
        "Judge each run",
        list(WHEN),
        default="best",
        required=True,
        key="many_when",
        persist_state="session",
        format_func=lambda name: WHEN[name],
        help="The best epoch of a run is the one with its lowest test loss. The last epoch may be "
        "an unlucky one: a spike there says little about the seed.",
        width="content",
    )
    return chosen


def _threshold(job: Job) -> float:
    """The test accuracy from which on a run counts as a success."""
    name = job.experiment.spec.score_name
    return st.slider(
        f"Success: test {name} of at least",
        0.5,
        1.0,
        0.9,
        0.01,
        key="many_accuracy",
        persist_state="session",
        width=260,
    )


def in_words(job: Job, accuracy: float, when: When) -> str:
    """How many succeeded, and how far apart the runs are, at their best and at the last epoch."""
    outcomes = summary.finished(job)
    count = len(outcomes)
    successes = summary.successes(outcomes, accuracy, when)
    diverged = sum(outcome.diverged for outcome in outcomes)
    words = [
        f"**{successes} of {count}** {'run succeeds' if count == 1 else 'runs succeed'} "
        f"({successes / count:.0%}), each judged {WHEN[when]}.",
        f"Test loss at each run’s best epoch: {_spread(outcomes, 'best')}; at the last epoch: "
        f"{_spread(outcomes, 'last')}.",
    ]
    if diverged:
        words.append(
            "1 run diverged: it counts as a failure, and the bands leave it out from then on."
            if diverged == 1
            else f"{diverged} runs diverged: they count as failures, and the bands leave them out "
            "from then on."
        )
    if job.state == "cancelled":
        words.append(f"Cancelled after {count} of {len(job.tasks)} runs.")
    elif job.state == "late":
        words.append(f"{too_long()} It ended after {count} of {len(job.tasks)} runs.")
    return " ".join(words)


def too_long() -> str:
    """Why an experiment was stopped that nobody has cancelled."""
    limit = config().experiment_seconds
    return f"The experiment was stopped: on this server it may take {limit:,g} s."


def _spread(outcomes: Sequence[Outcome], when: When) -> str:
    """The median, the lowest and the highest test loss of some runs."""
    best, worst = (_loss(one.test_loss_at(when)) for one in summary.best_and_worst(outcomes, when))
    median = _loss(summary.median_test_loss(outcomes, when))
    return f"median **{median}**, from {best} to {worst}"


def _loss(loss: float) -> str:
    return f"{loss:.3g}" if math.isfinite(loss) else "∞"


def _about(outcome: Outcome) -> str:
    spec = outcome.spec
    seeds = f"Weight seed {spec.weight_seed}, data seed {spec.data_seed}: "
    if outcome.diverged:
        return f"{seeds}it diverged."
    return (
        f"{seeds}test loss {outcome.best_test_loss:.4g} and test {spec.score_name} "
        f"{outcome.best_test_accuracy:.3g} at epoch {outcome.best_epoch}, its best; test loss "
        f"{outcome.test_loss_at('last'):.4g} at the last epoch."
    )


def _measure() -> summary.Measure:
    chosen: summary.Measure = st.segmented_control(
        "Shown",
        list(MEASURES),
        default="test_loss",
        required=True,
        key="many_measure",
        persist_state="session",
        format_func=lambda name: MEASURES[name],
        label_visibility="collapsed",
    )
    return chosen


def _grid(job: Job, accuracy: float, when: When) -> None:
    measure = _measure()
    values = summary.grid(job, measure, accuracy, when)
    figure = charts.heat_map(
        values, job.experiment.varied, MEASURES[measure], more_is_better=measure == "success"
    )
    st.plotly_chart(figure, key="many_grid", config=CONFIG)


def _lines(job: Job, accuracy: float, when: When) -> None:
    (varied,) = job.experiment.varied
    losses, shares = (summary.grid(job, measure, accuracy, when) for measure in MEASURES)
    rows = []
    for index, value in enumerate(varied.values):
        outcomes = summary.of_cell(job, (index,))
        if outcomes:
            rows.append(
                {
                    setting_name(varied.setting): setting_value(varied.setting, value),
                    f"median test loss, each run {WHEN[when]}": _loss(losses[index]),
                    "successes": f"{shares[index]:.0%}",
                    "runs": len(outcomes),
                }
            )
    st.dataframe(rows, hide_index=True, width="content")
