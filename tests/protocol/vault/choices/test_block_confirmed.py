"""A page says what a block will do before anybody is blocked (PAGES 2, rule 8)."""

import re
from html import unescape

import pytest
from vault_house import CLAIRE, House, key_of, post, sign_in, visiting

from gateway.records.patients.account import ChoiceKind

ACCESS = "/parametres/acces"
BLOCK = f"{ACCESS}/blocage"
CONFIRM = f"{BLOCK}/confirmer"
ROUX, STRANGER = "801234567890", "810000000017"
ASKING = re.compile(
    r'<form method="(get|post)" action="([^"]+)">(?:(?!</form>).)*>(?:Bloquer|'
    r"Débloquer)<",
    re.DOTALL,
)


async def page(house: House, path: str, **asked: str) -> tuple[int, str]:
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(path, params=asked)
        return answer.status, unescape(await answer.text())


def blocked(house: House) -> set[str]:
    chosen = house.people.chosen[key_of(CLAIRE)]
    return {one.target for one in chosen if one.kind is ChoiceKind.BLOCK}


@pytest.mark.parametrize(("path", "asked"), [(ACCESS, {}), (BLOCK, {"q": "roux"})])
async def test_a_button_that_blocks_leads_to_a_page_first(path: str, asked: dict[str, str]) -> None:
    _, shown = await page(House(), path, **asked)
    assert ASKING.findall(shown) == [("get", CONFIRM)]


async def test_the_page_says_who_and_what_and_blocks_nobody_yet() -> None:
    house = House()
    house.add("Bilan")
    status, shown = await page(house, CONFIRM, professionnel=ROUX)
    assert (status, blocked(house)) == (200, set())
    assert "Il ne verra plus vos documents, même si son équipe est autorisée." in shown
    assert "Aujourd'hui, il peut en voir 1." in shown
    assert "Même en cas d'urgence, il ne les verra pas." in shown
    assert "il devra vous redemander votre accord" in shown
    assert f'data-id="{ROUX}" data-state="connu"' in shown
    assert re.search(r'href="/parametres/acces">Annuler<', shown)


async def test_its_button_blocks_and_the_page_then_says_so() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        place = f"{CONFIRM}?professionnel={ROUX}"
        shown = unescape(await (await client.get(place)).text())
        assert "Bloquer l'accès à ce professionnel</button>" in shown
        status, _, _ = await post(client, place, BLOCK, professionnel=ROUX, bloque="oui")
        assert (status, blocked(house)) == (303, {ROUX})
        again = unescape(await (await client.get(place)).text())
    assert "Ce professionnel est déjà bloqué." in again
    assert 'name="bloque"' not in again


async def test_the_regulator_of_the_samu_keeps_the_door_that_a_block_leaves() -> None:
    house = House()
    house.centre15 = frozenset({house.people.pros[0].organization or ""})
    _, shown = await page(house, CONFIRM, professionnel=ROUX)
    assert "En cas d'urgence, il pourra encore les consulter : vous en serez averti." in shown


@pytest.mark.parametrize("said", [STRANGER, STRANGER[1:]])
async def test_somebody_never_seen_stands_there_under_his_number(said: str) -> None:
    house = House()
    status, shown = await page(house, CONFIRM, professionnel=said)
    assert (status, f'name="professionnel" value="{STRANGER}"' in shown) == (200, True)
    assert "il peut en voir" not in shown


@pytest.mark.parametrize("said", ["", "000", "<b>"])
async def test_nobody_is_an_error_in_words(said: str) -> None:
    status, shown = await page(House(), CONFIRM, professionnel=said)
    assert (status, "Choisissez un professionnel" in shown) == (422, True)
