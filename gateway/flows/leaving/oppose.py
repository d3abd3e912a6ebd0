"""Oppose: code, NIR and serial number, and no login (VAULT ACC-11).

Of a space that waits for its owner it is the opposition; of one that was made meanwhile the same
page leads to its closing. Nothing of the record changes but the state of the account (ACC-12).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.flows.choices.act import may_manage
from gateway.flows.entering.activate import UsedCodeError, demand_fresh
from gateway.flows.entering.entrance import EMAIL, SMS
from gateway.flows.entering.identifying import recognise
from gateway.flows.inviting.end import standing
from gateway.flows.leaving.leave import close
from gateway.flows.leaving.proof import CLOSING, OPPOSITION, Proof, proof_of
from gateway.flows.leaving.room import NOTHING_SAID, Leaving
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.sending.notices.leaving import OPPOSED, notice_of_leaving
from gateway.flows.signing_in.tries import Ticket, WrongError
from gateway.records.patients.account import AccountState, Person, Session
from gateway.records.patients.activation import Activation, Aim, Draft
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader, ReaderKind

GONE = frozenset({AccountState.CLOSED, AccountState.ERASING})
WAITS = frozenset({AccountState.INVITED, AccountState.OPPOSED})


class ClosedError(Exception):
    """Everything was right, and the space is closed already, since `at` where that is known."""

    def __init__(self, at: datetime | None) -> None:
        super().__init__("closed")
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the page asks."""

    code: str
    nir: str
    serial: str


async def identify(leaving: Leaving, said: Said, *, address: str) -> Ticket:
    """A browser on its way: of a space that waited it is opposed by now (`done`), of one that was
    made it may be closed. Raises WrongError, alike for whatever is wrong; OldCodeError,
    UsedCodeError, ClosedError, TooManyTriesError."""
    person, kept = await recognise(
        leaving.entrance, said.nir, said.code, said.serial, act=OPPOSITION, address=address
    )
    person = await standing(leaving.entrance, person)
    draft = Draft(aim=Aim.OPPOSITION, patient=person.key.hex())
    if person.state in GONE:
        raise ClosedError(person.closed_at)
    if person.state is AccountState.ACTIVE:
        raise UsedCodeError(is_active=True)
    if person.state is not AccountState.OPPOSED:
        demand_fresh(leaving.entrance, person, kept)
    if person.state in WAITS:
        await oppose(leaving, reader_of(person.key, kept), person, kept)
        draft = replace(draft, done=True)
    elif person.state is not AccountState.CREATED:
        raise WrongError
    return await leaving.entrance.begin(person.key.hex(), draft)


async def oppose(
    leaving: Leaving,
    reader: Reader,
    person: Person,
    kept: Activation,
    said: Mapping[str, object] = NOTHING_SAID,
) -> Proof:
    """The proof goes to the contact that was known when the code was handed over. A second
    opposition is answered with the first one's. Raises DeniedError, OverError."""
    permitted = await may_manage(leaving.asking, reader, person.key, Manage.OPPOSITION)
    proof = proof_of(OPPOSITION, person.key, person.opposed_at or permitted.now)
    if person.state is not AccountState.OPPOSED:
        proof = proof_of(OPPOSITION, person.key, permitted.now)
    told = notice_of_leaving(
        OPPOSED, person.key, proof.at, reference=proof.reference, to=contact_of(kept)
    )
    act = leaving.entry(permitted, proof, said)
    at = await leaving.departures.oppose(person.key, at=proof.at, act=act, then=[told])
    if at is None:
        raise await leaving.over(person.key)
    return proof_of(OPPOSITION, person.key, at)


def reader_of(patient: PatientKey, kept: Activation | None) -> Reader:
    """Who acts by this code: the person, or the parent of a minor to whom it went."""
    if kept is None or not kept.parent:
        return patient_reader(patient)
    return Reader(kind=ReaderKind.REPRESENTATIVE, id=kept.parent)


def contact_of(kept: Activation) -> tuple[str, str] | None:
    """Where the person is reached who has no login yet."""
    if kept.email:
        return EMAIL, kept.email
    return (SMS, kept.mobile) if kept.mobile else None


async def close_unactivated(leaving: Leaving, session: Session, draft: Draft) -> Proof | None:
    """After the window: the space that nobody activated is closed. None for who is not known any
    more. Raises DeniedError, OverError."""
    person = await leaving.entrance.person_of(draft)
    if person is None or draft.done:
        return None
    kept = await leaving.entrance.activations.handed_over(person.key)
    to = contact_of(kept) if kept else None
    proof = await close(leaving, reader_of(person.key, kept), person.key, to=to)
    await leaving.entrance.go_on(session, replace(draft, done=True))
    return proof


async def proof_for(leaving: Leaving, draft: Draft) -> Proof | None:
    """What this browser may be shown and take away; None where there is nothing of it any more."""
    person = await leaving.entrance.person_of(draft)
    if person is None or not draft.done:
        return None
    if person.state is AccountState.OPPOSED and person.opposed_at is not None:
        return proof_of(OPPOSITION, person.key, person.opposed_at)
    if person.state is AccountState.CLOSED and person.closed_at is not None:
        return proof_of(CLOSING, person.key, person.closed_at)
    return None
