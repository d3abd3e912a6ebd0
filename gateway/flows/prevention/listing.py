"""« Examens médicaux et vaccinations à réaliser », as one reader sees it (VAULT AGE-05, AGE-08).

What counts is what this reader may see: a vaccination or a document that is hidden from somebody
closes no line before him.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gateway.access.time import civil_date
from gateway.flows.agenda.sight import admitted
from gateway.flows.entries.sight import Look as EntryLook
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.mapping.prevention.examinations.learnt import (
    SHOWN_RULES,
    Learnt,
    may_show,
    proposals_for,
    shown_by,
)
from gateway.mapping.prevention.examinations.lines import Line, State, lines_of
from gateway.mapping.prevention.vaccines import Given
from gateway.mapping.prevention.vaccines.recorded import birth_of, given_in
from gateway.ports.entries import Entries
from gateway.ports.prevention import Preventions
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.records.prevention import Said, Topic
from gateway.records.readers.access import AccessAction, Reader

LISTED = "prevention-list"
MAX_DOCUMENTS = 50
"""That are looked at for what they show, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prevented:
    """`lines` by their first day, None where the day of birth is not known; `proposals` by the id
    of the line that they would close; `said` the last word about each thing."""

    today: date
    birth: date | None = None
    lines: Sequence[Line] | None = None
    proposals: Mapping[str, Learnt] = field(default_factory=dict)
    said: Sequence[Said] = ()

    def said_of(self, topic: Topic, rule: str) -> list[Said]:
        """Also what was taken back since."""
        return [one for one in self.said if one.topic is topic and one.rule == rule]

    @property
    def under_way(self) -> list[Line]:
        """What is asked for now, and nobody refused to hear of."""
        return [one for one in self.lines or () if one.is_open(self.today) and not one.silent]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPrevention:
    asking: Asking
    entries: Entries
    preventions: Preventions

    async def __call__(
        self, reader: Reader, patient: PatientKey, *, within: str | None = None
    ) -> Prevented:
        """Raises DeniedError. `within`: a page of another act, whose entry in the log tells of this
        too."""
        gate, decision = await admitted(self.asking, reader, patient, within or LISTED)
        if within is None:
            told = trace_of(gate, decision, action=LISTED, door=self.asking.door)
            await self.asking.traces.write([told])
        return await self.of(gate)

    async def of(self, gate: Gate) -> Prevented:
        """For the reader of this gate, whom something here is."""
        today = civil_date(gate.now)
        person = await self.asking.people.person(gate.patient)
        birth = birth_of(person.identity) if person else None
        if person is None or birth is None:
            return Prevented(today=today)
        said = await self.preventions.said(gate.patient)
        given = await self._given(gate)
        lines = lines_of(birth, person.identity.sex, said, given, today)
        found = await self._proposals(gate, lines, said, today)
        return Prevented(today=today, birth=birth, lines=lines, proposals=found, said=said)

    async def _given(self, gate: Gate) -> list[Given]:
        kept = await self.entries.of(gate.patient, [EntryKind.IMMUNIZATION])
        ours = [one for one in kept if one.patient == gate.patient]
        sight = await EntryLook(asking=self.asking, entries=self.entries).sight(gate, ours)
        seen = (one for one in sight.entries if sight.may(one, AccessAction.LIST).permitted)
        return given_in(seen)

    async def _proposals(
        self, gate: Gate, lines: Sequence[Line], said: Iterable[Said], today: date
    ) -> Mapping[str, Learnt]:
        wanted = SHOWN_RULES & {one.rule for one in lines if one.state is not State.DONE}
        if not wanted:
            return {}
        shelf, may = self.asking.shelf, gate.each(AccessAction.LIST)
        cards = [
            card
            for card in await shelf.cards(gate.patient)
            if card.patient == gate.patient and may_show(card, wanted)
        ]
        seen = [card for card in cards if may(await self.asking.facts_of_card(card)).permitted]
        if not seen:
            return {}
        seen.sort(key=lambda card: card.deposited_at, reverse=True)
        shelved = await shelf.find_each([card.id for card in seen[:MAX_DOCUMENTS]])
        learnt = [found for one in shelved.values() for found in shown_by(one)]
        return proposals_for(lines, learnt, said, today)
