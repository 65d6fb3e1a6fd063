"""How a board and its page get word of each other: each in a thread of its own, nothing lost."""

import threading
import time
from collections.abc import Callable

from playground.board.told import Told

MOST_TOLD = 100  # things that the board has told and the page has not taken

Listener = Callable[[], None]


class Contact:
    """Between one board and one page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._deserted_at: float | None = None
        self._told: list[Told] = []
        self._followers: set[str] = set()
        self.follows_play = False  # whether a part of the page is shown anew while it plays, too

    def listen(self, listener: Listener) -> None:
        """Have a function called whenever there is a run that the board has not asked for."""
        with self._lock:
            self._listeners.add(listener)
            self._deserted_at = None

    def forget(self, listener: Listener) -> None:
        """Call it no more."""
        with self._lock:
            self._listeners.discard(listener)
            self._deserted_at = None if self._listeners else time.monotonic()

    def wake(self) -> None:
        """There is another run: the board is to have it."""
        with self._lock:
            listeners = [*self._listeners]
        for listener in listeners:
            listener()

    @property
    def deserted_for(self) -> float:
        """Seconds since the last board went; 0 while there is one, or if there never was."""
        at = self._deserted_at
        return 0.0 if at is None else time.monotonic() - at

    def tell(self, told: Told) -> None:
        """The board tells the page something, which stands in `told` until it is `done`."""
        with self._lock:
            self._told = [*self._told, told][-MOST_TOLD:]

    def done(self, told: Told) -> None:
        """The page has done what it was told."""
        with self._lock:
            self._told = [other for other in self._told if other is not told]

    @property
    def told(self) -> list[Told]:
        """What the board has told and the page has not done, oldest first."""
        with self._lock:
            return [*self._told]

    def follow_screen(self, who: str, *, follows: bool) -> None:
        """A part of the page wants to be shown again whenever another frame stands still."""
        with self._lock:
            self._followers = self._followers - {who} | ({who} if follows else set())

    @property
    def is_followed(self) -> bool:
        """Whether a part of the page depends on the frame on screen."""
        return bool(self._followers)
