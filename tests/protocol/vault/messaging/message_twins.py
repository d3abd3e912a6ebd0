"""A small stand-in of the room of messages: conversations in memory, nothing is judged here but
what a test needs to be refused."""

from dataclasses import dataclass, field, replace

from vault_twins import NOW

from gateway.errors import DeniedError
from gateway.flows.corresponding.refusal import UnwrittenError
from gateway.flows.corresponding.room import Messages
from gateway.records.correspondence.conversation import (
    Conversation,
    ConversationPage,
    Correspondent,
    Draft,
    Folder,
    Limits,
    Mail,
    Opened,
    Shut,
    Unwritten,
    Way,
)
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

ROUX = Correspondent(
    address="anne.roux@hopital.mssante.fr",
    name="Dr Anne Roux",
    profession="G15_10",
    organization="Cabinet des Charmes",
)
FIRST = "a" * 32


def received(text: str = "Bonjour, voici votre courrier.") -> Mail:
    return Mail(id="b" * 32, way=Way.IN, at=NOW, by=ROUX.name, text=text, is_new=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryMessages(Messages):
    limits: Limits = field(default_factory=Limits)
    kept: dict[str, Opened] = field(default_factory=dict)
    files: dict[tuple[str, int], tuple[str, str, bytes]] = field(default_factory=dict)
    sent: list[Draft] = field(default_factory=list)
    answers: list[Unwritten] = field(default_factory=list)
    """What `write` refuses for, one after the other."""
    allowed: list[bool] = field(default_factory=list)

    def put(self, *mails: Mail, subject: str = "Lettre", shut: Shut | None = None) -> None:
        one = Conversation(
            id=FIRST,
            subject=subject,
            correspondent=ROUX,
            last_at=NOW,
            unread=sum(mail.is_new for mail in mails),
            count=len(mails),
            folders=frozenset({Folder.RECEIVED}),
            shut=shut,
        )
        self.kept[FIRST] = Opened(conversation=one, mails=mails)

    def _known(self, conversation: str) -> Opened:
        if conversation not in self.kept:
            raise DeniedError("not there")
        return self.kept[conversation]

    def change(self, conversation: str, **changed: object) -> None:
        opened = self.kept[conversation]
        one = replace(opened.conversation, **changed)  # type: ignore[arg-type] # a test's own
        self.kept[conversation] = replace(opened, conversation=one)

    async def listing(
        self, reader: Reader, patient: PatientKey, folder: Folder, words: str = "", page: int = 1
    ) -> ConversationPage:
        found = [
            opened.conversation
            for opened in self.kept.values()
            if folder in opened.conversation.folders and words in opened.conversation.subject
        ]
        cut = tuple(found[(page - 1) * 25 : page * 25])
        unread = await self.unread(reader, patient)
        return ConversationPage(conversations=cut, total=len(found), unread=unread)

    async def opened(self, reader: Reader, patient: PatientKey, conversation: str) -> Opened:
        opened = self._known(conversation)
        self.change(conversation, unread=0)
        return opened

    async def about(self, reader: Reader, patient: PatientKey, conversation: str) -> Conversation:
        return self._known(conversation).conversation

    async def enclosed(
        self, reader: Reader, patient: PatientKey, conversation: str, mail: str, place: int
    ) -> tuple[str, str, bytes]:
        if conversation not in self.kept or (mail, place) not in self.files:
            raise DeniedError("not there")
        return self.files[mail, place]

    async def write(self, reader: Reader, patient: PatientKey, draft: Draft) -> str:
        if self.answers:
            raise UnwrittenError(self.answers.pop(0))
        self.sent.append(draft)
        return draft.conversation or FIRST

    async def save_draft(self, reader: Reader, patient: PatientKey, draft: Draft) -> str:
        if draft.conversation is None:
            self.put(subject=draft.subject)
        name = draft.conversation or FIRST
        kept = replace(draft, conversation=name, saved_at=NOW)
        self.kept[name] = replace(self.kept[name], draft=kept)
        return name

    async def drop_draft(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        self.kept[conversation] = replace(self.kept[conversation], draft=None)

    async def archive(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        self._known(conversation)
        self.change(conversation, folders=frozenset({Folder.ARCHIVED}))

    async def to_bin(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        self.change(conversation, folders=frozenset({Folder.BIN}))

    async def restore(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        self.change(conversation, folders=frozenset({Folder.RECEIVED}))

    async def delete(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        del self.kept[conversation]

    async def refuse_sender(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        self.change(conversation, is_refused=True, shut=Shut.REFUSED)

    async def take_sender(self, reader: Reader, patient: PatientKey, conversation: str) -> None:
        self.change(conversation, is_refused=False, shut=None)

    async def receipts(self, reader: Reader, patient: PatientKey, *, allowed: bool) -> None:
        self.allowed.append(allowed)

    async def gives_receipts(self, reader: Reader, patient: PatientKey) -> bool:
        return bool(self.allowed) and self.allowed[-1]

    async def writable(self, reader: Reader, patient: PatientKey) -> tuple[Correspondent, ...]:
        return (ROUX,)

    async def unread(self, reader: Reader, patient: PatientKey) -> int:
        return sum(opened.conversation.unread for opened in self.kept.values())
