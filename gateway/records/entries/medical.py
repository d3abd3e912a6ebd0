"""Contents of the medical rubriques (VAULT section 7): illnesses, allergies, medicines, stays in
hospital, what relatives have."""

from datetime import datetime
from enum import StrEnum

from gateway.records.entries.content import EntryContent, first_instant, named_as


class ConditionCategory(StrEnum):
    """« Groupe sanguin » and « Handicaps » stand inside « Maladies et sujets de santé »."""

    CONDITION = "condition"
    BLOOD_GROUP = "blood-group"
    DISABILITY = "disability"


class Condition(EntryContent, frozen=True, kw_only=True):
    """`code` of CIM-10 or SNOMED CT, `system` its URI; `is_ongoing` as the writer says it."""

    name: str
    category: ConditionCategory = ConditionCategory.CONDITION
    code: str | None = None
    system: str | None = None
    onset: str = ""
    abatement: str = ""
    is_ongoing: bool = True

    def happened(self) -> datetime | None:
        return first_instant(self.onset)

    def same(self) -> str:
        return named_as(self.name, self.code)


class AllergyCategory(StrEnum):
    """AllergyIntolerance.category; « autre » has none there."""

    MEDICATION = "medication"
    FOOD = "food"
    OTHER = "other"


class Severity(StrEnum):
    """AllergyIntolerance.reaction.severity."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Allergy(EntryContent, frozen=True, kw_only=True):
    substance: str
    category: AllergyCategory | None = None
    code: str | None = None
    system: str | None = None
    reaction: str = ""
    severity: Severity | None = None
    onset: str = ""

    def happened(self) -> datetime | None:
        return first_instant(self.onset)

    def same(self) -> str:
        return named_as(self.substance, self.code)


class Medication(EntryContent, frozen=True, kw_only=True):
    """`code` is a CIP or CIS; `effects` what the patient feels of it."""

    name: str
    code: str | None = None
    system: str | None = None
    dosage: str = ""
    start: str = ""
    end: str = ""
    reason: str = ""
    effects: str = ""
    prescriber: str = ""

    def happened(self) -> datetime | None:
        return first_instant(self.start)

    def same(self) -> str:
        return f"{named_as(self.name, self.code)} {self.start}"


class Hospitalisation(EntryContent, frozen=True, kw_only=True):
    """A stay or an operation; `act` is a code of the CCAM."""

    title: str
    admitted: str = ""
    discharged: str = ""
    place: str = ""
    act: str = ""

    def happened(self) -> datetime | None:
        return first_instant(self.admitted)

    def same(self) -> str:
        return f"{named_as(self.title)} {self.admitted}"


class Relation(StrEnum):
    """FamilyMemberHistory.relationship, codes of v3-RoleCode."""

    MOTHER = "MTH"
    FATHER = "FTH"
    SISTER = "SIS"
    BROTHER = "BRO"
    DAUGHTER = "DAU"
    SON = "SON"
    MATERNAL_GRANDMOTHER = "MGRMTH"
    MATERNAL_GRANDFATHER = "MGRFTH"
    PATERNAL_GRANDMOTHER = "PGRMTH"
    PATERNAL_GRANDFATHER = "PGRFTH"
    AUNT = "AUNT"
    UNCLE = "UNCLE"
    OTHER = "FAMMEMB"


class FamilyHistory(EntryContent, frozen=True, kw_only=True):
    """`age` in years, of the relative when it began."""

    relation: Relation
    name: str
    code: str | None = None
    system: str | None = None
    age: int | None = None

    def same(self) -> str:
        return f"{self.relation} {named_as(self.name, self.code)}"
