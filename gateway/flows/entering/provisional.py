"""Provisional codes: made once, read back whatever the case and blanks, kept as a salted hash."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.access.time import is_minor
from gateway.clock import Clock, Ids
from gateway.errors import RefusedError
from gateway.flows.entering.rules import email_of, mobile_of, serial_of
from gateway.flows.log.commanded import commanded
from gateway.flows.reading.decided.facts import latest_day
from gateway.ports.people.entering.activations import Activations
from gateway.ports.people.entering.invitations import Invited
from gateway.ports.people.people import People
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.activation import Activation
from gateway.records.patients.invitation import Invitation, code_end
from gateway.records.patients.patient import PatientKey

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # VAULT ACC-03
CHARACTERS = 8
EVEN = 256 - 256 % len(ALPHABET)
VALID = timedelta(weeks=6)
"""ACC-03: six weeks after a window that is over, or that nobody opened."""
ROUNDS = 20_000
"""A copied table costs this much for each guess, on top of its seal."""
NO_SALT = bytes(16)
WAITING = frozenset(
    {
        AccountState.INVITED,
        AccountState.OPPOSED,
        AccountState.CREATED,
        AccountState.ACTIVE,
        AccountState.CLOSED,
    }
)
"""Who opposed or closed may change his mind (VAULT section 1)."""
ACT = "activation-code"


def code_until(invitation: Invitation | None, now: datetime) -> datetime:
    """Six weeks from now, and not before the code of a window that runs would have ended."""
    ends_at = invitation.ends_at if invitation else None
    return max(now + VALID, code_end(ends_at)) if ends_at and now < ends_at else now + VALID


def new_code(octets: Callable[[int], bytes]) -> str:
    """Eight characters, each as likely as any other."""
    code = ""
    while len(code) < CHARACTERS:
        code += "".join(ALPHABET[one % len(ALPHABET)] for one in octets(CHARACTERS) if one < EVEN)
    return code[:CHARACTERS]


def as_typed(text: str) -> str:
    return "".join(text.split()).replace("-", "").upper()


def digest_of(salt: bytes, code: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", code.encode(errors="replace"), salt, ROUNDS)


def fits(kept: Activation | None, code: str, serial: str) -> bool:
    """Whether both are right; the same work for nobody's."""
    digest = digest_of(kept.salt if kept else NO_SALT, as_typed(code))
    same_code = hmac.compare_digest(digest, kept.digest if kept else digest)
    return is_serial(kept, serial) and same_code


def is_serial(kept: Activation | None, serial: str) -> bool:
    """Whether this is the serial number that the code was handed over with."""
    return hmac.compare_digest(serial, kept.serial if kept else serial) and kept is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """The one time that a code is seen. `replaces`: the person has a login, which ends when the
    code is used."""

    code: str
    expires_at: datetime
    replaces: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """An operator makes the code of a person who is there, or who is written to."""

    people: People
    activations: Activations
    invited: Invited
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        patient: PatientKey,
        *,
        serial: str,
        by: str,
        reason: str,
        email: str = "",
        mobile: str = "",
    ) -> Handed:
        """Raises RefusedError for who has no space to activate, and for what is no serial number,
        e-mail or mobile."""
        now, person = self.clock.now(), await self.people.person(patient)
        if person is None:
            raise RefusedError("nobody is known under this INS: gateway person open")
        _demand_waiting(person, now)
        code, salt = new_code(self.ids.octets), self.ids.octets(16)
        until = code_until(await self.invited.invitation(person.key), now)
        activation = Activation(
            patient=person.key,
            salt=salt,
            digest=digest_of(salt, code),
            serial=_read(serial_of, serial, "the serial number has 8 to 13 digits"),
            made_at=now,
            expires_at=until,
            email=_read(email_of, email, "this is no e-mail address") if email else "",
            mobile=_read(mobile_of, mobile, "this is no mobile number") if mobile else "",
        )
        await self.activations.hand_over(activation, act=_act(activation, by, reason))
        replaces = await self.people.login_of(person.key) is not None
        return Handed(code=code, expires_at=activation.expires_at, replaces=replaces)


def _demand_waiting(person: Person, now: datetime) -> None:
    if not person.qualified:
        raise RefusedError("the identity of this person is not qualified")
    if person.deceased:
        raise RefusedError("the death of this person is recorded (person deceased --mistake)")
    if person.state not in WAITING:
        raise RefusedError(f"the space of this person is {person.state.value}: nothing was done")
    if is_minor(latest_day(person.identity.birth_date), now):
        raise RefusedError("this person is a minor: a legal representative activates the space")


def _read(read: Callable[[str], str | None], said: str, wrong: str) -> str:
    found = read(said)
    if found is None:
        raise RefusedError(wrong)
    return found


def _act(activation: Activation, by: str, reason: str) -> NewTrace:
    """Never the code, nor a contact (VAULT section 1 "Traced")."""
    told = {"email": bool(activation.email), "sms": bool(activation.mobile)}
    said = {"until": activation.expires_at.isoformat(), "contacts": told}
    return commanded(activation.patient, ACT, by=by, reason=reason, said=said)
