"""Open a space: a person known by a qualified identity takes deposits from now on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.log.commanded import commanded
from gateway.mapping.identity import identity_findings, same_traits
from gateway.ports.people.patient_index import PatientIndex
from gateway.ports.people.people import PatientNames
from gateway.records.duration import PARIS
from gateway.records.intake.filing import IdentityChange
from gateway.records.intake.finding import Finding, Severity
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.patient import PatientIdentity, PatientKey, Profile

OPENABLE = frozenset({AccountState.UNKNOWN, AccountState.INVITED, AccountState.ERASED})
"""States that an operator's word leads out of; the others are the person's own choice."""

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
COG = re.compile(r"[0-9]{5}|2[AB][0-9]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSpace:
    """VAULT section 1, state `created`: deposits are taken, nobody can sign in yet."""

    people: PatientIndex
    names: PatientNames
    clock: Clock
    profile: Profile

    async def __call__(self, identity: PatientIdentity, *, by: str, reason: str) -> PatientKey:
        """Raises RefusedError where the identity is not qualified, where another one is under this
        INS, and where the person chose otherwise."""
        demand_qualified(identity, self.clock.now(), self.profile)
        key = self.names.patient_key(identity.ins_oid or "", identity.ins or "")
        known = await self.people.person(key)
        if known is not None and known.state not in OPENABLE:
            raise RefusedError(f"the space of this person is {known.state.value}: nothing was done")
        if known is not None and known.key != key:
            raise RefusedError("the record of this INS joined another: open the space of that one")
        if known is not None:
            demand_same(known, identity)
            identity = replace(identity, other_ids=known.identity.other_ids)
        change = IdentityChange(
            key=key, identity=identity, qualified=True, state=AccountState.CREATED
        )
        await self.people.change_identity(change, act=_opening(key, by, reason))
        return key

    def warnings(self, identity: PatientIdentity) -> list[str]:
        """What is odd about an identity that is taken all the same, as a wrong key under `test`."""
        found = _findings(identity, self.profile)
        return [one.message for one in found if not _is_wrong(one)]


def demand_qualified(identity: PatientIdentity, now: datetime, profile: Profile) -> None:
    """Raises RefusedError."""
    wrong = [one.message for one in _findings(identity, profile) if _is_wrong(one)]
    wrong += _impossible(identity, now.astimezone(PARIS).date())
    if wrong:
        raise RefusedError(" ".join(wrong))


def _findings(identity: PatientIdentity, profile: Profile) -> list[Finding]:
    return identity_findings(identity, status=None, profile=profile, where="--ins")


def demand_same(known: Person, identity: PatientIdentity) -> None:
    """Raises RefusedError where other traits are qualified under this INS."""
    differing = same_traits(known.identity, identity) if known.qualified else []
    if differing:
        raise RefusedError(f"another identity is qualified under this INS: {' '.join(differing)}")


def _is_wrong(finding: Finding) -> bool:
    return finding.holds or finding.severity is Severity.ERROR


def _impossible(identity: PatientIdentity, today: date) -> Iterator[str]:
    """What is typed wrong: nobody would ever agree with it."""
    if not _is_past_day(identity.birth_date or "", today):
        yield "The birth date is a day of the calendar, today or before: write 1984-03-12."
    if identity.birth_place and not COG.fullmatch(identity.birth_place):
        yield "The birth place is a COG code of five characters, as 75116, 2A004 or 99100."


def _is_past_day(text: str, today: date) -> bool:
    try:
        return ISO_DAY.fullmatch(text) is not None and date.fromisoformat(text) <= today
    except ValueError:
        return False


def _opening(key: PatientKey, by: str, reason: str) -> NewTrace:
    return commanded(key, "opening", by=by, reason=reason)
