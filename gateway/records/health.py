"""Whether the house is well: what is checked, since when it is so, and the room on its disk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Check(StrEnum):
    """In the order that `/health/ready` asks them; LOG is none of its own."""

    STORE = "store"
    """The writer may write: no fsync failed since the process began."""
    DISK = "disk"
    """The reserve of the disk is whole."""
    COMMITS = "commits"
    """The commit under way does not take too long."""
    DATABASE = "database"
    """A question gets its answer in time."""
    WRITABLE = "writable"
    """The server lets write: it follows no other, and is not set to be read only."""
    LOG = "log"
    """The access log is what was signed."""


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
