"""A professional's own deposits: what he is shown of them, and who hears that he looked."""

import pytest
from msgspec import structs
from reading_twins import (
    ANNE,
    DOCTOR,
    HOLDER,
    PHYSICIAN,
    WAITING,
    card,
    choice,
    house_of,
    person,
)

from gateway.flows.depositing.own import own_deposits
from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.readers.access import Reader, ReaderKind


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


SECRET = ("INVISIBLE_REPRESENTANTS_LEGAUX",)
PLAIN = ("N",)
HEARD = {
    "nothing": ((), "both"),
    "plain": ((PLAIN,), "both"),
    "one of them plain": ((SECRET, PLAIN), "both"),
    "secret": ((SECRET,), "holder"),
    "secret, one waits too": ((SECRET, SECRET + WAITING), "holder"),
    "waits": ((WAITING,), "nobody"),
    "one secret, one waits": ((SECRET, WAITING), "nobody"),
}


@pytest.mark.parametrize("case", HEARD)
async def test_who_hears_of_none_of_the_deposits_does_not_hear_of_their_receipts(case: str) -> None:
    deposits, heard = HEARD[case]
    house = house_of(
        *(
            card(f"{number}", author_ids=(DOCTOR.id,), codes=codes)
            for number, codes in enumerate(deposits)
        )
    )
    guardian = Reader(kind=ReaderKind.REPRESENTATIVE, id="guardian")
    house.people.chosen.append(choice(ChoiceKind.GUARDIAN, "guardian"))
    assert len(await own_deposits(house.read, PHYSICIAN, ANNE)) == len(deposits)

    async def hears(reader: Reader) -> bool:
        return any(row.trace.action == "receipts" for row in await house.read.history(reader, ANNE))

    told = (await hears(HOLDER), await hears(guardian))
    assert told == {"both": (True, True), "holder": (True, False), "nobody": (False, False)}[heard]


async def test_what_waited_and_is_announced_hides_its_receipt_no_more() -> None:
    one = card("one", author_ids=(DOCTOR.id,), codes=WAITING)
    house = house_of(structs.replace(one, announced_at=one.deposited_at))
    await own_deposits(house.read, PHYSICIAN, ANNE)
    assert [row.trace.action for row in await house.read.history(HOLDER, ANNE)][-1] == "receipts"
