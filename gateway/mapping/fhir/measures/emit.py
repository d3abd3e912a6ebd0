"""A measure as an Observation of R4, with where it came from, who gave it and what measured."""

from decimal import Decimal

from gateway.mapping.fhir.clinical import Clinical
from gateway.mapping.fhir.clinical.observation import CATEGORY, UCUM
from gateway.mapping.fhir.measures.read import DAYS, MOMENT, REASON
from gateway.mapping.fhir.written.emit_author import RELATIVE
from gateway.mapping.fhir.written.emit_choices import LOINC
from gateway.mapping.fhir.written.making import (
    Json,
    concept,
    full,
    instant,
    json_of,
    shortened,
    system_of,
)
from gateway.mapping.measures.kinds import DIASTOLIC, MOMENTS, SYSTOLIC, kind_of
from gateway.mapping.measures.made import was_converted
from gateway.records.entries.entry import Entry, Writer, WriterRole
from gateway.records.entries.measure import Measure

GUIDE = "https://interop.esante.gouv.fr/ig/fhir/mesures/StructureDefinition/"
VITAL_SIGNS = "vital-signs"
WEEK = {"system": "https://mos.esante.gouv.fr/NOS/TRE_R308-TAASIP/FHIR/TRE-R308-TAASIP"}
WEEK_CODE, WEEK_DAYS = "GEN-275", 7
"""The one number of days whose code the guide's examples show."""
PREFIX = "m-"
"""How the id of such an Observation begins: those of documents begin with a document's."""
RPPS = "1.2.250.1.71.4.2.1"
ORIGINAL = "Valeur d'origine : {value} {unit}"
RELATIVES = frozenset({WriterRole.REPRESENTATIVE, WriterRole.CAREGIVER})


def measure_found(entry: Entry, one: Measure) -> Clinical:
    """What a search asks of it; its JSON is made when it is shown, for there may be 20,000."""
    codes = {one.code} | ({SYSTOLIC, DIASTOLIC} if one.value2 else set())
    return Clinical(
        "Observation",
        PREFIX + entry.id,
        frozenset(codes),
        VITAL_SIGNS,
        _when(one),
        _status(entry),
        b"",
    )


def _when(one: Measure) -> str:
    return one.time.date().isoformat() if one.is_day else instant(one.time)


def _status(entry: Entry) -> str:
    return "final" if entry.version == 1 else "corrected"


def measure_observation(entry: Entry, one: Measure, subject: Json) -> bytes:
    """`subject` is a Reference to the person of the record."""
    from fhir.resources.R4B.observation import Observation

    kind = kind_of(one.code)
    label = kind.label if kind else one.code
    made = full(
        {
            "resourceType": "Observation",
            "id": f"{PREFIX}{entry.id}",
            "meta": {
                "lastUpdated": instant(entry.written_at),
                "versionId": str(entry.version),
                "source": _source(entry),
            },
            "extension": _extensions(one),
            "identifier": [_identifier(entry.source.identifier)],
            "status": _status(entry),
            "category": [concept(VITAL_SIGNS, CATEGORY)],
            "code": {
                "coding": [{"system": LOINC, "code": one.code, "display": label}],
                "text": label,
            },
            "subject": subject,
            "effectiveDateTime": _when(one),
            "issued": instant(entry.added_at),
            "performer": [_performer(entry.writer, subject)],
            **_value(one),
            "note": _notes(one),
            "device": _device(one),
            "derivedFrom": [_document(entry)],
        }
    )
    return json_of(Observation, shortened(made))


def _source(entry: Entry) -> str:
    """Of which thing it came: a document, the device that an application is, or a person."""
    if entry.source.document:
        return f"DocumentReference/{entry.source.document}"
    if entry.source.application:
        return f"Device/{entry.source.application}"
    if entry.writer.role is WriterRole.PROFESSIONAL:
        return f"Practitioner/{entry.writer.id}"
    return f"Patient/{entry.patient.hex()}"


def _performer(writer: Writer, subject: Json) -> Json:
    match writer.role:
        case WriterRole.PROFESSIONAL:
            identifier = full({"system": system_of(RPPS), "value": writer.id})
            return full({"type": "Practitioner", "identifier": identifier, "display": writer.name})
        case WriterRole.DOCUMENT:
            return full({"display": writer.name or writer.organization_name or "document"})
        case WriterRole.SELF | WriterRole.APPLICATION:
            return subject
        case _:
            return full({"type": RELATIVE, "display": writer.name or "proche"})


def _value(one: Measure) -> Json:
    if not one.value2:
        return {"valueQuantity": _quantity(one.value, one.unit)}
    parts = ((SYSTOLIC, "Systolique", one.value), (DIASTOLIC, "Diastolique", one.value2))
    return {
        "component": [
            {
                "code": {"coding": [{"system": LOINC, "code": code}], "text": words},
                "valueQuantity": _quantity(number, one.unit),
            }
            for code, words, number in parts
        ]
    }


def _quantity(number: str, unit: str) -> Json:
    return {"value": Decimal(number), "unit": unit, "system": UCUM, "code": unit}


def _extensions(one: Measure) -> list[Json]:
    made: list[Json] = []
    if one.reason:
        made.append({"url": GUIDE + REASON, "valueString": one.reason})
    if one.moment:
        coding = {"system": LOINC, "code": one.moment, "display": MOMENTS.get(one.moment, "")}
        made.append({"url": GUIDE + MOMENT, "valueCodeableConcept": {"coding": [full(coding)]}})
    if one.days:
        words = f"{one.days}j"
        coding = {**WEEK, "code": WEEK_CODE, "display": words}
        coded = {"coding": [coding]} if one.days == WEEK_DAYS else {}
        made.append({"url": GUIDE + DAYS, "valueCodeableConcept": {**coded, "text": words}})
    return made


def _notes(one: Measure) -> list[Json]:
    """The comment, and what was sent where it was converted (MEA-02)."""
    texts = [one.comment]
    if was_converted(one):
        value = "/".join(filter(None, (one.sent_value, one.sent_value2)))
        texts.append(ORIGINAL.format(value=value.replace(".", ","), unit=one.sent_unit))
    return [{"text": text} for text in texts if text]


def _device(one: Measure) -> Json | None:
    return full({"identifier": _identifier(one.device_id), "display": one.device}) or None


def _identifier(said: str) -> Json | None:
    """Of system and value joined by a bar."""
    system, _, value = said.partition("|")
    return full({"system": system, "value": value}) if value else None


def _document(entry: Entry) -> Json | None:
    document = entry.source.document
    return {"reference": f"DocumentReference/{document}"} if document else None
