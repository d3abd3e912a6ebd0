"""Every command is there, loads only what it needs, and says its errors in one line."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from place import NOTHING, Place, Said, cda, command

from gateway.cli import COMMANDS
from gateway.clock import SystemIds
from gateway.store import Keys

NAMES = {*(one.replace("_", "-") for one in COMMANDS), "restore"}
HEAVY = ("sqlalchemy", "alembic", "aiohttp", "fhir")
WITH_STORE = [
    ("identity", "list"),
    ("identity", "show", NOTHING),
    ("replay", NOTHING),
    ("pack", NOTHING, "--xdm", "out.zip"),
    ("sender", "list"),
    ("audit", "verify"),
    ("task", "list", "--receipt", NOTHING),
]


def test_help_names_every_command_and_loads_no_library_of_the_store() -> None:
    program = (
        "import sys; from gateway.cli import parser_for; parser_for(None).print_help();"
        f"sys.exit(any(name in sys.modules for name in {HEAVY!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {line.split()[0] for line in done.stdout.splitlines() if line[:4].isspace()} >= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_command_has_its_own_help(name: str) -> None:
    status, out, _ = command(name, "--help")
    assert (status, name in out) == (0, True)


def one_line(said: Said, status: int) -> str:
    assert (said.status, said.out, said.err.count("\n")) == (status, "", 1)
    return said.err


@pytest.mark.parametrize("words", [*WITH_STORE, ("migrate",), ("backup", "copy")])
def test_a_database_that_is_away_is_said(
    sqlite_place: Place, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sqlite_place.config
    monkeypatch.chdir(file.parent)
    away = 'url = "postgresql://nobody@127.0.0.1:1/none"'
    file.write_text(file.read_text().replace('# url = "sqlite:///gateway.db"', away))
    said = one_line(sqlite_place.command(*words), 3)
    assert "cannot be reached" in said
    assert "127.0.0.1" in said


@pytest.mark.parametrize("words", WITH_STORE)
def test_a_missing_key_a_missing_schema_and_no_database_are_said(
    sqlite_place: Place, words: tuple[str, ...]
) -> None:
    folder = sqlite_place.config.parent
    (folder / "keys" / "index.key").rename(folder / "index.key")
    assert "index.key is missing" in one_line(sqlite_place.command(*words), 2)
    (folder / "gateway.db").unlink()
    said = one_line(sqlite_place.command(*words), 2)
    assert f"there is no database at {folder / 'gateway.db'}: restore a backup, or" in said
    assert "gateway migrate" in said
    assert not (folder / "gateway.db").exists()
    (folder / "gateway.db").write_bytes(b"a letter to my aunt" * 100)
    assert "no database" in one_line(sqlite_place.command(*words), 3)


@pytest.mark.parametrize("words", [*WITH_STORE, ("migrate",)])
def test_a_database_of_a_later_gateway_sends_nobody_to_migrate(
    sqlite_place: Place, words: tuple[str, ...]
) -> None:
    file = sqlite_place.config.parent / "gateway.db"
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    said = one_line(sqlite_place.command(*words), 2)
    assert said == "the schema 9999 is of a later gateway: install that one\n"


def test_keys_of_another_gateway_are_said(place: Place) -> None:
    place.open_space()
    filed = place.deposit(cda(1))
    keys = place.config.parent / "keys"
    keys.rename(keys.with_name("old"))
    Keys.create(keys, SystemIds())
    said = place.command("replay", filed.receipt)
    assert "the keys do not open this database" in one_line(said, 2)


@pytest.mark.parametrize("name", ["index.key", "master.key"])
@pytest.mark.parametrize("words", [("sender", "list"), ("identity", "list")])
def test_a_key_of_another_gateway_stops_every_start(
    sqlite_place: Place, words: tuple[str, ...], name: str
) -> None:
    (sqlite_place.config.parent / "keys" / name).write_bytes(bytes(32))
    said = one_line(sqlite_place.command(*words), 2)
    assert said.startswith("the keys do not open this database")
    assert name in said


def test_the_tasks_of_a_receipt_that_nobody_knows_are_no_empty_list(place: Place) -> None:
    for more in ((), ("--json",)):
        said = place.command("task", "list", "--receipt", "nope", *more)
        assert "no receipt or document nope" in one_line(said, 1)
    place.open_space()
    place.done("task", "list", "--receipt", place.deposit(cda(1)).receipt)


@pytest.mark.parametrize(
    "words",
    [
        ("--config", "none.toml", "--data", "x"),
        ("--config", "none.toml", "--patients", "3"),
        ("--config", "none.toml", "--workers", "0"),
        ("--demo", "--patients", "-1"),
        ("--demo", "--workers", "2"),
    ],
)
def test_an_option_of_serve_that_would_be_passed_over_is_refused(words: tuple[str, ...]) -> None:
    assert words[2 if words[0] == "--config" else 1] in one_line(command("serve", *words), 2)


def test_a_reader_who_has_seen_enough_is_no_error(sqlite_place: Place) -> None:
    """Gone before the first line, which is still in the buffer when the command has ended."""
    words = [sys.executable, "-m", "gateway", "audit", "verify", "--config"]
    gone, ours = os.pipe()
    os.close(gone)
    with os.fdopen(ours, "wb") as stdout:
        done = subprocess.run(
            [*words, str(sqlite_place.config)],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "")


def test_migrate_says_from_where_to_where_and_may_be_run_again(sqlite_place: Place) -> None:
    (sqlite_place.config.parent / "gateway.db").unlink()
    assert sqlite_place.done("migrate").startswith("schema none → 0")
    assert "nothing to do" in sqlite_place.done("migrate")


def test_the_store_of_a_demo_is_reached_by_its_folder(tmp_path: Path) -> None:
    from gateway.daemon.demo.furnish import prepare
    from gateway.settings import demo_settings

    prepare(demo_settings(tmp_path))
    assert command("sender", "list", "--data", str(tmp_path)).status == 0
    status, _, err = command("identity", "list", "--data", str(tmp_path / "none"))
    assert (status, "no folder" in err) == (2, True)
