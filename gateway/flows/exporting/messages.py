"""`messages/` of a copy: each message that its asker sees, as a file of its own (VAULT EXP-02).

Written anew from what is kept. Along go the documents that the copy has too, and the files that the
shield lets through; of the others the message says the name and the reason.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from gateway.access.time import civil_date
from gateway.flows.exporting.pieces import Pieces, Writing
from gateway.flows.exporting.room import Exporting, Held, Portable
from gateway.mapping.files.archive.names import Names
from gateway.mapping.mail.leaves import Part
from gateway.mapping.mail.letter import files_in
from gateway.mapping.mail.written import end_of, file_of, head_of, words_of
from gateway.ports.people.press import CopiedMail, Press
from gateway.records.correspondence.conversation import Way
from gateway.records.correspondence.letter import Attached, KeptMail
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import Person
from gateway.records.patients.export import Member

FOLDER, EXTENSION = "messages/", "eml"
NO_SUBJECT = "sans objet"
BYTES_A_MESSAGE = 2_000
"""What is stored of one beside its words and files: base64 deflates to what it stands for."""


@dataclass(slots=True, kw_only=True)
class MessageFiles:
    """`copied` are those that were made, the newest first."""

    room: Exporting
    press: Press
    found: Portable
    person: Person
    held: Held
    copied: list[CopiedMail] = field(default_factory=list)
    _names: Names = field(default_factory=Names)

    async def made(self, pieces: Pieces) -> list[Member]:
        """In one run of pieces: there may be thousands of a few lines."""
        members = []
        for mail in reversed(self.found.mails):
            await self.held()
            words = f"{civil_date(mail.at)} {mail.letter.subject or NO_SUBJECT}"
            path = self._names.give(FOLDER, words, EXTENSION)
            self.copied.append(CopiedMail(mail=mail, path=path))
            members.append(await self._written(mail, Writing(path, pieces)))
        await pieces.close()
        return members

    async def _written(self, mail: KeptMail, file: Writing) -> Member:
        files = await self._files(mail)
        missing = [one for one in mail.letter.attached if one.place not in files]
        text = "\n\n".join(filter(None, (mail.letter.text, self.press.left_out(missing))))
        box = f"{self.person.identity.ins}@{self.room.domain}"
        await file.write(head_of(mail, name=self.press.name_of(self.person), box=box))
        brought = (
            file_of(mail, one.name, one.mime_type, files[one.place].body)
            for one in mail.letter.attached
            if one.place in files
        )
        await _write(file, chain(words_of(mail, text), *brought))
        for card in cards_of(mail, self.found):
            body = await self.room.read.shelf.body(card.id)
            await _write(file, file_of(mail, card.title, card.mime_type, body))
        await file.write(end_of(mail))
        return await file.end(mail=mail.id)

    async def _files(self, mail: KeptMail) -> Mapping[int, Part]:
        """What came with it and is given to a reader, by place."""
        places = {one.place for one in given(mail)}
        raw = await self.room.journal.raw(mail.id) if places else None
        return await asyncio.to_thread(files_in, raw, places) if raw is not None else {}


async def _write(file: Writing, runs: Iterator[bytes]) -> None:
    for run in runs:
        await file.write(run)


def given(mail: KeptMail) -> list[Attached]:
    """What the shield lets through of what came."""
    files = mail.letter.attached if mail.way is Way.IN else ()
    return [one for one in files if one.refused is None]


def cards_of(mail: KeptMail, found: Portable) -> list[Card]:
    """Its documents that the copy has too, in their order."""
    cards = {card.id: card for card in found.cards}
    return [cards[one] for one in mail.documents if one in cards]


def bytes_of(found: Portable) -> int:
    """What these messages will take, stored."""
    words = sum(BYTES_A_MESSAGE + len(one.letter.text) for one in found.mails)
    files = sum(file.size for one in found.mails for file in given(one))
    return words + files + sum(card.size for one in found.mails for card in cards_of(one, found))
