"""Whose document this is: identity against the patient index, and the state of the space."""

from dataclasses import dataclass

from gateway.flows.filing.findings import traits_disagree, vault_refusal
from gateway.mapping.identity import same_traits
from gateway.ports.people import PatientNames
from gateway.records.account import AccountState, Person
from gateway.records.filing import Facts, IdentityChange, Intake
from gateway.records.finding import Finding
from gateway.records.patient import PatientIdentity, PatientKey

OPEN_STATES = frozenset({AccountState.CREATED, AccountState.ACTIVE})
FORGETTING_STATES = frozenset({AccountState.OPPOSED, AccountState.CLOSED, AccountState.ERASING})
IDENTITY_HOLDS = frozenset({"ins-missing", "ins-not-qualified", "traits-missing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """The person, or what stands in the way. `waits_for` names what would release a hold."""

    key: PatientKey | None = None
    person: Person | None = None
    findings: tuple[Finding, ...] = ()
    waits_for: tuple[bytes, ...] = ()


def whose(
    intake: Intake, identity: PatientIdentity, facts: Facts, names: PatientNames, *, held: bool
) -> Whose:
    """Joins an identity as received with the index (CONTRACT "Qualified identity").

    A held identity is settled by the index alone when it bears a bare INS, or a local identifier,
    that the index holds qualified; a contrary sign of the sender keeps it held until released.
    """
    key = key_of(identity, names)
    person = facts.persons.get(key) if key else None
    if held and not _settled_by_index(intake, identity, person):
        may_be_named = _held_by_identity(intake) and (intake.released or key is None)
        person = _by_local_id(identity, facts, names) if may_be_named else None
        if person is None:
            return Whose(waits_for=names_of(identity, names))
        key = person.key
    if person is not None and (differing := same_traits(person.identity, identity)):
        return Whose(
            key=key,
            findings=(traits_disagree(differing),),
            waits_for=names_of(identity, names),
        )
    return Whose(key=key, person=person)


def _held_by_identity(intake: Intake) -> bool:
    """Nothing else holds it: what a person must look at is never settled by a number."""
    codes = {finding.code for finding in intake.understanding.findings if finding.holds}
    return codes <= IDENTITY_HOLDS


def _settled_by_index(intake: Intake, identity: PatientIdentity, person: Person | None) -> bool:
    if person is None or not person.qualified:
        return False
    codes = {finding.code for finding in intake.understanding.findings if finding.holds}
    bare = codes <= {"traits-missing"} and identity.birth_family is None
    return bare or (intake.released and _held_by_identity(intake))


def _by_local_id(identity: PatientIdentity, facts: Facts, names: PatientNames) -> Person | None:
    for local in identity.other_ids:
        person = facts.locals.get(names.local_key(local))
        if person is not None and person.qualified:
            return person
    return None


def key_of(identity: PatientIdentity, names: PatientNames) -> PatientKey | None:
    if identity.ins and identity.ins_oid:
        return names.patient_key(identity.ins_oid, identity.ins)
    return None


def names_of(identity: PatientIdentity, names: PatientNames) -> tuple[bytes, ...]:
    key = key_of(identity, names)
    own: tuple[bytes, ...] = (key,) if key else ()
    return own + tuple(names.local_key(local) for local in identity.other_ids)


def space_finding(person: Person | None, *, elsewhere: bool) -> Finding | None:
    """None when the record takes deposits."""
    state = person.state if person else AccountState.UNKNOWN
    return None if state in OPEN_STATES else vault_refusal(state, elsewhere=elsewhere)


def better_known(identity: PatientIdentity, person: Person | None) -> bool:
    """A qualified identity that the index does not hold as qualified yet."""
    return identity.traits_complete and (person is None or not person.qualified)


def learned(
    key: PatientKey, identity: PatientIdentity, *, opposed: bool | None = None
) -> IdentityChange:
    return IdentityChange(
        key=key,
        identity=identity,
        qualified=True,
        local_ids=identity.other_ids,
        feeding_opposed=opposed,
    )
