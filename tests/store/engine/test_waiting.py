"""The room before the writer: who leaves lets the next one in."""

import asyncio

import pytest

from gateway.errors import DeferredError
from gateway.store.engine.waiting import Limits, WaitingRoom


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_call_to_one_who_goes_away_is_a_call_to_the_next() -> None:
    room = WaitingRoom(Limits(max_waiting=1, patience_seconds=60))
    await room.enter(1)
    first, second = (asyncio.create_task(room.enter(1)) for _ in range(2))
    await turns(3)
    room.leave(1)
    first.cancel()
    await asyncio.wait([first, second])
    assert first.cancelled()
    assert second.exception() is None
    assert room.units == 1


async def test_who_is_called_in_vain_waits_no_longer_than_anybody() -> None:
    room = WaitingRoom(Limits(max_waiting_bytes=100, patience_seconds=0.05))
    for _ in range(50):
        await room.enter(2)
    large = asyncio.create_task(room.enter(99))
    while not large.done():
        if room.units > 1:
            room.leave(2)
        await asyncio.sleep(0.001)
    assert isinstance(large.exception(), DeferredError)


async def test_one_large_unit_that_leaves_makes_room_for_all_who_fit() -> None:
    room = WaitingRoom(Limits(max_waiting_bytes=10, patience_seconds=60))
    await room.enter(10)
    small = [asyncio.create_task(room.enter(1)) for _ in range(10)]
    await turns(3)
    room.leave(10)
    await turns(30)
    assert [one.done() for one in small] == [True] * 10
    assert room.units == 10


async def test_nobody_passes_before_who_waits() -> None:
    """A new version must not be judged before the document that it replaces."""
    room = WaitingRoom(Limits(max_waiting=2, patience_seconds=60))
    await room.enter(1)
    await room.enter(1)
    came: list[str] = []

    async def enter(name: str) -> None:
        await room.enter(1)
        came.append(name)

    first = asyncio.create_task(enter("first"))
    await turns(3)
    room.leave(1)
    room.leave(1)
    await enter("second")
    await first
    assert came == ["first", "second"]


async def test_who_gives_up_takes_no_place() -> None:
    room = WaitingRoom(Limits(max_waiting=1, patience_seconds=0.001))
    await room.enter(1)
    with pytest.raises(DeferredError):
        await room.enter(1)
    room.leave(1)
    await room.enter(1)
    assert room.units == 1


async def test_a_unit_larger_than_the_room_is_taken_when_it_comes_alone() -> None:
    room = WaitingRoom(Limits(max_waiting_bytes=10, patience_seconds=0.001))
    await room.enter(50)
    with pytest.raises(DeferredError):
        await room.enter(1)
    room.leave(50)
    await room.enter(50)
    assert room.units == 1


@pytest.mark.parametrize(
    "limits", [Limits(max_waiting=2, patience_seconds=0.001),
               Limits(max_waiting_bytes=10, patience_seconds=0.001)],
)  # fmt: skip
async def test_the_room_takes_just_as_much_as_its_limit(limits: Limits) -> None:
    room = WaitingRoom(limits)
    await room.enter(4)
    await room.enter(6)
    with pytest.raises(DeferredError):
        await room.enter(1)
    assert room.units == 2


async def test_the_bytes_of_who_left_are_free_again() -> None:
    room = WaitingRoom(Limits(max_waiting_bytes=10, patience_seconds=0.001))
    await room.enter(2)
    for _ in range(3):
        await room.enter(8)
        room.leave(8)
    assert room.units == 1
