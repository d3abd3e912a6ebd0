"""ebRIM written: a SubmissionSet, its DocumentEntries and the links between them.

As text: an answer has thousands of objects of sixty elements each, and text is a fifth of the work
of a tree. Each object is whole but for the prefix `rim`, which who puts it in its place declares.

METADATA.XML of an archive and the answers of a registry are made of the same objects. Attributes
are those of XDM_HL7V2 section B3, values composed as CDA.md section 5 says; our own reader finds
the same metadata back. Ids are derived from what they name: no chance here.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha1
from typing import NamedTuple

from gateway.mapping.xdm.ebrim.displays import NOTHING_TOLD, Told, shown
from gateway.mapping.xdm.ebrim.hl7types import cx_written, cxi_written, dtm, written
from gateway.mapping.xdm.ebrim.metadata import (
    ACTION_SLOT,
    CLASSIFICATIONS,
    IDENTIFIERS,
    LCM_ROOT,
    REFERENCES,
    RIM,
    STABLE_ENTRY,
    SUBMISSION_SET,
)
from gateway.mapping.xdm.ebrim.text import element, in_attribute, in_text
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
NAMESPACE = uuid.NAMESPACE_OID.bytes
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
    lot = urn_of(submission.unique_id or "lot")
    first = documents[0] if documents else None
    title, told = (first.document.title, first.told) if first else (None, {})
    listed = submission_set({"id": lot}, submission, title=title, sender=sender, told=told)
    for one in documents:
        entry = urn_of(f"{lot}/{one.name}")
        beside = {"URI": one.name, ACTION_SLOT: ACTION_LETTERS.get(one.document.action)}
        about = {"id": entry, "status": APPROVED}
        listed += document_entry(about, one.document, one.told, beside)
        listed += association(HAS_MEMBER, lot, entry, status="Original")
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{submit_objects(listed)}".encode()


def submit_objects(listed: str) -> str:
    """SubmitObjectsRequest of these objects."""
    spaces = f'xmlns:lcm="{_space(LCM_ROOT)}" xmlns:rim="{_space(RIM)}"'
    inside = element("RegistryObjectList", {}, listed)
    return f"<lcm:SubmitObjectsRequest {spaces}>{inside}</lcm:SubmitObjectsRequest>"


def submission_set(
    about: Mapping[str, str],
    submission: Submission,
    *,
    title: str | None,
    sender: Author | None = None,
    told: Told = NOTHING_TOLD,
    version: str | None = None,
) -> str:
    """A RegistryPackage; `about` are its attributes, `id` among them."""
    lot = about["id"]
    node = {"classificationNode": SUBMISSION_SET, "classifiedObject": lot}
    named = {"id": urn_of(f"{lot}#set"), "nodeRepresentation": ""}
    inside = [
        _slot("submissionTime", dtm(submission.time)),
        _name(title),
        _version(version),
        element("Classification", node | named),
    ]
    if sender:
        inside.append(_author("submissionAuthor", sender, lot, 1, told))
    elif submission.author:
        person = _slot("authorPerson", f"^{written(submission.author)}")
        inside.append(_classified("submissionAuthor", "", lot, 1, person))
    if submission.content_type:
        kind = submission.content_type
        block = _slot("codingScheme", CONTENT_TYPES) + _name(kind)
        inside.append(_classified("contentTypeCode", kind, lot, 2, block))
    oid, _, number = (submission.patient_id or "").partition("^")
    if number:
        inside.append(_identified("submissionPatientId", f"{number}^^^&{oid}&ISO^NH", lot))
    inside.append(_identified("sourceId", submission.source_id, lot))
    inside.append(_identified("submissionUniqueId", submission.unique_id, lot))
    return element("RegistryPackage", {"status": APPROVED, **about}, "".join(inside))


def document_entry(
    about: Mapping[str, str],
    document: Document,
    told: Told,
    beside: Mapping[str, str | None],
    *,
    version: str | None = None,
) -> str:
    """An ExtrinsicObject; `about` are its attributes, `id` among them, and `beside` the slots of
    where it stands."""
    entry = about["id"]
    usual = {"mimeType": document.mime_type, "objectType": STABLE_ENTRY}
    patient = document.patient
    own = f"{patient.ins}^^^&{patient.ins_oid}&ISO^NH" if patient.ins else None
    inside = [
        *_slots(document, own),
        *(_slot(name, value) for name, value in beside.items()),
        _name(document.title),
        _version(version),
        *(_author("author", one, entry, at, told) for at, one in enumerate(document.authors)),
        *_codes(document, entry, told),
        _identified("patientId", own, entry),
        _identified("uniqueId", document.unique_id, entry),
    ]
    return element("ExtrinsicObject", usual | dict(about), "".join(inside))


def _slots(document: Document, own: str | None) -> Iterator[str]:
    """`own` is the patientId."""
    patient, legal = document.patient, document.legal_authenticator
    local, *more = [cx_written(each) for each in patient.other_ids] or [own or ""]
    yield _slot("hash", document.sha1)
    yield _slot("size", str(document.size))
    yield _slot("creationTime", dtm(document.creation_time))
    yield _slot("languageCode", document.language)
    if legal:
        yield _slot("legalAuthenticator", _xcn(legal.id, legal.family, legal.given, PERSONS))
    yield _slot("serviceStartTime", dtm(document.service_start))
    yield _slot("serviceStopTime", dtm(document.service_stop))
    yield _slot("sourcePatientId", local)
    yield _slot("sourcePatientInfo", *_patient_info(patient), *(f"PID-3|{one}" for one in more))
    yield _slot(REFERENCES, *map(cxi_written, document.related))


def association(
    kind: str,
    source: str,
    target: str,
    *,
    status: str | None = None,
    slots: Sequence[tuple[str, str]] = (),
) -> str:
    """`kind` is the whole URN; its id follows from what it links."""
    about = {"id": association_id(kind, source, target), "associationType": kind}
    about |= {"sourceObject": source, "targetObject": target}
    inside = [_slot("SubmissionSetStatus", status)]
    inside += [_slot(name, value) for name, value in slots]
    return element("Association", about, "".join(inside))


def association_id(kind: str, source: str, target: str) -> str:
    return urn_of(f"{source}>{target}" if kind == HAS_MEMBER else f"{source}>{kind}>{target}")


def _codes(document: Document, entry: str, told: Told) -> Iterator[str]:
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
        inside = _slot("codingScheme", system) + _name(name or code)
        yield _classified(kind, code, entry, number, inside)


def _author(kind: str, author: Author, target: str, number: int, told: Told) -> str:
    inside = []
    if author.organization_id or author.organization_name:
        name, own = written(author.organization_name), written(author.organization_id)
        house = f"{name}^^^^^&{STRUCTURES}&ISO^IDNST^^^{own}"
        inside.append(_slot("authorInstitution", house))
    if author.kind != "organization":
        inside.append(_slot("authorPerson", author_person(author)))
    inside.append(_slot("authorRole", author.role))
    if author.specialty:
        known = shown("specialty", author.specialty, told)
        code, name = written(author.specialty), written(known.name)
        inside.append(_slot("authorSpecialty", f"{code}^{name}^{known.system or ''}"))
    return _classified(kind, "", target, number, "".join(inside))


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


def _slot(name: str, *values: str | None) -> str:
    """`name` is a word of ours."""
    texts = [in_text(value) for value in values if value]
    kept = "".join([f"<rim:Value>{text}</rim:Value>" for text in texts if text])
    if not kept:
        return ""
    return f'<rim:Slot name="{name}"><rim:ValueList>{kept}</rim:ValueList></rim:Slot>'


def _name(value: str | None) -> str:
    if not value:
        return ""
    told = f'xml:lang="FR" charset="UTF8" value="{in_attribute(value)}"'
    return f"<rim:Name><rim:LocalizedString {told}/></rim:Name>"


def _classified(kind: str, code: str, target: str, number: int, inside: str) -> str:
    told = (
        f'<rim:Classification classificationScheme="{SCHEMES[kind]}"'
        f' classifiedObject="{in_attribute(target)}" nodeRepresentation="{in_attribute(code)}"'
        f' id="{urn_of(f"{target}#c{number}")}"'
    )
    return f"{told}>{inside}</rim:Classification>" if inside else f"{told}/>"


def _identified(kind: str, value: str | None, target: str) -> str:
    if not value:
        return ""
    about = {
        "identificationScheme": ID_SCHEMES[kind],
        "registryObject": target,
        "value": value,
        "id": urn_of(f"{target}#{kind}"),
    }
    owner = "XDSDocumentEntry" if kind in ("patientId", "uniqueId") else "XDSSubmissionSet"
    plain = kind.removeprefix("submission")
    name = _name(f"{owner}.{plain[0].lower()}{plain[1:]}")
    return element("ExternalIdentifier", about, name)


def _version(version: str | None) -> str:
    return "" if version is None else element("VersionInfo", {"versionName": version})


def urn_of(name: str) -> str:
    """The same name gives the same UUID (RFC 9562, version 5); a third of what `uuid5` costs."""
    octets = sha1(NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16]
    made = octets[:6] + bytes([octets[6] & 0x0F | 0x50, octets[7], octets[8] & 0x3F | 0x80])
    told = (made + octets[9:]).hex()
    return f"urn:uuid:{told[:8]}-{told[8:12]}-{told[12:16]}-{told[16:20]}-{told[20:]}"


def _space(tag: str) -> str:
    return tag[1:].partition("}")[0]
