"""Rooms that several processes share, in Redis.

Of a room with the code C there are `mlp:room:C`, the room as JSON, and the hashes
`mlp:room:C:tiles`, `:kept` and `:here`. All of them end together, when the room is closed or its
time is over. Its name is also that of the channel, on which a message begins with what it is: `c`
the room has changed, `h` others are there, `x` it is closed, `s` a message for those who follow.
`mlp:closed:C` says for a while that there was such a room. `mlp:rooms` has the codes by when they
end, and `mlp:count:…` counts.

Redis may be away at any time: then each method says so within two seconds, and those that follow
at once, until it is asked again.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from redis.asyncio import BlockingConnectionPool, ConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from playground.room.room import Room
from playground.room.store import Event, StoreAwayError, Waiting, no_place_for

MOST_CONNECTIONS = 16  # besides one for each room that somebody here has a line to
SECONDS_TO_CONNECT = 1.0
SECONDS_TO_ANSWER = 2.0
SECONDS_TO_REST = 0.5  # after a failure, before Redis is asked again
SECONDS_BETWEEN_PINGS = 1.0  # on a channel on which nothing is said
SECONDS_OF_SILENCE = 3.0  # after which a channel is taken for broken
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds before a channel is opened again
SECONDS_TO_DIE = 15.0  # of a process that says no more who is there
AT_ONCE = 20  # tiles that are read before anybody else has their turn
MOST_RACES = 50  # times that another process was quicker

ROOM, CLOSED, COUNT, ROOMS = "mlp:room:", "mlp:closed:", "mlp:count:", "mlp:rooms"
KINDS = {b"c": "changed", b"h": "here", b"x": "closed", b"s": "sent"}
FAILURES = (RedisError, OSError, TimeoutError)

Result = TypeVar("Result")

_log = logging.getLogger(__name__)

NOW = """
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
# room, closed, rooms; the room, its code, milliseconds, how many rooms there may be
CREATE = f"""{NOW}
redis.call('zremrangebyscore', KEYS[3], '-inf', now)
if redis.call('exists', KEYS[1], KEYS[2]) > 0 then return 0 end
if redis.call('zcard', KEYS[3]) >= tonumber(ARGV[4]) then return -1 end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[3])
redis.call('zadd', KEYS[3], now + ARGV[3], ARGV[2])
return 1
"""
# rooms, all of a room; its code, milliseconds
KEEP_OPEN = f"""{NOW}
if redis.call('exists', KEYS[2]) == 0 then return 0 end
redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1])
for index = 2, #KEYS do redis.call('pexpire', KEYS[index], ARGV[2]) end
return 1
"""
# the room; as it was, as it is to be
REPLACE = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'keepttl')
redis.call('publish', KEYS[1], 'c')
return 1
"""
# the room, a hash of it; name, value
PUT = """
local left = redis.call('pttl', KEYS[1])
if left <= 0 then return 0 end
redis.call('hset', KEYS[2], ARGV[1], ARGV[2])
redis.call('pexpire', KEYS[2], left)
return 1
"""
# the room, who is here; this process, how many, milliseconds after which a process is dead
HERE = f"""{NOW}
local left = redis.call('pttl', KEYS[1])
if left <= 0 then return -1 end
local before = string.match(redis.call('hget', KEYS[2], ARGV[1]) or '0 ', '%d+')
redis.call('hset', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. now)
redis.call('pexpire', KEYS[2], left)
if before ~= ARGV[2] then redis.call('publish', KEYS[1], 'h') end
local all, sum = redis.call('hgetall', KEYS[2]), 0
for index = 1, #all, 2 do
  local count, at = string.match(all[index + 1], '(%d+) (%d+)')
  if now - at <= tonumber(ARGV[3]) then sum = sum + count
  else redis.call('hdel', KEYS[2], all[index]) end
end
return sum
"""
# a counter; milliseconds
ADD = """
local often = redis.call('incr', KEYS[1])
if often == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return often
"""


class _Change:
    """A change that waits to be made.

    Attributes:
        error: by which it was refused, None if it was not.
        room: as it is afterwards, None if there is none any more.
    """

    def __init__(self, change: Callable[[Room], None]) -> None:
        self._change = change
        self.is_made = False
        self.error: Exception | None = None
        self.room: Room | None = None

    def made(self, room: Room) -> Room:
        """The room with the change, or as it was."""
        changed = room.copy()
        try:
            self._change(changed)
        except Exception as error:  # whoever has wanted it is told
            self.error = error
            return room
        self.error = None
        changed.version += 1
        return changed


class RedisStore:
    """Keeps rooms in Redis; it connects when it is first asked.

    Args:
        url: where Redis is.
        minutes: that a room stays without its teacher.
        rooms: how many there may be, of all processes.

    Raises:
        ValueError: the address is none.
    """

    def __init__(self, url: str, minutes: float, rooms: int = 50) -> None:
        self._milliseconds, self._most = int(60_000 * minutes), rooms
        # no socket_timeout: what sends with one may swallow that it was cancelled, in Python 3.11
        about: dict[str, Any] = {"socket_connect_timeout": SECONDS_TO_CONNECT}
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=MOST_CONNECTIONS,
            timeout=SECONDS_TO_CONNECT,
            retry=Retry(NoBackoff(), 1),  # a connection that was kept may be a broken one
            **about,
        )
        self._redis = Redis.from_pool(pool)
        channels = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 0), **about)
        self._channels = Redis.from_pool(channels)
        self._scripts = {
            script: self._redis.register_script(script)
            for script in (CREATE, KEEP_OPEN, REPLACE, PUT, HERE, ADD)
        }
        self._process = secrets.token_hex(8)
        self._changes: dict[str, list[_Change]] = {}
        # as they were read last: text and what it says
        self._tiles: dict[str, dict[bytes, tuple[bytes, Mapping[str, Any]]]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._rests_until = 0.0
        self._is_away = False

    async def create(self, room: Room) -> bool:
        keys = [ROOM + room.code, CLOSED + room.code, ROOMS]
        made = await self._run(
            CREATE, keys, [_written(room), room.code, self._milliseconds, self._most]
        )
        if made < 0:
            raise no_place_for(self._most)
        return bool(made)

    async def load(self, code: str) -> Room | None:
        return _read(await self._ask(lambda: self._redis.get(ROOM + code)))

    async def update(self, code: str, change: Callable[[Room], None]) -> Room | None:
        wanted = _Change(change)
        waiting = self._changes.setdefault(code, [])
        waiting.append(wanted)
        try:
            # whoever is first makes all changes that wait by then: a class may answer at once
            async with self._locks.setdefault(code, asyncio.Lock()):
                if not wanted.is_made:
                    await self._make(code, [each for each in waiting if not each.is_made])
        finally:
            waiting.remove(wanted)
            if not waiting:
                self._changes.pop(code, None)
        if wanted.error is not None:
            raise wanted.error
        return wanted.room

    async def _make(self, code: str, changes: Sequence["_Change"]) -> None:
        """Make changes, one after the other; another process may be quicker with its own."""
        for _ in range(MOST_RACES):
            before = await self._ask(lambda: self._redis.get(ROOM + code))
            room = _read(before)
            if room is not None:
                for change in changes:
                    room = change.made(room)
            is_same = all(change.error is not None for change in changes)
            if room is None or is_same or await self._replace(code, before, room):
                for change in changes:
                    change.is_made, change.room = True, None if room is None else room.copy()
                return
        raise StoreAwayError

    async def _replace(self, code: str, before: bytes | None, room: Room) -> bool:
        return bool(await self._run(REPLACE, [ROOM + code], [before, _written(room)]))

    async def close(self, code: str) -> None:
        async def close() -> None:
            async with self._redis.pipeline(transaction=True) as together:
                together.delete(*_all_of(code))
                together.zrem(ROOMS, code)
                together.set(CLOSED + code, "", px=self._milliseconds)
                together.publish(ROOM + code, b"x")
                await together.execute()

        await self._ask(close)

    async def keep_open(self, code: str) -> None:
        await self._run(KEEP_OPEN, [ROOMS, *_all_of(code)], [code, self._milliseconds])

    async def send(self, code: str, message: bytes) -> None:
        await self._ask(lambda: self._redis.publish(ROOM + code, b"s" + message))

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Event]]:
        waiting, channel = Waiting(), await self._ask(lambda: self._subscribe(code))
        hearing = asyncio.ensure_future(self._hear(code, channel, waiting))
        try:
            yield waiting.take()
        finally:
            self._tiles.pop(code, None)
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def keep(self, code: str, name: str, value: bytes) -> None:
        await self._run(PUT, [ROOM + code, f"{ROOM}{code}:kept"], [name, value])

    async def kept(self, code: str, name: str) -> bytes | None:
        value: bytes | None = await self._ask(
            lambda: self._redis.execute_command("HGET", f"{ROOM}{code}:kept", name)
        )
        return value

    async def put_tile(self, code: str, seat: int, tile: Mapping[str, Any]) -> None:
        await self._run(PUT, [ROOM + code, f"{ROOM}{code}:tiles"], [seat, json.dumps(tile)])

    async def tiles(self, code: str) -> dict[int, Mapping[str, Any]]:
        found = await self._ask(
            lambda: self._redis.execute_command("HGETALL", f"{ROOM}{code}:tiles")
        )
        known, read = self._tiles.pop(code, {}), {}
        for count, (seat, text) in enumerate(found.items(), start=1):
            before, tile = known.get(seat, (b"", {}))
            read[seat] = text, tile if text == before else json.loads(text)
            if count % AT_ONCE == 0:
                await asyncio.sleep(0)  # others have their turn
        if len(self._tiles) >= self._most:
            self._tiles.clear()  # of rooms that are over, most of them
        if read:
            self._tiles[code] = read
        return {int(seat): tile for seat, (_, tile) in read.items()}

    async def count_here(self, code: str, here: int) -> int | None:
        keys = [ROOM + code, f"{ROOM}{code}:here"]
        found = await self._run(HERE, keys, [self._process, here, int(1000 * SECONDS_TO_DIE)])
        return None if found < 0 else found

    async def count(self, what: str, seconds: float) -> int:
        return await self._run(ADD, [COUNT + what], [int(1000 * seconds)])

    async def counted(self, what: str) -> int:
        return int(await self._ask(lambda: self._redis.get(COUNT + what)) or 0)

    async def end(self) -> None:
        for client in (self._redis, self._channels):
            with suppress(*FAILURES):
                await client.aclose()

    async def _run(self, script: str, keys: list[str], arguments: list[Any]) -> int:
        run = self._scripts[script]
        return int(await self._ask(lambda: run(keys=keys, args=arguments)))

    async def _ask(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        """What Redis answers.

        Raises:
            StoreAwayError: it does not, or did not a moment ago.
        """
        clock = asyncio.get_running_loop().time
        if clock() < self._rests_until:
            raise StoreAwayError
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                found = await ask()
        except FAILURES as error:
            self._rests_until = clock() + SECONDS_TO_REST
            if not self._is_away:
                _log.warning("Redis is away: %s", type(error).__name__)
            self._is_away = True
            raise StoreAwayError from error
        self._is_away = False
        return found

    async def _subscribe(self, code: str) -> PubSub:
        """A channel on which everything is heard from now on."""
        channel = self._channels.pubsub()
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                await channel.subscribe(ROOM + code)
                while not await channel.get_message(timeout=SECONDS_TO_ANSWER):
                    pass  # the first is that it is subscribed to
        except BaseException:
            await _leave(channel)
            raise
        self._rests_until = 0.0
        return channel

    async def _hear(self, code: str, channel: PubSub, waiting: Waiting) -> None:
        """Pass on what is said in a channel; one that breaks is opened again."""
        while True:
            try:
                with suppress(*FAILURES):
                    await _pass_on(channel, waiting)
            finally:
                await _leave(channel)
            waiting.put(Event("away"))
            channel = await self._subscribe_again(code)
            waiting.put(Event("back"))

    async def _subscribe_again(self, code: str) -> PubSub:
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(pause)
            with suppress(*FAILURES):
                return await self._subscribe(code)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _pass_on(channel: PubSub, waiting: Waiting) -> None:
    """Until it breaks.

    Raises:
        TimeoutError: Redis does not even answer whether it is there.
    """
    clock = asyncio.get_running_loop().time
    heard = clock()
    while True:
        message = await channel.get_message(timeout=SECONDS_BETWEEN_PINGS)
        if message is None:
            if clock() - heard > SECONDS_OF_SILENCE:
                raise TimeoutError
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                await channel.ping()
            continue
        heard = clock()
        if message["type"] == "message":
            data: bytes = message["data"]
            kind = KINDS.get(data[:1])  # a newer version may say more
            if kind is not None:
                waiting.put(Event(kind, data[1:]))


async def _leave(channel: PubSub) -> None:
    with suppress(*FAILURES):
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            await channel.aclose()


def _all_of(code: str) -> list[str]:
    """The names of all that is kept of a room; the room itself is the first."""
    return [ROOM + code, *(f"{ROOM}{code}:{part}" for part in ("tiles", "kept", "here"))]


def _written(room: Room) -> str:
    return json.dumps(room.to_dict(), separators=(",", ":"))


def _read(text: bytes | None) -> Room | None:
    return None if text is None else Room.from_dict(json.loads(text))
