"""Whether the house is well: what is checked, since when it is so, the room on its disk, and what
was done to keep it so."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Check(StrEnum):
    """In the order in which `/health/ready` asks; it asks for none of BESIDE."""

    STORE = "store"
    """The writer may write: no fsync failed since the process began."""
    DISK = "disk"
    """The reserve of the disk is whole."""
    COMMITS = "commits"
    """The commit under way does not take too long."""
    DATABASE = "database"
    """A question gets its answer in time."""
    WRITABLE = "writable"
    """The server lets write: it follows no other, and is not set to be read only. Of a file: it
    may be written."""
    LOG = "log"
    """The access log is what was signed."""
    KEYS = "keys"
    """No record has lost its key."""


BESIDE = frozenset({Check.LOG, Check.KEYS})
"""While these are not well documents are taken all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`reason` is empty where all is well; `since` when it was first seen so by this process."""

    check: Check
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Bytes; `reserve` 0 where none is kept."""

    free: int
    reserve: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """`schema` is the one in force, `newest` the one that this code was written for."""

    gateway: str
    engine: str
    schema: str
    newest: str


class Deed(StrEnum):
    """What keeps a house well; of each the last one is known."""

    BACKUP = "backup"
    RESTORE = "restore"
    """A backup was restored into a place of its own, to see that it can be."""
    LOG = "log"
    """The whole access log was verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkept:
    """`at` is when a backup was begun, for it holds what was there then, and when anything else
    ended; `of` the backup that was restored. `size` counts the entries of the log that were
    verified, `faults` what was wrong."""

    deed: Deed
    at: datetime
    of: datetime | None = None
    size: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """`kept` says whether the machine's clock is kept by a time server, and `within` how far it may
    be wrong at most; None where the system does not tell. `ahead` is how far the database server's
    clock is before ours; None of a file."""

    kept: bool | None
    within: timedelta | None
    ahead: timedelta | None
