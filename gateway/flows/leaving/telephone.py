"""Acts of the 3422 for a caller (VAULT DSK-04, DSK-05, DSK-07; ACCESS P64): opposition, another
provisional code, closing.

An opposition needs the same three as the page: code, NIR and serial number. The third wrong try
ends the call, and nobody tries again for a quarter of an hour.
"""

from datetime import timedelta

from gateway.flows.choices.act import may_manage
from gateway.flows.entering.activate import demand_fresh
from gateway.flows.entering.entrance import failed
from gateway.flows.entering.provisional import fits
from gateway.flows.entering.renewal import hand_another
from gateway.flows.inviting.end import standing
from gateway.flows.leaving.leave import close
from gateway.flows.leaving.oppose import WAITS, Said, contact_of, oppose
from gateway.flows.leaving.proof import OPPOSITION, Proof
from gateway.flows.leaving.room import Leaving
from gateway.flows.signing_in.tries import TooManyTriesError, WrongError, count_try, subject
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader
from gateway.records.readers.tries import Allowance

MOST = 3
LOCKED = timedelta(minutes=15)
RENEWED = frozenset(
    {AccountState.INVITED, AccountState.OPPOSED, AccountState.CREATED, AccountState.CLOSED}
)
"""Whose code opens a space; who lost the login of an open one goes to `/connexion/oublie`."""
MADE = frozenset({AccountState.CREATED, AccountState.ACTIVE})


async def oppose_for(
    leaving: Leaving, agent: Reader, patient: PatientKey, said: Said, reason: str
) -> Proof:
    """Of the person of this call. Raises WrongError, OldCodeError, UsedCodeError, DeniedError;
    OverError for a space that waits for nobody; TooManyTriesError, which ends the call."""
    entrance = leaving.entrance
    called = subject("3422", patient.hex())
    async with entrance.turns.turn(called):
        allowed = Allowance(subject=called, most=MOST, window=LOCKED)
        counted = await count_try(entrance.sessions, entrance.clock, allowed)
        person = await entrance.person(said.nir)
        kept = await entrance.activations.handed_over(patient)
        ours = person is not None and person.key == patient
        if not fits(kept, said.code, said.serial) or not ours or person is None or kept is None:
            await failed(entrance, patient.hex(), OPPOSITION, called)
            await _end_call(leaving, called)
            raise WrongError
        await entrance.sessions.take_back(counted, forget=called)
    person = await standing(entrance, person)
    if person.state not in WAITS:
        raise await leaving.over(patient)
    if person.state is not AccountState.OPPOSED:
        demand_fresh(entrance, person, kept)
    return await oppose(leaving, agent, person, kept, {"reason": reason})


async def _end_call(leaving: Leaving, called: str) -> None:
    """Raises TooManyTriesError after the last try."""
    now = leaving.clock.now()
    tries = await leaving.entrance.sessions.tries(called, since=now - LOCKED)
    late = [at for at in tries if abs(at - now) < LOCKED]
    if len(late) >= MOST:
        raise TooManyTriesError(late[-MOST] + LOCKED)


async def renew_for(
    leaving: Leaving, agent: Reader, patient: PatientKey, channel: str, reason: str
) -> bool:
    """Another provisional code to the contact that was known with the former one, of a minor the
    parent's; nobody of the desk sees it, or says where it goes. False where no such contact is
    known. Raises DeniedError; OverError for a space that no code opens; TooManyTriesError within
    30 s of the last one."""
    entrance = leaving.entrance
    async with entrance.turns.turn(subject("3422", patient.hex())):
        permitted = await may_manage(leaving.asking, agent, patient, Manage.OPENING)
        person = await leaving.people.person(patient)
        if person is not None:
            person = await standing(entrance, person)
        if person is None or person.state not in RENEWED:
            raise await leaving.over(patient)
        kept = await entrance.activations.handed_over(person.key)
        if kept is None:
            return False
        by = permitted.gate, permitted.decision
        return await hand_another(entrance, by, person, kept, channel, {"reason": reason})


async def close_for(leaving: Leaving, agent: Reader, patient: PatientKey, reason: str) -> Proof:
    """Of a person who cannot go on line. Raises DeniedError, OverError."""
    person = await leaving.people.person(patient)
    if person is None or person.state not in MADE:
        raise await leaving.over(patient)
    kept = await leaving.entrance.activations.handed_over(patient)
    has_login = await leaving.people.login_of(patient) is not None
    to = contact_of(kept) if kept and not has_login else None
    return await close(leaving, agent, patient, to=to, said={"reason": reason})
