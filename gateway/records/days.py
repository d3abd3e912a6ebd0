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


def day_of(instant: datetime) -> str:
    """« 12 mars 2026 », in Paris."""
    wall = instant.astimezone(PARIS)
    return f"{wall.day} {MONTHS[wall.month - 1]} {wall.year}"
