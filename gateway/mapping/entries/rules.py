"""The rules of each kind of entry. A new kind has a line in `RULES`, and a module where it has
more to say than a few lines."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gateway.mapping.entries.faults import (
    Fault,
    Life,
    Wrong,
    dated,
    in_order,
    needed,
    too_long,
)
from gateway.mapping.entries.immunization import immunization
from gateway.mapping.entries.measure import choices, measure
from gateway.records.entries.around import (
    AboutMe,
    Contact,
    Directives,
    OrganDonation,
    TrustedPerson,
)
from gateway.records.entries.content import EntryContent
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import (
    Allergy,
    Condition,
    FamilyHistory,
    Hospitalisation,
    Medication,
)

MAX_DIRECTIVES_CHARACTERS = 20_000
MAX_YEARS = 130
Rule = Callable[[Any, Life], Iterator[Fault]]


def faults_of(kind: EntryKind, content: EntryContent, life: Life) -> tuple[Fault, ...]:
    """All that is wrong with it, one fault a field."""
    found = {one.field: one for one in reversed([*RULES[kind](content, life)])}
    return tuple(reversed(found.values()))


def condition(content: Condition, life: Life) -> Iterator[Fault]:
    yield from needed(content, "name")
    yield from too_long(content)
    yield from dated(content, life, "onset", "abatement")
    yield from in_order(content, "onset", "abatement")


def allergy(content: Allergy, life: Life) -> Iterator[Fault]:
    yield from needed(content, "substance")
    yield from too_long(content)
    yield from dated(content, life, "onset")


def medication(content: Medication, life: Life) -> Iterator[Fault]:
    """The end may be foreseen."""
    yield from needed(content, "name")
    yield from too_long(content, dosage=1_000, effects=1_000)
    yield from dated(content, life, "start")
    yield from (one for one in dated(content, life, "end") if one.wrong is not Wrong.IN_FUTURE)
    yield from in_order(content, "start", "end")


def hospitalisation(content: Hospitalisation, life: Life) -> Iterator[Fault]:
    yield from needed(content, "title")
    yield from too_long(content)
    yield from dated(content, life, "admitted", "discharged")
    yield from in_order(content, "admitted", "discharged")


def family_history(content: FamilyHistory, _life: Life) -> Iterator[Fault]:
    yield from needed(content, "name")
    yield from too_long(content)
    if content.age is not None and not 0 <= content.age <= MAX_YEARS:
        yield Fault("age", Wrong.OUT_OF_RANGE)


def organ_donation(content: OrganDonation, _life: Life) -> Iterator[Fault]:
    yield from needed(content, "is_informed")
    yield from too_long(content)


def directives(content: Directives, life: Life) -> Iterator[Fault]:
    yield from needed(content, "text")
    yield from too_long(content, text=MAX_DIRECTIVES_CHARACTERS)
    yield from dated(content, life, "signed")


def trusted_person(content: TrustedPerson, life: Life) -> Iterator[Fault]:
    yield from needed(content, "name")
    yield from _reached(content)
    yield from too_long(content)
    yield from dated(content, life, "accepted")


def contact(content: Contact, _life: Life) -> Iterator[Fault]:
    yield from needed(content, "name")
    yield from _reached(content)
    yield from too_long(content)


def _reached(content: Contact | TrustedPerson) -> Iterator[Fault]:
    """PRO-07: one of the two telephones."""
    if not content.other_phone:
        yield from needed(content, "phone")


def about_me(content: AboutMe, _life: Life) -> Iterator[Fault]:
    yield from too_long(content)


RULES: Mapping[EntryKind, Rule] = {
    EntryKind.CONDITION: condition,
    EntryKind.ALLERGY: allergy,
    EntryKind.MEDICATION: medication,
    EntryKind.HOSPITALISATION: hospitalisation,
    EntryKind.FAMILY_HISTORY: family_history,
    EntryKind.ORGAN_DONATION: organ_donation,
    EntryKind.DIRECTIVES: directives,
    EntryKind.TRUSTED_PERSON: trusted_person,
    EntryKind.CONTACT: contact,
    EntryKind.ABOUT_ME: about_me,
    EntryKind.MEASURE: measure,
    EntryKind.MEASURE_CHOICES: choices,
    EntryKind.IMMUNIZATION: immunization,
}
