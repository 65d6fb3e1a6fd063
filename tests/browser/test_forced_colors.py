"""Where a person forces colours of their own, data keep theirs and states can be told."""

from playwright.sync_api import Page, expect

from playground import palette
from tests.browser.test_board import board, press, step_to

STYLE = """(element, name) => {
    const probe = document.body.appendChild(document.createElement('span'));
    probe.style.cssText = `forced-color-adjust: none; color: ${name}`;
    const color = getComputedStyle(probe).color;
    probe.remove();
    return color;
}"""


def system(page: Page, name: str) -> str:
    """A system colour as it is computed."""
    color: str = board(page).evaluate(STYLE, name)
    return color


def rgb(color: str) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def test_legends_keep_the_colours_of_the_data_and_states_can_be_told(open_board):
    page = open_board("?samples=100&hidden=4", scheme="dark", forced_colors="active")
    step_to(page, 2)
    classes = page.locator("[data-view=region] .legend .mark")
    for label in range(2):
        expect(classes.nth(label)).to_have_css("color", rgb(palette.CLASS_COLORS[label]))
    curves = page.locator("[data-view=loss] .legend .sample")
    for number, (color, style) in enumerate(
        [(palette.TRAIN_COLOR, "solid"), (palette.TEST_COLOR, "dotted")]
    ):
        expect(curves.nth(number)).to_have_css("border-top-color", rgb(color))
        expect(curves.nth(number)).to_have_css("border-top-style", style)
    layers = page.locator(".layers .sample")
    assert layers.count() == 2
    bar = page.locator(".layers .flat").first
    assert "gradient" in bar.evaluate("cell => getComputedStyle(cell).backgroundImage")

    log = page.get_by_role("button", name="Log scale")
    pressed, text = system(page, "Highlight"), system(page, "CanvasText")
    expect(log).not_to_have_css("background-color", pressed)
    press(page, "Log scale")
    expect(log).to_have_css("background-color", pressed)
    expect(page.get_by_role("button", name="Play", exact=True)).to_have_css(
        "background-color", pressed
    )
    disabled = page.get_by_role("button", name="Continue from here")
    expect(disabled).to_have_css("color", system(page, "GrayText"))
    # what Plotly and the canvas draw is legible on the forced background
    assert (
        page.locator("[data-view=loss] .xtick text").first.evaluate(
            "text => getComputedStyle(text).fill"
        )
        == text
    )
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
