"""A professional's own deposits are the patient's archive once the space is shut."""

import pytest
from reading_twins import ANNE, DOCTOR, PHYSICIAN, card, house_of, person

from gateway.flows.depositing.own import own_deposits
from gateway.records.patients.account import AccountState


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.OPPOSED, AccountState.ERASING])
async def test_whoever_deposited_reads_no_type_and_no_date_of_a_shut_space(
    state: AccountState,
) -> None:
    house = house_of(card("mine", author_ids=(DOCTOR.id,)))
    assert [one.card.id for one in await own_deposits(house.read, PHYSICIAN, ANNE)] == ["mine"]
    house.people.known[ANNE] = person(ANNE, state=state)
    assert await own_deposits(house.read, PHYSICIAN, ANNE) == []
    told = house.traces.written[-1]
    assert (told.action, told.permitted, told.rule) == ("receipts", False, "F10")
