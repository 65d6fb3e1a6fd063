"""What is taken along: programs that end with the page's numbers, and files that load again."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_wine

from engine import Run, Spec
from engine.features import FEATURES, usable
from engine.own_data import standardized
from engine.run import PARAMETER, PARAMETERS
from engine.spec import CHOICES
from playground.export import (
    history_csv,
    python_script,
    settings_json,
    sklearn_script,
    weights_npz,
)
from playground.export.files import in_words, read_settings, read_weights

SMALL = Spec(samples=60, hidden=(5, 3), batch_size=10)
WINE = load_wine()
OWN = standardized(
    'wine "1".csv',
    tuple(WINE.feature_names[:7]),
    "kind",
    WINE.data[:, :7],
    WINE.target,
    ("red", "white", "rosé"),
)
PRICES = standardized(
    "prices.csv", ("a", "b", "c"), "price", WINE.data[:, :3], 100.0 * WINE.data[:, 12], ()
)
SPECS = {
    "default": Spec(),
    "all samples in a batch": replace(SMALL, batch_size=2_000),
    "no hidden layer": replace(SMALL, hidden=()),
    "three spirals": replace(SMALL, dataset="spirals", classes=3),
    "wound up spirals": replace(SMALL, dataset="spirals", parameters={"turns": 1.7}),
    "softmax for two": replace(SMALL, loss="softmax_cross_entropy"),
    "hills": replace(SMALL, dataset="hills"),
    "a curve": replace(SMALL, dataset="curve", optimizer="adam", learning_rate=0.01),
    "all inputs": replace(SMALL, features=usable(tuple(FEATURES), 2)),
    "own data": replace(SMALL, own=OWN, features=tuple(f"x{i}" for i in range(1, 8))),
    "own values": replace(SMALL, own=PRICES, features=("x1", "x3", "sin_x2"), learning_rate=0.01),
    "l1": replace(SMALL, regularization="l1", regularization_rate=0.01),
    "l2": replace(SMALL, regularization="l2", regularization_rate=0.01),
    **{f"{name} units": replace(SMALL, activation=name) for name in CHOICES["activation"]},
    **{f"{name} weights": replace(SMALL, initializer=name) for name in CHOICES["initializer"]},
    **{name: replace(SMALL, optimizer=name, learning_rate=0.01) for name in CHOICES["optimizer"]},
}


# Runs the scripts whose paths it is told, one after the other, each in a namespace of its own; says
# of each what it printed, or how it failed.
RUNNER = """
import contextlib, io, json, runpy, sys, traceback
sys.modules |= dict.fromkeys(sys.argv[1:])  # these can't be imported
for path in sys.stdin:
    printed, failure = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(path.strip(), run_name="__main__")
    except BaseException:
        failure = traceback.format_exc()
    print(json.dumps([printed.getvalue(), failure]), flush=True)
"""
OURS = ("plotly", "streamlit", "engine", "playground")


class Runner:
    """A process of its own, away from this project. To start one takes longer than most scripts."""

    def __init__(self, folder, *missing: str) -> None:
        self.script = folder / "network.py"
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", RUNNER, *missing],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def result(self, script: str) -> dict[str, float]:
        """What a script prints last."""
        self.script.write_text(script, encoding="utf-8")
        print(self.script, file=self.process.stdin, flush=True)
        printed, failure = json.loads(self.process.stdout.readline())
        assert not failure, failure
        return json.loads(printed.splitlines()[-1])

    def end(self) -> None:
        self.process.communicate()


@pytest.fixture(scope="module")
def with_numpy_alone(tmp_path_factory):
    runner = Runner(tmp_path_factory.mktemp("numpy"), "scipy", "sklearn", *OURS)
    yield runner
    runner.end()


@pytest.fixture(scope="module")
def with_scikit_learn(tmp_path_factory):
    runner = Runner(tmp_path_factory.mktemp("sklearn"), *OURS)
    yield runner
    runner.end()


@pytest.mark.parametrize("name", SPECS)
def test_the_script_ends_with_the_losses_of_the_run(name, with_numpy_alone):
    spec = SPECS[name]
    run = Run(spec)
    run.advance(30)
    result = with_numpy_alone.result(python_script(spec, 30))
    assert result["epoch"] == 30
    assert result["train_loss"] == pytest.approx(run.latest.train_loss, abs=1e-9, rel=1e-9)
    assert result["test_loss"] == pytest.approx(run.latest.test_loss, abs=1e-9, rel=1e-9)


@pytest.mark.parametrize("make", [python_script, sklearn_script])
def test_a_script_is_a_program(make, tmp_path):
    """As a person runs it: by its file name, in a folder that has nothing else."""
    (tmp_path / "mlp.py").write_text(make(SMALL, 3), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "mlp.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["epoch"] == 3


def test_the_script_makes_the_live_changes_too(with_numpy_alone):
    """A learning rate, a weight, and a bias mid-epoch."""
    run = Run(SMALL)
    run.advance(3)
    run.change("learning_rate", 0.5)
    run.change(PARAMETER, (4, 1.5))
    run.advance(2)
    run.advance_batch()
    run.change(PARAMETER, (12, -0.5))
    run.advance(5)
    result = with_numpy_alone.result(python_script(run.spec, run.epoch, run.changes))
    assert result["train_loss"] == pytest.approx(run.latest.train_loss, abs=1e-9)
    assert result["test_loss"] == pytest.approx(run.latest.test_loss, abs=1e-9)


def test_the_script_names_the_parameters_of_the_dataset_that_differ():
    assert "    turns = 1.7\n" in python_script(SPECS["wound up spirals"], 1)
    assert "turns" not in python_script(SPECS["three spirals"], 1)


def test_a_change_after_the_last_epoch_is_left_out():
    assert "def change" not in python_script(SMALL, 3, [(4, "learning_rate", 0.5)])


def test_the_script_is_tidy():
    for spec in SPECS.values():
        lines = python_script(spec, 10).split("TRAIN_POINTS = [")[0].splitlines()
        assert max(map(len, lines)) <= 100
        assert not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize(
    "name",
    [
        *("default", "three spirals", "hills", "l2", "all samples in a batch"),
        *("momentum", "nesterov", "adam", "he weights", "own data"),
    ],
)
def test_the_scikit_learn_script_ends_with_the_losses_of_the_run(name, with_scikit_learn):
    spec = SPECS[name]
    run = Run(spec)
    run.advance(20)
    result = with_scikit_learn.result(sklearn_script(spec, 20))
    assert result["epoch"] == 20
    assert result["train_loss"] == pytest.approx(run.latest.train_loss, rel=1e-7)
    assert result["test_loss"] == pytest.approx(run.latest.test_loss, rel=1e-7)


def test_what_scikit_learn_has_not_stands_in_the_script(with_scikit_learn):
    spec = replace(SMALL, activation="leaky_relu", optimizer="rmsprop", regularization="l1")
    script = sklearn_script(spec, 5)
    for missing in ("leaky_relu", "RMSProp", "l1"):
        assert missing in script
    assert with_scikit_learn.result(script)["epoch"] == 5
    softmax = sklearn_script(SPECS["softmax for two"], 5)
    assert "initial weights" in softmax
    assert with_scikit_learn.result(softmax)["epoch"] == 5
    assert "differs" not in sklearn_script(SMALL, 5)
    assert "changes that were made" in sklearn_script(SMALL, 5, [(2, "learning_rate", 0.5)])


@pytest.mark.parametrize("name", SPECS)
def test_settings_load_again(name):
    assert read_settings(settings_json(SPECS[name])) == SPECS[name]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "the settings are not JSON"),
        ("[1]", "an object of names and values, got [1]"),
        ('{"noize": 1}', "there is no setting noize of moons, xavier, sgd"),
        ('{"noise": 7}', "noise must be a number from 0.0 to 1.0, got 7"),
    ],
)
def test_bad_settings_are_refused(text, message):
    with pytest.raises(ValueError, match=message.replace("[", r"\[")):
        read_settings(text)


def test_weights_load_into_the_engine_again():
    run, other = Run(SMALL), Run(replace(SMALL, weight_seed=7))
    run.advance(5)
    other.network.parameters[:] = read_weights(weights_npz(run)).flat
    np.testing.assert_array_equal(other.predict(run.test_points), run.predict(run.test_points))


def test_weights_say_which_network_they_belong_to():
    """Also those of a file that has nothing but arrays."""
    spec = replace(SMALL, hidden=(4,), activation="relu", features=("x1", "x2", "x1_x2"))
    weights = read_weights(weights_npz(Run(spec)))
    assert weights.fitting(SMALL) == spec
    assert weights.fitting(spec) == spec
    assert str(weights) == "3-4-1 with ReLU; loss: sigmoid, one output; inputs: x₁, x₂, x₁x₂"
    assert in_words(spec) == str(weights)
    file = io.BytesIO()
    np.savez(file, W1=np.ones((2, 3)), b1=np.ones(3), W2=np.ones((3, 1)), b2=np.ones(1))
    plain = read_weights(file.getvalue())
    assert plain.fitting(SMALL) == replace(SMALL, hidden=(3,))
    assert str(plain) == "2-3-1"


def test_weights_that_fit_no_network_are_refused():
    spirals = weights_npz(Run(SPECS["three spirals"]))
    with pytest.raises(ValueError, match="softmax_cross_entropy for regression"):
        read_weights(spirals).fitting(SPECS["hills"])
    with pytest.raises(ValueError, match="a network 2-5-3-3, and with these data it would be 2-5"):
        read_weights(spirals).fitting(SMALL)
    with pytest.raises(ValueError, match=r"not a file of NumPy arrays"):
        read_weights(b"not an archive")
    file = io.BytesIO()
    np.savez(file, W1=np.ones((2, 3)), b1=np.ones(4))
    with pytest.raises(ValueError, match="layers that fit together, got W1 2×3, b1 4"):
        read_weights(file.getvalue())
    run = Run(SMALL)
    run.network.parameters[0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        read_weights(weights_npz(run))


def test_the_history_is_a_row_an_epoch():
    run = Run(SMALL)
    run.advance(4)
    rows = list(csv.DictReader(io.StringIO(history_csv(run))))
    assert [int(row["epoch"]) for row in rows] == [0, 1, 2, 3, 4]
    for row, kept in zip(rows, run.history, strict=True):
        assert float(row["train_loss"]) == kept.train_loss
        assert float(row["gradient_norms hidden 2"]) == kept.gradient_norms[1]
        assert float(row["output_spread output"]) == kept.output_spread[2]


def test_the_script_begins_with_loaded_weights(with_numpy_alone):
    other = Run(replace(SMALL, weight_seed=5))
    run = Run(SMALL)
    run.change(PARAMETERS, other.network.parameters.tolist())
    run.advance(5)
    result = with_numpy_alone.result(python_script(SMALL, 5, run.changes))
    assert result["train_loss"] == pytest.approx(run.latest.train_loss, abs=1e-9)


@pytest.mark.parametrize("own", [OWN, PRICES])
def test_settings_hold_own_data_to_the_last_digit(own):
    spec = replace(SMALL, own=own, features=("x1", "x2", "x3"))
    again = read_settings(settings_json(spec))
    assert again == spec
    np.testing.assert_array_equal(again.own.points, own.points)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"points": [[1, 2], [3]]}, "own must hold numbers and names|data in own can't be used"),
        ({"points": "x"}, "data in own can't be used"),
        ({"labels": [0] * 178}, "data in own can't be used: each class must have points"),
        ({"more": 1}, "own must be an object with"),
    ],
)
def test_own_data_that_cannot_be_used_are_refused(change, complaint):
    found = json.loads(settings_json(replace(SMALL, own=OWN)))
    found["own"] |= change
    with pytest.raises(ValueError, match=complaint):
        read_settings(json.dumps(found))


def test_the_learning_rate_for_scikit_learn_makes_the_same_steps():
    """Its squared error is half of ours, so half the gradient; its cross-entropies are the same."""
    hills = replace(SMALL, dataset="hills", learning_rate=0.03)
    assert "    learning_rate_init=0.06,\n" in sklearn_script(hills, 1)
    assert "    learning_rate_init=0.03,\n" in sklearn_script(replace(hills, optimizer="adam"), 1)
    assert "    learning_rate_init=0.1,\n" in sklearn_script(SMALL, 1)
