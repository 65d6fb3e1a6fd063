"""What is said of a run: a table of trained runs, each with what a teacher says of it.

What is expected was decided from the numbers of each run: losses, scores and gradients. Runs that a
teacher could read either way are not in it.
"""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from engine import Run, Spec, inspection
from engine.inspection.layers import measure
from engine.inspection.verdict import Kind, Measured, verdict
from engine.inspection.words import compared, digits

DEEP = (8,) * 6
SMALL = Spec(samples=120)
LINEAR = replace(SMALL, activation="linear")
RELU = replace(SMALL, activation="relu", initializer="he")
SIGMOID = replace(SMALL, activation="sigmoid")
NORMAL = replace(SMALL, initializer="normal")
ZEROS = replace(SMALL, initializer="zeros", hidden=(4, 4))
NO_LAYER = replace(SMALL, hidden=())
ADAM = replace(SMALL, optimizer="adam", learning_rate=0.01)
FEW = replace(
    ADAM, samples=60, test_share=0.5, noise=0.4, hidden=(16, 16), learning_rate=0.01, batch_size=10
)
CIRCLES = replace(SMALL, dataset="circles", noise=0.1)

# kind -> (what it is, its Spec, epochs, live changes as (epoch, learning rate))
TABLE = {
    "start": [
        ("tanh, Xavier", SMALL, 0),
        ("ReLU, He", RELU, 0),
        ("six layers, tanh, Glorot", replace(SMALL, hidden=DEEP, initializer="glorot_uniform"), 0),
        ("a few small steps", replace(SMALL, learning_rate=0.001), 5),
    ],
    "good": [
        ("moons", replace(SMALL, samples=200), 30),
        ("moons, strewn widely", replace(SMALL, samples=200, noise=0.4, data_seed=3), 100),
        ("a ring closes", replace(CIRCLES, samples=200, hidden=(4,), weight_seed=2), 150),
        (
            "three spirals, momentum",
            replace(
                SMALL,
                dataset="spirals",
                classes=3,
                samples=300,
                noise=0.1,
                hidden=(12, 12),
                optimizer="momentum",
                learning_rate=0.05,
            ),
            60,
        ),
        (
            "checkerboard, GELU",
            replace(
                ADAM,
                dataset="checkerboard",
                samples=400,
                noise=0.05,
                hidden=(16, 16),
                activation="gelu",
                initializer="he",
            ),
            80,
        ),
        (
            "curve",
            replace(ADAM, dataset="curve", noise=0.1, hidden=(8,), learning_rate=0.02, samples=150),
            120,
        ),
        (
            "five blobs, sigmoid",
            replace(
                SIGMOID,
                dataset="blobs",
                classes=5,
                samples=250,
                noise=0.3,
                hidden=(6,),
                learning_rate=0.5,
            ),
            60,
        ),
        (
            "hills, ELU, RMSProp",
            replace(
                SMALL,
                dataset="hills",
                samples=200,
                noise=0.1,
                activation="elu",
                optimizer="rmsprop",
                learning_rate=0.005,
            ),
            60,
        ),
        (
            "a plane under heavy noise: nothing more to learn",
            replace(SMALL, dataset="plane", samples=300, noise=0.4, learning_rate=0.03),
            100,
        ),
        ("XOR, ReLU", replace(RELU, dataset="xor", samples=200, noise=0.3, hidden=(8,)), 80),
        (
            "L2",
            replace(SMALL, samples=200, noise=0.3, regularization="l2", regularization_rate=0.003),
            100,
        ),
        ("six layers, tanh", replace(SMALL, samples=200, noise=0.3, hidden=DEEP), 40),
        (
            "six layers, ReLU",
            replace(RELU, samples=200, noise=0.3, hidden=DEEP, learning_rate=0.03),
            60,
        ),
    ],
    "solved": [
        ("two blobs need no layer", replace(NO_LAYER, dataset="blobs", noise=0.05), 60),
        (
            "nor do three",
            replace(NO_LAYER, dataset="blobs", classes=3, samples=150, noise=0.05),
            80,
        ),
        ("nor a plane", replace(NO_LAYER, dataset="plane", samples=100, noise=0.02), 60),
        (
            "nor XOR with x₁x₂",
            replace(
                NO_LAYER,
                dataset="xor",
                samples=200,
                noise=0.0,
                features=("x1", "x2", "x1_x2"),
                learning_rate=1.0,
            ),
            100,
        ),
        (
            "XOR, a third of its units saturated",
            replace(SMALL, dataset="xor", samples=200, noise=0.0, hidden=(8,), learning_rate=0.3),
            150,
        ),
        ("circles", replace(CIRCLES, samples=200, noise=0.05, learning_rate=0.3), 120),
        (
            "spirals: all gradients are small",
            replace(
                ADAM, dataset="spirals", samples=200, noise=0.0, hidden=(16, 16), learning_rate=0.02
            ),
            200,
        ),
        (
            "half of the ReLUs inactive",
            replace(RELU, dataset="blobs", noise=0.05, hidden=(8,), learning_rate=0.5),
            60,
        ),
    ],
    "vanishing": [
        ("six layers of sigmoid", replace(SIGMOID, hidden=DEEP), 0),
        ("the same, trained", replace(SIGMOID, hidden=DEEP), 100),
        ("tiny weights", replace(NORMAL, weight_sigma=0.01, hidden=(8,) * 5), 0),
        (
            "tiny weights, linear",
            replace(LINEAR, initializer="normal", weight_sigma=0.03, hidden=DEEP),
            0,
        ),
        ("regression", replace(SIGMOID, dataset="hills", hidden=(6,) * 7), 60),
        (
            "four classes",
            replace(SIGMOID, dataset="blobs", classes=4, hidden=(6,) * 8, learning_rate=0.3),
            40,
        ),
    ],
    "exploding": [
        ("linear", replace(NORMAL, activation="linear", weight_sigma=3.0, hidden=DEEP), 0),
        ("ReLU", replace(NORMAL, activation="relu", weight_sigma=2.0, hidden=(16,) * 6), 0),
        (
            "leaky ReLU, regression",
            replace(
                NORMAL,
                dataset="hills",
                activation="leaky_relu",
                weight_sigma=2.0,
                hidden=(12,) * 5,
            ),
            0,
        ),
        (
            "SiLU, trained with the smallest steps",
            replace(
                NORMAL, activation="silu", weight_sigma=3.0, hidden=(12,) * 5, learning_rate=1e-5
            ),
            5,
        ),
    ],
    "saturated": [
        ("large weights", replace(NORMAL, weight_sigma=8.0, hidden=DEEP), 0),
        ("four layers", replace(NORMAL, weight_sigma=5.0, hidden=(8,) * 4), 40),
        (
            "sigmoid",
            replace(
                SIGMOID,
                dataset="spirals",
                initializer="normal",
                weight_sigma=10.0,
                hidden=(8, 8, 8),
            ),
            40,
        ),
        ("large steps", replace(SMALL, samples=200, learning_rate=10.0), 40),
        (
            "large steps, later on",
            replace(SMALL, dataset="spirals", samples=200, noise=0.1),
            30,
            (10, 10.0),
        ),
        (
            "regression",
            replace(NORMAL, dataset="hills", samples=150, weight_sigma=8.0, hidden=(8, 8, 8)),
            30,
        ),
    ],
    "dead": [
        (
            "circles",
            replace(
                RELU, dataset="circles", samples=200, noise=0.2, hidden=(8, 8, 8), learning_rate=3.0
            ),
            40,
        ),
        (
            "two thirds of a layer",
            replace(
                RELU,
                dataset="spirals",
                classes=3,
                samples=200,
                hidden=(6, 6),
                learning_rate=3.0,
                weight_seed=4,
            ),
            40,
        ),
        ("regression", replace(RELU, dataset="hills", samples=150, learning_rate=1.0), 40),
        ("later on", replace(RELU, samples=200, hidden=(6, 6)), 40, (20, 10.0)),
        (
            "Adam",
            replace(
                RELU, dataset="xor", samples=150, hidden=(6, 6), optimizer="adam", learning_rate=1.0
            ),
            40,
        ),
        (
            "GELU",
            replace(RELU, samples=200, activation="gelu", hidden=(6, 6), learning_rate=10.0),
            40,
        ),
    ],
    "symmetric": [
        ("zeros", ZEROS, 0),
        ("zeros, ReLU, trained", replace(ZEROS, dataset="circles", activation="relu"), 30),
        (
            "zeros, sigmoid: gradients flow, but all are equal",
            replace(ZEROS, dataset="circles", activation="sigmoid", hidden=(6,), learning_rate=0.5),
            80,
        ),
        (
            "σ = 0, regression",
            replace(NORMAL, dataset="hills", weight_sigma=0.0, hidden=(5, 5)),
            20,
        ),
    ],
    "overfitting": [
        ("moons", FEW, 200),
        ("circles", replace(FEW, dataset="circles", data_seed=1, learning_rate=0.02), 150),
        ("checkerboard", replace(FEW, dataset="checkerboard", noise=0.3, hidden=(24, 24)), 150),
        (
            "a curve through every point",
            replace(FEW, dataset="curve", samples=40, hidden=(32, 32), learning_rate=0.02),
            300,
        ),
        (
            "three spirals",
            replace(FEW, dataset="spirals", classes=3, samples=80, noise=0.3),
            200,
        ),
    ],
    "stuck": [
        ("linear on circles", replace(LINEAR, dataset="circles", samples=150), 60),
        (
            "linear on XOR",
            replace(
                LINEAR,
                dataset="xor",
                samples=150,
                hidden=(6,),
                optimizer="adam",
                learning_rate=0.01,
            ),
            60,
        ),
        ("tiny steps", replace(SMALL, learning_rate=1e-5), 60),
        ("one unit on circles", replace(CIRCLES, samples=150, noise=0.05, hidden=(1,)), 100),
        (
            "two units on a checkerboard",
            replace(SMALL, dataset="checkerboard", samples=200, noise=0.0, hidden=(2,)),
            100,
        ),
        ("a plateau", replace(CIRCLES, samples=150, learning_rate=0.003), 80),
        ("L1", replace(SMALL, samples=150, regularization="l1", regularization_rate=0.1), 40),
    ],
    "slow": [("small steps", replace(SMALL, samples=200, learning_rate=0.001), 100)],
    "unstable": [
        ("ELU, large steps", replace(SMALL, samples=150, activation="elu", learning_rate=5.0), 40),
        (
            "ELU, RMSProp, regression",
            replace(
                SMALL,
                dataset="hills",
                samples=150,
                activation="elu",
                hidden=(8,),
                optimizer="rmsprop",
                learning_rate=1.0,
            ),
            40,
        ),
    ],
    "no_hidden": [
        ("not trained", NO_LAYER, 0),
        ("moons", replace(NO_LAYER, samples=150), 60),
        ("circles", replace(NO_LAYER, dataset="circles"), 60),
        ("regression", replace(NO_LAYER, dataset="hills"), 60),
        ("five spirals", replace(NO_LAYER, dataset="spirals", classes=5, samples=150), 60),
    ],
    "diverged": [
        (
            "past all bounds, still finite",
            replace(NO_LAYER, dataset="plane", samples=100, learning_rate=3.0),
            60,
        ),
        (
            "ReLU",
            replace(RELU, dataset="hills", samples=60, hidden=(8, 8, 8), learning_rate=10.0),
            60,
        ),
        (
            "momentum",
            replace(
                LINEAR,
                dataset="plane",
                samples=60,
                hidden=(4,),
                optimizer="momentum",
                learning_rate=1.0,
            ),
            60,
        ),
        (
            "later on, from a plane that was fitted",
            replace(LINEAR, dataset="plane", samples=60, hidden=(4,)),
            60,
            (10, 10.0),
        ),
        (
            "in the first step",
            replace(NORMAL, activation="relu", weight_sigma=10.0, hidden=(16,) * 10),
            10,
        ),
    ],
}
ROWS = [
    pytest.param(kind, spec, epochs, changes, id=f"{kind}: {name}")
    for kind, rows in TABLE.items()
    for name, spec, epochs, *changes in rows
]


def trained(spec, epochs, changes=()):
    """A run; changes: (epoch, learning rate) of each."""
    run = Run(spec)
    for epoch, rate in changes:
        run.advance(epoch)
        run.change("learning_rate", rate)
    run.advance(epochs - run.epoch)
    return run


@pytest.mark.parametrize(("kind", "spec", "epochs", "changes"), ROWS)
def test_a_run_gets_the_verdict_of_a_teacher(kind, spec, epochs, changes):
    found = inspection.diagnose(trained(spec, epochs, changes))
    assert found.kind == kind, found.text
    assert found.text.endswith(".")
    assert len(found.text) < 170  # two lines below the heading


def test_the_table_has_sixty_runs_and_every_kind():
    assert len(ROWS) >= 60
    assert set(TABLE) == set(get_args(Kind))


# a run that learns; each test changes what it is about
LEARNS = Measured(
    epochs=100.0,
    diverged=False,
    units=(4, 6, 4),
    activation="tanh",
    saturates=True,
    is_linear=False,
    max_slope=1.0,
    flat=(0.1, 0.2, 0.0),
    dead=(0, 0, 0),
    equal=(False, False, False),
    error_rms=(0.01, 0.02, 0.01, 0.03),
    updates=(0.001, 0.001, 0.001, 0.001),
    start_loss=0.7,
    train_loss=0.6,
    stretch_before=0.66,
    stretch=0.61,
    best_loss=0.6,
    zero_loss=0.69,
    noise_loss=0.0,
    test_loss=0.62,
    recent_test_loss=0.62,
    best_test_loss=0.62,
    best_test_epoch=100,
    best_test_train_loss=0.6,
    train_score=0.7,
    test_score=0.7,
    guess_score=0.5,
    is_regression=False,
    has_plain_inputs=True,
    coordinates=2,
    is_penalized=False,
)


def test_the_worst_layer_is_named_not_the_first_one_past_the_threshold():
    found = verdict(replace(LEARNS, flat=(0.6, 0.95, 0.7)))
    assert (found.kind, found.layer) == ("saturated", 2)
    assert "95% of the activations of hidden 2" in found.text
    inactive = replace(LEARNS, saturates=False, activation="ReLU", flat=(0.9, 0.6, 0.9))
    found = verdict(replace(inactive, dead=(3, 4, 4)))
    assert (found.kind, found.layer) == ("dead", 3)  # all 4 of 4; before it 3 of 4, and 4 of 6
    assert "all 4 units of hidden 3" in found.text
    found = verdict(replace(LEARNS, error_rms=(9.0, 30.0, 0.1, 0.1)))
    assert (found.kind, found.layer) == ("exploding", 2)
    assert "hidden 2 is about 300 times that in hidden 3" in found.text


def test_half_of_the_relus_inactive_is_no_saturation():
    found = verdict(replace(LEARNS, saturates=False, activation="ReLU", flat=(0.9, 0.6, 0.5)))
    assert found.kind == "good"


def test_gradients_that_are_small_together_do_not_vanish():
    assert verdict(replace(LEARNS, error_rms=(1e-9, 2e-9, 1e-9, 3e-9))).kind == "good"
    found = verdict(replace(LEARNS, error_rms=(1e-9, 2e-5, 1e-3, 3e-3)))
    assert (found.kind, found.layer) == ("vanishing", 1)
    assert "hidden 1 is less than a thousandth of that in hidden 3" in found.text


def test_what_is_solved_is_never_warned_of():
    solved = replace(
        LEARNS, train_score=1.0, test_score=0.98, train_loss=0.01, stretch=0.01, best_loss=0.01
    )
    for wrong in (
        {"flat": (1.0, 1.0, 1.0)},
        {"saturates": False, "dead": (3, 5, 3)},
        {"equal": (True, True, True)},
        {"error_rms": (1e-9, 1e-6, 1e-3, 1e-3)},
        {"units": ()},
        {"stretch_before": 0.01},
    ):
        assert verdict(replace(solved, **wrong)).kind == "solved"


@pytest.mark.parametrize("score", [0.5, 0.7, 1.0])
@pytest.mark.parametrize("epochs", [0.0, 3.0, 100.0])
def test_what_diverged_is_never_called_healthy(score, epochs):
    found = verdict(replace(LEARNS, epochs=epochs, diverged=True, train_score=score))
    assert found.kind == "diverged"


@pytest.mark.parametrize("epochs", [0.0, 3.0, 100.0])
def test_without_a_hidden_layer_nothing_is_called_healthy_unless_it_is_solved(epochs):
    without = replace(LEARNS, units=(), flat=(), dead=(), equal=(), error_rms=(0.1,), epochs=epochs)
    assert verdict(without).kind == "no_hidden"
    assert "straight boundaries" in verdict(without).text
    assert "fit a plane" in verdict(replace(without, is_regression=True)).text
    assert "a straight line" in verdict(replace(without, is_regression=True, coordinates=1)).text
    assert "add them up" in verdict(replace(without, has_plain_inputs=False)).text


@pytest.mark.parametrize("epochs", [5.0, 100.0])
@pytest.mark.parametrize("loss", [0.69, 0.8])
def test_falling_from_a_bad_start_to_what_knows_nothing_is_not_learning(epochs, loss):
    found = verdict(
        replace(
            LEARNS,
            epochs=epochs,
            start_loss=500.0,
            stretch_before=2.0,
            stretch=loss,
            train_loss=loss,
            best_loss=loss,
            train_score=0.5,
        )
    )
    assert found.kind == ("start" if epochs < 20 else "slow")


def test_a_spike_is_no_verdict():
    """The last epoch alone went wrong: what is typical of the last stretch counts."""
    assert verdict(replace(LEARNS, train_loss=5.0)).kind == "good"
    assert verdict(replace(LEARNS, test_loss=5.0)).kind == "good"


def test_scores_far_apart_are_overfitting_though_the_test_loss_never_rose():
    found = verdict(replace(LEARNS, train_score=0.99, test_score=0.8, train_loss=0.1, stretch=0.1))
    assert found.kind == "overfitting"
    assert "accuracy is 99% (test 80%)" in found.text


def test_words_of_few_units():
    found = verdict(replace(LEARNS, units=(2, 6, 4), equal=(True, False, False)))
    assert found.text.startswith("Symmetric: both units of hidden 1 have")
    found = verdict(replace(LEARNS, saturates=False, units=(1, 6, 4), dead=(1, 0, 0)))
    assert "the only unit of hidden 1 is inactive" in found.text
    assert "no gradient reaches it" in found.text


def test_r_squared_below_0_has_a_minus_and_0_has_none():
    regression = replace(LEARNS, is_regression=True, guess_score=0.0)
    assert "R² is −0.25 (test 0.00)" in (
        verdict(replace(regression, train_score=-0.25, test_score=-0.001)).text
    )


def test_what_noise_makes_of_the_loss_is_not_left_to_learn():
    """R² is poor and the loss has stopped falling, and still nothing is wrong."""
    noisy = replace(
        LEARNS, is_regression=True, guess_score=0.0, train_score=0.4, stretch_before=0.61
    )
    assert verdict(noisy).kind == "stuck"
    found = verdict(replace(noisy, noise_loss=0.6))
    assert (found.kind, "noise alone accounts for 0.6" in found.text) == ("good", True)


def test_a_run_is_measured_at_its_last_epochs():
    run = trained(SMALL, 80)
    measured = measure(run)
    losses = run.history.train_loss
    assert (measured.epochs, measured.train_loss) == (80, losses[-1])
    assert measured.stretch == np.sort(losses[-20:])[10]
    assert measured.stretch_before == np.sort(losses[-40:-20])[10]
    assert measured.best_test_loss == run.history.test_loss.min()
    assert measured.updates == inspection.update_ratios(run)
    assert measured.zero_loss == pytest.approx(np.log(2))
    assert measured.guess_score == max(np.mean(run.train_labels), 1 - np.mean(run.train_labels))


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.0, "less than a thousandth of"),
        (0.000_99, "less than a thousandth of"),
        (0.001, "about a thousandth of"),
        (0.011, "about a hundredth of"),
        (0.1, "about a tenth of"),
        (0.24, "about a quarter of"),
        (0.36, "about a third of"),
        (0.5, "about half"),
        (0.7, "about two thirds of"),
        (0.8, "about as large as"),
        (1.0, "about as large as"),
        (1.25, "about as large as"),
        (1.4, "about 1.5 times"),
        (2.1, "about twice"),
        (3.2, "about 3 times"),
        (38.0, "about 40 times"),
        (4_321.0, "about 4,000 times"),
        (3e9, "more than 10⁹ times"),
        (float("inf"), "incomparably many times"),
    ],
)
def test_a_ratio_in_words(ratio, words):
    assert compared(ratio) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0.0, "0"),
        (0.69315, "0.693"),
        (12.34, "12.3"),
        (999.9, "1,000"),
        (217_345.0, "217,000"),
        (1.713e252, "1.71 × 10²⁵²"),
        (0.000_123_4, "1.23 × 10⁻⁴"),
        (float("inf"), "∞"),
    ],
)
def test_a_loss_in_words(number, words):
    assert digits(number) == words
