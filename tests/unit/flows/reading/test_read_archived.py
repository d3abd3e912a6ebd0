"""What is archived counts as current and stays out of default lists (ACCESS section 8)."""

import json

from reading_twins import ANNE, HOLDER, NOW, card, house_of

from gateway.flows.choices.documents.several import every_document
from gateway.flows.reading.listing import Filters
from gateway.flows.reading.xds.sets import sets_of
from gateway.records.documents.deposited import Deposited
from gateway.records.documents.document import Label

FOUND = Filters(words="ferritine", archived=None)


async def test_a_default_list_and_its_counts_leave_out_what_is_archived() -> None:
    house = house_of(card("new"), card("old", archived_at=NOW))
    for listing in (
        await house.read.list_documents(HOLDER, ANNE),
        await house.read.search(HOLDER, ANNE, Filters(author="laboratoire")),
    ):
        assert [one.id for one in listing.cards] == ["new"]
        assert listing.labels == {Label.BIOLOGIE: 1}
    assert json.loads(house.traces.written[0].kept)["rules"] == {"P01": ["new"]}


async def test_who_asks_for_what_is_archived_finds_it_and_its_counts() -> None:
    house = house_of(card("new"), card("old", archived_at=NOW))
    asked = await house.read.search(HOLDER, ANNE, Filters(archived=True))
    assert ([one.id for one in asked.cards], asked.labels) == (["old"], {Label.BIOLOGIE: 1})
    every = await house.read.list_documents(HOLDER, ANNE, with_archived=True)
    assert {one.id for one in every.cards} == {"new", "old"}


async def test_an_archived_document_is_opened_and_found_by_its_words() -> None:
    house = house_of(card("old", archived_at=NOW))
    house.shelf.found = {"old"}
    assert (await house.read.open_document(HOLDER, "old")).card.archived_at == NOW
    found = await house.read.search(HOLDER, ANNE, FOUND)
    assert [one.id for one in found.cards] == ["old"]


async def test_all_documents_are_masked_with_those_that_are_archived() -> None:
    house = house_of(card("new"), card("old", archived_at=NOW))
    assert set(await every_document(house.read, HOLDER, ANNE)) == {"new", "old"}


async def test_what_came_in_together_stays_together() -> None:
    house = house_of(card("new"), card("old", archived_at=NOW))
    (found,) = await sets_of(house.read, HOLDER, ANNE)
    assert isinstance(found.deposited, Deposited)
    assert {one.id for one in found.cards} == {"new", "old"}
