"""List the entries of some kinds, and how one of them was before (PRO-03, PRO-10)."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.flows.entries.proposing import Proposals
from gateway.flows.entries.sight import Look, Sight, facts_of_new
from gateway.flows.reading.decided.told import access_notices
from gateway.flows.reading.decided.trace import counts_in, seen_in, trace_of
from gateway.ports.entries import Entries
from gateway.records.entries.entry import STANDING, Entry, EntryState
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Decision, Reader

LISTED, READ_BEFORE = "profile", "entry-states"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """As `Entries.of` takes them."""

    part: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None


ALL = Bounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What this reader may see: `entries` that stand, `absent` the words that there is none,
    `proposals`; `standing` says why there is nothing where nothing is this reader's."""

    entries: tuple[Entry, ...]
    absent: tuple[Entry, ...]
    proposals: tuple[Entry, ...]
    standing: Decision
    sight: Sight

    def of(self, kind: EntryKind) -> tuple[Entry, ...]:
        return tuple(one for one in self.entries if one.kind is kind)

    def may(self, entry: Entry, action: AccessAction) -> bool:
        return self.sight.may(entry, action).permitted

    def may_add(self, kind: EntryKind) -> bool:
        gate = self.sight.gate
        return gate.may(AccessAction.DEPOSIT, facts_of_new(kind, gate.reader)).permitted


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntries:
    look: Look
    proposals: Proposals

    async def __call__(
        self,
        reader: Reader,
        patient: PatientKey,
        kinds: Collection[EntryKind],
        bounds: Bounds = ALL,
        *,
        proposed: bool = False,
    ) -> Listed:
        """One entry in the log, whatever is found. Raises DeniedError for no such record."""

        async def read(record: PatientKey) -> Sequence[Entry]:
            return await _read(self.look.entries, record, kinds, bounds)

        return await self.of(reader, patient, kinds, read, proposed=kinds if proposed else ())

    async def of(
        self,
        reader: Reader,
        patient: PatientKey,
        kinds: Collection[EntryKind],
        read: Callable[[PatientKey], Awaitable[Sequence[Entry]]],
        *,
        proposed: Collection[EntryKind] = (),
        counted: bool = False,
        act: str = LISTED,
    ) -> Listed:
        """The same of what `read` finds in the record, with what is `proposed` of these kinds;
        `counted` where there may be so many that the log tells their number and not each of them
        (VAULT section 8, « Traced »). `act` is what the log calls it."""
        sight = await self.look.over(reader, patient, read, attempt=act)
        gate = sight.gate
        if proposed and not gate.is_shut:
            made = await self.proposals.of(gate, proposed)
            sight = Sight(
                gate=gate,
                entries=(*sight.entries, *made.entries),
                sources={**sight.sources, **made.sources},
            )
        may = gate.each(AccessAction.LIST)
        decided = [(one, may(sight.facts(one))) for one in sight.entries]
        seen = seen_in((one.id, decision) for one, decision in decided)
        standing = gate.told()
        told = trace_of(
            gate,
            standing,
            action=act,
            door=self.look.asking.door,
            seen=counts_in(seen) if counted else seen,
            said={"kinds": sorted(one.value for one in kinds)},
        )
        await self.look.asking.traces.write([told], then=access_notices(gate, standing))
        return _listed([one for one, decision in decided if decision.permitted], sight, standing)

    async def before(self, reader: Reader, patient: PatientKey, entry: str) -> "Seen":
        """An entry and its earlier states, the oldest first. Raises DeniedError."""
        held = await self.look.held(reader, patient, entry, AccessAction.OPEN, act=READ_BEFORE)
        gate = held.sight.gate
        told = access_notices(gate, gate.told())
        await self.look.asking.traces.write([held.trace], then=told)
        states = tuple(await self.look.entries.states(entry))
        return Seen(entry=held.entry, before=states, sight=held.sight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One entry; its content is None where it is the word that there is none."""

    entry: Entry
    before: tuple[Entry, ...]
    sight: Sight

    def may(self, action: AccessAction) -> bool:
        return self.sight.may(self.entry, action).permitted


async def _read(
    entries: Entries, record: PatientKey, kinds: Collection[EntryKind], bounds: Bounds
) -> Sequence[Entry]:
    return await entries.of(
        record,
        kinds,
        part=bounds.part,
        since=bounds.since,
        until=bounds.until,
        limit=bounds.limit,
    )


def _listed(seen: Sequence[Entry], sight: Sight, standing: Decision) -> Listed:
    return Listed(
        entries=tuple(one for one in seen if one.state in STANDING),
        absent=tuple(one for one in seen if one.state is EntryState.ABSENT),
        proposals=tuple(one for one in seen if one.state is EntryState.PROPOSED),
        standing=standing,
        sight=sight,
    )
