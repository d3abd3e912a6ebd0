"""Sign a person in: identifiant and mot de passe, then a code; or a professional's token.

The same words, tries and time for a person we do not know (VAULT ACC-07, ACC-10). Secrets are
kept as hashes only; a session gets a new id when it rises from password to proved.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from gateway.clock import Clock, Ids
from gateway.flows.signing_in.one_time import (
    PURPOSE,
    code_digest,
    risen_secret,
    spend,
    told_again,
    was_spent,
)
from gateway.flows.signing_in.standing import as_it_stands, is_led_in
from gateway.flows.signing_in.tries import IDLE as IDLE
from gateway.flows.signing_in.tries import LONGEST, count_try, new_session, of_address, of_person
from gateway.flows.signing_in.tries import Ticket as Ticket
from gateway.flows.signing_in.tries import TooManyTriesError as TooManyTriesError
from gateway.flows.signing_in.tries import WrongError as WrongError
from gateway.flows.signing_in.tries import forgery_token as forgery_token
from gateway.flows.signing_in.tries import hash_secret as hash_secret
from gateway.flows.signing_in.tries import subject as subject_of
from gateway.ports.people.people import People, Sessions, Traces
from gateway.ports.tasks import Outbox
from gateway.records.patients.account import Login, NewTrace, Professional, Session, SignedIn
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.tries import Allowance

CODE_VALID = timedelta(minutes=10)
TOUCH_EVERY = timedelta(seconds=30)
RESEND_AFTER = timedelta(seconds=30)
MAX_FIELD_CHARACTERS = 200
SMS_BODY = "Mon espace santé : votre code est {code}. Valable 10 minutes. Ne le donnez à personne."
EMAIL_SUBJECT = "Votre code pour Mon espace santé"


class PasswordHasher(Protocol):
    async def verify(self, password_hash: str | None, password: str) -> bool:
        """False for None, after the same time as for a wrong password."""


class Turns(Protocol):
    def turn(self, subject: str) -> AbstractAsyncContextManager[None]:
        """One at a time for a subject within this process: guesses side by side wait their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where a code goes: channel `sms` or `email`, the address, and how it is shown."""

    channel: str
    address: str
    shown: str


def sent_once(kind: str, value: str) -> Allowance:
    """A code that leaves again after a while only (VAULT ACC-04)."""
    return Allowance(subject=subject_of(kind, value), most=1, window=RESEND_AFTER)


def contact_of(login: Login) -> Contact | None:
    """The mobile first, then the e-mail; masked as « 06 •• •• •• 78 »."""
    if login.mobile:
        digits = "".join(c for c in login.mobile if c.isdigit())
        shown = f"{digits[:2]} •• •• •• {digits[-2:]}"
        return Contact(channel="sms", address=login.mobile, shown=shown)
    if login.email:
        name, _, domain = login.email.partition("@")
        return Contact(channel="email", address=login.email, shown=f"{name[:1]}•••@{domain}")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The verbs of the sign-in pages; `demo_tokens` lets professionals in by a token."""

    people: People
    sessions: Sessions
    traces: Traces
    outbox: Outbox
    hasher: PasswordHasher
    turns: Turns
    clock: Clock
    ids: Ids
    demo_tokens: bool = False

    async def begin(self, login: str, password: str, *, address: str) -> Ticket:
        """Checks the password, sends the code; the session is not proved yet.

        Raises WrongError, TooManyTriesError.
        """
        name = login.strip()[:MAX_FIELD_CHARACTERS]
        whose = of_person("login", name.casefold())
        async with self.turns.turn(whose.subject):
            counted = await count_try(self.sessions, self.clock, whose, of_address(address))
            known = await self.people.login(name)
            right = await self.hasher.verify(known.password_hash if known else None, password)
            if known is None or not right or not await self._active(known.patient):
                await self._failed(known, whose.subject)
                raise WrongError
            await self.sessions.take_back(counted, forget=whose.subject)
        ticket = await self._open(
            SignedIn.PATIENT, known.patient.hex(), proved=False, lasts=CODE_VALID
        )
        sent = subject_of("sent", ticket.session.id_hash.hex())
        await self.sessions.failed(sent, at=self.clock.now())
        await self._send_code(ticket.session, known)
        return ticket

    async def contact(self, session: Session) -> Contact | None:
        """Where the code of a session that is not proved yet went."""
        login = await self._login_of(session)
        return contact_of(login) if login else None

    async def resend(self, session: Session) -> None:
        """Sends a new code, the older one dies. Raises TooManyTriesError within 30 s."""
        await count_try(self.sessions, self.clock, sent_once("sent", session.id_hash.hex()))
        login = await self._login_of(session)
        if login is not None:
            await self._send_code(session, login)

    async def prove(self, session: Session, code: str, *, address: str) -> Ticket:
        """Spends the code and opens a proved session under a new id. The same code from the same
        browser a moment later was sent twice: it is told the same session, and nothing is counted.

        Raises WrongError, TooManyTriesError.
        """
        whose = of_person("otp", session.subject)
        code = "".join(code.split())
        async with self.turns.turn(whose.subject):
            counted = await count_try(self.sessions, self.clock, whose, of_address(address))
            salt = await spend(self.sessions, self.clock, session, code)
            if salt is None:
                spent = await was_spent(self.sessions, self.clock, session.id_hash, code)
                if spent is not None:
                    await self.sessions.take_back(counted)
                    return self._risen(session, code, spent)
                await self._failed(await self._login_of(session), whose.subject)
                raise WrongError
            await self.sessions.take_back(counted, forget=whose.subject)
            ticket, patient = self._risen(session, code, salt), _patient_of(session)
            await self._trace(patient, permitted=True)
            person = await self.people.person(patient)
            await self.sessions.open(as_it_stands(ticket.session, person))
        await self.sessions.close(session.id_hash)
        return ticket

    async def sent_again(self, browser: str, code: str) -> str | None:
        """The secret of the session that this browser's code opened a moment ago, its own being
        over; nothing is opened. A wrong code is the last one that is looked at."""
        return await told_again(self.sessions, self.clock, browser, "".join(code.split()))

    async def professional(self, token: str, *, address: str) -> Ticket:
        """Signs a professional in by the demo's token. Raises WrongError, TooManyTriesError."""
        counted = await count_try(self.sessions, self.clock, of_address(address))
        known = await self.bearer(token) if self.demo_tokens else None
        if known is None:
            raise WrongError
        await self.sessions.take_back(counted)
        return await self._open(SignedIn.PROFESSIONAL, known.id, proved=True, lasts=LONGEST)

    async def identified(self, situations: tuple[Professional, ...]) -> Ticket:
        """A session for whom an identity provider named; proved once one situation is left."""
        who, proved = situations[0].id, len(situations) == 1
        lasts = LONGEST if proved else CODE_VALID
        return await self._open(
            SignedIn.PROFESSIONAL, who, proved=proved, lasts=lasts, told=situations
        )

    async def bearer(self, token: str) -> Professional | None:
        """The professional whose token this is."""
        return await self.people.professional(hash_secret(token.strip()))

    async def visitor(self, secret: str) -> Session | None:
        """The session of a cookie, unless 15 minutes idle or 8 hours old."""
        session = await self.sessions.find(hash_secret(secret))
        if session is None:
            return None
        now = self.clock.now()
        unseen = abs(now - session.seen_at)  # a clock that was ahead prolongs no session
        if now >= session.expires_at or unseen >= IDLE:
            await self.sessions.close(session.id_hash)
            return None
        if unseen >= TOUCH_EVERY:
            await self.sessions.touch(session.id_hash, seen_at=now)
            return replace(session, seen_at=now)
        return session

    async def back_in(self, session: Session) -> Ticket:
        """Whoever opened the own space again is in it, under a new id."""
        ticket = await self._open(SignedIn.PATIENT, session.subject, proved=True, lasts=LONGEST)
        await self.sessions.close(session.id_hash)
        return ticket

    async def leave(self, session: Session) -> None:
        await self.sessions.close(session.id_hash)

    async def shut(self, session: Session) -> None:
        """Ends the session of a patient whose space is not open any more; the try is told in the
        log (VAULT ACC-15)."""
        await self.sessions.close(session.id_hash)
        await self._trace(_patient_of(session), permitted=False)

    async def _failed(self, login: Login | None, subject: str) -> None:
        """Traces; one write for nobody as for somebody, hence the same time."""
        if login is None:
            await self.sessions.failed(subject_of("nobody", subject), at=self.clock.now())
        else:
            await self._trace(login.patient, permitted=False)

    async def _login_of(self, session: Session) -> Login | None:
        return await self.people.login_of(_patient_of(session))

    async def _active(self, patient: PatientKey) -> bool:
        return await is_led_in(self.people, await self.people.person(patient), self.clock.now())

    def _risen(self, session: Session, code: str, salt: bytes) -> Ticket:
        return new_session(
            self.clock,
            risen_secret(session.csrf, code, salt),
            who=SignedIn.PATIENT,
            subject=session.subject,
            proved=True,
            lasts=LONGEST,
        )

    async def _send_code(self, session: Session, login: Login) -> None:
        """The code opens the browser that asked for it, no other."""
        contact = contact_of(login)
        if contact is None:
            return
        now, subject = self.clock.now(), session.id_hash.hex()
        code, salt = self.ids.code(), self.ids.octets(16)
        await self.sessions.keep_code(
            subject,
            PURPOSE,
            salt=salt,
            digest=code_digest(salt, code),
            expires_at=now + CODE_VALID,
        )
        await self.outbox.send(
            channel=contact.channel,
            to=contact.address,
            template="login-code",
            lang="fr",
            subject=EMAIL_SUBJECT if contact.channel == "email" else "",
            body=SMS_BODY.format(code=code),
        )

    async def _open(
        self,
        who: SignedIn,
        subject: str,
        *,
        proved: bool,
        lasts: timedelta,
        told: tuple[Professional, ...] = (),
    ) -> Ticket:
        ticket = new_session(
            self.clock,
            self.ids.secret(),
            who=who,
            subject=subject,
            proved=proved,
            lasts=lasts,
            told=told,
        )
        await self.sessions.open(ticket.session)
        return ticket

    async def _trace(self, patient: PatientKey, *, permitted: bool) -> None:
        """VAULT GEN-06: a sign-in is an act, a refused one too."""
        trace = NewTrace(
            patient=patient,
            action="login",
            permitted=permitted,
            rule="signin",
            kind="patient",
            actor=patient.hex(),
            actor_name="",
        )
        await self.traces.write([trace])


def _patient_of(session: Session) -> PatientKey:
    return PatientKey(bytes.fromhex(session.subject))
