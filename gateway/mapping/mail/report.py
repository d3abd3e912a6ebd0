"""Delivery and read receipts that answer a mail of ours (RFC 3464, RFC 8098, MSSANTE section 5).

They are matched by our own Message-ID, `<receipt.place@domain>`: nobody but a recipient of that
mail and the servers on its way ever saw it.
"""

import re
from datetime import UTC, datetime
from email.message import Message as Mail
from email.utils import parsedate_to_datetime

from gateway.mapping.mail.enclosed import (
    DELIVERY,
    DISPOSITION,
    groups,
    named_in,
    originals,
    report_in,
    text_of,
    words,
)
from gateway.mapping.mail.leaves import in_words
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.messages.business_ack import AckEvent
from gateway.records.messages.mail_report import MailReport

OURS = re.compile(r"<?([0-9a-f]{32})\.(\d{1,3})@[^<>\s]{1,255}>?", re.ASCII)
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
Original = tuple[str, str]
"""Message-ID and Date of a mail."""
KO = re.compile(r"\s*\[KO\b[^\]]{0,80}\]\s*(?:\[(90[0-6])\])?", re.IGNORECASE)
FIRST_WORD = re.compile(r"[a-z0-9.-]+", re.IGNORECASE | re.ASCII)
SAID = re.compile(r"\b([45]\d\d)[ -][45]\.\d{1,3}\.\d{1,3}\b|\bsaid: ([45]\d\d)\b", re.ASCII)
QSBMF = "Hi. This is the"
"""How qmail begins what came back (cr.yp.to/proto/qsbmf.txt)."""
FAILED_HEADER = "X-Failed-Recipients"
"""What Exim writes of the same, in plain text where it is told to."""
ENVELOPE = re.compile(r"(\d{1,11})\.(\d{1,6})", re.ASCII)


def message_id_of(receipt: str, place: int) -> str:
    """The local part of the Message-ID of a mail for recipient number `place` (from 0)."""
    return f"{receipt}.{place}"


def envelope_of(at: datetime, tries: int) -> str:
    """What a delivery receipt calls one try (Original-Envelope-Id): when a person began the tries
    of this mail, in seconds of 1970, and the number of this one."""
    return f"{int(at.timestamp())}.{tries}"


def understand_report(mail: Mail) -> Understanding | None:
    """None where the mail is no DSN, MDN or error mail of ours: it is read like any other."""
    found = report_in(mail)
    if found is None:
        parts = [part for part in mail.walk() if part is not mail]
        told = _error_mail(mail, parts) or _plain_return(mail, parts)
        return _taken(told) if told else None
    parts = [part for part in found.walk() if part is not found]
    status = next((one for one in parts if one.get_content_type() in DELIVERY), None)
    notice = next((one for one in parts if one.get_content_type() in DISPOSITION), None)
    if status is None and notice is None:
        return None
    named = [*originals(parts), *_elsewhere(mail, parts)]
    report = _delivery(status, named) if status is not None else None
    if report is None and notice is not None:
        report = _disposition(notice, named)
    if report is None:
        text = "This receipt answers no mail of ours: its original Message-ID is not known here."
        return _understood(_finding("report-unknown", Severity.ERROR, text), Verdict.REFUSE, None)
    return _taken(report)


def _elsewhere(mail: Mail, parts: list[Mail]) -> list[Original]:
    """Where the original is named when it is not enclosed: as what is answered, or in a text."""
    answered = f"{words(mail, 'In-Reply-To')} {words(mail, 'References')}".split()
    texts = [text_of(one) for one in parts if one.get_content_type() == "text/plain"]
    return [*((one, "") for one in answered), *(one for text in texts for one in named_in(text))]


def _taken(report: MailReport) -> Understanding:
    text = f"A receipt ({report.event}) for a mail of ours."
    return _understood(_finding("mail-report", Severity.INFO, text), Verdict.ACCEPT, report)


def _understood(finding: Finding, verdict: Verdict, report: MailReport | None) -> Understanding:
    return Understanding(format=Format.MAIL, verdict=verdict, findings=(finding,), report=report)


def _finding(code: str, severity: Severity, text: str) -> Finding:
    return Finding(code=code, severity=severity, where="MIME", message=text)


def _delivery(status: Mail, named: list[Original]) -> MailReport | None:
    """A DSN. Each mail of ours has one recipient: several are those behind its address, and what
    one of them did not get was not delivered."""
    found = ((_ours(name), date) for name, date in named)
    ours, date = next((one for one in found if one[0]), (None, ""))
    fields = groups(status)
    blocks = [one for one in fields if one.get("Action")]
    if ours is None or not blocks:
        return None
    block = min(blocks, key=_worst_first)
    begun, tries = _try_of(fields)
    positive = (False, None, True)[_worst_first(block)]
    return MailReport(
        event=AckEvent.RECEPTION_MSS,
        receipt=ours[0],
        place=ours[1],
        positive=positive,
        code="" if positive else _reply(block),
        left_at=begun or _instant(date),
        tries=tries,
    )


def _worst_first(block: Mail) -> int:
    """0 failed, 2 arrived; 1 where nothing is decided yet."""
    action = _first_word(block, "Action").lower()
    return 0 if action == "failed" else 2 if action in SENT else 1


def _try_of(fields: list[Mail]) -> tuple[str, int]:
    """As `left_at` and `tries`, "" and 0 where no envelope id of ours is told."""
    told = (words(block, "Original-Envelope-Id") for block in fields)
    found = ENVELOPE.fullmatch(next(filter(None, told), ""))
    if found is None:
        return "", 0
    return datetime.fromtimestamp(int(found[1]), UTC).isoformat(), int(found[2])


def _reply(block: Mail) -> str:
    quoted = SMTP_REPLY.search(words(block, "Diagnostic-Code"))
    if quoted:
        return quoted[1]
    status = _first_word(block, "Status")
    return STATUSES.get(status, "451" if status.startswith("4") else "554")


def _disposition(notice: Mail, named: list[Original]) -> MailReport | None:
    """An MDN of 1.1.3 or of before, when the error stood in Disposition itself."""
    for block in groups(notice):
        ids = [words(block, "Original-Message-ID"), *(name for name, _ in named)]
        ours = next(filter(None, map(_ours, ids)), None)
        said = words(block, "Disposition")
        if ours is None or not said:
            continue
        mode, mark, rest = said.partition(";")
        kind, _, modifiers = (rest if mark else mode).strip().lower().partition("/")
        read = FIRST_WORD.match(kind)
        wrong = "error" in modifiers or bool(block.get("Error"))
        positive = read is not None and read[0] in READ and not wrong
        coded = APPLICATION.search(f"{words(block, 'Error')} {said}")
        return MailReport(
            event=AckEvent.LECTURE_MSS,
            receipt=ours[0],
            place=ours[1],
            positive=positive,
            code="" if positive else coded[1] if coded else OTHER,
        )
    return None


def _plain_return(mail: Mail, parts: list[Mail]) -> MailReport | None:
    """A mail brought back by a server that writes no report (qmail, Exim in plain text)."""
    leaves = [mail, *parts]
    texts = [text_of(one) for one in leaves if one.get_content_type() == "text/plain"]
    if mail.get(FAILED_HEADER) is None and not any(one.startswith(QSBMF) for one in texts):
        return None
    named = [*originals(parts), *(one for text in texts for one in named_in(text))]
    found = ((_ours(name), date) for name, date in named)
    ours, date = next((one for one in found if one[0]), (None, ""))
    if ours is None:
        return None
    said = next(filter(None, map(SAID.search, texts)), None)
    return MailReport(
        event=AckEvent.RECEPTION_MSS,
        receipt=ours[0],
        place=ours[1],
        positive=False,
        code=(said[1] or said[2]) if said else "554",
        left_at=_instant(date),
    )


def _error_mail(mail: Mail, parts: list[Mail]) -> MailReport | None:
    """`[KO Intégration système !][902] XDM/1.0/DDM+…` around our mail: what a recipient's software
    writes where no receipt was asked for (MSSANTE section 5.3)."""
    said = KO.match(_subject(mail))
    ours = next(filter(None, (_ours(name) for name, _ in originals(parts))), None)
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
    return in_words(words(mail, "Subject"))


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


def _first_word(fields: Mail, name: str) -> str:
    """Without the comment that may follow."""
    found = FIRST_WORD.match(words(fields, name))
    return found[0] if found else ""
