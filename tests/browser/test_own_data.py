"""A person's data in the real page: files, what is refused, points that are clicked."""

import csv
import re

from playwright.sync_api import Locator, Page, expect
from sklearn.datasets import load_breast_cancer, load_iris, load_wine

from tests.browser.test_board import board, epoch, folded, open_menu, press, step_to, wait_for_epoch


def write_csv(path, header, rows) -> str:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def write_bunch(path, bunch) -> str:
    rows = [
        (*values, bunch.target_names[label])
        for values, label in zip(bunch.data.tolist(), bunch.target, strict=True)
    ]
    return write_csv(path, [*bunch.feature_names, "target"], rows)


def bring(page: Page, path: str) -> None:
    page.get_by_role("button", name="Your own…").click()
    page.get_by_role("dialog").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)


def use(page: Page) -> None:
    page.get_by_role("button", name="Use these data").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_files_that_nobody_here_made_are_trained_on(open_page, tmp_path):
    page = open_page()
    for name, bunch in (
        ("iris", load_iris()),
        ("wine", load_wine()),
        ("breast cancer", load_breast_cancer()),
    ):
        bring(page, write_bunch(tmp_path / f"{name}.csv", bunch))
        train_on(page, name, bunch)


def train_on(page: Page, name: str, bunch) -> None:
    """Use the data that the dialog shows, and train until they are told apart."""
    expect(page.get_by_role("dialog")).to_contain_text(
        "The network sees the data in standard units"
    )
    use(page)
    expect(page).to_have_url(re.compile(r"[?&]own=[0-9a-f]{12}"))
    expect(page.get_by_role("radio", name=f"{name}.csv", checked=True)).to_be_visible()
    legend = board(page).locator("[data-view=region] .legend")
    for name in bunch.target_names:
        expect(legend).to_contain_text(str(name))
    first = re.compile(f"x₁: {re.escape(str(bunch.feature_names[0]))}")
    expect(board(page).locator("[data-view=region] .xtitle")).to_have_text(first)
    press(page, "Play")
    wait_for_epoch(page, 30)
    press(page, "Pause")
    accuracy = board(page).locator("[data-value=train_accuracy]").text_content()
    assert float(accuracy.removesuffix(" %")) > 85


def test_a_bad_file_is_refused_by_name_and_leaves_the_run_alone(open_page, tmp_path):
    page = open_page()
    step_to(page, 3)
    rows = [(i, i / 3, "ab"[i % 2]) for i in range(20)]
    bring(page, write_csv(tmp_path / "gaps.csv", ["a", "b", "k"], [*rows, ("inf", 1, "a")]))
    alert = page.get_by_role("dialog").get_by_role("alert")
    # one alert: that of the file before may stay until the page is through with this one
    expect(alert).to_have_text(
        [re.compile("gaps.csv, row 22, column “a”: numbers must be finite, got inf")]
    )
    expect(page.get_by_role("button", name="Use these data")).to_be_disabled()
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xd8")
    page.get_by_role("dialog").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        str(picture)
    )
    expect(alert).to_have_text([re.compile("picture.csv is not UTF-8 text")])
    page.keyboard.press("Escape")
    assert epoch(page) == 3
    step_to(page, 4)


def test_rows_with_gaps_are_left_out_at_a_press(open_page, tmp_path):
    page = open_page()
    rows = [(i, i / 3, "ab"[i % 2]) for i in range(20)]
    gaps = [("", 1, "a"), (1, "NA", "b"), (1, 2, "")]
    bring(page, write_csv(tmp_path / "gaps.csv", ["a", "b", "k"], [*rows, *gaps]))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("row 22, column “a”: the number is missing")
    dialog.get_by_role("button", name="Leave out the 3 incomplete rows").click()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    use(page)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("20 rows, 2 inputs")


def test_the_limits_stand_beside_the_upload_and_a_file_past_them_is_refused(open_page, tmp_path):
    page = open_page()
    large = tmp_path / "large.csv"
    large.write_text("1,2,a\n" * 900_000)
    bring(page, str(large))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("10 to 10,000 rows, up to 200 columns and up to 5 MB")
    expect(dialog.get_by_role("alert")).to_have_text(
        re.compile("large.csv is too large: 5.4 MB, but the limit is 5 MB")
    )


def test_headers_and_labels_are_text_and_never_markup(open_page, tmp_path):
    page = open_page()
    nasty = "<img src=x onerror=alert(1)>"
    rows = [(i, i * i / 7, [nasty, "**b** :red[c]"][i % 2]) for i in range(30)]
    path = write_csv(tmp_path / "nasty.csv", [nasty, "$x^2$ <b>", ":smile: `k`"], rows)
    bring(page, path)
    expect(page.get_by_role("dialog")).to_contain_text(f"x₁ = ({nasty} − 14.5)")
    use(page)
    region = board(page).locator("[data-view=region]")
    expect(region.locator(".legend")).to_contain_text(nasty)
    expect(region.locator(".legend")).to_contain_text("**b** :red[c]")
    expect(region.locator(".xtitle")).to_have_text(f"x₁: {nasty}")
    expect(region.locator(".ytitle")).to_have_text("x₂: $x^2$ <b>")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("target “:smile: `k`” with 2 classes")
    assert page.locator("img[src=x]").count() == 0


def points(page: Page) -> int:
    """How many data points the picture shows."""
    return page.evaluate(
        "() => document.querySelector('[data-view=region] .js-plotly-plot')"
        ".data.reduce((sum, trace) => sum + trace.x.length, 0)"
    )


def steady_box(page: Page, place: Locator) -> dict:
    """Where something is, once its place no longer changes: “Undo” takes room when it comes."""
    before = None
    while (box := place.bounding_box()) != before:
        before = box
        page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )
    return box


def test_points_are_clicked_into_the_picture_and_taken_back(open_page):
    page = open_page("?samples=100")
    assert points(page) == 100
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_hidden()
    page.get_by_role("combobox", name="Add points").select_option("class 1")
    plot = board(page).locator("[data-view=region] .nsewdrag")
    for number, (x, y) in enumerate([(0.2, 0.3), (0.7, 0.6)], start=1):
        box = steady_box(page, plot)
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_function(
            "n => document.querySelector('[data-view=region] .js-plotly-plot')"
            ".data.reduce((sum, trace) => sum + trace.x.length, 0) === n",
            arg=100 + number,
        )
    expect(page.get_by_test_id("stSidebar")).to_contain_text("102 rows, 2 inputs")
    # the newest point is where the click was, of the chosen class
    found = page.evaluate(
        """() => {
          const plot = document.querySelector('[data-view=region] .js-plotly-plot');
          const {xaxis, yaxis} = plot._fullLayout;
          return plot.data.flatMap((trace) => trace.x.map((x, i) => [
            xaxis.d2p(x) / xaxis._length,
            yaxis.d2p(trace.y[i]) / yaxis._length,
            trace.customdata[i],
          ]));
        }"""
    )
    for x, y in [(0.2, 0.3), (0.7, 0.6)]:
        near = [p for p in found if abs(p[0] - x) < 0.02 and abs(p[1] - y) < 0.02]
        assert 1 in [p[2] for p in near]
    undo.click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("101 rows")
    undo.click()
    expect(page.get_by_role("slider", name="Samples")).to_be_visible()
    expect(undo).to_be_hidden()
    assert points(page) == 100
    expect(page).to_have_url(re.compile(r"\?samples=100$"))


def test_a_point_too_many_is_refused_at_once_and_nothing_changes(open_page, tmp_path):
    page = open_page()
    rows = [(row, row % 7, "even" if row % 2 == 0 else "odd") for row in range(10_000)]
    bring(page, write_csv(tmp_path / "full.csv", ["a", "b", "kind"], rows))
    use(page)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_contain_text("10,000 rows")
    page.get_by_role("combobox", name="Add points").select_option("odd")
    board(page).locator("[data-view=region] .nsewdrag").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(
        "The point can't be added: there are 10,000 points, and the limit is 10,000."
    )
    expect(sidebar).to_contain_text("10,000 rows")
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()


def test_a_table_is_edited_and_leaving_with_own_data_is_asked_about(open_page):
    page = open_page("?samples=100&dataset=hills", alone=True)
    page.get_by_role("button", name="Your own…").click()
    page.get_by_role("button", name="Edit the data on screen").click()
    expect(page.get_by_role("dialog")).to_contain_text("y = (value")
    page.get_by_role("dialog").get_by_text("a class").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(
        "there must be 2 to 12 classes, got 100"
    )
    page.get_by_role("dialog").get_by_text("a value to predict").click()
    use(page)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("100 rows, 2 inputs, target “value”")
    expect(board(page).locator("[data-view=region] .xtitle")).to_have_text("x₁: x1")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    page.get_by_test_id("board").wait_for()
    assert asked == ["beforeunload"]
    expect(page.get_by_test_id("stAlert")).to_contain_text("own data, which a link can't carry")


def test_a_copied_link_says_what_it_leaves_out_and_offers_the_session(open_page, tmp_path):
    """Where the link opens, a notice says so; the session file brings the data there."""
    page = open_page("?dataset=circles", permissions=["clipboard-read", "clipboard-write"])
    bring(page, write_bunch(tmp_path / "iris.csv", load_iris()))
    use(page)
    expect(page).to_have_url(re.compile("own="))
    open_menu(page)
    page.get_by_role("button", name="Copy link").click()
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("where “iris.csv” is missing, it opens Circles")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the session file").click()
    session = str(tmp_path / "session.json")
    download.value.save_as(session)

    other = open_page(page.evaluate("location.search"))
    expect(other.get_by_test_id("stAlert")).to_contain_text(
        "own data, which a link can't carry: you see Circles instead"
    )
    folded(other, "Save and load").click()
    panel = other.locator(".st-key-folded")
    panel.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(session)
    expect(other.get_by_test_id("stSidebar")).to_contain_text("150 rows, 4 inputs")
    expect(other.get_by_test_id("stAlert")).to_have_count(0)


def test_a_toy_dataset_and_own_data_take_turns(open_page, tmp_path):
    page = open_page()
    bring(page, write_bunch(tmp_path / "iris.csv", load_iris()))
    use(page)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_contain_text("150 rows")
    sidebar.get_by_role("radio", name="Circles").click()
    expect(page).to_have_url(re.compile(r"\?dataset=circles$"))
    expect(page.get_by_role("slider", name="Samples")).to_be_visible()
    sidebar.get_by_text("iris.csv").click()
    expect(page).to_have_url(re.compile("own="))
    step_to(page, 2)
