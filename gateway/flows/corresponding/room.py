"""The messages of one patient, as a page asks for them; each verb has a file of its own.

`reader` acts on the profile of `patient`. Not there and not for this reader are told alike, by
DeniedError; what `write` is refused for, by UnwrittenError.
"""

from dataclasses import dataclass

from gateway.clock import Ids
from gateway.flows.corresponding.admitting import gives_receipts
from gateway.flows.corresponding.box import Boxes
from gateway.flows.corresponding.keeping import (
    ARCHIVED,
    BINNED,
    RESTORED,
    UNARCHIVED,
    KeepMails,
)
from gateway.flows.corresponding.listing import LISTED, PAGE, ListMails
from gateway.flows.corresponding.opening import OpenMails
from gateway.flows.corresponding.writing import WriteMail
from gateway.ports.documents.journal import Journal
from gateway.records.correspondence.conversation import (
    Conversation,
    ConversationPage,
    Correspondent,
    Draft,
    Folder,
    Given,
    Limits,
    Opened,
)
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.words import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """`domain` is that of the patients' boxes."""

    boxes: Boxes
    journal: Journal
    limits: Limits
    ids: Ids
    domain: str
    page_size: int = PAGE

    async def listing(
        self, reader: Reader, patient: PatientKey, folder: Folder, words: str = "", page: int = 1
    ) -> ConversationPage:
        """One page of a folder, the latest first; `words` are looked for in subjects, texts, names
        of correspondents and of what came along. A page past the last is empty. `unread` counts
        those of the whole box but the bin."""
        return await ListMails(boxes=self.boxes)(reader, patient, folder, words, page)

    async def opened(self, reader: Reader, patient: PatientKey, conversation: str) -> Opened:
        """A conversation with its messages, which count as read from now on."""
        return await self._open(reader, patient, conversation)

    async def about(self, reader: Reader, patient: PatientKey, conversation: str) -> Conversation:
        """The same without its messages, and without reading them: for a page that asks back."""
        box = await self.boxes.of(reader, patient, conversation, LISTED)
        return box.conversation(conversation)

    async def enclosed(
        self, reader: Reader, patient: PatientKey, conversation: str, mail: str, place: int
    ) -> Given:
        """What came with a message; what the shield keeps back is not there."""
        return await self._open.enclosed(reader, patient, conversation, mail, place)

    async def write(
        self, reader: Reader, patient: PatientKey, draft: Draft, *, key: str = ""
    ) -> str:
        """Sends; the conversation's id. The same words are not sent again with the same `key`, that
        of a form. Raises UnwrittenError, and changes nothing then."""
        send = WriteMail(boxes=self.boxes, limits=self.limits, ids=self.ids, domain=self.domain)
        return await send(reader, patient, draft, key)

    async def save_draft(self, reader: Reader, patient: PatientKey, draft: Draft) -> str:
        """Keeps it as the one draft of its conversation, a new one where it names none; the
        conversation's id. Raises UnwrittenError where it is too long to be kept."""
        return await self._keep.draft(reader, patient, draft)

    async def drop_draft(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """Nothing happens where there is none."""
        await self._keep.drop_draft(reader, patient, conversation)

    async def archive(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        await self._keep.move(reader, patient, conversation, ARCHIVED)

    async def unarchive(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        await self._keep.move(reader, patient, conversation, UNARCHIVED)

    async def to_bin(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        await self._keep.move(reader, patient, conversation, BINNED)

    async def restore(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """Out of the bin."""
        await self._keep.move(reader, patient, conversation, RESTORED)

    async def delete(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """For ever; documents that filed themselves stay (MSG-07)."""
        await self._keep.delete(reader, patient, conversation)

    async def refuse_sender(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """From now on this correspondent's mail is answered 550 5.7.1 (MSG-12). DeniedError for a
        caregiver."""
        await self._keep.sender(reader, patient, conversation, refused=True)

    async def take_sender(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """Ends that."""
        await self._keep.sender(reader, patient, conversation, refused=False)

    async def receipts(self, reader: Reader, patient: PatientKey, *, allowed: bool) -> None:
        """Whether who asks for a read receipt gets one (MSG-08); off until the patient allows.
        DeniedError for a caregiver."""
        await self._keep.receipts(reader, patient, allowed=allowed)

    async def gives_receipts(self, reader: Reader, patient: PatientKey) -> bool:
        """What `receipts` was last told."""
        sight = await self.boxes.look(reader, patient, LISTED)
        return gives_receipts(list(sight.choices), sight.gate.now)

    async def writable(self, reader: Reader, patient: PatientKey) -> tuple[Correspondent, ...]:
        """Who may be written to first (POL-13), by name; none where the policy says reply only."""
        box = await self.boxes(reader, patient, LISTED)
        return tuple(sorted(box.writable.values(), key=lambda one: fold(one.name)))

    async def unread(self, reader: Reader, patient: PatientKey) -> int:
        """For the navigation; not traced. 0 where this reader may read nothing."""
        return await self.boxes.look.unread(reader, patient)

    @property
    def _open(self) -> OpenMails:
        return OpenMails(boxes=self.boxes, journal=self.journal)

    @property
    def _keep(self) -> KeepMails:
        return KeepMails(boxes=self.boxes, limits=self.limits, ids=self.ids)
