"""A parent activates the space of a child: code, own card, birth date, two ticks (VAULT REP-02)."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from family_house import CODE, JADE, LEO, SERIAL, Client, family, handed, open_profile, page, tie
from vault_house import CLAIRE, MARC, House, key_of, post, sign_in, visiting

from gateway.records.patients.account import AccountState, ChoiceKind

PLACE = "/profils/activer"
GOOD = {
    "code": CODE,
    "serie": SERIAL,
    "naissance": "20/05/2016",
    "representant": "oui",
    "accord": "oui",
}


def waiting(state: AccountState = AccountState.INVITED) -> House:
    house = family()
    handed(house, LEO, CLAIRE, state=state)
    return house


async def sent(client: Client, **changes: str) -> tuple[int, str, str]:
    return await post(client, PLACE, PLACE, **(GOOD | changes))


def state_of(house: House) -> AccountState:
    return house.people.persons[key_of(LEO)].state


@pytest.mark.parametrize(
    "state", [AccountState.INVITED, AccountState.OPPOSED, AccountState.CREATED]
)
async def test_the_space_opens_and_both_ticks_are_kept(state: AccountState) -> None:
    house = waiting(state)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "Ouvrir le profil de Léo" not in (await page(client, "/profils"))[1]
        status, place, _ = await sent(client)
        assert (status, place) == (303, "/profils?fait=active")
        _, cards = await page(client, place)
        assert "L'espace de votre enfant est activé" in cards
        assert "Ouvrir le profil de Léo" in cards
        status, place, _ = await sent(client)
        assert (status, place) == (303, "/profils?fait=deja-active")
        assert "était déjà activé" in (await page(client, place))[1]
        assert await open_profile(client, LEO) == 303
        (done,) = [one.trace for one in house.traces.rows if one.trace.action == "activation"]
        assert (done.patient, done.permitted, done.kind) == (key_of(LEO), True, "representative")
        said = orjson.loads(done.details or b"{}")
        assert said["legal_representative"] is True
        assert said["other_parent_agrees"] is True
        assert CODE not in str(done)
        assert await house.people.login_of(key_of(LEO)) is None


@pytest.mark.parametrize("missing", GOOD)
async def test_what_is_missing_is_said_beside_it_and_nobody_is_looked_for(missing: str) -> None:
    house = waiting()
    async with visiting(house) as client:
        await sign_in(client, house)
        before = len(house.traces.rows)
        status, _, shown = await sent(client, **{missing: ""})
        assert status == 422
        assert f'id="{missing}-error"' in shown
        assert CODE not in shown
        assert len(house.traces.rows) == before
        assert state_of(house) is AccountState.INVITED


WRONG: dict[str, dict[str, str]] = {
    "another code": {"code": "K7MP3XQB"},
    "another card": {"serie": "60123456788"},
    "another birth date": {"naissance": "20/05/2015"},
}


@pytest.mark.parametrize("case", WRONG)
async def test_whatever_is_wrong_has_the_same_words_and_changes_nothing(case: str) -> None:
    house = waiting()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, shown = await sent(client, **WRONG[case])
        assert status == 422
        assert "Nous n&#39;avons pas reconnu ces informations." in shown
        assert state_of(house) is AccountState.INVITED
        refused = house.traces.rows[-1].trace
        assert (refused.patient, refused.permitted) == (key_of(CLAIRE), False)
        assert (await sent(client))[0] == 303


async def test_who_is_not_the_parent_to_whom_the_code_went_opens_nothing() -> None:
    """Marc has all that is on the letter: as nobody, as a caregiver, as a second parent."""
    for kind in (None, ChoiceKind.CAREGIVER, ChoiceKind.PARENT):
        house = waiting()
        if kind is not None:
            tie(house, LEO, kind, MARC)
        async with visiting(house) as client:
            await sign_in(client, house, "marc81durand")
            assert (await sent(client))[0] == 422
            assert state_of(house) is AccountState.INVITED


async def test_a_parent_whose_authority_ended_opens_nothing() -> None:
    house = waiting()
    house.people.chosen[key_of(LEO)] = []
    tie(house, LEO, ChoiceKind.PARENT, CLAIRE, until=house.clock.now() - timedelta(days=1))
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await sent(client))[0] == 422
        assert state_of(house) is AccountState.INVITED


async def test_who_came_of_age_is_not_opened_by_a_parent() -> None:
    house = family()
    grown = replace(JADE, birth_date="2007-01-01")
    handed(house, grown, CLAIRE)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await sent(client, naissance="01/01/2007"))[0] == 422
        assert house.people.persons[key_of(JADE)].state is AccountState.INVITED


async def test_a_code_that_ended_or_was_used_says_so() -> None:
    house = waiting()
    kept = house.activations.kept[key_of(LEO)]
    async with visiting(house) as client:
        await sign_in(client, house)
        house.activations.kept[key_of(LEO)] = replace(kept, expires_at=house.clock.now())
        assert "a expiré" in (await sent(client))[2]
        house.activations.kept[key_of(LEO)] = replace(kept, spent_at=house.clock.now())
        assert "a déjà été utilisé" in (await sent(client))[2]
        assert state_of(house) is AccountState.INVITED


async def test_while_the_space_is_deleted_nothing_is_activated() -> None:
    house = waiting(AccountState.ERASING)
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, shown = await sent(client)
        assert status == 409
        assert "en cours de suppression" in shown


async def test_twins_are_told_apart_by_their_codes() -> None:
    house = waiting()
    twin = replace(LEO, ins="116057511607767")
    handed(house, twin, CLAIRE, code="23456789")
    tie(house, twin, ChoiceKind.PARENT, CLAIRE)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await sent(client, code="2345 6789"))[0] == 303
        assert state_of(house) is AccountState.INVITED
        assert house.people.persons[key_of(twin)].state is AccountState.ACTIVE


async def test_five_wrong_tries_lock_even_the_right_code() -> None:
    house = waiting()
    async with visiting(house) as client:
        await sign_in(client, house)
        for _ in range(5):
            assert (await sent(client, code="AAAAAAAA"))[0] == 422
        assert (await sent(client))[0] == 429
        assert state_of(house) is AccountState.INVITED


async def test_a_stranger_is_led_to_the_sign_in() -> None:
    house = waiting()
    async with visiting(house) as client:
        answer = await client.post(PLACE, data=GOOD, allow_redirects=False)
        assert answer.status in (303, 403)
        assert state_of(house) is AccountState.INVITED
