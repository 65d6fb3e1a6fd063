"""A person's words on the page: as text, never as markup."""

import re

MOST_LETTERS = 24


def as_text(words: str) -> str:
    """Words for Streamlit's Markdown, with nothing in them that means anything there."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])", r"\\\1", words.replace("\n", " "))


def shortened(words: str) -> str:
    """Words that fit on a button."""
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"
