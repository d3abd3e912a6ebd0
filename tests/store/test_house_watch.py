"""The watch on a real store, on every engine: the reason, since when, and what stands beside."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from laid import lay
from sqlalchemy import event
from store_house import NOW, FixedClock, PlainJudge, intake

from gateway import __version__
from gateway.clock import SystemIds
from gateway.daemon.watch import BROKEN, FULL, ONLY_READ, SILENT, Watch
from gateway.errors import DeferredError
from gateway.records.health import BESIDE, Check, Checked
from gateway.store import Keys, Store, open_store
from gateway.store.engine.database import Database
from gateway.store.engine.reserve import Reserve
from gateway.store.engine.waiting import Limits
from gateway.store.migrating import newest_version

LATER = NOW + timedelta(minutes=5)


async def states(watch: Watch) -> dict[Check, Checked]:
    return {one.check: one for one in await watch.checks()}


async def test_a_house_that_is_well_gives_no_reason(store: Store) -> None:
    watch = Watch(store, FixedClock())
    assert await watch() is None
    found = await states(watch)
    assert list(found) == [one for one in Check if one not in BESIDE]
    assert {(one.reason, one.since) for one in found.values()} == {("", NOW)}


async def test_whoever_asks_often_has_nothing_counted(store: Store) -> None:
    """A ping each second, by anybody: what it costs does not grow with what waits."""
    asked: list[str] = []

    def seen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(store.database._reading, "before_cursor_execute", seen)
    assert await Watch(store, FixedClock())() is None
    assert [one for one in asked if "alembic_version" in one]
    assert [one for one in asked if "task" in one or "count(" in one.lower()] == []


@pytest.mark.parametrize(
    ("name", "check", "reason"),
    [
        ("is_broken", Check.STORE, BROKEN),
        ("is_full", Check.DISK, FULL),
        ("is_stuck", Check.COMMITS, SILENT),
    ],
)
async def test_what_is_wrong_is_said_to_both_faces_with_the_minute_it_began(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str, check: Check, reason: str
) -> None:
    clock = FixedClock()
    watch = Watch(store, clock)
    assert await watch() is None
    clock.at = LATER
    monkeypatch.setattr(Database, name, property(lambda _self: True))
    assert await watch() == reason
    clock.at = LATER + timedelta(minutes=1)
    wrong = [one for one in await watch.checks() if one.reason]
    assert wrong == [Checked(check=check, reason=reason, since=LATER)]
    monkeypatch.undo()
    assert await watch() is None
    assert (await states(watch))[check].since == clock.at


async def test_a_database_that_answers_nobody_is_silent(store: Store) -> None:
    watch = Watch(store, FixedClock())
    await store.close()
    assert await watch() == SILENT
    assert (await states(watch))[Check.DATABASE].reason == SILENT


@pytest.fixture
def let_write(url: str) -> Callable[[str], None]:
    """Sets what sessions to come may do; those that are open keep what they were told."""

    def said(on: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            name = connection.info.dbname
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {on}')

    return said


def shut_readers(store: Store) -> None:
    """As a failover does to the sessions of the old server."""
    store.database._reading.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_server_that_only_lets_read_takes_no_documents_until_it_lets_write(
    store: Store, ids: SystemIds, let_write: Callable[[str], None]
) -> None:
    clock = FixedClock()
    watch = Watch(store, clock)
    assert await watch() is None
    let_write("on")
    shut_readers(store)
    clock.at = LATER
    assert await watch() == ONLY_READ
    wrong = [one for one in await watch.checks() if one.reason]
    assert wrong == [Checked(check=Check.WRITABLE, reason=ONLY_READ, since=LATER)]
    with pytest.raises(DeferredError):
        await store.journal.file(intake(ids))
    let_write("off")
    assert await watch() is None


@pytest.mark.postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_what_the_writer_met_is_believed_before_an_older_session(
    store: Store, ids: SystemIds, let_write: Callable[[str], None]
) -> None:
    """The first of two servers went, and what reads has not noticed yet."""
    watch = Watch(store, FixedClock())
    assert await watch() is None
    let_write("on")
    with pytest.raises(DeferredError):
        await store.journal.file(intake(ids))
    assert await watch() == ONLY_READ
    let_write("off")
    assert await watch() is None
    await store.journal.file(intake(ids, 2))
    assert await watch() is None


async def test_the_log_is_told_by_whoever_signs_it_and_keeps_no_deposit_out(store: Store) -> None:
    clock = FixedClock()
    watch = Watch(store, clock)
    watch.note(Check.LOG, is_well=False, reason="entry 4 of the log is missing")
    clock.at = LATER
    watch.note(Check.LOG, is_well=False, reason="entry 3 of the log is missing")
    assert await watch() is None
    log = (await states(watch))[Check.LOG]
    assert (log.reason, log.since) == ("entry 3 of the log is missing", NOW)


async def test_the_versions_are_those_in_force(store: Store, url: str) -> None:
    versions = await store.upkeep.versions()
    assert (versions.gateway, versions.schema) == (__version__, newest_version())
    assert url.startswith(versions.engine)
    assert versions.schema == versions.newest


async def test_of_an_sqlite_file_the_room_left_is_known(
    url: str, keys: Keys, judge: PlainJudge
) -> None:
    lay(url)
    limits = Limits(reserve_bytes=256_000_000)
    kept = open_store(url, keys=keys, judge=judge, clock=FixedClock(), limits=limits)
    disk = kept.upkeep.disk()
    await kept.close()
    if url.startswith("sqlite"):
        assert disk is not None
        assert disk.free > 0
        assert disk.reserve >= 256_000_000
        assert Reserve(url, 0).disk() is not None
        assert not Reserve(url, 0).is_touched()
    else:
        assert disk is None
