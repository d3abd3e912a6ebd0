"""The conversations of a folder, and of a search in it (MSG-07)."""

import asyncio
from dataclasses import dataclass

from gateway.flows.corresponding.box import Box, Boxes
from gateway.flows.corresponding.grouping import by_conversation, said_in
from gateway.flows.reading.listing import fold_words
from gateway.records.correspondence.conversation import (
    Conversation,
    ConversationPage,
    Folder,
)
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

LISTED, SEARCHED = "message-list", "message-search"
PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMails:
    boxes: Boxes

    async def __call__(
        self, reader: Reader, patient: PatientKey, folder: Folder, words: str, page: int
    ) -> ConversationPage:
        """The words are not kept, as those of a search for documents (VAULT DOC-03)."""
        wanted = fold_words(words)
        act = SEARCHED if wanted else LISTED
        box = await self.boxes(reader, patient, act)
        await self.boxes.look.asking.traces.write([self.boxes.entry(box, act)])
        every = box.conversations
        found = [one for one in every if folder in one.folders]
        if wanted:
            found = await asyncio.to_thread(_matching, found, box, wanted)
        start = PAGE * (max(page, 1) - 1)
        return ConversationPage(
            conversations=tuple(found[start : start + PAGE]),
            total=len(found),
            unread=sum(one.unread for one in every if Folder.BIN not in one.folders),
            counts={each: sum(each in one.folders for one in every) for each in Folder},
        )


def _matching(found: list[Conversation], box: Box, wanted: list[str]) -> list[Conversation]:
    """Texts of a full box are megabytes, each is folded once."""
    mails = by_conversation(box.sight.mails)
    said = ((one, said_in(mails.get(one.id, ()), one, box.note(one.id))) for one in found)
    return [one for one, text in said if all(word in text for word in wanted)]
