"""The header of a CDA as the words of XDS DocumentEntry (CDA.md section 5)."""

import hashlib

from gateway.mapping.cda.header.people import (
    authors_of,
    custodian_of,
    legal_authenticator_of,
    patient_of,
)
from gateway.mapping.cda.nodes import attribute, every, first, identifier, text_of
from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.labels import (
    Labelled,
    class_of,
    display_of,
    fields_of,
    format_of,
    label_of,
)
from gateway.mapping.labels.clues import Gather, Origin
from gateway.mapping.xml import Element
from gateway.records.documents.document import Action, Attachment, BodyKind, Document

IMAGING_REPORT = "1.2.250.1.213.1.1.1.45"
FORMAT_BY_MEDIA = {
    "application/pdf": "urn:ihe:iti:xds-sd:pdf:2008",
    "text/plain": "urn:ihe:iti:xds-sd:text:2008",
    "image/jpeg": "urn:ihe:iti-fr:xds-sd:jpeg:2010",
    "image/tiff": "urn:ihe:iti-fr:xds-sd:tiff:2010",
    "text/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
    "application/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
}


def document_of(
    root: Element,
    data: bytes,
    *,
    body: BodyKind | None,
    media_type: str | None,
    attachments: tuple[Attachment, ...],
    gather: Gather,
) -> Document:
    """All fields that a ClinicalDocument tells; absent ones stay None.

    `media_type` is that of a level 1 body, None for a structured one; `gather` is how the label
    asks for what the body says.
    """
    templates = [node.get("root", "") for node in every(root, "templateId")]
    code = first(root, "code")
    type_code = attribute(code, "code")
    title = text_of(root, "title")
    authors = authors_of(root)
    format_code = FORMAT_BY_MEDIA.get(media_type) if media_type else format_of(templates)
    replaced = _replaced(root)
    event = _documented_act(root)
    return Document(
        patient=patient_of(root),
        action=Action.REPLACE if replaced is not None else Action.CREATE,
        type_code=type_code,
        type_system=attribute(code, "codeSystem"),
        type_display=attribute(code, "displayName") or display_of(type_code),
        class_code=class_of(type_code),
        format_code=format_code,
        title=title,
        **fields_of(_labelled(code, title, Origin(format_code, authors), gather)),
        unique_id=identifier(first(root, "id")),
        set_id=identifier(first(root, "setId")),
        version=attribute(root, "value", "versionNumber"),
        replaces=identifier(first(replaced, "parentDocument/id")),
        confidentiality=_codes(every(root, "confidentialityCode")),
        language=attribute(root, "code", "languageCode"),
        creation_time=iso_of(attribute(root, "value", "effectiveTime")),
        service_start=iso_of(attribute(event, "value", "effectiveTime/low")),
        service_stop=iso_of(attribute(event, "value", "effectiveTime/high")),
        event_codes=_event_codes(root, translated=IMAGING_REPORT in templates),
        practice_setting=_practice_setting(event),
        facility_type=attribute(
            root,
            "code",
            "componentOf/encompassingEncounter/location/healthCareFacility/code",
        ),
        body=body,
        size=len(data),
        sha1=hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
        attachments=attachments,
        authors=authors,
        custodian=custodian_of(root),
        legal_authenticator=legal_authenticator_of(root),
    )


def _labelled(code: Element | None, title: str | None, origin: Origin, gather: Gather) -> Labelled:
    type_code = attribute(code, "code")
    return label_of(
        type_code,
        class_of(type_code),
        title,
        type_system=attribute(code, "codeSystem"),
        type_display=attribute(code, "displayName"),
        origin=origin,
        gather=gather,
    )


def _codes(nodes: list[Element]) -> tuple[str, ...]:
    """A code beside a nullFlavor is none: its author says not to give the value (MSK, NI)."""
    told = (node for node in nodes if not node.get("nullFlavor"))
    return tuple(code for node in told if (code := attribute(node, "code")))


def _replaced(root: Element) -> Element | None:
    for node in every(root, "relatedDocument"):
        if node.get("typeCode") == "RPLC":
            return node
    return None


def _documented_act(root: Element) -> Element | None:
    """The first serviceEvent that has a performer."""
    for node in every(root, "documentationOf/serviceEvent"):
        if first(node, "performer") is not None:
            return node
    return None


def _practice_setting(event: Element | None) -> str | None:
    """That of the performer PRF (H19), else of the first who has one."""
    performers = every(event, "performer")
    principal = [one for one in performers if one.get("typeCode") == "PRF"]
    path = "assignedEntity/representedOrganization/standardIndustryClassCode"
    found = (attribute(one, "code", path) for one in (*principal, *performers))
    return next(filter(None, found), None)


def _event_codes(root: Element, *, translated: bool) -> tuple[str, ...]:
    """Codes of all serviceEvents, in order; imaging adds act, modality and region."""
    codes: list[str] = []
    for node in every(root, "documentationOf/serviceEvent/code"):
        own = attribute(node, "code")
        if own:
            codes.append(own)
        if own and translated:
            codes.extend(_codes(every(node, "translation")))
    return tuple(codes)
