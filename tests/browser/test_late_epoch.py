"""A run that is to stand at a late epoch: the board says how far it is, and it can be stopped."""

from playwright.sync_api import expect

from tests.browser.conftest import READY


def test_a_link_to_a_late_epoch_is_trained_in_sight_and_can_be_stopped(open_page):
    page = open_page("?epoch=2")
    page.goto(
        page.url.partition("?")[0] + "?epoch=5000&hidden=16,16,16,16&batch_size=2&view=hidden"
    )
    stop = page.get_by_role("button", name="Stop here")
    expect(stop).to_be_visible()
    expect(page.locator(".state")).to_contain_text("Training up to epoch 5000")
    expect(page.get_by_text("This opens as soon as the run is there.")).to_be_visible()
    stop.click()
    expect(stop).to_be_hidden()
    board = page.locator(READY)
    epoch = int(board.get_attribute("data-epoch"))
    assert 0 < epoch < 5_000
    # the view below follows, and the run goes on from there
    expect(page.get_by_text(f"Epoch {epoch}", exact=True)).to_be_visible()
    page.get_by_role("button", name="Step", exact=True).click()
    expect(board).to_have_attribute("data-epoch", str(epoch + 1))
