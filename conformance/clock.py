"""The kit's only window for time and chance; everybody else is handed a number."""

import secrets
import time
from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def seconds() -> float:
    """A clock that never goes back, for durations and deadlines."""
    return time.monotonic()


def pause(length: float) -> None:
    """So that what is sent next travels apart."""
    time.sleep(length)


def fresh_seed() -> int:
    """A seed of 31 bits that no other run is likely to have."""
    return secrets.randbits(31)
