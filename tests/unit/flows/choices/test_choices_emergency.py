"""The emergency door: what the patient allows, who enters, for how long, and what is written."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from reading_twins import ANNE, DOCTOR, NOW, NURSE, House, card

from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.care import block
from gateway.flows.choices.emergency import LASTS, allow, enter, leave
from gateway.flows.reading.decided.asking import entered
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import NORMAL, EmergencyChoice, Mode

HOLDER = patient_reader(ANNE, name="Anne ESSAI")
PHYSICIAN = professional_reader(DOCTOR)
GLASS = Mode.BRIS_DE_GLACE
MINUTE = timedelta(minutes=1)


async def test_an_entry_opens_for_four_hours_to_this_professional_only() -> None:
    house = House()
    house.shelf.put(card("one"))
    until = await enter(house.read, PHYSICIAN, ANNE, GLASS, "coma")
    assert until == NOW + LASTS
    assert len((await house.read.list_documents(PHYSICIAN, ANNE)).cards) == 1
    assert (await house.read.open_document(PHYSICIAN, "one")).decision.rule == "P06"
    nurse = professional_reader(NURSE)
    assert (await house.read.list_documents(nurse, ANNE)).cards == ()
    (entry,) = house.people.chosen
    assert entered(PHYSICIAN, [entry], until - timedelta(seconds=1)).reason == "coma"
    assert entered(PHYSICIAN, [entry], until) is NORMAL


async def test_the_entry_and_each_reading_are_told_with_their_reason_and_rule() -> None:
    house = House()
    house.shelf.put(card("one"))
    await enter(house.read, PHYSICIAN, ANNE, GLASS, "coma")
    await house.read.list_documents(PHYSICIAN, ANNE)
    acts = [*house.people.acts, house.traces.written[-1]]
    assert [(act.action, act.rule, act.emergency) for act in acts] == [
        ("emergency", "P06", True),
        ("list", "P06", True),
    ]
    assert all(json.loads(act.details)["reason"] == "coma" for act in acts)


async def test_leaving_shuts_the_door_at_once() -> None:
    house = House()
    house.shelf.put(card("one"))
    await enter(house.read, PHYSICIAN, ANNE, GLASS, "coma")
    await leave(house.read, PHYSICIAN, ANNE)
    assert (await house.read.list_documents(PHYSICIAN, ANNE)).cards == ()


@pytest.mark.parametrize(
    ("profession", "reason", "rule"),
    [("R94_41", "coma", "F47"), ("G15_10", "  ", "F48")],
)
async def test_who_may_not_enter_is_refused_and_the_patient_reads_why(
    profession: str, reason: str, rule: str
) -> None:
    house = House()
    reader = replace(PHYSICIAN, profession=profession)
    with pytest.raises(DeniedError) as refused:
        await enter(house.read, reader, ANNE, GLASS, reason)
    assert refused.value.rule == rule
    assert (house.traces.written[-1].rule, house.traces.written[-1].permitted) == (rule, False)
    assert house.people.chosen == []


async def test_the_patients_switches_shut_each_door_and_open_it_again() -> None:
    house = House()
    regulator = replace(PHYSICIAN, centre15=True)
    await allow(house.read, HOLDER, ANNE, EmergencyChoice(samu=False, professionals=False))
    for mode, reader, rule in ((GLASS, PHYSICIAN, "F49"), (Mode.SAMU, regulator, "F46")):
        with pytest.raises(DeniedError) as refused:
            await enter(house.read, reader, ANNE, mode, "coma")
        assert refused.value.rule == rule
    await allow(house.read, HOLDER, ANNE, EmergencyChoice())
    assert await enter(house.read, regulator, ANNE, Mode.SAMU, "coma")


async def test_masked_documents_are_opened_only_where_the_patient_says_so() -> None:
    house = House()
    house.shelf.put(card("one", codes=("MASQUE_PS",)))
    await enter(house.read, PHYSICIAN, ANNE, GLASS, "coma")
    assert (await house.read.list_documents(PHYSICIAN, ANNE)).cards == ()
    await allow(house.read, HOLDER, ANNE, EmergencyChoice(masked=True))
    assert len((await house.read.list_documents(PHYSICIAN, ANNE)).cards) == 1


async def test_the_third_box_alone_is_refused_and_changes_nothing() -> None:
    house = House()
    wanted = EmergencyChoice(samu=False, professionals=False, masked=True)
    with pytest.raises(RefusedError):
        await allow(house.read, HOLDER, ANNE, wanted)
    assert house.people.chosen == []


async def test_a_block_wins_except_for_the_samu() -> None:
    house = House()
    await block(house.read, HOLDER, ANNE, DOCTOR.id, blocked=True)
    with pytest.raises(DeniedError) as refused:
        await enter(house.read, PHYSICIAN, ANNE, GLASS, "coma")
    assert refused.value.rule == "F44"
    assert await enter(house.read, replace(PHYSICIAN, centre15=True), ANNE, Mode.SAMU, "coma")


async def test_a_patient_opens_no_emergency_door() -> None:
    house = House()
    with pytest.raises(DeniedError):
        await allow(house.read, PHYSICIAN, ANNE, EmergencyChoice(samu=False))


async def test_an_entry_is_over_with_the_block_that_followed_it() -> None:
    house = House()
    house.shelf.put(card("one"))
    await enter(house.read, PHYSICIAN, ANNE, GLASS, "coma")
    (entry,) = house.people.chosen
    house.people.chosen[:] = [replace(entry, since=NOW - timedelta(hours=1))]
    ended = Choice(kind=ChoiceKind.BLOCK, target=DOCTOR.id, since=NOW - MINUTE, until=NOW)
    house.people.chosen.append(ended)
    assert (await house.read.list_documents(PHYSICIAN, ANNE)).cards == ()
    await enter(house.read, PHYSICIAN, ANNE, GLASS, "coma")
    assert len((await house.read.list_documents(PHYSICIAN, ANNE)).cards) == 1
