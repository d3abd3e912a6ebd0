"""The address of the list to filters, and back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from yarl import URL

from gateway.flows.reading.listing import NO_FILTER, Sort
from gateway.records.documents.document import Label
from gateway.vault.document import listing

FIELDS = ("libelle", "auteur", "du", "au", "ajoute_par", "visibilite", "non_lus", "tri", "q")
values = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["BIOLOGIE", "CPT_REND", "2026-01-01", "oui", "moi", "masques", "archives", "2"]
    ),
)
queries = st.lists(st.tuples(st.sampled_from([*FIELDS, "page", "x"]), values), max_size=12)


def asked(*pairs: tuple[str, str]) -> listing.Asked:
    return listing.asked_of(MultiDict(pairs))


def test_an_empty_address_asks_for_everything() -> None:
    assert asked().filters == NO_FILTER
    assert not asked().active
    assert not asked(("tri", "titre")).active


def test_each_field_becomes_its_filter() -> None:
    one = asked(
        ("libelle", "BIOLOGIE"),
        ("libelle", "CPT_REND"),
        ("auteur", " Roux "),
        ("ajoute_par", "moi"),
        ("visibilite", "masques"),
        ("non_lus", "oui"),
        ("tri", "auteur"),
        ("q", "tsh"),
    )
    assert one.filters.labels == {Label.BIOLOGIE, Label.CPT_REND}
    assert (one.filters.author, one.filters.words) == ("Roux", "tsh")
    assert (one.filters.own, one.filters.masked, one.filters.unread) == (True, True, True)
    assert one.filters.sort is Sort.AUTHOR
    assert one.active


def test_what_is_archived_is_asked_for_or_found_by_words_and_among_what_is_masked() -> None:
    assert asked().filters.archived is False
    assert asked(("visibilite", "archives")).filters.archived is True
    for pair in (("q", "tsh"), ("visibilite", "masques")):
        assert asked(pair).filters.archived is None
    assert "archivés" in listing.sentence(2, asked(("visibilite", "archives")))


def test_an_unknown_value_is_no_filter() -> None:
    one = asked(("libelle", "AUTRE"), ("ajoute_par", "x"), ("visibilite", "x"), ("tri", "x"))
    assert one.filters == NO_FILTER


def test_a_period_backwards_is_an_error_at_the_end_date() -> None:
    assert set(asked(("du", "2026-02-01"), ("au", "2026-01-01")).errors) == {"au"}


def test_pages_never_leave_their_bounds() -> None:
    rows = list(range(51))
    assert listing.page_of(rows, 3) == ([50], 3, 3)
    assert listing.page_of(rows, 99) == ([50], 3, 3)
    assert listing.page_of([], 1) == ([], 1, 1)


@given(queries)
def test_any_address_is_read_and_its_pages_lead_back_to_the_same_filters(
    pairs: list[tuple[str, str]],
) -> None:
    one = asked(*pairs)
    address = listing.page_address("/documents", one, 7)
    query: Any = URL(address).query
    again = listing.asked_of(query)
    assert again.filters == one.filters
    assert again.page == 7
