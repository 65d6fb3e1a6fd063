"""The lessons, worked through as a person does: read, guess, play, be told why."""

import re

from playwright.sync_api import Page, expect

from playground.lessons import LESSONS
from tests.browser.test_board import board, epoch, expect_state, press


def test_lessons_are_read_answered_played_and_explained(open_page):
    """One after the other. The board stops by itself, and no formula fails.

    Every sixth is played here; that each lesson's claim holds at its end, a faster test checks.
    """
    page = open_page(f"?lesson={next(iter(LESSONS))}")
    page.get_by_label("Epochs a frame").select_option("50")
    for number, (name, lesson) in enumerate(LESSONS.items()):
        text = page.locator(".st-key-lesson_text")
        expect(text).to_contain_text(lesson.title)
        expect(board(page)).to_have_attribute("data-epoch", "0")
        if number % 6 == 0 or name == "divergence":
            text.get_by_role("radiogroup").locator("label").nth(lesson.answer).click()
            expect(text).to_contain_text(f"The board stops at epoch {lesson.epochs}.")
            press(page, "Play")
            expect(text.get_by_text("✓ Right.")).to_be_visible(timeout=30_000)
            expect_state(page, "diverged" if name == "divergence" else "paused")
            assert name == "divergence" or epoch(page) == lesson.epochs
        expect(text.locator(".katex-error")).to_have_count(0)
        open_next(page, name)
    expect(text.get_by_role("button", name="Next lesson")).to_have_count(0)


def open_next(page: Page, name: str) -> None:
    """Go on from a lesson: with its button if it is done, else by the list; none after the last."""
    names = list(LESSONS)
    if name == names[-1]:
        return
    button = page.locator(".st-key-lesson_text").get_by_role("button", name="Next lesson")
    if button.is_visible():
        button.click()
    else:
        following = LESSONS[names[names.index(name) + 1]].title
        box = page.get_by_role("combobox", name="Lesson")
        box.fill(following)
        expect(page.get_by_role("option", name=following)).to_be_visible()
        box.press("Enter")


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


def test_opening_a_lesson_from_the_list_does_not_move_the_list(open_page):
    """Streamlit keeps what has the focus until a run is over, beside what replaces it."""
    page = open_page()
    box = page.get_by_role("combobox", name="Lesson")
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
        box.fill(LESSONS[name].title)
        expect(page.get_by_role("option", name=LESSONS[name].title)).to_be_visible()
        box.press("Enter")
        expect(page.locator(".st-key-lesson_text")).to_contain_text(LESSONS[name].title)
        expect(board(page)).to_have_attribute("data-epoch", "0")
    assert page.evaluate("most") == 1


def test_a_link_to_a_lesson_shows_the_lesson_on_a_phone(open_page):
    page = open_page("?lesson=xor", width=390, height=844)
    expect(page.locator(".st-key-lesson_text")).to_be_in_viewport()
