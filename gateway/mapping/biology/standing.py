"""Which rows are results of biology, when they were, and which two are one and the same.

Asked by the pages and by FHIR alike (VAULT BIO-01, BIO-04, BIO-05).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from fractions import Fraction

from gateway.mapping.biology.units import measure_of
from gateway.mapping.biology.values import MEASURED, quantity_in
from gateway.records.days import iso_day
from gateway.records.documents.document import Label
from gateway.records.documents.observation import Observation
from gateway.records.documents.result import Result
from gateway.records.remembering import remembers_short

LABORATORY = "laboratory"
CATEGORIES = frozenset({LABORATORY, "imaging", "vital-signs", "social-history"})
FIRST_DAY = "0000-01-01"
CUTS = (4, 7)
"""Characters of a year, and of a month (ISO 8601)."""
NOT_GIVEN = frozenset("DWXINO")
"""HL70085: taken back, not done, or not there yet: no value to be shown over time."""


def category_of(one: Observation, *, is_biology: bool) -> str:
    """The category a result bears; that of a laboratory's document is laboratory."""
    if one.category in CATEGORIES:
        return one.category
    return LABORATORY if is_biology else ""


def is_given(result: Result) -> bool:
    """A value of biology that its laboratory stands by."""
    one, card = result.row, result.card
    if not one.value or one.status in NOT_GIVEN or one.is_heading:
        return False
    return category_of(one, is_biology=card.label is Label.BIOLOGIE) == LABORATORY


@remembers_short(entries=8192, characters=40)
def instant_in(text: str) -> datetime | None:
    """Where a date stands in time, for order and for a curve: a month or a year at its first day.
    None for what is no date."""
    try:
        found = datetime.fromisoformat(_whole(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _whole(text: str) -> str:
    """`2026-03` and `2026` by their first day."""
    return text + FIRST_DAY[len(text) :] if len(text) in CUTS else text


def dated(result: Result) -> str:
    """When a result was, as its laboratory said it (ISO 8601): else the date of the act that its
    document is about, else the day on which that came."""
    for said in (result.row.time, result.card.act_date):
        if said and instant_in(said) is not None:
            return said
    return iso_day(result.card.deposited_at)


def same_as(one: Observation) -> str:
    """Equal for one result that several documents report: analysis, moment and value, in whatever
    unit; "" where that cannot be told: a day alone is no moment, two results may share it."""
    moment = _moment(one)
    if moment is None or not one.value:
        return ""
    return f"{one.code or one.text}|{moment}|{_value(one)}"


def _moment(one: Observation) -> float | None:
    return _seconds(one.time) if one.time and "T" in one.time else None


@remembers_short(entries=8192, characters=40)
def _seconds(text: str) -> float | None:
    found = instant_in(text)
    return None if found is None else found.timestamp()


def _value(one: Observation) -> str:
    found = quantity_in(one.value) if one.value_type in MEASURED else None
    if found is None:
        return f"{one.value.replace(',', '.')}|{one.unit}"
    measure = measure_of(one.unit)
    return f"{found.comparator}{measure.factor * Fraction(found.number)}|{measure.family}"


def once(results: Iterable[Result]) -> list[Result]:
    """The same result by two doors counts once (BIO-05): the first, where the newest documents
    stand first. Only what shares its analysis and moment with another is compared."""
    every = [(one, (one.row.code or one.row.text, _moment(one.row))) for one in results]
    told = Counter(name for _, name in every)
    met: set[str] = set()
    kept = []
    for one, name in every:
        same = same_as(one.row) if told[name] > 1 else ""
        if not same or same not in met:
            kept.append(one)
        met.add(same)
    return kept
