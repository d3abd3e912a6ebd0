"""Mail: a document leaves to one recipient, if the rules still permit it at that second."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.access.decide import decide
from gateway.errors import DeniedError, RefusedError
from gateway.flows.again import Again
from gateway.flows.reading.facts import NO_TYPE, NORMAL_CODES, patient_reader
from gateway.flows.reading.read import ReadShelf
from gateway.flows.sending.business import wants_reading
from gateway.mapping.mail_report import message_id_of
from gateway.ports.mail import Mailer
from gateway.ports.shelf import Shelf
from gateway.records.access import (
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
from gateway.records.document import Document
from gateway.records.mailbox import is_patient_box
from gateway.records.message import Header, Message
from gateway.records.outgoing_mail import OutgoingMail
from gateway.records.patient import PatientKey
from gateway.records.task import Task
from gateway.records.understanding import Understanding

PROFESSIONAL_BODY, PATIENT_BODY = "CORPSMAIL_PS", "CORPSMAIL_PATIENT"
"""Which text of the sender goes to whom (XDM_HL7V2 A5)."""
HIDDEN, HIDDEN_RULE = "INVISIBLE_PATIENT", "F27"
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
        recipient = _recipient(payload["to"], task.patient)
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
            at=self.again.receive.clock.now(),
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
        now = self.again.receive.clock.now()
        enclosures = []
        for document, content in zip(understood.documents, understood.contents, strict=True):
            if is_hidden_from(recipient.id or "", document):
                raise DeniedError("This mail is not permitted.", rule=HIDDEN_RULE)
            _demand(self._without_space(recipient, document, flags, now))
            enclosures.append((document, content.body))
        return enclosures

    def _without_space(
        self, recipient: Reader, document: Document, flags: Mapping[str, bool], now: datetime
    ) -> Decision:
        codes = tuple(code for code in document.confidentiality if code in CODES)
        return decide(
            recipient,
            AccessAction.MAIL,
            DocumentFacts(
                type=document.type_code or NO_TYPE, codes=codes or NORMAL_CODES, deposited=now
            ),
            RecordFacts(account=Account.NOT_CREATED),
            Circumstances(origin=Origin.SENDER, flags=flags),
            self.read.switches,
            self.read.grid,
            now,
        )


def place_of(address: str, message: Message) -> int:
    """Which recipient of its message this is, from 0."""
    return message.recipients.index(address) if address in message.recipients else 0


def is_hidden_from(address: str, document: Document) -> bool:
    """Without a record nothing says when it is announced: it never leaves for a patient's box."""
    return is_patient_box(address) and HIDDEN in document.confidentiality


def _demand(decision: Decision) -> None:
    if not decision.permitted:
        raise DeniedError("This mail is not permitted.", rule=decision.rule)


def _recipient(address: str, patient: PatientKey | None) -> Reader:
    """The patient for a citizen's box, else a professional known by the address alone."""
    if is_patient_box(address) and patient is not None:
        return patient_reader(patient)
    return Reader(kind=ReaderKind.PROFESSIONAL, id=address)


def _flags(understood: Understanding) -> Mapping[str, bool]:
    message = understood.message
    if message is None:
        return NO_FLAGS
    return {name: value == YES for name, value in message.flags.items() if name in FLAGS}
