"""Online backup and restore. Wrapped data keys go into a file of their own.

The two files are useless apart: who may keep the documents need not keep the keys, and a key
destroyed on purpose is destroyed by leaving it out of the key file. A third one says who was erased
until then (`burying.stones`): by it an older backup is restored without them.
"""

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from gateway.records.health import Deed, Upkept
from gateway.store.backups.files import (
    ABOUT_FILE,
    DAMAGED,
    SQL_KEYS,
    BackupError,
    Keys,
    PlaceError,
    about_of,
    digest_of,
    new_backup,
    write,
)
from gateway.store.backups.unfinished import marking, unfinished
from gateway.store.burying.again import known_stones
from gateway.store.burying.stones import FILE, lines_of
from gateway.store.engine.engines import parse_url
from gateway.store.engine.failures import damaged
from gateway.store.keys.masters.brought_back import follow_versions, versions_of
from gateway.store.migrating import is_known, migrate, missing_file, schema_version
from gateway.store.upkeep import note

KEY_FILE = "data-keys.jsonl"
STONES_SINCE = "0038"
"""The schema that knows who was erased."""
DATABASE_FILE = "gateway.sqlite3"
DAMAGED_KEYS = f"{KEY_FILE} is damaged: bring it from its own backup"
DAMAGED_COPY = DAMAGED.format(DATABASE_FILE)
HALF_RESTORED = "this place was not restored to its end: type gateway restore again, then back up"
ANOTHER = (
    "another backup was being restored here, and not to the end: restore that one again, or give an"
    " empty place"
)
CHANGED = "the schema was changed while it was copied: take another backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """How many data keys came back, of how many; whether their file is the one of the copy, and
    whether the copy was held against the SHA-256 of what was written; when the backup was begun,
    None of one of before; `versions` are those of the master key that open the data keys."""

    keys: int
    of: int | None
    is_same_file: bool
    is_proved: bool
    at: datetime | None
    versions: Sequence[int]


def backup(url: str, folder: Path, *, at: datetime | None = None) -> None:
    """Writes a consistent copy into `folder`, new or empty, while the gateway goes on; `at` is the
    present instant, which the copy will tell."""
    if (missing := missing_file(url)) is not None:
        raise BackupError(f"there is no database at {missing}")
    if unfinished(url) is not None:
        raise BackupError(HALF_RESTORED)
    version = schema_version(url)
    if version is None:
        raise BackupError("there is no schema to back up")
    with new_backup(folder) as draft:
        _write_backup(url, draft, version, at)


def _write_backup(url: str, folder: Path, version: str, at: datetime | None) -> None:
    if _is_sqlite(url):
        keys = _copy_sqlite(url, folder / DATABASE_FILE)
    else:
        from gateway.store.backups.postgresql import copy_postgresql  # no psycopg for SQLite

        keys = copy_postgresql(url, folder)
    write(folder / FILE, lines_of(known_stones(url) if version >= STONES_SINCE else []))
    if schema_version(url) != version:
        raise BackupError(CHANGED)
    files = sorted(path.name for path in folder.iterdir())
    about = {
        "engine": parse_url(url).get_backend_name(),
        "schema": version,
        "files": files,
        "sha256": {name: digest_of(folder / name) for name in files},
        "keys": len(keys),
        "keys_sha256": _write_keys(folder / KEY_FILE, keys),
    }
    if at is not None:
        about["at"] = at.isoformat()
    write(folder / ABOUT_FILE, orjson.dumps(about))


def restore(folder: Path, url: str) -> Restored:
    """Fills an empty place with a backup of the same engine, then brings its schema up; goes on
    where an earlier try of the same backup was killed. Nobody may serve from it until the caller,
    who may have more to do, says that it is `finished`.

    Keys that were left out of their file since are erasures: their persons do not come back. The
    copy knows of the backup before it only: what is restored is told of this one.
    """
    about = about_of(folder)
    if about.engine != parse_url(url).get_backend_name():
        raise PlaceError(f"this is a backup of {about.engine}: restore it into the same")
    if not is_known(about.schema):
        raise PlaceError(f"the backup is of a later gateway ({about.schema}): install that one")
    keys = _read_keys(folder / KEY_FILE)
    backup = digest_of(folder / ABOUT_FILE) + digest_of(folder / KEY_FILE)
    begun = unfinished(url)
    if begun is not None and begun != backup:
        raise PlaceError(ANOTHER)
    if begun is None:
        _fill(folder, url, about.schema, keys, marking(backup))
    migrate(url)
    versions = versions_of(wrapped for _, wrapped in keys)
    follow_versions(url, versions)
    if about.at is not None:
        note(url, Upkept(deed=Deed.BACKUP, at=about.at))
    is_same_file = digest_of(folder / KEY_FILE) == about.keys_sha256
    is_proved = set(about.sha256) >= set(about.files)
    return Restored(
        keys=len(keys),
        of=about.keys,
        is_same_file=is_same_file,
        is_proved=is_proved,
        at=about.at,
        versions=versions,
    )


def _fill(folder: Path, url: str, schema: str, keys: Keys, mark: Sequence[str]) -> None:
    if _is_sqlite(url):
        _restore_sqlite(folder, _path(url), keys, schema, mark)
        return
    from gateway.store.backups.postgresql import restore_postgresql

    restore_postgresql(folder, url, schema, keys, mark)


def _is_sqlite(url: str) -> bool:
    return parse_url(url).get_backend_name() == "sqlite"


def _path(url: str) -> Path:
    return Path(parse_url(url).database or "")


def _copy_sqlite(url: str, target: Path) -> Keys:
    """The keys are taken out of the copy, and out of its free pages."""
    write(target, b"")
    source, copy = sqlite3.connect(_path(url)), sqlite3.connect(target)
    try:
        source.backup(copy)
        keys = copy.execute(SQL_KEYS).fetchall()
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("DELETE FROM data_key")
        copy.commit()
        copy.execute("PRAGMA journal_mode = DELETE")
        return keys
    finally:
        copy.close()
        source.close()


def _restore_sqlite(
    folder: Path, target: Path, keys: Keys, schema: str, mark: Sequence[str]
) -> None:
    """Under another name until it is whole: a broken try leaves the place empty."""
    if target.exists():
        raise PlaceError("there is a database already: restore into an empty place")
    for left in _beside(target):
        if left.exists():
            raise PlaceError(f"{left} is of an earlier database: move it away, then restore")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.restoring")
    for left in (draft, *_beside(draft)):
        left.unlink(missing_ok=True)
    write(draft, b"")
    try:
        _fill_sqlite(folder / DATABASE_FILE, draft, keys, schema, mark)
    except BaseException as error:
        for left in (draft, *_beside(draft)):
            left.unlink(missing_ok=True)
        no_table = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
        if damaged(error) or no_table:
            raise BackupError(DAMAGED_COPY) from error
        raise
    os.replace(draft, target)


def _beside(database: Path) -> list[Path]:
    """What SQLite replays into a database of this name: poison for one that is not its own."""
    return [database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")]


def _check_whole(file: Path, copy: sqlite3.Connection, schema: str) -> None:
    """SQLite reads what is missing of its last page as zeros, and a file of no byte as an empty
    database: neither is an error to it."""
    pages, size = (
        copy.execute(f"PRAGMA {one}").fetchone()[0] for one in ("page_count", "page_size")
    )
    if file.stat().st_size != pages * size:
        raise BackupError(DAMAGED_COPY)
    if copy.execute("SELECT version_num FROM alembic_version").fetchall() != [(schema,)]:
        raise BackupError(DAMAGED_COPY)
    if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise BackupError(DAMAGED_COPY)


def _fill_sqlite(file: Path, draft: Path, keys: Keys, schema: str, mark: Sequence[str]) -> None:
    source, copy = sqlite3.connect(file), sqlite3.connect(draft)
    try:
        source.backup(copy)
        _check_whole(file, copy, schema)
        copy.executemany("INSERT INTO data_key (patient, wrapped) VALUES (?, ?)", keys)
        for statement in mark:
            copy.execute(statement)
        copy.commit()
    finally:
        copy.close()
        source.close()


def _write_keys(path: Path, keys: Keys) -> str:
    """The SHA-256 of what was written."""
    lines = (orjson.dumps([patient.hex(), wrapped.hex()]) for patient, wrapped in keys)
    data = b"".join(line + b"\n" for line in lines)
    write(path, data)
    return hashlib.sha256(data).hexdigest()


def _read_keys(path: Path) -> Keys:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError as error:
        raise BackupError(f"{KEY_FILE} is missing: bring it from its own backup") from error
    try:
        keys = [(bytes.fromhex(a), bytes.fromhex(b)) for a, b in map(orjson.loads, lines)]
    except (ValueError, TypeError) as error:
        raise BackupError(DAMAGED_KEYS) from error
    if len({patient for patient, _ in keys}) < len(keys):
        raise BackupError(DAMAGED_KEYS)
    return keys
