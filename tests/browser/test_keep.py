"""Files and links that a person takes along and brings back."""

import json
import re
import subprocess
import sys

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from engine import Run, Spec, inspection
from playground.lessons import LESSONS
from tests.browser.test_board import board, epoch, folded, press, readouts, step_to
from tests.browser.test_network import click_link
from tests.browser.test_probe import place_of


def open_panel(page: Page, name: str) -> None:
    folded(page, name).click()


def make_and_save(page: Page, label: str, folder) -> str:
    """Have a file made, then download it; its path."""
    page.get_by_role("button", name=label, exact=True).click()
    name = re.compile(rf"^Save the {re.escape(label.lower()[:-5])}.*, \d")
    return download(page, page.get_by_role("button", name=name), folder)


def save(page: Page, label: str, folder) -> str:
    """Download a file of what is on screen; its path."""
    return download(page, page.get_by_role("link", name=label, exact=True), folder)


def download(page: Page, button: Locator, folder) -> str:
    with page.expect_download() as downloaded:
        button.click()
    path = folder / downloaded.value.suggested_filename
    downloaded.value.save_as(path)
    return str(path)


def test_the_saved_script_ends_with_the_losses_on_screen(open_page, tmp_path):
    page = open_page("?samples=100&hidden=4")
    step_to(page, 3)
    shown = readouts(page)
    open_panel(page, "Save and load")
    script = save(page, "Python script", tmp_path)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["epoch"] == epoch(page) == 3
    assert abs(result["train_loss"] - float(shown["train_loss"])) <= 1e-9
    assert abs(result["test_loss"] - float(shown["test_loss"])) <= 1e-9


def test_weights_settings_and_history_are_saved_and_load_again(open_page, tmp_path):
    page = open_page("?samples=100&hidden=4&activation=relu")
    step_to(page, 4)
    trained = readouts(page)
    open_panel(page, "Save and load")
    weights = save(page, "Weights", tmp_path)
    settings = save(page, "Settings", tmp_path)
    with open(save(page, "History", tmp_path)) as history:
        assert len(history.readlines()) == 1 + 1 + 4  # names, the untrained network, four epochs

    page = open_page()
    open_panel(page, "Save and load")
    chooser = page.get_by_test_id("stFileUploaderDropzoneInput")
    chooser.set_input_files(weights)
    question = page.locator(".st-key-weights_question")
    expect(question).to_contain_text("These weights belong to a network 2-4-1 with ReLU; ")
    expect(question).to_contain_text("yours is 2-8-8-1 with tanh; ")
    chooser.set_input_files(settings)
    expect(page).to_have_url(re.compile(r"\?samples=100&hidden=4&activation=relu$"))
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    chooser.set_input_files(weights)
    expect(board(page).locator("[data-value=train_loss]")).to_have_attribute(
        "title", trained["train_loss"]
    )
    assert epoch(page) == 0
    step_to(page, 1)


def test_the_run_plays_from_one_file_without_a_server(open_page, browser, tmp_path):
    page = open_page("?samples=60&hidden=4")
    press(page, "Pin as A")
    expect(board(page).locator(".comparison")).to_have_text("A and B are the same run so far")
    step_to(page, 6)
    shown = readouts(page)
    open_panel(page, "Save and load")
    path = make_and_save(page, "Film (HTML)", tmp_path)

    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    alone = context.new_page()
    complaints = []
    alone.on("console", lambda message: complaints.append(message.text))
    alone.on("pageerror", lambda error: complaints.append(str(error)))
    alone.on("request", lambda request: complaints.extend(asked(request.url)))
    alone.goto(f"file://{path}")
    expect(board(alone)).to_have_attribute("data-epoch", "0")
    expect(board(alone).locator("[data-view=pinned]")).to_be_visible()
    press(alone, "Play")
    expect(board(alone)).to_have_attribute("data-epoch", "6")
    assert readouts(alone) == shown
    expect(board(alone)).to_have_attribute("data-state", "finished")
    # there is no server to ask: what is said of a place is what its picture shows
    run = Run(Spec(samples=60, hidden=(4,)))
    run.advance(6)
    alone.mouse.move(*place_of(alone, *run.train_points[0]))
    said = alone.locator("[data-view=region] .probe")
    wrong = inspection.misclassified(run)[0]
    word = "misclassified" if wrong else "classified correctly"
    expect(said).to_contain_text(f"training point 1: class {run.train_labels[0]}, {word}")
    expect(said).to_contain_text(re.compile(r"probability of class \d: about \d\.\d\d"))
    about = float(re.search(r"about ([\d.]+)", said.inner_text())[1])
    assert about == pytest.approx(run.predict(run.train_points[:1]).max(), abs=0.05)
    expect(said).not_to_contain_text("loss")
    alone.mouse.move(5, 5)
    expect(said).to_be_hidden()
    alone.get_by_role("slider", name="Timeline").press("ArrowLeft")
    expect(board(alone)).to_have_attribute("data-epoch", "5")
    press(alone, "Step")
    expect(board(alone)).to_have_attribute("data-epoch", "6")
    # what is clicked shows what is known of it, and no empty card
    alone.mouse.click(*place_of(alone, *run.train_points[0]))
    expect(alone.locator("[data-view=region] .card")).to_be_hidden()
    click_link(alone, 1, 0, 0)
    card = alone.locator("[data-view=network] .card")
    field = card.get_by_role("spinbutton", name="weight of x₁ → hidden 1, unit 1")
    assert float(field.input_value()) == pytest.approx(run.network.weights[0][0, 0], rel=1e-5)
    assert not field.is_editable()
    expect(card.get_by_role("button")).to_have_count(1)  # to close it
    # by keyboard, too: the network goes on from what was clicked
    alone.keyboard.press("Escape")
    network = alone.get_by_role("application", name="Units and weights")
    network.focus()
    alone.keyboard.press("Enter")
    expect(field).to_be_focused()
    alone.keyboard.press("Escape")
    expect(network).to_be_focused()
    expect(card).to_be_hidden()
    alone.keyboard.press("?")
    listed = alone.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed).to_contain_text("Step: train for one epoch")
    expect(listed).not_to_contain_text("Batch")
    alone.keyboard.press("Escape")
    press(alone, "Reset")
    expect(board(alone)).to_have_attribute("data-epoch", "0")
    for name in ("Batch", "Copy link", "Unpin A", "Continue from here", "+ layer"):
        expect(alone.get_by_role("button", name=name)).to_have_count(0)
    assert not complaints
    context.close()


def asked(url: str) -> list[str]:
    return [] if url.startswith(("file:", "data:", "blob:")) else [url]


def test_picture_and_film_are_made_and_saved_one_after_the_other(open_page, tmp_path):
    page = open_page("?samples=60&hidden=4")
    step_to(page, 2)
    open_panel(page, "Save and load")
    with Image.open(make_and_save(page, "Picture (PNG)", tmp_path)) as picture:
        assert picture.size == (1800, 1125)
    with Image.open(make_and_save(page, "Film (GIF)", tmp_path)) as film:
        assert film.n_frames == 3
    # it can be saved once more, until another file is made
    expect(page.get_by_role("button", name=re.compile("^Save the film"))).to_have_count(1)
    expect(page.get_by_role("button", name=re.compile("^Save the picture"))).to_have_count(0)


def test_the_board_plays_on_while_a_film_is_made_and_a_control_stops_neither(open_page, tmp_path):
    page = open_page("?samples=60&hidden=4&epoch=400")
    open_panel(page, "Save and load")
    press(page, "Play")
    page.get_by_role("button", name="Film (GIF)", exact=True).click()
    progress = page.get_by_test_id("stProgress")
    expect(progress).to_contain_text(re.compile(r"Making the film \(GIF\): epoch \d+ of 4\d\d"))
    expect(page.get_by_role("button", name="Film (HTML)", exact=True)).to_be_disabled()
    drawn = "Number(document.querySelector('.board').dataset.frames)"
    before = page.evaluate(drawn)
    page.wait_for_function(f"{drawn} > {before} + 5 && document.querySelector('.stProgress')")
    page.get_by_role("slider", name="Noise").press("ArrowRight")  # another run
    expect(page).to_have_url(re.compile("noise="))
    expect(board(page)).to_have_attribute("data-epoch", "0")
    button = page.get_by_role("button", name=re.compile("^Save the film"))
    expect(button).to_be_visible()
    with Image.open(download(page, button, tmp_path)) as film:
        assert film.n_frames > 50  # of the run before


def test_a_film_is_cancelled_and_the_next_can_be_made(open_page, tmp_path):
    page = open_page("?samples=60&hidden=4&epoch=400")
    open_panel(page, "Save and load")
    page.get_by_role("button", name="Film (GIF)", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The film (GIF) was cancelled.")).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    with Image.open(make_and_save(page, "Picture (PNG)", tmp_path)) as picture:
        assert picture.size == (1800, 1125)
    expect(page.get_by_text("was cancelled")).to_have_count(0)


def test_a_link_of_tensorflow_playground_opens_the_nearest_settings(open_page):
    page = open_page()
    open_panel(page, "Save and load")
    field = page.get_by_role("textbox", name="A link of TensorFlow Playground")
    field.fill("#activation=relu&dataset=circle&networkShape=5,3&batchSize=16&discretize=true")
    field.press("Enter")
    notice = page.get_by_test_id("stAlert")
    expect(notice).to_contain_text("From TensorFlow Playground")
    expect(page).to_have_url(re.compile("dataset=circles.*hidden=5%2C3.*activation=relu"))
    page.keyboard.press("Escape")
    press(page, "Step")
    expect(board(page)).to_have_attribute("data-epoch", "1")
    expect(notice).to_be_visible()


def test_a_folded_panel_that_was_open_before_says_nothing_of_the_next_network(open_page):
    """The browser sends its old values along with each request."""
    page = open_page()
    open_panel(page, "More")
    expect(page.get_by_role("combobox", name="Initial weights")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Initial weights")).to_have_count(0)
    page.get_by_role("button", name="Lessons").click()
    page.get_by_role("dialog").get_by_role("button", name=LESSONS["large"].title).click()
    expect(page).to_have_url(re.compile(r"\?lesson=large$"))
    assert LESSONS["large"].spec.initializer != Spec().initializer  # else nothing would be shown
    step_to(page, 2)
    expect(page).to_have_url(re.compile(r"\?lesson=large$"))
