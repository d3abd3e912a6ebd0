"""A death that is recorded: login, notices and applications stop (VAULT DSK-10)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from family_house import LEO, family, open_profile, page
from support_house import PERSON, answering, find
from vault_house import CLAIRE, House, key_of, post, sign_in, visiting

from gateway.errors import DeniedError
from gateway.flows.family.death import RecordDeath
from gateway.flows.family.in_role import in_role
from gateway.flows.signing_in.standing import is_led_in
from gateway.records.patients.account import AccountState
from gateway.records.readers.access import ReaderKind


async def record(house: House, *, mistaken: bool = False) -> None:
    flow, key = RecordDeath(people=house.people, clock=house.clock), key_of(CLAIRE)
    if mistaken:
        await flow.mistaken(key, by="Lou", reason="erreur de la caisse")
    else:
        assert await flow(key, date(2026, 3, 10), by="Lou", reason="fichier des décès")


async def test_an_open_session_and_the_login_end_and_come_back_with_a_mistake() -> None:
    house = family()
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await page(client, "/documents"))[0] == 200
        assert await open_profile(client, LEO) == 303
        await record(house)
        answer = await client.get("/documents", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/connexion?fin=espace")
        fields = {"identifiant": "claire84durand", "mot_de_passe": "x" * 12}
        assert (await post(client, "/connexion", "/connexion", **fields))[0] == 422
    hers = key_of(CLAIRE)
    with pytest.raises(DeniedError):
        await in_role(house.people, ReaderKind.PATIENT, hers.hex(), hers, door="ics")
    house.clock.at += timedelta(hours=1)
    await record(house, mistaken=True)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await page(client, "/documents"))[0] == 200


async def test_the_desk_sees_that_a_death_is_recorded() -> None:
    house = family()
    await record(house)
    async with answering(house) as client:
        await find(client, nir=CLAIRE.ins or "")
        assert "décès enregistré" in (await page(client, PERSON))[1]


async def test_a_closed_space_is_not_opened_again_by_the_login_of_a_dead_person() -> None:
    house = family()
    await record(house)
    person = house.people.persons[key_of(CLAIRE)]
    closed = replace(person, state=AccountState.CLOSED)
    assert not await is_led_in(house.people, closed, house.clock.now())
    assert await is_led_in(house.people, replace(closed, deceased=False), house.clock.now())
