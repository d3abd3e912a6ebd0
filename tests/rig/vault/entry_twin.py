"""Entries in memory, as the store keeps them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from msgspec import structs

from gateway.ports.people.people import Traces
from gateway.records.entries.entry import GONE, STANDING, Entry, EntryState, Taken
from gateway.records.entries.kind import KINDS, EntryKind
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey

NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class MemoryEntries:
    """The port `Entries`; each version of each, the oldest first."""

    traces: Traces
    kept: dict[str, list[Entry]] = field(default_factory=dict)
    said: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What each is the same as."""

    async def of(
        self,
        patient: PatientKey,
        kinds: Iterable[EntryKind],
        *,
        part: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> Sequence[Entry]:
        wanted = set(kinds)
        found = [
            one
            for one in self._of_state(patient, STANDING | {EntryState.ABSENT})
            if one.kind in wanted
            and (part is None or (one.content is not None and one.content.part() == part))
            and (since is None or _happened(one) >= since)
            and (until is None or NEVER < _happened(one) < until)
        ]
        found.reverse()
        found.sort(key=_happened, reverse=True)
        return found[:limit]

    async def gone(self, patient: PatientKey, kind: EntryKind) -> Sequence[Entry]:
        return [one for one in self._of_state(patient, GONE) if one.kind is kind]

    async def known(self, patient: PatientKey, entries: Sequence[Entry]) -> frozenset[str]:
        kept = {(one.kind, self.said[one.id]) for one in self._all(patient)}
        return frozenset(one.id for one in entries if (one.kind, _same(one)) in kept)

    async def find(self, entry: str) -> Entry | None:
        return self.kept[entry][-1] if entry in self.kept else None

    async def states(self, entry: str) -> Sequence[Entry]:
        return self.kept.get(entry, [])[:-1]

    async def add(self, entry: Entry, *, acts: Sequence[NewTrace]) -> bool:
        part = entry.content.part() if entry.content else ""
        alike = [
            one
            for one in await self.of(entry.patient, [entry.kind], part=part or None)
            if one.state in STANDING
        ]
        if entry.id in self.kept:
            return True
        if len(alike) >= KINDS[entry.kind].most.get(part, len(alike) + 1):
            return False
        self._keep(entry)
        await self.traces.write(acts)
        return True

    async def change(self, entry: Entry, *, acts: Sequence[NewTrace]) -> bool:
        if entry.version != self.kept[entry.id][-1].version + 1:
            return False
        self._keep(entry)
        await self.traces.write(acts)
        return True

    async def synchronise(
        self, entries: Sequence[Entry], *, at: datetime, acts: Sequence[NewTrace]
    ) -> Taken:
        """Each is new, unless the same thing is there."""
        ids: list[str] = []
        added: list[str] = []
        for one in entries:
            alike = [kept.id for kept in self._all(one.patient) if self.said[kept.id] == _same(one)]
            if not alike:
                self._keep(one)
                added.append(one.id)
            ids.append(next(iter(alike), one.id))
        await self.traces.write(acts)
        return Taken(added=added, corrected=(), known=len(entries) - len(added), ids=ids)

    def _keep(self, entry: Entry) -> None:
        gone = entry.state in GONE
        if entry.content is not None:
            self.said[entry.id] = _same(entry)
        self.said.setdefault(entry.id, ("", entry.id))
        if entry.state in STANDING:
            for versions in self.kept.values():
                is_word = versions[-1].state is EntryState.ABSENT
                if is_word and versions[-1].kind is entry.kind:
                    versions[-1] = structs.replace(versions[-1], state=EntryState.DELETED)
        kept = [] if gone else self.kept.get(entry.id, [])
        self.kept[entry.id] = [*kept, structs.replace(entry, content=None) if gone else entry]

    def _all(self, patient: PatientKey) -> list[Entry]:
        return [versions[-1] for versions in self.kept.values() if versions[-1].patient == patient]

    def _of_state(self, patient: PatientKey, states: Iterable[EntryState]) -> list[Entry]:
        wanted = set(states)
        return [one for one in self._all(patient) if one.state in wanted]


def _happened(entry: Entry) -> datetime:
    return (entry.content.happened() if entry.content else None) or NEVER


def _same(entry: Entry) -> tuple[str, str]:
    same = entry.content.same() if entry.content else ""
    return entry.source.application, same or entry.id
