"""Days as French says them, in Paris: the same on a page and in a message."""

from datetime import datetime

from gateway.records.duration import PARIS

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def wall_of(instant: datetime) -> datetime:
    """As clocks in Paris show it; the last hours that Python can count stay as they are."""
    try:
        return instant.astimezone(PARIS)
    except OverflowError:
        return instant


def day_of(instant: datetime) -> str:
    """« 12 mars 2026 », in Paris."""
    wall = wall_of(instant)
    return f"{wall.day} {MONTHS[wall.month - 1]} {wall.year}"
