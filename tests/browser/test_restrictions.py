"""Links that lock settings and hide parts of the page: what is there is what may be used."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_board import press, step_to, wait_for_epoch
from tests.browser.test_network import click_link


def control(page, name: str):
    return page.locator(".stSidebar").get_by_text(name, exact=True)


def test_what_is_locked_is_not_on_the_page_and_stays_so(open_page):
    """Over a change of another setting, Reset, a reload, and Back."""
    page = open_page("?lock=learning_rate,hidden,noise,parameters&noise=0.3", alone=True)
    locked = [
        page.get_by_label("Learning rate", exact=True),
        page.get_by_role("button", name="+ layer"),
        page.get_by_role("button", name="Add a unit to hidden 1"),
        control(page, "Noise"),
    ]

    def expect_locked():
        for element in locked:
            expect(element).to_be_hidden()
        expect(page).to_have_url(re.compile("lock=learning_rate"))

    expect_locked()
    page.get_by_role("radio", name="Circles").click()
    expect(page).to_have_url(re.compile("dataset=circles"))
    expect_locked()
    step_to(page, 1)
    press(page, "Reset")
    wait_for_epoch(page, 0)
    page.reload()
    page.locator("[data-testid=board][data-charts=ready]").wait_for()
    expect_locked()
    expect(page.get_by_role("radio", name="Circles", checked=True)).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("radio", name="Moons", checked=True)).to_have_count(1)
    expect_locked()


def test_a_weight_that_is_locked_can_be_read_and_not_set(open_page):
    page = open_page("?lock=parameters&hidden=2")
    click_link(page, 1, 0, 0)
    field = page.get_by_role("spinbutton", name="weight of x₁ → hidden 1, unit 1")
    expect(field).to_be_visible()
    expect(field).not_to_be_editable()
    expect(page.get_by_role("button", name="Set", exact=True)).to_be_hidden()


@pytest.mark.parametrize("path", ["", "embed"])
def test_panels_that_are_hidden_leave_their_room_to_the_others(open_page, path):
    page = open_page(f"{path}?hide=loss,gradients,timeline")
    for view in ("loss", "gradients"):
        expect(page.locator(f"[data-view={view}]")).to_be_hidden()
    expect(page.locator(".timeline")).to_be_hidden()
    region = page.locator("[data-view=region]").bounding_box()
    network = page.locator("[data-view=network]").bounding_box()
    assert abs(region["y"] - network["y"]) < 2  # side by side
    assert region["height"] > 400
    step_to(page, 1)


def test_the_board_alone(open_page):
    page = open_page("?hide=controls,inside,compare,teach,keep,lessons&dataset=circles&hidden=4")
    expect(page.locator(".stSidebar")).to_have_count(0)
    expect(page.get_by_text("Why these numbers?")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("MLP Playground")
    step_to(page, 1)


def test_an_embedded_board_has_no_control_of_what_is_locked(open_page):
    page = open_page("embed?lock=all&dataset=circles")
    expect(page.get_by_label("Learning rate", exact=True)).to_be_hidden()
    step_to(page, 1)


def test_names_that_mean_nothing_are_listed(open_page):
    page = open_page("?lock=colour&hide=kitchen")
    notices = page.get_by_test_id("stAlert")
    expect(notices).to_have_count(2)
    expect(notices.first).to_contain_text("It can be all, dataset, ")
    page = open_page("embed?hide=kitchen")
    expect(page.get_by_role("alert")).to_contain_text("doesn't know “kitchen”")


def test_a_copied_link_restricts_and_is_outside_of_the_class(open_page):
    page = open_page(
        "?lock=noise&hide=keep&hidden=3&room=ABCDE&turn=own",
        permissions=["clipboard-read", "clipboard-write"],
        forgiven="room",
    )
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "lock=noise" in copied
    assert "hide=keep" in copied
    assert "room=" not in copied
    assert "turn=" not in copied


def test_a_students_page_offers_no_room_of_its_own(open_page):
    page = open_page("?room=ABCDE&turn=own", forgiven="room")
    expect(page.get_by_role("button", name="Lessons")).to_be_visible()
    expect(page.get_by_role("button", name="Teach")).to_have_count(0)
    page.locator(".menu summary").click()
    expect(page.get_by_role("button", name="Join a class")).to_be_hidden()


def test_the_menu_leads_to_where_a_class_is_joined(open_page):
    page = open_page(alone=True)
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Join a class").click()
    expect(page).to_have_url(re.compile(r"/\?room=$"))
