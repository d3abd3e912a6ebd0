"""What every verb of a copy is handed, and what they share: who may take what of a record now."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.clock import Clock, Ids
from gateway.errors import DeniedError
from gateway.flows.corresponding.sight import Look
from gateway.flows.family.profiles import decide_act, stand
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import seen_in, trace_of
from gateway.flows.reading.history import Heard
from gateway.flows.reading.read import ReadShelf
from gateway.ports.agendas import Agendas
from gateway.ports.documents.journal import Journal
from gateway.ports.entries import Entries
from gateway.ports.people.exports import Exports
from gateway.ports.people.people import Ties
from gateway.ports.prevention import Preventions
from gateway.records.correspondence.letter import KeptMail
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import NewTrace
from gateway.records.patients.export import Export
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Decision, Reader

ASKED, MADE, TAKEN, ENDED = "export-asked", "export-made", "export-downloaded", "export-expired"
BEHIND = "background"
"""The door of what nobody waits for."""
HasRoom = Callable[[int], bool]
"""Whether so many bytes may be stored without touching the reserve of the disk."""
Held = Callable[[], Awaitable[None]]
"""Goes on holding the task; raises DeferredError where another worker has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporting:
    """`look` into the box of a record; `journal` has the mails that came; `domain` is that of the
    boxes."""

    read: ReadShelf
    ties: Ties
    exports: Exports
    look: Look
    journal: Journal
    domain: str
    entries: Entries
    agendas: Agendas
    preventions: Preventions
    ids: Ids
    has_room: HasRoom

    @property
    def clock(self) -> Clock:
        return self.read.clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Portable:
    """What a reader may take along now: `cards` newest first, with older versions; `every` is the
    record's, for the words of its history, `heard` their facts. `mails` oldest first. `seen` is
    what the log keeps back of the decisions."""

    gate: Gate
    decision: Decision
    cards: Sequence[Card]
    mails: Sequence[KeptMail]
    every: Mapping[str, Card]
    heard: Heard
    seen: Mapping[str, object]

    def entry(self, export: Export, act: str, *, door: str) -> NewTrace:
        said = {"export": export.id}
        return trace_of(self.gate, self.decision, action=act, door=door, seen=self.seen, said=said)


async def portable(room: Exporting, reader: Reader, patient: PatientKey, *, act: str) -> Portable:
    """Every document decided anew (EXP-03). Raises DeniedError, traced, for who takes nothing."""
    read = room.read

    async def look() -> list[Card]:
        return await read.shelf.cards(patient, current_only=False)

    gate, every = await read.gate_with(reader, patient, look, attempt=act)
    decision = decide_act(gate, AccessAction.EXPORT)
    if not decision.permitted:
        await read.traces.write([trace_of(gate, decision, action=act, door=read.door)])
        raise DeniedError(NOT_THERE, rule=decision.rule)
    by_id = {card.id: card for card in every}
    heard = await Heard.beside(read, gate.patient, by_id)
    facts = await heard.of(by_id)
    may = gate.each(AccessAction.EXPORT)
    decided = [(card, may(facts[card.id])) for card in every]
    box = await room.look.through(gate, action=AccessAction.EXPORT)
    return Portable(
        gate=gate,
        decision=decision,
        cards=[card for card, answer in decided if answer.permitted],
        mails=box.mails,
        every=by_id,
        heard=heard,
        seen=seen_in((card.id, answer) for card, answer in decided),
    )


async def asker_of(room: Exporting, export: Export) -> Reader:
    """Who asked, as they stand before the record now, with nobody at a page. Raises DeniedError."""
    people = room.read.people
    me, whose = await people.person(export.asker), await people.person(export.patient)
    if me is None or whose is None:
        raise DeniedError(NOT_THERE)
    own = replace(patient_reader(me.key, name=export.name), door=BEHIND)
    if me.key == whose.key:
        return own
    return (await stand(room.read, room.ties, me, own, whose.key)).reader
