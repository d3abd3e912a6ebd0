"""A registry answers for one reader: what he does not see is in no list, no count and no link."""

import json
from dataclasses import replace

import pytest
from reading_twins import ANNE, DOCTOR, HOLDER, PAUL, PHYSICIAN, WAITING, House, card, choice
from registry_sample import (
    ALL_APPROVED,
    APPROVED,
    FIND_DOCUMENTS,
    FIND_SETS,
    GET_ALL,
    GET_ASSOCIATIONS,
    GET_DOCUMENTS,
    REPLACES,
    STATUS,
    Slots,
    identifier,
    query,
    urn_of,
)

from gateway.errors import DeniedError
from gateway.flows.reading.xds.registry import query_registry
from gateway.mapping.xds.query.find import Found
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import ChoiceKind
from gateway.records.readers.access import Circumstances, Mode, Reader, ReaderKind

EVERYTHING: Slots = {
    "$XDSDocumentEntryStatus": f"('{STATUS}Approved','{STATUS}Deprecated')",
    "$XDSSubmissionSetStatus": APPROVED,
    "$XDSFolderStatus": APPROVED,
}
SETS: Slots = {"$XDSSubmissionSetStatus": APPROVED}


def house(agreed: bool = True) -> House:  # noqa: FBT002 - with or without consent
    """One of each: in force, masked, of a type that no physician reads; and one replaced by two."""
    found = House()
    common = {"receipt": identifier(100)}
    found.shelf.put(card(identifier(2), **common))
    found.shelf.put(card(identifier(3), codes=("MASQUE_PS",), **common))
    found.shelf.put(card(identifier(4), type_code="other", receipt=identifier(101)))
    replaced = card(identifier(1), status=DocumentStatus.SUPERSEDED, receipt=identifier(102))
    found.shelf.put(replaced, superseded_by=identifier(2))
    if agreed:
        found.agree()
    return found


async def asked(
    found: House, name: str, slots: Slots, reader: Reader = PHYSICIAN, **how: object
) -> Found:
    return await query_registry(found.read, reader, ANNE, query(name, slots), **how)  # type: ignore[arg-type]


def numbers(found: Found) -> list[int]:
    return sorted(int(one.card.id, 16) for one in found.entries)


async def test_a_reader_is_told_of_what_a_search_shows_him() -> None:
    assert numbers(await asked(house(), FIND_DOCUMENTS, ALL_APPROVED)) == [2]
    assert numbers(await asked(house(), GET_ALL, EVERYTHING)) == [2]
    holder = await asked(house(), FIND_DOCUMENTS, ALL_APPROVED, HOLDER)
    assert numbers(holder) == [2, 3, 4]


async def test_what_is_refused_is_not_got_by_its_name_either() -> None:
    named: Slots = {
        "$XDSDocumentEntryEntryUUID": [f"('{urn_of(number)}')" for number in (1, 2, 3, 4, 9)]
    }
    assert numbers(await asked(house(), GET_DOCUMENTS, named)) == [2]


async def test_a_set_is_there_for_whom_sees_one_of_its_documents_and_links_those_alone() -> None:
    sets = await asked(house(), FIND_SETS, SETS)
    assert [one.receipt for one in sets.sets] == [identifier(100)]
    links = await asked(house(), GET_ASSOCIATIONS, {"$uuid": f"('{urn_of(100)}','{urn_of(101)}')"})
    assert [one.target for one in links.associations] == [urn_of(2)]


async def test_a_replaced_document_is_linked_for_its_author_and_for_nobody_else() -> None:
    asked_links: Slots = {"$uuid": f"('{urn_of(2)}')"}
    others = await asked(house(), GET_ASSOCIATIONS, asked_links)
    assert REPLACES not in {one.kind for one in others.associations}
    own = house()
    old = own.shelf.shelved[identifier(1)].card
    mine = card(identifier(1), status=old.status, receipt=old.receipt, author_ids=(DOCTOR.id,))
    own.shelf.put(mine, superseded_by=identifier(2))
    authors = await asked(own, GET_ASSOCIATIONS, asked_links)
    assert [one.target for one in authors.associations if one.kind == REPLACES] == [urn_of(1)]


async def test_what_the_newest_version_hides_hides_what_it_replaced() -> None:
    hidden = house()
    hidden.shelf.put(card(identifier(2), codes=WAITING, receipt=identifier(100)))
    named: Slots = {"$XDSDocumentEntryEntryUUID": f"('{urn_of(1)}')"}
    assert numbers(await asked(house(), GET_DOCUMENTS, named, HOLDER)) == [1]
    assert numbers(await asked(hidden, GET_DOCUMENTS, named, HOLDER)) == []


async def test_the_log_tells_of_a_search_with_its_counts() -> None:
    found = house()
    await asked(found, FIND_DOCUMENTS, ALL_APPROVED)
    [trace] = found.traces.written
    assert (trace.action, trace.permitted, trace.actor) == ("search", True, DOCTOR.id)
    kept = json.loads(trace.kept)
    assert (kept["shown"], kept["refused"]) == (1, 3)


async def test_a_first_reading_is_told_to_the_patient() -> None:
    found = house()
    await asked(found, FIND_DOCUMENTS, ALL_APPROVED)
    assert [one.subject for one in found.traces.then] == ["access"]


async def test_without_consent_nothing_is_looked_at_and_the_try_is_in_the_log() -> None:
    found = house(agreed=False)
    assert len(await asked(found, GET_ALL, EVERYTHING)) == 0
    [trace] = found.traces.written
    assert (trace.permitted, trace.rule) == (False, "F50")
    assert json.loads(trace.kept)["refused"] == 0


async def test_a_record_that_is_not_there_is_denied_and_the_try_is_in_the_log() -> None:
    found = house()
    with pytest.raises(DeniedError):
        await query_registry(found.read, PHYSICIAN, PAUL, query(FIND_DOCUMENTS, ALL_APPROVED))
    assert [(one.action, one.rule) for one in found.traces.written] == [("search", "X00")]


async def test_an_emergency_is_that_of_the_request_and_told_as_one() -> None:
    found = house(agreed=False)
    urgent = Circumstances(mode=Mode.BRIS_DE_GLACE, reason="inconscient")
    answer = await asked(found, FIND_DOCUMENTS, ALL_APPROVED, circumstances=urgent)
    assert numbers(answer) == [2]
    [trace] = found.traces.written
    assert (trace.emergency, json.loads(trace.details)["reason"]) == (True, "inconscient")


async def test_an_entry_at_the_pages_opens_nothing_to_a_request_that_says_normal() -> None:
    found = house(agreed=False)
    entered = replace(choice(ChoiceKind.EMERGENCY_ENTRY, DOCTOR.id), by="bris_de_glace|coma")
    found.people.chosen.append(entered)
    assert numbers(await asked(found, FIND_DOCUMENTS, ALL_APPROVED)) == [2]
    answer = await asked(found, FIND_DOCUMENTS, ALL_APPROVED, circumstances=Circumstances())
    assert numbers(answer) == []


async def test_an_archived_document_is_found_by_its_own_status_alone() -> None:
    found = house()
    archived = card(identifier(5), archived_at=card(identifier(5)).deposited_at, metadata_version=3)
    found.shelf.put(archived)
    own: Slots = {"$XDSDocumentEntryStatus": "('urn:asip:ci-sis:2010:StatusType:Archived')"}
    [entry] = (await asked(found, FIND_DOCUMENTS, own)).entries
    assert (entry.card.id, entry.version) == (identifier(5), 3)
    assert numbers(await asked(found, FIND_DOCUMENTS, ALL_APPROVED)) == [2]


async def test_who_is_no_person_finds_nothing() -> None:
    system = Reader(kind=ReaderKind.SYSTEM, id="logiciel", organisation="1750000011")
    assert numbers(await asked(house(), FIND_DOCUMENTS, ALL_APPROVED, system)) == []


async def test_a_code_that_only_its_document_explains_is_explained_by_it() -> None:
    found = house()
    shelved = found.shelf.shelved[identifier(2)]
    coded = replace(shelved.document, event_codes=("MED-1", "11502-2"))
    found.shelf.shelved[identifier(2)] = replace(shelved, document=coded)
    found.shelf.bodies[identifier(2)] = (
        b'<ClinicalDocument xmlns="urn:hl7-org:v3"><documentationOf><serviceEvent>'
        b'<code code="MED-1" codeSystem="1.2.250.1.213.1.1.4.322" displayName="Dosage"/>'
        b"</serviceEvent></documentationOf><component/></ClinicalDocument>"
    )
    [entry] = (await asked(found, FIND_DOCUMENTS, ALL_APPROVED)).entries
    assert entry.told["MED-1"] == ("1.2.250.1.213.1.1.4.322", "Dosage")
