"""What comes from outside is read, whatever it is, or refused in a few plain words."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from engine import Run, Spec
from playground.board.description import read_question
from playground.board.pinned import Pin
from playground.board.probe import read_probe
from playground.board.request import read_json, read_request
from playground.board.told import read_told
from playground.board.value import described, own_dict, read_value
from playground.export import files, session_file
from playground.own_data import edit
from playground.own_data.table import read_table, suggest, to_own_data
from playground.past.runs import PastRuns, look_back
from playground.tf_playground import DEFAULTS, read_link

PLAIN = 700  # letters of a message at most
NESTED: list = []
for _ in range(900):  # as deep as JSON can be written
    NESTED = [NESTED]
BAD = [
    None,
    -1,
    10**400,
    float("nan"),
    float("inf"),
    1e308,
    "x" * 20_000,
    [[None]],
    {"a": 1},
    NESTED,
]
TOO_DEEP = ["[" * 100_000, '{"mlp_playground_session":' * 30_000]
BOMB = 50_000_000  # bytes, of zeros


def own_run() -> Run:
    """A run on own data, with a live change."""
    spec = Spec(samples=60)
    run = Run(replace(spec, own=edit.with_point(edit.taken_over(Run(spec)), 0.1, 0.2, 1)))
    run.advance(epochs=2)
    run.change("learning_rate", 0.2)
    run.advance()
    return run


def session() -> dict:
    run, past = own_run(), PastRuns()
    past.add(look_back(run))
    saved = session_file.SavedVisit(run.spec, run.changes, 3.0, Pin(Spec()), past.runs)
    return json.loads(session_file.session_json(saved))


def value() -> dict:
    spec = own_run().spec
    assert spec.own is not None
    return {
        "present": {**described(spec, [[1.0, "parameter", [1, 0.5]]]), "epoch": 3.0},
        "pin": described(Spec(), []),
        "stop_at": 7,
        "data": {spec.own.digest: own_dict(spec.own)},
    }


def request() -> dict:
    changes = [["learning_rate", 0.1], ["parameter", [1, 2.0]]]
    numbers = dict.fromkeys(("id", "take", "epoch", "last", "frames", "speed"), 1)
    return numbers | {"run": "a", "start": True, "stop": {"epoch": 5}, "changes": changes}


def told(name: str, **value) -> dict:
    return {"name": name, "value": value}


MOMENT = {"run": "a", "epoch": 1}
SAMPLE = {"sample": {"part": "test", "index": 1}}
READERS = {
    "settings": (files.read_settings, lambda: json.loads(files.settings_json(own_run().spec))),
    "session": (session_file.read_session, session),
    "value": (read_value, value),
    "request": (lambda text: read_request(read_json(text)), request),
    "reshape": (lambda text: read_told(read_json(text)), lambda: told("reshape", hidden=[1, 2])),
    "look": (lambda text: read_told(read_json(text)), lambda: told("look", **MOMENT, **SAMPLE)),
    "edit": (lambda text: read_told(read_json(text)), lambda: told("edit", x=1, y=2, label=0)),
    "history": (lambda text: read_told(read_json(text)), lambda: told("history", query="?a=b")),
    "probe": (
        lambda text: read_probe(read_json(text)),
        lambda: MOMENT | SAMPLE | {"x": 1.0, "y": 2.0},
    ),
    "question": (lambda text: read_question(read_json(text)), lambda: MOMENT | {"since": 0}),
}


def places(whole, place=()):
    """Where something stands in it; of a list, its first two."""
    yield place
    if isinstance(whole, dict):
        for name in whole:
            yield from places(whole[name], (*place, name))
    elif isinstance(whole, list):
        for i in range(min(len(whole), 2)):
            yield from places(whole[i], (*place, i))


def put(whole, place, bad):
    """A copy with something else in that place."""
    if not place:
        return bad
    changed = whole.copy()
    changed[place[0]] = put(whole[place[0]], place[1:], bad)
    return changed


def refusal(read, text: str) -> str:
    """Why it is refused; "" if it is read. Whatever else is raised is the test's failure."""
    try:
        read(text)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", READERS)
def test_whatever_stands_in_the_place_of_anything_is_read_or_refused_in_plain_words(name):
    read, make = READERS[name]
    whole = make()
    read(json.dumps(whole))
    changed = [put(whole, place, bad) for place in places(whole) for bad in BAD]
    refusals = [words for each in changed if (words := refusal(read, json.dumps(each)))]
    assert len(refusals) > len(BAD) / 2
    assert not [words[:80] for words in refusals if len(words) > PLAIN]


@pytest.mark.parametrize("text", TOO_DEEP, ids=["lists", "objects"])
@pytest.mark.parametrize(
    "read", [files.read_settings, session_file.read_session, read_value, read_json]
)
def test_what_is_nested_too_deeply_is_refused(read, text):
    with pytest.raises(ValueError, match=r"nested too deeply|RecursionError"):
        read(text)


def npz(**arrays) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked(monkeypatch):
    content = npz(W1=np.zeros(BOMB // 8), b1=np.zeros(1))
    assert len(content) < BOMB / 500
    monkeypatch.setattr(np, "load", lambda *asked, **how: pytest.fail("it was unpacked"))
    with pytest.raises(ValueError, match="unpack to 2 arrays and 50 MB; the limits are"):
        files.read_weights(content)


def test_an_archive_that_lies_about_its_size_is_refused():
    honest = npz(W1=np.zeros((2, 1)), b1=np.zeros(1))
    header = np.lib.format.magic(1, 0)
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 10**3)}
    )
    assert file.getvalue().startswith(header)
    with io.BytesIO(honest) as whole, zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("b2.npy", file.getvalue())
        archive.close()
        content = whole.getvalue()
    with pytest.raises(ValueError, match="not a file of NumPy arrays"):
        files.read_weights(content)


def test_more_arrays_than_a_network_has_are_refused():
    content = npz(**{f"a{i}": np.zeros(1) for i in range(files.MOST_ARRAYS + 1)})
    with pytest.raises(ValueError, match="unpack to 65 arrays"):
        files.read_weights(content)


@pytest.mark.parametrize("kind", [{"activation": ["tanh"]}, {"loss": {}}, {"features": [[]]}])
def test_weights_of_a_kind_that_is_no_name_are_refused(kind):
    run = Run(Spec(hidden=(3,)))
    named = {"W1": run.network.weights[0], "b1": run.network.biases[0]}
    named |= {"W2": run.network.weights[1], "b2": run.network.biases[1]}
    with pytest.raises(ValueError, match=r"no kind of network|must be"):
        files.read_weights(npz(kind=np.array(json.dumps(kind)), **named)).fitting(run.spec)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x,y,class\n1,2," + "a" * 200_000, "field larger than field limit"),
        (
            "x,y,class\n1,2," + "a" * 2_000,
            "row 2: a cell has 2,000 letters, but the limit is 1,000",
        ),
        ("1,2\n" + "1," * 30_000, "row 2: 30001 columns, but the first row has 2"),
        ("1;" * 30_000 + "\n1,2", "30001 columns, but the limit is 200"),
        ("x" * 130_000 + ",y\n1,2\n", "row 1: a cell has 130,000 letters"),
    ],
    ids=["cell", "long cell", "row", "columns", "name"],
)
def test_a_table_with_one_huge_cell_or_row_is_refused_in_plain_words(content, words):
    with pytest.raises(ValueError, match=r"^table.csv") as refused:
        read_table(content.encode(), "table.csv")
    assert words in str(refused.value)
    assert len(str(refused.value)) < PLAIN


def test_names_that_fill_a_page_are_cut_or_refused():
    rows = "".join(f"{i},{i % 7},{'ab'[i % 2] * 300}\n" for i in range(30))
    table = read_table(f"{'x' * 500},y,class\n{rows}".encode(), "table.csv")
    assert [len(name) for name in table.columns] == [100, 1, 5]
    with pytest.raises(ValueError, match="a class has a name of 300 letters"):
        to_own_data(table, suggest(table))


@pytest.mark.parametrize("bad", ["nan", "inf", "1e999", "-1", "9" * 3_000, "x" * 3_000, "", ",,,"])
def test_a_link_of_tensorflow_playground_may_say_anything(bad):
    for name in DEFAULTS:
        said = {"dataset": "circle", name: bad}
        spec, _ = read_link("#" + "&".join(f"{key}={what}" for key, what in said.items()))
        Run(spec).advance()


def test_a_longer_link_is_refused():
    with pytest.raises(ValueError, match="too long: 100,017 letters"):
        read_link("#dataset=" + "x" * 100_008)
