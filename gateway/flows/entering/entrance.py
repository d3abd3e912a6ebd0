"""What both ways into a space share: a browser that is on its way, and codes that prove a contact.

A person who is not known goes the same pages with the same words; nothing is sent (ACC-07).
"""

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from gateway.clock import Clock, Ids
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.signing_in.one_time import code_digest
from gateway.flows.signing_in.signin import (
    CODE_VALID,
    EMAIL_SUBJECT,
    SMS_BODY,
    Contact,
    Turns,
    sent_once,
)
from gateway.flows.signing_in.tries import (
    Ticket,
    WrongError,
    count_try,
    new_session,
    of_address,
    of_person,
    subject,
)
from gateway.ports.people.entering.activations import Activations
from gateway.ports.people.entering.invitations import Invited
from gateway.ports.people.people import PatientNames, People, Sessions
from gateway.ports.tasks import Outbox
from gateway.records.patients.account import NewTrace, Person, Session, SignedIn
from gateway.records.patients.activation import Draft
from gateway.records.patients.invitation import OpeningPolicy
from gateway.records.patients.patient import PatientKey

LASTS = timedelta(hours=1)
SMS, EMAIL = "sms", "email"


class Hasher(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password_hash: str | None, password: str) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """`oids` are those under which an INS that is typed alone is looked for."""

    asking: Asking
    activations: Activations
    invited: Invited
    names: PatientNames
    sessions: Sessions
    outbox: Outbox
    hasher: Hasher
    turns: Turns
    ids: Ids
    oids: tuple[str, ...]
    policy: OpeningPolicy = field(default_factory=OpeningPolicy)

    @property
    def people(self) -> People:
        return self.asking.people

    @property
    def clock(self) -> Clock:
        return self.asking.clock

    async def person(self, nir: str) -> Person | None:
        """The same questions to the store, whoever is there."""
        found = [await self.people.person(self.names.patient_key(oid, nir)) for oid in self.oids]
        return next((one for one in found if one is not None), None)

    async def person_of(self, draft: Draft) -> Person | None:
        if not draft.patient:
            return None
        return await self.people.person(PatientKey(bytes.fromhex(draft.patient)))

    async def begin(self, whose: str, draft: Draft) -> Ticket:
        """A browser on its way; `whose` names the person to those who count tries."""
        secret = self.ids.secret()
        ticket = new_session(
            self.clock, secret, who=SignedIn.GUEST, subject=whose, proved=False, lasts=LASTS
        )
        session = replace(ticket.session, draft=draft)
        await self.sessions.open(session)
        return Ticket(secret=secret, session=session)

    async def go_on(self, session: Session, draft: Draft) -> Session:
        """What is said now is kept for the next page."""
        kept = replace(session, draft=draft)
        await self.sessions.change(kept)
        return kept


def awaited(draft: Draft) -> Contact | None:
    """Where the code went that is asked for; None of a person who is not known."""
    channel = draft.to_prove[0] if draft.to_prove else ""
    address = {SMS: draft.mobile, EMAIL: draft.email}.get(channel, "")
    return (
        Contact(channel=channel, address=address, shown=shown(channel, address))
        if address
        else None
    )


def shown(channel: str, address: str) -> str:
    """Masked as « 06 •• •• •• 78 » (VAULT DSK-02)."""
    if channel == SMS:
        return f"{address[:2]} •• •• •• {address[-2:]}"
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"


async def ask(entrance: Entrance, session: Session, draft: Draft) -> Session:
    """Keeps the draft and sends the code of the first contact that it must prove."""
    session = await entrance.go_on(session, draft)
    if draft.to_prove:
        now = entrance.clock.now()
        await entrance.sessions.failed(subject("sent", session.id_hash.hex()), at=now)
        await _send(entrance, session, draft, now)
    return session


async def ask_again(entrance: Entrance, session: Session, draft: Draft) -> None:
    """A new code, the older one dies. Raises TooManyTriesError within 30 s (VAULT ACC-04)."""
    await count_try(entrance.sessions, entrance.clock, sent_once("sent", session.id_hash.hex()))
    await _send(entrance, session, draft, entrance.clock.now())


async def _send(entrance: Entrance, session: Session, draft: Draft, now: datetime) -> None:
    name, contact = session.id_hash.hex(), awaited(draft)
    code, salt = entrance.ids.code(), entrance.ids.octets(16)
    await entrance.sessions.keep_code(
        name,
        _purpose(draft),
        salt=salt,
        digest=code_digest(salt, code),
        expires_at=now + CODE_VALID,
    )
    if contact is None:
        return
    await entrance.outbox.send(
        channel=contact.channel,
        to=contact.address,
        template="contact-code",
        lang="fr",
        subject=EMAIL_SUBJECT if contact.channel == EMAIL else "",
        body=SMS_BODY.format(code=code),
    )


async def prove(
    entrance: Entrance, session: Session, draft: Draft, code: str, *, address: str
) -> Draft:
    """The draft with one contact less to prove. Raises WrongError, TooManyTriesError."""
    whose = of_person("entering", session.subject)
    name, purpose = session.id_hash.hex(), _purpose(draft)
    async with entrance.turns.turn(whose.subject):
        counted = await count_try(entrance.sessions, entrance.clock, whose, of_address(address))
        kept = await entrance.sessions.take_code(name, purpose)
        typed = "".join(code.split())
        right = kept is not None and entrance.clock.now() < kept[2] and awaited(draft) is not None
        if kept is None or not right or not _same(kept, typed):
            await failed(entrance, draft.patient, draft.aim, whose.subject)
            raise WrongError
        if not await entrance.sessions.spend_code(name, purpose):
            raise WrongError
        await entrance.sessions.take_back(counted, forget=whose.subject)
    return replace(draft, to_prove=draft.to_prove[1:])


async def failed(entrance: Entrance, patient: str, act: str, tried: str) -> None:
    """Traces; one write for nobody as for somebody, hence the same time."""
    if not patient:
        await entrance.sessions.failed(subject("nobody", tried), at=entrance.clock.now())
        return
    await entrance.asking.traces.write([_refused(PatientKey(bytes.fromhex(patient)), act)])


def _refused(patient: PatientKey, act: str) -> NewTrace:
    """Of a failure nothing but what was tried: whoever it was is not known."""
    return NewTrace(
        patient=patient,
        action=act,
        permitted=False,
        rule=act,
        kind="patient",
        actor="",
        actor_name="Une personne",
        door="pages",
    )


def _same(kept: tuple[bytes, bytes, datetime], typed: str) -> bool:
    return hmac.compare_digest(code_digest(kept[0], typed), kept[1])


def _purpose(draft: Draft) -> str:
    return f"{draft.aim}:{draft.to_prove[0]}"
