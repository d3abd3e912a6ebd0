"""The block of problems names each field by words: its links are read without the form."""

import re
from html import unescape

from family_house import Client
from support_house import DESK, answering, find
from vault_house import CLAIRE, House, key_of, post, sign_in, sign_in_professional, visiting

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


async def test_the_desk_names_each_empty_field() -> None:
    house = House()
    async with answering(house) as client:
        assert "Remplissez le champ « Motif de l'appel »." in await problems(client, DESK)
        await find(client, nir=CLAIRE.ins or "")
        wrong = await problems(client, f"{DESK}/representant", personne=key_of(CLAIRE).hex())
        assert len(set(wrong)) == len(wrong) == 8
        assert "Remplissez le champ « Nom de naissance du représentant »." in wrong
        assert "Remplissez le champ « Motif »." in wrong
