"""Services: an application of the catalogue acts for one patient as was agreed (APP-03, APP-06).

What was agreed is a dated fact like any choice; a token lives as long as the fact it was made for.
The launch of SMART is another way to the same fact (`flows.catalogue.launching`); what ends it, or
a part of it, is here for both.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.access.scopes import in_access, scopes_in
from gateway.access.time import in_force, is_minor, of_age_at
from gateway.clock import Ids
from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.act import Fact, Permitted, may_manage, write
from gateway.flows.family.ended import EndedError, about, nothing_left
from gateway.flows.family.givers import gives_still
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.signing_in.standing import is_let_in
from gateway.flows.signing_in.tries import hash_secret
from gateway.mapping.oidc.base64url import base64url
from gateway.ports.people.catalogue import Launches
from gateway.ports.people.services import ServiceTokens
from gateway.records.patients.account import Choice, ChoiceKind, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader, ReaderKind, RecordFacts
from gateway.records.readers.service import Service, ServiceToken

EMPTY: Mapping[str, Service] = {}


class StaleError(RefusedError):
    """The form was shown before what stands now: nothing was written."""

    def __init__(self) -> None:
        super().__init__("What was agreed has changed since this form was shown.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One form: `browser` is the secret of the session that it was shown to, `version` what stood
    then (`version_of`)."""

    browser: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`catalogue` by the id of each service; one that left it opens nothing any more."""

    asking: Asking
    tokens: ServiceTokens
    launches: Launches
    ids: Ids
    catalogue: Mapping[str, Service] = field(default_factory=lambda: EMPTY)

    async def connect(
        self,
        reader: Reader,
        patient: PatientKey,
        service: str,
        scopes: tuple[str, ...],
        *,
        ending: datetime | None = None,
        sent: Sent | None = None,
    ) -> str:
        """The new token, told once; an earlier one dies. A form that is `sent` twice is told the
        same one. Raises DeniedError; RefusedError for no scope, for more than the service asks, or
        for an end in the past; StaleError for a form of before."""
        permitted = await may_manage(self.asking, reader, patient, Manage.CONSENTS)
        known = self.catalogue.get(service)
        if known is None:
            raise DeniedError(NOT_THERE)
        if not scopes or not set(scopes) <= set(known.scopes):
            raise RefusedError("Give at least one of the scopes that the service asks.")
        ending = ending_of(permitted, reader, ending)
        secret = _secret_of(sent, patient, service, scopes, ending) or self.ids.secret()
        choices = await self.asking.people.choices(patient)
        if sent is not None and sent.version != version_of(choices, service):
            if await self._lives(secret, permitted):
                return secret
            raise StaleError
        now = permitted.now
        giver = (reader.id or "") if reader.kind is ReaderKind.REPRESENTATIVE else ""
        await self._drop(permitted.gate.patient, service)
        fact = Fact(ChoiceKind.APPLICATION, service, until=ending, scopes=scopes, giver=giver)
        await write(self.asking, permitted, fact, act="service-connected")
        token = ServiceToken(
            token_hash=hash_secret(secret),
            service=service,
            patient=permitted.gate.patient,
            granted=now,
        )
        await self.tokens.keep(token)
        await self.launches.begin(permitted.gate.patient, service, at=now)
        return secret

    async def _lives(self, secret: str, permitted: Permitted) -> bool:
        """Whether this token was made, of this record, and what it was made for is in force."""
        token = await self.tokens.find(hash_secret(secret))
        if token is None or token.patient != permitted.gate.patient:
            return False
        held = connected(await self.asking.people.choices(token.patient), permitted.now)
        return any((one.target, one.since) == (token.service, token.granted) for one in held)

    async def stop(self, reader: Reader, patient: PatientKey, service: str) -> None:
        """Its tokens die with the fact; DeniedError where it never was connected, EndedError where
        it is no more."""
        permitted = await may_manage(self.asking, reader, patient, Manage.CONSENTS)
        choices = await self.asking.people.choices(patient)
        if not any(one.target == service for one in connected(choices, permitted.now)):
            raise nothing_left(about(choices, service, {ChoiceKind.APPLICATION}), stands=False)
        fact = Fact(ChoiceKind.APPLICATION, service, holds=False)
        await write(self.asking, permitted, fact, act="service-stopped")
        await self._drop(permitted.gate.patient, service)
        await self.launches.forget(permitted.gate.patient, service)

    async def narrow(self, reader: Reader, patient: PatientKey, service: str, scope: str) -> None:
        """Takes one scope back; the last one stops the service. Its tokens die at once; who may
        stay connected gets others, of what is left. Errors as `stop`, and EndedError for a scope
        that is not given."""
        permitted = await may_manage(self.asking, reader, patient, Manage.CONSENTS)
        choices = await self.asking.people.choices(patient)
        held = [one for one in connected(choices, permitted.now) if one.target == service]
        if not held:
            raise nothing_left(about(choices, service, {ChoiceKind.APPLICATION}), stands=False)
        before = held[-1]
        given = scopes_in(before.scopes)
        left = [one for one in given if str(one) != scope]
        if len(left) == len(given):
            raise EndedError
        if not left:
            await self.stop(reader, patient, service)
            return
        scopes = (*in_access(left), *(str(one) for one in left))
        fact = Fact(
            ChoiceKind.APPLICATION, service, until=before.until, scopes=scopes, giver=before.giver
        )
        said = {"taken_back": scope}
        await write(self.asking, permitted, fact, act="service-narrowed", said=said)
        await self.launches.follow(permitted.gate.patient, service, granted=permitted.now)

    async def _drop(self, patient: PatientKey, service: str) -> None:
        await self.tokens.drop(patient, service)
        await self.launches.drop(patient, service)

    async def bearer(self, secret: str) -> Reader | None:
        """Who shows a token that was copied, as ACCESS knows him; None where it opens nothing, or
        no more."""
        token = await self.tokens.find(hash_secret(secret.strip()))
        service = self.catalogue.get(token.service) if token else None
        if token is None or service is None:
            return None
        person = await self.asking.people.person(token.patient)
        now = self.asking.clock.now()
        choices = await self.asking.people.choices(token.patient)
        held = connected(choices, now, person)
        mine = [one for one in held if (one.target, one.since) == (service.id, token.granted)]
        if person is None or not mine or not await is_let_in(self.asking.people, person, now):
            return None
        return Reader(
            kind=ReaderKind.APPLICATION,
            id=service.id,
            name=service.name,
            organisation_name=service.publisher,
            scopes=mine[-1].scopes,
            bound_to=person.key.hex(),
        )


def _secret_of(
    sent: Sent | None,
    patient: PatientKey,
    service: str,
    scopes: tuple[str, ...],
    ending: datetime | None,
) -> str:
    """The token that this very form makes: nobody else can say it, and no later form makes it."""
    if sent is None:
        return ""
    said = (patient.hex(), service, *scopes, ending.isoformat() if ending else "", sent.version)
    made = hmac.new(sent.browser.encode(), "\0".join(said).encode(), hashlib.sha256)
    return base64url(made.digest())


def version_of(choices: list[Choice], service: str) -> str:
    """Changes with whatever is agreed with a service, or ended: how often that was."""
    return str(len(about(choices, service, {ChoiceKind.APPLICATION})))


def connected(choices: list[Choice], now: datetime, person: Person | None = None) -> list[Choice]:
    """What is agreed with services, in force now; of a `person`, by who may still agree to it
    (VAULT APP-09)."""
    return [
        one
        for one in choices
        if one.kind is ChoiceKind.APPLICATION
        and in_force(one.since, one.until, now)
        and (person is None or gives_still(one.giver, person, choices, now))
    ]


def ending_of(permitted: Permitted, reader: Reader, ending: datetime | None) -> datetime | None:
    """When an agreement ends: what a representative gives for a child at its majority, at the
    latest. Raises RefusedError for an end in the past."""
    record, now = permitted.gate.record, permitted.now
    if ending is not None and ending <= now:
        raise RefusedError("The end is in the past.")
    if reader.kind is not ReaderKind.REPRESENTATIVE or not is_minor(record.birth_date, now):
        return ending
    return min(ending or majority(record), majority(record))


def majority(record: RecordFacts) -> datetime:
    """00:00 in Paris of the 18th birthday."""
    return of_age_at(record.birth_date)
