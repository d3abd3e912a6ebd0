"""DocumentReference to a Document: the mapping of PDSm Comprehensive (FHIR.md section 3)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from gateway.mapping.cda import CdaReading, read_cda
from gateway.mapping.fhir.findings import hold
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.room import Room
from gateway.mapping.fhir.taken.resources.payload import Payload, attachment_payload
from gateway.mapping.fhir.taken.resources.people import (
    author_of,
    custodian_of,
    identity_of,
    legal_of,
)
from gateway.mapping.fhir.taken.resources.relations import replaced
from gateway.mapping.fhir.taken.resources.secrecy import labels_of
from gateway.mapping.fhir.types import kind_of
from gateway.mapping.fhir.values import (
    chosen_code,
    codings,
    obj,
    objs,
    text,
    unique_id,
    utc,
)
from gateway.mapping.files.enclosed import PDF_START, header_held, read_single, text_signs
from gateway.mapping.labels import class_of, labelled
from gateway.mapping.labels.own import PAPER_SYSTEM, PAPERS
from gateway.records.documents.document import CDA_TYPES, Action, BodyKind, Document
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import Reading
from gateway.records.patients.patient import PatientIdentity

CLASS_SYSTEMS = ("TRE_A03", "TRE-A03", "JDV_J06", "1.2.250.1.213.1.1.4.1")
PDF = "application/pdf"
MAX_UNSIGNED = 2_147_483_647
GAPS = (
    "unique_id",
    "title",
    "language",
    "creation_time",
    "service_start",
    "service_stop",
    "type_code",
    "type_system",
    "type_display",
    "class_code",
    "format_code",
    "practice_setting",
    "facility_type",
    "replaces",
    "event_codes",
    "custodian",
    "legal_authenticator",
    "authors",
)
"""What the CDA inside fills where the reference is silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referenced:
    """One content of a DocumentReference; `body` is empty when the bytes are not here."""

    document: Document
    body: bytes
    payload: Payload
    words: str
    inside: CdaReading | None = None
    findings: tuple[Finding, ...] = ()
    observations: tuple[Observation, ...] = field(default=())


def read_references(
    resource: Json, room: Room, reading: Reading, *, where: str, in_bundle: bool
) -> Iterator[Referenced]:
    """One Referenced for each content of what stands at `where`; MHD allows one, R4 several."""
    described = describe(resource, room)
    for number, content in enumerate(objs(resource, "content")):
        place = f"{where}.content[{number}].attachment"
        attachment = obj(content, "attachment")
        payload = attachment_payload(attachment, room, where=place, in_bundle=in_bundle)
        document = _with_attachment(described, content, payload)
        yield _with_body(document, payload, reading, place)


def patients_of(resource: Json, room: Room) -> list[Json]:
    """All that the subject and the sourcePatientInfo say of the patient."""
    references = (obj(resource, "subject"), obj(resource, "context", "sourcePatientInfo"))
    return [found for one in references for found in room.resolved(one, resource)]


def describe(resource: Json, room: Room) -> Document:
    """All that does not depend on the content."""
    context = obj(resource, "context")
    kind = kind_of(resource.get("type"))
    class_code = class_said(resource) or class_of(kind.code)
    target = replaced(resource, room)
    authors = objs(resource, "author")
    return Document(
        patient=identity_of(*patients_of(resource, room)),
        action=Action.REPLACE if target else Action.CREATE,
        type_code=kind.code,
        type_system=kind.system,
        type_display=kind.display,
        class_code=class_code,
        unique_id=unique_id(resource.get("masterIdentifier")),
        replaces=target,
        confidentiality=labels_of(resource),
        creation_time=utc(resource.get("date")),
        service_start=utc(obj(context, "period").get("start")),
        service_stop=utc(obj(context, "period").get("end")),
        event_codes=tuple(filter(None, map(chosen_code, objs(context, "event")))),
        practice_setting=chosen_code(context.get("practiceSetting")),
        facility_type=chosen_code(context.get("facilityType")),
        authors=tuple(author_of(one, resource, room) for one in authors),
        custodian=custodian_of(obj(resource, "custodian"), resource, room),
        legal_authenticator=legal_of(obj(resource, "authenticator"), resource, room),
        identifiers=tuple(filter(None, map(unique_id, objs(resource, "identifier")))),
        related=tuple(filter(None, map(unique_id, _related(context)))),
        comments=text(resource, "description"),
        paper=_paper(resource),
    )


def _with_attachment(described: Document, content: Json, payload: Payload) -> Document:
    attachment, body = obj(content, "attachment"), payload.body
    known: bytes = body or b""
    document = replace(
        described,
        title=text(attachment, "title"),
        language=text(attachment, "language"),
        creation_time=utc(attachment.get("creation")) or described.creation_time,
        format_code=text(content, "format", "code"),
        mime_type=payload.mime_type,
        size=len(known) if body is not None else _claimed(attachment.get("size")),
        sha1=hashlib.sha1(known, usedforsecurity=False).hexdigest() if body is not None else "",
        sha256=hashlib.sha256(known).hexdigest() if body is not None else "",
        hash_ok=payload.hash_ok,
        size_ok=payload.size_ok,
    )
    return labelled(document)


def _claimed(size: object) -> int:
    """What an `unsignedInt` (FHIR R4 datatypes) says; 0 for anything else."""
    if not isinstance(size, int) or isinstance(size, bool):
        return 0
    return size if 0 <= size <= MAX_UNSIGNED else 0


def _with_body(document: Document, payload: Payload, reading: Reading, where: str) -> Referenced:
    title = _told(document)
    body = payload.body
    if body is None:
        return Referenced(
            document=document, body=b"", payload=payload, words=title, findings=payload.findings
        )
    if payload.mime_type in CDA_TYPES:
        inside = read_cda(body, reading)
        return Referenced(
            document=_completed(document, inside),
            body=body,
            payload=payload,
            words=f"{title} {inside.words}".strip(),
            inside=inside,
            findings=(*payload.findings, *header_held(inside.findings)),
            observations=tuple(inside.observations),
        )
    kind, found = read_single(payload.mime_type, body)
    placed = tuple(replace(one, where=where) for one in found)
    if payload.mime_type == PDF and not body.startswith(PDF_START):
        message = "The bytes are no PDF: name the type that they are."
        placed += (hold("not-pdf", f"{where}.contentType", message),)
    return Referenced(
        document=labelled(replace(document, body=kind), partial(text_signs, kind, body)),
        body=body,
        payload=payload,
        words=title if kind is not BodyKind.TEXT else f"{title} {body.decode('utf-8', 'replace')}",
        findings=(*payload.findings, *placed),
    )


def _told(document: Document) -> str:
    """What is told of it in words, to be searched."""
    paper = PAPERS.get(document.paper or "")
    return " ".join(part for part in (document.title, document.comments, paper) if part)


def _completed(document: Document, read: CdaReading) -> Document:
    """What only the CDA says: versions, body, files inside, and every gap of the reference."""
    inside = read.document
    if inside is None:
        return document
    filled = {name: getattr(document, name) or getattr(inside, name) for name in GAPS}
    document = replace(
        document,
        **filled,
        set_id=inside.set_id,
        version=inside.version,
        body=inside.body,
        attachments=inside.attachments,
        patient=_joined(document.patient, inside.patient),
    )
    return labelled(document, read.gather)


def _joined(own: PatientIdentity, inside: PatientIdentity) -> PatientIdentity:
    """A bare INS takes its traits from the CDA of the same INS."""
    if own.ins is None:
        return inside
    same = (own.ins, own.ins_oid) == (inside.ins, inside.ins_oid)
    return inside if same and not own.birth_family else own


def class_said(resource: Json) -> str | None:
    """The class that its category is, where it is one of the NOS."""
    for concept in objs(resource, "category"):
        for coding in codings(concept):
            if any(name in (text(coding, "system") or "") for name in CLASS_SYSTEMS):
                return text(coding, "code")
    return None


def _paper(resource: Json) -> str | None:
    """The kind of an administrative paper, where its category is one of ours."""
    for concept in objs(resource, "category"):
        for coding in codings(concept):
            if text(coding, "system") == PAPER_SYSTEM:
                code = text(coding, "code")
                return code if code in PAPERS else None
    return None


def _related(context: Json) -> list[Json]:
    """What is named by its identifier (XDS referenceIdList); what is referenced is not here."""
    return [obj(one, "identifier") for one in objs(context, "related")]
