"""Each page of a record before a professional says whose it is."""

import pytest
from vault_house import CLAIRE, House, key_of, sign_in_professional, visiting

RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
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
