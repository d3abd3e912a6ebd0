"""ebRIM written: a SubmissionSet, its DocumentEntries and the links between them.

METADATA.XML of an archive and the answers of a registry are made of the same objects. Attributes
are those of XDM_HL7V2 section B3, values composed as CDA.md section 5 says; our own reader finds
the same metadata back. Ids are derived from what they name: no chance here.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from gateway.mapping.xdm.ebrim.displays import NOTHING_TOLD, Told, shown
from gateway.mapping.xdm.ebrim.hl7types import dtm, written
from gateway.mapping.xdm.ebrim.metadata import (
    ACTION_SLOT,
    CLASSIFICATIONS,
    IDENTIFIERS,
    LCM_ROOT,
    RIM,
    STABLE_ENTRY,
    SUBMISSION_SET,
)
from gateway.mapping.xml import Element
from gateway.records.documents.document import Action, Author, Document
from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import PatientIdentity

APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC"
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
SCHEMES = {name: scheme for scheme, name in CLASSIFICATIONS.items()}
ID_SCHEMES = {name: scheme for scheme, name in IDENTIFIERS.items()}
CONTENT_TYPES = "1.2.250.1.213.2.2"
"""JDV_J59, as messages of the DMP name it (XDS.md section 5)."""
PERSONS, STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ACTION_LETTERS = {Action.REPLACE: "C", Action.DELETE: "D"}


class Described(NamedTuple):
    """A document, the name of its file, and what its own header says of its codes."""

    document: Document
    name: str
    told: Told


def metadata_xml(
    submission: Submission, documents: Sequence[Described], sender: Author | None = None
) -> bytes:
    """`sender` is the author of the submission; where None, `submission.author` by name alone."""
    root = etree.Element(LCM_ROOT, nsmap={"lcm": _space(LCM_ROOT), "rim": _space(RIM)})
    listed = etree.SubElement(root, f"{RIM}RegistryObjectList")
    lot = urn_of(submission.unique_id or "lot")
    first = documents[0] if documents else None
    title, told = (first.document.title, first.told) if first else (None, {})
    submission_set(listed, {"id": lot}, submission, title=title, sender=sender, told=told)
    for one in documents:
        entry = urn_of(f"{lot}/{one.name}")
        beside = {"URI": one.name, ACTION_SLOT: ACTION_LETTERS.get(one.document.action)}
        document_entry(listed, {"id": entry, "status": APPROVED}, one.document, one.told, beside)
        association(listed, HAS_MEMBER, lot, entry, status="Original")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def submission_set(
    listed: Element,
    about: Mapping[str, str],
    submission: Submission,
    *,
    title: str | None,
    sender: Author | None = None,
    told: Told = NOTHING_TOLD,
    version: str | None = None,
) -> None:
    """A RegistryPackage under `listed`; `about` are its attributes, `id` among them."""
    lot = about["id"]
    package = etree.SubElement(
        listed, f"{RIM}RegistryPackage", _clean({"status": APPROVED, **about})
    )
    _slot(package, "submissionTime", dtm(submission.time))
    _name(package, title)
    _version(package, version)
    node = {"classificationNode": SUBMISSION_SET, "classifiedObject": lot}
    named = {"id": urn_of(f"{lot}#set"), "nodeRepresentation": ""}
    etree.SubElement(package, f"{RIM}Classification", node | named)
    if sender:
        _author(package, "submissionAuthor", sender, lot, 1, told)
    elif submission.author:
        block = _classified(package, "submissionAuthor", "", lot, 1)
        _slot(block, "authorPerson", f"^{written(submission.author)}")
    if submission.content_type:
        block = _classified(package, "contentTypeCode", submission.content_type, lot, 2)
        _slot(block, "codingScheme", CONTENT_TYPES)
        _name(block, submission.content_type)
    oid, _, number = (submission.patient_id or "").partition("^")
    if number:
        _identified(package, "submissionPatientId", f"{number}^^^&{oid}&ISO^NH", lot)
    _identified(package, "sourceId", submission.source_id, lot)
    _identified(package, "submissionUniqueId", submission.unique_id, lot)


def document_entry(
    listed: Element,
    about: Mapping[str, str],
    document: Document,
    told: Told,
    beside: Mapping[str, str | None],
    *,
    version: str | None = None,
) -> None:
    """An ExtrinsicObject under `listed`; `about` are its attributes, `id` among them, and `beside`
    the slots of where it stands."""
    entry = about["id"]
    usual = {"mimeType": document.mime_type, "objectType": STABLE_ENTRY}
    made = etree.SubElement(listed, f"{RIM}ExtrinsicObject", _clean(usual | dict(about)))
    patient = document.patient
    own = f"{patient.ins}^^^&{patient.ins_oid}&ISO^NH" if patient.ins else None
    local, *more = [_cx(each) for each in patient.other_ids] or [own or ""]
    legal = document.legal_authenticator
    _slot(made, "hash", document.sha1)
    _slot(made, "size", str(document.size))
    _slot(made, "creationTime", dtm(document.creation_time))
    _slot(made, "languageCode", document.language)
    if legal:
        _slot(made, "legalAuthenticator", _xcn(legal.id, legal.family, legal.given, PERSONS))
    _slot(made, "serviceStartTime", dtm(document.service_start))
    _slot(made, "serviceStopTime", dtm(document.service_stop))
    _slot(made, "sourcePatientId", local)
    _slot(made, "sourcePatientInfo", *_patient_info(patient), *(f"PID-3|{each}" for each in more))
    for name, value in beside.items():
        _slot(made, name, value)
    _name(made, document.title)
    _version(made, version)
    for number, author in enumerate(document.authors):
        _author(made, "author", author, entry, number, told)
    _codes(made, document, entry, told)
    _identified(made, "patientId", own, entry)
    _identified(made, "uniqueId", document.unique_id, entry)


def association(
    listed: Element, kind: str, source: str, target: str, *, status: str | None = None
) -> None:
    """`kind` is the whole URN; its id follows from what it links."""
    about = {"associationType": kind, "sourceObject": source, "targetObject": target}
    link = etree.SubElement(
        listed, f"{RIM}Association", about, id=association_id(kind, source, target)
    )
    _slot(link, "SubmissionSetStatus", status)


def association_id(kind: str, source: str, target: str) -> str:
    return urn_of(f"{source}>{target}" if kind == HAS_MEMBER else f"{source}>{kind}>{target}")


def _codes(made: Element, document: Document, entry: str, told: Told) -> None:
    codes: list[tuple[str, str | None]] = [
        ("classCode", document.class_code),
        ("typeCode", document.type_code),
        ("formatCode", document.format_code),
        ("healthcareFacilityTypeCode", document.facility_type),
        ("practiceSettingCode", document.practice_setting),
        *(("confidentialityCode", code) for code in document.confidentiality),
        *(("eventCodeList", code) for code in document.event_codes),
    ]
    for number, (kind, code) in enumerate(codes, 100):
        if not code:
            continue
        system, name = shown(kind, code, told)
        if kind == "typeCode":
            system, name = document.type_system, document.type_display
        block = _classified(made, kind, code, entry, number)
        _slot(block, "codingScheme", system)
        _name(block, name or code)


def _author(made: Element, kind: str, author: Author, target: str, number: int, told: Told) -> None:
    block = _classified(made, kind, "", target, number)
    if author.organization_id or author.organization_name:
        name, own = written(author.organization_name), written(author.organization_id)
        _slot(block, "authorInstitution", f"{name}^^^^^&{STRUCTURES}&ISO^IDNST^^^{own}")
    if author.kind != "organization":
        _slot(block, "authorPerson", author_person(author))
    _slot(block, "authorRole", author.role)
    if author.specialty:
        known = shown("specialty", author.specialty, told)
        code, name = written(author.specialty), written(known.name)
        _slot(block, "authorSpecialty", f"{code}^{name}^{known.system or ''}")


def _patient_info(patient: PatientIdentity) -> list[str]:
    birth = [written(each) for each in (patient.birth_family, patient.birth_given)]
    used = [written(each) for each in (patient.used_family, patient.used_given)]
    values = [f"PID-5|{birth[0]}^{birth[1]}^{written(patient.birth_givens)}^^^^L"]
    if any(used):
        values.append(f"PID-5|{used[0]}^{used[1]}^^^^^D")
    if patient.birth_date:
        values.append(f"PID-7|{dtm(patient.birth_date)}")
    if patient.sex:
        values.append(f"PID-8|{patient.sex}")
    if patient.birth_place:
        values.append(f"PID-11|^^^^^^BDL^^{written(patient.birth_place)}")
    return values


def _cx(local: str) -> str:
    """`root^extension` as sourcePatientId writes it."""
    oid, _, number = local.partition("^")
    return f"{written(number)}^^^&{oid}&ISO^PI"


def author_person(author: Author) -> str:
    """The XCN of an author who is no organization."""
    usual = PERSONS if author.kind == "person" and author.id else ""
    names = (author.id, author.family, author.given)
    return _xcn(*names, author.id_system or usual, author.kind)


TAILS = {"device": "U^^^RI", "patient": "D^^^NH"}


def _xcn(
    own: str | None, family: str | None, given: str | None, system: str, kind: str = "person"
) -> str:
    names = "^".join(written(each) for each in (own, family, given))
    return f"{names}^^^^^^&{system}&ISO^{TAILS.get(kind, 'D^^^IDNPS')}"


def _slot(parent: Element, name: str, *values: str | None) -> None:
    kept = [NOT_XML.sub("", value) for value in values if value]
    if kept:
        slot = etree.SubElement(parent, f"{RIM}Slot", name=name)
        listed = etree.SubElement(slot, f"{RIM}ValueList")
        for value in kept:
            etree.SubElement(listed, f"{RIM}Value").text = value


def _name(parent: Element, value: str | None) -> None:
    if value:
        name = etree.SubElement(parent, f"{RIM}Name")
        about = {LANGUAGE: "FR", "charset": "UTF8", "value": NOT_XML.sub("", value)}
        etree.SubElement(name, f"{RIM}LocalizedString", about)


def _classified(parent: Element, kind: str, code: str, target: str, number: int) -> Element:
    about = {"classificationScheme": SCHEMES[kind], "classifiedObject": target}
    about |= {"nodeRepresentation": code, "id": urn_of(f"{target}#c{number}")}
    return etree.SubElement(parent, f"{RIM}Classification", _clean(about))


def _identified(parent: Element, kind: str, value: str | None, target: str) -> None:
    if value:
        about = {"identificationScheme": ID_SCHEMES[kind], "registryObject": target}
        about |= {"value": value, "id": urn_of(f"{target}#{kind}")}
        made = etree.SubElement(parent, f"{RIM}ExternalIdentifier", _clean(about))
        owner = "XDSDocumentEntry" if kind in ("patientId", "uniqueId") else "XDSSubmissionSet"
        plain = kind.removeprefix("submission")
        _name(made, f"{owner}.{plain[0].lower()}{plain[1:]}")


def _clean(about: Mapping[str, str]) -> dict[str, str]:
    """Attributes without what XML cannot hold."""
    return {name: NOT_XML.sub("", value) for name, value in about.items()}


def _version(parent: Element, version: str | None) -> None:
    if version is not None:
        etree.SubElement(parent, f"{RIM}VersionInfo", versionName=version)


def urn_of(name: str) -> str:
    """The same name gives the same UUID (RFC 9562, version 5)."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, name)}"


def _space(tag: str) -> str:
    return tag[1:].partition("}")[0]
