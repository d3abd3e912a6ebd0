"""`gateway backup` beside a running gateway, and `gateway restore` into an empty place."""

import json
import shutil
from pathlib import Path

import pytest
from place import OTHER_INS, Place, cda

from gateway.store import Store


def moved(place: Place, name: str = "other") -> Place:
    """The same gateway on a new machine: its file and its keys, no database yet."""
    here = place.config.parent
    other = here.with_name(name)
    other.mkdir()
    shutil.copytree(here / "keys", other / "keys")
    shutil.copy(place.config, other)
    return Place(other / "gateway.toml")


def test_a_backup_is_restored_elsewhere_with_its_documents(
    sqlite_place: Place, tmp_path: Path
) -> None:
    place, copy = sqlite_place, tmp_path / "copy"
    place.open_space()
    filed = place.deposit(cda(1))

    async def beside(_store: Store) -> None:
        place.done("backup", str(copy))

    place.inside(beside)
    elsewhere = moved(place)
    elsewhere.done("restore", str(copy))
    elsewhere.done("replay", filed.receipt, "--dry-run")
    elsewhere.done("audit", "verify")
    assert "there is a database already" in elsewhere.fails("restore", str(copy), status=2)


def test_a_backup_is_refused_where_something_stands(place: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "letter").touch()
    assert "not empty" in place.fails("backup", str(copy), status=2)
    for none in (copy, copy / "letter", tmp_path / "nowhere"):
        assert "holds no backup" in place.fails("restore", str(none), status=2)


def test_a_restore_is_refused_into_a_place_in_use(place: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    place.done("backup", str(copy))
    assert "into an empty" in place.fails("restore", str(copy), status=2)


@pytest.mark.parametrize("name", ["data-keys.jsonl", "*"])
def test_a_backup_that_is_not_whole_leaves_the_place_empty(
    place: Place, name: str, tmp_path: Path
) -> None:
    place.open_space()
    place.deposit(cda(1))
    copy = tmp_path / "copy"
    place.done("backup", str(copy))
    others = [one for one in copy.iterdir() if one.suffix not in (".json", ".jsonl")]
    (others[0] if name == "*" else copy / name).unlink()
    elsewhere = moved(place)
    assert "is missing" in elsewhere.fails("restore", str(copy), status=2)
    assert not (elsewhere.config.parent / "gateway.db").exists()


def test_keys_that_do_not_come_back_are_said(sqlite_place: Place, tmp_path: Path) -> None:
    place, copy = sqlite_place, tmp_path / "copy"
    place.open_space()
    place.deposit(cda(1))
    place.open_space(OTHER_INS)
    place.done("backup", str(copy))
    file = copy / "data-keys.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    all_of_them = len(lines)
    assert f"{all_of_them} of {all_of_them} keys\n" in moved(place, "a").done("restore", str(copy))
    file.write_text("".join(lines[:-1]))
    said = moved(place, "b").done("restore", str(copy))
    assert f"{all_of_them - 1} of {all_of_them} keys: 1 person is erased" in said
    file.write_text("".join([*lines[:-1], f" {lines[-1]}"]))
    assert "of another file" in moved(place, "c").done("restore", str(copy))
    about = json.loads((copy / "backup.json").read_text())
    del about["keys"], about["keys_sha256"]
    (copy / "backup.json").write_text(json.dumps(about))
    assert "does not say" in moved(place, "d").done("restore", str(copy))


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_a_restore_is_refused_beside_what_is_left_of_another_database(
    sqlite_place: Place, tmp_path: Path, end: str
) -> None:
    copy = tmp_path / "copy"
    sqlite_place.done("backup", str(copy))
    elsewhere = moved(sqlite_place)
    left = elsewhere.config.parent / f"gateway.db{end}"
    left.write_bytes(b"of an earlier database")
    assert f"{left} is of an earlier database" in elsewhere.fails("restore", str(copy), status=2)
    left.unlink()
    elsewhere.done("restore", str(copy))


def test_a_try_that_was_killed_is_repeated(sqlite_place: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    sqlite_place.done("backup", str(copy))
    elsewhere = moved(sqlite_place)
    for end in ("", "-journal", "-wal"):
        (elsewhere.config.parent / f".gateway.db.restoring{end}").write_bytes(b"half")
    elsewhere.done("restore", str(copy))
    elsewhere.done("audit", "verify")


def test_a_copy_of_which_one_byte_changed_is_not_restored(place: Place, tmp_path: Path) -> None:
    """In the middle of a document no engine looks: its patient would be the first to see it."""
    place.open_space()
    place.deposit(cda(1))
    copy = tmp_path / "copy"
    place.done("backup", str(copy))
    others = [one for one in copy.iterdir() if one.suffix not in (".json", ".jsonl")]
    largest = max(others, key=lambda one: one.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)
    elsewhere = moved(place)
    told = elsewhere.fails("restore", str(copy), status=2)
    assert told == f"{largest.name} of the backup is damaged: take another backup\n"
    assert not (elsewhere.config.parent / "gateway.db").exists()


def test_a_damaged_copy_of_before_is_not_restored(sqlite_place: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    sqlite_place.open_space()
    sqlite_place.deposit(cda(1))
    sqlite_place.done("backup", str(copy))
    about = json.loads((copy / "backup.json").read_text())
    del about["sha256"]
    (copy / "backup.json").write_text(json.dumps(about))
    file = copy / "gateway.sqlite3"
    pages = bytearray(file.read_bytes())
    for page in range(4_096, len(pages) - 4_096, 4_096):
        pages[page : page + 64] = b"\xff" * 64
    file.write_bytes(pages)
    elsewhere = moved(sqlite_place)
    assert "the backup is damaged" in elsewhere.fails("restore", str(copy), status=2)
    assert not (elsewhere.config.parent / "gateway.db").exists()


@pytest.mark.parametrize("damage", ["", "{}", "[1]", "no json"])
def test_a_backup_that_does_not_say_what_it_is_is_refused(
    place: Place, tmp_path: Path, damage: str
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "backup.json").write_text(damage)
    assert "backup.json" in place.fails("restore", str(copy), status=2)
