"""A business acknowledgement that came back, and what is wrong with it (XDM_HL7V2 A6)."""

from gateway.mapping.hl7v2.control.header import ZAM as ZAM
from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.escapes import unescape
from gateway.mapping.hl7v2.er7.segments import Row
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.findings import failure
from gateway.mapping.hl7v2.zam.write import ANSWERS, RECIPIENTS
from gateway.records.intake.finding import Finding
from gateway.records.messages.business_ack import AckEvent, BusinessAck

CODES = {code: event for event, (code, _) in ANSWERS.items()}
RECIPIENT_CODES = frozenset(code for code, _ in RECIPIENTS.values())
EVENTS = frozenset(event.value for event in AckEvent)


def read_zam(event: str, rows: list[Row], split: Split) -> tuple[BusinessAck | None, list[Finding]]:
    """What a ZAM^`event` says; None with the errors where it does not say it."""
    first = next((row for row in rows if _code(row, split.marks) in CODES), None)
    if first is None:
        text = "The first OBX of a ZAM is ACK_RECEPTION_DMP, ACK_RECEPTION_MSS or ACK_LECTURE_MSS."
        return None, [failure("ack-missing", "OBX-3", 100, text)]
    findings = _findings(event, first, split)
    if findings:
        return None, findings
    recipient = next((row for row in rows if _code(row, split.marks) in RECIPIENT_CODES), None)
    positive = component(first.fields[5], 1, split.marks) == "Y"
    ack = BusinessAck(
        event=event,
        original=component(first.fields[4], 1, split.marks).strip(),
        positive=positive,
        recipient=_address(recipient, split) if recipient else "",
        recipient_id=_leaf(component(recipient.fields[4], 1, split.marks), split)
        if recipient
        else "",
        error=None if positive else _error(split),
    )
    return ack, []


def _findings(event: str, first: Row, split: Split) -> list[Finding]:
    findings = []
    code = _code(first, split.marks)
    if CODES[code] != event:
        text = f"{code} does not go with the trigger event {event}."
        findings.append(failure("ack-event", "OBX-3", 199, text))
    if not component(first.fields[4], 1, split.marks).strip():
        text = "OBX-4 is empty: write the MSH-10 of the message that is answered."
        findings.append(failure("required", "OBX-4", 101, text))
    if component(first.fields[5], 1, split.marks) not in ("Y", "N"):
        findings.append(failure("ack-value", "OBX-5", 103, "OBX-5 must be Y or N."))
    return findings


def _code(row: Row, marks: Delimiters) -> str:
    return component(row.fields[3], 1, marks)


def _address(row: Row, split: Split) -> str:
    """XTN.4, the address after X.400."""
    return _leaf(component(row.fields[5], 4, split.marks), split)


def _leaf(text: str, split: Split) -> str:
    return unescape(text, split.marks, split.charset)


def _error(split: Split) -> tuple[str, str, str] | None:
    """ERR-5 as written: its codes are published by nobody in full."""
    for line in split.lines:
        fields = line.split(split.marks.field)
        if fields[0] == "ERR" and len(fields) > 5:
            parts = [*fields[5].split(split.marks.component), "", "", ""]
            return _leaf(parts[0], split), _leaf(parts[1], split), _leaf(parts[2], split)
    return None
