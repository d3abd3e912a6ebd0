"""Erasure, joined: the flow, and what must follow the commit outside the database."""

import asyncio
from typing import Protocol

import structlog

from gateway.clock import Clock, Ids
from gateway.flows.erasing.bury import Erase
from gateway.settings import Settings
from gateway.store.burying.stones import FILE, keep_stones
from gateway.store.keys.masters.rotation import forget_former
from gateway.store.opening import Store

log = structlog.get_logger()


class Rooms(Protocol):
    """Who erases: a command, or the house of the daemon."""

    @property
    def settings(self) -> Settings: ...
    @property
    def store(self) -> Store: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def ids(self) -> Ids: ...


def erase_of(rooms: Rooms) -> Erase:
    store = rooms.store
    return Erase(
        people=store.people,
        activations=store.activations,
        erasures=store.erasures,
        clock=rooms.clock,
        ids=rooms.ids,
    )


async def clocks_erasures(rooms: Rooms) -> None:
    """The chore: what is due, then what another process erased is kept beside our keys too."""
    done = await erase_of(rooms).due()
    try:
        await keep_apart(rooms)
    except OSError as error:
        log.error("erased.not_kept", reason=error.strerror, name=FILE)  # noqa: TRY400 - it says all
    if done:
        await _forget(rooms)


async def unfinished_erasures(rooms: Rooms) -> None:
    """The chore: rows that a process which died left behind."""
    if await erase_of(rooms).resume():
        await _forget(rooms)


async def _forget(rooms: Rooms) -> None:
    if not await forget_on_disk(rooms):
        log.warning("erased.left_on_disk")


async def keep_apart(rooms: Rooms) -> None:
    """In `erased.jsonl`, so that no older copy brings anybody back. Raises OSError."""
    stones = await rooms.store.erasures.tombstones()
    await asyncio.to_thread(keep_stones, rooms.settings.store.keys, stones)


async def forget_on_disk(rooms: Rooms) -> bool:
    """Whether the destroyed key stands in no file of the database any more."""
    return await asyncio.to_thread(forget_former, rooms.settings.store.url)
