"""Redis dies, hangs, and comes back; a class sits at the line meanwhile."""

import asyncio
import signal

import pytest
from starlette.applications import Starlette

from playground.room import line
from playground.room.hub import Hubs
from playground.room.redis_store import SECONDS_TO_ANSWER, RedisStore
from playground.room.store import Event, StoreAwayError
from tests.playground.room.test_line import entering
from tests.playground.room.test_store import a_room, play
from tests.playground.serving import serving


@pytest.fixture
def store(redis_server):
    return RedisStore(redis_server.url, 60)


ASKED = {
    "create": lambda store: store.create(a_room("FGHJK")),
    "load": lambda store: store.load("ABCDE"),
    "update": lambda store: store.update("ABCDE", lambda room: room.join()),
    "close": lambda store: store.close("ABCDE"),
    "keep_open": lambda store: store.keep_open("ABCDE"),
    "send": lambda store: store.send("ABCDE", b"picture"),
    "listen": lambda store: store.listen("ABCDE").__aenter__(),
    "keep": lambda store: store.keep("ABCDE", "picture", b""),
    "kept": lambda store: store.kept("ABCDE", "picture"),
    "put_tile": lambda store: store.put_tile("ABCDE", 1, {}),
    "tiles": lambda store: store.tiles("ABCDE"),
    "count_here": lambda store: store.count_here("ABCDE", 1),
    "count": lambda store: store.count("wrong", 60),
    "counted": lambda store: store.counted("wrong"),
}


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        *((asked, signal.SIGKILL) for asked in ASKED),
        *((asked, signal.SIGSTOP) for asked in ("update", "close", "listen")),
    ],
)
def test_whatever_is_asked_of_a_redis_that_is_away_says_so(store, redis_server, asked, how):
    async def test(store):
        await store.create(a_room())
        redis_server.send(how)
        async with asyncio.timeout(4 * SECONDS_TO_ANSWER):
            with pytest.raises(StoreAwayError):
                await ASKED[asked](store)
            with pytest.raises(StoreAwayError):
                await ASKED[asked](store)

    play(test, store)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_who_listens_is_told_that_redis_is_away_and_that_it_is_back(store, redis_server, how):
    async def test(store):
        await store.create(a_room())
        async with store.listen("ABCDE") as events:
            redis_server.send(how)
            assert await anext(events) == Event("away")
            if how == signal.SIGSTOP:
                redis_server.send(signal.SIGCONT)
            else:
                await asyncio.to_thread(redis_server.stop)
                await asyncio.to_thread(redis_server.start)
            assert await anext(events) == Event("back")

            await store.send("ABCDE", b"picture")
            assert await anext(events) == Event("sent", b"picture")

    play(test, store)


def test_the_event_loop_goes_on_while_redis_hangs(store, redis_server):
    async def test(store):
        await store.create(a_room())
        redis_server.send(signal.SIGSTOP)
        asking = asyncio.ensure_future(store.load("ABCDE"))
        turns = 0
        while not asking.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 100
        assert isinstance(asking.exception(), StoreAwayError)

    play(test, store)


def test_a_room_that_redis_has_lost_is_there_again_and_one_that_was_closed_is_not(
    store, redis_server
):
    async def test(store):
        hubs, listener = Hubs(store), Listener()
        room = a_room()
        room.join("Ada")
        await store.create(room)
        hub = await hubs.enter("ABCDE", listener)
        await asyncio.to_thread(redis_server.stop)
        await asyncio.to_thread(redis_server.start)
        await listener.wait_for("back")

        assert await store.load("ABCDE") == room
        await store.close("ABCDE")
        await listener.wait_for("end")
        assert not await store.create(room)
        await hubs.leave(hub, listener)

    play(test, store)


class Listener:
    """Keeps what it is told."""

    seat = 1
    is_teacher = False

    def __init__(self):
        self.told = []

    async def wait_for(self, what):
        while what not in self.told:
            await asyncio.sleep(0.01)

    def room_changed(self):
        self.told.append("changed")

    def show(self, message):
        self.told.append(message)

    def here_changed(self):
        self.told.append("here")

    def end(self):
        self.told.append("end")

    def store_is_away(self, *, away):
        self.told.append("away" if away else "back")


@pytest.fixture
def enter(redis_server, monkeypatch):
    """A function that opens a line to a server whose rooms are in Redis."""
    store = RedisStore(redis_server.url, 60)
    monkeypatch.setattr(line, "_store", lambda: store)
    line.hubs.cache_clear()
    app = Starlette(routes=line.routes(), lifespan=lambda app: _ending(store))
    with serving(app) as host, entering(host) as enter_one:
        yield enter_one
    line.hubs.cache_clear()


class _ending:  # noqa: N801  # a lifespan: used as the function that makes one
    def __init__(self, store):
        self.store = store

    async def __aenter__(self):
        return {}

    async def __aexit__(self, *error):
        await self.store.end()


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_a_class_waits_while_redis_is_away_and_goes_on(enter, redis_server, how):
    teacher = enter(open=True)
    code = teacher.hear("teacher")["code"]
    ada = enter(join={"code": code, "name": "Ada"})
    seat = ada.hear("seat")
    teacher.wait(lambda room: len(room["seats"]) == 1)
    redis_server.send(signal.SIGKILL if how == "killed" else signal.SIGSTOP)
    for one in (teacher, ada):
        assert one.hear("away") is True
    teacher.say(do="pause", paused=True)
    assert teacher.hear("refused") == line.AWAY
    assert enter(join={"code": code}).hear("away") is True
    if how == "killed":
        redis_server.stop()
        redis_server.start()
    else:
        redis_server.send(signal.SIGCONT)
    for one in (teacher, ada):
        assert one.hear("away") is False
    teacher.say(do="pause", paused=True)
    ada.wait(lambda room: room["paused"])
    again = enter(join={"code": code, "seat": seat["secret"]})
    assert again.hear("seat") == seat
    bob = enter(join={"code": code, "name": "Bob"})
    assert bob.hear("seat")["number"] == 2
