"""What is found and taken at the DMP door: by a card as anywhere; by an establishment, own ids."""

from dataclasses import replace

import pytest
from reading_twins import ANNE, DOCTOR, PAUL, PHYSICIAN, House, card, person
from registry_sample import (
    ALL_APPROVED,
    FIND_DOCUMENTS,
    GET_DOCUMENTS,
    Slots,
    identifier,
    query,
    urn_of,
)

from gateway.flows.dmp.find import find_objects, take_documents
from gateway.flows.reading.decided.asking import never
from gateway.flows.reading.xds.hand_over import masked_to
from gateway.records.documents.shelved import Card
from gateway.records.readers.access import Circumstances, Mode, Reader, ReaderKind
from gateway.records.readers.vihf import Authentication, Vihf

OWN, OTHERS, ELSEWHERE, ABSENT = "1.2.1", "1.2.2", "1.2.3", "1.2.9"
NAMES = (OWN, OTHERS, ELSEWHERE, ABSENT)
CLINIC = "1750000011"
SYSTEM = Reader(kind=ReaderKind.SYSTEM, id="logiciel", organisation=CLINIC)
USUAL = Circumstances()


def house() -> House:
    """One of the clinic, one of a laboratory, one of the clinic in another record. No consent."""
    found = House()
    found.people.known[PAUL] = person(PAUL)
    shelve(found, card(identifier(1), organization=CLINIC), OWN)
    shelve(found, card(identifier(2)), OTHERS)
    shelve(found, card(identifier(3), organization=CLINIC, patient=PAUL), ELSEWHERE)
    return found


def shelve(found: House, one: Card, name: str) -> None:
    found.shelf.put(one)
    shelved = found.shelf.shelved[one.id]
    document = replace(shelved.document, unique_id=name)
    found.shelf.shelved[one.id] = replace(shelved, document=document)


def named(*names: str) -> Slots:
    return {"$XDSDocumentEntryUniqueId": [f"('{one}')" for one in names]}


async def ids(
    found: House,
    reader: Reader,
    slots: Slots,
    *,
    returns: str = "ObjectRef",
    name: str = GET_DOCUMENTS,
) -> list[int]:
    asked = query(name, slots, returns=returns)
    answer = await find_objects(found.read, reader, ANNE, asked, USUAL)
    return sorted(int(one.card.id, 16) for one in answer.entries)


@pytest.mark.parametrize("reader", [SYSTEM, PHYSICIAN])
async def test_who_deposited_a_document_learns_what_the_registry_calls_it(reader: Reader) -> None:
    assert await ids(house(), reader, named(*NAMES)) == [1]
    by_id: Slots = {"$XDSDocumentEntryEntryUUID": f"('{urn_of(1)}','{urn_of(2)}','{urn_of(3)}')"}
    assert await ids(house(), reader, by_id) == [1]


async def test_he_learns_nothing_more_of_it() -> None:
    for reader in (SYSTEM, PHYSICIAN):
        assert await ids(house(), reader, named(*NAMES), returns="LeafClass") == []
        assert await ids(house(), reader, ALL_APPROVED, name=FIND_DOCUMENTS) == []


async def test_each_try_at_a_reference_is_in_the_log_whatever_it_names() -> None:
    found = house()
    await ids(found, SYSTEM, named(*NAMES))
    told = [(one.action, one.permitted) for one in found.traces.written]
    assert told == [("search", True), *[("search", False)] * 3]


async def test_with_consent_references_are_those_of_a_search_each_once() -> None:
    found = house()
    found.agree()
    assert await ids(found, PHYSICIAN, named(*NAMES)) == [1, 2]


async def test_a_record_that_is_not_there_is_as_one_that_is_shut() -> None:
    found = house()
    asked = query(FIND_DOCUMENTS, ALL_APPROVED)
    del found.people.known[PAUL]
    for patient in (ANNE, PAUL):
        assert len(await find_objects(found.read, PHYSICIAN, patient, asked, USUAL)) == 0


async def test_an_emergency_is_entered_once_and_told_at_once() -> None:
    found = house()
    urgent = Circumstances(mode=Mode.BRIS_DE_GLACE, reason="inconscient")
    for _ in range(2):
        asked = query(FIND_DOCUMENTS, ALL_APPROVED)
        answer = await find_objects(found.read, PHYSICIAN, ANNE, asked, urgent)
        assert len(answer) == 2
    taken = await take_documents(found.read, PHYSICIAN, ANNE, [OWN], urgent, never)
    assert list(taken) == [OWN]
    assert [one.subject for one in found.people.then] == ["emergency_access"] * 2
    assert [one.action for one in found.people.acts] == ["emergency"]


async def test_an_emergency_without_a_reason_opens_nothing() -> None:
    found = house()
    urgent = Circumstances(mode=Mode.BRIS_DE_GLACE)
    asked = query(FIND_DOCUMENTS, ALL_APPROVED)
    assert len(await find_objects(found.read, PHYSICIAN, ANNE, asked, urgent)) == 0
    assert await take_documents(found.read, PHYSICIAN, ANNE, [OWN], urgent, never) == {}
    assert found.people.then == []


@pytest.mark.parametrize(("author", "taken"), [(DOCTOR.id, [OWN]), ("899700000001", [])])
async def test_a_masked_document_of_his_structure_is_its_authors_alone(
    author: str, taken: list[str]
) -> None:
    found = House()
    found.agree()
    masked = card(identifier(1), codes=("MASQUE_PS",), organization=CLINIC, author_ids=(author,))
    shelve(found, masked, OWN)
    kept = masked_to(vihf())
    answer = await take_documents(found.read, PHYSICIAN, ANNE, [OWN], USUAL, kept)
    assert list(answer) == taken
    assert [one.permitted for one in found.traces.written] == [bool(taken)]


def vihf() -> Vihf:
    now = card(identifier(1)).deposited_at
    return Vihf(
        id="_1",
        issued_at=now,
        until=now,
        subject=DOCTOR.id,
        name=DOCTOR.name,
        structure=CLINIC,
        sector=None,
        profession="G15_10/SM26",
        authentication=Authentication.DIRECT,
        mode=Mode.NORMAL,
        certificate="c",
        software="s",
    )
