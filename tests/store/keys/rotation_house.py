"""A gateway whose master key is rotated: its folder of keys, its people, and processes that come
and go."""

import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select
from store_house import FixedClock, PlainJudge, intake

from gateway.clock import SystemIds
from gateway.records.intake.filing import Intake
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.store import Keys, Store, open_store
from gateway.store.keys.key_check import check_keys
from gateway.store.keys.masters.master import prepare_version, version_of
from gateway.store.keys.masters.rotation import KeyRotation
from gateway.store.schema import data_key

IDS = SystemIds()
ACT = NewTrace(
    patient=DESK,
    action="master-key-rotating",
    permitted=True,
    rule="DSK-01",
    kind="operator",
    actor="anne",
    actor_name="anne",
)


@asynccontextmanager
async def process(url: str, folder: Path) -> AsyncIterator[Store]:
    """As a start opens it: with the keys that stand there now, nothing remembered."""
    keys = Keys.load(folder)
    check_keys(url, keys)
    store = open_store(url, keys=keys, judge=PlainJudge(keys, IDS), clock=FixedClock())
    try:
        yield store
    finally:
        await store.close()


async def deposits(store: Store, serials: Sequence[int]) -> list[Intake]:
    """A document each, of as many people."""
    sent = [intake(IDS, number=serial, serial=serial) for serial in serials]
    for one in sent:
        await store.journal.file(one)
    return sent


async def all_open(store: Store, sent: Sequence[Intake]) -> bool:
    return [await store.journal.raw(one.receipt) for one in sent] == [one.raw for one in sent]


async def steps(store: Store, version: int) -> AsyncGenerator[str]:
    """A whole rotation, as `gateway key rotate` does it; broken off wherever nobody asks on."""
    rotation, after = KeyRotation(store.database), None
    await rotation.begin(version, act=ACT)
    yield "begun"
    while (stretch := await rotation.rewrap(version, after=after)).last is not None:
        after = stretch.last
        yield "rewrapped"
    await rotation.finish(version, act=ACT)
    yield "finished"


async def rotate(store: Store, version: int) -> None:
    async for _ in steps(store, version):
        pass


def prepare(folder: Path, version: int = 2) -> None:
    prepare_version(folder, version, IDS)


async def versions(store: Store) -> list[int]:
    """Of the master key, under which each data key is."""
    query = select(data_key.c.wrapped)
    found = await store.database.read(lambda connection: connection.scalars(query).all())
    return sorted(version_of(wrapped) for wrapped in found)


def without(folder: Path, *names: str) -> Path:
    """The same keys on another machine, but for these files."""
    there = folder.with_name(IDS.identifier())
    shutil.copytree(folder, there)
    for name in names:
        (there / name).unlink()
    return there
