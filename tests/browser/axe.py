"""What axe-core finds on the page, without what is not ours to mend."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[1] / "javascript" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Rule and selector of what Streamlit draws and none of its settings changes, with the reason.
STREAMLITS = [
    (
        "presentation-role-conflict",
        "[data-testid=stFileUploaderDropzone]",
        "the place to drop a file has the role of a presentation, and a name",
    ),
    (
        "target-size",
        ".stTooltipIcon button",
        "an icon of 16 px; page.css lets 24 px be hit, which the rule does not see",
    ),
]


def violations(page: Page, within: str = "html") -> list[str]:
    """What is there now and breaks a rule, each as “rule: selector”; contrasts in both themes."""
    found = _run(page, within, {"runOnly": TAGS, "resultTypes": ["violations"]})
    # all other rules are broken, or not, whatever the colours
    was, other = ("light", "dark") if _is_light(page) else ("dark", "light")
    _turn(page, other)
    found += _run(page, within, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    _turn(page, was)
    return found


def _is_light(page: Page) -> bool:
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: light)').matches"))


def _turn(page: Page, scheme: Any) -> None:
    """Change the theme, and wait until the board has its colours."""
    color = "getComputedStyle(document.querySelector('.board')).color"
    before = page.evaluate(color)
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"before => {color} !== before", arg=before)


def _run(page: Page, within: str, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text("utf-8"))  # a script tag would be one more thing on the page
    # what is on its way from one colour to another has neither
    page.evaluate(
        "() => { for (const each of document.getAnimations())"
        " if (each instanceof CSSTransition) each.finish(); }"
    )
    found = page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}"
        for rule in found["violations"]
        for node in rule["nodes"]
        if not _is_streamlits(page, rule["id"], node["target"])
    ]


def _is_streamlits(page: Page, rule: str, target: list[Any]) -> bool:
    selectors = [selector for other, selector, _ in STREAMLITS if other == rule]
    if not selectors or len(target) > 1:
        return False
    return bool(
        page.evaluate(
            "([target, selectors]) => document.querySelector(target)?.matches(selectors)",
            [target[0], ", ".join(selectors)],
        )
    )
