"""What a sender is answered: acknowledgements of HL7, JSON, replies of SMTP."""

import json
import re
from collections.abc import Sequence
from datetime import datetime

from conformance.reading.hl7 import Message
from conformance.sender.scorecard import Found

MAX_ERRORS = 20
TEXTS = {100: "Segment sequence error", 101: "Required field missing", 102: "Data type error",
         103: "Table value not found", 198: "Non-conformant cardinality", 199: "Other HL7 error",
         200: "Unsupported message type", 201: "Unsupported event code",
         202: "Unsupported processing id", 203: "Unsupported version id",
         204: "Unknown key identifier", 205: "Duplicate key identifier",
         207: "Application internal error"}  # fmt: skip
REJECTS = frozenset({200, 201, 202, 203})
PLACE = re.compile(r"([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?-(\d+)(?:\.(\d+))?")


def codes_wanted(message: Message, *, refused: bool, rejected: bool) -> list[str]:
    """MSA-1 of each answer, by MSH-15 and MSH-16 (HL7 v2.5, 2.9.2 and 2.9.3)."""
    accept, application = message.get("MSH", 15), message.get("MSH", 16)
    letter = "R" if rejected else "E" if refused else "A"
    if not accept and not application:
        return [f"A{letter}"]
    codes = [f"C{letter}"] if asked(accept, refused=refused) else []
    later = asked(application, refused=refused) and not (codes and refused)
    return codes + [f"A{letter}"] * later


def asked(condition: str, *, refused: bool) -> bool:
    """Whether table 0155 wants an answer to this outcome."""
    return condition == "AL" or condition == ("ER" if refused else "SU")


def acknowledgements(
    message: Message, found: Sequence[Found], *, lenient: bool, control: str, at: datetime
) -> list[bytes]:
    """The frames' contents; `lenient` accepts whatever was found, with warnings."""
    serious = [one for one in found if one.serious]
    refused = bool(serious) and not lenient
    rejected = refused and any(one.fault.condition in REJECTS for one in serious)
    codes = codes_wanted(message, refused=refused, rejected=rejected)
    return [
        acknowledgement(message, code, found, control=f"{control}{number}", at=at)
        for number, code in enumerate(codes)
    ]


def acknowledgement(
    message: Message, code: str, found: Sequence[Found], *, control: str, at: datetime
) -> bytes:
    bar, component = message.separators[0], message.separators[1]
    msh = message.msh
    event = message.get("MSH", 9, 2)
    kind = component.join(["ACK", event, "ACK"] if event else ["ACK"])
    head = [f"MSH{bar}{message.separators[1:]}", msh.field(5), msh.field(6), msh.field(3),
            msh.field(4), f"{at:%Y%m%d%H%M%S%z}", "", kind, control, msh.field(11), msh.field(12),
            "", "", "", "", msh.field(17), msh.field(18)]  # fmt: skip
    rows = [bar.join(head), bar.join(["MSA", code, msh.field(10)])]
    rows += [error_row(message, one, code) for one in found[:MAX_ERRORS]]
    return "".join(f"{row}\r" for row in rows).encode(message.charset, "replace")


def error_row(message: Message, one: Found, code: str) -> str:
    """Severity E in a refusal; in what is accepted a warning, or a remark for a `should`."""
    bar, component = message.separators[0], message.separators[1]
    severity = "I" if not one.serious else "E" if code[1:] in ("E", "R") else "W"
    place = PLACE.match(one.fault.place)
    where = [place[1], place[2] or "1", place[3], "1", place[4] or "1"] if place else []
    condition = component.join([str(one.fault.condition), TEXTS[one.fault.condition], "HL70357"])
    application = (
        component.join([str(one.fault.application), "", "HL70533"]) if one.fault.application else ""
    )
    words = safe(f"{one.requirement.id} {one.fault.place}: {one.fault.saw}", message)
    return bar.join(
        ["ERR", "", component.join(where), condition, severity, application, "", "", words]
    )


def safe(text: str, message: Message) -> str:
    """Without the message's delimiters and control characters."""
    marks = set(message.separators)
    return "".join(" " if one in marks or ord(one) < 32 else one for one in text)[:250]


def unreadable(at: datetime, control: str) -> bytes:
    """AR with an empty MSA-2: nobody knows which message it was."""
    head = (
        f"MSH|^~\\&|KIT|CONFORMITE|||{at:%Y%m%d%H%M%S%z}||ACK|{control}|T|2.5|||||FRA|UNICODE UTF-8"
    )
    return f"{head}\rMSA|AR|\rERR|||100^{TEXTS[100]}^HL70357|E||||no MSH\r".encode()


def finding_json(one: Found) -> dict[str, str]:
    return {
        "code": one.requirement.id,
        "severity": "error" if one.serious else "warning",
        "where": one.fault.place,
        "message": f"{one.fault.saw}. {one.requirement.fix}",
    }


def reply_json(found: Sequence[Found], *, lenient: bool, receipt: str) -> tuple[int, bytes]:
    """201 or 422, with every finding."""
    refused = any(one.serious for one in found) and not lenient
    body = {"receipt": receipt, "verdict": "refuse" if refused else "accept", "documents": [],
            "findings": [finding_json(one) for one in found]}  # fmt: skip
    return (422 if refused else 201), json.dumps(body, ensure_ascii=False).encode()


def reply_fhir(found: Sequence[Found], *, lenient: bool, entries: int) -> tuple[int, bytes]:
    """A transaction-response, or an OperationOutcome that names every fault."""
    if any(one.serious for one in found) and not lenient:
        issues = [{"severity": "error" if one.serious else "warning", "code": "invalid",
                   "diagnostics": f"{one.requirement.id} {one.fault.saw}. {one.requirement.fix}",
                   "expression": [one.fault.place]} for one in found]  # fmt: skip
        return 422, json.dumps({"resourceType": "OperationOutcome", "issue": issues}).encode()
    rows = [{"response": {"status": "201 Created"}} for _ in range(entries)]
    body = {"resourceType": "Bundle", "type": "transaction-response", "entry": rows}
    return 200, json.dumps(body).encode()
