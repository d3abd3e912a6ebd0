"""TD0.3: what a professional declares of his own authorisation, and TD1.6: who has one."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from reading_twins import ANNE, DOCTOR, HOLDER, NURSE, House, card, choice

from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.care import block
from gateway.flows.dmp.authorisation import declare, remove
from gateway.flows.dmp.authorised import authorised
from gateway.flows.reading.decided.facts import professional_reader
from gateway.records.patients.account import ChoiceKind
from gateway.records.readers.access import Reader, ReaderKind

PHYSICIAN, NURSING = professional_reader(DOCTOR), professional_reader(NURSE)
SOFTWARE = Reader(kind=ReaderKind.SYSTEM, id="labo", organisation=DOCTOR.organization)
MASKED = ("N", "MASQUE_PS")


async def sees(house: House, reader: Reader = PHYSICIAN) -> int:
    return len((await house.read.list_documents(reader, ANNE)).cards)


async def test_a_declaration_opens_the_record_and_its_removal_shuts_it() -> None:
    house = House()
    house.shelf.put(card("one"))
    assert await declare(house.read, PHYSICIAN, ANNE)
    assert await sees(house) == 1
    assert await remove(house.read, PHYSICIAN, ANNE)
    assert await sees(house) == 0
    assert [(one.action, one.rule) for one in house.people.acts] == [
        ("agree", "P62"),
        ("refuse", "P62"),
    ]


async def test_what_stands_already_is_left_as_it_is_and_traced() -> None:
    house = House()
    assert not await remove(house.read, PHYSICIAN, ANNE)
    await declare(house.read, PHYSICIAN, ANNE)
    before = list(house.people.chosen)
    assert not await declare(house.read, PHYSICIAN, ANNE)
    assert house.people.chosen == before
    said = [(one.action, json.loads(one.details)["already"]) for one in house.traces.written]
    assert said == [("refuse", True), ("agree", True)]


async def test_an_agreement_of_the_team_does_not_stand_for_his_own_nor_end_with_it() -> None:
    house = House()
    house.shelf.put(card("one"))
    house.people.chosen.append(choice(ChoiceKind.CARE_TEAM, DOCTOR.organization or ""))
    assert await declare(house.read, PHYSICIAN, ANNE)
    assert await remove(house.read, PHYSICIAN, ANNE)
    assert await sees(house) == 1


async def test_after_a_block_was_lifted_he_declares_anew() -> None:
    house = House()
    await declare(house.read, PHYSICIAN, ANNE)
    house.people.chosen.append(
        choice(ChoiceKind.BLOCK, DOCTOR.id, until=datetime(2026, 3, 15, 10, tzinfo=UTC))
    )
    house.people.chosen[0] = replace(house.people.chosen[0], since=datetime(2026, 2, 1, tzinfo=UTC))
    assert await declare(house.read, PHYSICIAN, ANNE)


async def test_who_is_blocked_and_who_is_no_person_declare_nothing() -> None:
    house = House()
    await block(house.read, HOLDER, ANNE, DOCTOR.id, blocked=True)
    for reader in (PHYSICIAN, SOFTWARE):
        for verb in (declare, remove):
            with pytest.raises(DeniedError):
                await verb(house.read, reader, ANNE)
    assert len(house.people.chosen) == 1
    assert {one.permitted for one in house.traces.written} == {False}


async def test_a_physician_becomes_the_treating_doctor_with_the_agreement() -> None:
    house = House()
    house.shelf.put(card("one", codes=MASKED))
    house.people.chosen.append(choice(ChoiceKind.TREATING, "890000000099"))
    assert await declare(house.read, PHYSICIAN, ANNE, treating=True)
    assert await sees(house) == 1
    gate = await house.read.gate(HOLDER, ANNE)
    assert gate.record.treating is not None
    assert gate.record.treating.id == DOCTOR.id
    assert {one.action for one in house.people.acts} == {"treating"}
    assert not await declare(house.read, PHYSICIAN, ANNE, treating=True)


async def test_who_stops_treating_keeps_the_agreement_alone() -> None:
    house = House()
    house.shelf.put(card("masked", codes=MASKED))
    house.shelf.put(card("plain"))
    await declare(house.read, PHYSICIAN, ANNE, treating=True)
    assert await remove(house.read, PHYSICIAN, ANNE, treating=True)
    assert await sees(house) == 1
    assert not await remove(house.read, PHYSICIAN, ANNE, treating=True)


async def test_the_treating_doctor_of_somebody_else_is_not_removed() -> None:
    house = House()
    house.people.chosen.append(choice(ChoiceKind.TREATING, "890000000099"))
    assert not await remove(house.read, PHYSICIAN, ANNE, treating=True)


async def test_nobody_but_a_physician_treats() -> None:
    house = House()
    with pytest.raises(RefusedError):
        await declare(house.read, NURSING, ANNE, treating=True)
    assert house.people.chosen == []


async def test_the_list_names_who_is_authorised_and_who_is_blocked() -> None:
    house = House()
    await declare(house.read, PHYSICIAN, ANNE, treating=True)
    await sees(house)
    await block(house.read, HOLDER, ANNE, NURSE.id, blocked=True)
    house.people.chosen.append(choice(ChoiceKind.CARE_TEAM, "1750000099"))
    lines = await authorised(house.read, PHYSICIAN, ANNE)
    said = {one.id: (one.blocked, one.team, one.treating) for one in lines}
    assert said == {
        DOCTOR.id: (False, False, True),
        NURSE.id: (True, False, False),
        "1750000099": (False, True, False),
    }
    last = {one.id: one.last_action is not None for one in lines}
    assert last[DOCTOR.id]
    assert not last[NURSE.id]


async def test_a_refusal_is_told_to_no_colleague() -> None:
    house = House()
    await declare(house.read, NURSING, ANNE)
    await remove(house.read, NURSING, ANNE)
    await declare(house.read, PHYSICIAN, ANNE)
    assert [one.id for one in await authorised(house.read, PHYSICIAN, ANNE)] == [DOCTOR.id]


async def test_who_may_not_consult_is_not_told_who_may() -> None:
    house = House()
    house.agree(NURSE)
    with pytest.raises(DeniedError):
        await authorised(house.read, PHYSICIAN, ANNE)
    (trace,) = house.traces.written
    assert (trace.action, trace.permitted, trace.rule) == ("authorised", False, "F50")
