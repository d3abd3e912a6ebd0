"""TD0.2 asked, and what its answer says: is there a DMP of this person (XDS.md section 10)?"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from lxml import etree

from gateway.mapping.cda.nodes import V3, attribute, first
from gateway.mapping.dmp.interaction import GET_DEMOGRAPHICS, Reason, read_interaction
from gateway.mapping.dmp.output import moment
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xml import Element

ACTION = "urn:hl7-org:v3:PRPA_IN201307UV02"
INTERACTIONS = "2.16.840.1.113883.1.6"
REASONS = "1.2.250.1.213.1.1.4.11"
DMP = "1.2.250.1.213.4.1.1.1"
CLOSED = "DMPClosed"


class Presence(StrEnum):
    FOUND = "found"
    CLOSED = "closed"
    NONE = "none"


class Asking(NamedTuple):
    """What of a question is ours: its id, the OID of who asks, and when."""

    id: str
    device: str
    at: datetime


def presence_query(ins: str, ins_oid: str, asking: Asking) -> Element:
    """PRPA_IN201307UV02 with reason TEST_EXST."""
    root = etree.Element(GET_DEMOGRAPHICS, {"ITSVersion": "XML_1.0"}, nsmap={None: V3[1:-1]})
    _add(root, "id", root=asking.device, extension=asking.id)
    _add(root, "creationTime", value=moment(asking.at))
    _add(root, "interactionId", root=INTERACTIONS, extension=GET_DEMOGRAPHICS.removeprefix(V3))
    _add(root, "processingCode", code="P")
    _add(root, "processingModeCode", code="T")
    _add(root, "acceptAckCode", code="AL")
    for name, kind, device in (("receiver", "RCV", DMP), ("sender", "SND", asking.device)):
        held = _add(_add(root, name, typeCode=kind), "device", classCode="DEV")
        held.set("determinerCode", "INSTANCE")
        _add(held, "id", root=device)
    act = _add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    _add(act, "reasonCode", code=Reason.EXISTENCE, codeSystem=REASONS)
    query = _add(act, "queryByParameter")
    _add(query, "queryId", root=asking.device, extension=asking.id)
    _add(query, "statusCode", code="new")
    patient = _add(_add(query, "parameterList"), "patientIdentifier")
    _add(patient, "value", root=ins_oid, extension=ins)
    _add(patient, "semanticsText").text = "Patient.id"
    return root


def presence_in(answer: Element) -> Presence:
    """Raises FaultError for what is no such answer, or says that it could not look."""
    try:
        told = read_interaction(answer)
    except FaultError as error:  # whoever answers so has the fault, not who asked
        raise FaultError("Receiver", "TD0.2 was answered with something else") from error
    detail = first(answer, "acknowledgement/acknowledgementDetail/code")
    patient = first(answer, "controlActProcess/subject/registrationEvent/subject1/patient")
    is_ended = attribute(patient, "code", "statusCode") == "terminated"
    if is_ended or attribute(detail, "code") == CLOSED:
        return Presence.CLOSED
    if told.response == "NF":
        return Presence.NONE
    if told.response == "OK":
        return Presence.FOUND
    raise FaultError("Receiver", "TD0.2 was answered with neither OK nor NF")


def _add(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{V3}{name}", attributes)
