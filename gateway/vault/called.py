"""What a person is called on a page and on paper."""

from datetime import datetime

from gateway.records.patients.account import Person
from gateway.vault import words

BORN = {"F": "née", "M": "né"}


def first_name(person: Person | None) -> str:
    if person is None:
        return ""
    identity = person.identity
    return (identity.used_given or identity.birth_given or "").title()


def full_name(person: Person | None) -> str:
    if person is None:
        return ""
    identity = person.identity
    family = identity.used_family or identity.birth_family or ""
    return f"{first_name(person)} {family.upper()}".strip()


def born(person: Person | None) -> str:
    """« née le 12 mars 1984 »; "" where no date is known."""
    if person is None or not person.identity.birth_date:
        return ""
    word = BORN.get(person.identity.sex or "", "né(e)")
    return f"{word} le {words.day(person.identity.birth_date)}"


def paper_head(person: Person | None, now: datetime) -> str:
    """Above every sheet (PAGES section 3): of whom it is, and of which day."""
    whom = ", ".join(part for part in (full_name(person), born(person)) if part)
    return f"{whom} · imprimé le {words.date_of(now)}" if whom else ""
