"""Whom a held receipt may be about: the people of the index beside what its sender wrote."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.mapping.identity import COMPARED, same_traits
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientIdentity


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody whom a held receipt may be about; a trait is None where one side says nothing."""

    person: Person
    agreement: dict[str, bool | None]


def agreement(person: Person, identity: PatientIdentity) -> dict[str, bool | None]:
    """Trait by trait; None where one side does not say."""
    differing = same_traits(person.identity, identity)
    return {
        name: name not in differing
        if getattr(person.identity, name) and getattr(identity, name)
        else None
        for name in COMPARED
    }


def compared(persons: Iterable[Person], identity: PatientIdentity) -> list[Candidate]:
    """Each of them once, whoever agrees in most traits first."""
    found = {one.key: one for one in persons}
    made = [Candidate(person=p, agreement=agreement(p, identity)) for p in found.values()]
    return sorted(made, key=lambda one: (-_agreeing(one), one.person.key))


def _agreeing(candidate: Candidate) -> int:
    return sum(1 for one in candidate.agreement.values() if one)
