"""How mail leaves this house: by the MSSanté operator's relay, or as files where none is set."""

import asyncio
import hashlib
import re
import ssl
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from gateway import __version__
from gateway.errors import RefusedError
from gateway.flows.sending.messages.business import KEPT
from gateway.mapping.mail.report import envelope_of
from gateway.mapping.xdm.write import Editor
from gateway.mssante.answer import build_answer, build_receipt
from gateway.mssante.message import Letter, build_mail, build_notice
from gateway.mssante.outbox import write_aside
from gateway.mssante.postman import Destination, Postman
from gateway.records.documents.document import Document
from gateway.records.intake.understanding import Submission
from gateway.records.messages.outgoing_mail import OutgoingMail, OutgoingNotice
from gateway.records.messages.patient_mail import PatientMail, ReadReceipt
from gateway.records.patients.patient import PatientIdentity
from gateway.settings.sections.doors import Mssante, Relay

DEFAULT_SENDER = "passerelle@demo.mssante.fr"
SOURCE_ROOT = "2.25"
NIL = "passerelle"
PRODUCT = f"{NIL}-{__version__}"
SENT = "sent"
"""First word of the outcome of a mail that left. The metric counts by it, since each relay words
its 250 in its own way."""
SENT_IN_DEMO = f"{SENT}: the demo's folder is its relay"
STATUS = re.compile(r"2\.\d{1,3}\.\d{1,3}(?!\S)", re.ASCII)
QUEUED = re.compile(r"queued as ([0-9A-Za-z]{6,20})(?![\w.@-])", re.ASCII)
NOBODY = PatientIdentity()
MANY_DIGITS = 12
"""An INS has more of them than the number of a mail in a queue, and a name has none."""


@dataclass(frozen=True, slots=True)
class HouseMailer:
    """The ports `Mailer` and `NoticeMailer`; without a postman the mail is kept in `folder`."""

    settings: Mssante
    folder: Path
    postman: Postman | None = None
    is_demo: bool = False
    threads: Executor | None = None

    async def mail(self, mail: OutgoingMail) -> str:
        sender, first = sender_address(self.settings), mail.documents[0][0]
        letter = Letter(
            message_id=mail.reference,
            sender=sender,
            to=mail.to,
            at=mail.at,
            documents=mail.documents,
            submission=_submission(mail.reference, first, mail.at),
            editor=_editor(first),
            product=PRODUCT,
            reply_to=mail.reply_to,
            body=mail.body,
            last_word=mail.last_word,
            read_receipt=mail.read_receipt,
        )
        try:
            loop = asyncio.get_running_loop()  # a thread: seconds, for a large document
            raw = await loop.run_in_executor(self.threads, build_mail, letter)
        except ValueError as error:
            raise RefusedError(str(error)) from error
        return await self._hand_over(raw, mail, sender=sender)

    async def tell(self, notice: OutgoingNotice) -> str:
        """The same of a notice, which has no document."""
        sender = sender_address(self.settings)
        try:
            raw = build_notice(notice, sender=sender, product=PRODUCT)
        except ValueError as error:
            raise RefusedError(str(error)) from error
        return await self._hand_over(raw, notice, sender=sender)

    async def answer(self, mail: PatientMail) -> str:
        """From the patient's own box, where what answers it goes, receipts too."""
        sender = box_address(self.settings, mail.ins)
        first = mail.documents[0][0] if mail.documents else None
        build = partial(
            build_answer,
            mail,
            sender=sender,
            product=PRODUCT,
            editor=_editor(first),
            submission=_submission(mail.reference, first, mail.at),
        )
        try:
            loop = asyncio.get_running_loop()  # a thread: seconds, for large documents
            raw = await loop.run_in_executor(self.threads, build)
        except ValueError as error:
            raise RefusedError(str(error)) from error
        name = envelope_of(mail.begun_at or mail.at, mail.tries)
        return await self._sent(raw, mail.to, sender=sender, envelope=name)

    async def receipt(self, receipt: ReadReceipt) -> str:
        """Its envelope has no sender (RFC 8098 section 3)."""
        sender = box_address(self.settings, receipt.ins)
        try:
            raw = build_receipt(receipt, sender=sender, product=PRODUCT)
        except ValueError as error:
            raise RefusedError(str(error)) from error
        return await self._sent(raw, receipt.to, sender="", envelope="")

    async def _hand_over(
        self, raw: bytes, what: OutgoingMail | OutgoingNotice, *, sender: str
    ) -> str:
        name = envelope_of(what.at, what.tries)
        return await self._sent(raw, what.to, sender=sender, envelope=name)

    async def _sent(self, raw: bytes, to: str, *, sender: str, envelope: str) -> str:
        """In the folder a mail that is tried again is the same file: its bytes are the same."""
        if self.postman is not None:
            said = await self.postman.send(sender=sender, recipient=to, raw=raw, envelope=envelope)
            return f"{SENT}: {' '.join(heard(said))}".rstrip(": ")
        name = hashlib.sha256(b"\0".join((to.encode(), raw))).hexdigest()[:32]
        text = raw.decode("ascii", "replace")
        await asyncio.to_thread(write_aside, self.folder / f"{name}.eml", text)
        return SENT_IN_DEMO if self.is_demo else f"{KEPT}: no relay is set"


def heard(said: str) -> list[str]:
    """Of a relay's words its status code, and what it calls the mail in its queue: the rest may
    name whom it is for, and stands in a column that is not sealed."""
    status, queue = STATUS.match(said), QUEUED.search(said)
    digits = sum(map(str.isdigit, queue[1])) if queue else 0
    found = [status[0]] if status else []
    return [*found, queue[0]] if queue and 0 < digits < MANY_DIGITS else found


def sender_address(mail: Mssante) -> str:
    """Whom our mails come from, and where receipts for them go."""
    return mail.sender_address or DEFAULT_SENDER


def box_address(mail: Mssante, ins: str) -> str:
    """A patient's own (VAULT MSG-01)."""
    return f"{ins}@{mail.patient_domain}"


def postman_of(relay: Relay | None, hostname: str) -> Postman | None:
    """One connection to the operator, TLS wherever its authorities are named."""
    if relay is None:
        return None
    context: ssl.SSLContext | None = None
    if relay.ca is not None:
        context = ssl.create_default_context(cafile=str(relay.ca))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if relay.certificate is not None:
            context.load_cert_chain(relay.certificate, relay.key)
    return Postman(
        Destination(
            host=relay.address.host, port=relay.address.port, tls=context, hostname=hostname
        )
    )


def _submission(reference: str, document: Document | None, at: datetime) -> Submission:
    """One mail is one submission, however often it is tried: a second one would be imported."""
    patient = document.patient if document else NOBODY
    number = int.from_bytes(hashlib.sha256(reference.encode()).digest()[:16])
    return Submission(
        unique_id=f"{SOURCE_ROOT}.{number}",
        source_id=f"{SOURCE_ROOT}.1",
        patient_id=f"{patient.ins_oid}^{patient.ins}" if patient.ins else None,
        time=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        content_type="07",
        author=None,
    )


def _editor(document: Document | None) -> Editor:
    author = document.authors[0] if document and document.authors else None
    name = " ".join(filter(None, (author.given, author.family))) if author else ""
    return Editor(
        author=name,
        organization=(author.organization_name if author else None) or "",
        organization_id=(author.organization_id if author else None) or "",
        version=__version__,
    )
