"""What one reader may see of an agenda: no professional anything (VAULT PRO-11), and nobody an
appointment that is hidden from him (AGE-03, REP-07)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.errors import DeniedError
from gateway.flows.corresponding.sight import WORDS, WRITERS
from gateway.flows.filing.acts import hiding_in
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.facts import NO_TYPE
from gateway.flows.reading.decided.gate import NOTHING_PERMITS, Gate
from gateway.flows.reading.decided.trace import ABSENT, UNFILED, trace_of
from gateway.ports.agendas import Agendas
from gateway.records.agenda.appointment import Appointment
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Decision,
    DocumentFacts,
    NoticeKind,
    Reader,
)


def facts_of(one: Appointment) -> DocumentFacts:
    """An appointment as a document of no type: in no grid, so no professional reads it."""
    return DocumentFacts(type=NO_TYPE, codes=one.meeting.codes or ("N",), deposited=one.made_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """`appointments` are those that this reader sees, the first first."""

    gate: Gate
    decision: Decision
    appointments: tuple[Appointment, ...] = ()

    @property
    def patient(self) -> PatientKey:
        return self.gate.patient

    @property
    def now(self) -> datetime:
        return self.gate.now

    def one(self, appointment: str) -> Appointment:
        """Raises DeniedError for what is not there, or not for this reader."""
        found = next((one for one in self.appointments if one.id == appointment), None)
        if found is None:
            raise DeniedError(NOT_THERE)
        return found


async def admitted(
    asking: Asking, reader: Reader, patient: PatientKey, act: str
) -> tuple[Gate, Decision]:
    """Who sees an agenda, and what prevention asks for, at all. Raises DeniedError, traced as
    `act`, where nothing of that is this reader's."""
    gate = await asking.gate(reader, patient, attempt=act)
    decision = gate.may(AccessAction.LIST, WORDS)
    if reader.kind not in WRITERS:
        decision = NOTHING_PERMITS
    if not decision.permitted:
        await asking.traces.write([trace_of(gate, decision, action=act, door=asking.door)])
        raise DeniedError(NOT_THERE)
    return gate, decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    asking: Asking
    agendas: Agendas

    async def __call__(
        self, reader: Reader, patient: PatientKey, act: str, *, since: datetime | None = None
    ) -> Sight:
        """Raises DeniedError as `admitted`."""
        gate, decision = await admitted(self.asking, reader, patient, act)
        every = await self.agendas.appointments(gate.patient, since=since)
        may = gate.each(AccessAction.LIST)
        seen = tuple(one for one in every if one.is_listed and may(facts_of(one)).permitted)
        return Sight(gate=gate, decision=decision, appointments=seen)

    async def at(
        self, reader: Reader, patient: PatientKey, appointment: str, act: str
    ) -> tuple[Sight, Appointment]:
        """With this one; the try at another is traced too (decision 024)."""
        sight = await self(reader, patient, act)
        try:
            return sight, sight.one(appointment)
        except DeniedError:
            await self._write(replace(self.entry(sight, act), permitted=False, rule=ABSENT))
            raise

    def entry(
        self,
        sight: Sight,
        act: str,
        one: Appointment | None = None,
        said: Mapping[str, object] | None = None,
    ) -> NewTrace:
        """One act in the log; of what is written in an agenda no word."""
        told = {**(said or {}), **(named(one) if one else {})}
        return trace_of(sight.gate, sight.decision, action=act, door=self.asking.door, said=told)

    async def told(
        self, sight: Sight, act: str, one: Appointment | None = None, **said: object
    ) -> None:
        """Writes that entry."""
        await self._write(self.entry(sight, act, one, said))

    async def may_remind(self, patient: PatientKey, subject: str, reader: Reader) -> bool:
        """Whether a notice about this appointment, or own reminder, may go to this addressee now,
        traced (VAULT N9)."""
        circumstances = replace(NORMAL, notice=NoticeKind.NEW_DOCUMENT)
        gate = await self.asking.gate(reader, patient, circumstances=circumstances)
        one = await self.agendas.appointment(subject)
        decision = gate.may(AccessAction.NOTIFY, facts_of(one) if one else WORDS)
        said = named(one) if one else None
        act = AccessAction.NOTIFY
        await self._write(trace_of(gate, decision, action=act, door=self.asking.door, said=said))
        return decision.permitted

    async def documents(self, reader: Reader, patient: PatientKey) -> Sequence[Card]:
        """Those that this reader could put beside an appointment, or see there."""
        gate, cards = await self.asking.gate_with(
            reader,
            patient,
            lambda: self.asking.shelf.cards(patient, current_only=True),
            attempt=AccessAction.LIST,
        )
        may = gate.each(AccessAction.LIST)
        return [card for card in cards if await self._is_seen(may, card)]

    async def _is_seen(self, may: Callable[[DocumentFacts], Decision], card: Card) -> bool:
        return may(await self.asking.facts_of_card(card)).permitted

    async def _write(self, entry: NewTrace) -> None:
        await self.asking.traces.write([entry])


def named(one: Appointment) -> dict[str, object]:
    """What an entry of the log tells: of a hidden one nobody hears from whom that is hidden."""
    codes = hiding_in(one.meeting.codes)
    return {"appointment": one.id} | ({UNFILED: list(codes)} if codes else {})
