"""The master key is rotated while documents come and are read, on each engine."""

import asyncio
from pathlib import Path

import pytest
from laid import lay
from rotation_house import (
    ACT,
    all_open,
    deposits,
    prepare,
    process,
    rotate,
    steps,
    versions,
    without,
)
from sqlalchemy import func, select, update
from store_house import OID, identity, intake
from structlog.testing import capture_logs

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.records.intake.filing import Answer, IdentityChange
from gateway.records.intake.finding import Verdict
from gateway.records.patients.patient import PatientKey
from gateway.store import KeyFileError, Keys
from gateway.store.engine.engines import writing_engine
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.masters import rotation
from gateway.store.keys.masters.rotation import KeyRotation, forget_former
from gateway.store.schema import data_key

NEW = b"somebody who is new here"[:16]


@pytest.fixture
def folder(url: str, ids: SystemIds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The keys of a gateway whose database is empty; a rotation takes two data keys a step."""
    lay(url)
    monkeypatch.setattr(rotation, "STEP", 2)
    Keys.create(tmp_path / "keys", ids)
    return tmp_path / "keys"


async def test_documents_come_and_are_read_while_the_key_is_rotated(url: str, folder: Path) -> None:
    async with process(url, folder) as daemon:
        sent = await deposits(daemon, range(1, 6))
        prepare(folder)
        async with process(url, folder) as command:
            coming = asyncio.create_task(deposits(daemon, range(6, 16)))
            async for _ in steps(command, 2):
                async with process(url, folder) as other:
                    assert await all_open(other, sent)
            sent += await coming
            assert set(await versions(command)) == {2}
        sent += await deposits(daemon, range(16, 18))
        assert await all_open(daemon, sent)
    alone = without(folder, "master.key")
    async with process(url, alone) as store:
        assert await all_open(store, sent)
        assert await all_open(store, await deposits(store, [20]))
        assert set(await versions(store)) == {2}
        patient = store.keys.patient_key(OID, identity(3).ins or "")
        assert await store.shelf.cards(patient)
        assert (await store.log_reader.stretch(since=1, limit=99)).altered == ()


@pytest.mark.parametrize("done", range(5))
async def test_a_rotation_that_ends_after_any_step_is_gone_on_with_by_another_process(
    url: str, folder: Path, done: int
) -> None:
    async with process(url, folder) as first:
        sent = await deposits(first, range(1, 6))
        prepare(folder)
        broken_off = steps(first, 2)
        for _ in range(done):
            assert await anext(broken_off) != "finished"
        await broken_off.aclose()
    for name in ("master.key", "master-2.key") if done else ():
        with pytest.raises(KeyFileError, match=f"{name} is missing: restore it"):
            async with process(url, without(folder, name)):
                pass
    async with process(url, folder) as second:
        assert await all_open(second, sent)
        await rotate(second, 2)
        assert set(await versions(second)) == {2}
    (folder / "master.key").unlink()
    async with process(url, folder) as third:
        assert await all_open(third, sent)


async def test_who_makes_a_data_key_holds_its_version_until_the_commit(
    url: str, folder: Path
) -> None:
    prepare(folder)
    engine = writing_engine(url)
    async with process(url, folder) as store:
        with engine.connect() as connection, connection.begin():
            Keyring(store.keys, store.database.keyring.ids).sealing(connection, [NEW])
            beginning = asyncio.create_task(KeyRotation(store.database).begin(2, act=ACT))
            assert not (await asyncio.wait([beginning], timeout=0.3))[0]
        assert await beginning
        assert await versions(store) == [1, 2]  # of the desk, whose log the act stands in
        await rotate(store, 2)
        assert await versions(store) == [2, 2]
    engine.dispose()


async def test_a_node_without_the_new_key_puts_off_and_says_which_until_it_has_it(
    url: str, folder: Path
) -> None:
    elsewhere = without(folder)
    async with process(url, elsewhere) as node, process(url, folder) as here:
        [sent] = await deposits(here, [1])
        prepare(folder)
        async with process(url, folder) as command:
            await rotate(command, 2)
        with capture_logs() as logs, pytest.raises(DeferredError):
            await node.journal.raw(sent.receipt)
        assert logs[-1]["code"] == "master-2.key is missing: restore it from its own backup"
        with pytest.raises(DeferredError):
            await deposits(node, [2])
        (elsewhere / "master-2.key").write_bytes(b"x" * 32)
        (elsewhere / "master-2.key").chmod(0o600)
        with capture_logs() as logs, pytest.raises(DeferredError):
            await deposits(node, [2])
        assert "master-2.key is another one" in logs[-1]["code"]
        (elsewhere / "master-2.key").write_bytes((folder / "master-2.key").read_bytes())
    async with process(url, elsewhere) as node:
        assert await all_open(node, [sent])
        assert await all_open(node, await deposits(node, [2]))


async def test_who_needs_the_missing_key_is_put_off_and_no_neighbour_is(
    url: str, folder: Path, ids: SystemIds
) -> None:
    async with process(url, without(folder)) as node, process(url, folder) as here:
        await deposits(node, [1])
        [known] = await deposits(here, [2])
        again = intake(ids, 40, serial=4, verdict=Verdict.HOLD)
        await here.journal.file(again)
        key = here.keys.patient_key(OID, identity(2).ins or "")
        change = IdentityChange(key=key, identity=identity(2), qualified=True)
        await here.people.change_identity(change)
        prepare(folder)
        async with process(url, folder) as command:
            await rotate(command, 2)
        coming = [*(intake(ids, 10 + serial, serial=serial) for serial in (1, 2, 3)), again]
        filing = [node.journal.file(one) for one in coming]
        first, *others = await asyncio.gather(*filing, return_exceptions=True)
        assert isinstance(first, Answer)
        assert [type(one) for one in others] == [DeferredError] * 3
        assert await here.journal.receipt(coming[1].receipt) is None
        with pytest.raises(DeferredError):
            await node.people.change_identity(change)
        with pytest.raises(DeferredError):
            await node.journal.raw(known.receipt)
        assert await all_open(here, [coming[0]])


async def test_a_damaged_data_key_stays_as_it_is_and_stops_no_other(url: str, folder: Path) -> None:
    prepare(folder)
    async with process(url, folder) as store:
        sent = await deposits(store, [1, 2, 3])
        patient = PatientKey(store.keys.patient_key(OID, identity(2).ins or ""))
        spoiled = update(data_key).where(data_key.c.patient == patient).values(wrapped=bytes(40))
        await store.database.write(lambda connection: connection.execute(spoiled).rowcount)
        rotating, after, damaged = KeyRotation(store.database), None, 0
        await rotating.begin(2, act=ACT)
        while (stretch := await rotating.rewrap(2, after=after)).last is not None:
            after, damaged = stretch.last, damaged + stretch.damaged
        assert damaged == 1
        assert (await rotating.standing()).counts == {1: 1, 2: len(await versions(store)) - 1}
    async with process(url, folder) as store:
        assert await all_open(store, [sent[0], sent[2]])


async def test_a_second_rotation_begun_beside_the_first_leaves_nothing_behind(
    url: str, folder: Path
) -> None:
    async with process(url, folder) as first:
        sent = await deposits(first, range(1, 8))
        prepare(folder)
        prepare(folder, 3)
        earlier = steps(first, 2)
        await anext(earlier)
        async with process(url, folder) as second:
            async for _ in steps(second, 3):
                await anext(earlier, None)
            assert set(await versions(second)) == {3}
            assert (await KeyRotation(second.database).standing()).known == [3]
    async with process(url, without(folder, "master.key", "master-2.key")) as store:
        assert await all_open(store, sent)


async def test_what_was_wrapped_before_is_in_no_file_of_the_database(
    url: str, folder: Path, tmp_path: Path
) -> None:
    query = select(data_key.c.wrapped)
    async with process(url, folder) as store:
        await deposits(store, range(1, 5))
        before = await store.database.read(lambda c: c.scalars(query).all())
        assert all(_stands(url, tmp_path, one) for one in before)
        prepare(folder)
        await rotate(store, 2)
        assert forget_former(url)
        assert not any(_stands(url, tmp_path, one) for one in before)
        now = await store.database.read(lambda c: c.scalars(query).all())
        assert all(_stands(url, tmp_path, one) for one in now)


def _stands(url: str, tmp_path: Path, wrapped: bytes) -> bool:
    """Of PostgreSQL, in the file of the table; its WAL is the server's own."""
    if url.startswith("sqlite"):
        return any(wrapped in file.read_bytes() for file in tmp_path.glob("gateway.sqlite3*"))
    engine = writing_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        base = connection.exec_driver_sql("SHOW data_directory").scalar_one()
        file = connection.scalar(select(func.pg_relation_filepath("data_key")))
    engine.dispose()
    return wrapped in (Path(base) / str(file)).read_bytes()
