"""« Vaccinations à venir » : each line of the calendar with its state (VAULT VAC-04, VAC-06)."""

from datetime import date

import pytest

from gateway.mapping.prevention.vaccines import Given, Line, State, lines_of
from gateway.mapping.prevention.vaccines.calendar import RULES
from gateway.mapping.prevention.vaccines.valences import VALENCES, obligatory_for

TODAY = date(2026, 11, 23)
LEO = date(2016, 5, 20)
DTP = frozenset({"diphterie", "tetanos", "poliomyelite"})
DTCP = DTP | {"coqueluche"}
HEXA = DTCP | {"hib", "hepatite-b"}
FIRST_DTP = [Given(date(2016, 7, 21), DTP), Given(date(2016, 9, 22), DTP)]


def line(birth: date, given: list[Given], name: str, today: date = TODAY) -> Line:
    return next(one for one in lines_of(birth, given, today) if one.id == name)


def names(birth: date, given: list[Given], today: date = TODAY) -> list[str]:
    return [one.id for one in lines_of(birth, given, today)]


def test_a_line_is_due_from_its_age_to_the_eve_of_the_age_that_ends_it() -> None:
    coming = line(LEO, [], "dtp-11-13-ans")
    assert (coming.opens, coming.closes) == (date(2027, 5, 20), date(2030, 5, 19))
    assert coming.state is State.DUE


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2023, 5, 19), State.DUE),
        (date(2023, 5, 20), State.LATE),
        (date(2027, 5, 19), State.LATE),
    ],
)
def test_a_recorded_series_without_its_next_dose_is_late_from_the_day_after_its_time(
    today: date, state: State
) -> None:
    assert line(LEO, FIRST_DTP, "dtp-6-ans", today).state is state


def test_what_nobody_ever_recorded_is_not_known_and_never_late() -> None:
    states = {one.id: one.state for one in lines_of(LEO, [], TODAY)}
    assert states["dtp-1"] is State.UNKNOWN
    assert State.LATE not in states.values()


def test_doses_make_the_lines_of_a_series_done_in_their_order_even_when_given_late() -> None:
    given = [*FIRST_DTP, Given(date(2018, 1, 2), DTP)]
    assert [line(LEO, given, f"dtp-{dose}").done_on for dose in (1, 2, 3)] == [
        date(2016, 7, 21),
        date(2016, 9, 22),
        date(2018, 1, 2),
    ]


def test_two_lines_of_one_day_are_one_dose() -> None:
    assert line(LEO, [FIRST_DTP[0], FIRST_DTP[0]], "dtp-2").state is State.LATE


def test_a_line_is_done_by_several_vaccines_together_and_says_what_is_missing() -> None:
    birth = date(2019, 3, 1)
    apart = [Given(date(2019, 5, 2), DTCP), Given(date(2019, 5, 2), frozenset({"hib"}))]
    first = line(birth, apart, "hexavalent-1")
    assert first.missing == ("hepatite-b",)
    whole = [*apart, Given(date(2019, 5, 9), frozenset({"hepatite-b"}))]
    assert line(birth, whole, "hexavalent-1").done_on == date(2019, 5, 9)


def test_a_dose_of_the_age_before_does_not_make_a_booster_done() -> None:
    given = [*FIRST_DTP, Given(date(2022, 6, 1), DTCP)]
    assert line(LEO, given, "dtp-6-ans").state is State.DONE
    assert line(LEO, given, "dtp-11-13-ans").state is State.DUE


def test_a_line_of_childhood_is_not_asked_of_an_adult_nor_done_by_a_later_dose() -> None:
    claire = date(1984, 3, 12)
    assert names(claire, [Given(date(2010, 1, 4), DTP)]) == ["dtp-45-ans"]
    assert names(claire, [Given(date(2009, 3, 20), DTCP)]) == ["dtp-25-ans", "dtp-45-ans"]


def test_the_booster_of_65_comes_back_every_ten_years() -> None:
    birth = date(1950, 1, 1)
    again = line(birth, [], "dtp-65-ans-75")
    assert (again.title, again.opens) == ("DTP : rappel de 75 ans", date(2025, 1, 1))
    assert "dtp-65-ans-85" not in names(birth, []), "more than five years ahead"


@pytest.mark.parametrize(
    ("today", "opens", "closes"),
    [
        (date(2026, 11, 23), date(2026, 10, 1), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2026, 10, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 10, 1), date(2028, 1, 31)),
    ],
)
def test_influenza_is_told_for_the_season_that_is_not_over(
    today: date, opens: date, closes: date
) -> None:
    told = line(date(1950, 1, 1), [], "grippe", today)
    assert (told.opens, told.closes, told.state) == (opens, closes, State.DUE)


def test_a_dose_of_last_winter_does_not_make_this_one_done() -> None:
    birth, flu = date(1950, 1, 1), frozenset({"grippe"})
    assert line(birth, [Given(date(2025, 10, 20), flu)], "grippe").state is State.DUE
    assert line(birth, [Given(date(2026, 9, 3), flu)], "grippe").state is State.DONE


@pytest.mark.parametrize(
    ("birth", "first", "last", "count"),
    [
        (date(2017, 12, 31), "diphterie", "poliomyelite", 3),
        (date(2018, 1, 1), "diphterie", "rubeole", 11),
        (date(2024, 12, 31), "diphterie", "rubeole", 11),
        (date(2025, 1, 1), "diphterie", "rubeole", 12),
    ],
)
def test_what_is_obligatory_depends_on_the_day_of_birth(
    birth: date, first: str, last: str, count: int
) -> None:
    asked = obligatory_for(birth)
    assert (asked[0], asked[-1], len(asked)) == (first, last, count)


def test_meningococci_acwy_and_b_take_the_place_of_c_in_2025() -> None:
    new = set(obligatory_for(date(2025, 1, 1))) - set(obligatory_for(date(2024, 12, 31)))
    assert new == {"meningocoques-acwy", "meningocoque-b"}
    assert "meningocoque-c" not in obligatory_for(date(2025, 1, 1))


@pytest.mark.parametrize("birth", [date(2017, 6, 1), date(2020, 6, 1), date(2025, 6, 1)])
def test_the_obligatory_lines_of_the_calendar_are_the_obligatory_valences(birth: date) -> None:
    lines = lines_of(birth, [], date(2025, 7, 1))
    asked = {v for one in lines if one.standing == "obligatoire" for v in one.valences}
    assert asked == set(obligatory_for(birth))


def test_the_calendar_speaks_of_known_valences_in_closed_words() -> None:
    assert {one.standing for one in RULES} == {"obligatoire", "recommandée", "proposée"}
    assert {valence for one in RULES for valence in one.valences} <= set(VALENCES)
    assert len({one.id for one in RULES}) == len(RULES)


def test_somebody_born_on_the_29_of_february_has_lines_on_days_that_exist() -> None:
    opened = line(date(2024, 2, 29), [], "meningocoque-c-2", date(2025, 3, 1))
    assert (opened.opens, opened.closes) == (date(2025, 2, 28), date(2025, 3, 28))
