"""FHIR deposits about an invented patient; tests bend them."""

import base64
import hashlib
import json
from typing import Any

Json = dict[str, Any]
INS = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "255089999999966"}
TEXT = b"Tout va bien."
NOS = "https://mos.esante.gouv.fr/NOS"
MHD = "https://profiles.ihe.net/ITI/MHD"
CLAIRE, OTHER = "urn:uuid:1", "urn:uuid:2"
LIST, REFERENCE, BINARY = (f"urn:uuid:00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def patient() -> Json:
    place = {
        "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
        "valueAddress": {
            "extension": [
                {
                    "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code",
                    "valueCoding": {"code": "51215"},
                }
            ]
        },
    }
    return {
        "resourceType": "Patient",
        "id": "source",
        "extension": [place],
        "identifier": [INS, {"system": "urn:oid:1.2.250.1.999.5", "value": "L42"}],
        "name": [
            {"use": "official", "family": "PATTE", "given": ["Ana", "Lise"]},
            {"use": "usual", "family": "PATTE-NEUVE", "given": ["Ana"]},
        ],
        "gender": "female",
        "birthDate": "1955-08-15",
    }


def practitioner() -> Json:
    return {
        "resourceType": "Practitioner",
        "id": "author",
        "identifier": [{"system": "https://rpps.esante.gouv.fr", "value": "99700000000"}],
        "name": [{"family": "TESTEUR", "given": ["Lou"]}],
        "qualification": [
            {"code": coded(f"{NOS}/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante", "10")},
            {"code": coded(f"{NOS}/TRE_R38-SpecialiteOrdinale/FHIR/x", "SM03")},
        ],
    }


def house() -> Json:
    return {
        "resourceType": "Organization",
        "id": "house",
        "name": "Labo fictif",
        "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1999999999"}],
    }


def attachment(body: bytes = TEXT, mime: str = "text/plain") -> Json:
    return {
        "contentType": mime,
        "language": "fr-FR",
        "title": "Note",
        "creation": "2026-01-15T10:15:00+01:00",
        "size": len(body),
        "hash": base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode(),
        "data": base64.b64encode(body).decode(),
    }


def reference(**changes: object) -> Json:
    """A DocumentReference with inline data (ITI-105); None as a change removes an element."""
    whole: Json = {
        "resourceType": "DocumentReference",
        "contained": [patient(), practitioner(), house()],
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.1"},
        "status": "current",
        "type": coded("http://loinc.org", "11488-4"),
        "category": [coded(f"{NOS}/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument", "10")],
        "subject": {"identifier": INS},
        "date": "2026-01-15T10:15:00+01:00",
        "author": [{"reference": "#author"}],
        "authenticator": {"reference": "#author"},
        "custodian": {"reference": "#house"},
        "securityLabel": [coded("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
        "content": [
            {"attachment": attachment(), "format": {"code": "urn:ihe:iti:xds-sd:text:2008"}}
        ],
        "context": {
            "period": {"start": "2026-01-15T09:15:00+01:00"},
            "facilityType": coded("f", "SA25"),
            "practiceSetting": coded("p", "AMBULATOIRE"),
            "sourcePatientInfo": {"reference": "#source"},
        },
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def bundle(document: Json | None = None, body: bytes = TEXT) -> Json:
    """An ITI-65 transaction: SubmissionSet, DocumentReference, Binary."""
    moved = document or reference()
    held = {key: value for key, value in attachment(body).items() if key != "data"}
    moved = moved | {"content": [{"attachment": held | {"url": BINARY}}]}
    lot = {
        "resourceType": "List",
        "contained": [practitioner()],
        "extension": [
            {
                "url": f"{MHD}/StructureDefinition/ihe-sourceId",
                "valueIdentifier": {"value": "urn:oid:1.2.250.1.999.7"},
            },
            {
                "url": f"{MHD}/StructureDefinition/ihe-designationType",
                "valueCodeableConcept": coded("d", "07"),
            },
        ],
        "identifier": [{"use": "usual", "value": "urn:oid:1.2.250.1.999.8.1"}],
        "status": "current",
        "mode": "working",
        "code": coded(f"{MHD}/CodeSystem/MHDlistTypes", "submissionset"),
        "subject": {"identifier": INS},
        "date": "2026-01-15T10:30:00+01:00",
        "source": {"reference": "#author"},
        "entry": [{"item": {"reference": REFERENCE}}],
    }
    binary = {
        "resourceType": "Binary",
        "contentType": "text/plain",
        "data": base64.b64encode(body).decode(),
    }
    parts = ((LIST, lot), (REFERENCE, moved), (BINARY, binary))
    entries = [
        {
            "fullUrl": url,
            "resource": part,
            "request": {"method": "POST", "url": part["resourceType"]},
        }
        for url, part in parts
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def document(*others: Json, status: str = "final") -> Json:
    """A FHIR document about CLAIRE; `others` are the further resources."""
    composition = {
        "resourceType": "Composition",
        "status": status,
        "type": coded("http://loinc.org", "11502-2"),
        "title": "Bilan",
        "date": "2026-01-15T10:15:00+01:00",
        "subject": {"reference": CLAIRE},
        "author": [{"display": "Lou TESTEUR"}],
    }
    somebody = {
        "resourceType": "Patient",
        "identifier": [INS | {"value": "279035121518989"}],
        "name": [{"use": "official", "family": "AUTRE", "given": ["Marc"]}],
    }
    entries = [{"resource": composition}, {"fullUrl": CLAIRE, "resource": patient()}]
    entries += [{"fullUrl": OTHER, "resource": somebody}, *({"resource": one} for one in others)]
    return {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.7"},
        "entry": entries,
    }


def raw(resource: Json) -> bytes:
    return json.dumps(resource, ensure_ascii=False).encode()
