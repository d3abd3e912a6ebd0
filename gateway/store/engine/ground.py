"""The files of an SQLite database: whether they may still be written.

A disk that the kernel found at fault lets only read from one moment to the next. Whoever then
writes to the index of the log, which is a mapped file, is killed by the kernel (SIGBUS): the files
are looked at before each use, and nothing is begun on those that cannot be written any more.
"""

import os

from gateway.store.engine.engines import parse_url
from gateway.store.engine.failures import OnlyReadError

LOG, LOG_INDEX = "-wal", "-shm"
LOOKS = 3
AS_OURSELVES = os.access in os.supports_effective_ids


class Ground:
    """Never frozen of a PostgreSQL server, which looks after its own files, nor of files that
    could not be written when they were opened: SQLite opens those only to read, and says so."""

    def __init__(self, url: str) -> None:
        parsed = parse_url(url)
        self._file = os.path.abspath(parsed.database or "")
        self._beside = (f"{self._file}{LOG}", f"{self._file}{LOG_INDEX}")
        self._is_ours = parsed.get_backend_name() == "sqlite" and self._may_be_written()

    def is_frozen(self) -> bool:
        """Whether one of the files, or the folder of one that must be made, cannot be written:
        three questions to the kernel."""
        return self._is_ours and not self._may_be_written()

    def check(self) -> None:
        """Raises OnlyReadError where nothing may be begun."""
        if self.is_frozen():
            raise OnlyReadError

    def _may_be_written(self) -> bool:
        return _writable(self._file) and all(map(self._may_be_there, self._beside))

    def _may_be_there(self, path: str) -> bool:
        """Or be made: SQLite removes them when the last one leaves, and makes them anew between two
        of these questions, so that one answer of no is asked again."""
        return any(_is_or_may_be(path) for _ in range(LOOKS))


def _is_or_may_be(path: str) -> bool:
    if _writable(path):
        return True
    return not os.path.lexists(path) and _writable(os.path.dirname(path))


def _writable(path: str) -> bool:
    return os.access(path, os.W_OK, effective_ids=AS_OURSELVES)
