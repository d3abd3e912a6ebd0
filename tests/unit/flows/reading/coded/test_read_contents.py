"""The contents of many documents: one decision a document, told before anything leaves."""

from dataclasses import replace

import pytest
from reading_twins import (
    ANNE,
    DOCTOR,
    HOLDER,
    NURSE,
    PAUL,
    PHYSICIAN,
    FullTraces,
    card,
    choice,
    house_of,
)

from gateway.errors import DeniedError
from gateway.flows.reading.coded.contents import MAX_OPENED, open_contents
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.account import ChoiceKind


def anything(_card: Card) -> bool:
    return True


async def test_contents_come_of_the_documents_that_the_reader_may_open() -> None:
    house = house_of(
        card("mine"),
        card("hidden", codes=("INVISIBLE_PATIENT",)),
        card("old", status=DocumentStatus.SUPERSEDED),
        card("other", type_code="34133-9"),
    )
    house.agree()
    gathered = await open_contents(house.read, HOLDER, ANNE, anything)
    assert [one.card.id for one in gathered.opened] == ["mine", "other"]
    gathered = await open_contents(house.read, PHYSICIAN, ANNE, anything)
    assert [one.card.id for one in gathered.opened] == ["mine", "hidden"], "the grid says 11502-2"
    assert gathered.left == 0


async def test_only_what_is_wanted_is_opened_and_each_opening_is_told() -> None:
    house = house_of(card("one", results=3), card("two"))
    house.agree()
    gathered = await open_contents(house.read, PHYSICIAN, ANNE, lambda one: one.results > 0)
    assert [one.card.id for one in gathered.opened] == ["one"]
    told = [(one.action, one.document, one.permitted) for one in house.traces.written]
    assert told == [("search", None, True), ("contents", "one", True)]
    assert house.shelf.read == [], "reading its results does not mark a document as read"


async def test_a_reader_whom_nothing_permits_gets_nothing_and_it_is_told() -> None:
    house = house_of(card("one"))
    house.agree(NURSE)
    for reader in (professional_reader(NURSE), patient_reader(PAUL)):
        gathered = await open_contents(house.read, reader, ANNE, anything)
        assert gathered.opened == []
    assert [one.action for one in house.traces.written] == ["search", "search"]
    with pytest.raises(DeniedError):
        await open_contents(house.read, PHYSICIAN, PAUL, anything)


async def test_nothing_is_opened_when_it_cannot_be_told() -> None:
    house = house_of(card("one"))
    read = replace(house.read, traces=FullTraces())
    with pytest.raises(OSError, match="no space"):
        await open_contents(read, HOLDER, ANNE, anything)
    assert house.shelf.bodies_given == []


async def test_one_question_opens_so_many_documents_and_no_more() -> None:
    house = house_of(*(card(f"{number}") for number in range(MAX_OPENED + 5)))
    gathered = await open_contents(house.read, HOLDER, ANNE, anything)
    assert (len(gathered.opened), gathered.left) == (MAX_OPENED, 5)


async def test_the_patient_is_told_of_a_first_access_by_contents_as_by_a_list() -> None:
    house = house_of(card("one"))
    await open_contents(house.read, PHYSICIAN, ANNE, anything)
    assert house.traces.then == [], "a refused try is no access"
    house.agree()
    await open_contents(house.read, PHYSICIAN, ANNE, anything)
    (told,) = house.traces.then
    assert (told.patient, told.subject) == (ANNE, "access")
    await open_contents(house.read, HOLDER, ANNE, anything)
    house.people.chosen.append(choice(ChoiceKind.KNOWN_READER, DOCTOR.id))
    await open_contents(house.read, PHYSICIAN, ANNE, anything)
    assert len(house.traces.then) == 1, "the own reading is none, and a known reader is known"
