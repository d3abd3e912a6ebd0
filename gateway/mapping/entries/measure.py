"""The rules of a measure, and of how a person wants to see measures (VAULT section 8)."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from gateway.mapping.entries.faults import Fault, Life, Wrong, needed, too_long
from gateway.mapping.growth.ages import is_early
from gateway.mapping.measures.kinds import HBA1C, kind_of
from gateway.mapping.measures.made import COMMENT_CHARACTERS, ID_CHARACTERS, When, is_in_life
from gateway.records.entries.measure import Measure
from gateway.records.entries.measure_choices import MeasureChoices


def measure(content: Measure, life: Life) -> Iterator[Fault]:
    """In the unit of the table and within its bounds, between birth and five minutes from now."""
    yield from needed(content, "code", "value", "unit")
    yield from too_long(content, reason=COMMENT_CHARACTERS, device_id=ID_CHARACTERS)
    kind = kind_of(content.code)
    if kind is None or kind.code != content.code or content.unit != kind.unit:
        yield Fault("code", Wrong.UNKNOWN)
        return
    values = (content.value, content.value2)
    for name, text, span in zip(("value", "value2"), values, kind.bounds, strict=False):
        number = _number(text)
        if number is None or not span.holds(number):
            yield Fault(name, Wrong.OUT_OF_RANGE)
    when = When(content.time, content.is_day)
    if not is_in_life(when, birth=life.born.isoformat(), now=life.now):
        is_early = when.day < life.born.isoformat()
        yield Fault("time", Wrong.BEFORE_BIRTH if is_early else Wrong.IN_FUTURE)


def choices(content: MeasureChoices, _life: Life) -> Iterator[Fault]:
    yield from too_long(content)
    if any(kind_of(code) is None for code in (*content.order, *content.hidden)):
        yield Fault("order", Wrong.UNKNOWN)
    target, kind = content.hba1c_target, kind_of(HBA1C)
    number = _number(target)
    if target and (kind is None or number is None or not kind.bounds[0].holds(number)):
        yield Fault("hba1c_target", Wrong.OUT_OF_RANGE)
    if content.weeks is not None and not is_early(content.weeks):
        yield Fault("weeks", Wrong.OUT_OF_RANGE)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
