"""Measures that a document tells in codes: certificates of a child's health, a VSM (MEA-08); and
what a laboratory found of glucose and HbA1c (BIO-07).

Only what its author told as a vital sign of that day: the height of a mother stands in the history
of a pregnancy, and is no measure of her child. What is out of bounds, in an unknown unit or without
a day stays in the document.
"""

from collections.abc import Iterable
from decimal import Decimal

from gateway.mapping.biology.standing import NOT_GIVEN
from gateway.mapping.biology.values import quantity_of
from gateway.mapping.cda.entries.results import LOINC
from gateway.mapping.measures.judged import WrongPart, factor_of, judged
from gateway.mapping.measures.kinds import (
    DIASTOLIC,
    GLUCOSE,
    HBA1C,
    KINDS,
    PRESSURE,
    SYSTOLIC,
    kind_of,
)
from gateway.mapping.measures.made import NOTHING_TOLD, Told, made, when_of
from gateway.records.documents.observation import Observation
from gateway.records.entries.measure import Measure

VITAL_SIGNS = "vital-signs"
FASTING = "53049-3"
OF_A_LABORATORY = {
    "2345-7": "",
    "2339-0": "",
    "15074-8": "",
    "41653-7": "",
    "14749-6": "",
    "1558-6": FASTING,
    "14771-0": FASTING,
    "4548-4": "",
    "17856-6": "",
}
"""Codes of LOINC under which laboratories tell glucose and HbA1c, with the moment that they say:
by mass or by moles, of serum or blood, at any time or fasting; HbA1c in % (NGSP), by whatever
method. In mmol/mol (IFCC) it is another number, and stays in its document."""
KINDS_OF_A_LABORATORY = {
    **dict.fromkeys(("14749-6", "1558-6", "14771-0"), GLUCOSE),
    "17856-6": HBA1C,
}
STOOD_BY = frozenset("FC")
"""HL70085: final and corrected; a preliminary one may still change."""
PARTS = {SYSTOLIC: 0, DIASTOLIC: 1}
CODES = frozenset(code for kind in KINDS for code in (kind.code, *kind.also)) | frozenset(PARTS)
"""Every code of LOINC that says a measure, or a part of one."""


def measures_in(rows: Iterable[Observation], *, is_cda: bool = True) -> list[Measure]:
    """In the order of the document, a pair at its second part; each once."""
    found: dict[str, Measure] = {}
    halves: dict[tuple[str, str], dict[int, Decimal]] = {}
    for row in rows:
        number = _number(row, is_cda=is_cda)
        if number is None or row.time is None:
            continue
        numbers, code = {0: number}, row.code
        if row.code in PARTS:
            numbers, code = halves.setdefault((row.time, row.unit), {}), PRESSURE
            numbers[PARTS[row.code]] = number
        one = _measure(code, [numbers[part] for part in sorted(numbers)], row)
        if one is not None:
            found.setdefault(one.same(), one)
    return list(found.values())


def measure_of_laboratory(row: Observation, *, is_cda: bool) -> Measure | None:
    """Of a result that its laboratory stands by (`biology.standing.is_given`); None for any other
    analysis, and for what is preliminary, no number, in an unknown unit or without a day."""
    moment = OF_A_LABORATORY.get(row.code)
    if moment is None or row.system != LOINC or row.status not in STOOD_BY:
        return None
    quantity = quantity_of(row, is_cda=is_cda)
    if quantity is None or quantity.comparator:
        return None
    kind = KINDS_OF_A_LABORATORY.get(row.code, row.code)
    return _measure(kind, [quantity.number], row, told=Told(moment=moment))


def _number(row: Observation, *, is_cda: bool) -> Decimal | None:
    if row.system != LOINC or row.code not in CODES or row.category != VITAL_SIGNS:
        return None
    if row.status in NOT_GIVEN:
        return None
    quantity = quantity_of(row, is_cda=is_cda)
    return quantity.number if quantity is not None and not quantity.comparator else None


def _measure(
    code: str, numbers: list[Decimal], row: Observation, *, told: Told = NOTHING_TOLD
) -> Measure | None:
    kind, when = kind_of(code), when_of(row.time or "")
    sent = code if code == PRESSURE else row.code
    if kind is None or when is None:
        return None
    canonical = judged(kind, numbers, row.unit)
    if isinstance(canonical, WrongPart):
        return None
    return made(kind, canonical, when, sent=numbers, unit=row.unit, code=sent, told=told)


def is_unit_of(code: str, unit: str) -> bool:
    """Whether a number in this unit can be the measure; true for what is no measure."""
    kind = kind_of(PRESSURE if code in PARTS else code)
    return kind is None or factor_of(kind, unit) is not None
