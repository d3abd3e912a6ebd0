"""A first parent, as an operator records it on papers and another one confirms (VAULT REP-01,
REP-02, REP-04, DSK-06): the child's space is active from then on, and the parent sees it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import orjson

from gateway.access.time import civil_date, in_force, is_minor
from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.identity.propose import same_person
from gateway.flows.reading.decided.facts import latest_day
from gateway.flows.sending.notices.addressees import addressees
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import SHARING
from gateway.ports.people.entering.activations import Representatives
from gateway.ports.people.people import People
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, NewTrace, Person
from gateway.records.patients.patient import PatientKey

WAITS = timedelta(days=30)
RULE = "DSK-06"
OF_A_CHILD = frozenset({AccountState.INVITED, AccountState.CREATED, AccountState.ACTIVE})


class PaperKind(StrEnum):
    """What says whose child this is."""

    FAMILY_BOOK = "family-record-book"
    BIRTH = "birth-certificate"
    JUDGMENT = "judgment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Of a paper its kind, date and SHA-256; the paper itself is not kept here."""

    kind: PaperKind
    day: date
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordParent:
    """`propose`, then `confirm` by somebody else within 30 days."""

    people: People
    representatives: Representatives
    clock: Clock

    async def propose(
        self,
        child: PatientKey,
        parent: PatientKey,
        paper: Paper,
        *,
        by: str,
        login: str,
        reason: str,
    ) -> None:
        """Nothing is opened yet; `login` is the account that typed it. Raises RefusedError for who
        is no child with a space, for a parent without an own active space, and for a paper of the
        future."""
        now = self.clock.now()
        of, whose = await self._both(child, parent, now)
        if paper.day > civil_date(now):
            raise RefusedError("the paper is of a day that has not come")
        said = {"paper": paper.kind, "of": paper.day.isoformat(), "sha256": paper.sha256}
        proposed = Choice(
            kind=ChoiceKind.PARENT_PROPOSED,
            target=whose.key.hex(),
            since=now,
            until=now + WAITS,
            by=by,
        )
        act = _act(of.key, "parent-proposed", by, {**said, "reason": reason, "login": login})
        await self.people.choose(of.key, proposed, act=act)

    async def confirm(self, child: PatientKey, parent: PatientKey, *, by: str, login: str) -> None:
        """The parent stands for the child from now on; both parents are told (N8). Raises
        RefusedError where nothing was proposed, and for who proposed it."""
        now = self.clock.now()
        of, whose = await self._both(child, parent, now)
        choices = await self.people.choices(of.key)
        proposed = next((one for one in choices if _waits(one, whose.key, now)), None)
        if proposed is None:
            raise RefusedError("nothing of these two waits to be confirmed")
        if same_person(proposed.by, by):
            raise RefusedError("a second person confirms: this is who proposed it")
        birth = latest_day(of.identity.birth_date)
        others = addressees(of.key, choices, now, birth=birth)
        told = {PatientKey(bytes.fromhex(one.id or "")) for one in others}
        named = Choice(kind=ChoiceKind.PARENT, target=whose.key.hex(), since=now, by="operator")
        done = await self.representatives.represent(
            of.key,
            named,
            proposed,
            act=_act(of.key, "parent-confirmed", by, {"proposed_by": proposed.by, "login": login}),
            then=[notice_of(SHARING, one, now) for one in sorted(told - {of.key} | {whose.key})],
        )
        if not done:
            raise RefusedError("nothing of these two waits to be confirmed")

    async def _both(
        self, child: PatientKey, parent: PatientKey, now: datetime
    ) -> tuple[Person, Person]:
        of, whose = await self.people.person(child), await self.people.person(parent)
        if of is None or whose is None:
            raise RefusedError("one of the two is not known here: gateway person open")
        if not (of.qualified and whose.qualified):
            raise RefusedError("the identity of one of the two is not qualified")
        if not _is_child(of, now) or of.state not in OF_A_CHILD:
            raise RefusedError("the first one is no minor whose space may be activated")
        if _is_child(whose, now) or whose.state is not AccountState.ACTIVE:
            raise RefusedError("the parent must be of age and have activated the own space")
        stands = [_represents(one, whose.key, now) for one in await self.people.choices(of.key)]
        if of.state is AccountState.ACTIVE and any(stands):
            raise RefusedError("this person represents the child already")
        return of, whose  # whom a list named opens nothing until two people say so


def _is_child(person: Person, now: datetime) -> bool:
    return is_minor(latest_day(person.identity.birth_date), now)


def _waits(one: Choice, parent: PatientKey, now: datetime) -> bool:
    mine = one.kind is ChoiceKind.PARENT_PROPOSED and one.target == parent.hex()
    return mine and in_force(one.since, one.until, now)


def _represents(one: Choice, parent: PatientKey, now: datetime) -> bool:
    mine = one.kind in (ChoiceKind.PARENT, ChoiceKind.GUARDIAN) and one.target == parent.hex()
    return mine and in_force(one.since, one.until, now)


def _act(child: PatientKey, action: str, by: str, said: dict[str, object]) -> NewTrace:
    return NewTrace(
        patient=child,
        action=action,
        permitted=True,
        rule=RULE,
        kind="operator",
        actor=by,
        actor_name=by,
        door="command",
        details=orjson.dumps(said),
    )
