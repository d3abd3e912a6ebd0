"""A launch: what a person agrees to becomes a dated choice, and a code that is exchanged once.

A code or a token lives no longer than the very choice it was made for. What is shown a second time
has been stolen once: everything of that service for that patient ends (RFC 9700, 4.14).
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.access.scopes import Scope, in_access, scopes_in, still_within
from gateway.access.time import civil_date
from gateway.clock import Ids
from gateway.errors import DeniedError, RefusedError
from gateway.flows.catalogue.asked import OFFLINE, Asked, narrowed
from gateway.flows.catalogue.using import REFUSED
from gateway.flows.choices.act import Fact, may_manage, write
from gateway.flows.family.services import connected, ending_of
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.signing_in.standing import is_let_in
from gateway.flows.signing_in.tries import hash_secret
from gateway.mapping.oidc.base64url import digest
from gateway.ports.people.catalogue import Catalogue, Launches
from gateway.ports.people.reports import Reports
from gateway.ports.people.services import ServiceTokens
from gateway.ports.proving import SpentOnce
from gateway.records.catalogue.files import Listing, ServiceFile, ServiceState, is_listed
from gateway.records.catalogue.launches import LaunchToken, TokenKind
from gateway.records.patients.account import Choice, ChoiceKind, NewTrace, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader, ReaderKind

CODE_LIVES, ACCESS_LIVES = timedelta(seconds=60), timedelta(minutes=5)
REFRESH_LIVES = timedelta(days=366)
"""As long as a service that nobody uses: each use gives another (APP-07)."""
TOKEN, REUSED = "service-token", "service-token-reused"
RULE = "APP-03"
"""By which of our rules a token is given or ended: ACCESS speaks of records."""


class GrantError(RefusedError):
    """`invalid_grant` of RFC 6749, 5.2: the peer is told no more."""

    def __init__(self) -> None:
        super().__init__("this code or token opens nothing")


class ScopeError(RefusedError):
    """`invalid_scope` of RFC 6749, 5.2: more than the patient gave, or nothing of it."""

    def __init__(self) -> None:
        super().__init__("ask for a part of what the patient gave")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a client is handed; `scope` as the standard writes it."""

    access: str
    refresh: str
    scope: str
    patient: PatientKey
    seconds: int = int(ACCESS_LIVES.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Launching:
    asking: Asking
    catalogue: Catalogue
    launches: Launches
    copied: ServiceTokens
    reports: Reports
    ids: Ids
    spent: SpentOnce

    async def listed(self) -> list[Listing]:
        """What the public is shown."""
        today = civil_date(self.asking.clock.now())
        return [one for one in await self.catalogue.listings() if is_listed(one, today)]

    async def service(self, identifier: str) -> Listing:
        """Raises DeniedError for one that is not listed."""
        found = await self.catalogue.listing(identifier)
        if found is None or not is_listed(found, civil_date(self.asking.clock.now())):
            raise DeniedError(NOT_THERE)
        return found

    async def agree(
        self,
        reader: Reader,
        patient: PatientKey,
        file: ServiceFile,
        asked: Asked,
        given: Sequence[Scope],
        *,
        ending: datetime | None = None,
    ) -> str:
        """The code, told once. Raises DeniedError, and RefusedError for nothing given, for more
        than was asked, or for an end in the past."""
        permitted = await may_manage(self.asking, reader, patient, Manage.CONSENTS)
        if not given:
            raise RefusedError("Give at least one of the scopes that the service asks.")
        ending = ending_of(permitted, reader, ending)
        await self._drop(permitted.gate.patient, file.id)
        scopes = (*in_access(given), *(str(one) for one in given))
        giver = (reader.id or "") if reader.kind is ReaderKind.REPRESENTATIVE else ""
        fact = Fact(ChoiceKind.APPLICATION, file.id, until=ending, scopes=scopes, giver=giver)
        said = {"asked": [str(one) for one in asked.scopes], "given": [str(one) for one in given]}
        await write(self.asking, permitted, fact, act="service-connected", said=said)
        await self.launches.begin(permitted.gate.patient, file.id, at=permitted.now)
        return await self._code(permitted.gate.patient, permitted.now, file, asked)

    async def _code(
        self, patient: PatientKey, now: datetime, file: ServiceFile, asked: Asked
    ) -> str:
        secret = self.ids.secret()
        code = LaunchToken(
            token_hash=hash_secret(secret),
            kind=TokenKind.CODE,
            service=file.id,
            patient=patient,
            granted=now,
            made_at=now,
            ends_at=now + CODE_LIVES,
            challenge=asked.challenge,
            redirect=asked.redirect,
            refreshes=asked.offline,
        )
        await self.launches.keep(code)
        return secret

    async def exchange(
        self, file: ServiceFile, code: str, *, redirect: str, verifier: str
    ) -> Given:
        """Raises GrantError. Whatever is wrong with it, a code is spent by being shown."""
        token = await self._spent(file, code, TokenKind.CODE)
        proof = digest(verifier.encode("ascii", "replace"))
        if token.redirect != redirect or not hmac.compare_digest(token.challenge, proof):
            raise GrantError
        return await self._issue(token, refreshes=token.refreshes)

    async def refresh(self, file: ServiceFile, secret: str, scope: str = "") -> Given:
        """Another pair; the former ends. The access token alone is narrowed to `scope`, what comes
        after it may again have all (RFC 6749, 6). Raises GrantError, and ScopeError before
        anything is spent."""
        wanted = await self._narrowed(file, secret, scope) if scope.strip() else ()
        token = await self._spent(file, secret, TokenKind.REFRESH)
        return await self._issue(replace(token, scopes=wanted), refreshes=True)

    async def _narrowed(self, file: ServiceFile, secret: str, scope: str) -> tuple[str, ...]:
        """Raises ScopeError. Of a token that opens nothing, nothing is told: that is the answer of
        who spends it."""
        token = await self.launches.find(hash_secret(secret))
        if token is None or (token.service, token.kind) != (file.id, TokenKind.REFRESH):
            return ()
        _, choice = await self._stands(token)
        if choice is None or self.asking.clock.now() >= token.ends_at:
            return ()
        wanted = narrowed(scope, still_within(choice.scopes, file.scopes))
        if not wanted:
            await self._tell(token.patient, file.id, REFUSED, permitted=False)
            raise ScopeError
        return wanted

    async def _spent(self, file: ServiceFile, secret: str, kind: TokenKind) -> LaunchToken:
        name, now = hash_secret(secret), self.asking.clock.now()
        known = await self.launches.find(name)
        if known is not None and (known.service, known.kind) != (file.id, kind):
            raise GrantError  # another client's, and still that one's
        found = await self.launches.spend(name, at=now)
        if found is None or (found.token.service, found.token.kind) != (file.id, kind):
            raise GrantError
        if found.again:
            await self._drop(found.token.patient, file.id)
            await self._tell(found.token.patient, file.id, REUSED, permitted=False)
            raise GrantError
        if now >= found.token.ends_at:
            raise GrantError
        return found.token

    async def _issue(self, token: LaunchToken, *, refreshes: bool) -> Given:
        found = await self.catalogue.listing(token.service)
        person, choice = await self._stands(token)
        if person is None or choice is None or found is None or not opens(found, token):
            raise GrantError
        access, refresh = self.ids.secret(), self.ids.secret() if refreshes else ""
        first = self._next(token, person, access, TokenKind.ACCESS, ACCESS_LIVES)
        made = [replace(first, scopes=token.scopes)]
        if refresh:
            made.append(self._next(token, person, refresh, TokenKind.REFRESH, REFRESH_LIVES))
        await self.launches.keep(*made)
        await self._tell(person.key, token.service, TOKEN, permitted=True)
        left = _left(choice, found, token)
        scopes = [str(one) for one in scopes_in(left)] + [OFFLINE] * bool(refresh)
        return Given(access=access, refresh=refresh, scope=" ".join(scopes), patient=person.key)

    def _next(
        self, token: LaunchToken, person: Person, secret: str, kind: TokenKind, lives: timedelta
    ) -> LaunchToken:
        now = self.asking.clock.now()
        return LaunchToken(
            token_hash=hash_secret(secret),
            kind=kind,
            service=token.service,
            patient=person.key,
            granted=token.granted,
            made_at=now,
            ends_at=now + lives,
        )

    async def _stands(self, token: LaunchToken) -> tuple[Person | None, Choice | None]:
        """Whose it is and by which choice, while both stand."""
        person = await self.asking.people.person(token.patient)
        now = self.asking.clock.now()
        if person is None or not await is_let_in(self.asking.people, person, now):
            return None, None
        held = connected(await self.asking.people.choices(person.key), now, person)
        mine = [one for one in held if (one.target, one.since) == (token.service, token.granted)]
        return person, mine[-1] if mine else None

    async def bearer(self, secret: str) -> Reader | None:
        """Who shows this access token; None where it opens nothing, or no more. Of a service that
        is suspended or withdrawn it is known, and has no scope left."""
        token = await self.launches.find(hash_secret(secret.strip()))
        now = self.asking.clock.now()
        if token is None or token.kind is not TokenKind.ACCESS or now >= token.ends_at:
            return None
        found = await self.catalogue.listing(token.service)
        person, choice = await self._stands(token)
        if found is None or person is None or choice is None:
            return None
        is_listed_still = found.state is ServiceState.LISTED
        if is_listed_still and not opens(found, token):
            return None
        return Reader(
            kind=ReaderKind.APPLICATION,
            id=token.service,
            name=found.file.name,
            organisation_name=found.file.publisher,
            scopes=_left(choice, found, token) if is_listed_still else (),
            bound_to=person.key.hex(),
        )

    async def revoke(self, file: ServiceFile, secret: str) -> None:
        """RFC 7009: all that came of the same agreement ends; what is unknown is no error."""
        token = await self.launches.find(hash_secret(secret.strip()))
        if token is not None and token.service == file.id:
            await self._drop(token.patient, file.id)

    async def _tell(self, patient: PatientKey, service: str, act: str, *, permitted: bool) -> None:
        """An entry of the log: the name is that of the catalogue, never what a client said."""
        found = await self.catalogue.listing(service)
        trace = NewTrace(
            patient=patient,
            action=act,
            permitted=permitted,
            rule=RULE,
            kind=ReaderKind.APPLICATION,
            actor=service,
            actor_name=found.file.name if found else "",
            organization=found.file.publisher if found else None,
            door="oauth",
        )
        await self.asking.traces.write([trace])

    async def _drop(self, patient: PatientKey, service: str) -> None:
        await self.copied.drop(patient, service)
        await self.launches.drop(patient, service)


def opens(found: Listing, token: LaunchToken) -> bool:
    """Whether the catalogue lets it: what was made before a service was stopped stays dead."""
    if found.state is not ServiceState.LISTED:
        return False
    return found.stopped_at is None or token.made_at > found.stopped_at


def _left(choice: Choice, found: Listing, token: LaunchToken) -> tuple[str, ...]:
    """What was given and may be given still; of a narrowed token, its part of that."""
    left = still_within(choice.scopes, found.file.scopes)
    return still_within(token.scopes, left) if token.scopes else left
