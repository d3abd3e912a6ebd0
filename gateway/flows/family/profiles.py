"""Profiles: one login, several records; each request decides anew who stands before which.

Losing the right takes effect on the next call: no decision is kept (VAULT REP-06, REP-10).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.access.decide import DECISIONS, PLAIN_CODES
from gateway.access.time import in_force
from gateway.errors import DeniedError
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.facts import NO_TYPE
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import SOMEBODY_ELSE, trace_of
from gateway.flows.reading.listing import Filters
from gateway.flows.reading.read import ReadShelf
from gateway.ports.people.people import Sessions, Ties
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Person, Session, Tie
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Decision,
    DocumentFacts,
    Manage,
    Reader,
    ReaderKind,
)

KINDS = {
    ChoiceKind.PARENT: ReaderKind.REPRESENTATIVE,
    ChoiceKind.GUARDIAN: ReaderKind.REPRESENTATIVE,
    ChoiceKind.CAREGIVER: ReaderKind.CAREGIVER,
}
"""In the order in which they count for somebody who is two of them."""

Act = Manage | AccessAction
"""What a page does beyond reading; of the actions only `trace` and `export`."""
UNREAD = Filters(unread=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Another's record, before which somebody stands by right of `choice`, a fact of it."""

    person: Person
    choice: Choice
    gate: Gate

    @property
    def role(self) -> ChoiceKind:
        return self.choice.kind

    @property
    def reader(self) -> Reader:
        return self.gate.reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """A card of `/profils`; `unread` counts what this reader may see and nobody has opened."""

    profile: Profile
    unread: int


def ties_to(ties: Iterable[Tie], patient: PatientKey, now: datetime) -> list[Tie]:
    """The facts in force of this record, what gives most first."""
    order = list(KINDS)
    held = [
        tie
        for tie in ties
        if tie.patient == patient
        and tie.choice.kind in KINDS
        and in_force(tie.choice.since, tie.choice.until, now)
    ]
    return sorted(held, key=lambda tie: order.index(tie.choice.kind))


async def before(
    asking: Asking, came: Reader, ties: Iterable[Tie], patient: PatientKey
) -> tuple[Tie | None, Gate]:
    """In the first of his roles that opens the record, else in the first of them: the parent of an
    adult may be his caregiver."""
    tries: list[tuple[Tie | None, Gate]] = []
    held: list[Tie | None] = [*ties_to(ties, patient, asking.clock.now())]
    for tie in held or [None]:
        gate = await asking.gate(_reader(came, tie, patient), patient)
        if gate.standing().permitted:
            return tie, gate
        tries.append((tie, gate))
    return tries[0]


async def stand(
    asking: Asking, ties: Ties, me: Person, came: Reader, patient: PatientKey
) -> Profile:
    """`came` is the reader that `me` is in the own space. Raises DeniedError, traced in the record
    that was asked for."""
    person = await asking.people.person(patient)
    if person is None:
        raise DeniedError(NOT_THERE)
    mine = await ties.ties(me.key)
    if all(one.patient != person.key for one in mine):
        came = replace(came, name=SOMEBODY_ELSE)
    tie, gate = await before(asking, came, mine, person.key)
    decision = gate.standing() if me.state is AccountState.ACTIVE else DECISIONS["F10"]
    if tie is None or not decision.permitted:
        trace = trace_of(gate, decision, action=AccessAction.LIST, door=asking.door)
        await asking.traces.write([trace])
        raise DeniedError(NOT_THERE, rule=decision.rule)
    return Profile(person=person, choice=tie.choice, gate=gate)


def _reader(came: Reader, tie: Tie | None, patient: PatientKey) -> Reader:
    """By the id that the fact names; who is named by none stands as a representative would."""
    kind = KINDS[tie.choice.kind] if tie else ReaderKind.REPRESENTATIVE
    identifier = tie.choice.target if tie else came.id
    return replace(came, kind=kind, id=identifier, bound_to=patient.hex())


async def look_at(sessions: Sessions, session: Session, profile: str) -> None:
    """Whose record this session looks at from now on: a patient key in hex, "" for the own.
    Whether it may is asked on each request, not here. A session that ended meanwhile is not opened
    again by it."""
    await sessions.change(replace(session, profile=profile))


async def managed(read: ReadShelf, ties: Ties, me: Person, came: Reader) -> list[Managed]:
    """Every record that this person may look at now; what may not be is left out, unsaid."""
    cards, mine = [], await ties.ties(me.key)
    for patient in dict.fromkeys(tie.patient for tie in mine):
        person = await read.people.person(patient)
        if person is None or me.state is not AccountState.ACTIVE:
            continue
        tie, gate = await before(read, came, mine, patient)
        if tie is None or not gate.standing().permitted:
            continue
        unread = await read.search(gate.reader, patient, UNREAD)
        profile = Profile(person=person, choice=tie.choice, gate=gate)
        cards.append(Managed(profile=profile, unread=len(unread.cards)))
    return cards


def decide_act(gate: Gate, act: Act) -> Decision:
    """May this reader do such a thing in this record at all, whatever the document?"""
    if isinstance(act, Manage):
        asked = replace(gate, circumstances=replace(NORMAL, manage=act))
        return asked.may(AccessAction.MANAGE, None)
    if act is AccessAction.EXPORT:
        return gate.may(act, DocumentFacts(type=NO_TYPE, codes=PLAIN_CODES, deposited=gate.now))
    return gate.may(act, None)


async def refuse_act(asking: Asking, gate: Gate, act: Act, decision: Decision) -> None:
    """The refusal as the log tells it (VAULT GEN-06)."""
    await asking.traces.write([trace_of(gate, decision, action=act, door=asking.door)])
