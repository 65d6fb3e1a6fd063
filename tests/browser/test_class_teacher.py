"""A teacher in a browser; the students are programs that speak the line of the room."""

import contextlib
import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from websockets.sync.client import connect

from engine import Run
from playground import share
from playground.room.qr import modules_of
from tests.browser.axe import violations
from tests.browser.conftest import wait_for_function
from tests.playground.room.test_line import Someone
from tests.playground.test_line import ask as ask_board
from tests.playground.test_line import hear


@pytest.fixture
def teach(open_page):
    """A function that opens the page and a room: teach(), teach("?dataset=xor", width=1024)."""

    def open_room(query: str = "", **options) -> Page:
        page = open_page(query, **{"alone": True, **options})
        page.get_by_role("button", name="Teach").click()
        expect(page.get_by_test_id("room-code")).to_have_text(re.compile(r"\w{5}"))
        return page

    return open_room


@pytest.fixture
def enter(server):
    """A function that lets somebody in: enter(join={"code": code, "name": "Ada"})."""
    with contextlib.ExitStack() as stack:

        def enter_one(**first) -> Someone:
            address = server.replace("http", "ws") + "room"
            return Someone(stack.enter_context(connect(address, max_size=2**24)), **first)

        yield enter_one


@pytest.fixture
def join(enter):
    """A function by which students join: join(page, "Ada", "Bob")."""

    def join_all(page: Page, *names: str) -> list[Someone]:
        students = [enter(join={"code": code_of(page), "name": name}) for name in names]
        for student in students:
            student.hear("room")
        return students

    return join_all


@pytest.fixture
def play(server):
    """A function that has a student play so many epochs: play(student, "hidden=3", 20)."""
    with contextlib.ExitStack() as stack:

        def play_one(student: Someone, query: str, epochs: int, **options) -> None:
            address = f"{server.replace('http', 'ws')}live?{query}"
            board = stack.enter_context(connect(address, max_size=2**24, **options))
            run = hear(board)["run"]
            shown = 0.0
            requests = 0
            while shown < epochs:  # an answer has as many frames as a tenth of a second allows
                requests += 1
                wanted = {"epoch": shown, "last": shown, "frames": int(epochs - shown)}
                answer = ask_board(board, id=requests, run=run, **wanted)
                shown = answer["frames"][-1]["epoch"]
            student.say(board={"run": run, "epoch": shown, "state": "paused"})

        yield play_one


def code_of(page: Page) -> str:
    return page.get_by_test_id("room-code").inner_text()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def dialog(page: Page) -> Locator:
    return page.locator("dialog[open]")


def height_of(place: Locator) -> float:
    """How high its capital letters are, px."""
    return place.evaluate(
        """(element) => {
            const brush = document.createElement('canvas').getContext('2d');
            brush.font = getComputedStyle(element).font;
            return brush.measureText('HE').actualBoundingBoxAscent;
        }"""
    )


def test_students_are_counted_as_they_come_and_go(teach, join):
    page = teach()
    seats = page.get_by_test_id("room-seats")
    expect(seats).to_have_text("0")
    ada, _ = join(page, "Ada", "Bob")
    expect(seats).to_have_text("2")
    ada.socket.close()
    expect(seats).to_have_text("1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_last_row_reads_how_to_join(teach, server, scheme):
    page = teach(width=1024, height=768, scheme=scheme)
    press(page, "Join")
    link = f"{server}?room={code_of(page)}"
    expect(dialog(page).get_by_text(link.removeprefix("http://"), exact=True)).to_be_visible()
    assert height_of(dialog(page).locator(".class-code")) >= 0.12 * 768
    picture = dialog(page).get_by_role("img", name=f"QR code of {link}")
    expect(picture).to_be_in_viewport(ratio=1)
    modules = modules_of(link)
    quiet, side = 4, len(modules) + 8
    assert picture.get_attribute("viewBox") == f"{-quiet} {-quiet} {side} {side}"
    drawn = re.findall(r"M(\d+) (\d+)h1v1h-1z", picture.locator("path").get_attribute("d"))
    dark = {(x, y) for y, row in enumerate(modules) for x, bit in enumerate(row) if bit == "1"}
    assert {(int(x), int(y)) for x, y in drawn} == dark
    assert picture.evaluate(
        "(svg) => [getComputedStyle(svg).backgroundColor, getComputedStyle(svg).fill]"
    ) == [
        "rgb(255, 255, 255)",
        "rgb(0, 0, 0)",
    ]
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)


def test_the_projector_keeps_the_code_in_a_corner(teach, join):
    page = teach(width=1024, height=768)
    join(page, "Ada")
    page.keyboard.press("p")
    for name in ("room-code", "room-seats"):
        place = page.get_by_test_id(name)
        expect(place).to_be_in_viewport(ratio=1)
        assert (
            place.evaluate("(element) => parseFloat(getComputedStyle(element).fontSize)")
            >= 0.022 * 768
        )
    expect(page.get_by_role("button", name="Follow me")).to_be_hidden()
    press(page, "Class")
    expect(page.get_by_role("button", name="Follow me")).to_be_visible()
    press(page, "Wall")
    expect(dialog(page).get_by_label("Anonymous")).to_be_checked()


def test_the_class_follows_stands_still_and_goes_on(teach, join):
    page = teach()
    (ada,) = join(page, "Ada")
    press(page, "Follow me")
    expect(page.get_by_role("button", name="Follow me")).to_have_attribute("aria-pressed", "true")
    ada.wait(lambda room: room["mode"] == "follow")
    while not isinstance(ada.socket.recv(timeout=30), bytes):
        pass  # notes, until a picture comes
    press(page, "Pause the class")
    ada.wait(lambda room: room["paused"])
    press(page, "Go on")
    ada.wait(lambda room: not room["paused"])


def test_a_second_tab_that_asks_to_follow_is_the_one_that_is_followed(teach, enter):
    page = teach()
    press(page, "Follow me")
    followed = page.get_by_role("button", name="Follow me")
    expect(followed).to_have_attribute("aria-pressed", "true")
    key = page.evaluate(
        "(code) => localStorage.getItem('mlp-playground-teacher-' + code)", code_of(page)
    )
    other = enter(teach={"code": code_of(page), "key": key})
    other.hear("room")
    other.say(do="follow")
    expect(followed).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text("The class follows another tab of yours.")).to_be_visible()


def test_everybody_plays_what_the_teacher_has_and_only_what_is_ticked_may_be_changed(teach, join):
    page = teach("?dataset=xor&hidden=3")
    (ada,) = join(page, "Ada")
    press(page, "Task")
    dialog(page).get_by_label("Only what is ticked").check()
    for name in ("Learning rate", "Hidden layers"):
        dialog(page).get_by_label(name, exact=True).uncheck()
    dialog(page).get_by_text("What is not shown").click()
    dialog(page).get_by_label("Lessons").check()
    press(page, "Let them play")
    expect(dialog(page)).to_have_count(0)
    turn = ada.wait(lambda room: room["turn"])["turn"]
    expected = {"dataset": "xor", "hidden": "3", "lock": "hidden,learning_rate", "hide": "lessons"}
    found = dict(parse_qsl(turn["query"]))
    found["lock"] = ",".join(sorted(found["lock"].split(",")))
    assert found == expected
    assert turn["kind"] == "free"


def test_a_lesson_can_be_everybodys_turn(teach, join):
    page = teach()
    (ada,) = join(page, "Ada")
    press(page, "Task")
    dialog(page).get_by_label("Everybody begins with").select_option("line")
    press(page, "Let them play")
    turn = ada.wait(lambda room: room["turn"])["turn"]
    assert (turn["kind"], turn["query"]) == ("lesson", "lesson=line")
    expect(page.get_by_text(f"The class plays: {turn['title']}.")).to_be_visible()


def test_each_student_has_a_value_of_an_experiment(teach, join):
    page = teach("?dataset=circles")
    students = join(page, "Ada", "Bob", "Cyd")
    press(page, "Task")
    dialog(page).get_by_label("An experiment").check()
    for value in ("0.01", "0.1"):
        dialog(page).get_by_role("group", name="Values").first.get_by_label(
            value, exact=True
        ).uncheck()
    press(page, "Let them play")
    expect(dialog(page).get_by_role("alert")).to_have_text(
        "Learning rate needs 2 to 20 values, got 1."
    )
    further = dialog(page).get_by_label("Further values").first
    further.fill("0.2 often")
    press(page, "Let them play")
    expect(dialog(page).get_by_role("alert")).to_contain_text("learning_rate")  # the server's words
    further.fill("0.2")
    dialog(page).get_by_label("Compared after epochs").fill("30")
    press(page, "Let them play")
    expect(dialog(page)).to_have_count(0)
    turns = [student.wait(lambda room: room["turn"])["turn"] for student in students]
    queries = [dict(parse_qsl(turn["query"])) for turn in turns]
    assert [query["learning_rate"] for query in queries] == ["1.0", "0.2", "1.0"]
    assert {query["lock"] for query in queries} == {"all"}
    assert {turn["epochs"] for turn in turns} == {30}


def test_a_challenge_has_a_goal_and_says_what_there_should_be_few_of(teach, join):
    page = teach()
    (ada,) = join(page, "Ada")
    press(page, "Task")
    dialog(page).get_by_label("A challenge").check()
    dialog(page).get_by_label("Test loss to be reached").fill("0.05")
    dialog(page).get_by_label("With as few as possible").select_option("epochs")
    press(page, "Let them play")
    turn = ada.wait(lambda room: room["turn"])["turn"]
    assert (turn["kind"], turn["goal"], turn["fewest"]) == ("challenge", 0.05, "epochs")


def test_answers_stay_hidden_until_the_teacher_shows_them(teach, join):
    page = teach()
    ada, bob = join(page, "Ada", "Bob")
    press(page, "Ask")
    dialog(page).get_by_label("Your own question").check()
    dialog(page).get_by_label("Question", exact=True).fill("Which <b>line</b>?")
    dialog(page).get_by_role("button", name="Ask", exact=True).click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("two options")
    for index, words in enumerate(("this one", "that one"), 1):
        dialog(page).get_by_label(f"Option {index}").fill(words)
    dialog(page).get_by_role("button", name="Ask", exact=True).click()
    expect(dialog(page).get_by_text("0 of 2 have answered")).to_be_visible()
    expect(dialog(page).get_by_text("Which <b>line</b>?", exact=True)).to_be_visible()
    number = ada.wait(lambda room: room["question"])["question"]["number"]
    for student in (ada, bob):
        student.say(answer={"question": number, "option": 1})
    expect(dialog(page).get_by_text("2 of 2 have answered")).to_be_visible()
    expect(dialog(page).locator(".class-bar")).to_have_count(0)
    press(page, "Show the answers")
    expect(dialog(page).locator(".class-count")).to_have_text(["0", "2"])
    assert ada.wait(lambda room: room["answers"])["answers"] == [0, 2]
    dialog(page).get_by_role("button", name="Go on").click()
    expect(dialog(page)).to_have_count(0)
    ada.wait(lambda room: room["question"] is None)


def test_the_open_lessons_question_is_offered_first(teach, join):
    page = teach("?lesson=line")
    (ada,) = join(page, "Ada")
    press(page, "Ask")
    expect(dialog(page).get_by_role("combobox", name="Lesson")).to_have_value("line")
    shown = dialog(page).locator(".class-preview p").inner_text()
    dialog(page).get_by_role("button", name="Ask", exact=True).click()
    assert ada.wait(lambda room: room["question"])["question"]["text"] == shown


def test_names_are_text_and_the_teacher_decides_what_is_done_with_them(teach, join):
    page = teach()
    (ada,) = join(page, "<img src=x>")
    page.get_by_label("Menu of the class").click()
    press(page, "Names…")
    expect(dialog(page).get_by_text("<img src=x> (Amber Badger)", exact=True)).to_be_visible()
    dialog(page).get_by_label("You see the names").uncheck()
    press(page, "Set")
    expect(dialog(page)).to_have_count(0)
    page.get_by_label("Menu of the class").click()
    press(page, "Names…")
    expect(dialog(page).get_by_text("Amber Badger", exact=True)).to_be_visible()
    press(page, "Remove Amber Badger")
    assert ada.hear("over") is True
    expect(page.get_by_test_id("room-seats")).to_have_text("0")
    expect(dialog(page).get_by_text("Nobody has joined yet.")).to_be_visible()


def test_a_reload_is_the_teacher_again_and_so_is_the_teachers_key_elsewhere(teach, join):
    page = teach()
    (ada,) = join(page, "Ada")
    press(page, "Follow me")
    ada.wait(lambda room: room["mode"] == "follow")
    code = code_of(page)
    page.reload()
    expect(page.get_by_test_id("room-code")).to_have_text(code)
    expect(page.get_by_test_id("room-seats")).to_have_text("1")
    expect(page.get_by_role("button", name="Follow me")).to_have_attribute("aria-pressed", "true")
    press(page, "Pause the class")
    ada.wait(lambda room: room["paused"])


def test_the_room_is_closed_after_one_more_question(teach, join):
    page = teach()
    (ada,) = join(page, "Ada")
    press(page, "Close the room")
    expect(page.get_by_text("Seats, answers and tiles of this room are deleted")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keep it open")).to_have_count(0)
    press(page, "Close the room")
    press(page, "Close the room")
    assert ada.hear("over") is True
    expect(page.get_by_text("The room is closed.")).to_be_visible()
    press(page, "OK")
    expect(page.get_by_test_id("room-code")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Teach")).to_be_visible()
    expect(page.get_by_test_id("room-code")).to_have_count(0)


def test_a_tile_shows_what_the_students_run_is(teach, join, play):
    page = teach("?dataset=xor&hidden=4")
    (ada,) = join(page, "Ada")
    press(page, "Task")
    press(page, "Let them play")
    ada.wait(lambda room: room["turn"])
    play(ada, "dataset=xor&hidden=4&learning_rate=0.3", 20)
    press(page, "Wall")
    tile = page.get_by_test_id("tile")
    settings = dict(parse_qsl("dataset=xor&hidden=4&learning_rate=0.3"))
    run = Run(share.from_query(settings)[0])
    run.advance(epochs=20)
    expect(tile).to_contain_text(f"epoch 20 · test loss {run.latest.test_loss:#.3g}")
    expect(tile).to_contain_text("Ada")
    expect(tile).to_contain_text("learning rate 0.3")
    colors = tile.locator("canvas").evaluate(
        """(canvas) => {
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert colors > 2
    page.get_by_label("Anonymous").check()
    expect(tile).to_contain_text("Amber Badger")
    expect(tile).not_to_contain_text("Ada")


def test_up_to_six_tiles_are_collected_for_every_screen(teach, join, play):
    page = teach()
    names = [f"Student {number}" for number in range(7)]
    students = join(page, *names)
    press(page, "Task")
    press(page, "Let them play")
    for student in students:
        student.wait(lambda room: room["turn"])
        play(student, f"hidden={1 + students.index(student)}", 2)
    press(page, "Wall")
    expect(page.get_by_test_id("tile")).to_have_count(7)
    for name in names[:6]:
        dialog(page).get_by_label(f"Collect the tile of {name}").check()
    dialog(page).get_by_label(f"Collect the tile of {names[6]}").click()
    expect(dialog(page).get_by_label(f"Collect the tile of {names[6]}")).not_to_be_checked()
    expect(dialog(page).get_by_text("At most 6 tiles can be collected")).to_be_visible()
    press(page, "Collect")
    collected = students[6].wait(lambda room: room["collected"])["collected"]
    assert [tile["seat"] for tile in collected] == [1, 2, 3, 4, 5, 6]
    assert "Student" not in json.dumps(collected)  # the class sees no names
    dialog(page).get_by_role("button", name="Take them away").click()
    students[6].wait(lambda room: not room["collected"])


def test_the_wall_finds_who_is_stuck_and_sorts(teach, join, play):
    page = teach()
    students = join(page, "Ada", "Bob", "Cyd")
    press(page, "Task")
    press(page, "Let them play")
    for student, epochs in zip(students, (30, 0, 5), strict=True):
        student.wait(lambda room: room["turn"])
        play(student, "", epochs)
    press(page, "Wall")
    tiles = page.get_by_test_id("tile")
    expect(tiles).to_have_count(3)
    expect(dialog(page).get_by_role("heading", name="Wall: 3 tiles, 1 stuck")).to_be_visible()
    dialog(page).get_by_label("Sort by").select_option("best")
    expect(tiles.locator("b")).to_have_text(["Ada", "Cyd", "Bob"])
    dialog(page).get_by_label("Show").select_option("any")
    stuck = page.locator("[data-testid=tile]:not([hidden])")
    expect(stuck).to_have_count(1)
    expect(stuck).to_contain_text("not started")


def test_a_tile_opens_as_a_copy_beside_the_teachers_run(teach, join, play):
    page = teach("?hidden=3")
    (ada,) = join(page, "Ada")
    press(page, "Task")
    press(page, "Let them play")
    ada.wait(lambda room: room["turn"])
    play(ada, "hidden=3", 20)
    press(page, "Step")
    expect(page.get_by_test_id("board")).to_have_attribute("data-epoch", "1")
    press(page, "Wall")
    page.get_by_test_id("tile").get_by_role("button").click()
    frames = [
        page.frame_locator(f"iframe[title='{title}']")
        for title in ("Yours, epoch 1", "Ada, epoch 20")
    ]
    for frame, epoch in zip(frames, ("1", "20"), strict=True):
        expect(frame.get_by_test_id("board")).to_have_attribute("data-epoch", epoch)
    frames[1].get_by_role("button", name="Step").click()
    expect(frames[1].get_by_test_id("board")).to_have_attribute("data-epoch", "21")
    page.keyboard.press("Escape")
    page.reload()  # what the tab has kept is the teacher's own run
    wait_for_function(
        page, "() => document.querySelector('[data-testid=board]')?.dataset.epoch === '1'"
    )


def test_results_fill_a_chart_and_a_table(teach, join, play):
    page = teach()
    students = join(page, "Ada", "Bob")
    press(page, "Task")
    dialog(page).get_by_label("An experiment").check()
    dialog(page).get_by_label("Compared after epochs").fill("10")
    press(page, "Let them play")
    expect(dialog(page)).to_have_count(0)
    for student in students:
        query = student.wait(lambda room: room["turn"])["turn"]["query"]
        play(student, query, 12)
    press(page, "Results")
    expect(dialog(page).get_by_text("2 of 2 students have a result.")).to_be_visible()
    expect(dialog(page).locator(".class-plot .scatterlayer .point").first).to_be_attached()
    expect(dialog(page).get_by_role("row")).to_have_count(3)
    with page.expect_download() as download:
        press(page, "Download results")
    assert download.value.suggested_filename == f"class {code_of(page)}.csv"
    text = download.value.path().read_text("utf-8")
    assert len(text.splitlines()) == 3
    assert "Ada" not in text


def test_the_teachers_link_leads_to_the_room_with_its_secret(teach):
    page = teach(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Menu of the class").click()
    press(page, "Copy your own link")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = urlsplit(page.evaluate("() => navigator.clipboard.readText()"))
    key = page.evaluate(
        "(code) => localStorage.getItem('mlp-playground-teacher-' + code)", code_of(page)
    )
    assert (link.query, link.fragment) == (f"room={code_of(page)}", f"teach={key}")


@pytest.mark.parametrize("width", [390, 1024])
def test_whatever_the_strip_opens_can_be_used_by_everybody(teach, join, width):
    """By axe-core: names, roles, contrasts in both themes; and nothing is cut off."""
    page = teach()
    join(page, "Ada")
    page.set_viewport_size({"width": width, "height": 768})
    assert violations(page, ".class-strip") == []
    for name in ("Join", "Task", "Ask", "Wall"):
        press(page, name)
        assert violations(page, "dialog[open]") == []
        cut_off = "(sheet) => sheet.scrollWidth > sheet.clientWidth"
        assert not dialog(page).locator(".content").evaluate(cut_off), name
        page.keyboard.press("Escape")
    page.get_by_label("Menu of the class").click()
    press(page, "Names…")
    assert violations(page, "dialog[open]") == []


def test_the_strip_is_one_row_beside_the_controls(teach, join):
    page = teach(width=1024, height=768)
    join(page, "Ada")
    tops = page.locator(".class-who, .class-strip .class-doing > button").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().bottom)"
    )
    assert max(tops) - min(tops) < 12
