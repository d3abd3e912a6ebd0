"""What a driver's error means: ours to defer, fatal, or a bug to let through."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from gateway.errors import DeferredError

DISK_FULL_SQLITE = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
)
SYNC_FAILED_SQLITE = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})
DISK_FULL_POSTGRESQL = ("53100",)
TRY_LATER_POSTGRESQL = ("08", "40", "53", "55", "57", "58")


def deferred(error: BaseException) -> DeferredError | None:
    """The error as a sender may hear it; None for what would fail again."""
    if not isinstance(error, DBAPIError):
        return None
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(error, original)
    if isinstance(original, psycopg.Error):
        return _of_postgresql(original)
    return None


def sync_failed(error: BaseException) -> bool:
    """After a failed fsync nobody knows what is on the disk: never try again, start anew."""
    original = error.orig if isinstance(error, DBAPIError) else None
    return getattr(original, "sqlite_errorcode", None) in SYNC_FAILED_SQLITE


def _of_sqlite(error: DBAPIError, original: sqlite3.Error) -> DeferredError | None:
    if getattr(original, "sqlite_errorcode", None) in DISK_FULL_SQLITE:
        return full()
    return away() if isinstance(error, OperationalError | InterfaceError) else None


def _of_postgresql(original: psycopg.Error) -> DeferredError | None:
    state = original.sqlstate
    if state in DISK_FULL_POSTGRESQL:
        return full()
    if state is None:
        return away() if isinstance(original, psycopg.OperationalError) else None
    return away() if state[:2] in TRY_LATER_POSTGRESQL else None


def full() -> DeferredError:
    return DeferredError("No space is left to store this. Send it again later.", disk_full=True)


def away() -> DeferredError:
    return DeferredError("The storage cannot be reached now. Send it again later.")
