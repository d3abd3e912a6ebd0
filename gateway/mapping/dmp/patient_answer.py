"""PRPA_IN201308UV02: what TD0.2 and TD1.3a answer of a record (XDS.md section 10).

Who may not consult hears OK or NF and that a record was closed, of the INS that he named; no
attention line, for no other value than VALIDE is known. Contact data are told to nobody: the
space has them of its owner, for its own notices.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from lxml import etree

from gateway.mapping.cda.nodes import V3, XSI, XSI_TYPE
from gateway.mapping.dmp.interaction import Identifier, PatientQuery
from gateway.mapping.dmp.output import moment, plain_text
from gateway.mapping.xml import Element
from gateway.records.patients.habilitation import Administrative, Existence
from gateway.records.patients.patient import PatientIdentity

ANSWER = "PRPA_IN201308UV02"
ACTION = f"urn:hl7-org:v3:{ANSWER}"
INTERACTIONS = "2.16.840.1.113883.1.6"
GENDERS = "2.16.840.1.113883.5.1"
ATTENTION, AUTHORISATIONS = "1.2.250.1.213.4.1.2.6.1", "1.2.250.1.213.4.1.2.6.2"
ACCOUNT, OPPOSITIONS = "1.2.250.1.213.4.1.2.9", "1.2.250.1.213.4.1.2.3"
VALID = "VALIDE"
SEXES = frozenset({"M", "F"})


class Written(NamedTuple):
    """What of an answer is ours: its id, the OID of this installation, and when it is made."""

    id: str
    device: str
    at: datetime


def patient_answer(query: PatientQuery, existence: Existence, written: Written) -> Element:
    root = etree.Element(
        f"{V3}{ANSWER}", {"ITSVersion": "XML_1.0"}, nsmap={None: V3[1:-1], "xsi": XSI}
    )
    _ii(root, "id", Identifier(written.device, written.id))
    _add(root, "creationTime", value=moment(written.at))
    _add(root, "interactionId", root=INTERACTIONS, extension=ANSWER)
    _add(root, "processingCode", code=query.processing)
    _add(root, "processingModeCode", code="T")
    _add(root, "acceptAckCode", code="NE")
    _device(root, "receiver", "RCV", query.sender)
    _device(root, "sender", "SND", Identifier(written.device))
    if existence.told is not None:
        _attention(root, existence.told)
    acknowledgement = _add(root, "acknowledgement", typeCode="AA")
    _ii(_add(acknowledgement, "targetMessage"), "id", query.message_id)
    act = _add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    if existence.exists or existence.closed:
        _subject(act, query, existence, written.device)
    acknowledged = _add(act, "queryAck")
    _ii(acknowledged, "queryId", query.query_id)
    _add(acknowledged, "queryResponseCode", code="OK" if existence.exists else "NF")
    return root


def _attention(root: Element, told: Administrative) -> None:
    line = _add(root, "attentionLine")
    _add(line, "keyWordText", code="AUTORISATION", codeSystem=ATTENTION)
    _typed(line, "CE", code=VALID, codeSystem=AUTHORISATIONS)
    line = _add(root, "attentionLine")
    _add(line, "keyWordText", code="STATUT_MT", codeSystem=ATTENTION)
    _typed(line, "BL", value=_bl(told.treating))


def _subject(act: Element, query: PatientQuery, existence: Existence, device: str) -> None:
    event = _add(_add(act, "subject", typeCode="SUBJ"), "registrationEvent")
    event.set("classCode", "REG")
    event.set("moodCode", "EVN")
    status = "terminated" if existence.closed else "active"
    _add(event, "statusCode", code=status)
    patient = _add(_add(event, "subject1", typeCode="SBJ"), "patient", classCode="PAT")
    _ii(patient, "id", Identifier(query.ins_oid, query.ins))
    _add(patient, "statusCode", code=status)
    if existence.told is not None:
        _person(patient, existence.told.identity)
        _observations(patient, existence.told)
    custodian = _add(_add(event, "custodian", typeCode="CST"), "assignedEntity")
    custodian.set("classCode", "ASSIGNED")
    _ii(custodian, "id", Identifier(device))


def _person(patient: Element, known: PatientIdentity) -> None:
    person = _add(patient, "patientPerson", classCode="PSN", determinerCode="INSTANCE")
    name = _add(person, "name")
    for part, qualifier, value in _names(known):
        _add(name, part, qualifier=qualifier).text = plain_text(value)
    if known.sex in SEXES:
        _add(person, "administrativeGenderCode", code=known.sex or "", codeSystem=GENDERS)
    if known.birth_date:
        _add(person, "birthTime", value=plain_text(known.birth_date.replace("-", "")))


def _names(known: PatientIdentity) -> Iterator[tuple[str, str, str]]:
    parts = (
        ("family", "BR", known.birth_family),
        ("family", "CL", known.used_family),
        ("given", "BR", known.birth_given),
        ("given", "CL", known.used_given),
    )
    return ((part, qualifier, value) for part, qualifier, value in parts if value)


def _observations(patient: Element, told: Administrative) -> None:
    """Every record here is that of a space: it is attached to one by nature."""
    emergency = told.emergency
    for code, system, value in (
        ("COMPTE_INTERNET_OUVERT", ACCOUNT, told.activated),
        ("RATTACHEMENT_ENS", "", True),
        ("OPPOSITION_BRIS_DE_GLACE", OPPOSITIONS, not emergency.professionals),
        ("OPPOSITION_ACCES_URGENCE", OPPOSITIONS, not emergency.samu),
    ):
        observed = _add(_add(patient, "subjectOf", typeCode="SBJ"), "administrativeObservation")
        observed.set("classCode", "OBS")
        observed.set("moodCode", "EVN")
        said = _add(observed, "code", code=code)
        if system:
            said.set("codeSystem", system)
        _typed(observed, "BL", value=_bl(value))


def _device(root: Element, name: str, kind: str, identifier: Identifier) -> None:
    device = _add(_add(root, name, typeCode=kind), "device", classCode="DEV")
    device.set("determinerCode", "INSTANCE")
    if identifier.root:
        _ii(device, "id", identifier)
    else:
        _add(device, "id", nullFlavor="UNK")


def _ii(parent: Element, name: str, identifier: Identifier) -> None:
    made = _add(parent, name, root=identifier.root)
    if identifier.extension is not None:
        made.set("extension", identifier.extension)


def _typed(parent: Element, kind: str, **attributes: str) -> None:
    _add(parent, "value", **attributes).set(XSI_TYPE, kind)


def _add(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{V3}{name}", attributes)


def _bl(value: bool) -> str:  # noqa: FBT001 — the HL7 type BL
    return "true" if value else "false"
