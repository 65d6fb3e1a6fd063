"""Links of TensorFlow Playground, as people paste them."""

import pytest

from engine import Run, Spec
from playground.limits import check
from playground.share import to_query
from playground.tf_playground import read_link

# its names, which nothing of ours decides
DATASETS = {"circle": "circles", "xor": "xor", "gauss": "blobs", "spiral": "spirals"}
REGRESSION = {"reg-plane": "plane", "reg-gauss": "hills"}

LINK = (
    "https://playground.example/#activation=relu&regularization=L2&batchSize=12&dataset=spiral"
    "&regDataset=reg-plane&learningRate=0.1&regularizationRate=0.003&noise=20&networkShape=6,4"
    "&seed=0.4&showTestData=false&discretize=false&percTrainData=70&x=true&y=false&xTimesY=true"
    "&xSquared=false&ySquared=true&cosX=false&sinX=true&cosY=false&sinY=false"
    "&problem=classification&initZero=false&hideText=false"
)


def test_a_whole_link():
    spec, notes = read_link(LINK)
    assert spec == Spec(
        dataset="spirals",
        samples=500,
        noise=0.15,
        test_share=0.30000000000000004,
        features=("x1", "x2_squared", "x1_x2", "sin_x1"),
        hidden=(6, 4),
        activation="relu",
        initializer="normal",
        weight_sigma=0.3,
        learning_rate=0.1,
        batch_size=12,
        regularization="l2",
        regularization_rate=0.003,
    )
    assert any("sin x" in note for note in notes)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_dataset_of_classes_has_a_counterpart(dataset):
    spec, _ = read_link(f"#dataset={dataset}&networkShape=3")
    assert spec.dataset == DATASETS[dataset]
    Run(spec)


def test_a_dataset_of_values_is_no_dataset_of_classes():
    _, notes = read_link("#dataset=reg-plane&problem=classification")
    assert "There is no dataset like dataset 'reg-plane'." in notes


@pytest.mark.parametrize("dataset", REGRESSION)
def test_every_dataset_of_values_has_a_counterpart(dataset):
    spec, _ = read_link(f"#problem=regression&regDataset={dataset}")
    assert spec.dataset == REGRESSION[dataset]
    Run(spec)


@pytest.mark.parametrize(
    ("part", "note"),
    [
        ("dataset=moon", "no dataset like dataset 'moon'"),
        ("networkShape=32,4", "Its layers 32,4 do not fit"),
        ("networkShape=a", "'a' is not a list of numbers"),
        ("dataset=xor&cosX=true", "no input like cosX"),
        ("dataset=xor&learningRate=fast", "learningRate 'fast' is not a number"),
        ("dataset=xor&learningRate=100", "learning_rate must be a number from 1e-05 to 10.0"),
        ("dataset=xor&regularization=L1&regularizationRate=3", "3 is above the limit: 1 is used"),
        ("dataset=xor&activation=swish", "activation must be one of"),
        ("dataset=xor&percTrainData=95", "test_share must be a number from 0.1 to 0.5"),
    ],
)
def test_what_has_no_counterpart_is_listed_and_the_rest_is_taken(part, note):
    spec, notes = read_link(f"#{part}")
    assert any(note in text for text in notes)
    for setting in to_query(spec):
        check(setting, getattr(spec, setting))


@pytest.mark.parametrize("link", ["", "hello", "https://example.org/#about", "#", "?dataset=xor"])
def test_what_is_no_such_link_is_refused(link):
    with pytest.raises(ValueError, match="has its settings after a #"):
        read_link(link)
