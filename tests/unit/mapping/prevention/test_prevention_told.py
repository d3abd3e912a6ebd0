"""When prevention speaks up, and what documents show to have been done (AGE-07, AGE-08)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from shelved_samples import shelved

from gateway.mapping.prevention.examinations import Line, State, lines_of
from gateway.mapping.prevention.examinations.learnt import (
    Learnt,
    may_show,
    proposals_for,
    shown_by,
)
from gateway.mapping.prevention.examinations.told import (
    LOOKED_EVERY,
    due_between,
    is_hour,
    moments_of,
    next_look,
)
from gateway.records.documents.shelved import Shelved
from gateway.records.duration import PARIS, Duration
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.prevention import Said, Topic

FIFTY, TODAY = date(1976, 11, 23), date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)
    return wall.astimezone(UTC)


def period(opens: date, closes: date | None, **said: object) -> Line:
    line = Line("x", "x", "X", "bilan", Duration(), opens, closes, State.PLANNED)
    return line._replace(**said)  # type: ignore[arg-type]


MONTH = period(date(2026, 11, 1), date(2026, 11, 30))


def test_a_period_is_told_of_at_nine_of_its_first_day_and_of_the_day_at_two_thirds() -> None:
    assert moments_of(MONTH) == (at(date(2026, 11, 1), 9), at(date(2026, 11, 21), 9))
    assert moments_of(period(TODAY, None)) == (at(TODAY, 9),)
    assert moments_of(period(TODAY, TODAY)) == (at(TODAY, 9),)


def test_the_change_of_clocks_does_not_move_the_hour() -> None:
    summer = period(date(2026, 10, 24), None)
    winter = period(date(2026, 10, 26), None)
    assert [one.astimezone(UTC).hour for line in (summer, winter) for one in moments_of(line)] == [
        7,
        8,
    ]


@pytest.mark.parametrize(
    ("since", "now", "told"),
    [
        (at(date(2026, 10, 31), 9), at(date(2026, 11, 1), 8, 59), 0),
        (at(date(2026, 10, 31), 9), at(date(2026, 11, 1), 9), 1),
        (at(date(2026, 11, 1), 9), at(date(2026, 11, 20), 12), 0),
        (at(date(2026, 11, 20), 9), at(date(2026, 11, 21), 9), 1),
        (at(date(2026, 11, 21), 9), at(date(2026, 11, 30), 19), 0),
        (at(date(2026, 10, 1), 9), at(date(2026, 11, 25), 9), 1),
        (at(date(2026, 10, 1), 9), at(date(2026, 12, 1), 9), 0),
    ],
)
def test_each_moment_is_told_of_once_two_that_went_by_together_once_and_none_after_the_end(
    since: datetime, now: datetime, told: int
) -> None:
    assert len(due_between([MONTH], since, now)) == told


def test_nothing_is_told_of_what_is_done_or_silenced() -> None:
    since, now = at(date(2026, 10, 1), 9), at(date(2026, 11, 2), 9)
    done = MONTH._replace(state=State.DONE)
    assert due_between([done, MONTH._replace(silent=True)], since, now) == []


@pytest.mark.parametrize(
    ("hour", "minute", "may"), [(8, 59, False), (9, 0, True), (19, 59, True), (20, 0, False)]
)
def test_people_are_told_between_nine_and_twenty(hour: int, minute: int, may: bool) -> None:
    assert is_hour(at(date(2026, 7, 14), hour, minute)) is may
    assert is_hour(at(TODAY, hour, minute)) is may


def test_the_next_look_is_at_the_next_moment_and_no_later_than_in_a_month() -> None:
    now = at(date(2026, 11, 2), 10)
    assert next_look([MONTH], now) == at(date(2026, 11, 21), 9)
    assert next_look([], now) == now + LOOKED_EVERY
    assert next_look([period(date(2027, 5, 1), None)], now) == now + timedelta(days=30)


def paper(title: str, type_code: str, **told: object) -> Shelved:
    one = shelved(
        7,
        title,
        b"",
        owner=PatientIdentity(),
        key=PatientKey(b"n" * 16),
        now=at(TODAY, 9),
        type_code=type_code,
    )
    return replace(one, document=replace(one.document, **told))  # type: ignore[arg-type]


def certificate(format_code: str) -> list[str]:
    one = paper("Certificat de santé", "CERT_DECL", format_code=format_code)
    return [found.rule for found in shown_by(one)]


def test_a_certificate_of_a_childs_health_shows_its_examination() -> None:
    assert certificate("urn:asip:ci-sis:cse-cs8:2017") == ["enfant-j8"]
    assert certificate("urn:asip:ci-sis:cse-cs9:2017") == ["enfant-m9"]
    assert certificate("urn:asip:ci-sis:cse-cs24:2017") == ["enfant-m24"]
    assert certificate("urn:ans:ci-sis:cse-mde:2023") == []


@pytest.mark.parametrize(
    ("title", "acts", "shows"),
    [
        ("Mammographie bilatérale", (), ["sein"]),
        ("Compte rendu", ("QEQK004",), ["sein"]),
        ("Compte rendu", ("ZBQK002",), []),
        ("Radiographie du thorax", (), []),
    ],
)
def test_an_imaging_report_shows_a_mammography_by_its_act_or_its_title(
    title: str, acts: tuple[str, ...], shows: list[str]
) -> None:
    one = paper(title, "18748-4", event_codes=acts)
    assert [found.rule for found in shown_by(one)] == shows
    assert may_show(one.card, ["sein"])
    assert not may_show(one.card, ["enfant-m9"])


SHOWN = Learnt("sein", "d" * 32, date(2026, 12, 1))


def proposed(learnt: Learnt, *said: Said, today: date = date(2027, 1, 10)) -> list[str]:
    lines = lines_of(FIFTY, "F", said, [], today)
    return [one.document for one in proposals_for(lines, [learnt], said, today).values()]


def test_a_document_proposes_to_close_the_period_under_way_until_somebody_answers() -> None:
    key = PatientKey(b"n" * 16)
    done = Said(patient=key, topic=Topic.DONE, rule="sein", day=SHOWN.day, said_at=at(TODAY, 9))
    other = Said(
        patient=key,
        topic=Topic.NOT_THIS,
        rule="sein",
        document=SHOWN.document,
        said_at=at(TODAY, 9),
    )
    assert proposed(SHOWN) == [SHOWN.document]
    assert proposed(SHOWN, done, today=date(2028, 12, 5)) == []
    assert proposed(SHOWN, other) == []


def test_a_document_of_an_earlier_period_or_of_tomorrow_proposes_nothing() -> None:
    assert proposed(SHOWN._replace(day=date(2025, 1, 10))) == []
    assert proposed(SHOWN._replace(day=date(2027, 1, 11))) == []
