"""What we say in FHIR R4: DocumentReference, Binary, OperationOutcome (FHIR.md sections 3 to 5).

Every resource is built and checked by fhir.resources R4B models, imported when first needed.
"""

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module

import orjson

from gateway.mapping.fhir.written.emit_author import author_of
from gateway.mapping.fhir.written.kept import Kept, extensions_of
from gateway.mapping.fhir.written.making import (
    Json,
    code_of,
    concept,
    date_time,
    full,
    instant,
    json_of,
    listed,
    plain,
    system_of,
    version_of,
)
from gateway.mapping.labels import LABEL_TEXTS
from gateway.mapping.labels.own import PAPER_SYSTEM, PAPERS
from gateway.records.documents.document import Document, Label
from gateway.records.documents.shelved import DocumentStatus, Shelved

RFC_3986 = "urn:ietf:rfc:3986"
CLASS_SYSTEM = "urn:oid:1.2.250.1.213.1.1.4.1"
SECTOR_SYSTEM = "urn:oid:1.2.250.1.71.4.2.4"
PRACTICE_SYSTEM = "urn:oid:1.2.250.1.213.1.1.4.9"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
VISIBILITY = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/"
    "TRE-A07-StatutVisibiliteDocument"
)
LABEL_SYSTEM = "urn:passerelle:libelle"
MASK = "MASQUE_PS"
MODELS = (
    *("bundle", "auditevent", "binary", "documentreference"),
    *("list", "operationoutcome", "patient"),
)
OURS = re.compile(r"[0-9a-f]{32}")
"""An id of ours, as it stands in DocumentReference.id."""
OID = re.compile(r"[0-9]+(?:\.[0-9]+)+", re.ASCII)
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+", re.ASCII)
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def load_models() -> None:
    """Imports the models ahead of the first resource: about 0.2 s and 20 MB."""
    for name in MODELS:
        import_module(f"fhir.resources.R4B.{name}")


def document_reference(shelved: Shelved) -> bytes:
    """One document as FHIR JSON; `attachment.url` is relative to the FHIR base."""
    from fhir.resources.R4B.documentreference import DocumentReference

    return json_of(DocumentReference, reference_of(shelved.card, shelved.document))


def reference_of(card: Kept, document: Document) -> Json:
    """The same before it is checked, empty values left out (PDSm mapping, FHIR.md section 3)."""
    made = _versionless(card, document)
    made["meta"]["versionId"] = version_of(made)
    return made


def _versionless(card: Kept, document: Document) -> Json:
    current = card.status is DocumentStatus.CURRENT
    return full(
        {
            "resourceType": "DocumentReference",
            "id": card.id,
            "meta": {
                "lastUpdated": instant(last_updated(card)),
                "tag": [_label_tag(card.shown_label)],
            },
            "extension": extensions_of(card),
            "masterIdentifier": identifier_of(document.unique_id),
            "identifier": [identifier_of(one) for one in document.identifiers],
            "status": "current" if current else "superseded",
            "type": concept(
                document.type_code, system_of(document.type_system), document.type_display
            ),
            "category": [
                *listed(concept(document.class_code, CLASS_SYSTEM)),
                *listed(concept(document.paper, PAPER_SYSTEM, PAPERS.get(document.paper or ""))),
            ],
            "subject": subject_of(document),
            "date": date_of(card, document),
            "author": [author_of(one) for one in document.authors],
            "description": document.comments,
            "authenticator": _authenticator(document),
            "custodian": _custodian(document),
            "relatesTo": _replaces(document),
            "securityLabel": _labels(card, document),
            "content": [_content(card.id, document)],
            "context": _context(document),
        }
    )


def _label_tag(label: Label) -> Json:
    """The label of Mon espace santé as its reader sees it: a tag, since it is no part of the
    document."""
    return {"system": LABEL_SYSTEM, "code": label.value, "display": LABEL_TEXTS[label]}


def last_updated(card: Kept) -> datetime:
    """When what the reader of this card sees of the document last changed."""
    return card.changed.seen or card.deposited_at


def date_of(card: Kept, document: Document) -> str:
    """When the document was made, as an instant; its deposit where that is not known so far."""
    found = date_time(document.creation_time) or ""
    return found if "T" in found else instant(card.deposited_at)


def identifier_of(unique_id: str | None) -> Json | None:
    """An XDS uniqueId as an Identifier: an OID, a UUID, another URI, or root and extension.

    A name that is none of them has no system.
    """
    if not unique_id or not plain(unique_id):
        return None
    root, _, extension = unique_id.partition("^")
    urn = _urn(root)
    if extension and urn:
        return {"system": urn, "value": extension}
    return {"system": RFC_3986, "value": urn} if urn else {"value": unique_id}


def _urn(root: str) -> str | None:
    if UUID.fullmatch(root):
        return f"urn:uuid:{root.lower()}"
    if OID.fullmatch(root):
        return f"urn:oid:{root}"
    return root if URI.fullmatch(root) else None


def subject_of(document: Document) -> Json:
    patient = document.patient
    if not patient.ins or not patient.ins_oid:
        return {"display": "unknown"}
    return {
        "type": "Patient",
        "identifier": {"system": f"urn:oid:{patient.ins_oid}", "value": patient.ins},
    }


def _authenticator(document: Document) -> Json | None:
    one = document.legal_authenticator
    if one is None:
        return None
    names = " ".join(part for part in (one.given, one.family) if part)
    return full({"identifier": {"value": one.id} if one.id else None, "display": names})


def _custodian(document: Document) -> Json | None:
    one = document.custodian
    if one is None:
        return None
    value = {"system": system_of(one.id_system), "value": one.id} if one.id else None
    return full({"identifier": value, "display": one.name})


def _replaces(document: Document) -> list[Json]:
    """A sender names one of ours by its id, or any by its unique id (`relations.replaced`)."""
    named = document.replaces or ""
    if OURS.fullmatch(named):
        return [{"code": "replaces", "target": {"reference": f"DocumentReference/{named}"}}]
    target = identifier_of(named)
    return [{"code": "replaces", "target": {"identifier": target}}] if target else []


def _labels(card: Kept, document: Document) -> list[Json]:
    """As they stand: the patient may have masked the document, or taken the sender's mask off."""
    masked = card.masked_by_patient or MASK in card.codes
    codes = [code for code in document.confidentiality if code != MASK]
    codes = [*(codes or ["N"]), *([MASK] if masked else [])]
    return [concept(code, system_of_label(code)) or {} for code in codes]


def system_of_label(code: str) -> str:
    """Codes of HL7 v3 Confidentiality have one letter."""
    return CONFIDENTIALITY if len(code) == 1 else VISIBILITY


def _content(identifier: str, document: Document) -> Json:
    attachment = {
        "contentType": code_of(document.mime_type),
        "language": code_of(document.language),
        "url": f"Binary/{identifier}",
        "size": document.size,
        "hash": base64.b64encode(bytes.fromhex(document.sha1)).decode(),
        "title": document.title,
        "creation": date_time(document.creation_time),
    }
    return {"attachment": attachment, "format": _format(document.format_code)}


def _format(code: str | None) -> Json | None:
    found = code_of(code)
    return {"code": found} if found else None


def _context(document: Document) -> Json:
    patient = subject_of(document)
    return {
        "event": [concept(code, None) for code in document.event_codes],
        "period": {
            "start": date_time(document.service_start),
            "end": date_time(document.service_stop),
        },
        "facilityType": concept(document.facility_type, SECTOR_SYSTEM),
        "practiceSetting": concept(document.practice_setting, PRACTICE_SYSTEM),
        "sourcePatientInfo": patient,
        "related": [{"identifier": identifier_of(one)} for one in document.related],
    }


def binary(document: str, mime_type: str, body: bytes) -> bytes:
    """A Binary resource: the document's own bytes in base64."""
    from fhir.resources.R4B.binary import Binary

    data = base64.b64encode(body).decode()
    kind = code_of(mime_type) or "application/octet-stream"
    made = {"resourceType": "Binary", "id": document, "contentType": kind, "data": data}
    return json_of(Binary, made)


def outcome(code: str, diagnostics: str, *, severity: str = "error", where: str = "") -> bytes:
    """An OperationOutcome of one issue; `diagnostics` never holds patient data."""
    return outcome_of([issue(code, diagnostics, severity=severity, where=where)])


def outcome_of(issues: list[Json]) -> bytes:
    from fhir.resources.R4B.operationoutcome import OperationOutcome

    return json_of(OperationOutcome, {"resourceType": "OperationOutcome", "issue": issues})


def issue(code: str, diagnostics: str, *, severity: str = "error", where: str = "") -> Json:
    return full(
        {
            "severity": severity,
            "code": code,
            "diagnostics": diagnostics,
            "expression": [where] if where else [],
        }
    )


def searchset(
    entries: list[bytes], *, base: str, total: int, links: Mapping[str, str], issues: list[Json]
) -> bytes:
    """A searchset Bundle around resources already made; `base` ends without a slash.

    The shell is checked by its model; the entries were, each when it was made.
    """
    from fhir.resources.R4B.bundle import Bundle

    link = [{"relation": relation, "url": url} for relation, url in links.items()]
    shell: Json = {"resourceType": "Bundle", "type": "searchset", "total": total, "link": link}
    rows = [_entry(base, one) for one in entries]
    if issues:
        rows.append(b'{"resource":' + outcome_of(issues) + b',"search":{"mode":"outcome"}}')
    whole = json_of(Bundle, shell)
    if not rows:
        return whole
    return whole[:-1] + b',"entry":[' + b",".join(rows) + b"]}"


def _entry(base: str, resource: bytes) -> bytes:
    parsed = orjson.loads(resource)
    url = f"{base}/{parsed['resourceType']}/{parsed['id']}".encode()
    return b'{"fullUrl":"' + url + b'","resource":' + resource + b',"search":{"mode":"match"}}'
