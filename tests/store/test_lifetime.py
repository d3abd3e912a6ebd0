"""The schema goes up, backups come back, keys guard what they must, nothing is readable."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from store_house import (
    FAMILY,
    NOW,
    OID,
    TITLE,
    FixedClock,
    PlainJudge,
    identity,
    intake,
    put_into,
)

from gateway.clock import SystemIds
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState, Login
from gateway.records.words import distinct, fold
from gateway.store import KeyFileError, Keys, Store, backup, migrate, open_store, restore
from gateway.store.backups.files import BackupError
from gateway.store.engine.engines import writing_engine
from gateway.store.migrating import schema_is_current, upgrade
from gateway.store.schema import metadata


def test_an_empty_database_comes_to_the_schema_of_the_code(url: str) -> None:
    assert not schema_is_current(url)
    migrate(url)
    migrate(url)
    assert schema_is_current(url)
    engine = writing_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_previous_database_comes_up_with_its_rows(url: str) -> None:
    migrate(url, to="0001")
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO task (id, kind, subject, sealed, created_at, due_at, attempts)"
            " VALUES (1, 'notice', 's', '', 0, 5, 0)"
        )
    migrate(url)
    with engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT due_at, reason FROM task").one()
    engine.dispose()
    assert tuple(row) == (5, None)
    assert schema_is_current(url)


async def test_a_backup_made_under_way_is_restored_with_its_keys(
    store: Store, ids: SystemIds, keys: Keys, judge: PlainJudge, tmp_path: Path, url: str
) -> None:
    work = [intake(ids, n, serial=n) for n in range(1, 6)]
    await asyncio.gather(*(store.journal.file(one) for one in work))
    await asyncio.to_thread(backup, url, tmp_path / "copy")
    if not url.startswith("sqlite"):
        with pytest.raises(BackupError):
            restore(tmp_path / "copy", url)
        return
    target = f"sqlite:///{tmp_path}/new/gateway.sqlite3"
    restore(tmp_path / "copy", target)
    again = open_store(target, keys=keys, judge=judge, clock=FixedClock())
    assert [await again.journal.raw(one.receipt) for one in work] == [one.raw for one in work]
    await again.close()


async def test_a_postgresql_backup_fills_an_empty_database(
    postgresql_url: str, keys: Keys, judge: PlainJudge, ids: SystemIds, tmp_path: Path
) -> None:
    migrate(postgresql_url)
    store = open_store(postgresql_url, keys=keys, judge=judge, clock=FixedClock())
    sent = intake(ids)
    await store.journal.file(sent)
    await store.close()
    backup(postgresql_url, tmp_path / "copy")
    engine = writing_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    restore(tmp_path / "copy", postgresql_url)
    again = open_store(postgresql_url, keys=keys, judge=judge, clock=FixedClock())
    assert await again.journal.raw(sent.receipt) == sent.raw
    await again.journal.file(intake(ids, 2))
    assert (await again.log_reader.stretch(since=1, limit=9)).altered == ()
    await again.close()


async def test_a_backup_whose_schema_changed_meanwhile_does_not_say_that_it_is_whole(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Its tables would be of the new schema, and come back into the old one never."""
    migrate(postgresql_url, to="0026")
    engine = writing_engine(postgresql_url)
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with engine.connect() as watching, engine.connect() as migrating:
        upgrade(migrating, "head")
        copying = asyncio.create_task(asyncio.to_thread(backup, postgresql_url, tmp_path / "copy"))
        async with asyncio.timeout(60):
            while not watching.exec_driver_sql(waiting).scalar():  # noqa: ASYNC110 - a server tells no event
                await asyncio.sleep(0.01)
        migrating.commit()
        with pytest.raises(BackupError, match="take another backup"):
            await copying
    engine.dispose()
    assert list((tmp_path / "copy").iterdir()) == []


async def test_nothing_about_a_person_is_readable_in_the_files(
    tmp_path: Path, keys: Keys, judge: PlainJudge, ids: SystemIds
) -> None:
    url = f"sqlite:///{tmp_path}/gateway.sqlite3"
    migrate(url)
    judge.learns = True
    store = open_store(url, keys=keys, judge=judge, clock=FixedClock())
    await store.journal.file(intake(ids))
    patient = keys.patient_key(OID, identity().ins or "")
    login = Login(patient=patient, login="zeb.login", password_hash="$argon2", email="z@ex.fr")
    await store.people.add_login(login)
    assert await store.people.login("zeb.login") == login
    files = _contents(tmp_path, "gateway.sqlite3*")
    await store.close()
    await asyncio.to_thread(backup, url, tmp_path / "copy")
    files += _contents(tmp_path / "copy", "*")
    traits = (FAMILY, "Zoltan", TITLE, "KALEID", "YGGDRASILL", "matoch", "Biochimie", "OBX|1")
    for text in (*traits, identity().ins or "", "IPP1", "zeb.login", "z@ex.fr", "899700000001"):
        assert not any(text.encode() in data for data in files), text


async def test_wrapped_keys_are_in_a_file_of_their_own(
    tmp_path: Path, keys: Keys, judge: PlainJudge, ids: SystemIds
) -> None:
    url = f"sqlite:///{tmp_path}/gateway.sqlite3"
    migrate(url)
    store = open_store(url, keys=keys, judge=judge, clock=FixedClock())
    await store.journal.file(intake(ids))
    await store.close()
    backup(url, tmp_path / "copy")
    lines = (tmp_path / "copy" / "data-keys.jsonl").read_text().splitlines()
    wrapped = [bytes.fromhex(line.split('"')[3]) for line in lines]
    copy = (tmp_path / "copy" / "gateway.sqlite3").read_bytes()
    assert wrapped
    assert not any(one in copy for one in wrapped)


def test_a_missing_or_open_key_file_stops_the_start(tmp_path: Path, ids: SystemIds) -> None:
    with pytest.raises(KeyFileError, match=r"master\.key is missing"):
        Keys.load(tmp_path)
    Keys.create(tmp_path, ids)
    with pytest.raises(KeyFileError, match="kept"):
        Keys.create(tmp_path, ids)
    (tmp_path / "index.key").chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        Keys.load(tmp_path)
    assert "***" in repr(Keys(master=bytes(32), index=bytes(32)))


async def test_a_persons_state_and_traits_are_kept_and_found(store: Store) -> None:
    one = identity()
    patient = store.keys.patient_key(OID, one.ins or "")
    change = IdentityChange(key=patient, identity=one, qualified=True, state=AccountState.ACTIVE)
    await store.people.change_identity(change)
    person = await store.people.person(patient)
    assert person is not None
    assert person.state is AccountState.ACTIVE
    await put_into(store, patient, AccountState.CLOSED)
    other = identity(2, birth_given="Zoé")
    assert [found.key for found in await store.people.persons_like(other)] == [patient]
    assert await store.people.persons_like(identity(2, birth_date="1971-01-01")) == []
    assert NOW.tzinfo is not None


def test_words_fold_without_accents_and_without_signs() -> None:
    assert fold("Hémoglobine, ÉLEVÉE: (12)") == "hemoglobine elevee 12"
    assert fold("ABC-def/9") == "abc def 9"
    assert distinct("a b A ç c") == "a b c"


def _contents(folder: Path, pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in folder.glob(pattern) if path.is_file()]
