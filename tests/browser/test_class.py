"""A whole class: one teacher and three students, each in a browser of their own."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from engine import Run, Spec
from tests.browser.conftest import READY, Window
from tests.browser.test_board import (
    board,
    choose_learning_rate,
    epoch,
    press,
    readouts,
    wait_for_epoch,
)

STUDENTS = 3


@pytest.fixture
def open_window(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a browser of its own: open_window("?room=ABCDE", ready=…)."""
    windows: list[Window] = []

    def open_one(query: str = "", ready: str = READY, **options) -> Page:
        window = Window(browser, {"viewport": {"width": 1400, "height": 900}, **options})
        windows.append(window)
        window.page.goto(server + query)
        window.page.locator(ready).wait_for()
        return window.page

    yield open_one
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        window.context.close()
    assert not complaints


@pytest.fixture
def teacher(open_window) -> Page:
    """A teacher who has opened a room."""
    page = open_window("?samples=120&hidden=4")
    press(page, "Teach")
    expect(page.get_by_test_id("room-code")).to_have_text(re.compile(r"^\w{5}$"))
    return page


@pytest.fixture
def students(open_window, teacher) -> list[Page]:
    """Those who have joined, in the order of their seats."""
    joined = []
    for count in range(1, STUDENTS + 1):
        joined.append(open_window(f"?room={code_of(teacher)}", ready="[data-testid=room-code]"))
        expect(teacher.get_by_test_id("room-seats")).to_have_text(str(count))
    return joined


def code_of(page: Page) -> str:
    return page.get_by_test_id("room-code").inner_text()


def follow(teacher: Page, students: list[Page]) -> None:
    press(teacher, "Follow me")
    for page in students:
        page.locator(READY).wait_for()


def expect_same_picture(teacher: Page, page: Page) -> None:
    """Once both stand still."""
    expect(board(page)).to_have_attribute("data-state", "paused")
    expect(board(page)).to_have_attribute("data-epoch", str(epoch(teacher)))
    assert readouts(page) == readouts(teacher)


def your_turn(teacher: Page) -> None:
    press(teacher, "Your turn")


def wait_for_turn(page: Page, turn: int | str) -> None:
    """Until a student's own page is there."""
    page.wait_for_url(re.compile(rf"turn={turn}"))
    page.locator(READY).wait_for()


def tiles(teacher: Page) -> Locator:
    return teacher.get_by_test_id("tile")


def test_a_class_follows_takes_over_and_comes_back(teacher, students):
    follow(teacher, students)
    press(teacher, "Play")
    for page in students:
        wait_for_epoch(page, 10)
    press(teacher, "Pause")
    for page in students:
        expect_same_picture(teacher, page)
        assert page.get_by_role("button", name="Play", exact=True).count() == 0

    ada = students[0]
    at = epoch(teacher)
    press(ada, "Take it from here")
    wait_for_turn(ada, "own")
    expect(board(ada)).to_have_attribute("data-epoch", str(at))
    choose_learning_rate(ada, "0.3")
    press(ada, "Step")
    expect(board(ada)).to_have_attribute("data-epoch", str(at + 1))
    run = Run(Spec(samples=120, hidden=(4,)))
    run.advance(at)
    run.change("learning_rate", 0.3)
    run.advance()
    assert float(readouts(ada)["train_loss"]) == pytest.approx(float(run.latest.train_loss), abs=0)

    press(teacher, "Step")
    expect(board(students[1])).to_have_attribute("data-epoch", str(at + 1))
    press(ada, "Back to the teacher")
    expect(board(ada)).to_have_attribute("data-epoch", str(at + 1))
    expect_same_picture(teacher, ada)


def test_a_class_plays_is_paused_and_its_best_is_collected(teacher, students):
    your_turn(teacher)
    for page in students:
        wait_for_turn(page, 1)
        press(page, "Play")
    for page in students:
        wait_for_epoch(page, 5)
    press(teacher, "Pause the class")
    for page in students:
        expect(board(page)).to_have_attribute("data-state", "paused")
        expect(page.get_by_text("Your teacher has paused the class.")).to_be_visible()
        stands = epoch(page)
        page.keyboard.press("Space")
        assert epoch(page) == stands
    press(teacher, "Go on")
    for page in students:
        expect(page.get_by_text("Your teacher has paused the class.")).to_be_hidden()

    press(teacher, "Wall")
    expect(tiles(teacher)).to_have_count(STUDENTS)
    for index in range(2):
        tiles(teacher).nth(index).get_by_role("checkbox").check()
    press(teacher, "Collect")
    for page in students:
        expect(page.locator(".collected canvas")).to_have_count(2)


def test_everybody_answers_before_anybody_plays(teacher, students):
    your_turn(teacher)
    for page in students:
        wait_for_turn(page, 1)
    press(teacher, "Ask")
    teacher.get_by_label("Your own question").check()
    teacher.get_by_role("textbox", name="Question", exact=True).fill("Does it learn?")
    for number, words in enumerate(("Yes", "No"), 1):
        teacher.get_by_role("textbox", name=f"Option {number}").fill(words)
    teacher.get_by_role("dialog").get_by_role("button", name="Ask", exact=True).click()
    for page, words in zip(students, ("Yes", "No", "Yes"), strict=True):
        page.get_by_role("radio", name=words, exact=True).check()
        page.keyboard.press("Escape")
        press(page, "Step")
        assert (epoch(page), board(page).get_attribute("data-held")) == (0, "true")
    expect(teacher.get_by_text("3 of 3 have answered").first).to_be_visible()
    assert students[0].get_by_text("2 of 3").count() == 0
    press(teacher, "Show the answers")
    for page in students:
        expect(page.get_by_text(re.compile("2 of 3|2 students|: 2")).first).to_be_visible()
    teacher.get_by_role("dialog").get_by_role("button", name="Go on", exact=True).click()
    press(students[0], "Step")
    expect(board(students[0])).to_have_attribute("data-epoch", "1")


def test_a_class_is_an_experiment(teacher, students):
    """Each has another learning rate, and nothing else to change; their losses are the engine's."""
    press(teacher, "Task")
    teacher.get_by_role("radio", name=re.compile("An experiment")).check()
    teacher.get_by_role("spinbutton", name="Compared after epochs").fill("20")
    press(teacher, "Let them play")
    rates = {}
    for page in students:
        wait_for_turn(page, 1)
        expect(page.get_by_label("Learning rate")).to_be_hidden()
        rates[page] = float(board(page).get_attribute("data-learning-rate"))
        press(page, "Play")
    for page in students:
        wait_for_epoch(page, 20)
    assert sorted(rates.values()) == [0.01, 0.1, 1.0]
    press(teacher, "Results")
    expect(teacher.get_by_role("dialog").locator("tbody tr")).to_have_count(STUDENTS)
    with teacher.expect_download() as download:
        teacher.get_by_role("dialog").get_by_role("button", name="Download results").click()
    table = download.value.path().read_text()
    for rate in rates.values():
        run = Run(Spec(samples=120, hidden=(4,), learning_rate=rate))
        run.advance(20)
        assert repr(float(run.latest.test_loss)) in table


def test_reloads_are_the_same_teacher_and_the_same_seats(teacher, students):
    follow(teacher, students)
    press(teacher, "Step")
    code = code_of(teacher)
    for page in (teacher, students[1]):
        page.reload()
        page.locator(READY).wait_for()
        expect(page.get_by_test_id("room-code")).to_have_text(code)
    expect(teacher.get_by_test_id("room-seats")).to_have_text(str(STUDENTS))
    press(teacher, "Step")
    for page in students:
        expect_same_picture(teacher, page)


def test_a_room_that_is_closed_leaves_everybody_their_run(teacher, students):
    your_turn(teacher)
    for page in students:
        wait_for_turn(page, 1)
    press(students[0], "Step")
    press(teacher, "Close the room")
    press(teacher, "Close the room")
    for page in students:
        expect(page.get_by_text("The room is closed.")).to_be_visible()
    press(students[0], "Step")
    expect(board(students[0])).to_have_attribute("data-epoch", "2")


def test_boards_that_follow_stand_still_too(teacher, students):
    follow(teacher, students)
    press(teacher, "Play")
    for page in students:
        wait_for_epoch(page, 3)
    press(teacher, "Pause the class")
    for page in students:
        expect(board(page)).to_have_attribute("data-state", "paused")
        expect(page.get_by_text("Your teacher has paused the class.")).to_be_visible()
    wait_for_epoch(teacher, epoch(teacher) + 20)  # what was on its way has come
    stands = [epoch(page) for page in students]
    wait_for_epoch(teacher, epoch(teacher) + 20)
    assert [epoch(page) for page in students] == stands
    press(teacher, "Go on")
    press(teacher, "Pause")
    for page in students:
        expect(page.get_by_text("Your teacher has paused the class.")).to_be_hidden()
        expect_same_picture(teacher, page)
