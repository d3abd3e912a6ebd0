"""Whose document this is: identity against the patient index, and the state of the space."""

from dataclasses import replace

from msgspec import Struct

from gateway.flows.filing.judging.findings import traits_disagree, vault_refusal
from gateway.mapping.datatypes.local_ids import scoped
from gateway.mapping.identity import TEXTS, is_whole_day, same_traits
from gateway.ports.people.people import PatientNames
from gateway.records.documents.document import Document
from gateway.records.intake.filing import Facts, IdentityChange, Intake
from gateway.records.intake.finding import Finding
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.index import DeskWord
from gateway.records.patients.patient import PatientIdentity, PatientKey

OPEN_STATES = frozenset({AccountState.CREATED, AccountState.ACTIVE})
FORGETTING_STATES = frozenset({AccountState.OPPOSED, AccountState.CLOSED, AccountState.ERASING})
IDENTITY_HOLDS = frozenset({"ins-missing", "ins-not-qualified", "traits-missing"})


class Whose(Struct, frozen=True, kw_only=True):
    """The person, or what stands in the way. `waits_for` names what would release a hold.

    `key` is the name under which the document is kept: that of the INS or of the local identifier
    that its sender used. `person` is the record where that name leads today.
    """

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
        found = _by_local_id(intake, identity, facts, names) if may_be_named else None
        if found is None:
            return Whose(waits_for=names_of(identity, names, intake.house))
        key, person = found
    differing = same_traits(person.identity, identity) if person is not None else []
    if differing and intake.desk is not DeskWord.CORRECT:
        waits = names_of(identity, names, intake.house)
        told = traits_disagree(differing, intake.understanding.format)
        return Whose(key=key, findings=(told,), waits_for=waits)
    return Whose(key=key, person=person)


def _held_by_identity(intake: Intake) -> bool:
    """Nothing else holds it: what a person must look at is never settled by a number."""
    return _holding(intake) <= IDENTITY_HOLDS


def _holding(intake: Intake) -> set[str]:
    return {finding.code for finding in intake.understanding.findings if finding.holds}


def _settled_by_index(intake: Intake, identity: PatientIdentity, person: Person | None) -> bool:
    if person is None or not person.qualified:
        return False
    bare = _holding(intake) <= {"traits-missing"} and identity.birth_family is None
    return bare or (intake.released and _held_by_identity(intake))


def _by_local_id(
    intake: Intake, identity: PatientIdentity, facts: Facts, names: PatientNames
) -> tuple[PatientKey, Person] | None:
    """The local identifier that leads to a qualified person, whom the traits name too.

    PID-32 other than VALI is a contrary sign: it waits until the identity is qualified anew.
    """
    if "ins-not-qualified" in _holding(intake) and not intake.released:
        return None
    for name in local_names(identity, names, intake.house):
        person = facts.locals.get(name)
        if person is not None and person.qualified and agrees(identity, person):
            return PatientKey(name), person
    return None


def agrees(identity: PatientIdentity, person: Person) -> bool:
    """Birth name and whole birth date are there and agree, and nothing differs: a mistyped number
    alone must not file a document with somebody else, who may be of the same year."""
    both = (identity, person.identity)
    named = all(one.birth_family and is_whole_day(one.birth_date) for one in both)
    return named and not same_traits(person.identity, identity)


def filled_from(identity: PatientIdentity, known: PatientIdentity) -> PatientIdentity:
    """What this message does not say stays as it is known."""
    missing = {one: getattr(known, one) for one in TEXTS if not getattr(identity, one)}
    every = tuple(dict.fromkeys((*known.other_ids, *identity.other_ids)))
    return replace(identity, **missing, other_ids=every)


def key_of(identity: PatientIdentity, names: PatientNames) -> PatientKey | None:
    if identity.ins and identity.ins_oid:
        return names.patient_key(identity.ins_oid, identity.ins)
    return None


def names_of(identity: PatientIdentity, names: PatientNames, house: str) -> tuple[bytes, ...]:
    """All names that this identity goes by."""
    key = key_of(identity, names)
    own: tuple[bytes, ...] = (key,) if key else ()
    return own + local_names(identity, names, house)


def local_names(identity: PatientIdentity, names: PatientNames, house: str) -> tuple[bytes, ...]:
    """Its local identifiers, hashed; each inside the house that uses it."""
    texts = (scoped(text, house) for text in identity.other_ids)
    return tuple(names.local_key(text) for text in texts)


def space_finding(person: Person | None, form: Format, *, elsewhere: bool) -> Finding | None:
    """None when the record takes deposits."""
    state = person.state if person else AccountState.UNKNOWN
    return None if state in OPEN_STATES else vault_refusal(state, form, elsewhere=elsewhere)


def better_known(identity: PatientIdentity, person: Person | None) -> bool:
    """A qualified identity that the index does not hold as qualified yet."""
    return identity.traits_complete and (person is None or not person.qualified)


def learned(intake: Intake, key: PatientKey, identity: PatientIdentity) -> IdentityChange:
    """From a document with a qualified identity."""
    return IdentityChange(
        key=key,
        identity=identity,
        qualified=True,
        local_ids=tuple(scoped(text, intake.house) for text in identity.other_ids),
    )


def identity_changes(
    intake: Intake, key: PatientKey, document: Document, who: Whose
) -> tuple[IdentityChange, ...]:
    """Two people corrected the index by this document, or it is the first to name this person."""
    corrected = intake.desk is DeskWord.CORRECT and key_is_ins(document)
    if corrected and who.person is not None and who.person.key == key:
        identity = filled_from(document.patient, who.person.identity)
        return (learned(intake, key, identity),)
    if better_known(document.patient, who.person):
        return (learned(intake, key, document.patient),)
    return ()


def key_is_ins(document: Document) -> bool:
    return bool(document.patient.ins and document.patient.ins_oid)
