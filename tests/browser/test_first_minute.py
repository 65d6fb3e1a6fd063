"""The first minute: what to do first, and choosing by pictures."""

import re

from playwright.sync_api import expect

from playground.lessons import LESSONS
from tests.browser.test_board import board, epoch, expect_state, press, wait_for_frames
from tests.browser.test_inside import open_view


def test_a_newcomer_is_told_what_to_do_first_until_something_is_done(open_page):
    page = open_page(alone=True)
    welcome = page.get_by_role("note").filter(has_text="New here?")
    expect(welcome).to_be_visible()
    press(page, "Play")
    expect(welcome).to_be_hidden()
    press(page, "Pause")
    expect(welcome).to_be_hidden()
    page.reload()
    expect(board(page)).to_be_visible()
    expect(welcome).to_be_hidden()  # in this browser it was seen


def test_a_newcomer_can_start_with_the_first_lesson(open_page):
    page = open_page(alone=True)
    page.get_by_role("button", name="Start with lesson 1").click()
    name, first = next(iter(LESSONS.items()))
    expect(page.locator(".st-key-lesson_text")).to_contain_text(first.title)
    expect(page).to_have_url(re.compile(rf"\?lesson={name}$"))
    expect(page.get_by_role("note").filter(has_text="New here?")).to_be_hidden()


def test_who_comes_by_a_link_is_not_told(open_page):
    page = open_page("?dataset=circles", alone=True)
    expect(page.get_by_role("note").filter(has_text="New here?")).to_be_hidden()


def test_a_dataset_is_chosen_by_its_picture(open_page):
    page = open_page()
    spirals = page.get_by_role("radio", name="Spirals")
    loaded = "image => image.complete && image.naturalWidth"
    assert spirals.locator("img").evaluate(loaded) == 96
    spirals.click()
    expect(spirals).to_be_checked()
    expect(page.get_by_text("Data: Spirals")).to_be_visible()
    expect(page.get_by_text("Spirals comes with")).to_be_visible()
    expect(board(page)).to_have_attribute("data-learning-rate", "0.01")


def test_a_lesson_is_chosen_from_the_gallery(open_page):
    page = open_page()
    page.get_by_role("button", name="Lessons").click()
    gallery = page.get_by_role("dialog", name="Lessons")
    cards = gallery.get_by_role("button").filter(has=page.locator("img"))
    expect(cards).to_have_count(len(LESSONS))
    lesson = LESSONS["xor"]
    card = cards.filter(has_text=lesson.title)
    expect(card).to_contain_text(f"about {lesson.minutes} min")
    card.click()
    expect(gallery).to_be_hidden()
    expect(page.locator(".st-key-lesson_text")).to_contain_text(lesson.title)


def test_a_view_comes_into_sight_and_follows_while_it_plays(open_page):
    page = open_page()
    open_view(page, "Hidden space")
    caption = page.get_by_text(re.compile(r"^Epoch \d+$"))
    expect(page.get_by_text("As seen by")).to_be_in_viewport()
    expect(caption).to_have_text("Epoch 0")
    press(page, "Play")
    wait_for_frames(page, 20)
    # it moves on again and again while the board plays
    for _ in range(2):
        before = caption.inner_text()
        expect(caption).not_to_have_text(before)
        expect_state(page, "playing")
    press(page, "Pause")
    expect(caption).to_have_text(f"Epoch {epoch(page)}")


def test_formulas_wait_until_it_stands_still(open_page):
    page = open_page()
    open_view(page, "One step")
    caption = page.get_by_text(re.compile(r"^Epoch \d+$"))
    expect(caption).to_have_text("Epoch 0")
    press(page, "Play")
    wait_for_frames(page, 30)
    expect(caption).to_have_text("Epoch 0")
    press(page, "Pause")
    expect(caption).to_have_text(f"Epoch {epoch(page)}")


def test_a_link_to_the_epoch_on_screen_opens_there(open_page):
    page = open_page("?dataset=xor")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_view(page, "Depth")
    press(page, "Play")
    wait_for_frames(page, 20)
    press(page, "Pause")
    expect(page.get_by_text(f"Epoch {epoch(page)}", exact=True)).to_be_visible()
    loss = page.locator("[data-value=test_loss]").get_attribute("title")
    press(page, "Link to this epoch")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"?dataset=xor&epoch={epoch(page)}&view=depth")
    other = open_page(link.split("/", 3)[3])
    expect(board(other)).to_have_attribute("data-epoch", str(epoch(page)))
    expect(other.locator("[data-value=test_loss]")).to_have_attribute("title", str(loss))
    expect(other.get_by_text("Does the error signal keep its size?")).to_be_visible()
    expect_state(other, "paused")


def test_a_link_can_play_at_once(open_page):
    page = open_page("?dataset=blobs&epoch=30&play=1")
    expect_state(page, "playing")
    wait_for_frames(page, 5)
    assert epoch(page) > 30
