"""The clock of the house is corrected: no session outlives its time, and nobody is locked out."""

from datetime import timedelta

import pytest
from vault_house import PASSWORD, House, give_password, post, sign_in, visiting

from gateway.flows.signing_in.tries import MAX_TRIES, TooManyTriesError, WrongError

LOGIN = "claire84durand"


async def test_a_session_of_a_clock_that_was_a_day_ahead_ends_with_the_correction() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        house.clock.at -= timedelta(days=1)
        answer = await client.get("/documents", allow_redirects=False)
        assert answer.headers["Location"] == "/connexion?fin=session"
        assert not house.sessions.kept


async def test_a_clock_that_goes_back_a_little_signs_nobody_out_and_prolongs_nothing() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        house.clock.at -= timedelta(minutes=14)
        assert (await client.get("/documents", allow_redirects=False)).status == 200
        house.clock.at += timedelta(minutes=15)
        assert (await client.get("/documents", allow_redirects=False)).status == 303


async def test_wrong_passwords_of_a_clock_that_was_a_day_ahead_lock_nobody_out() -> None:
    house = House()
    flow = house.rooms().sign_in
    for _ in range(MAX_TRIES):
        with pytest.raises(WrongError):
            await flow.begin(LOGIN, "wrong", address="127.0.0.1")
    house.clock.at -= timedelta(minutes=5)
    with pytest.raises(TooManyTriesError):
        await flow.begin(LOGIN, PASSWORD, address="127.0.0.1")
    house.clock.at -= timedelta(days=1)
    assert (await flow.begin(LOGIN, PASSWORD, address="127.0.0.1")).session


async def test_a_code_sent_by_a_clock_that_was_ahead_keeps_no_other_from_leaving() -> None:
    house = House()
    async with visiting(house) as client:
        await give_password(client)
        house.clock.at -= timedelta(minutes=5)
        status, place, _ = await post(client, "/connexion/code", "/connexion/nouveau")
        assert (status, place) == (303, "/connexion/code?code=nouveau")
        assert len(house.letters.sent) == 2
