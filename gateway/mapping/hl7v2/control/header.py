"""MSH: what a message says of itself, and whether this gateway takes it (HL7V2 section 5)."""

from collections.abc import Sequence

from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.hl7v2.er7.charset import WIDE
from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, Delimiters, delimiters_of
from gateway.mapping.hl7v2.er7.splitter import HEAD_BYTES, Split, begin_of
from gateway.mapping.hl7v2.findings import failure, fatal, tolerated, warning
from gateway.records.intake.finding import Finding
from gateway.records.messages.business_ack import AckEvent
from gateway.records.messages.message import Header

VERSIONS = frozenset(
    f"2.{minor}"
    for minor in ("1", "2", "3", "3.1", "4", "5", "5.1", "6", "7", "7.1", "8", "8.1", "8.2", "9")
)
PROCESSING = frozenset("PTD")
BAD_VERSION = "This HL7 version is not taken here: write 2.1 to 2.9, as 2.5."
CONDITIONS = frozenset(("", "AL", "NE", "ER", "SU"))
DELETED = '""'
MAX_CONTROL_ID = 199
DOCUMENT_EVENTS = {"ORU": frozenset(("R01",)), "MDM": frozenset(("T02", "T04", "T10"))}
ADMISSIONS = (*range(1, 9), *range(11, 17), 21, 22, *range(24, 29), 31, *range(52, 56))
IDENTITIES = (37, 38, 40, 44, 47)
FRENCH_EVENTS = (*range(80, 90), 99)
PATIENT_EVENTS = frozenset(
    (
        *(f"A{number:02}" for number in (*ADMISSIONS, *IDENTITIES)),
        *(f"Z{number}" for number in FRENCH_EVENTS),
    )
)
"""PAM.fr: IHE ITI-30 and ITI-31 with the French movements; they file no document."""
ZAM = "ZAM"
EVENTS = {
    **DOCUMENT_EVENTS,
    "ADT": PATIENT_EVENTS,
    ZAM: frozenset(event.value for event in AckEvent),
}


def read_header(msh: str, marks: Delimiters, charset: str, how: str) -> Header:
    """The fields of MSH as text, escapes not undone: they are echoed byte for byte."""
    fields = [*msh.split(marks.field), *[""] * 21]
    return Header(
        field=marks.field,
        encoding=fields[1],
        sending_application=fields[2],
        sending_facility=fields[3],
        receiving_application=fields[4],
        receiving_facility=fields[5],
        type=fields[8],
        control_id=fields[9],
        processing=fields[10],
        version=fields[11],
        accept_ack=_condition(fields[14]),
        application_ack=_condition(fields[15]),
        country=fields[16],
        character_set=fields[17],
        charset=charset,
        charset_how=how,
    )


def sent_at(parted: Split) -> str:
    """MSH-7, without the degree of precision that TS has up to 2.5."""
    fields = parted.fields(0)
    return component(fields[6], 1, parted.marks) if len(fields) > 6 else ""


def day_sent(parted: Split) -> str:
    """The day of MSH-7, YYYYMMDD; "" where it names none."""
    day = sent_at(parted)[:8]
    return day if len(day) == 8 and day.isdigit() else ""


def _condition(value: str) -> str:
    """A deleted condition asks for nothing."""
    return "" if value == DELETED else value


def header_of(raw: bytes) -> Header | None:
    """MSH alone, for an answer to what was not or could not be understood; latin-1 throughout."""
    begin = begin_of(raw[: 4 * HEAD_BYTES])
    if begin is None:
        return None
    head = raw[begin : begin + 4 * HEAD_BYTES]
    msh = head.split(b"\r", 1)[0].split(b"\n", 1)[0].decode("latin-1")
    marks = delimiters_of(msh)
    return read_header(msh, marks, "iso8859-1", "guessed") if marks else None


def unreadable(raw: bytes) -> Finding:
    """Why `split` could make nothing of an input."""
    if begin_of(raw) is None:
        if WIDE.match(raw):
            text = "These bytes are UTF-16: send UTF-8 (MSH-18 UNICODE UTF-8) or 8859/15."
            return fatal("msh-unreadable", "MSH", 100, text)
        text = "No MSH segment at the beginning: no HL7v2 message."
        return fatal("msh-unreadable", "MSH", 100, text)
    text = "MSH-1 and MSH-2 name no separators: write | and ^~\\& there."
    return fatal("msh-unreadable", "MSH-2", 100, text)


def component(value: str, number: int, marks: Delimiters) -> str:
    """Component `number`, from 1, of the first repetition."""
    if marks.repetition and marks.repetition in value:
        value = value.split(marks.repetition, 1)[0]
    if marks.component not in value:
        return value if number == 1 else ""
    parts = value.split(marks.component, number)
    return parts[number - 1] if len(parts) >= number else ""


def event_of(header: Header) -> tuple[str, str]:
    """Message type and trigger event, MSH-9.1 and MSH-9.2, without the blanks that may follow."""
    code, _, rest = header.type.partition(header.encoding[:1] or "^")
    return code.strip(), rest.partition(header.encoding[:1] or "^")[0].strip()


def header_findings(header: Header, marks: Delimiters, message_time: str) -> list[Finding]:
    """What keeps a message out by its header alone; empty for nearly all."""
    findings = _event_findings(*event_of(header))
    if marks is not DEFAULT and not marks.sound:
        text = "The separators of MSH-1 and MSH-2 must be distinct and no letters or digits."
        findings.append(fatal("delimiters", "MSH-2", 100, text))
    findings += _control_findings(header)
    findings += _acknowledgement_findings(header)
    findings += _processing_findings(header, marks)
    if message_time in ("", DELETED):
        findings.append(failure("required", "MSH-7", 101, "MSH-7 (date of message) is empty."))
    return findings


def time_findings(
    message_time: str, requests: Sequence[list[str]], marks: Delimiters, *, strict: bool
) -> list[Finding]:
    """Times of the message and of its requests (MSH-7, OBR-7) that are none: left out."""
    begun = {component(one[7], 1, marks) for one in requests if len(one) > 7}
    places = [("MSH-7", message_time), *(("OBR-7", one) for one in begun)]
    wrong = dict.fromkeys(
        place for place, time in places if time not in ("", DELETED) and iso_of(time) is None
    )
    text = "This is no time of HL7 (YYYYMMDDHHMMSS+ZZZZ): it was left out."
    return [tolerated("date", place, 102, text, strict=strict) for place in wrong]


def _acknowledgement_findings(header: Header) -> list[Finding]:
    asked = {"MSH-15": header.accept_ack, "MSH-16": header.application_ack}
    text = "Table HL70155 has AL, NE, ER and SU: this was taken as AL."
    return [
        warning("acknowledgement-condition", place, text)
        for place, value in asked.items()
        if value.strip() not in CONDITIONS
    ]


def _event_findings(code: str, event: str) -> list[Finding]:
    taken = EVENTS.get(code)
    if code == "ACK":
        text = "An acknowledgement answers a message; it is not one to deposit."
        return [fatal("acknowledgement", "MSH-9", 200, text)]
    if taken is None:
        text = "This type is not taken: send ORU^R01 or MDM for documents, ADT for identities."
        return [fatal("message-type", "MSH-9", 200, text)]
    if event not in taken:
        text = f"This trigger event is not taken: of {code} we take {', '.join(sorted(taken))}."
        return [fatal("event", "MSH-9.2", 201, text)]
    return []


def _control_findings(header: Header) -> list[Finding]:
    if header.control_id.strip() in ("", DELETED):
        return [failure("required", "MSH-10", 101, "MSH-10 (message control id) is empty.")]
    if len(header.control_id) > MAX_CONTROL_ID:
        return [failure("too-long", "MSH-10", 102, "MSH-10 has more than 199 characters.")]
    return []


def _processing_findings(header: Header, marks: Delimiters) -> list[Finding]:
    findings: list[Finding] = []
    processing = component(header.processing, 1, marks).strip()
    version = component(header.version, 1, marks).strip()
    if not processing:
        findings.append(failure("required", "MSH-11", 101, "MSH-11 (processing id) is empty."))
    elif processing not in PROCESSING:
        findings.append(fatal("processing-id", "MSH-11", 202, "MSH-11 must be P, T or D."))
    if not version:
        findings.append(failure("required", "MSH-12", 101, "MSH-12 (version id) is empty."))
    elif version not in VERSIONS:
        findings.append(fatal("version", "MSH-12", 203, BAD_VERSION))
    return findings
