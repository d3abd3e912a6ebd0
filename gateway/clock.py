"""The only window for time and chance: everyone else is handed a `Clock` and an `Ids`."""

import secrets
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, timezone-aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back, for durations only."""


class Ids(Protocol):
    def identifier(self) -> str:
        """A new public identifier: 32 hexadecimal characters, 128 bits of chance."""

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

    def advance(self, by: timedelta) -> None:
        """Moves the clock forward; it never goes back."""
        if by < timedelta():
            raise ValueError("a clock never goes back")
        self._advance += by


class SystemIds:
    def identifier(self) -> str:
        return uuid.uuid4().hex

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def code(self, *, digits: int = 6) -> str:
        return f"{secrets.randbelow(10**digits):0{digits}d}"

    def octets(self, count: int) -> bytes:
        return secrets.token_bytes(count)
