"""The lessons, worked through as a person does: read, guess, play, be told why."""

import re

from playwright.sync_api import Locator, Page, expect

from playground.lessons import LESSONS, Lesson
from tests.browser.conftest import Window, serve
from tests.browser.test_board import (
    board,
    epoch,
    expect_state,
    press,
    wait_for_epoch,
    wait_for_frames,
)


def text_of(page: Page) -> Locator:
    return page.locator(".st-key-lesson_text")


def answer(page: Page, option: str) -> None:
    text_of(page).get_by_role("radiogroup").get_by_text(option, exact=True).click()


def test_a_lesson_is_read_answered_played_and_tried(open_page):
    """The board stops by itself, and it is said why; what is tried then plays on to any epoch."""
    page, lesson = open_page("?lesson=line"), LESSONS["line"]
    answer(page, lesson.right)
    expect(text_of(page)).to_contain_text(f"The board stops at epoch {lesson.epochs}.")
    press(page, "Play")
    expect(text_of(page).get_by_text("✓ Right.")).to_be_visible()
    expect_state(page, "paused")
    assert epoch(page) == lesson.epochs
    press(page, "+ layer")
    page.get_by_role("spinbutton", name="Hidden 1", exact=True).fill("3")
    page.get_by_role("spinbutton", name="Hidden 1", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("hidden=3$"))
    expect(board(page)).to_have_attribute("data-epoch", "0")
    page.get_by_text("Stop at…").click()
    page.get_by_label("Epoch", exact=True).fill("300")
    page.get_by_label("Epoch", exact=True).press("Tab")
    press(page, "Play")
    expect(board(page)).to_have_attribute("data-epoch", "300")
    said = re.search(r"a triangle closes: (\d+)% after 300 epochs", prose(lesson))
    assert said
    shown = page.locator("[data-value=train_accuracy]").inner_text()
    assert round(float(shown.removesuffix(" %"))) == int(said[1])
    text_of(page).get_by_role("button", name="Next lesson").click()
    expect(text_of(page)).to_contain_text(LESSONS["xor"].title)
    expect(text_of(page)).to_contain_text("Guess first")


def prose(lesson: Lesson) -> str:
    return " ".join(lesson.explanation.split())


def test_a_lesson_opens_run_a_and_what_it_is_about(open_page):
    """Whoever then chooses something else keeps it."""
    page = open_page("?lesson=xavier")
    speed, flow = (page.locator(f"[data-action={name}]") for name in ("speed", "flow"))
    expect(page.locator("[data-view=pinned]")).to_be_visible()
    expect(page.locator(".comparison")).to_contain_text("0.01")
    expect(flow).to_have_value("output_spread")
    expect(speed).to_have_value("1")
    expect(page.get_by_text("Does the error signal keep its size?")).to_be_visible()
    flow.select_option("error_rms")
    speed.select_option("50")
    press(page, "Step")
    expect(board(page)).to_have_attribute("data-epoch", "1")
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    expect(flow).to_have_value("error_rms")
    expect(speed).to_have_value("50")
    open_from_gallery(page, "approximation")
    expect(text_of(page)).to_contain_text(LESSONS["approximation"].title)
    expect(speed).to_have_value("10")
    expect(flow).to_have_value("gradient_norms")
    expect(page.locator(".comparison")).to_contain_text("hidden layers 16")
    expect(page.get_by_text("Does the error signal keep its size?")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?lesson=approximation$"))
    frames = int(board(page).get_attribute("data-frames"))
    press(page, "Play")
    wait_for_frames(page, 20)
    press(page, "Pause")
    assert epoch(page) > 2 * (int(board(page).get_attribute("data-frames")) - frames)


def test_a_run_that_diverges_is_the_end_of_its_lesson(open_page):
    page, lesson = open_page("?lesson=divergence"), LESSONS["divergence"]
    answer(page, lesson.right)
    press(page, "Play")
    expect(text_of(page).get_by_text("✓ Right.")).to_be_visible()
    expect_state(page, "diverged")
    assert f"After epoch {epoch(page)} the numbers end" in prose(lesson)
    expect(page.locator("[data-view=pinned]")).to_be_visible()


def open_from_gallery(page: Page, name: str) -> None:
    page.get_by_role("button", name="Lessons").click()
    page.get_by_role("dialog").get_by_role("button", name=LESSONS[name].title).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_every_formula_of_every_lesson_can_be_set(browser, tmp_path):
    with serve("tests/browser/all_lessons.py", tmp_path / "log") as address:
        window = Window(browser, {})
        window.page.goto(address)
        last = list(LESSONS.values())[-1]
        expect(window.page.get_by_role("heading")).to_have_count(len(LESSONS))
        expect(window.page.get_by_role("radiogroup", name=last.question)).to_be_visible()
        texts = [
            part
            for lesson in LESSONS.values()
            for part in (lesson.text, lesson.question, *lesson.options, lesson.explanation)
        ]
        formula = re.compile(r"\$\$.+?\$\$|\$.+?\$", re.DOTALL)
        formulas = [found for text in texts for found in formula.findall(text)]
        assert len(formulas) > len(LESSONS)
        expect(window.page.locator(".katex")).to_have_count(len(formulas))
        expect(window.page.locator(".katex-error")).to_have_count(0)
        assert not window.complaints
        window.context.close()


def test_an_answer_may_come_late_and_closing_keeps_the_network(open_page):
    page, lesson = open_page("?lesson=line"), LESSONS["line"]
    press(page, "Play")
    expect_state(page, "playing")
    expect_state(page, "paused")  # at the lesson's last epoch
    expect(text_of(page)).to_contain_text("You have played it. What is your answer?")
    press(page, "Reset")
    expect(board(page)).to_have_attribute("data-epoch", "0")
    answer(page, "Nearly all")
    expect(text_of(page)).to_contain_text("Not quite. The answer: About half.")
    expect(text_of(page)).to_contain_text("No line has the ring on one side.")
    page.get_by_role("button", name="Close").click()
    expect(text_of(page)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?dataset=circles&hidden=$"))
    press(page, "Play")
    wait_for_epoch(page, lesson.epochs + 1)


def test_a_lesson_closed_while_it_plays_stays_closed_and_plays_on(open_page):
    page = open_page("?lesson=xor")
    press(page, "Play")
    expect_state(page, "playing")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".st-key-lesson_text")).to_have_count(0)
    wait_for_frames(page, 60)
    expect_state(page, "playing")
    expect(page.locator(".st-key-lesson_text")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?dataset=xor[^?]*$"))
    expect(page.get_by_role("button", name="Close")).to_have_count(0)


def test_lessons_are_opened_from_the_gallery_one_after_the_other(open_page):
    page = open_page()
    for name in ("xor", "line"):
        open_from_gallery(page, name)
        expect(text_of(page)).to_contain_text(LESSONS[name].title)
        expect(board(page)).to_have_attribute("data-epoch", "0")
        expect(page).to_have_url(re.compile(rf"\?lesson={name}$"))


def test_a_link_to_a_lesson_shows_the_lesson_on_a_phone(open_page):
    page = open_page("?lesson=xor", width=390, height=844)
    expect(page.locator(".st-key-lesson_text")).to_be_in_viewport()
