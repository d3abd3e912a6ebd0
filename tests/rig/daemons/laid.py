"""A database with the current schema: migrated once a test process, then copied.

What a migration does is tried by its own tests; all others only stand on what it leaves.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from gateway.cli import main
from gateway.store import migrate
from gateway.store.migrating import sqlite_file

PATTERN = "gateway_tests_pattern"


def lay(url: str) -> None:
    """As `migrate(url)` of a database that is not there yet, or has nothing in it."""
    file = sqlite_file(url)
    if file is None:
        _lay_on_server(url)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_pattern_file(), file)


def init(folder: Path) -> Path:
    """As `gateway init FOLDER`, but for its keys: all places of a process have the same. Its
    configuration."""
    shutil.copytree(_pattern_place(), folder, dirs_exist_ok=True)
    return folder / "gateway.toml"


@cache
def _workshop() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="laid-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _pattern_file() -> Path:
    file = _workshop() / "pattern.sqlite3"
    migrate(f"sqlite:///{file}")
    assert not file.with_name(f"{file.name}-wal").exists(), "a part of the schema stands beside it"
    return file


@cache
def _pattern_place() -> Path:
    folder = _workshop() / "place"
    assert main(["init", str(folder)]) == 0
    return folder


def _lay_on_server(url: str) -> None:
    name = make_url(url).database or ""
    house = url.replace(f"/{name}?", "/postgres?")
    _pattern_database(house)
    with psycopg.connect(house, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        # File by file: page by page, through the log of the server, takes several times as long.
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {PATTERN} STRATEGY FILE_COPY')


@cache
def _pattern_database(house: str) -> None:
    with psycopg.connect(house, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {PATTERN}")
    migrate(house.replace("/postgres?", f"/{PATTERN}?"))
