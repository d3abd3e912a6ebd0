"""FHIR Observation as a discrete result: value, unit, range and flag as they came."""

from typing import Any

from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.values import (
    codings,
    first_coding,
    obj,
    objs,
    system_oid,
    text,
    unique_id,
    utc,
)
from gateway.records.documents.observation import Observation

LOINC = "http://loinc.org"
STATUSES = {"final": "F", "preliminary": "P", "corrected": "C", "amended": "C", "registered": "P"}
CANCELLED = {"entered-in-error": "D", "cancelled": "X"}


def read_observation(resource: Json) -> Observation:
    """One Observation; components are not spread out."""
    code = _named(resource.get("code"))
    value, unit, kind = _value(resource)
    written = next(iter(objs(resource, "referenceRange")), {})
    status = text(resource, "status") or ""
    return Observation(
        code=text(code, "code") or "",
        system=system_oid(text(code, "system")) or "",
        text=text(code, "display") or text(resource, "code", "text") or "",
        value=value,
        value_type=kind,
        unit=unit,
        range=text(written, "text") or _range(written),
        flag=text(first_coding(next(iter(objs(resource, "interpretation")), {})), "code") or "",
        status=(STATUSES | CANCELLED).get(status, ""),
        time=_when(resource),
        group="",
        group_text="",
        group_id="",
        sub_id=unique_id(next(iter(objs(resource, "identifier")), {})) or "",
        producer=text(next(iter(objs(resource, "performer")), {}), "display") or "",
        note=text(next(iter(objs(resource, "note")), {}), "text") or "",
    )


def _named(concept: Any) -> Json:
    """The LOINC one of several, as of a row of HL7v2; else the first."""
    loinc = (one for one in codings(concept) if text(one, "system") == LOINC and text(one, "code"))
    return next(loinc, first_coding(concept))


def _when(resource: Json) -> str | None:
    """effective[x], a period by its start; else when it was issued."""
    named = ("effectiveDateTime", "effectiveInstant")
    told = [resource.get(name) for name in named]
    told += [obj(resource, "effectivePeriod").get("start"), resource.get("issued")]
    return next((moment for one in told if (moment := utc(one))), None)


def _value(resource: Json) -> tuple[str, str, str]:
    """Value, unit and HL7v2-like type: NM for quantities, CE for codes, ST for the rest."""
    quantity = obj(resource, "valueQuantity")
    if quantity:
        return _measured(quantity)
    concept = obj(resource, "valueCodeableConcept")
    if concept:
        coding = first_coding(concept)
        return text(concept, "text") or text(coding, "display") or "", "", "CE"
    number = resource.get("valueInteger")
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number), "", "NM"
    if isinstance(answer := resource.get("valueBoolean"), bool):
        return str(answer).lower(), "", "ST"
    if moment := utc(resource.get("valueDateTime")):
        return moment, "", "DTM"
    if interval := obj(resource, "valueRange"):
        unit = _unit(obj(interval, "low")) or _unit(obj(interval, "high"))
        return _range(interval), unit, "SN"
    return text(resource, "valueString") or text(resource, "valueTime") or "", "", "ST"


def _measured(quantity: Json) -> tuple[str, str, str]:
    """A comparator (`<`, `<=`, `>=`, `>`) is part of the value, as in SN of HL7v2."""
    number, comparator = quantity.get("value"), text(quantity, "comparator") or ""
    value = "" if number is None else f"{comparator}{number}"
    return value, _unit(quantity), "SN" if comparator else "NM"


def _unit(quantity: Json) -> str:
    return text(quantity, "code") or text(quantity, "unit") or ""


def _range(written: Json) -> str:
    """ "low-high", "≥low" or "≤high": a bound belongs to its range (R4 Range, referenceRange)."""
    low, high = obj(written, "low").get("value"), obj(written, "high").get("value")
    if low is not None and high is not None:
        return f"{low}-{high}"
    if high is not None:
        return f"≤{high}"
    return f"≥{low}" if low is not None else ""
