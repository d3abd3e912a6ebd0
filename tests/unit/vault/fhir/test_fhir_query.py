"""A FHIR search as values: what is read, what is refused, and the cursor's laws."""

from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from gateway.records.documents.document import Author, Document, Label
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.vault.fhir.search.pages import cursor_of, sorted_cards, start_of
from gateway.vault.fhir.search.query import (
    MAX_VALUES,
    BadSearchError,
    asks_changes,
    card_matches,
    deep_matches,
    search_of,
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


def test_only_what_hangs_on_changes_asks_when_every_document_changed() -> None:
    told = {"_sort": ["_lastUpdated", "date"], "_lastUpdated": ["ge2026"], "date": ["ge2026"]}
    asked = [search_of([(name, value)]) for name, values in told.items() for value in values]
    assert [asks_changes(one) for one in asked] == [True, False, True, False]


def test_repeated_criteria_all_hold_and_a_comma_is_or() -> None:
    found = search_of([("type", "11502-2,34133-9"), ("type", "34133-9")])
    assert card_matches(card(1, type_code="34133-9"), found)
    assert not card_matches(card(1), found)


@pytest.mark.parametrize("name", ["_id", "type", "author.family", "_lastUpdated"])
def test_a_search_names_so_many_values_and_no_more(name: str) -> None:
    """Each is held against each document: 32,000 stopped the event loop for a minute."""
    value = ",".join(["2020"] * (MAX_VALUES // 2))
    assert len(search_of([(name, value), (name, value)]).wanted) == 2
    with pytest.raises(BadSearchError, match="several searches"):
        search_of([(name, value), (name, value), ("category", "10")])


def test_the_newest_comes_first_and_a_sort_by_date_takes_the_act() -> None:
    cards = [card(1, act="2026-02-01"), card(2, act="2026-01-01")]
    assert [one.id[-1] for one in sorted_cards(cards, "")] == ["2", "1"]
    assert [one.id[-1] for one in sorted_cards(cards, "-date")] == ["1", "2"]
    assert [one.id[-1] for one in sorted_cards(cards, "date")] == ["2", "1"]


@pytest.mark.parametrize(
    ("value", "criteria", "told"),
    [
        ("-date", None, ()),
        ("_lastUpdated", None, ()),
        ("size", None, ("_sort",)),
        ("date,type", None, ("_sort",)),
        ("date", ("type",), ()),
        ("_lastUpdated", ("type",), ("_sort",)),
    ],
)
def test_an_order_that_is_not_given_is_told(
    value: str, criteria: tuple[str, ...] | None, told: tuple[str, ...]
) -> None:
    assert search_of([("_sort", value)], criteria).unknown == told


def test_a_page_begins_after_the_last_card_also_when_a_document_came_meanwhile() -> None:
    cards = sorted_cards([card(number) for number in range(10)], "")
    cursor = cursor_of(cards[:4], 4, NOW)
    grown = sorted_cards([*cards, card(99)], "")
    assert grown[start_of(cursor, grown, NOW)] == cards[4]
    gone = [one for one in cards if one != cards[3]]
    assert gone[start_of(cursor, gone, NOW)] == cards[4]
    assert start_of(cursor, cards[6:], NOW) == 4


def test_a_cursor_that_points_before_the_first_card_is_refused() -> None:
    forged = urlsafe_b64encode(b"x|-5|99999999999").decode()
    with pytest.raises(BadSearchError):
        start_of(forged, [card(1)], NOW)


def test_a_cursor_is_over_after_an_hour() -> None:
    cursor = cursor_of([card(1)], 1, NOW)
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


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("11502-2", True),
        ("http://loinc.org|11502-2", True),
        ("urn:oid:2.16.840.1.113883.6.1|11502-2", True),
        ("http://loinc.org|", True),
        ("34133-9,http://loinc.org|", True),
        ("http://snomed.info/sct|11502-2", False),
        ("http://snomed.info/sct|", False),
        ("|11502-2", False),
        ("|", False),
    ],
)
def test_a_token_is_looked_at_with_its_system(value: str, *, found: bool) -> None:
    assert card_matches(card(1), search_of([("type", value)])) is found


def test_a_category_is_found_by_the_system_as_the_guides_write_it() -> None:
    nos = "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"
    assert card_matches(card(1), search_of([("category", f"{nos}|10")]))
    assert card_matches(card(1), search_of([("category", f"{nos}|")]))


def test_documents_are_found_by_when_they_came() -> None:
    assert card_matches(card(1), search_of([("_lastUpdated", "ge2026-03-12")]))
    assert not card_matches(card(1), search_of([("_lastUpdated", "lt2026-03-12")]))


def test_a_document_that_is_masked_only_is_found_as_normal_as_it_is_shown() -> None:
    one = structs.replace(card(1), codes=("MASQUE_PS",))
    for code in ("N", "MASQUE_PS"):
        assert card_matches(one, search_of([("security-label", code)]))


@pytest.mark.parametrize("name", ["type:not", "status:not", "date:missing", "author.family:exact"])
def test_a_modifier_is_refused_and_never_passed_over(name: str) -> None:
    with pytest.raises(BadSearchError, match="modifier"):
        search_of([(name, "x")])


def test_the_dates_of_coded_contents_are_checked_too() -> None:
    with pytest.raises(BadSearchError):
        search_of([("onset-date", "hier")], ("onset-date",))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("urn:oid:1.2.3|LOG1", True),
        ("LOG1", True),
        ("1.2.3^LOG1", True),
        ("urn:oid:9.9|LOG1", False),
        ("urn:ietf:rfc:3986|urn:oid:1.2.4", True),
        ("1.2.4", True),
        ("http://hospital.example/ids|1.2.4", False),
        ("http://hospital.example/ids|1.2.3^LOG1", False),
        ("|1.2.4", False),
        ("urn:uuid:AAAAAAAA-0000-4000-8000-000000000001", True),
        ("MSG7", True),
        ("http://hospital.example/ids|MSG7", True),
    ],
)
def test_a_document_is_found_by_each_of_its_names(value: str, *, found: bool) -> None:
    names = ("1.2.3^LOG1", "aaaaaaaa-0000-4000-8000-000000000001", "MSG7")
    document = Document(patient=PatientIdentity(), unique_id="1.2.4", identifiers=names)
    shelved = Shelved(card=card(1), document=document, sender="labo")
    assert deep_matches(shelved, search_of([("identifier", value)])) is found


def test_a_document_is_found_by_when_the_act_began_and_ended() -> None:
    document = Document(
        patient=PatientIdentity(), service_start="2026-01-01", service_stop="2026-01-10"
    )
    shelved = Shelved(card=card(1), document=document, sender="labo")
    for asked in (("period", "ge2026-01-05"), ("period-end", "2026-01-10")):
        assert deep_matches(shelved, search_of([asked]))
    assert not deep_matches(shelved, search_of([("period-start", "ge2026-01-05")]))


def test_a_document_is_found_by_the_number_of_an_author() -> None:
    author = Author(kind="person", id="899900000018", id_system="1.2.250.1.71.4.2.1")
    document = Document(patient=PatientIdentity(), authors=(author,))
    shelved = Shelved(card=card(1), document=document, sender="labo")
    for value, found in (("899900000018", True), ("urn:oid:1.2.3|899900000018", False)):
        asked = search_of([("author.identifier", value)])
        assert deep_matches(shelved, asked) is found


OURS = "b" * 32


def finds(document: Document, name: str, value: str) -> bool:
    asked = search_of([(name, value)])
    assert asked.unknown == ()
    return deep_matches(Shelved(card=card(1), document=document, sender="labo"), asked)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ORD-9", True),
        ("urn:oid:1.2.250.1.999.7|ORD-9", True),
        ("1.2.250.1.999.7^ORD-9", True),
        ("x,ORD-9", True),
        ("urn:oid:1.2.250.1.999.8|ORD-9", False),
        ("ORD", False),
    ],
)
@pytest.mark.parametrize("name", ["related", "related:identifier"])
def test_a_document_is_found_by_the_order_it_belongs_to(name: str, value: str, found: bool) -> None:
    document = Document(patient=PatientIdentity(), related=("1.2.250.1.999.7^ORD-9",))
    assert finds(document, name, value) is found
    assert not finds(Document(patient=PatientIdentity()), name, value)


@pytest.mark.parametrize(
    "value", [OURS, f"DocumentReference/{OURS}", f"https://x.example/fhir/DocumentReference/{OURS}"]
)
def test_a_document_is_found_by_the_one_of_ours_that_it_replaces(value: str) -> None:
    assert finds(Document(patient=PatientIdentity(), replaces=OURS), "relatesto", value)
    assert not finds(Document(patient=PatientIdentity(), replaces="c" * 32), "relatesto", value)
    assert not finds(Document(patient=PatientIdentity()), "relatesto", value)


def test_a_document_is_found_by_the_unique_id_that_it_replaces() -> None:
    document = Document(patient=PatientIdentity(), replaces="1.2.3.4")
    for value in ("urn:ietf:rfc:3986|urn:oid:1.2.3.4", "urn:oid:1.2.3.4", "1.2.3.4"):
        assert finds(document, "relatesto:identifier", value)
    assert not finds(document, "relatesto:identifier", "urn:oid:1.2.3.5")


def test_nothing_here_is_archived() -> None:
    assert card_matches(card(1), search_of([("isArchived", "false")]))
    assert not card_matches(card(1), search_of([("isArchived", "true")]))


def test_another_modifier_of_a_relation_is_refused() -> None:
    with pytest.raises(BadSearchError):
        search_of([("related:missing", "true")])
