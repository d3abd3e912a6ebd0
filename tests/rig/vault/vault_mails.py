"""The mails of every record in memory, and what was done with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from vault_twins import MemoryTraces

from gateway.clock import SystemIds
from gateway.flows.corresponding.box import Boxes
from gateway.flows.corresponding.room import Messages
from gateway.flows.corresponding.sight import Look
from gateway.flows.reading.read import ReadShelf
from gateway.ports.correspondence import ChangeNote
from gateway.ports.documents.journal import Journal
from gateway.records.correspondence.conversation import Delivery, Limits, Reason
from gateway.records.correspondence.letter import NO_NOTE, KeptMail, Note
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.switches import PATIENT_MAY_WRITE
from gateway.records.task import NewTask


@dataclass
class MemoryCorrespondence:
    """`tasks` are those that would carry what was written, and receipts."""

    log: MemoryTraces
    kept: dict[str, KeptMail] = field(default_factory=dict)
    noted: dict[tuple[PatientKey, str], Note] = field(default_factory=dict)
    tasks: list[NewTask] = field(default_factory=list)

    async def mails(self, patient: PatientKey, *, unread_only: bool = False) -> list[KeptMail]:
        mine = [one for one in self.kept.values() if one.patient == patient]
        return [one for one in mine if not (unread_only and one.read_at)]

    async def has_unread(self, patient: PatientKey) -> bool:
        return bool(await self.mails(patient, unread_only=True))

    async def mail(self, mail: str) -> KeptMail | None:
        return self.kept.get(mail)

    async def notes(self, patient: PatientKey) -> dict[str, Note]:
        return {name: note for (whose, name), note in self.noted.items() if whose == patient}

    async def post(self, mail: KeptMail, task: NewTask, act: NewTrace) -> None:
        if mail.id in self.kept:
            return
        self.kept[mail.id] = replace(mail, delivery=Delivery.WAITING)
        self.noted.pop((mail.patient, mail.conversation), None)
        self.tasks.append(task)
        await self.log.write([act])

    async def note(
        self,
        patient: PatientKey,
        conversation: str,
        change: ChangeNote,
        *,
        at: datetime,
        act: NewTrace | None = None,
    ) -> None:
        self.noted[patient, conversation] = change(self.noted.get((patient, conversation), NO_NOTE))
        await self.log.write([act] if act else [])

    async def mark_read(
        self,
        mails: Sequence[str],
        *,
        at: datetime,
        acts: Sequence[NewTrace],
        then: Sequence[NewTask] = (),
    ) -> None:
        for one in mails:
            self.kept[one] = replace(self.kept[one], read_at=at)
        self.tasks += then
        await self.log.write(acts)

    async def came_to(
        self,
        mail: str,
        delivery: Delivery,
        reason: Reason | None = None,
        *,
        at: datetime,
        act: NewTrace,
    ) -> bool:
        self.kept[mail] = replace(self.kept[mail], delivery=delivery, reason=reason)
        await self.log.write([act])
        return True

    async def delete(
        self, conversation: str, *, mails: Sequence[str], at: datetime, act: NewTrace
    ) -> None:
        for one in mails:
            del self.kept[one]
        for whose, name in list(self.noted):
            if name == conversation:
                del self.noted[whose, name]
        await self.log.write([act])


def messages_in(read: ReadShelf, kept: MemoryCorrespondence, journal: Journal) -> Messages:
    """The room, over these twins."""
    boxes = Boxes(look=Look(asking=read, correspondence=kept), policy=PATIENT_MAY_WRITE)
    return Messages(
        boxes=boxes, journal=journal, limits=Limits(), ids=SystemIds(), domain="patient.mssante.fr"
    )
