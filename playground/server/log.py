"""A line of JSON for each visit, when it ends; on standard output, only if it is asked for.

A visit is a board from its opening to its closing: the board of a page, or one alone. A page whose
board loses its connection and finds it again has two lines. No line tells who it was; the address
is in it only if whoever runs the server has asked for that, too.
"""

import json
import logging
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from playground.server.config import config

Kind = Literal["page", "board"]
# the person went, or nobody read what was sent; something wrong came; the server failed or stops
End = Literal["left", "unread", "refused", "failed", "stopped"]

_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)
_log.propagate = False  # each line is JSON and nothing else
_log.addHandler(logging.StreamHandler(sys.stdout))


def leave_out_tokens(path: str) -> None:
    """Have uvicorn write no line for an address that may be the key to somebody's run.

    path: with which such addresses begin, besides those of WebSockets.
    """
    logging.getLogger("uvicorn.error").addFilter(lambda record: "WebSocket %s" not in record.msg)
    logging.getLogger("uvicorn.access").addFilter(lambda record: path not in record.getMessage())


@dataclass
class Tally:
    """What a visit has done so far.

    Attributes:
        frames: that were sent to its board.
        runs: that were begun.
        lessons: that were opened.
    """

    frames: int = 0
    runs: int = 0
    lessons: int = 0

    def taken(self) -> "Tally":
        """What there is; it counts from zero again."""
        taken = replace(self)
        self.frames = self.runs = self.lessons = 0
        return taken


def note_visit(kind: Kind, seconds: float, tally: Tally, end: End, address: str) -> None:
    """Write the line of a visit that is over.

    Args:
        kind: whether the board is the one of a page.
        seconds: from its opening to its closing.
        tally: what was done.
        end: how it ended.
        address: where it came from.
    """
    if not config().log_visits:
        return
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "visit": kind,
        "seconds": round(seconds, 1),
        **asdict(tally),
        "end": end,
    }
    if config().log_addresses:
        line["address"] = address
    _log.info(json.dumps(line))
