"""A file that a person brings to a page of ours, as the DocumentReference a software would send.

The same bytes for the same words: a second click is a copy (CONTRACT section 2). What is written
here is what `document_reference` and `people` read (FHIR.md section 3).
"""

from dataclasses import dataclass

import orjson
import pybase64

from gateway.mapping.fhir.taken.resources.people import PERSONS, SEXES, STRUCTURES
from gateway.mapping.fhir.written.emit import OURS, RFC_3986, identifier_of
from gateway.mapping.fhir.written.emit_author import RELATIVES
from gateway.mapping.fhir.written.making import Json, concept, full, listed, system_of
from gateway.mapping.identity import NEEDED
from gateway.mapping.labels.own import PAPER_SYSTEM
from gateway.records.documents.document import Author
from gateway.records.patients.patient import PatientIdentity

CONFIDENTIALITY = "urn:oid:2.16.840.1.113883.5.25"
VISIBILITY = "urn:oid:1.2.250.1.213.1.1.4.13"
PROFESSIONS = "https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante"
SPECIALTIES = (
    "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"
)
BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
GENDERS = {code: gender for gender, code in SEXES.items() if gender in ("male", "female")}
PATIENT, ROLE, PERSON, STRUCTURE = "patient", "role", "person", "structure"
RELATED = "related"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBrought:
    """`codes` are confidentiality codes, N first; `replaces` the id of a document of ours, or the
    unique id that a CDA names ("root^extension").

    `unique_id` (a URN), `type_code`, `title` and `act_date` (ISO) are None for a CDA, which says
    them itself. `author` is a professional, the patient (`kind` patient), or with a `role` of
    RELATIVES who acts for the patient; `note` and `paper` are the patient's own.
    """

    unique_id: str | None
    patient: PatientIdentity
    author: Author
    mime_type: str
    body: bytes
    codes: tuple[str, ...]
    type_code: str | None = None
    type_system: str | None = None
    type_display: str | None = None
    title: str | None = None
    act_date: str | None = None
    replaces: str | None = None
    note: str | None = None
    paper: str | None = None


def reference_with(brought: FileBrought) -> bytes:
    """DocumentReference of R4 with the file inside, as JSON."""
    day = brought.act_date
    made = full(
        {
            "resourceType": "DocumentReference",
            "contained": [_patient(brought.patient), *_author(brought.author)],
            "masterIdentifier": _name(brought.unique_id),
            "status": "current",
            "type": concept(
                brought.type_code, system_of(brought.type_system), brought.type_display
            ),
            "category": listed(concept(brought.paper, PAPER_SYSTEM)),
            "subject": {"reference": f"#{PATIENT}"},
            "author": [{"reference": f"#{_author_name(brought.author)}"}],
            "description": brought.note,
            "relatesTo": listed(_replaced(brought.replaces)),
            "securityLabel": [concept(code, _code_system(code)) for code in brought.codes],
            "content": [{"attachment": _attachment(brought)}],
            "context": {"period": {"start": day, "end": day}} if day else None,
        }
    )
    return orjson.dumps(made)


def _attachment(brought: FileBrought) -> Json:
    return {
        "contentType": brought.mime_type,
        "data": pybase64.b64encode(brought.body).decode(),
        "title": brought.title,
        "creation": brought.act_date,
    }


def _name(unique_id: str | None) -> Json | None:
    return {"system": RFC_3986, "value": unique_id} if unique_id else None


def _replaced(document: str | None) -> Json | None:
    if not document:
        return None
    if OURS.fullmatch(document):
        return {"code": "replaces", "target": {"reference": f"DocumentReference/{document}"}}
    return {"code": "replaces", "target": {"identifier": identifier_of(document)}}


def _code_system(code: str) -> str:
    return CONFIDENTIALITY if len(code) == 1 else VISIBILITY


def _patient(identity: PatientIdentity) -> Json:
    """All that is known of the person; a bare INS where a trait that goes with it is not."""
    bare = {
        "resourceType": "Patient",
        "id": PATIENT,
        "identifier": [{"system": f"urn:oid:{identity.ins_oid}", "value": identity.ins}],
    }
    if not all(getattr(identity, name) for name in NEEDED):
        return bare
    place = _coded_place(identity.birth_place)
    return {
        **bare,
        "extension": listed(place),
        "name": [
            {
                "use": "official",
                "extension": listed(
                    _text_extension("fr-core-birth-list-given-name", identity.birth_givens)
                ),
                "family": identity.birth_family,
                "given": [identity.birth_given],
            }
        ],
        "birthDate": identity.birth_date,
        "gender": GENDERS.get(identity.sex or "", "unknown"),
    }


def _coded_place(code: str | None) -> Json | None:
    if not code:
        return None
    coded = {"url": f"{CORE}fr-core-address-insee-code", "valueCoding": {"code": code}}
    return {"url": BIRTH_PLACE, "valueAddress": {"extension": [coded]}}


def _text_extension(name: str, value: str | None) -> Json | None:
    return {"url": f"{CORE}{name}", "valueString": value} if value else None


def _author_name(author: Author) -> str:
    """Which of the contained resources is the author."""
    if author.kind == PATIENT:
        return PATIENT
    return RELATED if author.role in RELATIVES else ROLE


def _author(author: Author) -> list[Json]:
    match _author_name(author):
        case "patient":
            return []  # contained as the subject
        case "related":
            return [_relative(author)]
        case _:
            return _professional(author)


def _relative(author: Author) -> Json:
    return {
        "resourceType": "RelatedPerson",
        "id": RELATED,
        "patient": {"reference": f"#{PATIENT}"},
        "relationship": [{"text": author.role}],
        "name": [{"text": author.family}],
    }


def _professional(author: Author) -> list[Json]:
    profession, _, specialty = (author.specialty or "").partition("/")
    codes = [
        concept(profession.removeprefix("G15_"), PROFESSIONS)
        if profession.startswith("G15_")
        else None,
        concept(specialty, SPECIALTIES),
    ]
    return [
        {
            "resourceType": "PractitionerRole",
            "id": ROLE,
            "practitioner": {"reference": f"#{PERSON}"},
            "organization": {"reference": f"#{STRUCTURE}"} if author.organization_id else None,
            "code": listed(codes[0]),
            "specialty": listed(codes[1]),
        },
        {
            "resourceType": "Practitioner",
            "id": PERSON,
            "identifier": [{"system": f"urn:oid:{PERSONS}", "value": author.id}],
            "name": [{"text": author.family}],
        },
        *_structure(author),
    ]


def _structure(author: Author) -> list[Json]:
    if not author.organization_id:
        return []
    identifier = {"system": f"urn:oid:{STRUCTURES}", "value": author.organization_id}
    name = author.organization_name
    return [
        {"resourceType": "Organization", "id": STRUCTURE, "identifier": [identifier], "name": name}
    ]
