"""What a driver's error means: ours to defer, fatal, or a bug to let through."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from gateway.errors import DeferredError

DISK_FULL_SQLITE = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
)
SYNC_FAILED_SQLITE = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})
DAMAGED_SQLITE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
DISK_FULL_POSTGRESQL = ("53100",)
TRY_LATER_POSTGRESQL = ("08", "40", "53", "55", "57", "58")


def deferred(error: BaseException) -> DeferredError | None:
    """The error as a sender may hear it; None for what would fail again.

    Also of a driver used without SQLAlchemy, as backups do.
    """
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(original)
    if type(original).__module__.partition(".")[0] == "psycopg":  # not loaded for SQLite
        return _of_postgresql(original)
    return None


def sync_failed(error: BaseException) -> bool:
    """After a failed fsync nobody knows what is on the disk: never try again, start anew."""
    original = error.orig if isinstance(error, DBAPIError) else None
    return getattr(original, "sqlite_errorcode", None) in SYNC_FAILED_SQLITE


def damaged(error: BaseException) -> bool:
    """The file is no SQLite database, or not any more."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return getattr(original, "sqlite_errorcode", None) in DAMAGED_SQLITE


def _of_sqlite(original: sqlite3.Error) -> DeferredError | None:
    if getattr(original, "sqlite_errorcode", None) in DISK_FULL_SQLITE:
        return full()
    tried = isinstance(original, sqlite3.OperationalError | sqlite3.InterfaceError)
    return away() if tried else None


def _of_postgresql(original: BaseException | None) -> DeferredError | None:
    state = getattr(original, "sqlstate", None)
    if state in DISK_FULL_POSTGRESQL:
        return full()
    if state is None:
        names = {one.__name__ for one in type(original).__mro__}
        return away() if "OperationalError" in names else None
    return away() if state[:2] in TRY_LATER_POSTGRESQL else None


def full() -> DeferredError:
    return DeferredError("No space is left to store this. Send it again later.", disk_full=True)


def away() -> DeferredError:
    return DeferredError("The storage cannot be reached now. Send it again later.")
