"""Erase: one operator proposes, another confirms; or the clock, which needs nobody.

One commit destroys the keys and writes the entry of the log of the desk: behind it nobody reads
anything, and the space is `erasing`. The rows follow, a few in each commit, whoever goes on with
it; with the last of them nobody is known, and the receipt is on its way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import orjson
import structlog

from gateway.access.time import in_force
from gateway.clock import Clock, Ids
from gateway.errors import LostKeyError, RefusedError
from gateway.flows.erasing.contact import last_contact
from gateway.flows.erasing.due import (
    ASKED_AT_LEAST,
    CLOSED_AT_LEAST,
    cause_of,
    is_the_clocks,
    last_day,
)
from gateway.flows.erasing.receipt import Place, receipt_task, written
from gateway.flows.identity.propose import same_person
from gateway.ports.people.entering.activations import Activations
from gateway.ports.people.erasures import Erasures, Follows
from gateway.ports.people.people import People
from gateway.records.duration import PARIS
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, NewTrace, Person
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.patient import DESK, PatientKey

log = structlog.get_logger()
WAITS = timedelta(days=30)
RULE = "ACC-17"
ARCHIVE_RULE = "ACC-16"
PROPOSED, ERASED, ENDED = "erasure-proposed", "person-erased", "erasure-ended"
SHOWN = 5
"""Held receipts that are named."""
BEGUN = (
    "the keys of this person are destroyed already: a gateway that runs takes the rows that are"
    " left, and the receipt leaves then"
)
CHANGED = "nothing was done: the space changed meanwhile, or another process erases: look again"


@dataclass(frozen=True, slots=True)
class Erasable:
    """Who may be erased, why, and since when; None where that is when two people saw it."""

    person: Person
    cause: Cause
    since: datetime | None

    @property
    def said_of(self) -> PatientKey:
        """In whose record it is said: nothing is sealed under a key that is lost."""
        return DESK if self.cause is Cause.KEY_LOST else self.person.key

    @property
    def target(self) -> str:
        return self.person.key.hex() if self.cause is Cause.KEY_LOST else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    people: People
    activations: Activations
    erasures: Erasures
    clock: Clock
    ids: Ids

    async def propose(self, patient: PatientKey, *, by: str, login: str, reason: str) -> Person:
        """Nothing is erased yet. Raises RefusedError for who may not be, and while messages wait
        for this person."""
        now = self.clock.now()
        found = await self._may_be(patient, now)
        await self._demand_nothing_held(found.person)
        proposed = Choice(
            kind=ChoiceKind.ERASURE_PROPOSED,
            target=found.target,
            since=now,
            until=now + WAITS,
            by=by,
        )
        said: dict[str, object] = {"cause": found.cause, "reason": reason, "login": login}
        act = _act(found.said_of, PROPOSED, by, said, found.cause)
        await self.people.choose(found.said_of, proposed, act=act)
        return found.person

    async def confirm(
        self, patient: PatientKey, *, by: str, login: str, reason: str = ""
    ) -> Erasure:
        """Nothing of it can be read when this returns, and its rows are gone but for those of which
        `unfinished` tells. Raises RefusedError where nothing was proposed, for who proposed it, and
        as `propose`."""
        now = self.clock.now()
        found = await self._may_be(patient, now)
        choices = await self.people.choices(found.said_of)
        proposed = next((one for one in choices if _waits(one, found, now)), None)
        if proposed is None:
            raise RefusedError("nothing of this person waits to be confirmed")
        if same_person(proposed.by, by):
            raise RefusedError("a second person confirms: this is who proposed it")
        await self._demand_nothing_held(found.person)
        since = found.since or proposed.since
        draft = self._draft(now, found.cause, since, by=by, proposed_by=proposed.by)
        said: dict[str, object] = {"login": login}
        if reason:
            said["reason"] = reason
        done = await self._erase(found.person, draft, said)
        if done is None:
            raise RefusedError(CHANGED)
        await self._finish(done.id)
        return done

    async def resume(self) -> int:
        """Goes on with what a process left midway; of how many the last row is gone."""
        left = await self.erasures.unfinished()
        return sum([await self._finish(one) for one in left])

    async def _finish(self, identifier: str) -> bool:
        """The keys are gone already: what fails here is told, and tried again by `resume`."""
        try:
            return await self.erasures.finish(identifier)
        except Exception:
            log.exception("erasure.unfinished", name=identifier)
            return False

    async def due(self) -> list[Erasure]:
        """What the clock has to do now. One that fails keeps no other from being erased."""
        now, done = self.clock.now(), list[Erasure]()
        found = await self.erasures.due(
            asked_before=now - ASKED_AT_LEAST, closed_before=now - CLOSED_AT_LEAST
        )
        for person in found:
            try:
                done += await self._by_clock(person, now)
            except Exception:
                log.exception("erasure.failed", name=person.key.hex())
        if done:
            log.info("erasure.done", count=len(done))
        return done

    async def _by_clock(self, person: Person, now: datetime) -> Sequence[Erasure]:
        found = cause_of(person, now)
        if found is None or not is_the_clocks(person, now, held=False):
            return ()
        if not is_the_clocks(person, now, held=True) and await self.erasures.held(person.key):
            return ()
        erased = await self._erase(person, self._draft(now, *found), {})
        if erased is None:
            return ()
        await self._finish(erased.id)
        return (erased,)

    def _draft(
        self, now: datetime, cause: Cause, since: datetime, *, by: str = "", proposed_by: str = ""
    ) -> Erasure:
        number = self.ids.identifier()
        return Erasure(id=number, at=now, cause=cause, since=since, by=by, proposed_by=proposed_by)

    async def _erase(
        self, person: Person, draft: Erasure, said: dict[str, object]
    ) -> Erasure | None:
        place = await self._place(person)

        def follows(done: Erasure) -> Follows:
            then = [receipt_task(done, place)] if place is not None else []
            return Follows(acts=[_erased(done, said)], ended=[_ended(done)], then=then)

        return await self.erasures.erase(person, draft, follows=follows)

    async def _place(self, person: Person) -> Place | None:
        """None of one whose key is lost: nobody knows any more where that person is reached."""
        try:
            return await last_contact(self.people, self.activations, person.key, self.clock.now())
        except LostKeyError:
            return None

    async def _may_be(self, patient: PatientKey, now: datetime) -> Erasable:
        lost = await self.erasures.lost(patient)
        if lost is not None:
            return Erasable(lost, Cause.KEY_LOST, None)
        person = await self.people.person(patient)
        if person is None:
            raise RefusedError("nobody is known under this INS")
        found = cause_of(person, now)
        if found is not None:
            return Erasable(person, *found)
        if person.state is AccountState.CLOSED:
            raise RefusedError(
                "the deletion of this space was not asked for, and it was closed less"
                " than ten years ago"
            )
        if person.state is AccountState.ERASING:
            raise RefusedError(BEGUN)
        raise RefusedError(
            f"the space of this person is {person.state.value}: it must be closed"
            " and its deletion asked for"
        )

    async def _demand_nothing_held(self, person: Person) -> None:
        """What is held may be of this person or of somebody else: people look first."""
        held = await self.erasures.held(person.key)
        if not held:
            return
        more = ", …" if len(held) > SHOWN else ""
        until = last_day(person)
        on = (
            f"; the clock erases on {until.astimezone(PARIS):%Y-%m-%d} all the same"
            if until
            else ""
        )
        raise RefusedError(
            f"{len(held)} held messages wait for this person ({', '.join(held[:SHOWN])}{more}):"
            " settle them first with gateway identity, with apart or ends where nothing else fits"
            f"{on}"
        )


def _waits(one: Choice, found: Erasable, now: datetime) -> bool:
    """A word about a closing that was taken back since is none about this one."""
    mine = one.kind is ChoiceKind.ERASURE_PROPOSED and one.target == found.target
    is_of_now = found.since is None or one.since >= found.since
    return mine and is_of_now and in_force(one.since, one.until, now)


def _erased(done: Erasure, said: dict[str, object]) -> NewTrace:
    """In the log of the desk: it names nobody, and holds the hash of the receipt."""
    counts = {
        "documents": len(done.documents),
        "entries": done.entries,
        "messages": done.messages,
        "keys": list(done.keys),
    }
    receipt = sha256(written(done).encode()).hexdigest()
    details = {"erasure": done.id, "cause": done.cause, "receipt": receipt} | counts | said
    if done.proposed_by:
        details["proposed_by"] = done.proposed_by
    return _act(DESK, ERASED, done.by, details, done.cause)


def _ended(done: Erasure) -> NewTrace:
    return _act(DESK, ENDED, "", {"erasure": done.id}, done.cause)


def _act(
    patient: PatientKey, action: str, by: str, said: dict[str, object], cause: Cause
) -> NewTrace:
    return NewTrace(
        patient=patient,
        action=action,
        permitted=True,
        rule=ARCHIVE_RULE if cause is Cause.ARCHIVE else RULE,
        kind="operator" if by else "system",
        actor=by,
        actor_name=by or "Mon espace santé",
        door="command" if by else "",
        details=orjson.dumps(said),
    )
