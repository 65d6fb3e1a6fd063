"""The QR code of the link to a room."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

import segno

from engine.spec import shown
from playground.room.read import read_text

LONGEST_LINK = 300  # letters


def read_link(value: object, hosts: Collection[str], code: str) -> str:
    """The link to a room, as the teacher's browser says it: it knows by which address it came.

    hosts: names of this server; the link leads nowhere else.
    code: of the room.

    Raises:
        ValueError: it is another link.
    """
    link = read_text("link", value, LONGEST_LINK, least=1)
    parts = urlsplit(link)
    leads_here = parts.scheme in ("http", "https") and parts.netloc in hosts
    if not leads_here or parse_qsl(parts.query) != [("room", code)] or parts.fragment:
        raise ValueError(f"link must be the one to this room, got {shown(value)}")
    return link


def modules_of(link: str) -> list[str]:
    """The squares of a QR code, row by row: “1” is a dark one. The quiet zone is not in it.

    A quarter of them may be hidden or smudged: it is read across a room.
    """
    symbol = segno.make_qr(link, error="q")
    return ["".join("1" if module else "0" for module in row) for row in symbol.matrix]
