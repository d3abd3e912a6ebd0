"""Two tabs of one browser in two profiles: what was said of the one is not done to the other."""

from html import unescape

import pytest
from family_house import LEO, family, open_profile, page
from vault_house import CLAIRE, House, key_of, sign_in, token_of, visiting

from gateway.records.patients.account import ChoiceKind

ACCESS = "/parametres/acces"
ROUX = "801234567890"
SAID = {
    f"{ACCESS}/blocage": {"professionnel": ROUX, "bloque": "oui"},
    f"{ACCESS}/accord": {"pour": "professionnel", "id": ROUX},
    f"{ACCESS}/traitant": {"medecin": ROUX},
    f"{ACCESS}/urgence": {},
    f"{ACCESS}/nouveaux": {},
}


def said_of(house: House) -> list[ChoiceKind]:
    """What was chosen in the two records, besides who helps with them."""
    both = [*house.people.chosen.get(key_of(CLAIRE), []), *house.people.chosen[key_of(LEO)]]
    return [one.kind for one in both if one.kind is not ChoiceKind.PARENT]


@pytest.mark.parametrize("act", SAID)
async def test_a_form_of_the_own_space_does_nothing_in_the_childs(act: str) -> None:
    house = family()
    before = said_of(house)
    async with visiting(house) as client:
        await sign_in(client, house)
        form = {"jeton": await token_of(client, ACCESS), **SAID[act]}
        assert await open_profile(client, LEO) == 303
        answer = await client.post(act, data=form, allow_redirects=False)
        shown = unescape(await answer.text())
        assert (answer.status, said_of(house)) == (409, before)
        assert 'data-refusal="profil"' in shown
        assert "Vous avez changé de profil depuis que cette page est ouverte" in shown
        form["jeton"] = await token_of(client, ACCESS)
        assert (await client.post(act, data=form, allow_redirects=False)).status == 303


async def test_a_form_of_the_childs_space_does_nothing_in_the_own() -> None:
    house = family()
    before, act = said_of(house), f"{ACCESS}/blocage"
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        form = {"jeton": await token_of(client, ACCESS), **SAID[act]}
        assert await open_profile(client, CLAIRE) == 303
        answer = await client.post(act, data=form, allow_redirects=False)
        assert (answer.status, said_of(house)) == (409, before)


async def test_whoever_changed_the_profile_elsewhere_changes_it_back_and_signs_out_here() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        jeton = await token_of(client, ACCESS)
        await open_profile(client, LEO)
        back = await client.post("/profils", data={"jeton": jeton}, allow_redirects=False)
        assert back.status == 303
        assert "Vous consultez le profil" not in (await page(client, "/documents"))[1]
        await open_profile(client, LEO)
        out = await client.post("/deconnexion", data={"jeton": jeton}, allow_redirects=False)
        assert out.headers["Location"] == "/connexion?fin=sortie"
