"""Open a conversation: its mails as one reader may see them, read from now on."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.errors import DeniedError
from gateway.flows.corresponding.admitting import gives_receipts
from gateway.flows.corresponding.box import Box, Boxes
from gateway.flows.corresponding.grouping import correspondent_of
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.facts import document_facts
from gateway.mapping.mail.letter import attached_in
from gateway.ports.correspondence import Correspondence
from gateway.ports.documents.journal import Journal
from gateway.records.correspondence.conversation import (
    Enclosed,
    Given,
    Mail,
    Opened,
    Shared,
    Way,
)
from gateway.records.correspondence.letter import KeptMail
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.account import Professional
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader
from gateway.records.task import NewTask, TaskKind

READ, OPENED, FILE = "message-read", "message-opened", "message-file"
"""The first opening of a message, one after it, and of a file that came with it."""
FILED = -1
"""The place of a document: its own page gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMails:
    boxes: Boxes
    journal: Journal

    @property
    def _kept(self) -> Correspondence:
        return self.boxes.look.correspondence

    async def __call__(self, reader: Reader, patient: PatientKey, identifier: str) -> Opened:
        box = await self.boxes.of(reader, patient, identifier, OPENED)
        mails = box.mails(identifier)
        unread = [one for one in mails if one.read_at is None]
        act = self.boxes.entry(box, READ if unread else OPENED, identifier)
        await self._kept.mark_read(
            [one.id for one in unread],
            at=box.sight.gate.now,
            acts=[act],
            then=self._receipts(box, unread),
        )
        draft = box.note(identifier).draft
        return Opened(
            conversation=replace(box.conversation(identifier), unread=0),
            mails=tuple(_shown(one, box, reader) for one in mails),
            draft=replace(draft, conversation=identifier) if draft else None,
        )

    async def enclosed(
        self, reader: Reader, patient: PatientKey, identifier: str, mail: str, place: int
    ) -> Given:
        box = await self.boxes.of(reader, patient, identifier, FILE)
        kept = next((one for one in box.mails(identifier) if one.id == mail), None)
        files = kept.letter.attached if kept is not None and kept.way is Way.IN else ()
        wanted = next((one for one in files if one.place == place), None)
        given = wanted is not None and wanted.refused is None
        act = self.boxes.entry(box, FILE, identifier, permitted=given)
        await self.boxes.look.asking.traces.write([act])
        raw = await self.journal.raw(mail) if given else None
        part = await asyncio.to_thread(attached_in, raw, place) if raw is not None else None
        if kept is None or wanted is None or part is None:
            raise DeniedError(NOT_THERE)
        return Given(
            name=wanted.name,
            mime_type=wanted.mime_type,
            body=part.body,
            by=_name_of(kept, box.known.directory),
            at=kept.at,
        )

    def _receipts(self, box: Box, mails: list[KeptMail]) -> list[NewTask]:
        """MSG-08: of who wrote and asks for it, where the patient allows it; never to another
        address (RFC 8098 section 2.1)."""
        now = box.sight.gate.now
        if not gives_receipts(list(box.sight.choices), now):
            return []
        return [
            NewTask(kind=TaskKind.READ_RECEIPT, subject=one.id, due_at=now, patient=one.patient)
            for one in mails
            if (one.letter.receipt_to or "").lower() in _own_addresses(one)
        ]


def _own_addresses(mail: KeptMail) -> set[str]:
    return {mail.letter.sender.lower(), mail.letter.answer_to.lower()}


def _shown(mail: KeptMail, box: Box, reader: Reader) -> Mail:
    came = mail.way is Way.IN
    return Mail(
        id=mail.id,
        way=mail.way,
        at=mail.at,
        by=_name_of(mail, box.known.directory) if came else mail.by_name,
        text=mail.letter.text,
        enclosed=_enclosed(mail, box) if came else (),
        delivery=mail.delivery,
        reason=mail.reason,
        shared=() if came else _shared(mail, box),
        is_own=bool(mail.by) and mail.by == reader.id,
        is_new=mail.read_at is None,
    )


def _name_of(mail: KeptMail, directory: Mapping[str, Professional]) -> str:
    return correspondent_of(mail, directory).name


def _enclosed(mail: KeptMail, box: Box) -> tuple[Enclosed, ...]:
    """What filed itself first, then the files beside it."""
    documents = (_opens(one, box) for one in mail.documents)
    filed = (
        Enclosed(
            place=FILED,
            name=card.title,
            mime_type=card.mime_type,
            size=card.size,
            document=card.id,
        )
        for card in documents
        if card is not None
    )
    files = (
        Enclosed(
            place=one.place,
            name=one.name,
            mime_type=one.mime_type,
            size=one.size,
            refused=one.refused,
        )
        for one in mail.letter.attached
    )
    return (*filed, *files)


def _opens(document: str, box: Box) -> Card | None:
    card = box.sight.cards.get(document)
    if card is None or card.status is not DocumentStatus.CURRENT:
        return None
    allowed = box.sight.gate.may(AccessAction.OPEN, document_facts(card))
    return card if allowed.permitted else None


def _shared(mail: KeptMail, box: Box) -> tuple[Shared, ...]:
    """With the title of then; the id only where it may be opened still."""
    pairs = zip(mail.documents, mail.titles, strict=True)
    return tuple(
        Shared(document=one if _opens(one, box) else "", title=title) for one, title in pairs
    )
