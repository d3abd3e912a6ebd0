"""The block of problems names each field by words: its links are read without the form."""

import re
from html import unescape

from family_house import Client
from vault_house import House, post, sign_in, sign_in_professional, visiting

FOUND = re.compile(r'<li><a href="#\w+">([^<]+)</a></li>')


async def problems(client: Client, page: str, place: str = "", **typed: str) -> list[str]:
    status, _, text = await post(client, page, place or page, **typed)
    assert status == 422
    return FOUND.findall(unescape(text))


async def test_no_two_links_of_the_block_are_alike() -> None:
    house = House()
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        await sign_in_professional(office)
        carers = await problems(client, "/parametres/aidants")
        assert carers[1:] == [
            "Remplissez le champ « Nom de naissance ».",
            "Remplissez le champ « Date de naissance ».",
        ]
        patients = await problems(office, "/pro", "/pro/patients", nom_naissance="")
        assert len(set(patients)) == len(patients) == 4
        wish = "/profil/entourage/ajouter/organ-donation"
        assert "Cochez la case « J'ai pris connaissance des règles du don d'organes »." in (
            await problems(client, wish)
        )
