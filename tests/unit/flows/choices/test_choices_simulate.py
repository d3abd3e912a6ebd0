"""The simulator shows, document by document, what the professional's own list would show."""

import pytest
from reading_twins import ANNE, DOCTOR, NURSE, PAUL, House, card

from gateway.errors import DeniedError
from gateway.flows.choices.foreseen.simulate import Wished, simulate
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.records.readers.access import Mode

HOLDER = patient_reader(ANNE, name="Anne ESSAI")


def house_of_three() -> House:
    house = House()
    house.shelf.put(card("plain"))
    house.shelf.put(card("masked", codes=("MASQUE_PS",)))
    house.shelf.put(card("waiting", codes=("INVISIBLE_PATIENT",)))
    house.agree()
    return house


async def test_it_equals_the_professionals_own_list_less_what_the_holder_may_not_see() -> None:
    house = house_of_three()
    shown = await simulate(house.read, HOLDER, ANNE, Wished(professional=DOCTOR.id))
    own = await house.read.list_documents(professional_reader(DOCTOR), ANNE)
    assert {line.card.id for line in shown.seen} == {one.id for one in own.cards} - {"waiting"}
    assert [(line.card.id, line.decision.rule) for line in shown.unseen] == [("masked", "F51")]
    assert shown.standing.rule == "P11"


async def test_nothing_is_written_by_a_simulation() -> None:
    house = house_of_three()
    await simulate(house.read, HOLDER, ANNE, Wished(professional=DOCTOR.id, mode=Mode.SAMU))
    assert (house.traces.written, len(house.people.chosen)) == ([], 1)


async def test_before_and_after_a_choice_that_is_not_made() -> None:
    house = house_of_three()
    wished = {"agreed": Wished(professional=NURSE.id, agreed=True)}
    refused = await simulate(house.read, HOLDER, ANNE, Wished(professional=NURSE.id))
    agreed = await simulate(house.read, HOLDER, ANNE, wished["agreed"])
    assert {line.decision.rule for line in refused.unseen} == {"F50"}
    assert {line.decision.rule for line in (*agreed.seen, *agreed.unseen)}.isdisjoint({"F50"})
    blocked = Wished(professional=DOCTOR.id, blocked=True)
    assert (await simulate(house.read, HOLDER, ANNE, blocked)).standing.rule == "F44"


async def test_a_profession_stands_for_any_of_its_members_with_an_agreement() -> None:
    shown = await simulate(house_of_three().read, HOLDER, ANNE, Wished(profession="G15_10"))
    assert [line.card.id for line in shown.seen] == ["plain"]


async def test_only_the_holders_side_simulates_and_only_known_professionals() -> None:
    house = house_of_three()
    for reader in (professional_reader(DOCTOR), patient_reader(PAUL)):
        with pytest.raises(DeniedError):
            await simulate(house.read, reader, ANNE, Wished(professional="000"))
    with pytest.raises(DeniedError):
        await simulate(house.read, HOLDER, ANNE, Wished(professional="000"))
