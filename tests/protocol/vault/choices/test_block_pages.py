"""Block somebody found by a search, or by a number that nobody here bears yet (CHO-06)."""

import re
from dataclasses import replace
from html import unescape

import pytest
from vault_house import CLAIRE, House, key_of, post, sign_in, sign_in_professional, visiting

BLOCK = "/parametres/acces/blocage"
ROUX, STRANGER = "801234567890", "810000000017"
FOUND = re.compile(r'data-kind="professionnel" data-id="([^"]+)" data-state="([^"]+)"')


@pytest.mark.parametrize(
    "asked",
    ["roux", "ROUX  anne", "médecin", "charmes", "Anne Charmes", "01234567890", ROUX],
)
async def test_a_name_a_profession_a_place_or_a_number_finds(asked: str) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(BLOCK, params={"q": asked})).text()
    assert FOUND.findall(page) == [(ROUX, "connu")]


@pytest.mark.parametrize("asked", ["", "personne", "roux dupont", "123", "90123456789012", "<b>"])
async def test_what_finds_nobody_blocks_nobody(asked: str) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(BLOCK, params={"q": asked})
        page = await answer.text()
    assert (answer.status, FOUND.findall(page), 'name="bloque"' in page) == (200, [], False)
    assert "<b>" not in page


async def test_somebody_never_seen_is_blocked_by_his_number_before_he_comes() -> None:
    house = House()
    house.add("Bilan")
    record = f"/pro/patients/{key_of(CLAIRE).hex()}"
    async with visiting(house) as client:
        await sign_in(client, house)
        page = unescape(await (await client.get(BLOCK, params={"q": STRANGER[1:]})).text())
        assert "Aucun professionnel connu ici ne porte ce numéro" in page
        wanted = {"professionnel": STRANGER, "bloque": "oui"}
        status, place, _ = await post(client, f"{BLOCK}?q={STRANGER}", BLOCK, **wanted)
        assert status == 303
        assert f'data-id="{STRANGER}" data-state="bloqué"' in await (await client.get(place)).text()
        page = await (await client.get(BLOCK, params={"q": STRANGER})).text()
        assert 'name="bloque" value="non"' in page
    (roux,) = house.people.pros
    house.people.pros[:] = [replace(roux, id=STRANGER)]
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "Bilan" not in await (await client.get(record)).text()
    assert house.traces.rows[-1].trace.rule == "F44"


@pytest.mark.parametrize(
    "number", ["", "000", "7" + "1" * 11, "8" + "1" * 12, "8\u0661" + "1" * 10]
)
async def test_what_is_no_national_identifier_is_not_blocked(number: str) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        wanted = {"professionnel": number, "bloque": "oui"}
        status, _, page = await post(client, BLOCK, BLOCK, **wanted)
    assert (status, 'id="q-error"' in page) == (422, True)


async def test_a_block_that_is_neither_yes_nor_no_changes_nothing() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        wanted = {"professionnel": STRANGER, "bloque": "zz"}
        status, _, _ = await post(client, f"{BLOCK}?q={STRANGER}", BLOCK, **wanted)
    assert status == 422
    assert STRANGER not in {one.target for one in house.people.chosen[key_of(CLAIRE)]}
