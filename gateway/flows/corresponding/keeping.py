"""What the patient's side does with a conversation: drafts, folders, deletion, who may write."""

from dataclasses import dataclass, replace

from gateway.clock import Ids
from gateway.flows.choices.act import Fact, may_manage, write
from gateway.flows.corresponding.box import Box, Boxes
from gateway.flows.corresponding.refusal import UnwrittenError
from gateway.flows.corresponding.writing import tidied
from gateway.ports.correspondence import ChangeNote
from gateway.records.correspondence.conversation import Draft, Limits, Unwritten, Way
from gateway.records.correspondence.letter import Note
from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader

DRAFTED, UNDRAFTED = "message-draft", "message-draft-dropped"
ARCHIVED, UNARCHIVED = "message-archived", "message-unarchived"
BINNED, RESTORED, DELETED = "message-binned", "message-restored", "message-deleted"
REFUSED, TAKEN = "sender-refused", "sender-taken"
RECEIPTS_ON, RECEIPTS_OFF = "read-receipts", "no-read-receipts"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepMails:
    boxes: Boxes
    limits: Limits
    ids: Ids

    async def draft(self, reader: Reader, patient: PatientKey, draft: Draft) -> str:
        """An entry of the log tells that one was begun, not each time that it is kept."""
        draft = tidied(draft)
        if len(draft.text) > self.limits.text:
            raise UnwrittenError(Unwritten.TEXT_TOO_LONG)
        if len(draft.documents) > self.limits.documents:
            raise UnwrittenError(Unwritten.TOO_MANY)
        if len(draft.subject) > self.limits.subject:
            raise UnwrittenError(Unwritten.SUBJECT)
        if draft.conversation is None:
            box = await self.boxes(reader, patient, DRAFTED)
            identifier, is_new = self.ids.identifier(), True
        else:
            identifier = draft.conversation
            box = await self.boxes.of(reader, patient, identifier, DRAFTED)
            is_new = not box.mails(identifier)
        begun = box.note(identifier).draft is None
        kept = replace(
            draft,
            conversation=None if is_new else identifier,
            under=() if is_new else tuple(box.sight.hidden_in(identifier)),
            saved_at=box.sight.gate.now,
        )
        await self._note(box, identifier, DRAFTED if begun else "", _with_draft(kept))
        return identifier

    async def drop_draft(self, reader: Reader, patient: PatientKey, identifier: str) -> None:
        box = await self.boxes.of(reader, patient, identifier, UNDRAFTED)
        if box.note(identifier).draft is not None:
            await self._note(box, identifier, UNDRAFTED, _with_draft(None))

    async def move(self, reader: Reader, patient: PatientKey, identifier: str, act: str) -> None:
        """`act` is one of ARCHIVED, UNARCHIVED, BINNED, RESTORED."""
        box = await self.boxes.of(reader, patient, identifier, act)
        now = box.sight.gate.now
        changes: dict[str, ChangeNote] = {
            ARCHIVED: lambda note: replace(note, archived_at=now),
            UNARCHIVED: lambda note: replace(note, archived_at=None),
            BINNED: lambda note: replace(note, binned_at=now),
            RESTORED: lambda note: replace(note, binned_at=None),
        }
        await self._note(box, identifier, act, changes[act])

    async def delete(self, reader: Reader, patient: PatientKey, identifier: str) -> None:
        """Of a conversation of which something is hidden from this reader only what he sees."""
        box = await self.boxes.of(reader, patient, identifier, DELETED)
        await self.boxes.look.correspondence.delete(
            identifier,
            mails=[one.id for one in box.mails(identifier)],
            at=box.sight.gate.now,
            act=self.boxes.entry(box, DELETED, identifier),
        )

    async def sender(
        self, reader: Reader, patient: PatientKey, identifier: str, *, refused: bool
    ) -> None:
        """Every address that this correspondent wrote from here (MSG-12): a block like any other,
        which no caregiver makes."""
        asking = self.boxes.look.asking
        act = REFUSED if refused else TAKEN
        box = await self.boxes.of(reader, patient, identifier, act)
        mails = box.mails(identifier)
        senders = {one.letter.sender.lower() for one in mails if one.way is Way.IN}
        senders = senders or {one.other.lower() for one in mails}
        facts = [Fact(ChoiceKind.SENDER_REFUSED, one, holds=refused) for one in sorted(senders)]
        if facts:
            permitted = await may_manage(asking, reader, patient, Manage.BLOCKS)
            await write(asking, permitted, *facts, act=act)

    async def receipts(self, reader: Reader, patient: PatientKey, *, allowed: bool) -> None:
        asking, act = self.boxes.look.asking, RECEIPTS_ON if allowed else RECEIPTS_OFF
        permitted = await may_manage(asking, reader, patient, Manage.SWITCHES)
        fact = Fact(ChoiceKind.READ_RECEIPTS, "", holds=allowed)
        await write(asking, permitted, fact, act=act)

    async def _note(self, box: Box, identifier: str, act: str, change: ChangeNote) -> None:
        await self.boxes.look.correspondence.note(
            box.patient,
            identifier,
            change,
            at=box.sight.gate.now,
            act=self.boxes.entry(box, act, identifier) if act else None,
        )


def _with_draft(draft: Draft | None) -> ChangeNote:
    def change(note: Note) -> Note:
        return replace(note, draft=draft)

    return change
