"""What a school is told of a child's vaccinations (VAULT VAC-05)."""

from datetime import date

import pytest

from gateway.mapping.prevention.vaccines import Given
from gateway.mapping.prevention.vaccines.attestation import Standing, attest

TODAY = date(2026, 9, 3)
LEO = date(2016, 5, 20)
DTP = frozenset({"diphterie", "tetanos", "poliomyelite"})
THREE = [
    Given(date(2016, 7, 21), DTP),
    Given(date(2016, 9, 22), DTP),
    Given(date(2017, 4, 25), DTP),
]


def test_a_child_born_before_2018_is_asked_for_three_valences_with_their_days() -> None:
    told = attest(LEO, [*THREE, Given(date(2017, 6, 1), frozenset({"hpv"}))], TODAY)
    days = tuple(one.day for one in THREE)
    assert told.standing is Standing.UP_TO_DATE
    assert told.valences == (("diphtérie", days), ("tétanos", days), ("poliomyélite", days))


def test_a_missing_dose_of_an_obligatory_line_is_not_up_to_date() -> None:
    assert attest(LEO, THREE[:2], TODAY).standing is Standing.NOT_UP_TO_DATE
    assert attest(LEO, [], TODAY).standing is Standing.NOT_UP_TO_DATE


def test_a_booster_that_is_only_recommended_is_not_asked_for() -> None:
    assert attest(LEO, THREE, date(2030, 9, 3)).standing is Standing.UP_TO_DATE


def test_a_line_of_which_the_time_is_not_over_is_not_missing_yet() -> None:
    birth = date(2026, 7, 1)
    assert attest(birth, [], TODAY).standing is Standing.UP_TO_DATE
    assert attest(birth, [], date(2026, 10, 1)).standing is Standing.NOT_UP_TO_DATE


def test_a_dose_of_tomorrow_counts_for_nothing() -> None:
    assert attest(LEO, THREE, date(2017, 4, 24)).valences[0][1] == (THREE[0].day, THREE[1].day)


@pytest.mark.parametrize(
    ("against", "standing"),
    [
        (DTP, Standing.CONTRAINDICATED),
        ({"tetanos"}, Standing.NOT_UP_TO_DATE),
        ({"grippe"}, Standing.NOT_UP_TO_DATE),
    ],
)
def test_contraindicated_is_said_only_where_it_explains_all_that_is_missing(
    against: set[str], standing: Standing
) -> None:
    assert attest(LEO, THREE[:2], TODAY, contraindicated=against).standing is standing


def test_who_is_up_to_date_needs_no_contraindication() -> None:
    told = attest(LEO, THREE, TODAY, contraindicated=DTP)
    assert told.standing is Standing.UP_TO_DATE
