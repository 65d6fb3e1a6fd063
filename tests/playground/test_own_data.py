"""A person's data: files that are read or refused by name, tables, and points that are added."""

import csv
import io

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from engine import Run, Spec
from playground import figures
from playground.board.start import can_take_points
from playground.naming import as_text, plotly_text
from playground.own_data import edit
from playground.own_data.table import (
    Choice,
    Table,
    incomplete_rows,
    read_table,
    suggest,
    to_own_data,
    without_rows,
)


def written(header, rows, delimiter=",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode()


def bunch_csv(bunch) -> bytes:
    rows = [
        (*values, bunch.target_names[label])
        for values, label in zip(bunch.data.tolist(), bunch.target, strict=True)
    ]
    return written([*bunch.feature_names, "target"], rows)


PLAIN = [(i, i * i % 7 + 0.5, "ab"[i % 2]) for i in range(20)]


def own_of(content: bytes, name: str = "f.csv"):
    table = read_table(content, name)
    return to_own_data(table, suggest(table))


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer])
def test_files_that_nobody_here_made(load):
    bunch = load()
    own = own_of(bunch_csv(bunch))
    columns = min(bunch.data.shape[1], 7)
    assert own.columns == tuple(map(str, bunch.feature_names[:columns]))
    assert set(own.classes) == set(map(str, bunch.target_names))
    np.testing.assert_allclose(edit.original(own), bunch.data[:, :columns], rtol=1e-9, atol=1e-12)


def test_semicolons_decimal_commas_and_a_byte_order_mark():
    rows = [(str(x).replace(".", ","), str(y).replace(".", ","), kind) for x, y, kind in PLAIN]
    own = own_of(b"\xef\xbb\xbf" + written(["größe", "b", "k"], rows, ";"))
    assert own.columns == ("größe", "b")
    np.testing.assert_allclose(edit.original(own)[:, 1], [y for _, y, _ in PLAIN])


@pytest.mark.parametrize("name", [[], ["length, in cm", "width; in cm", "kind"]])
def test_decimal_commas_with_semicolons_are_read(name):
    """As many commas as semicolons, or more."""
    rows = [f"{x},5;{x % 7},25;{kind}" for x, _, kind in PLAIN]
    header = ";".join(f'"{column}"' for column in name)
    own = own_of("\n".join([header, *rows]).encode())
    np.testing.assert_allclose(edit.original(own)[:, 0], [x + 0.5 for x, *_ in PLAIN])
    np.testing.assert_allclose(edit.original(own)[:, 1], [x % 7 + 0.25 for x, *_ in PLAIN])
    assert own.classes == ("a", "b")


def test_a_semicolon_in_words_parts_no_columns():
    rows = [(x, y, ["up; left", "down; right"][i % 2]) for i, (x, y, _) in enumerate(PLAIN)]
    assert own_of(written(["a", "b", "k"], rows)).classes == ("up; left", "down; right")


def test_the_class_is_a_column_of_few_words_that_repeat_not_one_of_names():
    rows = [(f"plant {x}", x / 3, y, kind, f"note {x}") for x, y, kind in PLAIN]
    table = read_table(written(["name", "a", "b", "kind", "note"], rows), "f.csv")
    assert suggest(table) == Choice(("a", "b"), "kind", False)
    named = [(f"plant {x}", x / 3, y, x * 1.25) for x, y, _ in PLAIN]
    table = read_table(written(["name", "a", "b", "height"], named), "f.csv")
    assert suggest(table) == Choice(("a", "b"), "height", True)


GAPS = ["", "NA", "n/a", "NaN", "null", "?"]


@pytest.mark.parametrize("gap", GAPS)
def test_rows_with_something_missing_are_found_and_left_out(gap):
    """In the chosen columns alone; the rows that stay keep their numbers."""
    rows = [(*row, "") for row in PLAIN]
    rows[3:3] = [(gap, 1.5, "a", ""), (1, gap, "b", ""), (1, 2.5, gap, "")]
    table = read_table(written(["a", "b", "k", "remark"], rows), "f.csv")
    choice = suggest(table)
    assert choice == Choice(("a", "b"), "k", False)
    with pytest.raises(ValueError, match="row 5, column “a”: the number is missing"):
        to_own_data(table, choice)
    incomplete = incomplete_rows(table, choice)
    assert incomplete == [3, 4, 5]
    left = without_rows(table, incomplete)
    assert left.numbers[2:4] == (4, 8)
    assert len(to_own_data(left, choice).labels) == 20


def test_a_column_with_many_gaps_is_one_of_numbers_still():
    rows = [(x, y if x % 3 == 0 else "", kind) for x, y, kind in PLAIN]
    table = read_table(written(["a", "b", "k"], rows), "f.csv")
    assert suggest(table) == Choice(("a", "b"), "k", False)


def test_a_file_without_names_and_with_empty_lines():
    content = b"1,2,a\n\n" + b"3,4.5,b\n2,1,a\n" * 10
    table = read_table(content, "f.csv")
    assert table.columns == ("column 1", "column 2", "column 3")
    assert len(table.rows) == 21
    assert table.numbers[1] == 3


def test_names_that_are_missing_or_the_same():
    assert read_table(written(["a", "a", ""], PLAIN), "f.csv").columns == ("a", "a′", "column 3")


def test_whole_numbers_are_taken_for_classes_and_others_for_values():
    classes = written(["a", "b", "k"], [(x / 3, y, i % 3) for i, (x, y, _) in enumerate(PLAIN)])
    assert suggest(read_table(classes, "f.csv")) == Choice(("a", "b"), "k", False)
    assert own_of(classes).classes == ("0", "1", "2")
    values = written(["a", "b", "k"], [(x / 3, y, x * 1.25) for x, y, _ in PLAIN])
    assert suggest(read_table(values, "f.csv")) == Choice(("a", "b"), "k", True)
    own = own_of(values)
    assert own.is_regression
    assert (own.target_centre, own.target_scale) == (11.875, 11.875)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\x89PNG\r\n\x1a\n\xff\xd8", "f.csv is not UTF-8 text"),
        (b"a\0b", "f.csv is not text"),
        (b"", "f.csv is empty"),
        (b" \n\n", "f.csv is empty"),
        (b"x" * 5_000_001, "f.csv is too large: 5.1 MB, but the limit is 5 MB"),
        (
            written(["a", "b", "c"], 10_001 * [(1, 2, 3)]),
            "f.csv has 10,001 rows, but the limit is 10,000",
        ),
        (b"x" * 200_000, "f.csv, row 1: field larger than field limit"),
        (b"a,b,c\n1,2,x\n3,4\n", "f.csv, row 3: 2 columns, but the first row has 3"),
        (b'a,b,c\n1,2,"x\n', "f.csv, row 2: unexpected end of data"),
        (written(["a", "b"], [("x", "y")] * 20), "columns of numbers found: none"),
        (
            written(["a", "b", "k"], [(1, 2.5, "one")] * 20),
            r"“k”: .*, got 1 \(one\)",
        ),
        (
            written(["a", "b", "k"], [(x, y, f"c{x}") for x, y, _ in PLAIN]),
            r"“k”: there must be 2 to 12 classes, got 20 \(c0, c1, c2…\)",
        ),
        (
            written(["a", "b", "k"], [*PLAIN, ("inf", 1, "a"), (1, 2, "b"), ("-inf", 1, "a")]),
            "f.csv, rows 22, 24, column “a”: numbers must be finite, got inf",
        ),
        (
            written(["a", "b", "k"], [*PLAIN, (1, "", "a")]),
            "f.csv, row 22, column “b”: the number is missing",
        ),
        (
            written(["a", "b", "k"], [*PLAIN, (1, "much", "a")]),
            "f.csv, row 22, column “b”: a number is needed, got much",
        ),
        (
            written(["a", "b", "k"], [*PLAIN, (1, 2, "NA")]),
            "row 22, .* the class is missing",
        ),
        (
            written(["a", "b", "k"], [*PLAIN, (1, 2, "")]),
            "row 22, .* the class is missing",
        ),
        (written(["a", "b", "k"], PLAIN[:5]), "f.csv has 5 rows of data; there must be 10"),
    ],
)
def test_what_cannot_be_used_is_refused_with_file_row_and_column(content, complaint):
    with pytest.raises(ValueError, match=complaint):
        own_of(content)


def test_of_many_bad_rows_the_first_are_named():
    content = written(["a", "b", "k"], PLAIN + 9 * [("inf", 1, "a")])
    with pytest.raises(ValueError, match="rows 22, 23, 24, 25, 26 and 4 more, column “a”"):
        own_of(content)


def test_an_input_cannot_be_the_target():
    table = read_table(written(["a", "b", "c"], PLAIN), "f.csv")
    with pytest.raises(ValueError, match="“a” can't be both"):
        to_own_data(table, Choice(("a", "b"), "a", True))
    with pytest.raises(ValueError, match="choose 2 to 7 columns of numbers, got 1"):
        to_own_data(table, Choice(("a",), "c", False))


def test_a_table_and_back_are_the_same_data():
    own = own_of(edit.sample_csv().encode(), "plants.csv")
    table, choice = edit.to_table(own)
    again = to_own_data(read_table(edit.to_csv(table).encode(), "plants.csv"), choice)
    np.testing.assert_allclose(again.points, own.points, atol=1e-9)
    assert list(again.labels) == list(own.labels)
    assert again.classes == own.classes == ("moss", "fern", "palm")


def test_a_toy_dataset_is_taken_over_as_it_is():
    run = Run(Spec(dataset="spirals", classes=3, samples=90))
    own = edit.taken_over(run)
    assert own.classes == ("class 0", "class 1", "class 2")
    shown = {tuple(point) for point in own.points}
    assert shown == {tuple(point) for point in [*run.train_points, *run.test_points]}


def test_a_point_is_added_in_the_units_of_the_axes():
    own = own_of(bunch_csv(load_iris()))
    more = edit.with_point(own, 6.0, 3.0, 2)
    np.testing.assert_allclose(edit.original(more)[-1, :2], [6.0, 3.0])
    np.testing.assert_allclose(more.points[-1, 2:], 0.0)  # the rest at their mean
    np.testing.assert_array_equal(more.points[:-1], own.points)
    assert more.labels[-1] == 2
    with pytest.raises(ValueError, match="class must be from 0 to 2, got 3"):
        edit.with_point(own, 0.0, 0.0, 3)


def test_points_have_no_place_without_a_plane_or_a_class():
    assert can_take_points(Run(Spec()))
    assert not can_take_points(Run(Spec(dataset="hills")))
    assert not can_take_points(Run(Spec(dataset="curve")))


def test_axes_have_the_units_of_the_file_and_standard_units_are_as_long_on_both():
    own = own_of(bunch_csv(load_iris()))
    run = Run(Spec(own=own))
    figure = figures.region_figure(run, half_width=3.0)
    assert figure.layout.xaxis.title.text == "x₁: sepal length (cm)"
    low, high = figure.layout.xaxis.range
    np.testing.assert_allclose([low, high], own.centre[0] + np.array([-3, 3]) * own.scale[0])
    np.testing.assert_allclose(figure.layout.yaxis.scaleratio, own.scale[0] / own.scale[1])
    shown = np.concatenate([trace.x for trace in figure.data])
    np.testing.assert_allclose(sorted(shown), sorted(load_iris().data[:, 0]), rtol=1e-12)


def test_words_of_a_file_are_never_markup():
    assert plotly_text("<b>$x$ %{y} & c") == "&lt;b>&#36;x&#36; &#37;{y} &amp; c"
    assert as_text("**a** [b](c) :red[d] $e$ <f>") == (
        r"\*\*a\*\* \[b\]\(c\) \:red\[d\] \$e\$ \<f\>"
    )


def test_what_was_done_to_the_numbers_is_said():
    lines = edit.in_words(own_of(bunch_csv(load_iris())))
    assert lines[0] == "x₁ = (sepal length (cm) − 5.843) / 0.8253"
    assert lines[-1] == "target: setosa 50, versicolor 50, virginica 50"


def test_rows_are_numbered_as_in_the_table_where_there_is_no_file():
    table = Table("t", ("a", "b", "k"), (*((str(i), "1.5", "ab"[i % 2]) for i in range(12)),))
    broken = Table("t", table.columns, (*table.rows, ("x", "1", "a")))
    with pytest.raises(ValueError, match="t, row 13, column “a”: a number is needed, got x"):
        to_own_data(broken, Choice(("a", "b"), "k", False))
