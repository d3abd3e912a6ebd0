"""Who stands for somebody, or no longer does, as an operator records it on papers and another one
confirms (VAULT REP-01, REP-02, REP-04, REP-08, DSK-06).

A parent who is confirmed makes the space of the child active. A tuteur finds the space as it is:
the adult, or the tuteur with the provisional code, activates it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from gateway.access.time import civil_date, in_force, is_minor
from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.identity.propose import SamePersonError, same_person
from gateway.flows.reading.decided.facts import latest_day
from gateway.flows.sending.notices.addressees import addressees
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import SHARING
from gateway.ports.people.entering.activations import Representatives
from gateway.ports.people.people import People
from gateway.records.patients.account import (
    AccountState,
    Choice,
    ChoiceKind,
    NewTrace,
    Person,
    Tie,
)
from gateway.records.patients.patient import PatientKey

WAITS = timedelta(days=30)
RULE = "DSK-06"
WITH_A_SPACE = frozenset({AccountState.INVITED, AccountState.CREATED, AccountState.ACTIVE})
STANDS_FOR = frozenset({ChoiceKind.PARENT, ChoiceKind.GUARDIAN})
MOST = 1_000


class PaperKind(StrEnum):
    """What says so."""

    FAMILY_BOOK = "family-record-book"
    BIRTH = "birth-certificate"
    JUDGMENT = "judgment"


class Authority(StrEnum):
    """What a paper says of somebody: a parent, a tuteur, or that this authority is withdrawn."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    WITHDRAWN = "withdrawn"


PROPOSED = {
    Authority.PARENT: ChoiceKind.PARENT_PROPOSED,
    Authority.GUARDIAN: ChoiceKind.GUARDIAN_PROPOSED,
    Authority.WITHDRAWN: ChoiceKind.WITHDRAWAL_PROPOSED,
}
ACTS = {
    Authority.PARENT: ("parent-proposed", "parent-confirmed"),
    Authority.GUARDIAN: ("guardian-proposed", "guardian-confirmed"),
    Authority.WITHDRAWN: ("withdrawal-proposed", "withdrawal-confirmed"),
}
DECLINED = "authority-declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Of a paper its kind, date and SHA-256; the paper itself is not kept here. `until` is when a
    tutelle ends, `extent` how far it goes, in the words of the judgment."""

    kind: PaperKind
    day: date
    sha256: str
    until: datetime | None = None
    extent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who acts: `by` as the record keeps it, `entry` that act in the log."""

    by: str
    entry: Callable[[PatientKey, str, Mapping[str, object]], NewTrace]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a second person: `whose` would stand for `patient`, or no longer."""

    patient: PatientKey
    authority: Authority
    whose: PatientKey
    paper: Paper | None
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAuthority:
    """`propose`, then `confirm` by somebody else within 30 days."""

    people: People
    representatives: Representatives
    clock: Clock

    async def propose(
        self,
        patient: PatientKey,
        authority: Authority,
        whose: PatientKey,
        paper: Paper,
        who: Who,
        *,
        reason: str,
    ) -> None:
        """Nothing changes yet. Raises RefusedError, with what is wrong, for who cannot stand for
        whom (`_both`), for a paper of the future, and for one that does not suffice."""
        now = self.clock.now()
        of, them = await self._both(patient, authority, whose, now)
        _demand_sound(paper, authority, now)
        proposed = Choice(
            kind=PROPOSED[authority],
            target=them.key.hex(),
            since=now,
            until=now + WAITS,
            by=who.by,
            scopes=(paper.kind.value, paper.day.isoformat(), paper.sha256, paper.extent),
            ending=paper.until,
        )
        said: dict[str, object] = {
            "paper": paper.kind,
            "of": paper.day.isoformat(),
            "sha256": paper.sha256,
        }
        if paper.until or paper.extent:
            said |= {"until": _iso(paper.until), "extent": paper.extent}
        act = who.entry(of.key, ACTS[authority][0], {**said, "reason": reason})
        await self.people.choose(of.key, proposed, act=act)

    async def waiting(self) -> list[Waiting]:
        """Oldest first."""
        ties = await self.representatives.proposed(
            tuple(PROPOSED.values()), self.clock.now(), limit=MOST
        )
        return [_waiting(one) for one in ties]

    async def confirm(
        self, patient: PatientKey, authority: Authority, whose: PatientKey, who: Who
    ) -> None:
        """It holds from now on, and everybody concerned is told (N8). Raises RefusedError where
        nothing was proposed, SamePersonError for who proposed it."""
        now = self.clock.now()
        of, them = await self._both(patient, authority, whose, now)
        choices = await self.people.choices(of.key)
        proposed = _proposed(choices, authority, them.key, now)
        if same_person(proposed.by, who.by):
            raise SamePersonError("a second person confirms: this is who proposed it")
        done = await self.representatives.represent(
            of.key,
            _facts(authority, proposed, choices, now),
            proposed,
            opens=authority is Authority.PARENT,
            act=who.entry(of.key, ACTS[authority][1], {"proposed_by": proposed.by}),
            then=[notice_of(SHARING, one, now) for one in _told(of, them, choices, now)],
        )
        if not done:
            raise RefusedError("nothing of these two waits to be confirmed")

    async def decline(self, waiting: Waiting, who: Who) -> None:
        """Nothing changes. Raises RefusedError where it waits no more."""
        now = self.clock.now()
        choices = await self.people.choices(waiting.patient)
        proposed = _proposed(choices, waiting.authority, waiting.whose, now)
        act = who.entry(waiting.patient, DECLINED, {"proposed_by": proposed.by})
        await self.people.choose(waiting.patient, replace(proposed, since=now, until=now), act=act)

    async def _both(
        self, patient: PatientKey, authority: Authority, whose: PatientKey, now: datetime
    ) -> tuple[Person, Person]:
        of, them = await self.people.person(patient), await self.people.person(whose)
        if of is None or them is None:
            raise RefusedError("one of the two is not known here: gateway person open")
        held = await self.people.choices(of.key)
        stands = any(_represents(one, them.key, now) for one in held)
        if authority is Authority.WITHDRAWN:
            if not stands:
                raise RefusedError("this person does not represent the first one")
            return of, them
        _demand_fit(of, them, authority, now)
        is_open = of.state is AccountState.ACTIVE
        if stands and (is_open or authority is Authority.GUARDIAN):
            raise RefusedError("this person represents the other one already")
        return of, them  # whom a list named opens nothing until two people say so


def _demand_fit(of: Person, them: Person, authority: Authority, now: datetime) -> None:
    """Raises RefusedError."""
    if not (of.qualified and them.qualified):
        raise RefusedError("the identity of one of the two is not qualified")
    if authority is Authority.PARENT and not _is_child(of, now):
        raise RefusedError("the first one is no minor: of an adult no parent is representative")
    if of.state not in WITH_A_SPACE:
        raise RefusedError("the first one has no space that is or may be activated")
    if _is_child(them, now) or them.state is not AccountState.ACTIVE:
        raise RefusedError("who represents must be of age and have activated the own space")
    if of.key == them.key:
        raise RefusedError("nobody stands for himself")


def _demand_sound(paper: Paper, authority: Authority, now: datetime) -> None:
    """Raises RefusedError."""
    if paper.day > civil_date(now):
        raise RefusedError("the paper is of a day that has not come")
    if authority is not Authority.PARENT and paper.kind is not PaperKind.JUDGMENT:
        raise RefusedError("a tutelle, or the end of an authority, needs a judgment")
    if paper.until is not None and paper.until <= now:
        raise RefusedError("the tutelle is over already")


def _facts(
    authority: Authority, proposed: Choice, choices: Iterable[Choice], now: datetime
) -> Sequence[Choice]:
    """What holds from now on."""
    whose = PatientKey(bytes.fromhex(proposed.target))
    if authority is Authority.WITHDRAWN:
        held = [one for one in choices if _represents(one, whose, now)]
        return [replace(one, since=now, until=now) for one in held]
    kind = ChoiceKind.PARENT if authority is Authority.PARENT else ChoiceKind.GUARDIAN
    return [
        Choice(kind=kind, target=proposed.target, since=now, until=proposed.ending, by="operator")
    ]


def _told(
    of: Person, them: Person, choices: Iterable[Choice], now: datetime
) -> Sequence[PatientKey]:
    """Who represents until now, who begins or ends, and an adult himself."""
    birth = latest_day(of.identity.birth_date)
    others = addressees(of.key, choices, now, birth=birth)
    told = {PatientKey(bytes.fromhex(one.id or "")) for one in others} | {them.key}
    return sorted(told - {of.key} if _is_child(of, now) else told | {of.key})


def _waiting(tie: Tie) -> Waiting:
    choice = tie.choice
    authority = next(one for one, kind in PROPOSED.items() if kind is choice.kind)
    whose = PatientKey(bytes.fromhex(choice.target))
    return Waiting(
        patient=tie.patient,
        authority=authority,
        whose=whose,
        paper=_paper(choice),
        choice=choice,
    )


def _paper(proposed: Choice) -> Paper | None:
    """None of one that was proposed before papers stood beside it."""
    if len(proposed.scopes) != len(("kind", "day", "sha256", "extent")):
        return None
    kind, day, sha256, extent = proposed.scopes
    return Paper(
        kind=PaperKind(kind),
        day=date.fromisoformat(day),
        sha256=sha256,
        until=proposed.ending,
        extent=extent,
    )


def _proposed(
    choices: Iterable[Choice], authority: Authority, whose: PatientKey, now: datetime
) -> Choice:
    """Raises RefusedError."""
    for one in choices:
        mine = one.kind is PROPOSED[authority] and one.target == whose.hex()
        if mine and in_force(one.since, one.until, now):
            return one
    raise RefusedError("nothing of these two waits to be confirmed")


def _is_child(person: Person, now: datetime) -> bool:
    return is_minor(latest_day(person.identity.birth_date), now)


def _represents(one: Choice, whose: PatientKey, now: datetime) -> bool:
    mine = one.kind in STANDS_FOR and one.target == whose.hex()
    return mine and in_force(one.since, one.until, now)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
