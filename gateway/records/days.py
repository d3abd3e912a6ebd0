"""Days as French says them, in Paris: the same on a page and in a message."""

from datetime import date, datetime

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
    return said_day(wall_of(instant))


def said_day(day: date) -> str:
    """« 12 mars 2026 »."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def iso_day(instant: datetime) -> str:
    """2026-03-12, in Paris."""
    return wall_of(instant).date().isoformat()


def iso_day_of(text: str) -> str:
    """The day of a date as documents say it (ISO 8601): in Paris where it is an instant, as pages
    show it; else as written, which may be a month or a year."""
    if "T" not in text:
        return text
    try:
        return iso_day(datetime.fromisoformat(text))
    except ValueError:
        return text[:10]
