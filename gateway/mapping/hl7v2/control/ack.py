"""Acknowledgements: which code the sender gets, and its bytes (HL7V2 section 5)."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from msgspec import structs

from gateway.mapping.hl7v2.control.header import VERSIONS, component, event_of, header_of
from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, Delimiters, delimiters_of
from gateway.mapping.hl7v2.er7.escapes import escape
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.messages.message import Header

CONDITIONS = {
    0: "Message accepted",
    100: "Segment sequence error",
    101: "Required field missing",
    102: "Data type error",
    103: "Table value not found",
    198: "Cardinality error",
    199: "Other syntax error",
    200: "Unsupported message type",
    201: "Unsupported event code",
    202: "Unsupported processing id",
    203: "Unsupported version id",
    204: "Unknown key identifier",
    205: "Duplicate key identifier",
    206: "Application record locked",
    207: "Application internal error",
}
"""HL70357, with 198 and 199 as the ANS adds them."""
APPLICATION_CONDITIONS = {
    900: "Wrong version to replace or delete",
    901: "Author not entitled",
    902: "Unknown patient",
    903: "No INS in the document",
    904: "INS does not match",
    905: "INS traits incomplete",
    906: "Other",
}
OTHER = 906
INSIDE = ": "
"""Between a place of the message and one inside what that place carries: `OBX-5: /XPath`."""
PLACE = re.compile(r"([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\.(\d+))?)?")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
NEVER, ON_ERROR, ON_SUCCESS = "NE", "ER", "SU"
WITHOUT_STRUCTURE = ("2.1", "2.2", "2.3", "2.3.1")
BEFORE_2_5 = (*WITHOUT_STRUCTURE, "2.4")
"""Whose ERR has ERR-1 only; the fields behind it are ignored there (HL7 2.5, 2.8)."""
URGENT = ("E", "W", "I")
MAX_ERRORS = 50
MAX_REMEMBERED_CHARACTERS = 500


def ack_code(
    header: Header, verdict: Verdict, findings: Sequence[Finding], *, always_original: bool = False
) -> str:
    """AA AE AR in original mode, CA CE CR in enhanced mode, or "none" for silence (table 0155).

    Held is good. An acknowledgement is never answered. Where only the application answer is
    asked for (MSH-16), that is the one given.
    """
    if event_of(header)[0] == "ACK":
        return "none"
    good = verdict is not Verdict.REFUSE
    letter = "A" if good else "R" if any(finding.fatal for finding in findings) else "E"
    accept, application = header.accept_ack.strip(), header.application_ack.strip()
    if always_original or not (accept or application):
        return "A" + letter
    if accept and accept != NEVER:
        return "C" + letter if _wanted(accept, good=good) else "none"
    return "A" + letter if _wanted(application or NEVER, good=good) else "none"


def application_code(header: Header, verdict: Verdict, *, always_original: bool = False) -> str:
    """The code of the application answer that follows a CA, in a message of its own; "none" where
    nobody asked for one (MSH-15 and MSH-16 both valued, table 0155)."""
    accept, application = header.accept_ack.strip(), header.application_ack.strip()
    if always_original or verdict is Verdict.REFUSE or event_of(header)[0] == "ACK":
        return "none"
    if accept in ("", NEVER) or application in ("", NEVER):
        return "none"
    return "AA" if _wanted(application, good=True) else "none"


def _wanted(condition: str, *, good: bool) -> bool:
    if condition == NEVER:
        return False
    return good if condition == ON_SUCCESS else not good if condition == ON_ERROR else True


def acknowledge(
    header: Header,
    *,
    code: str,
    control_id: str,
    at: datetime,
    findings: Sequence[Finding] = (),
) -> bytes:
    """The acknowledgement of one message, segments ended by CR, in the message's own set.

    `code` is MSA-1, `control_id` our MSH-10 (the receipt), `at` MSH-7. Every error and warning
    becomes an ERR, and so does a remark with a condition of its own (`already-filed`): severity E,
    or I below an error; W only says that an accepted message is held (CONTRACT section 2). What
    decided comes first: many senders read one ERR.
    """
    marks = delimiters_of(f"MSH{header.field}{header.encoding}{header.field}") or DEFAULT
    if marks is not DEFAULT and not marks.sound:
        marks, header = DEFAULT, _for_default(header)
    msa = marks.field.join(("MSA", code, _clean(header.control_id)))
    segments = [_msh(header, marks, control_id, at), msa]
    refused = code[1:] != "A"
    older = component(header.version, 1, marks).strip() in BEFORE_2_5
    first = sorted(told(findings), key=lambda one: URGENT.index(severity_of(one, refused=refused)))
    segments += [_err(one, marks, refused=refused, older=older) for one in first[:MAX_ERRORS]]
    text = "".join(segment + "\r" for segment in segments)
    return text.encode(header.charset, "surrogateescape" if _is_odd(text) else "replace")


def _for_default(header: Header) -> Header:
    """A header whose own separators cannot be answered in: what is a field there stays one."""
    held = {
        name: value.replace(DEFAULT.field, "\\F\\")
        for name, value in structs.asdict(header).items()
        if name not in ("field", "encoding")
    }
    return structs.replace(header, **held)


def told(findings: Sequence[Finding]) -> list[Finding]:
    """Those that become an ERR."""
    remarks = (Severity.INFO, None)
    return [one for one in findings if (one.severity, one.condition) != remarks]


def _is_odd(text: str) -> bool:
    return not text.isascii() and any("\udc80" <= char <= "\udcff" for char in text)


def _clean(value: str) -> str:
    return value if value.isprintable() else CONTROL.sub("", value)


def _segment(marks: Delimiters, *fields: str) -> str:
    return marks.field.join(fields).rstrip(marks.field)


def _msh(header: Header, marks: Delimiters, control_id: str, at: datetime) -> str:
    """MSH-7 and MSH-10 are new; the rest is the same for every message of a sender."""
    echoed = (
        header.type,
        header.receiving_application,
        header.receiving_facility,
        header.sending_application,
        header.sending_facility,
        header.processing,
        header.version,
        header.country,
        header.character_set,
    )
    echo = _remembered if len("".join(echoed)) <= MAX_REMEMBERED_CHARACTERS else _echo
    before, between, behind = echo(marks, *echoed)
    return f"{before}{at:%Y%m%d%H%M%S%z}{between}{control_id}{behind}"


def _echo(marks: Delimiters, kind: str, *fields: str) -> tuple[str, str, str]:
    """What stands before MSH-7, between it and MSH-10, and behind; `fields` are MSH-5, 6, 3, 4,
    11, 12, 17 and 18 of the message."""
    mark = marks.field
    echoed = [_clean(value) for value in fields]
    before = mark.join(("MSH", marks.encoding, *echoed[:4], ""))
    between = mark.join(("", "", _type(kind, fields[5], marks), ""))
    behind = ("", echoed[4] or "P", echoed[5] or "2.5", *[""] * 4, *echoed[6:])
    return before, between, mark.join(behind).rstrip(mark)


_remembered = lru_cache(maxsize=512)(_echo)


def _type(kind: str, version: str, marks: Delimiters) -> str:
    """`ACK^<event>^ACK` from 2.4 on, `ACK` before and where no event could be read."""
    event = event_of(Header(type=kind, encoding=marks.encoding))[1]
    version = component(version, 1, marks).strip()
    if version in WITHOUT_STRUCTURE or version not in VERSIONS or not event.isalnum():
        return "ACK"
    return marks.component.join(("ACK", event, "ACK"))


def severity_of(finding: Finding, *, refused: bool) -> str:
    """ERR-4."""
    if finding.severity is Severity.ERROR:
        return "E"
    return "W" if finding.holds and not refused else "I"


def codes_of(finding: Finding) -> tuple[int, int | None]:
    """ERR-3 and ERR-5; an error of a document without a code of its own is 207 + 906."""
    if finding.condition is not None:
        return finding.condition, finding.application
    if finding.severity is Severity.ERROR:
        return 207, finding.application or OTHER
    return 0, finding.application


def _err(finding: Finding, marks: Delimiters, *, refused: bool, older: bool) -> str:
    condition, application = codes_of(finding)
    place, _, inside = finding.where.partition(INSIDE)
    words = f"{finding.message} ({inside})" if inside.strip("/") else finding.message
    return _segment(
        marks,
        "ERR",
        _code_and_place(condition, place, marks) if older else "",
        _place(place, marks),
        _coded(condition, CONDITIONS.get(condition, "Error"), "HL70357", marks),
        severity_of(finding, refused=refused),
        _coded(application, APPLICATION_CONDITIONS.get(application, "Other"), "HL70533", marks)
        if application
        else "",
        "",
        escape(finding.code, marks),
        escape(words, marks),
    )


def _coded(code: int, text: str, table: str, marks: Delimiters) -> str:
    return marks.component.join((str(code), escape(text, marks), table))


def _code_and_place(condition: int, where: str, marks: Delimiters) -> str:
    """ERR-1 `SEG^n^field^code&text&HL70357` (ELD)."""
    found = PLACE.fullmatch(where)
    segment, number, field = found.groups()[:3] if found else ("", "", "")
    text = escape(CONDITIONS.get(condition, "Error"), marks)
    code = marks.subcomponent.join((str(condition), text, "HL70357"))
    said = code if marks.subcomponent else str(condition)
    return marks.component.join((segment, number or ("1" if found else ""), field or "", said))


def _place(where: str, marks: Delimiters) -> str:
    """ERR-2 `SEG^n^field^rep^comp`; empty for a place that is none of the message's own."""
    found = PLACE.fullmatch(where)
    if found is None:
        return ""
    segment, number, field, part = found.groups()
    parts = [segment, number or "1"]
    if field:
        parts += [field, "1", part] if part else [field]
    return marks.component.join(parts)


def refuse_unread(
    raw: bytes,
    *,
    finding: Finding,
    control_id: str,
    at: datetime,
    always_original: bool = False,
) -> bytes | None:
    """The refusal of a message of which only MSH was read; None for silence (SU, NE, no MSH)."""
    header = header_of(raw)
    if header is None:
        return None
    code = ack_code(header, Verdict.REFUSE, (finding,), always_original=always_original)
    if code == "none":
        return None
    return acknowledge(header, code=code, control_id=control_id, at=at, findings=(finding,))
