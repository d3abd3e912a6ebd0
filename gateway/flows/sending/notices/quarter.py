"""The quarter of an hour by which notices leave, so that many make one message (VAULT NOT-04)."""

from datetime import datetime, timedelta

QUARTER_MINUTES = 15


def quarter_after(at: datetime) -> datetime:
    """The end of the quarter of an hour that holds `at`."""
    start = at.replace(minute=at.minute - at.minute % QUARTER_MINUTES, second=0, microsecond=0)
    return start + timedelta(minutes=QUARTER_MINUTES)
