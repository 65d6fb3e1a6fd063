"""The plans of docs/teaching.md, played through: a teacher and three students, each in a browser.

What is done is read from the tables there: the links, the buttons in bold, the settings in code.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, expect

from engine import Run
from playground.lessons import LESSONS
from playground.naming import setting_label
from playground.room.tiles import NOT_STARTED
from playground.share import from_query, lesson_of
from tests.browser.conftest import READY, Window
from tests.playground.test_teaching import PLANS, Step

NAMES = ("Ada", "Bob", "Cyd")


class Class:
    """A teacher and students in a room.

    Attributes:
        teacher: their page.
        students: the pages of those who have joined.
        query: of the link that was opened last.
    """

    def __init__(self, teacher: Page, server: str, come: Callable[[], Page]) -> None:
        self.teacher, self.server, self._come = teacher, server, come
        self.students: list[Page] = []
        self.query: dict[str, str] = {}

    def play(self, step: Step) -> None:
        """Do what a row says."""
        if step.link:
            self.query = dict(parse_qsl(step.link[1:], keep_blank_values=True))
            self.teacher.goto(self.server + step.link)
            self.teacher.locator(READY).wait_for()
            expect(self.teacher.get_by_test_id("room-seats")).to_have_text(str(len(NAMES)))
        for name in step.pressed:
            DONE[name](self, step)

    # what is pressed

    def join(self, step: Step) -> None:
        press(self.teacher, "Join")
        code = self.teacher.get_by_test_id("room-code").inner_text()
        expect(sheet(self.teacher)).to_contain_text(code)
        for name in NAMES:
            student = self._come()
            student.goto(f"{self.server}?room={code.lower()}")
            field = student.get_by_label("Your name").locator("visible=true")
            if field.count():
                field.fill(name)
                field.press("Enter")
            self.students.append(student)
        expect(self.teacher.get_by_test_id("room-seats")).to_have_text(str(len(NAMES)))
        self.teacher.keyboard.press("Escape")

    def follow(self, step: Step) -> None:
        press(self.teacher, "Follow me")
        for student in self.students:
            student.locator("[data-testid=board][data-watching=true]").wait_for()
            expect(board(student)).to_have_attribute("data-epoch", epoch(self.teacher))

    def ask(self, step: Step) -> None:
        lesson = LESSONS[lesson_of(self.query)]
        press(self.teacher, "Ask")
        press(sheet(self.teacher), "Ask")
        for number, student in enumerate(self.students):
            asked = student.locator(".asked:popover-open")
            expect(asked.get_by_role("radio")).to_have_count(len(lesson.options))
            asked.get_by_role("radio").nth(number % len(lesson.options)).check()
        expect(sheet(self.teacher)).to_contain_text("3 of 3")

    def show_answers(self, step: Step) -> None:
        press(sheet(self.teacher), "Show the answers")
        for student in self.students:
            answers = student.locator(".asked:popover-open")
            expect(answers).to_contain_text("✓ right")
            expect(answers).to_contain_text("1 of 3 (33 %)")

    def go_on(self, step: Step) -> None:
        """After a question, or a pause."""
        press(self.teacher, "Go on")
        for student in self.students:
            expect(student.locator(".asked:popover-open")).to_have_count(0)

    def play_on(self, step: Step) -> None:
        """The class sees it to the end."""
        lesson = lesson_of(self.query)
        self.teacher.get_by_label("Epochs per frame").select_option("5")
        press(self.teacher, "Play")
        if lesson:
            expect(board(self.teacher)).to_have_attribute("data-epoch", str(LESSONS[lesson].epochs))
        else:
            wait_for_epoch(self.teacher, 20)
            press(self.teacher, "Pause")
        expect(board(self.teacher)).to_have_attribute("data-state", "paused")
        said = self.teacher.locator("[data-value=test_loss]").get_attribute("title")
        for student in self.students:
            expect(board(student)).to_have_attribute("data-epoch", epoch(self.teacher))
            expect(student.locator("[data-value=test_loss]")).to_have_attribute("title", str(said))

    def turn(self, step: Step) -> None:
        press(self.teacher, "Your turn")
        self._wait_for_turn()
        self._free()

    def _wait_for_turn(self) -> None:
        for student in self.students:
            expect(student).to_have_url(re.compile(r"[?&]turn=\d+"))
            student.locator(READY).wait_for()

    def task(self, step: Step) -> None:
        words = step.what.split("**Task**")[1]
        press(self.teacher, "Task")
        form = sheet(self.teacher)
        varied = re.findall(r"`(\w+)` = `([^`]+)`", words)
        if "experiment" in words:
            form.get_by_label("An experiment").check()
            (epochs,) = re.findall(r"compared after `(\d+)` epochs", words)
            for fields, (setting, values) in zip(
                form.locator(".class-varied").all(), varied, strict=False
            ):
                fields.locator("select").select_option(setting)
                for tick in fields.get_by_role("checkbox").all():
                    tick.uncheck()
                fields.get_by_label("Further values").fill(values)
            form.get_by_label("Compared after epochs").fill(epochs)
        elif "challenge" in words:
            (goal, few), *_ = re.findall(r"`([\d.]+)` with as few `(\w+)`", words)
            form.get_by_label("A challenge").check()
            form.get_by_label("Test loss to be reached").fill(goal)
            form.get_by_label("With as few as possible").select_option(few)
        if free := re.findall(r"Only `(\w+)` may be changed", words):
            form.get_by_label("Only what is ticked").check()
            for tick in (
                form.get_by_role("group", name="What may be changed").get_by_role("checkbox").all()
            ):
                tick.uncheck()
            form.get_by_label(setting_label(free[0]), exact=True).check()
        press(form, "Let them play")
        expect(sheet(self.teacher)).to_have_count(0)
        self._wait_for_turn()
        if "experiment" in words:
            self._experiment([setting for setting, _ in varied], int(epochs))
        elif "challenge" in words:
            self._challenge()
        else:
            self._free()

    def _experiment(self, varied: list[str], epochs: int) -> None:
        """Everybody presses Play, and can do nothing else."""
        self.losses = []
        for student in self.students:
            expect(student.get_by_label("Learning rate", exact=True)).to_be_hidden()
            query = dict(parse_qsl(student.url.split("?", 1)[1], keep_blank_values=True))
            spec, _ = from_query(query)
            assert query["lock"] == "all"
            run = Run(spec)
            run.advance(epochs)
            self.losses.append(f"{float(run.latest.test_loss):.4g}")
            press(student, "Play")
        for student in self.students:
            wait_for_epoch(student, epochs)

    def _challenge(self) -> None:
        """One plays as it is, one adds a unit, one adds enough of them."""
        for student, units in zip(self.students, (1, 2, 4), strict=True):
            expect(student.get_by_label("Learning rate", exact=True)).to_be_hidden()
            for more in range(1, units):
                student.get_by_role("button", name="Add a unit to hidden 1").click()
                expect(student.locator(".layer-tools span")).to_have_text(str(1 + more))
            expect(student).to_have_url(re.compile(rf"hidden={units}"))
            student.get_by_label("Epochs per frame").select_option("5")
            press(student, "Play")
        for student in self.students:
            wait_for_epoch(student, 150)
            press(student, "Pause")

    def _free(self) -> None:
        for student in self.students:
            press(student, "Play")
        for student in self.students:
            wait_for_epoch(student, 5)

    def results(self, step: Step) -> None:
        press(self.teacher, "Results")
        shown = sheet(self.teacher)
        if "challenge" in step.what:
            expect(shown).to_contain_text("1 of 3 students have reached 0.3.")
            expect(shown.locator("tbody tr")).to_have_count(1)
            for student in self.students:
                expect(student.get_by_text("Best so far: ")).to_contain_text("17 parameters")
        else:
            expect(shown).to_contain_text("3 of 3 students have a result.")
            for loss in self.losses:
                expect(shown.locator("table")).to_contain_text(loss)
        self.teacher.keyboard.press("Escape")

    def wall(self, step: Step) -> None:
        press(self.teacher, "Wall")
        tiles = sheet(self.teacher).get_by_test_id("tile")
        expect(tiles).to_have_count(len(NAMES))
        expect(tiles.filter(has_text=NOT_STARTED)).to_have_count(0)

    def collect(self, step: Step) -> None:
        if not sheet(self.teacher).count():
            press(self.teacher, "Wall")
        ticks = sheet(self.teacher).get_by_label(re.compile("^Collect the tile of"))
        expect(ticks).to_have_count(len(NAMES))
        for tick in ticks.all()[:2]:
            tick.check()
        press(sheet(self.teacher), "Collect")
        self.teacher.keyboard.press("Escape")
        for student in self.students:
            shown = student.locator(".collected").get_by_test_id("tile")
            expect(shown).to_have_count(2)
            for name in NAMES:
                expect(student.locator(".collected")).not_to_contain_text(name)

    def untile(self, step: Step) -> None:
        press(self.teacher, "Take them away")
        for student in self.students:
            expect(student.locator(".collected:popover-open")).to_have_count(0)

    def pause(self, step: Step) -> None:
        press(self.teacher, "Pause the class")
        for student in self.students:
            expect(student.get_by_text("Paused by the teacher")).to_be_visible()
            expect(board(student)).not_to_have_attribute("data-state", "playing")

    def close(self, step: Step) -> None:
        press(self.teacher, "Close the room")
        self.teacher.get_by_role("button", name="Close the room").last.click()
        for student in self.students:
            expect(student.get_by_text("The room is closed.").first).to_be_visible()
        expect(self.teacher.get_by_text("The room is closed.")).to_be_visible()


DONE: dict[str, Callable[[Class, Step], None]] = {
    "Join": Class.join,
    "Follow me": Class.follow,
    "Ask": Class.ask,
    "Show the answers": Class.show_answers,
    "Go on": Class.go_on,
    "Play": Class.play_on,
    "Your turn": Class.turn,
    "Task": Class.task,
    "Results": Class.results,
    "Wall": Class.wall,
    "Collect": Class.collect,
    "Take them away": Class.untile,
    "Pause the class": Class.pause,
    "Close the room": Class.close,
}


def press(place: Page | Locator, name: str) -> None:
    place.get_by_role("button", name=name, exact=True).locator("visible=true").click()


def sheet(page: Page) -> Locator:
    """What lies over the board."""
    return page.locator("dialog[open]")


def board(page: Page) -> Locator:
    return page.get_by_test_id("board")


def epoch(page: Page) -> str:
    return str(board(page).get_attribute("data-epoch"))


def wait_for_epoch(page: Page, least: int) -> None:
    page.wait_for_function(
        "least => Number(document.querySelector('[data-testid=board]').dataset.epoch) >= least",
        arg=least,
    )


@pytest.fixture
def come(browser) -> Iterator[Callable[[], Page]]:
    """A function that brings somebody with a browser of their own; none may complain."""
    windows: list[Window] = []

    def bring() -> Page:
        window = Window(browser, {"viewport": {"width": 1024, "height": 768}})
        windows.append(window)
        return window.page

    yield bring
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        window.context.close()
    assert not complaints


@pytest.mark.parametrize("title", PLANS)
def test_a_lesson_goes_as_planned(title, open_page, server, come):
    teacher = open_page(alone=True)
    press(teacher, "Teach")
    expect(teacher.get_by_test_id("room-code")).to_have_text(re.compile(r"^\w{5}$"))
    room = Class(teacher, server, come)
    for step in PLANS[title]:
        room.play(step)
