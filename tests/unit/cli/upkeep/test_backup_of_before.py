"""A backup that has no SHA-256 of its files: what can be checked is, and the rest is said."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from place import Place, cda

FILE = "gateway.sqlite3"


@pytest.fixture
def copy(sqlite_place: Place, tmp_path: Path) -> Path:
    """As a gateway wrote it before it kept a list of SHA-256."""
    folder = tmp_path / "copy"
    sqlite_place.open_space()
    sqlite_place.deposit(cda(1))
    sqlite_place.done("backup", str(folder))
    about = json.loads((folder / "backup.json").read_text())
    del about["sha256"]
    (folder / "backup.json").write_text(json.dumps(about))
    return folder


def emptied(place: Place) -> Place:
    (place.config.parent / "gateway.db").unlink()
    return place


def cut_in_its_last_page(file: Path) -> None:
    """The end of a body that lies over several pages: SQLite reads what is missing as zeros, and
    finds nothing wrong."""
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE large (body BLOB)")
    database.execute("INSERT INTO large VALUES (randomblob(20000))")
    database.commit()
    database.close()
    file.write_bytes(file.read_bytes()[:-100])


def cut_to_nothing(file: Path) -> None:
    """An empty file is an empty database to SQLite; so is one without keys."""
    file.write_bytes(b"")
    (file.parent / "data-keys.jsonl").write_bytes(b"")


def longer(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0" * 512)


def of_another_schema(file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.commit()
    database.close()


def broken_index(file: Path) -> None:
    """A row that its index does not know."""
    database = sqlite3.connect(file)
    database.execute("PRAGMA writable_schema = ON")
    database.execute("DELETE FROM sqlite_master WHERE name = 'choice_target'")
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "damage", [cut_in_its_last_page, cut_to_nothing, longer, of_another_schema, broken_index]
)
def test_a_copy_that_is_not_whole_is_refused_before_it_is_put_in_place(
    sqlite_place: Place, copy: Path, damage: Callable[[Path], None]
) -> None:
    damage(copy / FILE)
    elsewhere = emptied(sqlite_place)
    said = elsewhere.fails("restore", str(copy), status=2)
    assert said == f"{FILE} of the backup is damaged: take another backup\n"
    assert [one.name for one in elsewhere.config.parent.glob("*gateway.db*")] == []


def test_a_whole_one_is_restored_and_what_was_not_checked_is_said(
    sqlite_place: Place, copy: Path
) -> None:
    said = emptied(sqlite_place).done("restore", str(copy))
    assert "not checked: the backup is older than the list of SHA-256" in said


def test_of_a_backup_of_today_nothing_is_left_unchecked(
    sqlite_place: Place, tmp_path: Path
) -> None:
    sqlite_place.done("backup", str(tmp_path / "today"))
    assert "not checked" not in emptied(sqlite_place).done("restore", str(tmp_path / "today"))
