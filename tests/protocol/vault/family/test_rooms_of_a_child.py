"""The medical rooms say of a child's profile what is the child's (PAGES section 2, rule 4)."""

import re

from family_house import LEO, family, open_profile, page
from vault_house import sign_in, visiting

OWN = re.compile(r"\b(?:Mes informations|mes informations|mes mesures|Mon objectif|Je n'ai|Je ne)")
ROOMS = (
    "/profil",
    "/profil/allergies",
    "/profil/entourage",
    "/profil/informations-personnelles",
    "/profil/informations-personnelles/ajouter/about-me",
    "/mesures",
    "/mesures/choix",
)


async def test_no_room_of_a_child_speaks_as_if_the_parent_were_the_patient() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        mine = [(await page(client, path))[1] for path in ROOMS]
        assert await open_profile(client, LEO) == 303
        for path, own in zip(ROOMS, mine, strict=True):
            status, his = await page(client, path)
            assert (status, OWN.findall(his.partition("<main")[2])) == (200, []), path
            assert OWN.search(own) or path == "/profil/entourage"
        _, about = await page(client, "/profil/informations-personnelles")
        _, allergies = await page(client, "/profil/allergies")
    assert "<h1>Informations personnelles de Léo</h1>" in about
    assert ">Pas d'allergie à ajouter</button>" in allergies


async def test_the_ins_stands_in_its_parts() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, text = await page(client, "/profil/informations-personnelles")
    assert "2\u00a084\u00a003\u00a075\u00a0116\u00a0042\u00a082" in text
