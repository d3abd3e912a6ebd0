"""Each page of a record says whose it is, and nothing to a professional who is refused."""

import re

import pytest
from vault_house import CLAIRE, MARC, House, key_of, sign_in_professional, visiting

RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
MARCS = f"/pro/patients/{key_of(MARC).hex()}"
CALLED = "Patient : <strong>DURAND Claire, 1984</strong>"
ROOMS = ("/profil", "/profil/allergies", "/vaccination", "/mesures", "/resultats")
WHAT_IS_WRITTEN = (
    "/profil/allergies/ajouter/allergy",
    "/vaccination/ajouter",
    "/mesures/ajouter",
    "/mesures/ajouter?code=29463-7",
    "/deposer",
    "/depots",
)


@pytest.mark.parametrize("path", ["", *ROOMS, "/mesures/29463-7", *WHAT_IS_WRITTEN])
async def test_each_page_of_a_record_names_the_patient_once(path: str) -> None:
    async with visiting(House()) as client:
        await sign_in_professional(client)
        answer = await client.get(RECORD + path)
        page = await answer.text()
    assert answer.status == 200
    assert page.count(CALLED) == 1


async def test_the_page_of_a_document_names_the_patient_to_a_professional_only() -> None:
    house = House()
    document = house.add("Hémogramme")
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await (await client.get(f"/pro/documents/{document}")).text()
    assert page.count(CALLED) == 1


@pytest.mark.parametrize("path", ROOMS)
async def test_who_is_refused_reads_no_name_and_nothing_that_looks_like_an_answer(
    path: str,
) -> None:
    async with visiting(House()) as client:
        await sign_in_professional(client)
        page = await (await client.get(MARCS + path)).text()
    assert 'data-refusal="acces"' in page
    assert not re.search(r"Durand|1981|Rien n|Aucun|accessible|notées", page, re.IGNORECASE)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/profil", "Rien d&#39;accessible."),
        ("/profil/allergies", "Rien d&#39;accessible."),
        ("/vaccination", "Aucune vaccination accessible."),
        ("/mesures", "Aucune mesure accessible."),
        ("/resultats", "Aucun résultat chiffré accessible."),
    ],
)
async def test_what_a_professional_may_not_see_is_never_said_not_to_be_there(
    path: str, sentence: str
) -> None:
    async with visiting(House()) as client:
        await sign_in_professional(client)
        page = await (await client.get(RECORD + path)).text()
    assert sentence in page
    assert "Rien n&#39;est renseigné" not in page
    assert "Rien n'est renseigné" not in page
