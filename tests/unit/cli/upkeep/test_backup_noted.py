"""What the desk knows of backups, of those that were tried, and of the log that was verified."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from earlier_schema import back_to_0039
from place import Place, cda, command
from sqlalchemy import Connection

from gateway.records.health import Deed, Upkept
from gateway.store import Store

NOT_NOTED = "this could not be noted for the desk"


def kept(place: Place) -> Mapping[Deed, Upkept]:
    async def asked(store: Store) -> Mapping[Deed, Upkept]:
        return await store.upkeep.kept()

    return place.inside(asked)


def begun(copy: Path) -> datetime:
    """When a backup was, as it says itself."""
    return datetime.fromisoformat(json.loads((copy / "backup.json").read_bytes())["at"])


@pytest.fixture
def copy(place: Place, tmp_path: Path) -> Path:
    """A backup of a place with one document."""
    place.open_space()
    place.deposit(cda(1))
    folder = tmp_path / "copy"
    assert kept(place) == {}
    said = place.command("backup", str(folder))
    assert (said.status, said.err) == (0, "")
    return folder


def test_a_backup_is_noted_where_every_node_reads_it(place: Place, copy: Path) -> None:
    first = kept(place)
    assert first == {Deed.BACKUP: Upkept(deed=Deed.BACKUP, at=begun(copy))}
    again = copy.with_name("again")
    place.done("backup", str(again))
    assert kept(place)[Deed.BACKUP].at == begun(again) > begun(copy)


def test_a_backup_that_fails_is_not_noted(place: Place, copy: Path) -> None:
    before = kept(place)
    place.fails("backup", str(copy), status=2)
    assert kept(place) == before


def test_what_is_restored_knows_the_backup_that_it_came_from(
    sqlite_place: Place, tmp_path: Path
) -> None:
    """The copy was made before it could be noted in it."""
    for name in ("first", "second"):
        sqlite_place.done("backup", str(tmp_path / name))
    here = sqlite_place.config.parent
    there = here.with_name("other")
    there.mkdir()
    shutil.copytree(here / "keys", there / "keys")
    elsewhere = Place(Path(shutil.copy(sqlite_place.config, there)))
    elsewhere.done("restore", str(tmp_path / "second"))
    assert kept(elsewhere) == {Deed.BACKUP: Upkept(deed=Deed.BACKUP, at=begun(tmp_path / "second"))}


@pytest.fixture
def trial(place: Place, request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """How a restore is tried on this engine."""
    if "\nurl = " not in place.config.read_text():
        yield ["--try"]
        return
    server, name = request.getfixturevalue("postgresql_server"), "tried"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield ["--try", server.replace("/postgres?", f"/{name}?")]
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_backup_is_tried_and_noted_and_the_house_stays_as_it_is(
    place: Place, copy: Path, trial: list[str]
) -> None:
    beside = sorted(place.config.parent.iterdir())
    filed = place.deposit(cda(2))
    said = place.done("restore", str(copy), *trial)
    assert "came back" in said
    tried = kept(place)[Deed.RESTORE]
    assert (tried.faults, tried.of) == (0, begun(copy))
    assert f"with it {tried.size} entries of the log; 0 faults" in said
    assert tried.size > 0
    assert sorted(place.config.parent.iterdir()) == beside
    assert place.done("replay", filed.receipt, "--dry-run")


def test_what_a_killed_trial_left_is_taken_away_by_the_next(
    sqlite_place: Place, tmp_path: Path
) -> None:
    sqlite_place.done("backup", str(tmp_path / "copy"))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    left = sqlite_place.config.parent / f".restore-try-{ended.pid}-abc"
    left.mkdir()
    (left / "gateway.db").write_bytes(b"half a copy")
    sqlite_place.done("restore", str(tmp_path / "copy"), "--try")
    assert not list(sqlite_place.config.parent.glob(".restore-try-*"))


def test_a_backup_that_does_not_come_back_is_noted_as_such(
    place: Place, copy: Path, trial: list[str]
) -> None:
    (copy / "data-keys.jsonl").write_text("no key\n")
    assert "is damaged" in place.fails("restore", str(copy), *trial, status=2)
    tried = kept(place)[Deed.RESTORE]
    assert (tried.faults, tried.of) == (1, None)


def test_a_folder_without_a_backup_is_no_trial(place: Place, copy: Path, trial: list[str]) -> None:
    place.fails("restore", str(copy.with_name("nowhere")), *trial, status=2)
    assert Deed.RESTORE not in kept(place)


def test_a_backup_of_another_house_is_not_opened_by_our_keys(
    sqlite_place: Place, tmp_path: Path
) -> None:
    assert command("init", str(tmp_path / "stranger")).status == 0
    stranger = Place(tmp_path / "stranger" / "gateway.toml")
    stranger.open_space()
    stranger.deposit(cda(1))
    stranger.done("backup", str(tmp_path / "copy"))
    told = sqlite_place.fails("restore", str(tmp_path / "copy"), "--try", status=2)
    assert "the keys do not open this database" in told
    assert kept(sqlite_place)[Deed.RESTORE].faults == 1


@pytest.mark.postgresql
def test_where_a_server_has_the_database_the_place_of_the_trial_is_asked(
    sqlite_place: Place, postgresql_url: str, tmp_path: Path
) -> None:
    text = sqlite_place.config.read_text()
    text = text.replace('# url = "sqlite:///gateway.db"', f'url = "{postgresql_url}"')
    sqlite_place.config.write_text(text)
    sqlite_place.done("migrate")
    sqlite_place.done("backup", str(tmp_path / "copy"))
    told = sqlite_place.fails("restore", str(tmp_path / "copy"), "--try", status=2)
    assert "of an empty database" in told
    told = sqlite_place.fails("restore", str(tmp_path / "copy"), "--try", postgresql_url, status=2)
    assert "there are tables already" in told
    assert Deed.RESTORE not in kept(sqlite_place)


@pytest.mark.postgresql
def test_a_backup_of_a_server_that_only_lets_read_is_whole_and_says_what_is_not_noted(
    sqlite_place: Place, postgresql_url: str, tmp_path: Path
) -> None:
    text = sqlite_place.config.read_text()
    text = text.replace('# url = "sqlite:///gateway.db"', f'url = "{postgresql_url}"')
    sqlite_place.config.write_text(text)
    sqlite_place.done("migrate")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    said = sqlite_place.command("backup", str(tmp_path / "copy"))
    assert (said.status, (tmp_path / "copy" / "backup.json").exists()) == (0, True)
    assert NOT_NOTED in said.err


def test_a_backup_before_a_migration_is_whole_and_says_what_is_not_noted(
    sqlite_place: Place, tmp_path: Path
) -> None:
    def back(connection: Connection) -> None:
        connection.exec_driver_sql("DROP TABLE upkept")
        connection.exec_driver_sql("DROP TABLE activation")
        connection.exec_driver_sql("DROP TABLE opening")
        connection.exec_driver_sql("DROP TABLE tombstone")
        for name in ("closed_at", "deletion_asked_at", "opposed_at"):
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS patient_{name}")
            connection.exec_driver_sql(f"ALTER TABLE patient DROP COLUMN {name}")
        connection.exec_driver_sql("DROP INDEX session_whose_name")
        connection.exec_driver_sql("ALTER TABLE session DROP COLUMN whose_name")
        back_to_0039(connection)
        connection.exec_driver_sql("ALTER TABLE document DROP COLUMN own_label_at")
        connection.exec_driver_sql("ALTER TABLE task DROP COLUMN unsent")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0028'")

    async def older(store: Store) -> None:
        await store.database.write(back)

    sqlite_place.inside(older)
    said = sqlite_place.command("backup", str(tmp_path / "copy"))
    assert (said.status, said.err.count(NOT_NOTED)) == (0, 1)
    sqlite_place.done("migrate")
    assert kept(sqlite_place) == {}


def test_a_log_that_was_verified_by_a_command_is_known_at_the_desk(place: Place) -> None:
    place.open_space()
    place.deposit(cda(1))
    said = place.done("audit", "verify")
    verified = kept(place)[Deed.LOG]
    assert said.startswith(f"size {verified.size}, ")
    assert (verified.faults, verified.size > 0) == (0, True)
