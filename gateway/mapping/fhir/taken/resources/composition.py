"""A FHIR document (Bundle of type document): the Composition is its header, the Bundle its body."""

import hashlib

from gateway.mapping.fhir.findings import foreign_profile_held
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.bundle import entries_of, mistaken_findings, resources
from gateway.mapping.fhir.taken.bundles.room import Room, room_of
from gateway.mapping.fhir.taken.resources.agreement import person_findings, subject_findings
from gateway.mapping.fhir.taken.resources.dates import date_findings
from gateway.mapping.fhir.taken.resources.measures import read_observation
from gateway.mapping.fhir.taken.resources.people import (
    author_of,
    custodian_of,
    identity_of,
    identity_status,
    legal_of,
)
from gateway.mapping.fhir.taken.resources.relations import relation_findings, replaced
from gateway.mapping.fhir.taken.resources.secrecy import (
    confidentiality_findings,
    confidentiality_of,
)
from gateway.mapping.fhir.types import kind_of
from gateway.mapping.fhir.values import (
    codings,
    first_coding,
    obj,
    objs,
    text,
    unique_id,
    utc,
)
from gateway.mapping.identity import identity_findings
from gateway.mapping.labels import class_of, labelled
from gateway.mapping.labels.clues import MAX_SECTIONS, Signs
from gateway.records.documents.document import Action, BodyKind, Document
from gateway.records.intake.finding import Finding, verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content, Format, Piece, Understanding

MIME_TYPE = "application/fhir+json"


def read_document_bundle(
    bundle: Json, raw: bytes, reading: Reading, findings: list[Finding]
) -> Understanding:
    """One document whose own bytes are the whole input."""
    room = room_of(entries_of(bundle))
    composition = next(iter(resources(bundle, "Composition")), {})
    document = _document(bundle, composition, room, raw)
    patients = room.resolved(obj(composition, "subject"), composition)
    findings = [*findings, *person_findings(patients, "Composition.subject")]
    findings.extend(mistaken_findings(composition, "status", "Composition"))
    findings.extend(subject_findings(entries_of(bundle), room, patients))
    findings.extend(date_findings(composition, "Composition"))
    findings.extend(confidentiality_findings(composition))
    findings.extend(relation_findings(composition, room, "Composition"))
    for one in identity_findings(
        document.patient,
        status=identity_status(*patients),
        profile=reading.profile,
        where="Composition.subject",
    ):
        findings.append(foreign_profile_held(one))
    results = tuple(read_observation(one) for one in resources(bundle, "Observation"))
    words = " ".join([document.title or "", *_sections(composition)])
    return Understanding(
        format=Format.FHIR,
        verdict=verdict_of(findings),
        findings=tuple(findings),
        documents=(document,),
        contents=(Content(body=raw, words=words, piece=Piece(0, len(raw), base64=False)),),
        observations=(results,),
        results=len(results),
    )


def _document(bundle: Json, composition: Json, room: Room, raw: bytes) -> Document:
    kind = kind_of(composition.get("type"))
    event = next(iter(objs(composition, "event")), {})
    attesters = [one for one in objs(composition, "attester") if one.get("mode") == "legal"]
    target = replaced(composition, room)
    document = Document(
        patient=identity_of(*room.resolved(obj(composition, "subject"), composition)),
        action=Action.REPLACE if target else Action.CREATE,
        type_code=kind.code,
        type_system=kind.system,
        type_display=kind.display,
        class_code=class_of(kind.code),
        title=text(composition, "title"),
        unique_id=unique_id(bundle.get("identifier")),
        set_id=unique_id(composition.get("identifier")),
        replaces=target,
        confidentiality=confidentiality_of(composition, bundle),
        language=text(composition, "language") or text(bundle, "language"),
        creation_time=utc(composition.get("date")),
        service_start=utc(obj(event, "period").get("start")),
        service_stop=utc(obj(event, "period").get("end")),
        event_codes=tuple(
            code
            for concept in objs(event, "code")
            for one in codings(concept)
            if (code := text(one, "code"))
        ),
        mime_type=MIME_TYPE,
        body=BodyKind.FHIR,
        size=len(raw),
        sha1=hashlib.sha1(raw, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(raw).hexdigest(),
        authors=tuple(author_of(one, composition, room) for one in objs(composition, "author")),
        custodian=custodian_of(obj(composition, "custodian"), composition, room),
        legal_authenticator=legal_of(obj(next(iter(attesters), {}), "party"), composition, room),
    )
    return labelled(document, lambda: _signs(bundle, composition))


def _signs(bundle: Json, composition: Json) -> Signs:
    sections = objs(composition, "section")[:MAX_SECTIONS]
    return Signs(
        sections=tuple(
            (text(first_coding(one.get("code")), "code"), text(one, "title")) for one in sections
        ),
        results=sum(1 for _ in resources(bundle, "Observation")),
    )


def _sections(composition: Json) -> list[str]:
    return [title for one in objs(composition, "section") if (title := text(one, "title"))]
