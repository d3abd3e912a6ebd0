"""Whom an account lets in now: its line of the index, and the day on which a child is one no more.

For a year after the 18th birthday the facts of the record are asked too (`majority`): the chore
that hands a space over writes that down within the day.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from gateway.access.time import of_age_at
from gateway.flows.family.majority import state_at
from gateway.flows.reading.decided.facts import latest_day
from gateway.ports.people.people import People
from gateway.records.patients.account import AccountState, Person, Session, SignedIn
from gateway.records.patients.activation import Aim, Draft

HANDED_OVER_WITHIN = timedelta(days=366)


async def is_let_in(people: People, person: Person | None, now: datetime) -> bool:
    """Only an active space lets its patient in (VAULT section 1), and at each later request; nobody
    comes in by the login of a dead person (DSK-10)."""
    if person is None or person.deceased or person.state is not AccountState.ACTIVE:
        return False
    birth = latest_day(person.identity.birth_date)
    if not timedelta() <= now - of_age_at(birth) < HANDED_OVER_WITHIN:
        return True
    state = state_at(person.state, birth, await people.choices(person.key), now)
    return state is AccountState.ACTIVE


async def is_led_in(people: People, person: Person | None, now: datetime) -> bool:
    """Who may sign in: into the space, or before one that is closed and may be opened again."""
    closed = person is not None and person.state is AccountState.CLOSED and not person.deceased
    return closed or await is_let_in(people, person, now)


def as_it_stands(session: Session, person: Person | None) -> Session:
    """The session of who was identified: of a closed space one that reads nothing."""
    if person is None or person.state is not AccountState.CLOSED:
        return session
    draft = Draft(aim=Aim.CLOSED, patient=person.key.hex())
    return replace(session, who=SignedIn.GUEST, proved=False, draft=draft)
