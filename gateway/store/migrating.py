"""Schema up, from any earlier version; asked by name, never done behind an operator's back."""

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from gateway.store.engine.engines import asked, parse_url, writing_engine

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
UPON = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)
NUMBER = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
HEAD = "head"
SQLITE = b"SQLite format 3\x00"
"""How each file of it begins (SQLite, Database File Format 1.3)."""


def migrate(url: str, *, to: str = HEAD) -> None:
    """Brings the schema up to `to`; does nothing when it is there already."""
    if (missing := missing_file(url)) is not None:
        _make_private(missing)
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            upgrade(connection, to)
    finally:
        engine.dispose()


def upgrade(connection: Connection, to: str) -> None:
    """In the transaction of the caller."""
    from alembic import command  # eleven megabytes that a daemon never needs

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _make_private(file: Path) -> None:
    """Mode 0600 whatever the umask; what SQLite writes beside it takes the mode of the file."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))


def sqlite_file(url: str) -> Path | None:
    """None for a database that is behind a server."""
    parsed = parse_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def missing_file(url: str) -> Path | None:
    """Where the SQLite file should stand and does not; None where it does, and for a server."""
    file = sqlite_file(url)
    return file if file is not None and not file.exists() else None


def foreign_file(url: str) -> Path | None:
    """The file in the place of the database that is none; an empty one may become one."""
    file = sqlite_file(url)
    if file is None or not file.is_file():
        return None
    with file.open("rb") as opened:
        return None if opened.read(len(SQLITE)) in (SQLITE, b"") else file


def schema_version(url: str) -> str | None:
    """The version in force; None for a database without our schema, and where there is none:
    a question makes no file, into which no backup could be restored any more."""
    if missing_file(url) is not None:
        return None
    with asked(url, alone=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


def was_ever_signed(url: str) -> bool:
    """Does this database hold a signed head of the log?"""
    with asked(url, alone=True) as connection:
        return connection.scalar(text("SELECT size FROM checkpoint LIMIT 1")) is not None


def schema_is_current(url: str) -> bool:
    return schema_version(url) == newest_version()


def is_known(version: str) -> bool:
    """False for a schema that a later gateway made."""
    return any(FOLDER.glob(f"versions/{version}_*.py"))


@cache
def newest_version() -> str:
    """The one migration that no other stands upon: numbers are given before work is done, so the
    highest may not be the last. Read as text, for alembic would stay in memory."""
    texts = [path.read_text("utf-8") for path in FOLDER.glob("versions/[0-9]*.py")]
    upon = {found[1] for text in texts if (found := UPON.search(text))}
    (newest,) = {found[1] for text in texts if (found := NUMBER.search(text))} - upon
    return newest


def _config() -> "Config":
    from alembic.config import Config  # with the migrations only

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
