"""METADATA.XML written: a SubmissionSet, its DocumentEntries and the links between them.

Attributes are those of XDM_HL7V2 section B3, values composed as CDA.md section 5 says; our own
reader finds the same metadata back. Ids are derived from what they name: no chance here.
"""

import re
import uuid
from collections.abc import Sequence

from lxml import etree

from gateway.mapping.labels import class_display_of
from gateway.mapping.xdm.hl7types import dtm
from gateway.mapping.xdm.metadata import (
    ACTION_SLOT,
    CLASSIFICATIONS,
    IDENTIFIERS,
    LCM_ROOT,
    RIM,
    STABLE_ENTRY,
    SUBMISSION_SET,
)
from gateway.mapping.xml import Element
from gateway.records.document import Action, Author, Document
from gateway.records.patient import PatientIdentity
from gateway.records.understanding import Submission

APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
SCHEMES = {name: scheme for scheme, name in CLASSIFICATIONS.items()}
ID_SCHEMES = {name: scheme for scheme, name in IDENTIFIERS.items()}
CLASS_SYSTEM = "1.2.250.1.213.1.1.4.1"
FORMAT_SYSTEM = "1.2.250.1.213.1.1.4.2.282"
HL7_CONFIDENTIALITY, VISIBILITY = "2.16.840.1.113883.5.25", "1.2.250.1.213.1.1.4.13"
FACILITY_SYSTEM, SETTING_SYSTEM = "1.2.250.1.71.4.2.4", "1.2.250.1.213.1.1.4.9"
SPECIALTY_SYSTEM = "1.2.250.1.213.1.1.4.5"
PERSONS, STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
EVENT_SYSTEMS = (
    (re.compile(r"\d{1,6}-\d"), "2.16.840.1.113883.6.1"),
    (re.compile(r"[A-Z]{4}\d{3}"), "1.2.250.1.213.2.5"),
    (re.compile(r"[A-Z]\d\d(\.\d+)?"), "2.16.840.1.113883.6.3"),
)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ACTION_LETTERS = {Action.REPLACE: "C", Action.DELETE: "D"}


def metadata_xml(submission: Submission, documents: Sequence[tuple[Document, str]]) -> bytes:
    """`documents` come with the file name of each."""
    root = etree.Element(LCM_ROOT, nsmap={"lcm": _space(LCM_ROOT), "rim": _space(RIM)})
    listed = etree.SubElement(root, f"{RIM}RegistryObjectList")
    lot = _urn(submission.unique_id or "lot")
    _package(listed, lot, submission, documents[0][0].title if documents else None)
    for document, name in documents:
        entry = _urn(f"{lot}/{name}")
        _entry(listed, entry, document, name)
        _link(listed, lot, entry)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _package(listed: Element, lot: str, submission: Submission, title: str | None) -> None:
    package = etree.SubElement(listed, f"{RIM}RegistryPackage", id=lot, status=APPROVED)
    _slot(package, "submissionTime", dtm(submission.time))
    _name(package, title)
    node = {"classificationNode": SUBMISSION_SET, "classifiedObject": lot}
    etree.SubElement(package, f"{RIM}Classification", node, id=f"{lot}-set", nodeRepresentation="")
    if submission.author:
        block = _classified(package, "submissionAuthor", "", lot, 1)
        _slot(block, "authorPerson", f"^{_escaped(submission.author)}")
    if submission.content_type:
        block = _classified(package, "contentTypeCode", submission.content_type, lot, 2)
        _slot(block, "codingScheme", "1.2.250.1.213.1.1.4.22")
    oid, _, number = (submission.patient_id or "").partition("^")
    if number:
        _identified(package, "submissionPatientId", f"{number}^^^&{oid}&ISO^NH", lot)
    _identified(package, "sourceId", submission.source_id, lot)
    _identified(package, "submissionUniqueId", submission.unique_id, lot)


def _entry(listed: Element, entry: str, document: Document, name: str) -> None:
    about = {"mimeType": document.mime_type, "objectType": STABLE_ENTRY, "status": APPROVED}
    made = etree.SubElement(listed, f"{RIM}ExtrinsicObject", about, id=entry)
    patient = document.patient
    own = f"{patient.ins}^^^&{patient.ins_oid}&ISO^NH" if patient.ins else None
    local = next(iter(patient.other_ids), "").partition("^")
    legal = document.legal_authenticator
    _slot(made, "hash", document.sha1)
    _slot(made, "size", str(document.size))
    _slot(made, "URI", name)
    _slot(made, "creationTime", dtm(document.creation_time))
    _slot(made, "languageCode", document.language)
    if legal:
        _slot(made, "legalAuthenticator", _xcn(legal.id, legal.family, legal.given))
    _slot(made, "serviceStartTime", dtm(document.service_start))
    _slot(made, "serviceStopTime", dtm(document.service_stop))
    _slot(made, "sourcePatientId", f"{local[2]}^^^&{local[0]}&ISO^PI" if local[2] else own)
    _slot(made, "sourcePatientInfo", *_patient_info(patient))
    _slot(made, ACTION_SLOT, ACTION_LETTERS.get(document.action))
    _name(made, document.title)
    for number, author in enumerate(document.authors):
        _author(made, author, entry, number)
    _codes(made, document, entry)
    _identified(made, "patientId", own, entry)
    _identified(made, "uniqueId", document.unique_id, entry)


def _codes(made: Element, document: Document, entry: str) -> None:
    shown = class_display_of(document.class_code)
    rows: list[tuple[str, str | None, str | None, str | None]] = [
        ("classCode", document.class_code, CLASS_SYSTEM, shown),
        ("typeCode", document.type_code, document.type_system, document.type_display),
        ("formatCode", document.format_code, FORMAT_SYSTEM, None),
        ("healthcareFacilityTypeCode", document.facility_type, FACILITY_SYSTEM, None),
        ("practiceSettingCode", document.practice_setting, SETTING_SYSTEM, None),
    ]
    for code in document.confidentiality:
        scheme = HL7_CONFIDENTIALITY if len(code) == 1 else VISIBILITY
        rows.append(("confidentialityCode", code, scheme, None))
    rows.extend(("eventCodeList", code, _event_system(code), None) for code in document.event_codes)
    for number, (kind, value, system, label) in enumerate(rows, 100):
        if value:
            block = _classified(made, kind, value, entry, number)
            _slot(block, "codingScheme", system)
            _name(block, label or value)


def _author(made: Element, author: Author, entry: str, number: int) -> None:
    block = _classified(made, "author", "", entry, number)
    if author.organization_id or author.organization_name:
        name, own = _escaped(author.organization_name), author.organization_id or ""
        _slot(block, "authorInstitution", f"{name}^^^^^&{STRUCTURES}&ISO^IDNST^^^{own}")
    if author.kind == "device":
        device = _xcn(author.id, author.family, author.given)
        _slot(block, "authorPerson", device.replace("^D^^^IDNPS", "^U^^^RI"))
    elif author.kind == "patient":
        person = _xcn(author.id, author.family, author.given, author.id_system or "")
        _slot(block, "authorPerson", person.replace("^IDNPS", "^NH"))
    elif author.kind == "person":
        _slot(block, "authorPerson", _xcn(author.id, author.family, author.given))
    _slot(block, "authorRole", author.role)
    if author.specialty:
        _slot(block, "authorSpecialty", f"{author.specialty}^^{SPECIALTY_SYSTEM}")


def _patient_info(patient: PatientIdentity) -> list[str]:
    birth = [_escaped(each) for each in (patient.birth_family, patient.birth_given)]
    used = [_escaped(each) for each in (patient.used_family, patient.used_given)]
    values = [f"PID-5|{birth[0]}^{birth[1]}^{_escaped(patient.birth_givens)}^^^^L"]
    if any(used):
        values.append(f"PID-5|{used[0]}^{used[1]}^^^^^D")
    if patient.birth_date:
        values.append(f"PID-7|{dtm(patient.birth_date)}")
    if patient.sex:
        values.append(f"PID-8|{patient.sex}")
    if patient.birth_place:
        values.append(f"PID-11|^^^^^^BDL^^{patient.birth_place}")
    return values


def _xcn(own: str | None, family: str | None, given: str | None, system: str = PERSONS) -> str:
    names = "^".join(_escaped(each) for each in (own, family, given))
    return f"{names}^^^^^^&{system}&ISO^D^^^IDNPS"


def _escaped(value: str | None) -> str:
    """Separators of HL7v2 inside a value would make components of it."""
    return re.sub(r"[\^&|~]", " ", value or "").strip()


def _event_system(code: str) -> str | None:
    return next((oid for shape, oid in EVENT_SYSTEMS if shape.fullmatch(code)), None)


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
        about = {"charset": "UTF8", "value": NOT_XML.sub("", value)}
        etree.SubElement(name, f"{RIM}LocalizedString", about)


def _classified(parent: Element, kind: str, code: str, target: str, number: int) -> Element:
    about = {"classificationScheme": SCHEMES[kind], "classifiedObject": target}
    about |= {"nodeRepresentation": code, "id": f"{target}-c{number}"}
    return etree.SubElement(parent, f"{RIM}Classification", about)


def _identified(parent: Element, kind: str, value: str | None, target: str) -> None:
    if value:
        about = {"identificationScheme": ID_SCHEMES[kind], "registryObject": target}
        about |= {"value": value, "id": f"{target}-{kind}"}
        made = etree.SubElement(parent, f"{RIM}ExternalIdentifier", about)
        owner = "XDSDocumentEntry" if kind in ("patientId", "uniqueId") else "XDSSubmissionSet"
        plain = kind.removeprefix("submission")
        _name(made, f"{owner}.{plain[0].lower()}{plain[1:]}")


def _link(listed: Element, lot: str, entry: str) -> None:
    about = {"associationType": HAS_MEMBER, "sourceObject": lot, "targetObject": entry}
    link = etree.SubElement(listed, f"{RIM}Association", about, id=_urn(f"{lot}>{entry}"))
    _slot(link, "SubmissionSetStatus", "Original")


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, name)}"


def _space(tag: str) -> str:
    return tag[1:].partition("}")[0]
