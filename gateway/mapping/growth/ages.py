"""Ages of a child in days: from birth, and from when birth was due (VAULT MEA-06)."""

from datetime import date, timedelta

TERM_WEEKS, EARLY_WEEKS, LEAST_WEEKS = 40, 37, 22
CORRECTED_YEARS = 2
DAYS_A_YEAR = 365.25


def age_days(birth: date, day: date) -> int:
    """Exact, in days; below 0 before birth."""
    return (day - birth).days


def is_early(weeks: int) -> bool:
    """Whether a child born after so many completed weeks of pregnancy has a corrected age."""
    return LEAST_WEEKS <= weeks < EARLY_WEEKS


def due(birth: date, weeks: int | None) -> date:
    """The birth that counts for a corrected age: 40 weeks of pregnancy, for a child who was born
    before 37; `weeks` are those completed at birth, None for who was born at term."""
    if weeks is None or not is_early(weeks):
        return birth
    return birth + timedelta(weeks=TERM_WEEKS - weeks)


def days_in(years: float) -> int:
    """To the nearest day."""
    return round(years * DAYS_A_YEAR)


def corrected_until() -> int:
    """Age in days to which a corrected age may be shown."""
    return days_in(CORRECTED_YEARS)
