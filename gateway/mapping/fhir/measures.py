"""FHIR Observation as a discrete result: value, unit, range and flag as they came."""

from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.values import first_coding, obj, objs, system_oid, text, unique_id, utc
from gateway.records.observation import Observation

STATUSES = {"final": "F", "preliminary": "P", "corrected": "C", "amended": "C", "registered": "P"}
CANCELLED = {"entered-in-error": "D", "cancelled": "X"}


def read_observation(resource: Json) -> Observation:
    """One Observation; components are not spread out."""
    code = first_coding(resource.get("code"))
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
        time=utc(resource.get("effectiveDateTime") or resource.get("issued")),
        group="",
        group_text="",
        group_id="",
        sub_id=unique_id(next(iter(objs(resource, "identifier")), {})) or "",
        producer=text(next(iter(objs(resource, "performer")), {}), "display") or "",
        note=text(next(iter(objs(resource, "note")), {}), "text") or "",
    )


def _value(resource: Json) -> tuple[str, str, str]:
    """Value, unit and HL7v2-like type: NM for quantities, CE for codes, ST for the rest."""
    quantity = obj(resource, "valueQuantity")
    if quantity:
        number = quantity.get("value")
        unit = text(quantity, "code") or text(quantity, "unit") or ""
        return "" if number is None else str(number), unit, "NM"
    concept = obj(resource, "valueCodeableConcept")
    if concept:
        coding = first_coding(concept)
        return text(concept, "text") or text(coding, "display") or "", "", "CE"
    return text(resource, "valueString") or "", "", "ST"


def _range(written: Json) -> str:
    low, high = obj(written, "low").get("value"), obj(written, "high").get("value")
    if low is not None and high is not None:
        return f"{low}-{high}"
    if high is not None:
        return f"<{high}"
    return f">{low}" if low is not None else ""
