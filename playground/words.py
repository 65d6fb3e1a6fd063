"""A person's words on the page: as text, never as markup."""

import re

MOST_LETTERS = 24


def as_text(words: str) -> str:
    """Words for Streamlit's Markdown, with nothing in them that means anything there."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])", r"\\\1", words.replace("\n", " "))


def shortened(words: str) -> str:
    """Words that fit on a button."""
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"


def setting_value(value: object) -> str:
    """The value of a setting, in words."""
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def setting_name(setting: str) -> str:
    """The name of a setting, in words."""
    return "hidden layers" if setting == "hidden" else setting.replace("_", " ")
