"""Reminders that people set for themselves (VAULT AGE-04)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from gateway.records.duration import PARIS
from gateway.records.patients.patient import PatientKey

MOST_A_DAY = 10
HOUR = time(9)
"""At which a reminder is told, in Paris: it has a date and no hour."""


class Repeats(StrEnum):
    NEVER = "jamais"
    DAILY = "jour"
    WEEKLY = "semaine"
    MONTHLY = "mois"
    YEARLY = "an"


EVERY = {Repeats.DAILY: timedelta(days=1), Repeats.WEEKLY: timedelta(days=7)}
MONTHS = {Repeats.MONTHLY: 1, Repeats.YEARLY: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """`day` is its first date. `by` is who set it, the key in hexadecimal."""

    id: str
    patient: PatientKey
    day: date
    title: str
    repeats: Repeats = Repeats.NEVER
    by: str
    made_at: datetime

    def falls_on(self, day: date) -> bool:
        return self.next_from(day) == day

    def next_from(self, day: date) -> date | None:
        """The first of its dates that is `day` or later; the 31st of a month is its last day where
        it is shorter."""
        if day <= self.day:
            return self.day
        if self.repeats is Repeats.NEVER:
            return None
        if self.repeats in EVERY:
            step = EVERY[self.repeats]
            return self.day + step * -(-(day - self.day) // step)
        months = (day.year - self.day.year) * 12 + day.month - self.day.month
        months -= months % MONTHS[self.repeats]
        found = _months_after(self.day, months)
        return found if found >= day else _months_after(self.day, months + MONTHS[self.repeats])


def told_at(day: date) -> datetime:
    return datetime.combine(day, HOUR, PARIS)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
