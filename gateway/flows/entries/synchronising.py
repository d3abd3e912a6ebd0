"""Take what an application of the patient sends into the profile (ACCESS P51, MEA-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from gateway.clock import Ids
from gateway.errors import DeniedError
from gateway.flows.entries.refusals import UnfitError
from gateway.flows.entries.sight import Look
from gateway.flows.entries.writing import fitted, writer_of
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.trace import trace_of
from gateway.records.entries.content import EntryContent
from gateway.records.entries.entry import Entry, Source, Taken
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader

SYNCHRONISED = "entries-synchronised"


class Sent(Struct, frozen=True, kw_only=True):
    """`identifier` is the application's own name for it, "" where it has none."""

    kind: EntryKind
    content: EntryContent
    identifier: str = ""


class UnfitSentError(UnfitError):
    """`place` is that of the first one that cannot be kept; none of them is."""

    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SynchroniseEntries:
    look: Look
    ids: Ids

    async def __call__(self, reader: Reader, patient: PatientKey, sent: Sequence[Sent]) -> Taken:
        """All of them or none. Raises DeniedError, UnfitSentError."""
        asking = self.look.asking
        gate = await asking.gate(reader, patient, attempt=SYNCHRONISED)
        decision = gate.may(AccessAction.SYNC, None)
        said = {"count": len(sent), "kinds": sorted({one.kind.value for one in sent})}
        trace = trace_of(gate, decision, action=SYNCHRONISED, door=asking.door, said=said)
        person = await asking.people.person(gate.patient)
        if not decision.permitted or person is None:
            await asking.traces.write([trace])
            raise DeniedError(decision.because or NOT_THERE, rule=decision.rule)
        writer = writer_of(reader)
        entries = [
            Entry(
                id=self.ids.identifier(),
                patient=gate.patient,
                kind=one.kind,
                content=_fit(place, one, person.identity.birth_date or "", gate.now),
                writer=writer,
                added_at=gate.now,
                written_at=gate.now,
                source=Source(application=reader.id or "", identifier=one.identifier),
            )
            for place, one in enumerate(sent)
        ]
        return await self.look.entries.synchronise(entries, at=gate.now, acts=[trace])


def _fit(place: int, one: Sent, birth: str, now: datetime) -> EntryContent:
    try:
        return fitted(one.kind, one.content, birth, now)
    except UnfitError as error:
        unfit = UnfitSentError(error.faults)
        unfit.place = place
        raise unfit from None
