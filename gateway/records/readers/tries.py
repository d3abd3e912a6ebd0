"""Tries at a secret: a password, a code, a name. Each is counted before it is judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many tries a subject (a hashed person or address) has within a window."""

    subject: str
    most: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Tries that were counted, by number. Where a subject had none left nothing was counted, and
    `until` is the first instant at which it has one again."""

    numbers: tuple[int, ...] = ()
    until: datetime | None = None
