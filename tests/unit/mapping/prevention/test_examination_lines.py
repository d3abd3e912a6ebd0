"""Examinations and vaccinations to have, by age, sex and what was said (AGE-05, AGE-06)."""

from datetime import UTC, date, datetime

import pytest

from gateway.mapping.prevention.examinations import Line, State, lines_of
from gateway.mapping.prevention.examinations.calendar import RULES, SINCE_LAST, reached
from gateway.mapping.prevention.vaccines import Given
from gateway.records.patients.patient import PatientKey
from gateway.records.prevention import Said, Topic

TODAY = date(2026, 11, 23)
FIFTY = date(1976, 11, 23)
LEO = date(2016, 5, 20)
NOBODY = PatientKey(b"n" * 16)
CHILD = [name for name, rule in RULES.items() if rule.kind == "enfant"]


def said(topic: Topic, rule: str, day: date | None = None) -> Said:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Said(patient=NOBODY, topic=topic, rule=rule, day=day, said_at=at)


def done(rule: str, *days: date) -> list[Said]:
    return [said(Topic.DONE, rule, day) for day in days]


def lines(
    birth: date, words: list[Said], rule: str, *, sex: str | None = "F", today: date = TODAY
) -> list[Line]:
    return [one for one in lines_of(birth, sex, words, [], today) if one.rule == rule]


def line(birth: date, words: list[Said], rule: str, today: date = TODAY) -> Line:
    (one,) = lines(birth, words, rule, today=today)
    return one


def test_a_rule_names_its_source_and_ends_no_earlier_than_it_begins() -> None:
    for rule in RULES.values():
        assert rule.source.startswith("VAULT 12")
        assert reached(LEO, rule.from_age) < reached(LEO, rule.to_age) <= reached(LEO, rule.until)
        assert rule.follows == "" or rule.follows in RULES
        assert (rule.every is None) == (rule.after == ""), rule.id


@pytest.mark.parametrize("rule", ["sein", "colorectal"])
def test_screenings_open_on_the_fiftieth_birthday_and_end_on_the_eve_of_the_seventy_fifth(
    rule: str,
) -> None:
    eve = date(2026, 11, 22)
    assert not line(FIFTY, [], rule, today=eve).is_open(eve)
    opened = line(FIFTY, [], rule)
    assert opened.is_open(TODAY)
    assert (opened.opens, opened.closes) == (TODAY, date(2028, 11, 22))
    assert line(FIFTY, [], rule, date(2051, 11, 22)).closes == date(2051, 11, 22)
    assert lines(FIFTY, [], rule, today=date(2051, 11, 23)) == []


def test_a_screening_is_asked_again_so_long_after_it_was_last_done() -> None:
    found = lines(FIFTY, done("sein", date(2027, 3, 1)), "sein", today=date(2028, 12, 1))
    assert [(one.state, one.opens, one.done_on) for one in found] == [
        (State.DONE, date(2026, 11, 23), date(2027, 3, 1)),
        (State.PLANNED, date(2029, 3, 1), None),
    ]


def test_one_done_before_its_age_counts_for_as_long_as_any_other() -> None:
    found = lines(FIFTY, done("sein", date(2026, 1, 10)), "sein", today=date(2027, 6, 1))
    assert [one.opens for one in found if one.state is State.PLANNED] == [date(2028, 1, 10)]


def test_of_a_screening_only_the_period_under_way_is_told_and_none_as_missed() -> None:
    found = lines(FIFTY, [], "sein", today=date(2036, 11, 23))
    assert [(one.opens, one.state) for one in found] == [(date(2036, 11, 23), State.PLANNED)]


def test_what_concerns_one_sex_is_offered_to_whose_sex_nobody_told_and_not_to_the_other() -> None:
    assert lines(FIFTY, [], "sein", sex="M") == []
    assert [one.sex_unknown for one in lines(FIFTY, [], "sein")] == [False]
    for sex in ("U", None, "O"):
        assert [one.sex_unknown for one in lines(FIFTY, [], "sein", sex=sex)] == [True]
    assert not any(one.sex_unknown for one in lines(FIFTY, [], "colorectal", sex=None))


def test_the_second_cytology_is_asked_a_year_after_the_first_and_the_third_at_three_years() -> None:
    birth, today = date(2000, 6, 1), date(2026, 7, 1)
    assert line(birth, [], "col-1", today).state is State.PLANNED
    assert lines(birth, [], "col-2", today=today) == []
    first = done("col-1", date(2025, 9, 1))
    assert line(birth, first, "col-2", today).opens == date(2026, 9, 1)
    second = [*first, *done("col-2", date(2026, 6, 20))]
    later = date(2028, 10, 1)
    assert line(birth, second, "col-3", later).opens == date(2029, 6, 20)
    assert lines(birth, second, "col-3", today=date(2030, 6, 1)) == []
    assert line(birth, second, "col-hpv", date(2030, 6, 1)).is_open(date(2030, 6, 1))


def test_a_child_has_twenty_examinations_before_and_after_the_change_of_2025() -> None:
    asked = [
        {one for one in CHILD if RULES[one].valid[1] is None},
        {one for one in CHILD if RULES[one].valid[0] is None},
    ]
    assert [len(one) for one in asked] == [20, 20]
    assert asked[0] ^ asked[1] == {"enfant-a7", "enfant-m1"}


def test_the_seventh_year_is_asked_from_the_change_on_and_of_nobody_who_is_past_it() -> None:
    change = date(2025, 1, 1)
    assert line(date(2018, 6, 1), [], "enfant-a7", date(2025, 2, 1)).opens == change
    assert lines(LEO, [], "enfant-a7") == []


def test_what_the_new_calendar_asks_no_more_leaves_the_list_unless_it_was_done() -> None:
    birth, before = date(2020, 3, 1), date(2024, 12, 31)
    assert line(birth, [], "enfant-m1", before).state is State.UNKNOWN
    assert lines(birth, [], "enfant-m1") == []
    kept = line(birth, done("enfant-m1", date(2020, 3, 20)), "enfant-m1")
    assert (kept.state, kept.done_on) == (State.DONE, date(2020, 3, 20))


def test_a_period_that_is_over_is_not_known_until_somebody_says_whether_it_was_done() -> None:
    assert line(LEO, [], "enfant-m9").state is State.UNKNOWN
    opened = line(LEO, [], "enfant-m9").opens
    missed = [said(Topic.NOT_DONE, "enfant-m9", opened)]
    assert line(LEO, missed, "enfant-m9").state is State.NOT_DONE
    late = [*missed, *done("enfant-m9", date(2017, 6, 1))]
    assert line(LEO, late, "enfant-m9").state is State.DONE


def test_of_an_adult_no_examination_of_the_child_is_told_but_one_that_was_done() -> None:
    words = done("enfant-m9", date(1977, 8, 1))
    told = [one.rule for one in lines_of(FIFTY, "F", words, [], TODAY) if one.rule in CHILD]
    assert told == ["enfant-m9"]


def test_what_comes_again_at_ages_is_done_in_the_year_in_which_it_was_done() -> None:
    found = lines(LEO, done("mt-dents", date(2026, 9, 1)), "mt-dents")
    assert [(one.opens, one.state) for one in found] == [
        (date(2026, 5, 20), State.DONE),
        (date(2027, 5, 20), State.PLANNED),
    ]
    last = date(2041, 5, 19)
    assert lines(LEO, [], "mt-dents", today=last)[0].closes == last
    assert lines(LEO, [], "mt-dents", today=date(2041, 5, 20)) == []


def test_before_2025_the_dentist_was_every_third_year() -> None:
    found = lines(LEO, [], "mt-dents-avant-2025", today=date(2022, 6, 1))
    assert [one.opens for one in found] == [date(2022, 5, 20)]
    assert lines(LEO, [], "mt-dents-avant-2025", today=date(2023, 6, 1)) == []


def test_each_bilan_is_asked_in_its_years_alone() -> None:
    for age, asked in ((17, []), (18, ["bilan-18-25"]), (44, []), (75, ["bilan-70-75"]), (76, [])):
        today = date(1976 + age, 11, 23)
        found = [one for one in lines_of(FIFTY, "M", [], [], today) if one.kind == "bilan"]
        assert [one.rule for one in found if one.is_open(today)] == asked, age


def test_lines_of_vaccines_stand_beside_in_the_same_states() -> None:
    given = [Given(date(2016, 7, 21), frozenset({"diphterie", "tetanos", "poliomyelite"}))]
    found = {one.rule: one for one in lines_of(LEO, "M", [], given, TODAY)}
    assert found["vaccin-dtp-1"].state is State.DONE
    assert found["vaccin-dtp-2"].state is State.NOT_DONE
    assert found["vaccin-ror-1-avant-2018"].state is State.UNKNOWN
    assert found["vaccin-hpv-1"].state is State.PLANNED
    assert found["vaccin-hpv-1"].from_age.months == 11 * 12


def test_what_nobody_wants_to_hear_of_stays_silent_in_each_of_its_periods() -> None:
    words = [said(Topic.SILENT, "sein"), said(Topic.SILENT, "vaccin-grippe")]
    for today in (TODAY, date(2043, 1, 1)):
        found = lines_of(FIFTY, "F", words, [], today)
        silent = {one.rule for one in found if one.silent}
        assert silent == {one.rule for one in found} & {"sein", "vaccin-grippe"}


def test_every_line_of_a_list_has_a_name_of_its_own() -> None:
    words = [
        *done("sein", date(2027, 3, 1), date(2029, 5, 1)),
        *done("mt-dents", date(2028, 1, 1)),
    ]
    for birth in (FIFTY, LEO, date(2026, 9, 1), date(1950, 2, 28)):
        names = [one.id for one in lines_of(birth, None, words, [], date(2030, 1, 1))]
        assert len(names) == len(set(names))


def test_only_what_counts_from_the_last_one_comes_again_without_ages() -> None:
    again = {one for one, rule in RULES.items() if rule.after == SINCE_LAST}
    assert again == {"sein", "colorectal", "col-hpv"}
