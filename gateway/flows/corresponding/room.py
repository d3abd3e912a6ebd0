"""The messages of one patient, as a page asks for them; each verb has a file of its own.

`reader` acts on the profile of `patient`. Not there and not for this reader are told alike, by
DeniedError; what `write` is refused for, by UnwrittenError.
"""

from dataclasses import dataclass

from gateway.records.correspondence.conversation import (
    Conversation,
    ConversationPage,
    Correspondent,
    Draft,
    Folder,
    Limits,
    Opened,
)
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    limits: Limits

    async def listing(
        self, reader: Reader, patient: PatientKey, folder: Folder, words: str = "", page: int = 1
    ) -> ConversationPage:
        """One page of a folder, the latest first; `words` are looked for in subjects, texts, names
        of correspondents and of what came along. A page past the last is empty."""
        raise NotImplementedError

    async def opened(self, reader: Reader, patient: PatientKey, conversation: str) -> Opened:
        """A conversation with its messages, which count as read from now on."""
        raise NotImplementedError

    async def about(self, reader: Reader, patient: PatientKey, conversation: str) -> Conversation:
        """The same without its messages, and without reading them: for a page that asks back."""
        raise NotImplementedError

    async def enclosed(
        self, reader: Reader, patient: PatientKey, conversation: str, mail: str, place: int
    ) -> tuple[str, str, bytes]:
        """Name, type and bytes of what came with a message; what the shield keeps back is not
        there."""
        raise NotImplementedError

    async def write(self, reader: Reader, patient: PatientKey, draft: Draft) -> str:
        """Sends; the conversation's id. Raises UnwrittenError, and changes nothing then."""
        raise NotImplementedError

    async def save_draft(self, reader: Reader, patient: PatientKey, draft: Draft) -> str:
        """Keeps it as the one draft of its conversation, a new one where it names none; the
        conversation's id. Raises UnwrittenError where it is too long to be kept."""
        raise NotImplementedError

    async def drop_draft(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """Nothing happens where there is none."""
        raise NotImplementedError

    async def archive(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        raise NotImplementedError

    async def unarchive(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        raise NotImplementedError

    async def to_bin(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        raise NotImplementedError

    async def restore(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """Out of the bin."""
        raise NotImplementedError

    async def delete(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """For ever; documents that filed themselves stay (MSG-07)."""
        raise NotImplementedError

    async def refuse_sender(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """From now on this correspondent's mail is answered 550 5.7.1 (MSG-12)."""
        raise NotImplementedError

    async def take_sender(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        """Ends that."""
        raise NotImplementedError

    async def receipts(self, reader: Reader, patient: PatientKey, *, allowed: bool) -> None:
        """Whether who asks for a read receipt gets one (MSG-08); off until the patient allows."""
        raise NotImplementedError

    async def gives_receipts(self, reader: Reader, patient: PatientKey) -> bool:
        raise NotImplementedError

    async def writable(self, reader: Reader, patient: PatientKey) -> tuple[Correspondent, ...]:
        """Who may be written to first (POL-13), by name; none where the policy says reply only."""
        raise NotImplementedError

    async def unread(self, reader: Reader, patient: PatientKey) -> int:
        """For the navigation; not traced. 0 where this reader may read nothing."""
        raise NotImplementedError
