"""A login or password that was lost: NIR and birth date, then a code to each contact that the
account knows (VAULT ACC-10), then a new password. Who is not known goes the same way in vain."""

from dataclasses import replace
from datetime import date

from gateway.flows.entering.entrance import EMAIL, SMS, Entrance, ask
from gateway.flows.family.profiles import decide_act
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import PASSWORD
from gateway.flows.signing_in.standing import is_let_in
from gateway.flows.signing_in.tries import Ticket, count_try, of_address, of_person
from gateway.records.patients.account import Login, Session
from gateway.records.patients.activation import Aim, Draft
from gateway.records.readers.access import Manage

ACT = "recovery"
FORMER = 4
"""With the present one: none of the last five may come back (ACC-09)."""
NOBODY = Draft(aim=Aim.RECOVERY, to_prove=(SMS,))


async def begin(entrance: Entrance, nir: str, born: date, *, address: str) -> Ticket:
    """A browser on its way, whoever asks. Raises TooManyTriesError: each time counts, so that
    nobody's telephone rings all day."""
    place = of_address(address, kind="recovery-from")
    await count_try(entrance.sessions, entrance.clock, of_person("recovery", nir), place)
    draft = await _draft(entrance, nir, born)
    whose = entrance.names.patient_key(entrance.oids[0], nir).hex()
    ticket = await entrance.begin(whose, draft)
    await ask(entrance, ticket.session, draft)
    return ticket


async def _draft(entrance: Entrance, nir: str, born: date) -> Draft:
    person = await entrance.person(nir)
    key = person.key if person else entrance.names.patient_key("", nir)
    login = await entrance.people.login_of(key)
    if person is None or login is None or person.identity.birth_date != born.isoformat():
        return NOBODY
    if not await is_let_in(entrance.people, person, entrance.clock.now()):
        return NOBODY
    contacts = ((SMS, login.mobile), (EMAIL, login.email))
    return replace(
        NOBODY,
        patient=person.key.hex(),
        login=login.login,
        mobile=login.mobile or "",
        email=login.email or "",
        to_prove=tuple(channel for channel, known in contacts if known) or (SMS,),
    )


async def login_of(entrance: Entrance, draft: Draft) -> Login | None:
    """Whose password may be changed now: every contact is proved, and the login still the same."""
    person = await entrance.person_of(draft)
    if person is None or draft.to_prove or draft.done:
        return None
    login = await entrance.people.login_of(person.key)
    if login is None or (login.login, login.mobile or "", login.email or "") != (
        draft.login,
        draft.mobile,
        draft.email,
    ):
        return None
    return login


async def is_former(entrance: Entrance, login: Login, password: str) -> bool:
    for one in (login.password_hash, *login.former):
        if await entrance.hasher.verify(one, password):
            return True
    return False


async def finish(entrance: Entrance, session: Session, login: Login, password: str) -> bool:
    """The new password is in force, every open session over, the owner told. False where the
    space is not active any more."""
    gate = await entrance.asking.gate(patient_reader(login.patient), login.patient)
    decision = decide_act(gate, Manage.PASSWORD)
    trace = trace_of(gate, decision, action=ACT, door=entrance.asking.door)
    if not decision.permitted:
        await entrance.asking.traces.write([trace])
        return False
    changed = replace(
        login,
        password_hash=await entrance.hasher.hash(password),
        former=(login.password_hash, *login.former)[:FORMER],
    )
    then = [notice_of(PASSWORD, login.patient, entrance.clock.now())]
    if not await entrance.activations.renew(changed, act=trace, then=then):
        return False
    await entrance.go_on(session, Draft(aim=Aim.RECOVERY, login=login.login, done=True))
    return True
