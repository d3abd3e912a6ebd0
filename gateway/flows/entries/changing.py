"""What is done with an entry that is there: delete, mask, disagree, confirm (PRO-01, PRO-03)."""

from dataclasses import dataclass

from msgspec import structs

from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError, UnfitError
from gateway.flows.entries.sight import Held, Look
from gateway.flows.entries.writing import writer_of
from gateway.mapping.entries.faults import MAX_COMMENT_CHARACTERS, Fault, Wrong
from gateway.records.entries.entry import STANDING, Entry, EntryState, Word
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader, ReaderKind

DELETED, MASKED, UNMASKED = "entry-deleted", "entry-masked", "entry-unmasked"
DISAGREED, AGREED, CONFIRMED = "entry-disagreed", "entry-agreed", "entry-confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEntries:
    """Each raises DeniedError for what is not there, NotOwnEntryError for what this reader may not
    do with it, and StaleEntryError where it changed since `version`."""

    look: Look

    async def delete(
        self, reader: Reader, patient: PatientKey, entry: str, version: int | None = None
    ) -> EntryKind:
        """For ever; the word that there is nothing to add too. Of which kind it was."""
        held = await self.look.held(reader, patient, entry, AccessAction.DELETE, act=DELETED)
        gone = structs.replace(
            held.version(version), state=EntryState.DELETED, content=None, disagreement=None
        )
        await self._keep(held, gone)
        return gone.kind

    async def mask(
        self,
        reader: Reader,
        patient: PatientKey,
        entry: str,
        version: int | None = None,
        *,
        masked: bool,
    ) -> None:
        """From professionals, or shown to them again; nothing happens where it is so already."""
        action = AccessAction.MASK if masked else AccessAction.UNMASK
        act = MASKED if masked else UNMASKED
        held = await self.look.held(reader, patient, entry, action, act=act)
        state = EntryState.HIDDEN if masked else EntryState.ACTIVE
        if held.entry.state is not state:
            kept = _standing(held.version(version))
            await self._keep(held, structs.replace(kept, state=state))

    async def disagree(
        self,
        reader: Reader,
        patient: PatientKey,
        entry: str,
        text: str,
        version: int | None = None,
    ) -> None:
        """« Je ne suis pas d'accord », of an entry of somebody else; "" takes it back. Who may mask
        may say so."""
        act = DISAGREED if text else AGREED
        held = await self.look.held(reader, patient, entry, AccessAction.MASK, act=act)
        kept = _standing(held.version(version))
        if kept.is_own:
            raise NotOwnEntryError("An own entry is changed, not disagreed with.")
        if len(text) > MAX_COMMENT_CHARACTERS:
            raise UnfitError([Fault("disagreement", Wrong.TOO_LONG)])
        said = Word(by=writer_of(reader), at=held.sight.gate.now, text=text) if text else None
        await self._keep(held, structs.replace(kept, disagreement=said))

    async def confirm(
        self, reader: Reader, patient: PatientKey, entry: str, version: int | None = None
    ) -> None:
        """A professional who may add such entries marks one sure: from then on the patient neither
        changes nor deletes it."""
        held = await self.look.held(reader, patient, entry, AccessAction.DEPOSIT, act=CONFIRMED)
        kept = _standing(held.version(version))
        if reader.kind is not ReaderKind.PROFESSIONAL:
            raise NotOwnEntryError("A professional confirms an entry.")
        said = Word(by=writer_of(reader), at=held.sight.gate.now)
        await self._keep(held, structs.replace(kept, confirmed=said))

    async def _keep(self, held: Held, after: Entry) -> None:
        now = held.sight.gate.now
        version = held.entry.version + 1
        after = structs.replace(after, written_at=now, version=version)
        if not await self.look.entries.change(after, acts=[held.trace]):
            raise StaleEntryError("The entry was changed meanwhile.")


def _standing(entry: Entry) -> Entry:
    if entry.state not in STANDING:
        raise StaleEntryError("There is no such entry any more.")
    return entry
