"""A class follows: what is on the teacher's screen is on those of the students."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, wait_for_function

# what is read from a board, whatever its size
SEEN = """() => {
  const board = document.querySelector('[data-testid=board]');
  const text = (selector) => board.querySelector(selector).textContent;
  const shown = (selector, inside = '') =>
    board.querySelector(selector).hidden ? '' : text(`${selector} ${inside}`);
  const { epoch, state, past, learningRate, pinned } = board.dataset;
  return JSON.stringify({
    epoch, state, past, learningRate, pinned,
    readouts: [...board.querySelectorAll('.readouts [data-value]')].map((cell) => cell.title),
    moment: text('.moment'),
    slider: board.querySelector('[data-action=timeline]').value,
    title: text('[data-view=region] h2'),
    comparison: text('.comparison'),
    unit: shown('.unit-values'),
    weight: shown('[data-view=network] .card', 'strong'),
    value: board.querySelector('[data-view=network] .card input').value,
    point: shown('[data-view=region] .card', 'strong'),
    place: shown('[data-view=region] .probe'),
  });
}"""

# the mean colour of each of 8 x 8 parts of the picture, whatever its size
COLORS = """() => {
  const canvas = document.querySelector('[data-view=region] canvas');
  const { width, height } = canvas;
  const copy = Object.assign(document.createElement('canvas'), { width, height });
  const brush = copy.getContext('2d', { willReadFrequently: true });
  brush.drawImage(canvas, 0, 0);
  const { data } = brush.getImageData(0, 0, width, height);
  const sums = Array.from({ length: 64 }, () => [0, 0, 0, 0]);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) {
    const sum = sums[8 * Math.floor(8 * y / height) + Math.floor(8 * x / width)];
    const at = 4 * (y * width + x);
    for (let i = 0; i < 3; i += 1) sum[i] += data[at + i];
    sum[3] += 1;
  }
  return sums.map(([red, green, blue, count]) => [red / count, green / count, blue / count]);
}"""


@pytest.fixture
def class_of(open_page):
    """A function that opens a class: a teacher's page, and so many students who follow it."""

    def come(students: int, query: str = "") -> tuple[Page, list[Page]]:
        teacher = open_page(query, alone=True)
        teacher.get_by_role("button", name="Teach", exact=True).click()
        code = teacher.get_by_test_id("room-code")
        expect(code).not_to_be_empty()
        teacher.get_by_role("button", name="Follow me", exact=True).click()
        address = f"?room={code.text_content()}"
        return teacher, [open_page(address, alone=True) for _ in range(students)]

    return come


def see_the_same(teacher: Page, *students: Page) -> None:
    """Wait until the students' boards say what the teacher's says, and show its picture."""
    for student in students:
        deadline = time.monotonic() + PATIENCE / 1000
        while (differing := differences(teacher, student)) is not None:
            assert time.monotonic() < deadline, differing
            student.wait_for_timeout(100)


def differences(teacher: Page, student: Page) -> str | None:
    """In what two boards differ, None if they show the same."""
    shown, seen = teacher.evaluate(SEEN), student.evaluate(SEEN)
    if shown != seen:
        return f"{seen}\nis not\n{shown}"
    pairs = zip(teacher.evaluate(COLORS), student.evaluate(COLORS), strict=True)
    off = [abs(a - b) for one, other in pairs for a, b in zip(one, other, strict=True)]
    # points and lines take more of a smaller picture
    return None if sum(off) / len(off) < 12 else f"the picture is another one: {off}"


def button(page: Page, name: str):
    return page.get_by_test_id("board").get_by_role("button", name=name, exact=True)


def epoch_is_at_least(page: Page, epoch: int) -> None:
    reached = """least =>
      Number(document.querySelector('[data-testid=board]').dataset.epoch) >= least"""
    wait_for_function(page, reached, arg=epoch)


def test_the_class_plays_pauses_and_goes_back_with_the_teacher(class_of):
    teacher, (student, other) = class_of(2)
    see_the_same(teacher, student, other)
    button(teacher, "Play").click()
    for page in (student, other):
        expect(page.get_by_test_id("board")).to_have_attribute("data-state", "playing")
        epoch_is_at_least(page, 20)
    button(teacher, "Pause").click()
    see_the_same(teacher, student, other)
    teacher.get_by_role("slider", name="Timeline").focus()
    for _ in range(5):
        teacher.keyboard.press("ArrowLeft")
    expect(student.get_by_test_id("board")).to_have_attribute("data-past", "true")
    see_the_same(teacher, student)
    button(teacher, "Continue from here").click()
    teacher.locator("[data-action=learning-rate]").select_option("0.3")
    button(teacher, "Step").click()
    see_the_same(teacher, student, other)
    button(teacher, "Reset").click()
    expect(student.get_by_test_id("board")).to_have_attribute("data-epoch", "0")
    see_the_same(teacher, student, other)


def test_what_the_teacher_points_at_is_pointed_at_everywhere(class_of):
    teacher, (student,) = class_of(1)
    button(teacher, "Step").click()
    network = teacher.locator("[data-view=network] .network-keys")
    network.focus()
    for key in ("ArrowRight", "ArrowDown"):
        network.press(key)
    expect(student.locator(".unit-values")).to_contain_text("hidden 1, unit")
    see_the_same(teacher, student)
    network.press("Enter")
    expect(student.locator("[data-view=network] .card strong")).to_contain_text("bias of")
    expect(student.locator("[data-view=network] .card input")).to_have_js_property("readOnly", True)
    expect(student.get_by_role("button", name="Explain it below")).to_be_hidden()
    teacher.keyboard.press("Escape")
    expect(student.locator("[data-view=network] .card")).to_be_hidden()
    place = teacher.locator("[data-view=region] .chart")
    place.hover(position={"x": 120, "y": 90})
    expect(teacher.locator("[data-view=region] .probe")).to_contain_text("probability")
    see_the_same(teacher, student)
    teacher.mouse.move(0, 0)
    expect(student.locator("[data-view=region] .probe")).to_be_hidden()


def test_run_a_is_beside_on_every_screen(class_of):
    teacher, (student,) = class_of(1)
    button(teacher, "Pin as A").click()
    button(teacher, "Step").click()
    expect(student.locator("[data-view=pinned]")).to_be_visible()
    see_the_same(teacher, student)
    button(teacher, "Unpin A").click()
    expect(student.locator("[data-view=pinned]")).to_be_hidden()
    see_the_same(teacher, student)


def test_nothing_changes_the_run_on_a_board_that_follows(class_of):
    teacher, (student,) = class_of(1)
    board = student.get_by_test_id("board")
    for name in ("Play", "Step", "Batch", "Reset", "+ layer", "− layer", "Pin as A", "Copy link"):
        expect(board.get_by_role("button", name=name, exact=True)).to_be_hidden()
    student.locator("[data-view=network] .network-keys").focus()
    for key in ("Space", "s", "b", "0"):
        student.keyboard.press(key)
    button(teacher, "Step").click()
    expect(board).to_have_attribute("data-epoch", "1")
    expect(board).to_have_attribute("data-state", "paused")


def test_another_dataset_is_another_run_for_the_class(class_of):
    teacher, (student,) = class_of(1, "?dataset=circles")
    see_the_same(teacher, student)
    teacher.get_by_role("button", name="+ layer").click()
    expect(student.locator("[data-view=network]")).to_have_attribute("data-weights", "152")
    see_the_same(teacher, student)
