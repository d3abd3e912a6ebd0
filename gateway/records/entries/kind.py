"""The kinds of entries: a closed list, with what holds for all entries of one (VAULT PRO-11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from gateway.records.entries.around import (
    AboutMe,
    Contact,
    ContactGroup,
    Directives,
    OrganDonation,
    TrustedPerson,
)
from gateway.records.entries.content import EntryContent
from gateway.records.entries.immunization import Immunization
from gateway.records.entries.measure import Measure
from gateway.records.entries.measure_choices import MeasureChoices
from gateway.records.entries.medical import (
    Allergy,
    Condition,
    FamilyHistory,
    Hospitalisation,
    Medication,
)

MEDICAL, MEASURES, VACCINATIONS = "60591-5", "29274-8", "87273-9"
WISHES, HISTORY, DIRECTIVES = "EXPPAT_1", "EXPPAT_2", "EXPPAT_3"
NO_LIMIT: Mapping[str, int] = MappingProxyType({})
MAX_EMERGENCY_CONTACTS = 5


class EntryKind(StrEnum):
    CONDITION = "condition"
    ALLERGY = "allergy"
    MEDICATION = "medication"
    HOSPITALISATION = "hospitalisation"
    FAMILY_HISTORY = "family-history"
    ORGAN_DONATION = "organ-donation"
    DIRECTIVES = "directives"
    TRUSTED_PERSON = "trusted-person"
    CONTACT = "contact"
    ABOUT_ME = "about-me"
    MEASURE = "measure"
    MEASURE_CHOICES = "measure-choices"
    IMMUNIZATION = "immunization"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFacts:
    """`type_code` is what ACCESS calls an entry of this kind, None: no professional reads it.
    `own_type` is what the patient's side deposits and replaces it as, for ACCESS F35 lets it bring
    patient types only. `most` says how many there may be at once, by `EntryContent.part`."""

    content: type[EntryContent]
    type_code: str | None
    own_type: str = HISTORY
    most: Mapping[str, int] = field(default_factory=lambda: NO_LIMIT)


ONE = MappingProxyType({"": 1})
KINDS: Mapping[EntryKind, KindFacts] = {
    EntryKind.CONDITION: KindFacts(content=Condition, type_code=MEDICAL),
    EntryKind.ALLERGY: KindFacts(content=Allergy, type_code=MEDICAL),
    EntryKind.MEDICATION: KindFacts(content=Medication, type_code=MEDICAL),
    EntryKind.HOSPITALISATION: KindFacts(content=Hospitalisation, type_code=MEDICAL),
    EntryKind.FAMILY_HISTORY: KindFacts(content=FamilyHistory, type_code=MEDICAL),
    EntryKind.ORGAN_DONATION: KindFacts(
        content=OrganDonation, type_code=WISHES, own_type=WISHES, most=ONE
    ),
    EntryKind.DIRECTIVES: KindFacts(
        content=Directives, type_code=DIRECTIVES, own_type=DIRECTIVES, most=ONE
    ),
    EntryKind.TRUSTED_PERSON: KindFacts(
        content=TrustedPerson, type_code=WISHES, own_type=WISHES, most=ONE
    ),
    EntryKind.CONTACT: KindFacts(
        content=Contact,
        type_code=None,
        most=MappingProxyType({ContactGroup.EMERGENCY.value: MAX_EMERGENCY_CONTACTS}),
    ),
    EntryKind.ABOUT_ME: KindFacts(content=AboutMe, type_code=None, most=ONE),
    EntryKind.MEASURE: KindFacts(content=Measure, type_code=MEASURES),
    EntryKind.MEASURE_CHOICES: KindFacts(content=MeasureChoices, type_code=None, most=ONE),
    EntryKind.IMMUNIZATION: KindFacts(content=Immunization, type_code=VACCINATIONS),
}
