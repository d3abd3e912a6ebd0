"""A business acknowledgement as bytes: MSH EVN OBX [OBX] [ERR], HL7 2.6 (XDM_HL7V2 A6)."""

from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, Delimiters, delimiters_of
from gateway.mapping.hl7v2.er7.escapes import escape, unescape
from gateway.records.messages.business_ack import AckEvent, BusinessAck
from gateway.records.messages.business_answer import BusinessAnswer
from gateway.records.messages.message import Header

PROFILE = "2.1^CISIS_CDA_HL7_V2"
UTF8 = "UNICODE UTF-8"
CHARSETS = {UTF8: "utf-8", "8859/15": "iso8859-15"}
"""MSH-18 as the volet allows it -> Python's name."""
SYSTEM = "AckMetierZAM"
ANSWERS = {
    AckEvent.RECEPTION_DMP: ("ACK_RECEPTION_DMP", "Accusé de réception DMP"),
    AckEvent.RECEPTION_MSS: ("ACK_RECEPTION_MSS", "Accusé de réception MSSanté"),
    AckEvent.LECTURE_MSS: ("ACK_LECTURE_MSS", "Accusé de lecture"),
}
"""OBX-3 of the first OBX."""
RECIPIENTS = {
    AckEvent.RECEPTION_MSS: ("DESTINATAIRE_MSS", "Destinataire MSSanté"),
    AckEvent.LECTURE_MSS: ("LECTEUR_MSS", "Lecteur du courriel MSSanté"),
}
"""OBX-3 of the second OBX."""


def write_zam(answer: BusinessAnswer) -> bytes:
    """The message, segments ended by CR; `answer.at` is ISO 8601 with its zone."""
    ack, header = answer.ack, answer.header
    stamp = _stamp(answer.at)
    lines = [_msh(answer, stamp), f"EVN||{stamp}", _first(ack, header)]
    if ack.recipient:
        lines.append(_second(ack))
    if ack.error is not None and not ack.positive:
        code = "^".join(escape(part, DEFAULT) for part in ack.error)
        lines.append(f"ERR|||207^Application internal error^messageErrorCondition|E|{code}")
    charset = CHARSETS.get(header.character_set, "utf-8")
    return "".join(f"{line}\r" for line in lines).encode(charset, "replace")


def _stamp(at: str) -> str:
    """ "2026-01-15T10:15:00+00:00" as a DTM with its offset."""
    day, _, clock = at.partition("T")
    return day.replace("-", "") + clock.replace(":", "")


def _msh(answer: BusinessAnswer, stamp: str) -> str:
    """Back to where the message came from: MSH-3/4 and MSH-5/6 swapped, MSH-11 kept."""
    header = answer.header
    swapped = (
        header.receiving_application,
        header.receiving_facility,
        header.sending_application,
        header.sending_facility,
    )
    parties = "|".join(_restated(one, header) for one in swapped)
    processing = _restated(header.processing, header) or "P"
    charset = header.character_set if header.character_set in CHARSETS else UTF8
    return (
        f"MSH|^~\\&|{parties}|{stamp}||ZAM^{answer.ack.event}^ZAM_Z01|{answer.control_id}"
        f"|{processing}|2.6|||||FRA|{charset}|||{PROFILE}"
    )


def _first(ack: BusinessAck, header: Header) -> str:
    code, label = ANSWERS[AckEvent(ack.event)]
    original = _restated(ack.original, header)
    said = "Y" if ack.positive else "N"
    return f"OBX|1|CWE|{code}^{label}^{SYSTEM}|{original}|{said}^^expandedYes-NoIndicator||||||F"


def _second(ack: BusinessAck) -> str:
    code, label = RECIPIENTS[AckEvent(ack.event)]
    identifier, address = escape(ack.recipient_id, DEFAULT), escape(ack.recipient, DEFAULT)
    return f"OBX|2|XTN|{code}^{label}^{SYSTEM}|{identifier}|^^X.400^{address}||||||F"


def _restated(value: str, header: Header) -> str:
    """A field of the message answered, in the delimiters of ours; control characters gone."""
    marks = delimiters_of(f"MSH{header.field}{header.encoding}{header.field}") or DEFAULT
    if marks == DEFAULT:
        return "".join(c for c in value if c.isprintable() and c != DEFAULT.field)
    parts = value.split(marks.component)
    return DEFAULT.component.join(_restated_part(part, marks) for part in parts)


def _restated_part(part: str, marks: Delimiters) -> str:
    pieces = part.split(marks.subcomponent) if marks.subcomponent else [part]
    leaves = (escape(unescape(piece, marks), DEFAULT) for piece in pieces)
    return DEFAULT.subcomponent.join(leaves)
