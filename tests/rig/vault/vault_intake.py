"""A journal in memory that judges as the store does, and puts what was filed on the shelf."""

from dataclasses import dataclass, field, replace

from msgspec import structs
from vault_twins import MemoryPeople, MemoryShelf, MemoryTraces, PlainNames

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.flows.filing import FilingJudge
from gateway.flows.filing.acts import by_hand
from gateway.records.documents.document import Document
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.intake.filing import (
    Answer,
    Earlier,
    Facts,
    Filing,
    Intake,
    Known,
    Receipt,
    Shelving,
)
from gateway.records.intake.finding import Verdict


@dataclass
class MemoryJournal:
    """`full` is a disk that takes nothing any more."""

    people: MemoryPeople
    shelf: MemoryShelf
    traces: MemoryTraces
    taken: dict[str, tuple[Intake, Answer]] = field(default_factory=dict)
    full: bool = False
    mails: dict[str, bytes] = field(default_factory=dict)
    """Bytes of receipts that came before the test."""

    async def file(self, intake: Intake) -> Answer:
        if self.full:
            raise DeferredError("nothing can be stored", disk_full=True)
        filing = FilingJudge(PlainNames(), SystemIds())(intake, self._facts(intake))
        if filing.store:
            self.taken[filing.answer.receipt] = intake, filing.answer
            await self._keep(intake, filing)
        return filing.answer

    async def receipt(self, receipt: str) -> Receipt | None:
        if receipt not in self.taken:
            return None
        one, answer = self.taken[receipt]
        return Receipt(
            id=receipt,
            sender=one.sender,
            door=one.door,
            key=one.key,
            digest=one.digest,
            at=one.at,
            answer=answer,
            format=one.understanding.format.value,
            size=len(one.raw),
        )

    async def raw(self, receipt: str) -> bytes | None:
        if receipt in self.taken:
            return self.taken[receipt][0].raw
        return self.mails.get(receipt)

    async def held(self, *, limit: int) -> list[Receipt]:
        return []

    async def waiting_for(self, name: bytes) -> list[str]:
        return []

    async def refile(self, intake: Intake) -> Answer:
        return await self.file(structs.replace(intake, released=True))

    async def drop_expired(self, now: object) -> int:
        return 0

    def _facts(self, intake: Intake) -> Facts:
        stored = [_known(one) for one in self.shelf.shelved.values()]
        names = {d.replaces for d in intake.understanding.documents}
        own = {one.id: one for one in stored if one.id in names}
        return Facts(
            earlier=self._earlier(intake),
            persons=dict(self.people.persons),
            documents={one.unique_id: one for one in stored if one.unique_id} | own,
            sets={},
        )

    def _earlier(self, intake: Intake) -> Earlier | None:
        for before, answer in self.taken.values():
            same = before.sender == intake.sender and before.key == intake.key is not None
            if same and answer.verdict is not Verdict.REFUSE:
                return Earlier(answer=answer, same_bytes=before.digest == intake.digest)
        return None

    async def _keep(self, intake: Intake, filing: Filing) -> None:
        for change in filing.changes:
            old = self.shelf.shelved[change.id]
            card = structs.replace(old.card, status=change.status)
            self.shelf.shelved[change.id] = replace(old, card=card, superseded_by=change.by)
        for one in filing.shelvings:
            content = intake.understanding.contents[one.index]
            self.shelf.shelved[one.id] = Shelved(
                card=_card(intake, one), document=one.document, sender=intake.sender
            )
            self.shelf.bodies[one.id] = content.body
            if intake.depositor is not None:
                who = intake.depositor
                trace = by_hand(who, one.patient, permitted=True, rule="P21", document=one.id)
                await self.traces.write([trace], then=filing.tasks)
        await self.traces.write(filing.traces)


def _known(one: Shelved) -> Known:
    card, document = one.card, one.document
    return Known(
        id=card.id,
        patient=card.patient,
        receipt=card.receipt,
        unique_id=document.unique_id,
        set_id=document.set_id,
        version=document.version,
        status=card.status,
        sha256=bytes.fromhex(document.sha256),
        label=card.label,
        type_code=card.type_code,
        sender=one.sender,
        organization=card.organization,
        author_ids=card.author_ids,
        codes=card.codes,
        hidden_from=card.hidden_from,
        superseded_by=one.superseded_by,
        deposited_at=card.deposited_at,
        by_patient=card.by_patient,
    )


def _card(intake: Intake, shelving: Shelving) -> Card:
    document: Document = shelving.document
    author = document.authors[0]
    return Card(
        id=shelving.id,
        patient=shelving.patient,
        receipt=intake.receipt,
        status=DocumentStatus.CURRENT,
        type_code=document.type_code,
        class_code=document.class_code,
        label=document.label,
        title=document.title or "",
        author=author.family or "",
        author_ids=tuple(one.id for one in document.authors if one.id),
        organization=shelving.organization,
        organization_name=author.organization_name or "",
        act_date=document.service_start,
        codes=document.confidentiality,
        mime_type=document.mime_type,
        size=document.size,
        results=0,
        deposited_at=shelving.deposited_at,
        hidden_from=shelving.hidden_from,
        announced_at=None,
        by_patient=shelving.by_patient,
    )
