"""The only window for time and chance: everyone else is handed a `Clock` and an `Ids`."""

import ctypes
import os
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

_LOW_BITS = (1 << 62) - 1
CHANCE_BYTES = 10
CHANCES_AT_ONCE = 256


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back, for durations only."""


class Ids(Protocol):
    def identifier(self) -> str:
        """A new public identifier: 32 hexadecimal characters that cannot be guessed."""

    def secret(self) -> str:
        """A new secret for a token or a session: URL-safe, 256 bits of chance."""

    def code(self, *, digits: int = 6) -> str:
        """A new one-time code of decimal digits."""

    def octets(self, count: int) -> bytes:
        """`count` unpredictable bytes."""


class SystemClock:
    """The machine's clock, moved forward by `advance` (only the demo's desk does so)."""

    def __init__(self, advance: timedelta = timedelta()) -> None:
        self._advance = advance

    def now(self) -> datetime:
        return datetime.now(UTC) + self._advance

    def monotonic(self) -> float:
        return time.monotonic()

    @property
    def moved(self) -> timedelta:
        """How far before the machine's clock."""
        return self._advance

    def advance(self, by: timedelta) -> None:
        """Moves the clock forward; it never goes back."""
        if by < timedelta():
            raise ValueError("a clock never goes back")
        self._advance += by


class SystemIds:
    """Chance comes from the system some hundred identifiers at a time: each call to it lets go of
    the interpreter lock, and a busy process waits long to have it back."""

    def identifier(self) -> str:
        """A UUID of version 7 (RFC 9562): identifiers made in turn stand side by side in an
        index, which halves what a commit writes; 74 bits are chance."""
        milliseconds = time.time_ns() // 1_000_000
        chance = int.from_bytes(_chance(), "big")
        high, low = chance >> 68, chance & _LOW_BITS
        value = milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low
        return f"{value:032x}"

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def code(self, *, digits: int = 6) -> str:
        return f"{secrets.randbelow(10**digits):0{digits}d}"

    def octets(self, count: int) -> bytes:
        return secrets.token_bytes(count)


_own = threading.local()


def _chance() -> bytes:
    """Ten unpredictable bytes, given out once."""
    left: list[bytes] | None = getattr(_own, "chances", None)
    if not left:
        chance = os.urandom(CHANCE_BYTES * CHANCES_AT_ONCE)
        starts = range(0, len(chance), CHANCE_BYTES)
        left = _own.chances = [chance[at : at + CHANCE_BYTES] for at in starts]
    return left.pop()


def _forget_chances() -> None:
    """A forked process must never give out what its parent may give out too."""
    _own.chances = []


os.register_at_fork(after_in_child=_forget_chances)


def processor_seconds(pid: int) -> float:
    """What a process has used of the processors: time in which it got none is not its own.

    proc(5), fields 14 and 15, counted after the name, which may have blanks; 0 once it is gone.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return 0.0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discipline:
    """What the kernel says of its clock: whether a time server keeps it, and how far it may be
    wrong at most."""

    kept: bool
    within: timedelta


class _Timex(ctypes.Structure):
    """The first fields of `struct timex` (adjtimex(2)); the rest is room for it."""

    _fields_ = [
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 512),
    ]


STA_UNSYNC = 0x40
TIME_ERROR = 5


def discipline() -> Discipline | None:
    """Asked, nothing is set. None where the system has no such question, or does not let it."""
    libc: Any = ctypes.CDLL(None)
    if not hasattr(libc, "adjtimex"):
        return None
    told = _Timex()
    state = libc.adjtimex(ctypes.byref(told))
    if state < 0:
        return None
    kept = state != TIME_ERROR and not told.status & STA_UNSYNC
    return Discipline(kept=kept, within=timedelta(microseconds=told.maxerror))
