"""One daemon an SQLite file: a second one would wind the same tasks and answer beside the first.

The lock goes with the process, however that ends. Commands beside a daemon do not ask for it;
PostgreSQL is made for many. What a trial of a backup left beside the file is taken away.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.daemon.left import TRIALS, clear_left
from gateway.store.migrating import sqlite_file

TAKEN = "another gateway serve runs on this database"


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Raises BlockingIOError where another daemon has this database."""
    file = sqlite_file(url)
    if file is None:
        yield
        return
    handle = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(handle, str(file))
        clear_left(file.absolute().parent, TRIALS)
        yield
    finally:
        os.close(handle)


def _take(handle: int, file: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BlockingIOError(errno.EWOULDBLOCK, TAKEN, file) from None
