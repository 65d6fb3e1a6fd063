"""The lessons, worked through as a person does: read, guess, play, be told why."""

import re

from playwright.sync_api import Page, expect

from playground.lessons import LESSONS
from tests.browser.conftest import Window, serve
from tests.browser.test_board import board, epoch, expect_state, press, wait_for_frames

# the claims of all of them are tested without a browser
PLAYED = [*list(LESSONS)[::6], "divergence"]


def test_lessons_are_read_answered_played_and_explained(open_page):
    """The board stops by itself, and then it is said what happened and why."""
    page = open_page(f"?lesson={PLAYED[0]}")
    page.get_by_label("Epochs per frame").select_option("50")
    for name in PLAYED:
        lesson, text = LESSONS[name], page.locator(".st-key-lesson_text")
        if name != PLAYED[0]:
            open_from_list(page, name)
        expect(text).to_contain_text(lesson.title)
        expect(board(page)).to_have_attribute("data-epoch", "0")
        text.get_by_role("radiogroup").locator("label").nth(lesson.answer).click()
        expect(text).to_contain_text(f"The board stops at epoch {lesson.epochs}.")
        press(page, "Play")
        expect(text.get_by_text("✓ Right.")).to_be_visible()
        expect_state(page, "diverged" if name == "divergence" else "paused")
        assert name == "divergence" or epoch(page) == lesson.epochs
    names = list(LESSONS)
    following = LESSONS[names[names.index(PLAYED[-1]) + 1]]
    text.get_by_role("button", name="Next lesson").click()
    expect(text).to_contain_text(following.title)
    expect(text).to_contain_text("Guess first")


def open_from_list(page: Page, name: str) -> None:
    title = LESSONS[name].title
    page.get_by_role("combobox", name="Lesson").fill(title)
    page.get_by_role("option", name=title).click()


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


def test_a_wrong_guess_is_told_the_right_answer_and_closing_keeps_the_network(open_page):
    page = open_page("?lesson=line")
    text = page.locator(".st-key-lesson_text")
    press(page, "Play")
    expect_state(page, "playing")
    expect_state(page, "paused")  # at the lesson's last epoch
    expect(text).to_contain_text("Guess first")
    text.get_by_text("Nearly all, given time").click()
    expect(text).to_contain_text("It was: About half.")
    text.get_by_role("button", name="Close").click()
    expect(text).to_have_count(0)
    assert epoch(page) == LESSONS["line"].epochs
    expect(page).to_have_url(re.compile(r"\?dataset=circles&noise=0.1&hidden=$"))
    press(page, "Play")
    expect_state(page, "playing")


def test_a_lesson_closed_while_it_plays_stays_closed_and_plays_on(open_page):
    page = open_page("?lesson=xor")
    press(page, "Play")
    expect_state(page, "playing")
    page.get_by_role("combobox", name="Lesson").click()
    page.get_by_role("option", name="No lesson").click()
    expect(page.locator(".st-key-lesson_text")).to_have_count(0)
    wait_for_frames(page, 60)
    expect_state(page, "playing")
    expect(page.locator(".st-key-lesson_text")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?dataset=xor[^?]*$"))
    expect(page.get_by_role("combobox", name="Lesson")).to_have_value(re.compile("No lesson"))


def test_opening_a_lesson_from_the_list_does_not_move_the_list(open_page):
    """Streamlit keeps what has the focus until a run is over, beside what replaces it."""
    page = open_page()
    page.evaluate(
        """() => {
            window.most = 0;
            const seen = () => [...document.querySelectorAll('[role=combobox][aria-label=Lesson]')]
                .filter(list => list.getBoundingClientRect().height > 0);
            new MutationObserver(() => { window.most = Math.max(window.most, seen().length); })
                .observe(document.body, { subtree: true, childList: true });
        }"""
    )
    for name in ("xor", "line"):
        open_from_list(page, name)
        expect(page.locator(".st-key-lesson_text")).to_contain_text(LESSONS[name].title)
        expect(board(page)).to_have_attribute("data-epoch", "0")
    assert page.evaluate("most") == 1


def test_a_link_to_a_lesson_shows_the_lesson_on_a_phone(open_page):
    page = open_page("?lesson=xor", width=390, height=844)
    expect(page.locator(".st-key-lesson_text")).to_be_in_viewport()
