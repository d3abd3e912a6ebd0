"""Open a space: a person known by a qualified identity takes deposits from now on."""

from dataclasses import dataclass

from gateway.errors import RefusedError
from gateway.mapping.identity import identity_findings
from gateway.ports.patient_index import PatientIndex
from gateway.ports.people import PatientNames, Traces
from gateway.records.account import AccountState, NewTrace
from gateway.records.filing import IdentityChange
from gateway.records.finding import Severity
from gateway.records.patient import PatientIdentity, PatientKey, Profile

OPENABLE = frozenset({AccountState.UNKNOWN, AccountState.INVITED, AccountState.ERASED})
"""States that an operator's word leads out of; the others are the person's own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSpace:
    """VAULT section 1, state `created`: deposits are taken, nobody can sign in yet."""

    people: PatientIndex
    names: PatientNames
    traces: Traces
    profile: Profile

    async def __call__(self, identity: PatientIdentity, *, by: str, reason: str) -> PatientKey:
        """Raises RefusedError where the identity is not qualified or the person chose otherwise."""
        self._demand_qualified(identity)
        key = self.names.patient_key(identity.ins_oid or "", identity.ins or "")
        known = await self.people.person(key)
        if known is not None and known.state not in OPENABLE:
            raise RefusedError(f"the space of this person is {known.state.value}: nothing was done")
        if known is not None and known.key != key:
            raise RefusedError("the record of this INS joined another: open the space of that one")
        change = IdentityChange(
            key=key, identity=identity, qualified=True, state=AccountState.CREATED
        )
        await self.people.change_identity(change)
        await self.traces.write([_opening(key, by, reason)])
        return key

    def _demand_qualified(self, identity: PatientIdentity) -> None:
        findings = identity_findings(identity, status=None, profile=self.profile, where="--ins")
        wrong = [f for f in findings if f.holds or f.severity is Severity.ERROR]
        if wrong:
            raise RefusedError(" ".join(finding.message for finding in wrong))


def _opening(key: PatientKey, by: str, reason: str) -> NewTrace:
    return NewTrace(
        patient=key,
        action="opening",
        permitted=True,
        rule="P64",
        kind="operator",
        actor=by,
        actor_name=f"{by} : {reason}",
        door="desk",
    )
