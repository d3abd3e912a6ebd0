"""The transparency log as it is kept: signed heads, and what a log has grown by."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A checkpoint we signed: `note` is its text (C2SP), `peaks` the right edge of its tree."""

    size: int
    root: bytes
    at: datetime
    note: str
    peaks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """The whole log now, reckoned from an older head on.

    `size` counts the entries that stand without a gap, `given_out` the numbers that were given
    out: a smaller `size` means that entries are gone. `nodes` are (level, place, hash) of the
    subtrees that are complete since.
    """

    size: int
    given_out: int
    root: bytes
    peaks: tuple[bytes, ...]
    nodes: tuple[tuple[int, int, bytes], ...]
