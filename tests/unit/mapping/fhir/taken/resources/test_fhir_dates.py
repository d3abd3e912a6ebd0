"""Dates as FHIR writes them, and what becomes of those that are none."""

from dataclasses import replace

import pytest
from fhir_sample import Json, attachment, bundle, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.taken.resources.dates import date_findings
from gateway.mapping.fhir.values import utc
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

WRONG = [
    "yesterday",
    "2020-99-99",
    "2021-02-29",
    "2020-13",
    "0000",
    "20200319",
    "2020-W10-1",
    "2020-W10-1T10:00:00Z",
    "2020-079",
    "2020-03-19T10:17:00",
    "2020-03-19T24:00:00Z",
    "2020-03-19T10:17:00+25:00",
    "2020-03-19 10:17:00Z",
    "0001-01-01T00:00:00+14:00",
    "２０２０",
    "",
]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2020", "2020"),
        ("2020-03", "2020-03"),
        ("2020-02-29", "2020-02-29"),
        ("2020-03-19T10:17:00+01:00", "2020-03-19T09:17:00Z"),
        ("2020-03-19T10:17:00.123456789Z", "2020-03-19T10:17:00.123456Z"),
        ("2020-03-19T10:17:00.1+01:00", "2020-03-19T09:17:00.1Z"),
        ("2020-03-19T10:17+01:00", "2020-03-19T09:17Z"),
        ("2020-03-19T10:17:00123Z", None),
        ("0999-03-19T10:17:00Z", "0999-03-19T10:17:00Z"),
        (None, None),
        (20200319, None),
        *((one, None) for one in WRONG),
    ],
)
def test_a_date_keeps_its_precision_and_a_time_becomes_utc(
    written: object, iso: str | None
) -> None:
    assert utc(written) == iso


def dated(value: object) -> Json:
    return reference(
        date=value,
        context={"period": {"start": value, "end": value}},
        content=[{"attachment": attachment() | {"creation": value}}],
    )


def test_a_date_that_is_none_is_left_out_and_said() -> None:
    answer = understand_fhir(raw(dated("2020-99-99")), DEFAULT_READING)
    [document] = answer.documents
    assert (document.creation_time, document.service_start, document.service_stop) == (None,) * 3
    assert [one.where for one in answer.findings if one.code == "date"] == [
        "DocumentReference.date",
        "DocumentReference.content[0].attachment.creation",
        "DocumentReference.context.period.start",
        "DocumentReference.context.period.end",
    ]
    assert answer.verdict is not Verdict.REFUSE


def test_a_wrong_creation_gives_way_to_the_date() -> None:
    sent = reference(content=[{"attachment": attachment() | {"creation": "yesterday"}}])
    answer = understand_fhir(raw(sent), DEFAULT_READING)
    assert answer.documents[0].creation_time == "2026-01-15T09:15:00Z"
    assert [one.code for one in answer.findings] == ["date"]
    assert answer.verdict is Verdict.ACCEPT
    strict = understand_fhir(raw(sent), replace(DEFAULT_READING, strict=True))
    assert strict.verdict is Verdict.REFUSE


def test_the_date_of_a_submission_set_is_looked_at_too() -> None:
    sent = bundle()
    sent["entry"][0]["resource"]["date"] = "2026-01-32"
    answer = understand_fhir(raw(sent), DEFAULT_READING)
    assert answer.submission is not None
    assert answer.submission.time is None
    assert [one.where for one in answer.findings] == ["Bundle.entry[0].resource.date"]


def test_the_dates_of_a_composition_are_looked_at() -> None:
    event = {"period": {"start": "2020-03-19", "end": "tomorrow"}}
    composition = {"date": "2020-03-19T10:17:00Z", "event": [event]}
    found = list(date_findings(composition, "Composition"))
    assert [one.where for one in found] == ["Composition.event.period.end"]
    assert list(date_findings({"date": "2020"}, "Composition")) == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2017-01-01T00:59:60+01:00", "2016-12-31T23:59:59Z"),
        ("2016-12-31T23:59:61Z", None),
        ("2016-12-31T23:60:00Z", None),
    ],
)
def test_a_leap_second_is_a_time(written: str, told: str | None) -> None:
    assert utc(written) == told
