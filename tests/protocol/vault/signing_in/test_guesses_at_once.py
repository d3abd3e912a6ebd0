"""Twelve guesses at once, as twelve workers would judge them: no turn is waited for."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from vault_house import PASSWORD, House, hire

from gateway.flows.signing_in.tries import TooManyTriesError, WrongError, of_address
from gateway.records.patients.account import SignedIn
from gateway.records.readers.operator import OperatorRole

LOGIN = "claire84durand"
Guess = Callable[[int], Awaitable[object]]


class NoTurns:
    """What another process knows of our turns."""

    @asynccontextmanager
    async def turn(self, subject: str) -> AsyncIterator[None]:
        yield


@dataclass
class SlowHasher:
    """Everybody who asks has asked before anybody is answered."""

    asked: int = 0

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.asked += 1
        for _ in range(24):
            await asyncio.sleep(0)
        return password_hash == f"hash:{password}"


async def guesses(guess: Guess) -> Counter[type[BaseException]]:
    said = await asyncio.gather(*(guess(number) for number in range(12)), return_exceptions=True)
    return Counter(type(one) for one in said if isinstance(one, BaseException))


async def test_of_twelve_passwords_at_once_five_are_judged() -> None:
    house, hasher = House(), SlowHasher()
    flow = replace(house.rooms().sign_in, turns=NoTurns(), hasher=hasher)
    said = await guesses(lambda n: flow.begin(LOGIN, f"guess-{n}", address=f"192.0.2.{n}"))
    assert (said, hasher.asked) == ({WrongError: 5, TooManyTriesError: 7}, 5)


async def test_of_twelve_codes_at_once_five_are_judged() -> None:
    house = House()
    flow = replace(house.rooms().sign_in, turns=NoTurns())
    ticket = await flow.begin(LOGIN, PASSWORD, address="192.0.2.1")
    wrong = (int(house.letters.code()) + 1) % 10**6
    said = await guesses(lambda _: flow.prove(ticket.session, f"{wrong:06d}", address="192.0.2.1"))
    assert said == {WrongError: 5, TooManyTriesError: 7}


async def test_of_twelve_passwords_of_an_operator_at_once_three_are_judged() -> None:
    house, hasher = House(), SlowHasher()
    hire(house, OperatorRole.TECHNIQUE)
    desk = house.rooms().desk
    assert desk is not None
    flow = replace(desk.sign_in, turns=NoTurns(), hasher=hasher)
    said = await guesses(lambda n: flow.begin("operateur1", f"guess-{n}", address="192.0.2.1"))
    assert (said, hasher.asked) == ({WrongError: 3, TooManyTriesError: 9}, 3)


async def test_five_people_behind_one_address_lock_nobody_else_out() -> None:
    house = House()
    flow = house.rooms().sign_in
    for number in range(5):
        for _ in range(5):
            with pytest.raises(WrongError):
                await flow.begin(f"personne{number}", "wrong", address="192.0.2.1")
    ticket = await flow.begin(LOGIN, PASSWORD, address="192.0.2.1")
    assert ticket.session.who is SignedIn.PATIENT


async def test_a_right_password_and_a_right_code_are_no_tries() -> None:
    house = House()
    flow = house.rooms().sign_in
    ticket = await flow.begin(LOGIN, PASSWORD, address="192.0.2.1")
    await flow.prove(ticket.session, house.letters.code(), address="192.0.2.1")
    assert of_address("192.0.2.1").subject not in house.sessions.fails
