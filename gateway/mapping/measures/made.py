"""A measure of numbers that were judged, with what was sent beside them (VAULT MEA-02)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from gateway.mapping.measures.judged import Numbers
from gateway.mapping.measures.kinds import Kind
from gateway.records.days import iso_day
from gateway.records.entries.measure import Measure

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far in the future a measure may be (MEA-01)."""
COMMENT_CHARACTERS, WORDS_CHARACTERS, ID_CHARACTERS = 3_000, 200, 300


class When(NamedTuple):
    """An instant; `is_day` where only its day is known."""

    time: datetime
    is_day: bool

    @property
    def day(self) -> str:
        """ISO, in Paris."""
        return self.time.date().isoformat() if self.is_day else iso_day(self.time)


class Told(NamedTuple):
    """What may be said beside a number: as the fields of a Measure."""

    moment: str = ""
    days: int | None = None
    reason: str = ""
    comment: str = ""
    device: str = ""
    device_id: str = ""


NOTHING_TOLD = Told()


def when_of(said: str) -> When | None:
    """A FHIR dateTime of a day or more; None for anything vaguer, or without its offset."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    if "T" not in said:
        return When(found.replace(tzinfo=UTC), is_day=True)
    return When(found.astimezone(UTC), is_day=False) if found.tzinfo is not None else None


def is_in_life(when: When, *, birth: str | None, now: datetime) -> bool:
    """From the day of birth to five minutes from now (MEA-01)."""
    latest = iso_day(now + CLOCKS_DIFFER)
    if when.is_day:
        return (birth or "") <= when.day <= latest
    return when.time <= now + CLOCKS_DIFFER and when.day >= (birth or "")


def made(
    kind: Kind,
    numbers: Numbers,
    when: When,
    *,
    sent: Sequence[Decimal],
    unit: str,
    code: str = "",
    told: Told = NOTHING_TOLD,
) -> Measure:
    """`sent` are the numbers in `unit`, as they came, under `code`; ours have no idle zeros, so
    that the same number is the same text. A moment or days are kept of
    a measure that has them."""
    first, second = _texts(one.normalize() for one in numbers)
    sent_first, sent_second = _texts(sent)
    return Measure(
        code=kind.code,
        value=first,
        value2=second,
        unit=kind.unit,
        time=when.time,
        is_day=when.is_day,
        sent_code=code or kind.code,
        sent_value=sent_first,
        sent_value2=sent_second,
        sent_unit=unit,
        moment=told.moment if kind.has_moment else "",
        days=told.days if kind.has_days else None,
        reason=told.reason,
        comment=told.comment,
        device=told.device,
        device_id=told.device_id,
    )


def was_converted(one: Measure) -> bool:
    """Whether what was sent is to be shown beside the value."""
    return bool(one.sent_value) and Decimal(one.sent_value) != Decimal(one.value)


def _texts(numbers: Iterable[Decimal]) -> tuple[str, str]:
    first, second, *_ = [*(f"{one:f}" for one in numbers), "", ""]
    return first, second
