"""What a patient wrote leaves by secure mail, if the rules permit it at that second.

What became of it stands in the conversation (MSG-08): taken by the recipient's server, or not, and
why; a receipt that comes later says more (`came_back`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.flows.filing.acts import hiding_in
from gateway.flows.filing.arriving import said_of
from gateway.flows.filing.judging.people import OPEN_STATES
from gateway.flows.reading.read import ReadShelf
from gateway.flows.sending.mails.mail import recipient_of
from gateway.flows.sending.messages.business import KEPT as KEPT_HERE
from gateway.flows.sending.outcome import Outcome, later
from gateway.mapping.mail.report import message_id_of
from gateway.ports.correspondence import Correspondence
from gateway.ports.mail import PatientMailer
from gateway.records.correspondence.conversation import Delivery, Reason
from gateway.records.correspondence.letter import KeptMail
from gateway.records.documents.document import Document
from gateway.records.messages.business_ack import AckEvent
from gateway.records.messages.mail_report import MailReport
from gateway.records.messages.patient_mail import PatientMail, ReadReceipt
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Origin
from gateway.records.task import Task

GONE = "gone"
DELIVERED, UNDELIVERED, SEEN = "message-delivered", "message-undelivered", "message-seen"
ACTS = {
    Delivery.DELIVERED: DELIVERED,
    Delivery.UNDELIVERED: UNDELIVERED,
    Delivery.READ: SEEN,
}
TOO_LARGE = (552, 523)
UNKNOWN = (550, 551, 553, 512)
"""RFC 5321 section 4.2.2, RFC 3463: the replies that say which of the reasons it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """Writes down what became of a message, with its entry in the log."""

    read: ReadShelf
    correspondence: Correspondence

    async def __call__(
        self, mail: KeptMail, delivery: Delivery, reason: Reason | None = None
    ) -> None:
        now = self.read.clock.now()
        named = await self.read.shelf.find_each([*mail.documents, *mail.under])
        codes = (hiding_in(one.card.codes) for one in named.values())
        said = said_of(mail.conversation, codes)
        act = NewTrace(
            patient=mail.patient,
            action=ACTS[delivery],
            permitted=True,
            rule=reason.value if reason else "sent",
            kind="system",
            actor=mail.to,
            actor_name=mail.to,
            door="smtp",
            details=orjson.dumps(said),
        )
        await self.correspondence.came_to(mail.id, delivery, reason, at=now, act=act)

    async def came_back(self, report: MailReport) -> None:
        """A delivery or read receipt of a message; what says nothing new changes nothing."""
        mail = await self.correspondence.mail(report.receipt)
        if mail is None or report.positive is None:
            return
        if report.event == AckEvent.LECTURE_MSS:
            if report.positive and mail.delivery is not Delivery.READ:
                await self(mail, Delivery.READ)
        elif not report.positive:
            await self(mail, Delivery.UNDELIVERED, reason_of(report.code))
        elif mail.delivery in (Delivery.WAITING, Delivery.UNDELIVERED):
            await self(mail, Delivery.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryMessages:
    """Carries MESSAGE and READ_RECEIPT tasks."""

    fates: Fates
    mailer: PatientMailer

    async def carry(self, task: Task) -> str:
        """Raises DeferredError to be tried again; where it is given up, or refused, the patient
        reads so."""
        mail = await self._mail(task)
        ins = await self._box(task.patient)
        if mail is None or ins is None:
            return GONE  # deleted, or the space was closed since
        try:
            done = await self.mailer.answer(await self._built(task, mail, ins))
        except DeniedError:
            await self.fates(mail, Delivery.UNDELIVERED, Reason.DOCUMENT)
            raise
        except RefusedError as error:
            code = error.finding.application if error.finding else None
            await self.fates(mail, Delivery.UNDELIVERED, reason_of(str(code or "")))
            raise
        except DeferredError as error:
            if isinstance(later(task, error, self.fates.read.clock.now()), Outcome):
                await self.fates(mail, Delivery.UNDELIVERED, Reason.NO_ANSWER)
            raise
        if not done.startswith(KEPT_HERE):
            await self.fates(mail, Delivery.DELIVERED)
        return done

    async def receipt(self, task: Task) -> str:
        """That a message was opened (MSG-08)."""
        mail, ins = await self._mail(task), await self._box(task.patient)
        if mail is None or ins is None or not mail.letter.receipt_to:
            return GONE
        return await self.mailer.receipt(
            ReadReceipt(
                ins=ins,
                to=mail.letter.receipt_to,
                original=mail.letter.message_id or "",
                at=task.happened_at,
                reference=message_id_of(mail.id, 1),
            )
        )

    async def _mail(self, task: Task) -> KeptMail | None:
        return await self.fates.correspondence.mail(task.subject)

    async def _box(self, patient: PatientKey | None) -> str | None:
        """The INS of an open space."""
        person = await self.fates.read.people.person(patient) if patient else None
        if person is None or person.state not in OPEN_STATES:
            return None
        return person.identity.ins

    async def _built(self, task: Task, mail: KeptMail, ins: str) -> PatientMail:
        return PatientMail(
            ins=ins,
            to=mail.to,
            subject=mail.letter.subject,
            text=mail.letter.text,
            at=mail.at,
            reference=message_id_of(mail.id, 0),
            answers=mail.letter.answers,
            documents=await self._documents(mail),
            begun_at=task.created_at,
            tries=task.attempts,
        )

    async def _documents(self, mail: KeptMail) -> Sequence[tuple[Document, bytes]]:
        read, recipient = self.fates.read, recipient_of(mail.to, None)
        found = []
        for identifier in mail.documents:
            decision = await read.may_mail(recipient, identifier, origin=Origin.PATIENT)
            shelved = await read.shelf.find(identifier)
            if not decision.permitted or shelved is None:
                raise DeniedError("This mail is not permitted.", rule=decision.rule)
            found.append((shelved.document, await read.shelf.body(identifier)))
        return found


def reason_of(code: str) -> Reason:
    """From the code of a reply (RFC 5321) or of a receipt."""
    number = int(code) if code.isdecimal() else 0
    if number in TOO_LARGE:
        return Reason.TOO_LARGE
    return Reason.UNKNOWN_ADDRESS if number in UNKNOWN else Reason.REFUSED
