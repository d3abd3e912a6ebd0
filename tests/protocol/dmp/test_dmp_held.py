"""Memory of large requests and copies in work, in which order is arranged."""

import asyncio

from aiohttp import web
from door_of_dmp import FixedClock

from gateway.adapters.dmp.again import Repeats
from gateway.adapters.dmp.held import Held, small_bytes

LARGE = small_bytes + 1


async def test_a_large_request_waits_for_another_and_a_small_one_does_not() -> None:
    held = Held(3 * small_bytes)
    entered: list[str] = []

    async def second() -> None:
        async with held.place(2 * small_bytes) as place:
            await place.grown(LARGE)
            entered.append("second")

    async with held.place(2 * small_bytes) as first:
        await first.grown(LARGE)
        waiting = asyncio.ensure_future(second())
        async with held.place(small_bytes) as small:
            await small.grown(small_bytes)
        await asyncio.sleep(0)
        assert entered == []
    await waiting
    assert entered == ["second"]


async def test_one_that_is_larger_than_all_the_room_is_taken_alone() -> None:
    held = Held(small_bytes)
    async with held.place(10 * small_bytes) as alone:
        await alone.grown(LARGE)
        await alone.grown(5 * small_bytes)
    async with held.place(10 * small_bytes) as next_one:
        await next_one.grown(LARGE)


async def test_a_request_that_gives_up_waiting_holds_nothing() -> None:
    held = Held(small_bytes)
    async with held.place(LARGE) as first:
        await first.grown(LARGE)
        async with held.place(LARGE) as second:
            waiting = asyncio.ensure_future(second.grown(LARGE))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
    async with held.place(LARGE) as third:
        await third.grown(LARGE)


async def test_a_copy_waits_for_the_one_in_work_and_gets_its_answer() -> None:
    repeats = Repeats(FixedClock())
    let_go = asyncio.Event()
    made: list[str] = []

    async def make() -> web.Response:
        made.append("once")
        await let_go.wait()
        return web.Response(body=b"done", headers={"Content-Type": "text/xml"})

    first = asyncio.ensure_future(repeats.answered(("lps", b"1"), make))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(repeats.answered(("lps", b"1"), make))
    await asyncio.sleep(0)
    let_go.set()
    answers = [await first, await second]
    assert [one.body for one in answers] == [b"done", b"done"]
    assert made == ["once"]


async def test_a_copy_of_one_that_fails_is_done_itself() -> None:
    repeats = Repeats(FixedClock())
    let_go = asyncio.Event()
    left = [RuntimeError("no"), None]

    async def make() -> web.Response:
        error = left.pop(0)
        await let_go.wait()
        if error is not None:
            raise error
        return web.Response(body=b"done", headers={"Content-Type": "text/xml"})

    first = asyncio.ensure_future(repeats.answered(("lps", b"1"), make))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(repeats.answered(("lps", b"1"), make))
    await asyncio.sleep(0)
    let_go.set()
    done = await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(done[0], RuntimeError)
    assert isinstance(done[1], web.Response)
