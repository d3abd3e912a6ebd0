"""What may be wrong with an entry (PRO-01)."""

from datetime import UTC, date, datetime

import pytest

from gateway.mapping.entries.faults import Life, tidied
from gateway.mapping.entries.rules import RULES, faults_of
from gateway.records.entries.around import Contact, ContactGroup, TrustedPerson
from gateway.records.entries.content import EntryContent, days_of
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import (
    Allergy,
    Condition,
    FamilyHistory,
    Hospitalisation,
    Medication,
    Relation,
)

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
LIFE = Life(born=date(1984, 5, 12), today=date(2026, 3, 1), now=NOW)


def wrong(kind: EntryKind, content: EntryContent) -> list[str]:
    return [f"{one.field} {one.wrong}" for one in faults_of(kind, content, LIFE)]


def test_every_kind_has_its_rules() -> None:
    assert set(RULES) == set(EntryKind)


@pytest.mark.parametrize(
    ("onset", "said"),
    [
        ("", []),
        ("1984", []),
        ("1984-05", []),
        ("1984-05-11", ["onset before-birth"]),
        ("1983", ["onset before-birth"]),
        ("1984-05-12", []),
        ("2026-03-01", []),
        ("2026-03", []),
        ("2026-03-02", ["onset in-future"]),
        ("2026-04", ["onset in-future"]),
        ("2026-02-30", ["onset not-a-date"]),
        ("12/05/2010", ["onset not-a-date"]),
        ("\uff12\uff10\uff11\uff10", ["onset not-a-date"]),
        ("2010-W01-1", ["onset not-a-date"]),
        ("0000", ["onset not-a-date"]),
    ],
)
def test_a_date_lies_between_birth_and_today(onset: str, said: list[str]) -> None:
    assert wrong(EntryKind.CONDITION, Condition(name="Asthme", onset=onset)) == said


def test_the_end_is_not_before_the_start() -> None:
    stay = Hospitalisation(title="Fracture", admitted="2020-05", discharged="2020-04-30")
    assert wrong(EntryKind.HOSPITALISATION, stay) == ["discharged ends-before"]
    year = Hospitalisation(title="Fracture", admitted="2020-05", discharged="2020")
    assert wrong(EntryKind.HOSPITALISATION, year) == []


def test_the_end_of_a_treatment_may_be_foreseen() -> None:
    taken = Medication(name="Ventoline", start="2026-02-01", end="2026-09-01")
    assert wrong(EntryKind.MEDICATION, taken) == []


def test_a_comment_has_three_thousand_characters_at_most() -> None:
    assert wrong(EntryKind.ALLERGY, Allergy(substance="Pollen", comment="x" * 3_000)) == []
    long = Allergy(substance="x" * 201, comment="x" * 3_001)
    assert set(wrong(EntryKind.ALLERGY, long)) == {"substance too-long", "comment too-long"}


def test_one_of_two_telephones_is_enough() -> None:
    marc = Contact(group=ContactGroup.EMERGENCY, name="Marc")
    assert wrong(EntryKind.CONTACT, marc) == ["phone missing"]
    trusted = TrustedPerson(name="Marc", other_phone="0100000000")
    assert wrong(EntryKind.TRUSTED_PERSON, trusted) == []


def test_no_relative_is_older_than_anybody_was() -> None:
    told = FamilyHistory(relation=Relation.MOTHER, name="Diabète", age=131)
    assert wrong(EntryKind.FAMILY_HISTORY, told) == ["age out-of-range"]


def test_nothing_unprintable_is_kept() -> None:
    said = tidied(Condition(name=" Asthme\x00 ", comment="a\r\nb\x1b\u2028"))
    assert (said.name, said.comment) == ("Asthme", "a\nb")


def test_a_month_ends_with_its_last_day() -> None:
    assert days_of("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert days_of("2024-12") == (date(2024, 12, 1), date(2024, 12, 31))
