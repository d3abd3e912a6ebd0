"""A repository hands over what a reader may open, and tells nothing of the rest."""

from dataclasses import replace

import pytest
from msgspec import structs
from reading_twins import ANNE, DOCTOR, PAUL, PHYSICIAN, House, card, person
from registry_sample import identifier

from gateway.flows.reading.xds import hand_over as flow
from gateway.flows.reading.xds.hand_over import hand_over
from gateway.records.documents.shelved import Card

NAME, MASKED, ELSEWHERE, ABSENT = "1.2.1", "1.2.2", "1.2.3", "1.2.9"


def house() -> House:
    """One he may open, one that is masked, one of another record, and one without a name."""
    found = House()
    found.people.known[PAUL] = person(PAUL)
    found.agree()
    shelve(found, card(identifier(1)), NAME)
    shelve(found, card(identifier(2), codes=("MASQUE_PS",)), MASKED)
    shelve(found, card(identifier(3), patient=PAUL), ELSEWHERE)
    shelve(found, card(identifier(4)), None)
    return found


def shelve(found: House, one: Card, name: str | None) -> None:
    found.shelf.put(one)
    shelved = found.shelf.shelved[one.id]
    document = replace(shelved.document, unique_id=name)
    found.shelf.shelved[one.id] = replace(shelved, document=document)


async def test_a_document_comes_with_its_own_bytes_and_its_opening_is_in_the_log() -> None:
    found = house()
    handed = await hand_over(found.read, PHYSICIAN, ANNE, [NAME])
    assert [(name, one.body) for name, one in handed.items()] == [(NAME, b"<own bytes/>")]
    [trace] = found.traces.written
    told = (trace.action, trace.permitted, trace.document, trace.actor)
    assert told == ("download", True, identifier(1), DOCTOR.id)
    assert [one.subject for one in found.traces.then] == ["access"]


@pytest.mark.parametrize("name", [MASKED, ELSEWHERE, ABSENT, identifier(9)])
async def test_what_is_refused_and_what_is_not_there_are_told_alike(name: str) -> None:
    found = house()
    assert await hand_over(found.read, PHYSICIAN, ANNE, [name]) == {}
    assert [one.permitted for one in found.traces.written] == [False]
    assert found.shelf.bodies_given == []


async def test_a_document_of_another_record_is_refused_though_he_may_open_it_there() -> None:
    found = house()
    assert ELSEWHERE in await hand_over(found.read, PHYSICIAN, PAUL, [ELSEWHERE])
    assert await hand_over(found.read, PHYSICIAN, ANNE, [ELSEWHERE]) == {}


async def test_a_document_without_a_name_comes_by_the_one_made_of_its_id() -> None:
    handed = await hand_over(house().read, PHYSICIAN, ANNE, ["2.25.4"])
    assert handed["2.25.4"].card.id == identifier(4)


async def test_each_name_is_looked_for_once() -> None:
    found = house()
    await hand_over(found.read, PHYSICIAN, ANNE, [NAME, NAME])
    assert len(found.traces.written) == 1


async def test_what_an_answer_has_no_room_for_comes_without_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = house()
    large = structs.replace(found.shelf.shelved[identifier(1)].card, size=11)
    shelve(found, large, NAME)
    monkeypatch.setattr(flow, "MAX_BYTES", 20)
    handed = await hand_over(found.read, PHYSICIAN, ANNE, ["2.25.4", NAME])
    assert [one.body for one in handed.values()] == [b"<own bytes/>", None]
