"""What is archived, in a FHIR search: left out unless it is named (ACCESS section 8, PDSm)."""

from msgspec import structs
from reading_twins import NOW, card

from gateway.vault.fhir.search.query import asks_archived, card_matches, search_of


def test_a_search_by_is_archived_parts_the_two() -> None:
    archived = structs.replace(card("one"), archived_at=NOW)
    for wanted, matches in (("true", True), ("false", False)):
        assert card_matches(archived, search_of([("isArchived", wanted)])) is matches


def test_what_is_archived_is_looked_through_where_a_search_names_what_it_means() -> None:
    for name in ("isArchived", "_id", "identifier"):
        assert asks_archived(search_of([(name, "true")]))
    assert not asks_archived(search_of([("type", "11502-2"), ("status", "current")]))
