"""Coded vaccinations of a document as entries (VAULT VAC-02)."""

from dataclasses import replace

import pytest

from gateway.mapping.prevention.vaccines.proposed import immunizations_in
from gateway.records.documents.fact import Coded, Fact, FactKind, FactStatus, Provenance
from gateway.records.entries.immunization import Immunization

GIVEN = Fact(
    kind=FactKind.IMMUNIZATION,
    what=Coded("60917345", "1.2.250.1.213.2.3.1", "REVAXIS"),
    also=(Coded("J07CA01", "2.16.840.1.113883.6.73", "DTP"),),
    where=Provenance(),
    status=FactStatus.COMPLETED,
    start="2026-03-11T23:30:00Z",
    lot="L-7",
    rank=2,
    performer="Noa FICTIF",
    place="Cabinet fictif",
    comment="Bien supporté",
)


def test_a_vaccine_that_was_given_is_told_whole_on_its_day_in_paris() -> None:
    assert list(immunizations_in([GIVEN])) == [
        Immunization(
            date="2026-03-12",
            vaccine="REVAXIS",
            code="60917345",
            valences=("diphterie", "tetanos", "poliomyelite"),
            dose="dose 2",
            lot="L-7",
            place="Cabinet fictif",
            vaccinator="Noa FICTIF",
            comment="Bien supporté",
        )
    ]


@pytest.mark.parametrize(
    "fact",
    [
        replace(GIVEN, status=FactStatus.INTENDED),
        replace(GIVEN, status=FactStatus.REFUSED),
        replace(GIVEN, negated=True),
        replace(GIVEN, start=None),
        replace(GIVEN, start="bientôt"),
        replace(GIVEN, kind=FactKind.MEDICATION),
    ],
)
def test_a_plan_a_refusal_and_what_has_no_day_are_no_vaccination(fact: Fact) -> None:
    assert list(immunizations_in([fact])) == []


def test_words_of_a_stranger_are_no_longer_than_an_entry_may_have() -> None:
    (one,) = immunizations_in(
        [replace(GIVEN, what=Coded("", "", "x" * 900), lot="y" * 900, comment="z" * 9_000)]
    )
    assert (len(one.vaccine), len(one.lot), len(one.comment)) == (200, 200, 3_000)
