"""Students in a class, each in a browser context of their own; the teacher is a program."""

import contextlib
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from engine import Run, Spec
from playground.board.line import PATH as BOARD_LINE
from playground.room.line import PATH as LINE
from tests.browser import axe
from tests.browser.conftest import READY, Window, wait_for_function
from tests.browser.test_board import board, epoch, expect_state, expected_readouts, numbers, press
from tests.playground.room.test_following import Board
from tests.playground.room.test_line import Someone

SCREENS = [(390, 844), (1024, 768), (1400, 900)]
EPOCH = "() => Number(document.querySelector('[data-testid=board]')?.dataset.epoch ?? -1)"
NO_STORAGE = """for (const name of ['localStorage', 'sessionStorage']) {
    const get = () => { throw new DOMException('no', 'SecurityError'); };
    Object.defineProperty(window, name, { get });
}"""
MARKUP = "<img src=x onerror=alert(1)>"


class Class:
    """A room of a teacher who is a program, and its students' windows."""

    def __init__(self, address: str, browser, open_line: Callable[[str], object]) -> None:
        self.address, self.browser, self.open_line = address, browser, open_line
        self.windows: list[Window] = []
        self.teacher = Someone(open_line(LINE), open=True)
        self.code = self.teacher.hear("teacher")["code"]

    def do(self, name: str, **more) -> None:
        self.teacher.say(do=name, **more)

    def window(self, query: str, script: str = "", **options) -> Page:
        window = Window(self.browser, {"viewport": {"width": 1024, "height": 768}, **options})
        self.windows.append(window)
        if script:
            window.context.add_init_script(script)
        window.page.goto(self.address + query)
        return window.page

    def join(self, **options) -> Page:
        """A student who is in."""
        page = self.window(f"?room={self.code}", **options)
        expect(page.get_by_test_id("room-code")).to_have_text(self.code)
        doing(page)
        return page

    def board(self, query: str = "") -> Board:
        """The teacher's board, which the class follows."""
        self.do("follow")
        self.teacher.wait(lambda room: room["mode"] == "follow")
        return Board(self.open_line(f"{BOARD_LINE}?{query}"), self.teacher)

    def play(self, page: Page, query: str = "hidden=3", **more) -> None:
        """Your turn."""
        self.do("turn", query=query, **more)
        page.locator(READY).wait_for()
        expect(page.locator(".doing")).to_have_text("Your turn")


@pytest.fixture
def our(server, browser):
    """A class."""
    with contextlib.ExitStack() as stack:

        def open_line(path: str):
            address = f"ws://{urlsplit(server).netloc}{path}"
            options = {"max_size": 2**24, "max_queue": None, "ping_interval": None}
            return stack.enter_context(connect(address, **options))

        ours = Class(server, browser, open_line)
        yield ours
        complaints = [complaint for window in ours.windows for complaint in window.complaints]
        for window in ours.windows:
            window.context.close()
        with contextlib.suppress(ConnectionClosed):  # the test has done it
            ours.do("close")
        assert not complaints


def doing(page: Page) -> str:
    """What the strip says, as soon as it says something."""
    expect(page.locator(".doing")).not_to_be_empty()
    return page.locator(".doing").inner_text()


def wait_for_epoch(page: Page, wanted: float) -> None:
    wait_for_function(page, f"(wanted) => ({EPOCH})() === wanted", arg=wanted)


def take_it(page: Page) -> None:
    page.get_by_role("button", name="Take it from here").click()
    expect(page.get_by_role("button", name="Back to the teacher")).to_be_visible()
    page.locator(READY).wait_for()


def test_a_code_is_typed_in_as_people_do(our):
    page = our.window("?room=")
    field = page.get_by_label("Code of the room")
    expect(field).to_be_focused()
    field.fill("zz zzz")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no room with this code")
    expect(field).to_have_value("ZZZZZ")
    field.fill(f"{our.code[:2].lower()} {our.code[2:].lower()}")
    field.press("Enter")
    expect(page.get_by_role("heading", name="You are in.")).to_be_visible()
    expect(page.get_by_test_id("room-code")).to_have_text(our.code)
    assert parse_qs(urlsplit(page.url).query) == {"room": [our.code]}


def test_a_name_is_text_and_the_teacher_hears_it(our):
    page = our.join()
    page.get_by_label("Your name").fill(MARKUP)
    page.get_by_role("button", name="Save name").click()
    expect(page.locator(".who summary")).to_have_text(MARKUP)
    assert page.locator("img").count() == 0
    our.teacher.wait(lambda room: [seat["name"] for seat in room["seats"]] == [MARKUP])
    our.do("names", asked=False, to_teacher=False, to_class=False)
    expect(page.get_by_label("Your name")).to_be_hidden()
    expect(page.locator(".who summary")).to_have_text("Amber Badger")


def test_a_reload_is_the_same_seat_on_either_page(our):
    pages = [our.join(), our.join()]
    for page in pages:
        page.reload()
    expect(pages[0].locator(".who summary")).to_have_text("Amber Badger")
    expect(pages[1].locator(".who summary")).to_have_text("Blue Beaver")
    our.play(pages[1])
    pages[1].reload()
    expect(pages[1].locator(".who summary")).to_have_text("Blue Beaver")
    assert len(our.teacher.wait(lambda room: room["mode"] == "play")["seats"]) == 2


def test_a_run_is_taken_from_the_teacher_to_the_last_digit(our):
    page = our.join()
    teachers = our.board("hidden=3")
    teachers.play(5)
    teachers.take += 1
    teachers.ask(frames=0, changes=[["learning_rate", 0.3]])
    teachers.play(4)
    teachers.show(state="paused")
    page.locator(READY).wait_for()
    wait_for_epoch(page, 9)
    take_it(page)
    wait_for_epoch(page, 9)
    run = Run(Spec(hidden=(3,)))
    run.advance(epochs=5)
    run.change("learning_rate", 0.3)
    run.advance(epochs=4)
    assert numbers(page) == expected_readouts(run)
    press(page, "Step")
    wait_for_epoch(page, 10)
    run.advance(epochs=1)
    assert numbers(page) == expected_readouts(run)
    expect(page.get_by_role("spinbutton", name="Hidden 1")).to_have_value("3")


def test_there_and_back_again_nothing_is_lost(our):
    page = our.join()
    teachers = our.board("hidden=3")
    teachers.play(3)
    teachers.show(state="paused")
    page.locator(READY).wait_for()
    expect(page.get_by_role("button", name="Back to my run")).to_be_hidden()
    take_it(page)
    wait_for_epoch(page, 3)
    press(page, "Step")
    wait_for_epoch(page, 4)
    mine = numbers(page)
    page.get_by_role("button", name="Back to the teacher").click()
    expect(page.locator(".doing")).to_have_text("Following the teacher")
    wait_for_epoch(page, 3)
    page.get_by_role("button", name="Back to my run").click()
    expect(page.locator(".doing")).to_have_text("A run of your own")
    wait_for_epoch(page, 4)
    assert numbers(page) == mine


def test_follow_me_brings_everybody_back(our):
    page = our.join()
    teachers = our.board()
    teachers.show(state="paused")
    take_it(page)
    our.do("follow")  # again
    expect(page.locator(".doing")).to_have_text("Following the teacher")
    expect(page.get_by_role("button", name="Back to my run")).to_be_visible()


def test_your_turn_is_the_newest_one(our):
    page = our.join()
    our.play(page, "hidden=3", lock=["dataset"])
    assert parse_qs(urlsplit(page.url).query)["turn"] == ["1"]
    expect(page.get_by_role("spinbutton", name="Hidden 1")).to_have_value("3")
    our.play(page, "hidden=2")
    expect(page.get_by_role("spinbutton", name="Hidden 1")).to_have_value("2")
    assert parse_qs(urlsplit(page.url).query)["turn"] == ["2"]


def test_whoever_is_late_plays_at_once(our):
    our.do("turn", query="hidden=3")
    page = our.window(f"?room={our.code}")
    page.locator(READY).wait_for()
    expect(page.locator(".doing")).to_have_text("Your turn")


def test_a_paused_board_stands_still_and_says_why(our):
    page = our.join()
    our.play(page)
    press(page, "Play")
    expect_state(page, "playing")
    our.do("pause", paused=True)
    expect_state(page, "paused")
    expect(board(page).get_by_text("Your teacher has paused the class.")).to_be_visible()
    expect(page.locator(".doing")).to_have_text("Paused by the teacher")
    stood = epoch(page)
    for key in ("Space", "s", "b"):
        page.keyboard.press(key)
    press(page, "Step")
    press(page, "Play")
    our.do(
        "names", asked=False, to_teacher=False, to_class=False
    )  # what was pressed is over by then
    expect(page.locator(".who form")).to_be_hidden()
    expect_state(page, "paused")
    assert epoch(page) == stood
    our.do("pause", paused=False)
    expect_state(page, "playing")
    expect(board(page).get_by_text("Your teacher has paused the class.")).to_be_hidden()


def test_a_question_is_answered_by_keyboard_and_can_be_thought_over(our):
    page = our.join()
    our.play(page)
    our.do("ask", text=MARKUP, options=["a line", "a curve"])
    asked = page.get_by_role("dialog", name=MARKUP)
    expect(asked).to_be_focused()
    expect_state(page, "paused")
    press(page, "Step")
    page.keyboard.press("Tab")
    asked.get_by_role("radio", name="a line").press("Space")
    our.teacher.wait(lambda room: room["answers"] == [1, 0])
    page.keyboard.press("ArrowDown")
    our.teacher.wait(lambda room: room["answers"] == [0, 1])
    expect(asked.get_by_role("radio", name="a curve")).to_be_checked()
    our.do("show answers")
    expect(asked).to_contain_text("1 of 1 (100 %)")
    expect(asked.get_by_role("radio")).to_have_count(0)
    assert epoch(page) == 0
    our.do("end question")
    expect(asked).to_be_hidden()
    page.keyboard.press("s")
    wait_for_epoch(page, 1)


def test_who_reloads_has_answered(our):
    page = our.join()
    our.do("ask", text="Which?", options=["this", "that"])
    page.get_by_role("radio", name="that").check()
    our.teacher.wait(lambda room: room["answers"] == [0, 1])
    page.reload()
    expect(page.get_by_role("radio", name="that")).to_be_checked()


def test_collected_tiles_are_on_every_screen(our):
    pages = [our.join(), our.join()]
    our.teacher.say(wall=True)
    our.do("turn", query="hidden=3")
    for page in pages:
        page.locator(READY).wait_for()
        press(page, "Step")
    seats: set[int] = set()
    while len(seats) < 2:
        seats |= {tile["seat"] for tile in our.teacher.hear("tiles")}
    our.do("collect", seats=[1, 2])
    for page in pages:
        tiles = page.get_by_test_id("tile")
        expect(tiles).to_have_count(2)
        expect(tiles.first).to_contain_text("Amber Badger")
        assert page.evaluate(
            """() => [...document.querySelectorAll('.collected canvas')].every((canvas) => {
                const { data } = canvas.getContext('2d').getImageData(0, 0, 24, 24);
                return canvas.width === 24 && new Set(new Uint32Array(data.buffer)).size > 10;
            })"""
        )
        page.get_by_role("button", name="Hide").click()
        expect(tiles.first).to_be_hidden()
    our.do("collect", seats=[])
    expect(pages[0].locator(".collected")).to_be_hidden()


def test_an_experiment_says_what_to_do_and_what_came_of_it(our):
    page = our.join()
    rates = {"learning_rate": ["0.3", "0.1"]}
    our.do("experiment", query="hidden=2", varied=rates, epochs=5)
    page.locator(READY).wait_for()
    expect(page.locator(".task")).to_have_text(
        "You have learning rate = 0.3. Press Play: it stops at epoch 5."
    )
    press(page, "Play")
    run = Run(Spec(hidden=(2,), learning_rate=0.3))
    run.advance(epochs=5)
    loss = f"{float(run.latest.test_loss):.4f}"
    expect(page.locator(".task")).to_contain_text(f"your test loss is {loss}")
    assert epoch(page) == 5


def test_a_challenge_says_its_goal_and_the_best(our):
    page = our.join()
    our.do("challenge", query="hidden=8", goal=0.7, fewest="parameters", title="Small")
    page.locator(READY).wait_for()
    expect(page.locator(".task")).to_contain_text("reach a test loss of 0.7000")
    press(page, "Play")
    expect(page.locator(".best")).to_contain_text("1. Amber Badger (33 parameters")


def test_a_line_that_breaks_is_the_same_seat_again(our):
    opened = []

    def pass_on(socket):
        socket.connect_to_server()
        opened.append(socket)

    window = Window(our.browser, {})
    our.windows.append(window)
    page = window.page
    page.route_web_socket(f"**{LINE}", pass_on)
    page.goto(f"{our.address}?room={our.code}")
    expect(page.locator(".doing")).to_have_text("Waiting for the teacher")
    opened[0].close()
    wait_for_function(page, "() => document.querySelector('.doing').textContent.startsWith('Wait')")
    our.do("ask", text="Again?", options=["yes", "no"])
    page.get_by_role("radio", name="yes").check()
    our.teacher.wait(lambda room: room["answers"] == [1, 0])
    assert len(our.teacher.room["seats"]) == 1
    assert len(opened) > 1


def test_when_the_room_is_closed_the_run_stays(our):
    page = our.join()
    our.play(page)
    press(page, "Step")
    wait_for_epoch(page, 1)
    mine = numbers(page)
    our.do("close")
    expect(page.locator(".doing")).to_have_text("The room is closed.")
    page.get_by_role("button", name="Go on without the class").click()
    expect(page.get_by_test_id("room-code")).to_be_hidden()
    page.locator(READY).wait_for()
    wait_for_epoch(page, 1)
    assert numbers(page) == mine
    assert "room" not in parse_qs(urlsplit(page.url).query)


def test_who_waits_hears_that_the_room_is_closed(our):
    page = our.join()
    our.do("close")
    expect(page.get_by_role("heading", name="The room is closed.")).to_be_visible()
    page.get_by_role("button", name="Join another class").click()
    expect(page.get_by_label("Code of the room")).to_be_visible()


def test_whose_seat_is_taken_away_hears_it(our):
    page = our.join()
    our.do("remove", seat=1)
    expect(page.get_by_role("heading", name="taken this seat away")).to_be_visible()


def test_a_browser_that_keeps_nothing_can_be_in_a_class(our):
    page = our.join(script=NO_STORAGE)
    teachers = our.board("hidden=3")
    teachers.play(2)
    teachers.show(state="paused")
    page.locator(READY).wait_for()
    take_it(page)
    wait_for_epoch(page, 2)
    our.play(page, "hidden=2")
    assert epoch(page) == 0
    assert len(our.teacher.wait(lambda room: room["mode"] == "play")["seats"]) == 1


def test_the_teachers_link_leaves_no_key_in_the_address(our):
    page = our.window(f"?room={our.code}#teach={our.teacher.notes[0]['teacher']['key']}")
    expect(page.get_by_test_id("room-seats")).to_be_visible()
    expect(page.get_by_test_id("room-code")).to_have_text(our.code)
    assert "teach" not in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_board_is_in_sight_and_all_can_use_it(our, width, height, scheme):
    is_phone = width < 500
    page = our.join(
        viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=is_phone
    )
    assert axe.violations(page) == []
    teachers = our.board()
    shown = {"lesson": "slow", "explained": True}
    teachers.show(state="paused", beside=shown)
    page.locator(READY).wait_for()
    expect(page.locator("#beside math").first).to_be_visible()
    picture = page.locator("[data-view=region] canvas").first.bounding_box()
    assert picture
    assert picture["y"] < height / 2
    assert picture["x"] + picture["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    our.do("ask", text="Which?", options=["this", "that"])
    expect(page.get_by_role("dialog", name="Which?")).to_be_visible()
    assert axe.violations(page) == []
