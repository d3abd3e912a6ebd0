"""One store, on every engine we claim."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from laid import lay
from mail_house import Post
from store_house import FixedClock, PlainJudge
from ward_house import Ward
from writer_house import Writers, writer_of

from gateway.clock import SystemIds
from gateway.flows.filing import FilingJudge
from gateway.store import Keys, Store, open_store
from gateway.store.engine.writer import FileGroup, Writer

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/gateway.sqlite3"
    is_laid = {"store", "ward"} & set(request.fixturenames)
    address: str = request.getfixturevalue("postgresql_address" if is_laid else "postgresql_url")
    return address


@pytest.fixture
def ids() -> SystemIds:
    return SystemIds()


@pytest.fixture
def keys(tmp_path: Path, ids: SystemIds) -> Keys:
    return Keys.create(tmp_path / "keys", ids)


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> PlainJudge:
    return PlainJudge(keys, ids)


@pytest.fixture
async def store(url: str, keys: Keys, judge: PlainJudge) -> AsyncIterator[Store]:
    lay(url)
    opened = open_store(url, keys=keys, judge=judge, clock=FixedClock())
    yield opened
    await opened.close()


@pytest.fixture
async def ward(url: str, keys: Keys, ids: SystemIds) -> AsyncIterator[Ward]:
    """A store with the real judge."""
    lay(url)
    clock = FixedClock()
    opened = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=clock)
    yield Ward(opened, clock)
    await opened.close()


@pytest.fixture
async def post(ward: Ward) -> Post:
    """The boxes of patients, one of them open."""
    house = Post(ward.store, ward.clock)
    await house.open()
    return house


@pytest.fixture
async def writers(url: str, keys: Keys, ids: SystemIds) -> AsyncIterator[Writers]:
    """Makes a writer; each is stopped at the end of the test."""
    lay(url)
    made: list[Writer] = []

    def make(file_group: FileGroup) -> Writer:
        made.append(writer_of(url, keys, ids, file_group))
        return made[-1]

    yield make
    for one in made:
        assert await asyncio.to_thread(one.stop, patience_seconds=5)
