"""Where rooms are kept: the same tests for a process of its own and for a real Redis."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis

from playground.room.redis_store import RedisStore
from playground.room.room import Room, RoomError
from playground.room.store import MOST_COUNTED, MOST_WAITING, Event, MemoryStore, Store
from tests.playground.serving import run_apart

PATIENCE = 30.0  # seconds
SHORT = 0.3 / 60  # minutes, in which a test waits until a room is gone


@pytest.fixture(params=["memory", "redis"])
def new(request):
    """A function that makes a store: new(minutes=…, rooms=…)."""
    if request.param == "memory":
        return lambda minutes=60, rooms=50: MemoryStore(minutes, rooms)
    url = request.getfixturevalue("redis_server").url
    return lambda minutes=60, rooms=50: RedisStore(url, minutes, rooms)


def play(test: Callable[..., Awaitable[None]], *stores: Store) -> None:
    """Run a test with its stores, all of it in time."""

    async def run() -> None:
        async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
            for store in stores:
                stack.push_async_callback(store.end)
            await test(*stores)

    run_apart(run())


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    while not await holds():
        await asyncio.sleep(0.01)


def a_room(code: str = "ABCDE") -> Room:
    return Room(code, "key", places=300)


def test_a_room_is_kept_and_forgotten(new):
    async def test(store):
        assert await store.load("ABCDE") is None
        room = a_room()
        room.join("Ada")
        room.begin_turn("noise=0.1", lock=("hidden",))
        room.ask("Which?", ("this", "that"), 1)
        room.answer(1, 1, 0)
        assert await store.create(room)
        assert await store.load("ABCDE") == room
        assert not await store.create(a_room())
        await store.close("ABCDE")
        assert await store.load("ABCDE") is None
        assert await store.update("ABCDE", lambda room: room.join()) is None

    play(test, new())


def test_a_change_is_kept_counted_and_told(new):
    async def test(store):
        await store.create(a_room())
        async with store.listen("ABCDE") as events:
            changed = await store.update("ABCDE", lambda room: room.join("Ada"))
            assert await anext(events) == Event("changed")
        assert changed.version == 1
        assert await store.load("ABCDE") == changed

    play(test, new())


def test_of_a_change_that_is_refused_nothing_is_kept(new):
    def refused(room):
        room.join("Ada")
        raise RoomError("no")

    async def test(store):
        await store.create(a_room())
        before = await store.load("ABCDE")
        with pytest.raises(RoomError):
            await store.update("ABCDE", refused)
        assert await store.load("ABCDE") == before

    play(test, new())


def test_of_changes_at_once_those_that_are_refused_disturb_no_other(new):
    async def test(store):
        await store.create(Room("ABCDE", "key", places=10))
        joining = [store.update("ABCDE", lambda room: room.join()) for _ in range(30)]
        found = await asyncio.gather(*joining, return_exceptions=True)
        assert [str(each)[:17] for each in found if isinstance(each, RoomError)] == [
            "This room is full"
        ] * 20
        assert len((await store.load("ABCDE")).seats) == 10

    play(test, new())


def test_a_change_that_nobody_waits_for_any_more_holds_up_no_other(new):
    async def test(store):
        await store.create(a_room())
        first, second = (
            asyncio.ensure_future(store.update("ABCDE", lambda room: room.join())) for _ in range(2)
        )
        await asyncio.sleep(0)
        first.cancel()
        assert await second

    play(test, new())


def test_what_was_loaded_is_a_copy(new):
    async def test(store):
        await store.create(a_room())
        (await store.load("ABCDE")).join("Ada")
        (await store.update("ABCDE", lambda room: room.join())).join("Bob")
        assert [seat.name for seat in (await store.load("ABCDE")).seats.values()] == [""]

    play(test, new())


def test_a_hundred_who_answer_at_once_are_all_heard(new):
    async def test(store):
        room = a_room()
        for _ in range(100):
            room.join()
        room.ask("Which?", ("this", "that"), 1)
        await store.create(room)
        await asyncio.gather(
            *(
                store.update("ABCDE", lambda room, seat=seat: room.answer(seat, 1, seat % 2))
                for seat in room.seats
            )
        )
        assert (await store.load("ABCDE")).answers() == [50, 50]
        assert (await store.load("ABCDE")).version == 100

    play(test, new())


def test_messages_come_in_order_to_all_who_listen_and_to_no_other_room(new):
    async def test(store):
        await store.create(a_room())
        await store.create(a_room("FGHJK"))
        messages = [b"", bytes(range(256)), b"x" * 100_000]
        async with (
            store.listen("ABCDE") as one,
            store.listen("ABCDE") as other,
            store.listen("FGHJK") as elsewhere,
        ):
            for message in messages:
                await store.send("ABCDE", message)
            await store.close("FGHJK")
            for events in (one, other):
                assert [(await anext(events)).message for _ in messages] == messages
            assert await anext(elsewhere) == Event("closed")

    play(test, new())


def test_who_does_not_take_what_is_sent_misses_pictures_and_no_news(new):
    async def test(store):
        await store.create(a_room())
        async with store.listen("ABCDE") as events, store.listen("ABCDE") as others:
            for number in range(3 * MOST_WAITING):
                await store.send("ABCDE", b"%d" % number)
                if number % MOST_WAITING == 0:
                    await store.update("ABCDE", lambda room: room.join())
            await store.close("ABCDE")
            await until(lambda: _is_last(others))
            kinds = []
            while "closed" not in kinds:
                kinds.append((await anext(events)).kind)
        assert kinds.count("sent") <= MOST_WAITING
        assert kinds.count("changed") == 1

    async def _is_last(events):
        return (await anext(events)).kind == "closed"

    play(test, new())


def test_a_room_ends_with_all_that_belongs_to_it(new):
    async def test(store):
        await store.create(a_room())
        await store.put_tile("ABCDE", 3, {"epoch": 7})
        await store.put_tile("ABCDE", 3, {"epoch": 8})
        await store.keep("ABCDE", "picture", b"\x00\xff")
        assert await store.tiles("ABCDE") == {3: {"epoch": 8}}
        assert await store.kept("ABCDE", "picture") == b"\x00\xff"
        assert await store.kept("ABCDE", "start") is None
        assert await store.count_here("ABCDE", 5) == 5
        await store.close("ABCDE")
        await nothing_left(store)
        await store.put_tile("ABCDE", 3, {"epoch": 9})
        await store.keep("ABCDE", "picture", b"late")
        await store.keep_open("ABCDE")
        await nothing_left(store)

    play(test, new())


async def nothing_left(store):
    assert await store.load("ABCDE") is None
    assert await store.tiles("ABCDE") == {}
    assert await store.kept("ABCDE", "picture") is None
    assert await store.count_here("ABCDE", 5) is None


def test_each_seat_has_its_newest_tile(new):
    async def test(store):
        await store.create(a_room())
        wanted = {seat: {"seat": seat, "epoch": 0} for seat in range(1, 101)}
        for seat, tile in wanted.items():
            await store.put_tile("ABCDE", seat, tile)
        assert await store.tiles("ABCDE") == wanted
        wanted[7] = {"seat": 7, "epoch": 1}
        await store.put_tile("ABCDE", 7, wanted[7])
        assert await store.tiles("ABCDE") == wanted

    play(test, new())


def test_a_room_without_its_teacher_ends_after_a_while(new):
    async def test(store):
        await store.create(a_room())
        await store.put_tile("ABCDE", 3, {"epoch": 7})
        await store.keep("ABCDE", "picture", b"\x00\xff")

        async def is_gone():
            return await store.load("ABCDE") is None

        await until(is_gone)
        await nothing_left(store)
        assert await store.create(a_room("FGHJK"))  # there is room for it, too

    play(test, new(minutes=SHORT, rooms=1))


def test_there_are_no_more_rooms_than_there_may_be(new):
    async def test(store):
        await store.create(a_room("AAAAA"))
        await store.create(a_room("BBBBB"))
        with pytest.raises(RoomError, match="All 2 rooms"):
            await store.create(a_room("CCCCC"))
        await store.close("AAAAA")
        assert await store.create(a_room("CCCCC"))

    play(test, new(rooms=2))


def test_what_is_counted_is_forgotten_after_a_while(new):
    async def test(store):
        assert [await store.count("a", 60) for _ in range(3)] == [1, 2, 3]
        assert await store.counted("a") == 3
        assert await store.counted("b") == 0
        assert await store.count("c", 0.2) == 1

        async def is_forgotten():
            return await store.counted("c") == 0

        await until(is_forgotten)
        assert await store.count("c", 60) == 1

    play(test, new())


def test_counters_take_no_more_memory_than_there_is_for_them():
    async def test(store):
        await store.count("first", 60)
        for number in range(MOST_COUNTED):
            await store.count("often", 60)
            await store.count(str(number), 60)
        assert await store.counted("first") == 0
        assert await store.counted("often") == MOST_COUNTED

    play(test, MemoryStore(60))


def test_a_teacher_who_is_there_keeps_a_room_open():
    async def test(store):
        await store.create(a_room())
        for _ in range(5):
            now[0] += 50
            await store.keep_open("ABCDE")
        assert await store.load("ABCDE")
        now[0] += 61
        assert await store.count_here("ABCDE", 1) is None

    now = [0.0]
    play(test, MemoryStore(1, clock=lambda: now[0]))


class TestTwoProcesses:
    """Two stores at one Redis are two processes."""

    @pytest.fixture
    def two(self, redis_server):
        return [RedisStore(redis_server.url, 60, rooms=2) for _ in range(2)]

    def test_see_the_same_rooms(self, two):
        async def test(one, other):
            await one.create(a_room())
            async with other.listen("ABCDE") as events:
                await one.update("ABCDE", lambda room: room.join("Ada"))
                assert await anext(events) == Event("changed")
                await one.send("ABCDE", b"picture")
                assert await anext(events) == Event("sent", b"picture")
            assert [seat.name for seat in (await other.load("ABCDE")).seats.values()] == ["Ada"]
            await other.create(a_room("FGHJK"))
            with pytest.raises(RoomError, match="All 2 rooms"):
                await one.create(a_room("LMNPQ"))
            await one.count("wrong", 60)
            assert await other.count("wrong", 60) == 2

        play(test, *two)

    def test_lose_no_change_when_both_change_a_room_at_once(self, two):
        async def test(one, other):
            await one.create(a_room())
            stores = [one, other] * 40
            await asyncio.gather(
                *(each.update("ABCDE", lambda room: room.join()) for each in stores)
            )
            room = await one.load("ABCDE")
            assert sorted(room.seats) == list(range(1, 81))
            assert room.version == 80

        play(test, *two)

    def test_add_up_who_is_there_and_one_that_has_died_does_not_count(self, two, monkeypatch):
        async def test(one, other):
            await one.create(a_room())
            assert await one.count_here("ABCDE", 3) == 3
            async with one.listen("ABCDE") as events:
                assert await other.count_here("ABCDE", 4) == 7
                assert await other.count_here("ABCDE", 4) == 7
                await other.send("ABCDE", b"picture")
                kinds = [(await anext(events)).kind for _ in range(2)]
            assert kinds == ["here", "sent"]
            assert await one.count_here("ABCDE", 2) == 6
            monkeypatch.setattr("playground.room.redis_store.SECONDS_TO_DIE", 0.2)

            async def is_alone():  # nothing is heard of the other one any more
                return await one.count_here("ABCDE", 2) == 2

            await until(is_alone)

        play(test, *two)


def test_all_that_redis_has_of_a_room_ends_by_itself(redis_server):
    async def test(store):
        await store.create(a_room())
        await store.put_tile("ABCDE", 3, {"epoch": 7})
        await store.keep("ABCDE", "picture", b"\x00\xff")
        await store.update("ABCDE", lambda room: room.join())
        await store.count_here("ABCDE", 5)
        await store.count("wrong", 60)
        await store.keep_open("ABCDE")
        async with Redis.from_url(redis_server.url) as asking:
            names = {name.decode() for name in await asking.keys("*")}
            assert len(names) == 6  # the room and three of it, the counter, the list of rooms
            for name in names - {"mlp:rooms"}:
                assert 0 < await asking.ttl(name) <= 3600
            room = json.loads(await asking.get("mlp:room:ABCDE"))
        assert room["seats"]["1"]["number"] == 1

    play(test, RedisStore(redis_server.url, 60))
