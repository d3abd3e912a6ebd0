"""What a driver's error means: ours to defer, fatal, or a bug to let through."""

import sqlite3
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError

from gateway.errors import DeferredError, place_of
from gateway.store.keys.key_files import KeyFileError

log = structlog.get_logger()
DISK_FULL_SQLITE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
SYNC_FAILED_SQLITE = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})
DAMAGED_SQLITE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
NO_CONNECTION = frozenset({"OperationalError", "ConnectionTimeout"})
DISK_FULL_POSTGRESQL = ("53100",)
ONLY_READ_POSTGRESQL = "25006"
"""A server that is only read, as the follower of another: somebody else may be the first by now."""
FORBIDDEN_POSTGRESQL = ("42501", ONLY_READ_POSTGRESQL)
"""No right to it, or not there."""
TRY_LATER_POSTGRESQL = ("08", "40", "53", "55", "57", "58")
IDLE_TOO_LONG_POSTGRESQL = "25P03"
LATER_POSTGRESQL = (IDLE_TOO_LONG_POSTGRESQL, ONLY_READ_POSTGRESQL)
OF_ONE_POSTGRESQL = ("40", "53200", "55P03", "57014")
"""Deadlocks, shared memory or patience at an end: it may be for one unit of the group alone."""


class SilentFailureError(Exception):
    """A statement failed and nobody said so: to commit would be to roll back, without a word."""


class OnlyReadError(Exception):
    """The files of the database cannot be written now: nothing was begun."""


def deferred(error: BaseException) -> DeferredError | None:
    """The error as a sender may hear it; None for what would fail again.

    Also of a driver used without SQLAlchemy, as backups do.
    """
    if isinstance(error, SilentFailureError | OnlyReadError | PendingRollbackError | KeyFileError):
        return away()
    original = _original(error)
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(original)
    if _is_psycopg(original):
        return _of_postgresql(original)
    return None


def passes_alone(error: BaseException) -> bool:
    """Whether each unit of a group that failed so may be tried by itself: the engine is there."""
    state = getattr(_original(error), "sqlstate", None) or ""
    alone = isinstance(error, SilentFailureError | KeyFileError)
    is_of_one = alone or state.startswith(OF_ONE_POSTGRESQL)
    return is_of_one or deferred(error) is None


def of_database(error: BaseException) -> bool:
    """Of a driver or of SQLAlchemy: the transaction it was raised in may be lost."""
    ours = isinstance(error, SQLAlchemyError | sqlite3.Error)
    return ours or _is_psycopg(error)


def report(event: str, error: BaseException, *, count: int = 1) -> None:
    """For the operators: what the engine says, without a value of any row."""
    kind, where = type(error).__name__, place_of(error)
    log.error(event, error=kind, where=where, code=code_of(error), count=count)


def code_of(error: BaseException) -> str | None:
    """The engine's own name of the error: SQLITE_BUSY, 55P03; of a key that came to be missing
    while the gateway runs, which one."""
    if isinstance(error, KeyFileError):
        return str(error)
    original = _original(error)
    state = getattr(original, "sqlstate", None)
    return state or getattr(original, "sqlite_errorname", None)


def reason_of(error: BaseException) -> str | None:
    """Why no connection was had, in the words of the driver: they are about the place and the
    login. None for what a statement met, whose words may hold a row."""
    original = _original(error)
    if getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_CANTOPEN:
        return str(original)
    is_of_connection = _is_psycopg(original) and type(original).__name__ in NO_CONNECTION
    if not is_of_connection or getattr(original, "sqlstate", None) is not None:
        return None
    first = str(original).strip().partition("\n")[0]
    return first.removeprefix("connection failed: ") or None


def forbidden(error: BaseException) -> str | None:
    """What the engine does not let this login do, in its own words: they name a table or a schema,
    never a row; also of what was put off for it. None for any other error."""
    put_off = error.__cause__ if isinstance(error, DeferredError) else None
    original: Any = _original(put_off or error)  # psycopg is not loaded for SQLite
    if _is_psycopg(original) and getattr(original, "sqlstate", None) in FORBIDDEN_POSTGRESQL:
        return str(original.diag.message_primary or original.sqlstate)
    if (getattr(original, "sqlite_errorcode", None) or 0) & 0xFF == sqlite3.SQLITE_READONLY:
        return str(original)
    return None


def sync_failed(error: BaseException) -> bool:
    """After a failed fsync nobody knows what is on the disk: never try again, start anew."""
    original = error.orig if isinstance(error, DBAPIError) else None
    return getattr(original, "sqlite_errorcode", None) in SYNC_FAILED_SQLITE


def only_read(error: BaseException) -> bool:
    """The server, or the disk of a file, lets nothing be written."""
    if isinstance(error, OnlyReadError):
        return True
    code = getattr(_original(error), "sqlite_errorcode", None) or 0
    is_of_file = code == sqlite3.SQLITE_IOERR_WRITE or code & 0xFF == sqlite3.SQLITE_READONLY
    return is_of_file or code_of(error) == ONLY_READ_POSTGRESQL


def damaged(error: BaseException) -> bool:
    """The file is no SQLite database, or not any more."""
    return getattr(_original(error), "sqlite_errorcode", None) in DAMAGED_SQLITE


def _original(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _is_psycopg(error: BaseException | None) -> bool:
    return type(error).__module__.partition(".")[0] == "psycopg"  # not loaded for SQLite


def _of_sqlite(original: sqlite3.Error) -> DeferredError | None:
    code = getattr(original, "sqlite_errorcode", None)
    if code in DISK_FULL_SQLITE:
        return full()
    if code == sqlite3.SQLITE_ERROR:  # no such column: the same tomorrow
        return None
    tried = isinstance(original, sqlite3.OperationalError | sqlite3.InterfaceError)
    return away() if tried else None


def _of_postgresql(original: BaseException | None) -> DeferredError | None:
    state = getattr(original, "sqlstate", None)
    if state in DISK_FULL_POSTGRESQL:
        return full()
    if state is None:
        names = {one.__name__ for one in type(original).__mro__}
        return away() if "OperationalError" in names else None
    is_passing = state[:2] in TRY_LATER_POSTGRESQL or state in LATER_POSTGRESQL
    return away() if is_passing else None


def full() -> DeferredError:
    return DeferredError("No space is left to store this. Send it again later.", disk_full=True)


def away() -> DeferredError:
    return DeferredError("The storage cannot be reached now. Send it again later.")
