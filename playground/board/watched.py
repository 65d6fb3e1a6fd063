"""What others see of a run that is on somebody's board: moments of it, one at a time.

Most moments that are wanted were packed for the board itself a short time ago. They are kept, once
somebody looks on, so that nobody waits for the run, which may be busy with what comes next.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from playground.board.frames import Frame, pack

MOST_KEPT = 120  # moments


@dataclass(frozen=True)
class Moment:
    """One moment of a run, for whoever looks on.

    Attributes:
        header: as the board itself is told it; `made` has the live changes of the run.
        frame: of the moment.
    """

    header: Mapping[str, Any]
    frame: Frame

    @property
    def key(self) -> tuple[Any, ...]:
        """What is the same for as long as nothing but frames is new."""
        return tuple(self.header[name] for name in ("run", "made", "pinned"))

    def packed(self, *, changes: bool, **more: Any) -> bytes:
        """The message.

        changes: whether it has the live changes.
        more: what else its header says.
        """
        left_out = {"pinned"} if changes else {"pinned", "made"}
        told = {name: value for name, value in self.header.items() if name not in left_out}
        return pack(told | more, [self.frame])


class Watched:
    """The moments that were packed last for the board of a run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run = ""
        self._moments: dict[float, Moment] = {}  # by their epochs, which grow
        self._looked_at: Moment | None = None  # one that was made for those who look on

    def note(self, header: Mapping[str, Any], frames: Sequence[Frame], position: float) -> None:
        """The board is sent these frames; what came after the first of them is over.

        position: of the run, if there are no frames.
        """
        last = frames[-1].epoch if frames else position
        with self._lock:
            if self._run != header["run"]:
                self._run, self._moments = header["run"], {}
            first = frames[0].epoch if frames else position
            kept = {at: moment for at, moment in self._moments.items() if at <= first}
            if first in kept and not frames:
                kept[first] = Moment(header, kept[first].frame)
            for frame in frames:
                ends = {} if frame.epoch == last else {"diverged": False, "finished": False}
                kept[frame.epoch] = Moment({**header, **ends}, frame)
            self._moments = dict([*kept.items()][-MOST_KEPT:])
            self._looked_at = None

    def keep(self, moment: Moment) -> None:
        """A moment was made: it may be wanted again, until the board is sent something."""
        with self._lock:
            self._looked_at = moment

    def at(self, run: str, epoch: float) -> Moment | None:
        """A moment with the last diagnosis up to it, as the board shows it; None if not here."""
        with self._lock:
            moments = self._moments if self._run == run else {}
            made = self._looked_at
        if made is not None and (made.header["run"], made.frame.epoch) == (run, epoch):
            return made
        moment = moments.get(epoch)
        if moment is None or moment.frame.diagnosis is not None:
            return moment
        before = [each.frame.diagnosis for at, each in moments.items() if at < epoch]
        newest = next((found for found in reversed(before) if found is not None), None)
        if newest is None:
            return None
        return Moment(moment.header, replace(moment.frame, diagnosis=newest))

    def between(self, run: str, after: float, before: float) -> list[Frame]:
        """The frames between two epochs, those that are here."""
        with self._lock:
            moments = self._moments if self._run == run else {}
        return [moment.frame for at, moment in moments.items() if after < at < before]
