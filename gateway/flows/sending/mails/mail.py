"""Mail: a document leaves to one recipient, if the rules still permit it at that second."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.access.decide import decide
from gateway.access.grid import Grid
from gateway.errors import DeniedError, RefusedError
from gateway.flows.again import Again
from gateway.flows.reading.decided.facts import NO_TYPE, NORMAL_CODES, latest_day, patient_reader
from gateway.flows.reading.read import ReadShelf
from gateway.flows.sending.messages.business import wants_reading
from gateway.mapping.mail.report import message_id_of
from gateway.ports.documents.shelf import Shelf
from gateway.ports.mail import Mailer
from gateway.records.documents.document import Document
from gateway.records.intake.understanding import Understanding
from gateway.records.messages.mailbox import is_patient_box
from gateway.records.messages.message import Header, Message
from gateway.records.messages.outgoing_mail import OutgoingMail
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    CODES,
    FLAGS,
    NO_FLAGS,
    AccessAction,
    Account,
    Circumstances,
    Decision,
    DocumentFacts,
    Origin,
    Reader,
    ReaderKind,
    RecordFacts,
)
from gateway.records.readers.switches import Switches
from gateway.records.task import Task

PROFESSIONAL_BODY, PATIENT_BODY = "CORPSMAIL_PS", "CORPSMAIL_PATIENT"
"""Which text of the sender goes to whom (XDM_HL7V2 A5)."""
NO_MESSAGE = Message(header=Header())
YES = "Y"
Enclosure = tuple[Document, bytes]


@dataclass(frozen=True, slots=True)
class MailDocuments:
    """Carries MAIL tasks. `access.decide` is asked for each document at the second it leaves."""

    shelf: Shelf
    read: ReadShelf
    again: Again
    mailer: Mailer

    async def carry(self, task: Task) -> str:
        """One mail to one recipient, with every document of one message."""
        payload = json.loads(task.payload)
        understood = (await self.again(task.subject)).understanding
        flags = _flags(understood)
        recipient = recipient_of(payload["to"], task.patient)
        if payload["documents"]:
            enclosures = [
                await self._shelved(recipient, one, flags) for one in payload["documents"]
            ]
        else:
            enclosures = self._unshelved(recipient, understood, flags)
        message = understood.message or NO_MESSAGE
        is_patient = is_patient_box(payload["to"])
        body = PATIENT_BODY if is_patient else PROFESSIONAL_BODY
        mail = OutgoingMail(
            to=payload["to"],
            documents=enclosures,
            reply_to=message.reply_to,
            at=task.created_at,
            tries=task.attempts,
            reference=message_id_of(task.subject, place_of(payload["to"], message)),
            read_receipt=wants_reading(message),
            body=message.mail_bodies.get(body, ""),
            last_word=is_patient and message.last_word,
        )
        return await self.mailer.mail(mail)

    async def _shelved(
        self, recipient: Reader, document: str, flags: Mapping[str, bool]
    ) -> Enclosure:
        decision = await self.read.may_mail(recipient, document, origin=Origin.SENDER, flags=flags)
        _demand(decision)
        found = await self.shelf.find(document)
        if found is None:
            raise RefusedError("The document is not there any more.")
        return found.document, await self.shelf.body(document)

    def _unshelved(
        self, recipient: Reader, understood: Understanding, flags: Mapping[str, bool]
    ) -> list[Enclosure]:
        """A message whose patient has no space here: the mail leg alone (VAULT ACC-22)."""
        now, switches, grid = self.again.receive.clock.now(), self.read.switches, self.read.grid
        enclosures = []
        for document, content in zip(understood.documents, understood.contents, strict=True):
            _demand(decide_unshelved(recipient, document, flags, switches, grid, now))
            enclosures.append((document, content.body))
        return enclosures


def decide_unshelved(
    recipient: Reader,
    document: Document,
    flags: Mapping[str, bool],
    switches: Switches,
    grid: Grid,
    now: datetime,
) -> Decision:
    """The mail of a document that is on no shelf here. A patient's box is none of the space: what
    is hidden from a patient, or of a minor, is kept from it as from one not entered yet."""
    codes = tuple(code for code in document.confidentiality if code in CODES)
    is_patient = recipient.kind is ReaderKind.PATIENT
    return decide(
        recipient,
        AccessAction.MAIL,
        DocumentFacts(
            type=document.type_code or NO_TYPE, codes=codes or NORMAL_CODES, deposited=now
        ),
        RecordFacts(
            account=Account.OPEN if is_patient else Account.NOT_CREATED,
            birth_date=latest_day(document.patient.birth_date),
        ),
        Circumstances(origin=Origin.SENDER, flags=flags),
        switches,
        grid,
        now,
    )


def place_of(address: str, message: Message) -> int:
    """Which recipient of its message this is, from 0."""
    return message.recipients.index(address) if address in message.recipients else 0


def _demand(decision: Decision) -> None:
    if not decision.permitted:
        raise DeniedError("This mail is not permitted.", rule=decision.rule)


def recipient_of(address: str, patient: PatientKey | None) -> Reader:
    """The patient for a citizen's box, else a professional known by the address alone."""
    if not is_patient_box(address):
        return Reader(kind=ReaderKind.PROFESSIONAL, id=address)
    if patient is not None:
        return patient_reader(patient)
    return Reader(kind=ReaderKind.PATIENT, id=address)


def _flags(understood: Understanding) -> Mapping[str, bool]:
    message = understood.message
    if message is None:
        return NO_FLAGS
    return {name: value == YES for name, value in message.flags.items() if name in FLAGS}
