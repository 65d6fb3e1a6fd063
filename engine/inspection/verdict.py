"""What a teacher says of a training run: from measured numbers to a sentence, and nothing else.

`Measured` has the numbers, `verdict` judges them. So what is said depends on nothing that isn't
written there, and each threshold below is the same for all runs.
"""

from dataclasses import dataclass
from typing import Literal

from engine.inspection.words import compared, digits

Kind = Literal[
    "start",  # not trained, or hardly; nothing stands in the way
    "good",  # it learns, or it has learned
    "solved",
    "diverged",
    "no_hidden",
    "symmetric",
    "dead",
    "saturated",
    "vanishing",
    "exploding",
    "overfitting",
    "unstable",  # the loss is larger than before training, or rises again
    "slow",  # it learns, but would need many times the epochs
    "stuck",  # it doesn't learn, and no layer shows why
]

# A layer counts as saturated or dead if more than half of it is: the rest can't make up for it.
MOST = 0.5
# The error signal of the earliest layers against that of the last hidden one. A network of tanh or
# ReLU with fitting initial weights keeps it within a factor of ten. A layer that gets a thousandth
# needs a thousand times the epochs; one that gets a hundred times as much needs a learning rate so
# small that the last layers stand still.
FADED = 1e-3
GROWN = 100.0
# With a quarter of the loss of an output that is always 0, and hardly a point wrong, the task is
# done; what is left is to grow sure of it. Of test points one more may be wrong: they are few.
SOLVED_LOSS = 0.25
SOLVED_SCORE = 0.98
SOLVED_TEST_SCORE = 0.96
# Half of what can be gained over guessing: then the layers do their work, whatever they look like.
WELL = 0.5
# A score may do so by chance; with this much of the loss of an output of 0, little is learned.
NEAR_ZERO_LOSS = 0.85
# Epochs before which a loss that does not fall yet says nothing.
EARLY = 20
BEGUN = 0.05  # a loss this far below that of the start, and of an output of 0, shows that it learns
# By how much the loss falls from one stretch to the next, a stretch being a quarter of the run.
# Less than 2 % is a plateau; less than 4 % needs more than four times the epochs so far to halve.
PLATEAU = 0.02
SLOW = 0.04
# The test loss over its lowest value, while the training loss goes on falling; less may be chance.
RISEN = 1.25
# Or the test loss over the training loss, and how far the scores are apart: of 50 test points, 15 %
# are more than twice what chance makes of it.
APART, SCORES_APART = 2.0, 0.15
# The size of a step against that of the weights: a tenth of the usual rule of thumb, 0.001.
TINY_STEP = 1e-4
# The loss over its lowest value, or over that of the start, for a whole stretch: no single spike.
UNSTABLE = 2.0
ENDLESS = 1e6  # times the start: it only looks finite

NOISE_LEFT = 1.1  # times the loss that noise makes: of some hundred points it is known that well

LINEAR_REMEDY = "Linear layers add up to a single one: try tanh or ReLU"


@dataclass(frozen=True)
class Measured:
    """The numbers of a moment of a run. Those of layers are of each hidden layer, unless said.

    Attributes:
        epochs: trained so far; mid-epoch, with the fraction completed.
        diverged: whether the numbers stopped being finite after this moment.
        units: of each hidden layer; empty without one.
        activation: its label; what follows are three properties of it.
        saturates, is_linear, max_slope: as in `Activation`.
        flat: share of the activations whose slope is next to nothing. Saturated if the activation
            saturates; else inactive, as half of the activations of ReLUs are by nature.
        dead: units that are inactive for every training point.
        equal: whether all units have equal weights and biases.
        error_rms: RMS of dJ/dZ, that of the output layer at the end.
        updates: ‖ΔW‖ / ‖W‖ of the next step, that of the output layer at the end.
        start_loss, train_loss: training loss at epoch 0, and now.
        stretch_before, stretch: what is typical of the training loss in the last stretch of epochs,
            and in the one before.
        best_loss: lowest training loss so far.
        zero_loss: training loss of a network whose output is always 0, for comparison.
        noise_loss: what the noise of the values alone makes of the loss; 0 if that isn't known.
        test_loss: now.
        recent_test_loss: typical of the last few epochs.
        best_test_loss, best_test_epoch: lowest so far, and when.
        best_test_train_loss: training loss of that epoch.
        train_score, test_score: accuracy, or R².
        guess_score: the score on the training points of always guessing the same.
        is_regression: whether the score is R².
        has_plain_inputs: whether the inputs are coordinates, no functions of them.
        coordinates: of a point.
        is_penalized: whether large weights are.
    """

    epochs: float
    diverged: bool
    units: tuple[int, ...]
    activation: str
    saturates: bool
    is_linear: bool
    max_slope: float
    flat: tuple[float, ...]
    dead: tuple[int, ...]
    equal: tuple[bool, ...]
    error_rms: tuple[float, ...]
    updates: tuple[float, ...]
    start_loss: float
    train_loss: float
    stretch_before: float
    stretch: float
    best_loss: float
    zero_loss: float
    noise_loss: float
    test_loss: float
    recent_test_loss: float
    best_test_loss: float
    best_test_epoch: int
    best_test_train_loss: float
    train_score: float
    test_score: float
    guess_score: float
    is_regression: bool
    has_plain_inputs: bool
    coordinates: int
    is_penalized: bool

    @property
    def gained(self) -> float:
        """The share of what can be gained over guessing: 1 if all is right, 0 if nothing is."""
        possible = 1.0 - self.guess_score
        return (self.train_score - self.guess_score) / possible if possible else 1.0

    @property
    def has_reached_noise(self) -> bool:
        """Whether the training loss is down to what no network could explain."""
        return self.noise_loss > 0.0 and self.stretch <= NOISE_LEFT * self.noise_loss

    @property
    def fell(self) -> float:
        """The share by which the training loss fell from one stretch to the next."""
        return 1.0 - self.stretch / self.stretch_before if self.stretch_before else 0.0


@dataclass(frozen=True)
class Verdict:
    """What is said of a run.

    Attributes:
        kind: see `Kind`.
        text: a sentence or two, with the numbers that led to it and one thing to try.
        layer: the hidden layer that it is about, 1 for the first; None if it is about none.
    """

    kind: Kind
    text: str
    layer: int | None = None


def verdict(measured: Measured) -> Verdict:
    """Judge a run. What is certain comes first, what is merely likely last."""
    return (
        _diverged(measured)
        or _solved(measured)
        or _no_hidden(measured)
        or _overfitting(measured)
        or (None if _does_well(measured) else _sick_layer(measured))
        or _progress(measured)
    )


def _diverged(m: Measured) -> Verdict | None:
    if m.diverged and m.epochs == 0:
        return Verdict(
            "diverged",
            f"Diverged in the first epoch, from a training loss of {digits(m.start_loss)}: the "
            "numbers became too large. Try smaller initial weights or a smaller learning rate.",
        )
    if m.diverged:
        return Verdict(
            "diverged",
            f"Diverged after epoch {m.epochs:.0f}, at a training loss of {digits(m.train_loss)}: "
            "the numbers became too large. Try a smaller learning rate.",
        )
    if m.train_loss > ENDLESS * max(m.start_loss, m.zero_loss):
        return Verdict(
            "diverged",
            f"Diverging: the training loss grew from {digits(m.start_loss)} to "
            f"{digits(m.train_loss)}. Try a smaller learning rate.",
        )
    return None


def _solved(m: Measured) -> Verdict | None:
    is_solved = (
        m.epochs > 0
        and m.train_score >= SOLVED_SCORE
        and m.test_score >= SOLVED_TEST_SCORE
        and m.stretch <= SOLVED_LOSS * m.zero_loss
    )
    if not is_solved:
        return None
    return Verdict(
        "solved",
        f"Solved: {_scores(m)}, at a training loss of {digits(m.train_loss)}. "
        f"Try {'fewer units or ' if m.units else ''}harder data.",
    )


def _no_hidden(m: Measured) -> Verdict | None:
    if m.units:
        return None
    if not m.has_plain_inputs:
        drawn = "weigh its inputs and add them up"
    elif m.is_regression:
        drawn = "fit a straight line" if m.coordinates == 1 else "fit a plane"
    else:
        drawn = "draw straight boundaries"
    so_far = f" So far {_scores(m)}." if m.epochs else ""
    return Verdict(
        "no_hidden", f"Without a hidden layer the network can only {drawn}.{so_far} Add a layer."
    )


def _overfitting(m: Measured) -> Verdict | None:
    if m.gained < WELL:
        return None
    # learned by heart: the training loss is better than then, and better than the test loss
    learned = max(m.stretch, m.train_loss)
    has_risen = m.recent_test_loss > RISEN * m.best_test_loss and learned < min(
        m.best_test_train_loss, m.recent_test_loss / RISEN
    )
    is_apart = m.recent_test_loss > APART * learned and (
        m.train_score - m.test_score > SCORES_APART
    )
    if has_risen:
        found = (
            f"the training loss is {digits(m.train_loss)}, but the test loss rose from "
            f"{digits(m.best_test_loss)} at epoch {m.best_test_epoch} to {digits(m.test_loss)}"
        )
    elif is_apart:
        found = (
            f"the training loss is {digits(m.train_loss)}, the test loss {digits(m.test_loss)}; "
            f"{_scores(m)}"
        )
    else:
        return None
    penalty = "a higher regularization rate" if m.is_penalized else "L2"
    return Verdict(
        "overfitting", f"Overfitting: {found}. Try more samples, {penalty} or fewer units."
    )


def _does_well(m: Measured) -> bool:
    if m.epochs == 0:
        return False
    return m.has_reached_noise or (m.gained >= WELL and m.stretch < m.zero_loss)


def _sick_layer(m: Measured) -> Verdict | None:
    return _symmetric(m) or _dead(m) or _saturated(m) or _errors_on_their_way(m)


def _symmetric(m: Measured) -> Verdict | None:
    equal = [units if same else 0 for units, same in zip(m.units, m.equal, strict=True)]
    layer = _largest(equal)
    if equal[layer] < 2:
        return None
    return Verdict(
        "symmetric",
        f"Symmetric: {_units(equal[layer], equal[layer])} of hidden {layer + 1} have equal "
        "weights, so they get equal gradients and stay equal. Start with random initial weights.",
        layer + 1,
    )


def _dead(m: Measured) -> Verdict | None:
    shares = [dead / units for dead, units in zip(m.dead, m.units, strict=True)]
    layer = _largest(shares)
    if shares[layer] <= MOST:
        return None
    dead, units = m.dead[layer], m.units[layer]
    remedy = "a smaller learning rate" if m.epochs else "different initial weights"
    return Verdict(
        "dead",
        f"Dead: {_units(dead, units)} of hidden {layer + 1} "
        f"{'is' if dead == 1 else 'are'} inactive for every training point, so no gradient "
        f"reaches {'it' if dead == 1 else 'them'}. Start again with {remedy} or leaky ReLU.",
        layer + 1,
    )


def _saturated(m: Measured) -> Verdict | None:
    layer = _largest(m.flat)
    if not m.saturates or m.flat[layer] <= MOST:
        return None
    remedy = "smaller initial weights"
    if m.epochs:
        remedy += " or a smaller learning rate"
    return Verdict(
        "saturated",
        f"Saturated: {m.flat[layer]:.0%} of the activations of hidden {layer + 1} are where "
        f"{m.activation} is flat: hardly any gradient passes. Try {remedy}.",
        layer + 1,
    )


def _errors_on_their_way(m: Measured) -> Verdict | None:
    """Whether the error signal fades, or grows, from the last hidden layer back to the first."""
    hidden = m.error_rms[:-1]
    last = hidden[-1]
    if last == 0.0:
        return None
    # compared with the last one: where the loss is small, they are all small together
    smallest, largest = _largest([-rms for rms in hidden]), _largest(hidden)
    grown, faded = hidden[largest] / last, hidden[smallest] / last
    if grown > GROWN:
        return Verdict(
            "exploding",
            f"Exploding: the error signal in hidden {largest + 1} is {compared(grown)} that in "
            f"hidden {len(hidden)}. Try smaller initial weights.",
            largest + 1,
        )
    if faded < FADED:
        # a slope that is never near 1 takes its factor in each layer, whatever the weights
        remedy = "larger initial weights, as Xavier's or He's"
        if m.max_slope < 0.5:
            remedy = "tanh or ReLU, or fewer layers"
        elif m.is_penalized and m.epochs:
            remedy = "larger initial weights or a lower regularization rate"  # which shrinks them
        return Verdict(
            "vanishing",
            f"Vanishing: the error signal in hidden {smallest + 1} is {compared(faded)} that in "
            f"hidden {len(hidden)}. Try {remedy}.",
            smallest + 1,
        )
    return None


def _progress(m: Measured) -> Verdict:
    """Of a run whose layers are sound: how the loss moves."""
    was, now = digits(m.start_loss), digits(m.train_loss)
    learning = f"Learning: the training loss fell from {was} to {now}, and {_scores(m)}."
    if m.epochs == 0:
        return Verdict("start", f"Not trained yet{_flow(m)}. Press Play.")
    if m.stretch > UNSTABLE * max(m.start_loss, m.zero_loss):
        return _unstable(f"from {was} at the start to {now}")
    if m.stretch > UNSTABLE * m.best_loss and m.stretch > m.stretch_before:
        return _unstable(f"from {digits(m.best_loss)} at its lowest to {now}")
    if m.epochs < EARLY:
        if m.train_loss < (1.0 - BEGUN) * min(m.start_loss, m.zero_loss):
            return Verdict("good", f"{learning} Let it play on.")
        return Verdict(
            "start",
            f"Too early to tell: in {_epochs(m.epochs)} the training loss went from {was} to "
            f"{now}. Let it play on.",
        )
    if m.has_reached_noise:
        return Verdict(
            "good",
            f"Settled: the training loss is {now}, and noise alone accounts for "
            f"{digits(m.noise_loss)}: there is nothing more to learn, though {_scores(m)}. "
            "Try less noise.",
        )
    if m.gained < WELL or m.stretch > NEAR_ZERO_LOSS * m.zero_loss:
        if m.fell < PLATEAU:
            return _stuck(m)
        if m.fell < SLOW or m.stretch > (1.0 - BEGUN) * m.zero_loss:
            # far above what an output of 0 gets, it first has to undo its initial weights
            has_far_to_go = m.start_loss > UNSTABLE * m.zero_loss
            remedy = "smaller initial weights" if has_far_to_go else "Adam"
            return Verdict(
                "slow",
                f"Slow: in {_epochs(m.epochs)} the training loss went from {was} to {now}, and "
                f"{_scores(m)}. Try a larger learning rate, or {remedy}.",
            )
    if m.fell < PLATEAU:
        remedy = LINEAR_REMEDY if m.is_linear else "Try more units, or a smaller learning rate"
        return Verdict(
            "good",
            f"Settled: the training loss hardly falls any more, at {now}, and {_scores(m)}. "
            f"{remedy}.",
        )
    return Verdict("good", f"{learning} Let it play on.")


def _unstable(change: str) -> Verdict:
    return Verdict(
        "unstable",
        f"Unstable: the training loss rose {change}: the steps overshoot. Try a smaller learning "
        "rate.",
    )


def _stuck(m: Measured) -> Verdict:
    if m.is_linear:
        remedy = LINEAR_REMEDY
    elif m.is_penalized:
        remedy = "Try a lower regularization rate"
    elif max(m.updates) < TINY_STEP:
        remedy = "The steps are tiny: try a larger learning rate"
    else:
        remedy = "Try another learning rate, more units or another weight seed"
    guess = "" if m.is_regression else f"; guessing gets {m.guess_score:.0%}"
    return Verdict(
        "stuck",
        f"Stuck: the training loss stays near {digits(m.train_loss)}, and {_scores(m)}{guess}. "
        f"{remedy}.",
    )


def _flow(m: Measured) -> str:
    """How the error signal gets through to the first of several hidden layers."""
    hidden = m.error_rms[:-1]
    if len(hidden) < 2 or hidden[-1] == 0.0:
        return ""
    ratio = hidden[0] / hidden[-1]
    how = "grows, but gets" if ratio > 10.0 else "fades, but gets" if ratio < 0.1 else "gets"
    return (
        f". The error signal in hidden 1 is {compared(ratio)} that in hidden {len(hidden)}: it "
        f"{how} through"
    )


def _scores(m: Measured) -> str:
    if m.is_regression:
        return f"R² is {_r_squared(m.train_score)} (test {_r_squared(m.test_score)})"
    return f"accuracy is {m.train_score:.0%} (test {m.test_score:.0%})"


def _r_squared(score: float) -> str:
    """With two digits, and a minus sign only if it is below 0 with these."""
    if score < -10.0:
        return "far below 0"
    return f"{round(score, 2) + 0.0:.2f}".replace("-", "−")


def _epochs(epochs: float) -> str:
    return "1 epoch" if epochs == 1 else f"{epochs:.3g} epochs"


def _units(some: int, units: int) -> str:
    """Some of the units of a layer, as “both units” or “3 of the 4 units”."""
    if some < units:
        return f"{some} of the {units} units"
    return {1: "the only unit", 2: "both units"}.get(units, f"all {units} units")


def _largest(values: "tuple[float, ...] | list[float] | list[int]") -> int:
    """The index of the largest value, the first one of several."""
    return max(range(len(values)), key=values.__getitem__)
