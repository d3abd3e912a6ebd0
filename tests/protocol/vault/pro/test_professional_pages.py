"""The professional's space, masking, and the trace that the patient reads."""

import re
from dataclasses import replace

import pytest
from msgspec import structs
from vault_house import (
    CLAIRE,
    MARC,
    PRO_TOKEN,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)
from vault_samples import narrative_cda

RESULTS = "x-application/hl7-v2+er7"


def ids_of(page: str) -> list[str]:
    return re.findall(r'data-id="([0-9a-f]{32})" data-kind="document"', page)


async def test_masking_takes_the_document_from_the_professionals_list_at_once() -> None:
    house = House()
    name = house.add("Bilan")
    house.shelf.shelved[name] = replace(
        house.shelf.shelved[name],
        card=structs.replace(house.shelf.shelved[name].card, author_ids=("x",), organization="y"),
    )
    record = f"/pro/patients/{key_of(CLAIRE).hex()}"
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert ids_of(await (await client.get(record)).text()) == [name]
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        page = f"/documents/{name}"
        status, place, _ = await post(client, page, f"{page}/visibilite", masque="oui")
        assert (status, place) == (303, f"{page}?masque=oui")
        assert "Document masqué" in await (await client.get(place)).text()
        status, _, _ = await post(client, page, f"{page}/visibilite", masque="peut-être")
        assert status == 422
        client.session.cookie_jar.clear()
        await sign_in_professional(client)
        text = await (await client.get(record)).text()
        assert "Aucun document accessible." in text
        assert (await client.get(f"/pro/documents/{name}")).status == 404


async def test_a_patient_who_gave_no_consent_is_one_sentence_and_nothing_else() -> None:
    house = House()
    house.add("Bilan", owner=MARC)
    async with visiting(house) as client:
        await sign_in_professional(client)
        ins = " ".join(MARC.ins or "")
        status, place, _ = await post(client, "/pro", "/pro/patients", ins=ins)
        assert status == 303
        text = await (await client.get(place)).text()
    assert "Le patient n'autorise pas l'accès." in text
    assert "Bilan" not in text


@pytest.mark.parametrize("ins", ["", "123", "2" * 15, "²" * 15])
async def test_an_ins_that_is_nobodys_is_an_error_in_words(ins: str) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        status, _, page = await post(client, "/pro", "/pro/patients", ins=ins)
    assert status == 422
    assert "Il y a un problème" in page


async def test_a_trait_that_is_missing_is_said_at_its_own_field() -> None:
    told = {"nom_naissance": "", "prenom": "Claire", "naissance": "12/03/1984", "sexe": "F"}
    async with visiting(House()) as client:
        await sign_in_professional(client)
        status, _, page = await post(client, "/pro", "/pro/patients", **told)
    assert (status, 'href="#nom_naissance"' in page, 'href="#ins"' in page) == (422, True, False)


async def test_the_patient_reads_who_opened_what_and_by_which_rule() -> None:
    house = House()
    name = house.add("Bilan", body=narrative_cda("Bilan", "x"))
    async with visiting(house) as client:
        await sign_in_professional(client)
        await client.get(f"/pro/documents/{name}")
        await client.get(f"/pro/documents/{name}/corps")
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        page = await (await client.get("/historique")).text()
    assert page.count("Dr Anne Roux") == 1, "a page and its frame are one reading"
    assert "a ouvert un document" in page
    assert "(P11)" in page


async def test_a_professional_session_opens_no_patients_page() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        answer = await client.get("/documents", allow_redirects=False)
        assert answer.status == 303
    assert PRO_TOKEN.encode() not in b"".join(house.sessions.kept)
