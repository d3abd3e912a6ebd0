"""One place where everything that comes is judged, whichever door it came by."""

import email
import email.policy
import hashlib
import json
import threading
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from conformance.reading.frames import Framed
from conformance.reading.hl7 import Message, UnreadableError, read_message
from conformance.requirement import Outcome, Volet
from conformance.sender.archive import read_archive
from conformance.sender.judge import Fault, Judge, Rules, judges_of
from conformance.sender.judges import (
    archives,
    bundles,
    frames,
    header,
    mails,
    parts,
    patient,
    persons,
    requests,
    results,
    routing,
    segments,
    values,
)
from conformance.sender.scorecard import SHAPE_ERRORS, Found, Scorecard
from conformance.sender.subjects import Bundle, Document, Frame, Hl7, Mail, Request, read_document

RAW = Rules[bytes](Volet.HL7V2, "HL7 v2.5, 2.5.4 and 2.15.9")
MAX_SEEN = 100_000


@RAW.asks("S-HL7-00", "A message begins with MSH and its delimiters", fix="Begin with MSH|^~\\&|.")
def readable(raw: bytes) -> Sequence[Fault]:
    try:
        read_message(raw)
    except UnreadableError as error:
        return [Fault("MSH", str(error), 100)]
    return []


FRAME: list[Judge[Frame]] = judges_of(frames)
HL7: list[Judge[Hl7]] = judges_of(header, patient, segments, routing, results)
CDA: list[Judge[Document]] = judges_of(parts, persons, values)
XDM: list[Judge[Any]] = judges_of(archives)
MAIL: list[Judge[Mail]] = judges_of(mails)
FHIR: list[Judge[Bundle]] = judges_of(bundles)
HTTP: list[Judge[Request]] = judges_of(requests)


class Court:
    """Judges one thing at a time; `enough` is set after `wanted` things."""

    def __init__(self, wanted: int = 0) -> None:
        every: list[Judge[Any]] = [*FRAME, readable, *HL7, *CDA, *XDM, *MAIL, *FHIR, *HTTP]
        self._card = Scorecard(every)
        self._lock = threading.Lock()
        self._wanted = wanted
        self._controls: dict[tuple[str, str], bytes] = {}
        self.count = 0
        self.enough = threading.Event()

    def outcomes(self) -> list[Outcome]:
        with self._lock:
            return self._card.outcomes()

    def _counted(self, what: str) -> str:
        self.count += 1
        if self._wanted and self.count >= self._wanted:
            self.enough.set()
        return f"{what} {self.count}"

    # -- doors -----------------------------------------------------------------------------

    def framed(self, one: Framed) -> tuple[Message | None, list[Found]]:
        """A message of MLLP; None when it cannot be read as HL7."""
        with self._lock:
            label = self._counted("message")
            frame = Frame(one.stray, restarted=one.restarted, bare_end=one.bare_end)
            found = self._card.judge(frame, FRAME, label)
            message, more = self._message(one.body, label)
            return message, found + more

    def cut(self) -> None:
        """A connection ended inside a frame."""
        with self._lock:
            self._card.judge(Frame(cut=True), FRAME, "after the last message,")

    def request(self, one: Request) -> list[Found]:
        """What is posted, by what the bytes are."""
        with self._lock:
            label = self._counted("request")
            found = self._card.judge(one, HTTP, label)
            start = one.body.lstrip()[:3]
            if start.startswith(b"PK"):
                return found + self._archive(one.body, label)
            if start.startswith(b"MSH"):
                return found + self._message(one.body, label)[1]
            if start.startswith(b"{"):
                return found + self._bundle(one.body, label)
            return found + self._document(read_document(one.body), label)

    def mail(self, sender: str, recipients: Sequence[str], raw: bytes) -> list[Found]:
        with self._lock:
            label = self._counted("mail")
            one = Mail(sender, tuple(recipients), raw, read_mail(raw))
            found = self._card.judge(one, MAIL, label)
            for archive in archives_of(one):
                found += self._archive(archive, label)
            return found

    # -- what is inside --------------------------------------------------------------------

    def _message(self, raw: bytes, label: str) -> tuple[Message | None, list[Found]]:
        found = self._card.judge(raw, [readable], label)
        if found:
            return None, found
        message = read_message(raw)
        name = f"{label} ({message.control[:24]})" if message.control else label
        one = Hl7(message, self._again(message))
        found = self._card.judge(one, HL7, name)
        for enclosed in one.documents:
            if not enclosed.problem:
                found += self._document(enclosed.document, f"{name} {enclosed.place}")
        return message, found

    def _again(self, message: Message) -> str:
        """Whether this MSH-10 of this sender came before."""
        key = (message.msh.field(3) + message.msh.field(4), message.control)
        digest = hashlib.sha256(message.raw).digest()
        before = self._controls.get(key)
        if before is None and message.control and len(self._controls) < MAX_SEEN:
            self._controls[key] = digest
        return "" if before is None else "same" if before == digest else "other"

    def _document(self, one: Document, label: str) -> list[Found]:
        return self._card.judge(one, CDA, label)

    def _archive(self, raw: bytes, label: str) -> list[Found]:
        one = read_archive(raw)
        found = self._card.judge(one, XDM, label)
        for number, entry in enumerate(one.entries, 1):
            if entry.body is not None:
                found += self._document(read_document(entry.body), f"{label} document {number}")
        return found

    def _bundle(self, raw: bytes, label: str) -> list[Found]:
        try:
            told = json.loads(raw)
        except (ValueError, RecursionError):
            told = {}
        entries = told.get("entry") if isinstance(told, dict) else None
        rows = entries if isinstance(entries, list) else []
        inside = [row.get("resource") for row in rows if isinstance(row, dict)]
        resources = [one for one in [told, *inside] if isinstance(one, dict)]
        return self._card.judge(
            Bundle(told if isinstance(told, dict) else {}, resources), FHIR, label
        )


def read_mail(raw: bytes) -> EmailMessage:
    """Empty where parts are nested beyond reading."""
    try:
        read = email.message_from_bytes(raw, policy=email.policy.default)
    except SHAPE_ERRORS:
        return EmailMessage()
    return read if isinstance(read, EmailMessage) else EmailMessage()


def archives_of(one: Mail) -> list[bytes]:
    """None where a hostile header stops the library that reads it."""
    try:
        return one.archives
    except SHAPE_ERRORS:
        return []
