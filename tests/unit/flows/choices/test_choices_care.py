"""Agreements, blocks and the médecin traitant: decided, traced, in force on the next call."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from reading_twins import (
    ANNE,
    DOCTOR,
    NOW,
    NURSE,
    PAUL,
    WAITING,
    House,
    card,
    choice,
    refusal,
)

from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.care import (
    agree,
    block,
    name_treating,
    refuse,
)
from gateway.flows.choices.foreseen.overview import Row, State, known_to, rows_of
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.records.patients.account import ChoiceKind

HOLDER = patient_reader(ANNE, name="Anne ESSAI")
STRANGER = patient_reader(PAUL, name="Paul AUTRE")
PHYSICIAN = professional_reader(DOCTOR)
TEAM = DOCTOR.organization or ""


async def sees(house: House) -> int:
    return len((await house.read.list_documents(PHYSICIAN, ANNE)).cards)


async def test_an_agreement_opens_and_its_end_shuts_on_the_next_call() -> None:
    house = House()
    house.shelf.put(card("one"))
    assert await sees(house) == 0
    await agree(house.read, HOLDER, ANNE, DOCTOR.id)
    assert await sees(house) == 1
    await refuse(house.read, HOLDER, ANNE, DOCTOR.id)
    assert await sees(house) == 0
    said = [(act.action, act.rule, json.loads(act.details)["holds"]) for act in house.people.acts]
    assert said == [("agree", "P60", True), ("refuse", "P60", False)]


async def test_a_professional_records_an_agreement_for_himself_and_for_nobody_unknown() -> None:
    house = House()
    house.shelf.put(card("one"))
    await agree(house.read, PHYSICIAN, ANNE, DOCTOR.id)
    assert await sees(house) == 1
    assert house.people.acts[0].rule == "P62"
    assert house.people.chosen[0].by == DOCTOR.name
    with pytest.raises(DeniedError):
        await agree(house.read, professional_reader(NURSE), ANNE, DOCTOR.id)
    refused = house.traces.written[-1]
    assert (refused.permitted, refused.action) == (False, "consents")


async def test_nobody_chooses_for_another_patient() -> None:
    house = House()
    for act in (agree, refuse):
        with pytest.raises(DeniedError):
            await act(house.read, STRANGER, ANNE, DOCTOR.id)
    assert house.people.chosen == []


async def test_an_agreement_that_is_over_before_it_begins_is_refused() -> None:
    house = House()
    with pytest.raises(RefusedError):
        await agree(house.read, HOLDER, ANNE, DOCTOR.id, until=NOW - timedelta(days=1))
    assert house.people.chosen == []


async def test_a_block_beats_the_agreement_and_unblocking_gives_none_back() -> None:
    house = House()
    house.shelf.put(card("one"))
    house.agree()
    await block(house.read, HOLDER, ANNE, DOCTOR.id, blocked=True)
    assert await sees(house) == 0
    assert house.traces.written[-1].rule == "F44"
    await block(house.read, HOLDER, ANNE, DOCTOR.id, blocked=False)
    assert await sees(house) == 0
    assert house.traces.written[-1].rule == "F50"
    await agree(house.read, HOLDER, ANNE, DOCTOR.id)
    assert await sees(house) == 1


async def test_a_blocked_professional_may_not_record_an_agreement() -> None:
    house = House()
    await block(house.read, HOLDER, ANNE, DOCTOR.id, blocked=True)
    with pytest.raises(DeniedError):
        await agree(house.read, PHYSICIAN, ANNE, DOCTOR.id)


async def test_somebody_whom_no_directory_knows_is_not_blocked() -> None:
    house = House()
    with pytest.raises(RefusedError):
        await block(house.read, HOLDER, ANNE, "000", blocked=True)


async def test_there_is_one_treating_doctor_and_his_end_ends_what_he_sees() -> None:
    house = House()
    house.shelf.put(card("one", codes=("MASQUE_PS",)))
    house.agree()
    await name_treating(house.read, HOLDER, ANNE, DOCTOR.id)
    assert await sees(house) == 1
    await name_treating(house.read, HOLDER, ANNE, None)
    assert await sees(house) == 0


async def rows(house: House) -> list[Row]:
    return rows_of(await known_to(house.read, HOLDER, ANNE))


async def test_the_overview_says_how_each_stands() -> None:
    house = House()
    await agree(house.read, PHYSICIAN, ANNE, DOCTOR.id)
    await refuse(house.read, HOLDER, ANNE, NURSE.id)
    assert [(row.name, row.state, row.by) for row in await rows(house)] == [
        (DOCTOR.name, State.AUTHORISED, DOCTOR.name),
        (NURSE.name, State.REFUSED, "Anne ESSAI"),
    ]


async def test_the_overview_says_that_a_lifted_block_left_no_agreement() -> None:
    house = House()
    house.agree()
    await block(house.read, HOLDER, ANNE, DOCTOR.id, blocked=True)
    assert [row.state for row in await rows(house)] == [State.BLOCKED]
    await block(house.read, HOLDER, ANNE, DOCTOR.id, blocked=False)
    assert [row.state for row in await rows(house)] == [State.REFUSED]


async def test_the_overview_shows_nobody_who_tried_what_this_reader_may_not_hear_of() -> None:
    house = House()
    house.shelf.put(card("hidden", codes=WAITING))
    await refusal(house, PHYSICIAN, "hidden")
    assert house.traces.written[-1].rule == "F50"
    assert await rows(house) == []
    house.shelf.put(card("hidden"))
    assert [row.name for row in await rows(house)] == [DOCTOR.name]


async def test_the_overview_shows_who_was_refused_and_waits_for_an_answer() -> None:
    house = House()
    await house.read.list_documents(PHYSICIAN, ANNE)
    (row,) = await rows(house)
    assert (row.id, row.state, row.since, row.rule) == (DOCTOR.id, State.WAITING, NOW, "F50")
    await refuse(house.read, HOLDER, ANNE, DOCTOR.id)
    assert [row.state for row in await rows(house)] == [State.REFUSED]


async def test_a_member_reads_through_his_team_and_the_overview_names_it() -> None:
    house = House()
    house.shelf.put(card("one"))
    await house.read.list_documents(PHYSICIAN, ANNE)
    await agree(house.read, HOLDER, ANNE, TEAM, team=True, until=NOW + timedelta(days=1))
    assert await sees(house) == 1
    team, member = await rows(house)
    assert (member.state, member.through, member.until) == (State.AUTHORISED, TEAM, team.until)
    assert (team.state, team.team) == (State.AUTHORISED, True)
    await refuse(house.read, HOLDER, ANNE, TEAM, team=True)
    assert await sees(house) == 0
    assert (await house.read.gate(HOLDER, ANNE)).record.teams_objected == (TEAM,)
    await agree(house.read, HOLDER, ANNE, TEAM, team=True)
    assert await sees(house) == 1


async def test_an_agreement_ends_an_objection_only_where_there_is_one() -> None:
    house = House()
    await agree(house.read, HOLDER, ANNE, TEAM, team=True)
    assert [one.kind for one in house.people.chosen] == [ChoiceKind.CARE_TEAM]
    await refuse(house.read, HOLDER, ANNE, TEAM, team=True)
    written = len(house.people.chosen)
    await agree(house.read, HOLDER, ANNE, TEAM, team=True)
    assert [one.kind for one in house.people.chosen[written:]] == [
        ChoiceKind.CARE_TEAM,
        ChoiceKind.TEAM_OBJECTED,
    ]


async def test_an_establishment_that_no_directory_knows_is_not_agreed_to() -> None:
    house = House()
    for target, team in (("000", True), ("000", False), (DOCTOR.id, True)):
        with pytest.raises(RefusedError):
            await agree(house.read, HOLDER, ANNE, target, team=team)
    assert house.people.chosen == []


async def test_somebody_never_seen_here_is_blocked_by_his_national_number() -> None:
    house = House()
    await block(house.read, HOLDER, ANNE, "810000000099", blocked=True)
    assert [(row.name, row.state) for row in await rows(house)] == [("810000000099", State.BLOCKED)]


async def test_an_administrator_sees_what_is_masked_until_the_fact_ends() -> None:
    """A fact that came with a record: no page of VAULT or PAGES names one."""
    house = House()
    house.shelf.put(card("one", codes=("MASQUE_PS",)))
    house.agree()
    assert await sees(house) == 0
    named = choice(ChoiceKind.ADMINISTRATOR, DOCTOR.id)
    house.people.chosen.append(named)
    assert await sees(house) == 1
    house.people.chosen[-1] = replace(named, until=named.since)
    assert await sees(house) == 0
