"""« Aide »: open to anybody, with who helps near a postcode."""

import pytest
from vault_house import Browser, House, visiting

from gateway.mapping.help_places import read_places
from gateway.settings.demo import PLACES


async def shown(client: Browser, path: str) -> tuple[int, str]:
    answer = await client.get(path)
    return answer.status, (await answer.text()).replace("&#39;", "'")


def helping() -> House:
    return House(help_places=read_places(PLACES.read_text("utf-8")))


@pytest.mark.parametrize("path", ["/aide", "/aide/accompagnement"])
async def test_places_near_a_postcode_are_shown_before_anybody_signs_in(path: str) -> None:
    async with visiting(helping()) as client:
        status, page = await shown(client, f"{path}?code_postal=29+200")
        assert status == 200
        assert "CPAM du Finistère" in page
        assert "CPAM de Paris" not in page
        assert "3 lieux pour le code postal 29200" in page


async def test_a_wrong_postcode_is_said_at_its_field_and_kept() -> None:
    async with visiting(helping()) as client:
        status, page = await shown(client, "/aide?code_postal=29%3Cb%3E")
        assert status == 422
        assert "Le code postal compte 5 chiffres" in page
        assert 'value="29&lt;b&gt;"' in page
        assert "<title>Erreur : Aide" in page


async def test_a_place_where_nobody_is_known_leads_to_the_telephone() -> None:
    async with visiting(helping()) as client:
        _, page = await shown(client, "/aide?code_postal=35000")
        assert "Aucun lieu connu ici pour le code postal 35000. Appelez le 3422." in page


async def test_without_a_list_no_form_asks_for_a_postcode() -> None:
    async with visiting(House()) as client:
        status, page = await shown(client, "/aide?code_postal=29200")
        assert status == 200
        assert 'name="code_postal"' not in page
        assert "Le 3422 vous dit où." in page


async def test_the_help_says_hours_price_rights_and_conditions() -> None:
    async with visiting(House()) as client:
        _, page = await shown(client, "/aide")
        for words in (
            "du lundi au vendredi de 8 h 30 à 17 h 30",
            "service gratuit + prix d'un appel local",
            "01 53 62 40 30",
            'href="/aide/conditions"',
        ):
            assert words in page
        assert "Mon espace santé est gratuit." in (await shown(client, "/aide/conditions"))[1]
