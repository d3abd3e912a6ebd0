"""A backup that was broken midway, and a restore of what is damaged: a line, and no half of it."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from configured import gateway
from place import Place, cda

pytestmark = pytest.mark.long

KILLED_IN = """
import os, sys
from gateway.cli import main
import gateway.store.backups.backup
backup, backup_files = (sys.modules["gateway.store.backups." + one] for one in ("backup", "files"))
{}
sys.exit(main(sys.argv[1:]))
"""
BEFORE_ITS_KEYS = "backup._write_keys = lambda path, keys: os._exit(9)"
BEFORE_IT_IS_SAID_WHOLE = "backup_files.sync_folder = lambda folder: os._exit(9)"
FULL = """
import resource, sys
from gateway.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def copy(place: Place, tmp_path: Path) -> Path:
    place.open_space()
    place.deposit(cda(1))
    return tmp_path / "copy"


@pytest.mark.parametrize("killed", [BEFORE_ITS_KEYS, BEFORE_IT_IS_SAID_WHOLE])
def test_a_backup_that_was_killed_is_known_for_what_it_is(
    place: Place, copy: Path, killed: str
) -> None:
    config = ("--config", str(place.config))
    done = gateway("backup", str(copy), *config, program=KILLED_IN.format(killed))
    assert done.returncode == 9
    told = place.fails("restore", str(copy), status=2)
    assert told == f"{copy} holds a backup that was not finished: take another backup\n"
    told = place.fails("backup", str(copy), status=2)
    assert told == f"{copy} holds a backup that was not finished: remove it, or wait\n"
    place.done("backup", f"{copy}-2")
    left = {one.name for one in copy.with_name("copy-2").iterdir()}
    assert {"backup.json", "data-keys.jsonl"} < left
    assert "unfinished" not in left


def test_a_backup_that_found_no_room_leaves_nothing_and_is_tried_again(
    place: Place, copy: Path
) -> None:
    bytes_free = 1_000 if "\nurl = " in place.config.read_text() else 100_000
    line = ("backup", str(copy), "--config", str(place.config))
    done = gateway(*line, program=FULL.format(bytes_free))
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    assert done.stderr.startswith("cannot run: ")
    assert list(copy.iterdir()) == []
    place.done("backup", str(copy))


def emptied(place: Place) -> Place:
    """The same place without its database."""
    text = place.config.read_text()
    (place.config.parent / "gateway.db").unlink()
    if '\nurl = "' in text:
        url = text.partition('\nurl = "')[2].partition('"')[0]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    return place


def of_before(copy: Path) -> None:
    """As a gateway wrote it that kept no SHA-256 of the files."""
    about = json.loads((copy / "backup.json").read_text())
    del about["sha256"]
    (copy / "backup.json").write_text(json.dumps(about))


def shorter(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def garbled(file: Path) -> None:
    file.write_bytes(b"\xff" * file.stat().st_size)


def emptied_file(file: Path) -> None:
    file.write_bytes(b"")


def odd_in_the_middle(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[21:40] = b"\x7f" * 19
    file.write_bytes(content)


@pytest.mark.parametrize("damage", [shorter, garbled, emptied_file, odd_in_the_middle])
def test_a_damaged_copy_of_before_is_a_line_and_leaves_the_place_empty(
    place: Place, copy: Path, damage: Callable[[Path], None]
) -> None:
    place.done("backup", str(copy))
    of_before(copy)
    (file,) = (one for one in copy.iterdir() if one.name in ("patient", "gateway.sqlite3"))
    sound = file.read_bytes()
    damage(file)
    told = emptied(place).fails("restore", str(copy), status=2)
    assert told == f"{file.name} of the backup is damaged: take another backup\n"
    assert not list(place.config.parent.glob("*restoring*"))
    file.write_bytes(sound)
    place.done("restore", str(copy))
    place.done("audit", "verify")


def test_a_key_that_stands_twice_in_its_file_is_no_traceback(place: Place, copy: Path) -> None:
    place.done("backup", str(copy))
    file = copy / "data-keys.jsonl"
    file.write_bytes(file.read_bytes() * 2)
    told = emptied(place).fails("restore", str(copy), status=2)
    assert told == "data-keys.jsonl is damaged: bring it from its own backup\n"
    assert not list(place.config.parent.glob(".gateway*"))


def test_a_backup_of_a_later_gateway_is_refused_before_anything_is_filled(
    place: Place, copy: Path
) -> None:
    place.done("backup", str(copy))
    about = json.loads((copy / "backup.json").read_text()) | {"schema": "9999"}
    (copy / "backup.json").write_text(json.dumps(about))
    told = emptied(place).fails("restore", str(copy), status=2)
    assert told == "the backup is of a later gateway (9999): install that one\n"
    assert not (place.config.parent / "gateway.db").exists()
