"""Codes can't be tried out: an address that was wrong too often waits for a minute.

A school may have one address for all: so only what was wrong counts, and whoever proves to belong
to a room, with its key or with the secret of a seat, is let in all the same.
"""

import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from playground.room.room import RoomError
from playground.room.store import Store
from playground.server import metrics

SECONDS = 60.0  # in which wrong ones are counted
MOST_OF_ADDRESS = 30  # wrong codes, keys and secrets
MOST_OF_ROOM = 300  # wrong keys and secrets, of all addresses
SECONDS_TO_REFUSE = 1.0  # after which it is refused: how long it takes says nothing
SHARE_OF_ADDRESS = 0.5  # of all rooms, that one address may open in the time that a room stays
TOO_MANY = "Too many codes were tried from here. Try again in a minute."


class Pace:
    """So many messages a second, and as many at once. clock: seconds that only grow."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self._clock = most, clock
        self._left, self._at = float(most), clock()

    def may_take(self) -> bool:
        """Count one message; False if it comes too early."""
        now = self._clock()
        self._left = min(self._left + self.most * (now - self._at), float(self.most))
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def network_of(address: str) -> str:
    """What is counted as one address: of IPv6 it is the network, where a browser has many."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False))


async def may_try(store: Store, address: str) -> bool:
    """Whether an address may try a code: it has not been wrong too often."""
    return await store.counted(_of_address(address)) < MOST_OF_ADDRESS


async def note_wrong(store: Store, address: str, code: str = "") -> bool:
    """Count what was wrong; False if it was once too often.

    code: of the room whose key or seat it was to be, if there is such a room.
    """
    metrics.ROOM_REFUSALS.inc()
    of_address = await store.count(_of_address(address), SECONDS)
    of_room = await store.count(f"wrong in {code}", SECONDS) if code else 0
    return of_address <= MOST_OF_ADDRESS and of_room <= MOST_OF_ROOM


async def note_opening(store: Store, address: str, rooms: int, minutes: float) -> None:
    """Count a room that an address opens.

    rooms, minutes: how many there may be, and how long one stays.

    Raises:
        RoomError: it has opened its share.
    """
    most = max(1, int(SHARE_OF_ADDRESS * rooms))
    if await store.count(f"opened by {network_of(address)}", 60 * minutes) > most:
        raise RoomError(
            f"{most:,} rooms were opened from here within {minutes:g} minutes, "
            "which is as many as may be. Try again later."
        )


def _of_address(address: str) -> str:
    return f"wrong from {network_of(address)}"
