"""What a shelf in memory does with a record: finds, masks, hides, announces, withdraws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from msgspec import structs

from gateway.records.documents.deposited import Deposited
from gateway.records.documents.document import Label
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved, availability_of
from gateway.records.documents.update import Availability, Lot, Outcome, Update
from gateway.records.intake.understanding import Submission
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.records.task import NewTask


@dataclass
class ShelfTwin:
    """A twin of the port `Shelf` says besides what bodies and words it has, and where acts go."""

    shelved: dict[str, Shelved] = field(default_factory=dict)
    ended: list[tuple[str, Hide]] = field(default_factory=list)
    """What was hidden and is not any more, with the document."""
    lots: dict[str, str] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    """What senders said of a whole, by receipt."""

    async def written(self, acts: Sequence[NewTrace], then: Sequence[NewTask] = ()) -> None:
        """Acts that the store would commit together with the change."""
        raise NotImplementedError

    async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
        cards = [one.card for one in self.shelved.values() if one.card.patient == patient]
        if current_only:
            cards = [card for card in cards if card.status is DocumentStatus.CURRENT]
        return sorted(cards, key=lambda card: card.deposited_at, reverse=True)

    async def find(self, document: str) -> Shelved | None:
        return self.shelved.get(document)

    async def find_each(self, documents: Sequence[str]) -> dict[str, Shelved]:
        found = {one: await self.find(one) for one in documents}
        return {name: one for name, one in found.items() if one is not None}

    async def named(self, unique_ids: Sequence[str]) -> dict[str, str]:
        named = {one.document.unique_id: name for name, one in self.shelved.items()}
        return {one: named[one] for one in unique_ids if one in named}

    async def newest(self, document: str) -> Shelved | None:
        met: dict[str, Shelved] = {}
        while (one := self.shelved.get(document)) is not None and document not in met:
            met[document] = one
            document = one.superseded_by or ""
        return next(reversed(met.values()), None)

    async def ends(self, patient: PatientKey) -> dict[str, str]:
        theirs = [one for one in self.shelved.values() if one.card.patient == patient]
        newest = {
            one.card.id: await self.newest(one.card.id) for one in theirs if one.superseded_by
        }
        return {document: one.card.id for document, one in newest.items() if one}

    async def versions(self, document: str) -> list[Card]:
        return [one.card for one in self.shelved.values() if one.superseded_by == document]

    async def mark_announced(
        self,
        document: str,
        *,
        at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> None:
        self.change(document, announced_at=at)
        await self.written(acts, then)

    async def withdraw(
        self, document: str, *, at: datetime, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        was = self.shelved[document].card.status
        self.change(document, status=DocumentStatus.WITHDRAWN)
        await self.written([act], then)
        return was is DocumentStatus.CURRENT

    async def written_before(self, lot: Lot) -> Outcome | None:
        before = self.lots.get(lot.unique_id)
        if before is None:
            return None
        return Outcome.AGAIN if before == lot.said else Outcome.USED

    async def update(
        self,
        lot: Lot,
        updates: Sequence[Update],
        *,
        at: datetime,
        acts: Sequence[NewTrace] = (),
        then: Sequence[NewTask] = (),
    ) -> Outcome:
        if (before := await self.written_before(lot)) is not None:
            return before
        if any(self._moved(one) for one in updates):
            return Outcome.MOVED
        self.lots[lot.unique_id] = lot.said
        for one in updates:
            self.update_one(one, at)
        await self.written(acts, then)
        return Outcome.DONE

    def _moved(self, one: Update) -> bool:
        card = self.shelved[one.id].card
        stands = availability_of(card), card.metadata_version
        return stands != (one.stood, one.version)

    def update_one(self, one: Update, at: datetime) -> None:
        card = self.shelved[one.id].card
        if one.becomes is Availability.DELETED:
            self.change(one.id, status=DocumentStatus.WITHDRAWN)
        else:
            is_archived = one.becomes is Availability.ARCHIVED
            self.change(one.id, archived_at=(card.archived_at or at) if is_archived else None)
        if one.announces:
            self.change(one.id, announced_at=at)
        if one.codes is not None:
            self.change(one.id, codes=one.codes)
        if one.announces or one.codes is not None:
            self.change(one.id, metadata_version=card.metadata_version + 1)

    async def mask(
        self, masks: Mapping[str, Mask | None], *, at: datetime, acts: Sequence[NewTrace] = ()
    ) -> None:
        for document, mask in masks.items():
            masked = mask is not None and mask.holds(at)
            self.change(document, mask=mask, masked_by_patient=masked)
            if mask is None:
                card = self.shelved[document].card
                codes = tuple(one for one in card.codes if one != "MASQUE_PS")
                self.change(document, codes=codes, changed=card.changed._replace(at=at))
        await self.written(acts)

    async def hide(
        self,
        documents: Sequence[str],
        hide: Hide,
        *,
        at: datetime,
        by: str = "",
        acts: Sequence[NewTrace] = (),
    ) -> None:
        for document in documents:
            before = self.shelved[document].card.hides
            kept = tuple(one for one in before if (one.to, one.id) != (hide.to, hide.id))
            was = [one for one in before if one not in kept]
            self.ended += [(document, replace(one, until=hide.since)) for one in was]
            lasts = hide.until is None or hide.since is None or hide.until > hide.since
            self.change(document, hides=(*kept, *((hide,) if lasts else ())))
        await self.written(acts)

    async def label(self, document: str, *, own: Label | None, at: datetime) -> None:
        card = self.shelved[document].card
        if own is not card.own_label:
            self.change(document, own_label=own, changed=card.changed._replace(own_label=at))

    async def deposits(self, receipts: Sequence[str]) -> list[Deposited]:
        found: dict[str, list[Card]] = {}
        for one in self.shelved.values():
            found.setdefault(one.card.receipt, []).append(one.card)
        return [
            Deposited(
                receipt=receipt,
                patient=cards[0].patient,
                at=cards[0].deposited_at,
                documents=tuple(card.id for card in cards),
                submission=self.submissions.get(receipt),
            )
            for receipt, cards in found.items()
            if receipt in receipts
        ]

    async def hides_ended(
        self, patient: PatientKey, targets: Sequence[Hide], *, by: datetime
    ) -> dict[str, datetime]:
        wanted = {(one.to, one.id) for one in targets}
        lasting = [(card.id, one) for card in await self.cards(patient) for one in card.hides]
        return {
            document: one.until
            for document, one in (*self.ended, *lasting)
            if (one.to, one.id) in wanted and one.until is not None and one.until <= by
        }

    def change(self, document: str, **changes: object) -> None:
        one = self.shelved[document]
        self.shelved[document] = replace(one, card=structs.replace(one.card, **changes))
