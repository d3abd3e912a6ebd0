"""A box as one reader sees it, with what is known of those who write."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.errors import DeniedError
from gateway.flows.corresponding.grouping import (
    Known,
    conversation,
    conversations_of,
    correspondent_at,
    known_correspondents,
)
from gateway.flows.corresponding.sight import Look, Sight
from gateway.flows.filing.arriving import said_of
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.trace import ABSENT, trace_of
from gateway.records.correspondence.conversation import Conversation, Correspondent
from gateway.records.correspondence.letter import NO_NOTE, KeptMail, Note
from gateway.records.patients.account import NewTrace, Professional
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.readers.switches import Switch

REPLY, KNOWN, PHARMACIES = "reply", "known", "known-and-pharmacies"
"""POL-13: whom a patient may write to first."""
PHARMACIST = "G15_21"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """`conversations` the latest first; `writable` by address in lower case."""

    sight: Sight
    notes: Mapping[str, Note]
    known: Known
    writable: Mapping[str, Correspondent]

    @property
    def patient(self) -> PatientKey:
        return self.sight.gate.patient

    @property
    def conversations(self) -> list[Conversation]:
        return conversations_of(self.sight.mails, self.notes, self.known)

    def note(self, identifier: str) -> Note:
        return self.notes.get(identifier, NO_NOTE)

    def mails(self, identifier: str) -> tuple[KeptMail, ...]:
        """Raises DeniedError where there is neither a mail nor a draft for this reader."""
        found = self.sight.of(identifier)
        note = self.note(identifier)
        if not found and (note.draft is None or note.draft.conversation is not None):
            raise DeniedError(NOT_THERE)
        return found

    def conversation(self, identifier: str) -> Conversation:
        """Raises DeniedError likewise."""
        mails, note = self.mails(identifier), self.note(identifier)
        if mails:
            return conversation(identifier, mails, note, self.known)
        return conversations_of((), {identifier: note}, self.known)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """`policy` is `patient_may_write` (POL-13), by date."""

    look: Look
    policy: Switch[str]

    async def __call__(self, reader: Reader, patient: PatientKey, act: str) -> Box:
        """Raises DeniedError, traced as `act`."""
        sight = await self.look(reader, patient, act)
        notes = await self._notes(sight)
        directory = await self._directory(sight, notes)
        writable = self._writable(sight, directory)
        known = Known(directory=directory, refused=sight.refused, writable=frozenset(writable))
        return Box(sight=sight, notes=notes, known=known, writable=writable)

    async def _directory(self, sight: Sight, notes: Mapping[str, Note]) -> dict[str, Professional]:
        """Who is known of those who write here, by address in lower case; all of them only where
        any pharmacy may be written to."""
        people = self.look.asking.people
        if self.policy.at(sight.gate.now) == PHARMACIES:
            found = await people.professionals()
        else:
            drafts = (note.draft.to for note in notes.values() if note.draft is not None)
            mails = (one for mail in sight.mails for one in (mail.other, mail.letter.sender))
            found = await people.professionals_at({one for one in (*mails, *drafts) if one})
        return {one.mail.lower(): one for one in found if one.mail}

    async def _notes(self, sight: Sight) -> dict[str, Note]:
        """Without drafts that tell of what is hidden from this reader."""
        notes = await self.look.correspondence.notes(sight.gate.patient)
        drafts = [note.draft for note in notes.values() if note.draft is not None]
        about = {document for draft in drafts for document in draft.about}
        _, hidden = await self.look.judged(sight.gate, about)
        return {
            name: note
            if note.draft is None or hidden.isdisjoint(note.draft.about)
            else replace(note, draft=None)
            for name, note in notes.items()
        }

    async def of(self, reader: Reader, patient: PatientKey, identifier: str, act: str) -> Box:
        """With this conversation in it; the try at another one is traced too (decision 024)."""
        box = await self(reader, patient, act)
        try:
            box.mails(identifier)
        except DeniedError:
            await self.look.asking.traces.write([self.entry(box, act, permitted=False)])
            raise
        return box

    def entry(
        self,
        box: Box,
        act: str,
        conversation: str | None = None,
        *,
        permitted: bool = True,
        rule: str = "",
    ) -> NewTrace:
        """One act in the log; of what was written no word (VAULT section 6)."""
        sight = box.sight
        said = None
        if conversation:
            said = said_of(conversation, sight.hidden_in(conversation).values())
        made = trace_of(sight.gate, sight.decision, action=act, door=self._door, said=said)
        if permitted:
            return made
        return replace(made, permitted=False, rule=rule or ABSENT)

    @property
    def _door(self) -> str:
        return self.look.asking.door

    def _writable(
        self, sight: Sight, directory: Mapping[str, Professional]
    ) -> dict[str, Correspondent]:
        policy = self.policy.at(sight.gate.now)
        if policy == REPLY:
            return {}
        found = known_correspondents(sight.mails, sight.refused, directory)
        if policy == PHARMACIES:
            for address, one in directory.items():
                may = address not in sight.refused and not one.left
                if one.profession == PHARMACIST and may:
                    found.setdefault(address, correspondent_at(address, "", directory))
        return found
