"""A FHIR search as values: what is read, what is refused, and the cursor's laws."""

from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.records.document import Label
from gateway.records.filing import Card, DocumentStatus
from gateway.records.patient import PatientKey
from gateway.vault.fhir.query import (
    BadSearchError,
    card_matches,
    cursor_of,
    search_of,
    sorted_cards,
    start_of,
)

NOW = datetime(2026, 3, 12, tzinfo=UTC)


def card(number: int, *, type_code: str = "11502-2", act: str | None = None) -> Card:
    return Card(
        id=f"{number:032x}",
        patient=PatientKey(b"p" * 16),
        receipt="r",
        status=DocumentStatus.CURRENT,
        type_code=type_code,
        class_code="10",
        label=Label.BIOLOGIE,
        title="",
        author="",
        author_ids=(),
        organization=None,
        organization_name="",
        act_date=act,
        codes=("N",),
        mime_type="text/xml",
        size=1,
        results=0,
        deposited_at=NOW + timedelta(minutes=number),
        hidden_from=None,
        announced_at=None,
        by_patient=False,
    )


def test_a_patient_identifier_is_a_system_and_a_value() -> None:
    found = search_of([("patient.identifier", "urn:oid:1.2|284")])
    assert found.patient_identifier == ("1.2", "284")


@pytest.mark.parametrize("value", ["284", "|284", "urn:oid:1.2|"])
def test_an_identifier_without_a_system_is_refused(value: str) -> None:
    with pytest.raises(BadSearchError):
        search_of([("patient.identifier", value)])


def test_a_count_above_two_hundred_is_cut_and_said() -> None:
    found = search_of([("_count", "201")])
    assert (found.count, found.count_cut) == (200, True)


@pytest.mark.parametrize("value", ["", "-1", "x", "10001", "²", "9" * 400])
def test_a_count_that_is_absurd_is_refused(value: str) -> None:
    with pytest.raises(BadSearchError):
        search_of([("_count", value)])


def test_repeated_criteria_all_hold_and_a_comma_is_or() -> None:
    found = search_of([("type", "11502-2,34133-9"), ("type", "34133-9")])
    assert card_matches(card(1, type_code="34133-9"), found)
    assert not card_matches(card(1), found)


def test_the_newest_comes_first_and_a_sort_by_date_takes_the_act() -> None:
    cards = [card(1, act="2026-02-01"), card(2, act="2026-01-01")]
    assert [one.id[-1] for one in sorted_cards(cards, "")] == ["2", "1"]
    assert [one.id[-1] for one in sorted_cards(cards, "-date")] == ["1", "2"]
    assert [one.id[-1] for one in sorted_cards(cards, "date")] == ["2", "1"]


def test_a_page_begins_after_the_last_card_also_when_a_document_came_meanwhile() -> None:
    cards = sorted_cards([card(number) for number in range(10)], "")
    cursor = cursor_of(cards[3], 4, NOW)
    grown = sorted_cards([*cards, card(99)], "")
    assert grown[start_of(cursor, grown, NOW)] == cards[4]
    gone = [one for one in cards if one != cards[3]]
    assert start_of(cursor, gone, NOW) == 4


def test_a_cursor_that_points_before_the_first_card_is_refused() -> None:
    forged = urlsafe_b64encode(b"x.-5.99999999999").decode()
    with pytest.raises(BadSearchError):
        start_of(forged, [card(1)], NOW)


def test_a_cursor_is_over_after_an_hour() -> None:
    cursor = cursor_of(card(1), 1, NOW)
    with pytest.raises(BadSearchError):
        start_of(cursor, [], NOW + timedelta(hours=1, seconds=1))


@given(st.text(max_size=60))
def test_any_other_cursor_is_refused_in_words(cursor: str) -> None:
    with suppress(BadSearchError):
        assert start_of(cursor, [card(1)], NOW) >= 0


names = st.sampled_from(["patient", "status", "_count", "_sort", "date", "type", "_cursor", "x"])


@given(st.lists(st.tuples(names, st.text(max_size=20)), max_size=8))
def test_any_parameters_are_read_or_refused_in_words(pairs: list[tuple[str, str]]) -> None:
    with suppress(BadSearchError):
        assert search_of(pairs).count <= 200
