"""The text and the colours that a browser asks for, page after page."""

import pytest
from vault_house import Browser, House, post, sign_in, visiting

SIMPLE = "?lang=fr-FALC"


async def shown(client: Browser, path: str) -> str:
    return (await (await client.get(path)).text()).replace("&#39;", "'")


async def test_the_simple_text_is_asked_once_and_kept() -> None:
    house = House()
    async with visiting(house) as client:
        assert "Je tape mon identifiant." not in await shown(client, "/connexion")
        assert "Je tape mon identifiant." in await shown(client, "/connexion" + SIMPLE)
        page = await shown(client, "/opposition")
        assert "Je suis toujours remboursé." in page
        assert 'class="simplifie"' in page
        await sign_in(client, house)
        assert "Voici mes documents." in await shown(client, "/documents")
        assert "Voici mes documents." not in await shown(client, "/documents?lang=fr")
        assert "Voici mes documents." not in await shown(client, "/documents")


@pytest.mark.parametrize("asked", ["xx", "", "FR-FALC", "fr-FALC.sombre", "<script>"])
async def test_an_unknown_text_is_the_standard_one(asked: str) -> None:
    async with visiting(House()) as client:
        answer = await client.get("/connexion", params={"lang": asked})
        assert answer.status == 200
        page = await answer.text()
        assert 'class="simplifie"' not in page
        assert asked == "" or asked not in page


async def test_the_switch_leads_back_to_the_same_page_and_search() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await shown(client, "/documents?q=bilan&lang=fr-FALC")
        assert 'href="/documents?q=bilan&amp;lang=fr"' in page
        assert '<span aria-current="true">Texte simplifié</span>' in page


async def test_the_switch_of_a_form_that_is_wrong_leads_to_a_page_that_there_is() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        for page, form, place in (
            ("/agenda", "/agenda/rappels", "/"),
            ("/agenda/ajouter", "/agenda/ajouter", "/agenda/ajouter"),
        ):
            status, _, text = await post(client, page, form, date="hier")
            assert status == 422
            assert f'href="{place}?lang=fr-FALC"' in text
            assert (await client.get(place)).status == 200


async def test_nobody_is_told_that_the_simple_text_was_reviewed() -> None:
    async with visiting(House()) as client:
        assert "pas encore été relu" in await shown(client, "/aide" + SIMPLE)


async def test_the_colours_are_chosen_in_the_settings_and_kept_with_the_text() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await client.get("/aide" + SIMPLE)
        page = await shown(client, "/parametres")
        assert 'value="appareil" checked' in page
        token = page.split('name="jeton" value="')[1].split('"')[0]
        form = {"jeton": token, "apparence": "sombre"}
        answer = await client.post("/parametres/apparence", data=form, allow_redirects=False)
        assert answer.headers["Location"] == "/parametres?fait=apparence"
        page = await shown(client, "/parametres?fait=apparence")
        assert 'class="simplifie sombre"' in page
        assert "Apparence enregistrée" in page
        assert 'value="sombre" checked' in page


async def test_a_mistake_in_a_form_is_explained_simply() -> None:
    async with visiting(House()) as client:
        page = await shown(client, "/connexion" + SIMPLE)
        token = page.split('name="jeton" value="')[1].split('"')[0]
        answer = await client.post("/connexion", data={"jeton": token})
        assert answer.status == 422
        assert "Elle commence par le mot Erreur." in await answer.text()
