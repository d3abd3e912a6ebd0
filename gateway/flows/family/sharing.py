"""Sharing: a person is asked to help with a record, and says yes or no (VAULT REP-03, REP-09).

An invitation is a dated fact like any choice; it waits 30 days for the fact that answers it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.access.time import in_force, is_minor
from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.act import Fact, Permitted, may_manage, write
from gateway.flows.family.ended import EndedError, about, nothing_left
from gateway.flows.family.givers import gives_still
from gateway.flows.family.profiles import KINDS
from gateway.flows.family.services import majority
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.facts import latest_day
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import SHARING
from gateway.flows.signing_in.signin import Turns
from gateway.flows.signing_in.tries import MAX_TRIES, count_try
from gateway.ports.people.people import Sessions, Ties
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Person, Tie
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader, ReaderKind, RecordFacts
from gateway.records.readers.tries import Allowance
from gateway.records.task import NewTask
from gateway.records.words import fold

ANSWER_WITHIN = timedelta(days=30)
NAMES_WINDOW = timedelta(minutes=15)
"""In which a person may give five wrong names."""
MAX_CAREGIVERS, MAX_CARED_FOR = 3, 5
ANSWERS = {
    ChoiceKind.CAREGIVER_ASKED: ChoiceKind.CAREGIVER,
    ChoiceKind.PARENT_ASKED: ChoiceKind.PARENT,
}
"""The notice N8: who has access to a profile changed."""


class TakenError(RefusedError):
    """It cannot be, as things stand: `why` is full (no more may be named) or already."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This cannot be added: {why}.")
        self.why = why


class NobodyError(RefusedError):
    """Nobody answers to this: unknown, other traits, no active space; never said which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody as the form names him: `keys` of his INS, one for each OID it may have."""

    keys: tuple[PatientKey, ...]
    family: str
    birth_date: str


def waiting(choices: Iterable[Choice], now: datetime) -> list[Choice]:
    """Invitations without an answer, oldest first."""
    told = list(choices)
    return [
        one
        for one in told
        if one.kind in ANSWERS
        and in_force(one.since, one.until, now)
        and not any(
            later.kind is ANSWERS[one.kind]
            and later.target == one.target
            and later.since >= one.since
            for later in told
        )
    ]


def waiting_for(ties: Sequence[Tie], now: datetime) -> list[Tie]:
    """The same from the side of who was asked."""
    of_record: dict[PatientKey, list[Choice]] = {}
    for tie in ties:
        of_record.setdefault(tie.patient, []).append(tie.choice)
    return [
        Tie(patient=patient, choice=choice)
        for patient, choices in of_record.items()
        for choice in waiting(choices, now)
    ]


def helpers(choices: Iterable[Choice], record: RecordFacts, now: datetime) -> list[Choice]:
    """Representatives and caregivers in force; of an adult no parent is one any more (F22)."""
    minor = is_minor(record.birth_date, now)
    return [
        one
        for one in choices
        if one.kind in KINDS
        and in_force(one.since, one.until, now)
        and (minor or one.kind is not ChoiceKind.PARENT)
    ]


def may_end(reader: Reader, one: Choice, held: Iterable[Choice]) -> bool:
    """The first representative ends what was shared; nobody ends what the caisse or a judge said
    (REP-03, REP-08). A caregiver is ended by whoever manages."""
    if one.kind is ChoiceKind.CAREGIVER:
        return True
    if one.kind is not ChoiceKind.PARENT or not one.giver:
        return False
    if reader.kind is ReaderKind.PATIENT:
        return True
    return any(own.target == reader.id and not own.giver for own in held)


def may_leave(one: Choice) -> bool:
    """A caregiver, and a second parent; the first stays answerable."""
    return one.kind is ChoiceKind.CAREGIVER or bool(one.giver)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Every act is asked of `access.decide` as `manage` caregivers, which stands for both."""

    asking: Asking
    ties: Ties
    sessions: Sessions
    turns: Turns

    async def invite(
        self,
        reader: Reader,
        patient: PatientKey,
        asked: ChoiceKind,
        named: Named,
        *,
        ending: datetime | None = None,
    ) -> None:
        """`asked` is one of ANSWERS. Raises DeniedError, NobodyError, TakenError, RefusedError for
        an end in the past, TooManyTriesError after five wrong names."""
        permitted = await may_manage(self.asking, reader, patient, Manage.CAREGIVERS)
        now = permitted.now
        if ending is not None and ending <= now:
            raise RefusedError("The end is in the past.")
        minor = is_minor(permitted.gate.record.birth_date, now)
        if asked is ChoiceKind.PARENT_ASKED and not minor:
            raise DeniedError("An adult has no second parent here: REP-08.")
        async with self.turns.turn(f"sharing:{patient.hex()}"):
            person = await self._named(reader, patient, named, now)
            self._check_room(await self._taken(permitted), asked, person)
            until = min(now + ANSWER_WITHIN, ending or now + ANSWER_WITHIN)
            if minor:  # nobody becomes the parent of an adult, nor helps one by a parent's word
                grown = majority(permitted.gate.record)
                until = min(until, grown)
                if asked is ChoiceKind.CAREGIVER_ASKED:
                    ending = min(ending or grown, grown)
            target = person.key.hex()
            fact = Fact(asked, target, until=until, giver=reader.id or "", ending=ending)
            told = [notice_of(SHARING, person.key, now)]
            await write(self.asking, permitted, fact, act=asked.value, then=told)

    async def answer(
        self, me: Person, came: Reader, patient: PatientKey, *, accepted: bool
    ) -> None:
        """The invited person's own word. Raises as `end` does, TakenError for a sixth person."""
        own = await may_manage(self.asking, came, me.key, Manage.CAREGIVERS)
        now = own.now
        async with self.turns.turn(f"sharing:{me.key.hex()}"):
            mine = await self.ties.ties(me.key)
            tie = next((one for one in waiting_for(mine, now) if one.patient == patient), None)
            if tie is None:
                asked = [one.choice for one in mine if one.patient == patient]
                raise nothing_left((one for one in asked if one.kind in ANSWERS), stands=False)
            if accepted and not await self._stands_still(tie, now):
                raise EndedError
            given = ANSWERS[tie.choice.kind]
            cared_for = [one for one in mine if _holds(one.choice, ChoiceKind.CAREGIVER, now)]
            if accepted and given is ChoiceKind.CAREGIVER and len(cared_for) >= MAX_CARED_FOR:
                raise TakenError("full")
            permitted = await self._as(own, tie, given)
            ended = Fact(tie.choice.kind, tie.choice.target, holds=False)
            fact = _accepted(given, tie.choice) if accepted else ended
            act = "sharing-accepted" if accepted else "sharing-refused"
            told = await self._holders(patient, permitted)
            await write(self.asking, permitted, fact, act=act, then=told)

    async def ends(
        self, reader: Reader, patient: PatientKey, target: str
    ) -> tuple[Permitted, list[Choice]]:
        """What `end` would take back; nothing changes. Raises as `end` does."""
        permitted = await may_manage(self.asking, reader, patient, Manage.CAREGIVERS)
        choices, now = await self.asking.people.choices(patient), permitted.now
        held = helpers(choices, permitted.gate.record, now)
        ends = [
            one
            for one in (*held, *waiting(choices, now))
            if one.target == target and (one.kind in ANSWERS or may_end(reader, one, held))
        ]
        if not ends:
            stands = any(one.target == target for one in held)
            raise nothing_left(about(choices, target, {*KINDS, *ANSWERS}), stands=stands)
        return permitted, ends

    async def end(self, reader: Reader, patient: PatientKey, target: str) -> list[Choice]:
        """Takes the access or the invitation back, and says which. Raises DeniedError where it is
        not theirs to end, or there was none, EndedError where it has ended."""
        permitted, ends = await self.ends(reader, patient, target)
        told = [notice_of(SHARING, PatientKey(bytes.fromhex(target)), permitted.now)]
        for one in ends:
            fact = Fact(one.kind, one.target, holds=False)
            await write(self.asking, permitted, fact, act="sharing-ended", then=told)
            told = []
        return ends

    async def leave(self, me: Person, came: Reader, patient: PatientKey) -> None:
        """Ends the own access to another's record. Raises as `end` does."""
        own = await may_manage(self.asking, came, me.key, Manage.CAREGIVERS)
        now = own.now
        ties = await self.ties.ties(me.key)
        mine = [one for one in ties if one.patient == patient and one.choice.kind in KINDS]
        held = [one for one in mine if in_force(one.choice.since, one.choice.until, now)]
        left = [one for one in held if may_leave(one.choice)]
        if not left:
            raise nothing_left((one.choice for one in mine), stands=bool(held))
        for tie in left:
            permitted = await self._as(own, tie, tie.choice.kind)
            fact = Fact(tie.choice.kind, tie.choice.target, holds=False)
            told = await self._holders(patient, permitted)
            await write(self.asking, permitted, fact, act="sharing-left", then=told)

    async def _named(
        self, reader: Reader, patient: PatientKey, named: Named, now: datetime
    ) -> Person:
        """As many questions for nobody as for somebody else's name."""
        names = Allowance(subject=f"sharing:{reader.id}", most=MAX_TRIES, window=NAMES_WINDOW)
        counted = await count_try(self.sessions, self.asking.clock, names)
        found = [await self.asking.people.person(key) for key in named.keys]
        right = [one for one in found if one is not None and _is(named, one, now)]
        if len(right) != 1 or right[0].key == patient:
            raise NobodyError("Nobody with an active space answers to this.")
        await self.sessions.take_back(counted)
        return right[0]

    async def _taken(self, permitted: Permitted) -> list[Choice]:
        """Who helps with this record already, or is asked to."""
        gate = permitted.gate
        choices = await self.asking.people.choices(gate.patient)
        return [*helpers(choices, gate.record, gate.now), *waiting(choices, gate.now)]

    def _check_room(self, taken: Sequence[Choice], asked: ChoiceKind, person: Person) -> None:
        if any(one.target == person.key.hex() for one in taken):
            raise TakenError("already")
        caring = (ChoiceKind.CAREGIVER, ChoiceKind.CAREGIVER_ASKED)
        count = sum(one.kind in caring for one in taken)
        if asked is ChoiceKind.CAREGIVER_ASKED and count >= MAX_CAREGIVERS:
            raise TakenError("full")

    async def _stands_still(self, tie: Tie, now: datetime) -> bool:
        """Whether who asked may still speak for the record: else nobody gets in by his word."""
        person = await self.asking.people.person(tie.patient)
        choices = await self.asking.people.choices(tie.patient)
        return person is not None and gives_still(tie.choice.giver, person, choices, now)

    async def _as(self, own: Permitted, tie: Tie, given: ChoiceKind) -> Permitted:
        """The invited person's act, written into the other's record as who he is there."""
        reader = replace(own.gate.reader, kind=KINDS[given], id=tie.choice.target)
        gate = await self.asking.gate(reader, tie.patient)
        return Permitted(gate=gate, decision=own.decision)

    async def _holders(self, patient: PatientKey, permitted: Permitted) -> list[NewTask]:
        """The holder, and the representatives who act for him, but not who did it."""
        now = permitted.now
        choices = await self.asking.people.choices(patient)
        others = {
            PatientKey(bytes.fromhex(one.target))
            for one in helpers(choices, permitted.gate.record, now)
            if KINDS[one.kind] is ReaderKind.REPRESENTATIVE
            and one.target != permitted.gate.reader.id
        }
        return [notice_of(SHARING, one, now) for one in (patient, *sorted(others))]


def _accepted(given: ChoiceKind, asked: Choice) -> Fact:
    giver = asked.giver if given is ChoiceKind.PARENT else ""
    return Fact(given, asked.target, until=asked.ending, giver=giver)


def _holds(choice: Choice, kind: ChoiceKind, now: datetime) -> bool:
    return choice.kind is kind and in_force(choice.since, choice.until, now)


def _is(named: Named, person: Person, now: datetime) -> bool:
    """An adult with an active space, under this very birth name and date."""
    identity = person.identity
    same = (
        fold(identity.birth_family or "") == fold(named.family)
        and identity.birth_date == named.birth_date
    )
    adult = not is_minor(latest_day(identity.birth_date), now)
    return same and adult and person.state is AccountState.ACTIVE
