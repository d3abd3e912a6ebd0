"""A discrete result as a FHIR Observation: value, unit, range and flag as they came."""

import re
from decimal import Decimal

from gateway.mapping.biology.values import (
    MEASURED,
    Bounds,
    bounds_in,
    is_told_as_text,
    quantity_in,
    span_in,
)
from gateway.mapping.datatypes.units import is_ucum
from gateway.mapping.fhir.clinical.codings import (
    Source,
    concept_of,
    displayed,
    identifiers,
    meta,
    notes,
)
from gateway.mapping.fhir.written.making import CODE, Json, concept, date_time, full
from gateway.records.documents.fact import Coded
from gateway.records.documents.observation import Observation

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
UCUM = "http://unitsofmeasure.org"
STATUSES = {
    "F": "final", "P": "preliminary", "C": "corrected", "X": "cancelled", "D": "entered-in-error",
    "S": "preliminary", "R": "preliminary", "I": "registered", "W": "entered-in-error",
    "U": "final", "A": "preliminary", "O": "registered",
}  # fmt: skip
"""HL70085 and our own words for the status of a CDA entry."""
FLAGS = frozenset(
    {
        "N",
        "L",
        "H",
        "LL",
        "HH",
        "A",
        "AA",
        "S",
        "I",
        "R",
        "POS",
        "NEG",
        "IND",
        "DET",
        "ND",
        "<",
        ">",
    }
)
CODED = frozenset({"CE", "CWE", "CNE", "CF"})
_UCUM = re.compile(r"[A-Za-z0-9%*/.{}\[\]()'_^+-]{1,40}", re.ASCII)


def observation(one: Observation, source: Source) -> Json:
    """The resource, without its id; what cannot be a number is a text (VAULT BIO-03)."""
    category = source.category_of(one)
    return full(
        {
            "resourceType": "Observation",
            "meta": meta(source, one.anchor),
            "identifier": identifiers(one.entry),
            "status": STATUSES.get(one.status, "unknown"),
            "category": [concept(category, CATEGORY)] if category else [],
            "code": concept_of(Coded(one.code, one.system, one.text)) or {"text": "inconnu"},
            "subject": source.subject,
            "effectiveDateTime": date_time(one.time),
            "performer": [{"display": one.producer}] if one.producer else list(source.authors),
            **_value(one, source),
            "interpretation": [_interpretation(one.flag)] if one.flag else [],
            "referenceRange": [_range(one, source)] if one.range else [],
            "note": notes(one.note, _before(one), one.group_note),
            "method": {"text": one.method} if one.method else None,
            "specimen": displayed(one.specimen),
            "derivedFrom": [{"reference": f"DocumentReference/{source.document}"}],
        }
    )


def _value(one: Observation, source: Source) -> Json:
    if not one.value:
        reason = "not-performed" if one.status == "X" else "unknown"
        return {"dataAbsentReason": concept(reason, ABSENT)}
    if one.value_type in MEASURED:
        return _number(one, source)
    if one.value_type in CODED:
        return {"valueCodeableConcept": {"text": one.value}}
    if one.value_type in ("TS", "DT", "DTM") and (moment := date_time(one.value)):
        return {"valueDateTime": moment}
    return {"valueString": one.value}


def _number(one: Observation, source: Source) -> Json:
    """A comma of a message is kept as text."""
    shown = f"{one.value} {one.unit}" if one.unit else one.value
    if is_told_as_text(one, is_cda=source.is_cda):
        return {"valueString": shown}
    if found := quantity_in(one.value):
        quantity = _quantity(found.number, one.unit, source)
        if found.comparator:
            quantity["comparator"] = found.comparator
        return {"valueQuantity": quantity}
    if span := span_in(one.value):
        return {"valueRange": _between(*span, one.unit, source)}
    return {"valueString": shown}


def _quantity(value: Decimal, unit: str, source: Source) -> Json:
    """A unit of a CDA is UCUM by its standard; that of a message where it is one by its form, and
    a text else (HL7V2 section 8)."""
    if unit and (_UCUM.fullmatch(unit) if source.is_cda else is_ucum(unit)):
        return {"value": value, "unit": unit, "system": UCUM, "code": unit}
    return full({"value": value, "unit": unit})


def _between(low: Decimal, high: Decimal, unit: str, source: Source) -> Json:
    return {"low": _quantity(low, unit, source), "high": _quantity(high, unit, source)}


def _interpretation(flag: str) -> Json:
    known = flag if flag in FLAGS and CODE.fullmatch(flag) else None
    return concept(known, INTERPRETATION) or {"text": flag}


def _range(one: Observation, source: Source) -> Json:
    """The laboratory's own words, and its bounds where they are numbers."""
    made: Json = {"text": one.range}
    bounds = bounds_in(one.range) or Bounds()
    if bounds.low is not None:
        made["low"] = _quantity(bounds.low, one.unit, source)
    if bounds.high is not None:
        made["high"] = _quantity(bounds.high, one.unit, source)
    return made


def _before(one: Observation) -> str:
    return f"Résultats antérieurs : {one.previous}" if one.previous else ""
