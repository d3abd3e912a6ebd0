"""Contents of « Entourage et volontés », « Mes informations personnelles » (PRO-06 to PRO-08)."""

from datetime import datetime
from enum import StrEnum

from gateway.records.entries.content import EntryContent, first_instant, named_as


class Link(StrEnum):
    """RelatedPerson.relationship, codes of v3-RoleCode; « tuteur » is GUARD."""

    MOTHER = "MTH"
    FATHER = "FTH"
    CHILD = "CHILD"
    SPOUSE = "SPS"
    GUARDIAN = "GUARD"
    OTHER = "O"


class ContactGroup(StrEnum):
    EMERGENCY = "emergency"
    CAREGIVER = "caregiver"
    CARED_FOR = "cared-for"
    PROFESSIONAL = "professional"


class Contact(EntryContent, frozen=True, kw_only=True):
    """PRO-07: being listed gives no access. `profession` in words, of those who care."""

    group: ContactGroup
    name: str
    link: Link | None = None
    phone: str = ""
    other_phone: str = ""
    email: str = ""
    address: str = ""
    profession: str = ""

    def part(self) -> str:
        return self.group.value

    def same(self) -> str:
        return f"{self.group} {named_as(self.name)}"


class TrustedPerson(EntryContent, frozen=True, kw_only=True):
    """`accepted` is the day on which the person agreed."""

    name: str
    link: Link | None = None
    phone: str = ""
    other_phone: str = ""
    email: str = ""
    address: str = ""
    accepted: str = ""


class Directives(EntryContent, frozen=True, kw_only=True):
    """Advance directives, written down and `signed` on that day."""

    text: str
    signed: str = ""

    def happened(self) -> datetime | None:
        return first_instant(self.signed)


class Wish(StrEnum):
    FOR = "for"
    AGAINST = "against"
    SAID_TO_RELATIVES = "said-to-relatives"


class OrganDonation(EntryContent, frozen=True, kw_only=True):
    """What the patient declares: to know the rule, and a wish or none. An opposition is recorded in
    the national register, not here."""

    is_informed: bool
    wish: Wish | None = None


class Language(StrEnum):
    """ISO 639-1; `interpreter` of sign language is LSF."""

    FRENCH = "fr"
    ENGLISH = "en"
    ARABIC = "ar"
    SPANISH = "es"
    PORTUGUESE = "pt"
    TURKISH = "tr"
    SIGN_LANGUAGE = "lsf"
    OTHER = "other"


class AboutMe(EntryContent, frozen=True, kw_only=True):
    """PRO-08: what is the patient's own among « Mes informations personnelles »."""

    language: Language = Language.FRENCH
    easy_to_read: bool = False
    interpreter: bool = False
