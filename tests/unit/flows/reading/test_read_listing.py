"""Filters, orders and counts of a list."""

from datetime import UTC, datetime

import pytest
from reading_twins import card

from gateway.access.decide import DECISIONS
from gateway.flows.reading.listing import Filters, Sort, fold_words, listing_of, named_by
from gateway.records.documents.document import Label

CARDS = [
    card("a", title="Été", author="Zoé", act_date="2026-01-10", read=True),
    card("b", title="abc", author="Ève", act_date="2026-02-10", by_patient=True),
    card("c", title="Zèbre", author="adam", act_date=None, label=Label.RADIO_SC, results=3),
    card("d", title="Bol", author="Bob", act_date="2025-12", masked_by_patient=True),
]


def ids(filters: Filters) -> str:
    return "".join(one.id for one in listing_of(CARDS, filters, DECISIONS["P01"]).cards)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "cbad"),
        (Filters(sort=Sort.TITLE), "bdac"),
        (Filters(sort=Sort.AUTHOR), "cdba"),
        (Filters(sort=Sort.LABEL), "cbad"),
        (Filters(own=True), "b"),
        (Filters(own=False), "cad"),
        (Filters(masked=True), "d"),
        (Filters(unread=True), "cbd"),
        (Filters(author="eve"), "b"),
        (Filters(since="2026-01-10", until="2026-02-10"), "ba"),
        (Filters(since="2026-02-11"), "c"),
        (Filters(labels=frozenset({Label.RADIO_SC})), "c"),
    ],
)
def test_a_list_is_filtered_and_sorted_as_asked(filters: Filters, expected: str) -> None:
    assert ids(filters) == expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [("2026-03-12", "2026-03-12", "yx"), ("2026-03-11", "2026-03-11", ""), ("2026-12-31", "", "z")],
)
def test_a_period_is_of_days_of_paris_for_acts_and_deposits(
    since: str, until: str, expected: str
) -> None:
    shelf = [
        card("x", act_date="2026-03-11T23:30:00Z"),
        card("y", act_date=None, deposited_at=datetime(2026, 3, 11, 23, 15, tzinfo=UTC)),
        card("z", act_date="2026-12-31T23:30Z"),
    ]
    asked = Filters(since=since, until=until or None)
    found = listing_of(shelf, asked, DECISIONS["P01"])
    assert "".join(one.id for one in found.cards) == expected


def test_the_counts_by_label_are_those_before_the_label_filter() -> None:
    filters = Filters(labels=frozenset({Label.RADIO_SC}))
    listing = listing_of(CARDS, filters, DECISIONS["P01"])
    assert listing.labels == {Label.BIOLOGIE: 3, Label.RADIO_SC: 1}


def test_search_words_lose_case_and_accents_and_are_bounded() -> None:
    assert fold_words("  L'Échographie, ŒDÈME! ") == ["l", "echographie", "œdeme"]
    assert len(fold_words("x " * 100)) == 10
    assert len(fold_words("x" * 1_000)[0]) == 50


def test_words_of_a_search_name_labels_by_their_beginning() -> None:
    assert named_by(["certif", "sport"]) == {Label.CERT_MED: ["sport"]}
    assert named_by(["biologie"]) == {Label.BIOLOGIE: []}
    assert named_by(["kaleidoscope"]) == {}
    assert named_by(["et"]) == {}
    assert named_by(["radio"]) == {Label.RADIO_SC: []}
