"""Delivery and read receipts that answer a mail of ours (RFC 3464, RFC 8098, MSSANTE section 5).

They are matched by our own Message-ID, `<receipt.place@domain>`: nobody but a recipient of that
mail and the servers on its way ever saw it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import parsedate_to_datetime

from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.messages.business_ack import AckEvent
from gateway.records.messages.mail_report import MailReport

OURS = re.compile(r"<?([0-9a-f]{32})\.(\d{1,3})@[^<>\s]{1,255}>?", re.ASCII)
DELIVERY, DISPOSITION = "message/delivery-status", "message/disposition-notification"
ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers")
SENT = ("delivered", "relayed", "expanded")
SMTP_REPLY = re.compile(r"(?:^|[;\s])([45]\d\d)(?=[\s-]|$)", re.ASCII)
APPLICATION = re.compile(r"\b(90[0-6])\b", re.ASCII)
STATUSES = {
    "5.1.1": "550",
    "5.1.2": "512",
    "5.1.3": "553",
    "5.2.1": "550",
    "5.2.2": "552",
    "5.3.4": "552",
    "5.7.1": "550",
    "4.4.1": "441",
    "4.4.2": "442",
    "4.4.7": "441",
}
"""RFC 3463 -> the SMTP reply that goes with it, where the receipt does not quote one."""
READ = ("displayed", "processed", "dispatched")
"""RFC 8098: the person saw it, or (MSSANTE 5.2) software took it in."""
OTHER = "906"
KO = re.compile(r"\s*\[KO\b[^\]]{0,80}\]\s*(?:\[(90[0-6])\])?", re.IGNORECASE)
MESSAGE_ID = re.compile(r"(?im)^message-id:\s*(\S{1,400})")
ENVELOPE = re.compile(r"(\d{1,11})\.(\d{1,6})", re.ASCII)
DATE = re.compile(r"(?im)^date:[ \t]*(\S.{0,100})$")


def message_id_of(receipt: str, place: int) -> str:
    """The local part of the Message-ID of a mail for recipient number `place` (from 0)."""
    return f"{receipt}.{place}"


def envelope_of(at: datetime, tries: int) -> str:
    """What a delivery receipt calls one try (Original-Envelope-Id): when a person began the tries
    of this mail, in seconds of 1970, and the number of this one."""
    return f"{int(at.timestamp())}.{tries}"


def understand_report(mail: Mail) -> Understanding | None:
    """None where the mail is no DSN, MDN or error mail of ours: it is read like any other."""
    parts = [part for part in mail.walk() if part is not mail]
    if mail.get_content_type() != "multipart/report":
        refused = _error_mail(mail, parts)
        return _taken(refused) if refused else None
    status = next((one for one in parts if one.get_content_type() == DELIVERY), None)
    notice = next((one for one in parts if one.get_content_type() == DISPOSITION), None)
    if status is None and notice is None:
        return None
    report = _delivery(status, parts) if status is not None else None
    if report is None and notice is not None:
        report = _disposition(notice, parts)
    if report is None:
        text = "This receipt answers no mail of ours: its original Message-ID is not known here."
        return _understood(_finding("report-unknown", Severity.ERROR, text), Verdict.REFUSE, None)
    return _taken(report)


def _taken(report: MailReport) -> Understanding:
    text = f"A receipt ({report.event}) for a mail of ours."
    return _understood(_finding("mail-report", Severity.INFO, text), Verdict.ACCEPT, report)


def _understood(finding: Finding, verdict: Verdict, report: MailReport | None) -> Understanding:
    return Understanding(format=Format.MAIL, verdict=verdict, findings=(finding,), report=report)


def _finding(code: str, severity: Severity, text: str) -> Finding:
    return Finding(code=code, severity=severity, where="MIME", message=text)


def _delivery(status: Mail, parts: list[Mail]) -> MailReport | None:
    """A DSN; several recipients in one are not ours: each mail of ours has one."""
    found = ((_ours(name), date) for name, date in _originals(parts))
    ours, date = next((one for one in found if one[0]), (None, ""))
    blocks = [one for one in _blocks(status) if one.get("Action")]
    if ours is None or not blocks:
        return None
    block = blocks[0]
    begun, tries = _try_of(status)
    action = _words(block, "Action").lower()
    positive = True if action in SENT else False if action == "failed" else None
    return MailReport(
        event=AckEvent.RECEPTION_MSS,
        receipt=ours[0],
        place=ours[1],
        positive=positive,
        code="" if positive else _reply(block),
        left_at=begun or _instant(date),
        tries=tries,
    )


def _try_of(status: Mail) -> tuple[str, int]:
    """As `left_at` and `tries`, "" and 0 where no envelope id of ours is told."""
    told = (_words(block, "Original-Envelope-Id") for block in _blocks(status))
    found = ENVELOPE.fullmatch(next(filter(None, told), ""))
    if found is None:
        return "", 0
    return datetime.fromtimestamp(int(found[1]), UTC).isoformat(), int(found[2])


def _reply(block: Mail) -> str:
    quoted = SMTP_REPLY.search(_words(block, "Diagnostic-Code"))
    if quoted:
        return quoted[1]
    status = _words(block, "Status")
    return STATUSES.get(status, "451" if status.startswith("4") else "554")


def _disposition(notice: Mail, parts: list[Mail]) -> MailReport | None:
    """An MDN of 1.1.3 or of before, when the error stood in Disposition itself."""
    for block in _blocks(notice):
        enclosed = (name for name, _ in _originals(parts))
        ids = [_words(block, "Original-Message-ID"), *enclosed]
        ours = next(filter(None, map(_ours, ids)), None)
        said = _words(block, "Disposition")
        if ours is None or not said:
            continue
        kind, _, modifier = said.rpartition(";")[2].strip().lower().partition("/")
        positive = kind in READ and not modifier and not block.get("Error")
        coded = APPLICATION.search(f"{_words(block, 'Error')} {said}")
        return MailReport(
            event=AckEvent.LECTURE_MSS,
            receipt=ours[0],
            place=ours[1],
            positive=positive,
            code="" if positive else coded[1] if coded else OTHER,
        )
    return None


def _error_mail(mail: Mail, parts: list[Mail]) -> MailReport | None:
    """`[KO Intégration système !][902] XDM/1.0/DDM+…` around our mail: what a recipient's software
    writes where no receipt was asked for (MSSANTE section 5.3)."""
    said = KO.match(_subject(mail))
    ours = next(filter(None, (_ours(name) for name, _ in _originals(parts))), None)
    if said is None or ours is None:
        return None
    return MailReport(
        event=AckEvent.LECTURE_MSS,
        receipt=ours[0],
        place=ours[1],
        positive=False,
        code=said[1] or OTHER,
    )


def _subject(mail: Mail) -> str:
    text = _words(mail, "Subject")
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, ValueError, LookupError):
        return text


def _blocks(part: Mail) -> Iterator[Mail]:
    """The groups of fields in a status part, as the standard library takes it apart."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Mail))


def _originals(parts: list[Mail]) -> Iterator[tuple[str, str]]:
    """Message-ID and Date of the original that is enclosed, whole or its header alone."""
    for part in parts:
        if part.get_content_type() not in ORIGINALS:
            continue
        for inner in _blocks(part):
            yield _words(inner, "Message-ID"), _words(inner, "Date")
        if not part.is_multipart():
            text = str(part.get_payload())[:100_000]
            date = DATE.search(text)
            for name in MESSAGE_ID.findall(text):
                yield name, date[1] if date else ""


def _instant(date: str) -> str:
    """ISO 8601 of a Date with its zone, "" for any other."""
    try:
        at = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return at.isoformat() if at.tzinfo else ""


def _ours(identifier: str) -> tuple[str, int] | None:
    found = OURS.fullmatch(identifier.strip())
    return (found[1], int(found[2])) if found else None


def _words(fields: Mail, name: str) -> str:
    return " ".join(str(fields.get(name) or "").split())[:1_000]
