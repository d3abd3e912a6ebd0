"""The patient puts a document under another label: in the own view, and nowhere else."""

import re
from dataclasses import replace

import pytest
from msgspec import structs
from vault_house import (
    CLAIRE,
    INS_TEST,
    MARC,
    PRO_TOKEN,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)

from gateway.records.documents.document import Label
from gateway.records.documents.shelved import DocumentStatus

RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
SEARCH = "/fhir/DocumentReference"
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}", "status": "current"}
PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}


def count_of(page: str, words: str) -> int:
    found = re.search(rf'{words} <span class="count">\((\d+)\)', page)
    assert found
    return int(found.group(1))


async def test_list_counts_filters_and_order_follow_the_patients_own_label() -> None:
    house = House()
    name = house.add("Bilan")
    house.add("Autre bilan")
    page = f"/documents/{name}"
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await post(client, page, f"{page}/libelle", libelle="CERT_MED")
        assert (status, place) == (303, f"{page}?libelle=change")
        said = await (await client.get(place)).text()
        assert "Libellé changé dans votre vue" in said
        assert "Certificats médicaux (votre choix)" in said
        assert "type:11502-2" in said
        listed = await (await client.get("/documents")).text()
        assert count_of(listed, "Certificats médicaux") == 1
        assert count_of(listed, "Résultats de biologie") == 1
        only = await (await client.get("/documents", params={"libelle": "CERT_MED"})).text()
        assert name in only
        assert "Autre bilan" not in only
        sorted_ = await (await client.get("/documents", params={"tri": "libelle"})).text()
        assert sorted_.index("Autre bilan") < sorted_.index(f'data-id="{name}"')


async def test_the_label_of_origin_comes_back_and_both_acts_are_traced() -> None:
    house = House()
    name = house.add("Bilan")
    page = f"/documents/{name}"
    async with visiting(house) as client:
        await sign_in(client, house)
        await post(client, page, f"{page}/libelle", libelle="CERT_MED")
        status, place, _ = await post(client, page, f"{page}/libelle", libelle="")
        assert (status, place) == (303, f"{page}?libelle=origine")
        said = await (await client.get(place)).text()
        history = await (await client.get("/historique", params={"moi": "oui"})).text()
    assert "Libellé d&#39;origine rétabli" in said
    assert "(votre choix)" not in said
    assert house.shelf.shelved[name].card.own_label is None
    acts = [(row.trace.action, row.trace.details) for row in house.traces.rows]
    assert any(act == "own-label" and b'"CERT_MED"' in details for act, details in acts)
    assert "own-label-undone" in [act for act, _ in acts]
    assert "a rétabli le libellé d&#39;origine" in history


async def test_choosing_the_gateways_own_label_is_no_choice_of_ones_own() -> None:
    house = House()
    name = house.add("Bilan")
    page = f"/documents/{name}"
    async with visiting(house) as client:
        await sign_in(client, house)
        await post(client, page, f"{page}/libelle", libelle="BIOLOGIE")
    assert house.shelf.shelved[name].card.own_label is None


async def test_a_professional_sees_the_gateways_label_on_every_face() -> None:
    house = House()
    name = house.add("Bilan")
    house.shelf.shelved[name] = replace(
        house.shelf.shelved[name],
        card=structs.replace(house.shelf.shelved[name].card, own_label=Label.CERT_MED),
    )
    async with visiting(house) as client:
        await sign_in_professional(client)
        record = await (await client.get(RECORD)).text()
        document = await (await client.get(f"/pro/documents/{name}")).text()
        client.session.cookie_jar.clear()
        bundle = await (await client.get(SEARCH, params=WHO, headers=PRO)).json()
        single = await (await client.get(f"{SEARCH}/{name}", headers=PRO)).json()
    for page in (record, document):
        assert "Certificats médicaux" not in page
        assert "Résultats de biologie" in page
        assert "votre choix" not in page
    assert single["meta"]["tag"][0]["code"] == "BIOLOGIE"
    assert bundle["entry"][0]["resource"]["meta"]["tag"][0]["code"] == "BIOLOGIE"


async def test_fhir_answers_of_the_patient_bear_the_own_label_and_find_by_it() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        first = await (await client.get(f"{SEARCH}/{name}", headers=PRO)).json()
        await sign_in(client, house)
        await house.shelf.label(name, own=Label.CERT_MED, at=house.clock.now())
        mine = await (await client.get(f"{SEARCH}/{name}")).json()
        found = await (await client.get(SEARCH, params={**WHO, "_tag": "CERT_MED"})).json()
        none = await (await client.get(SEARCH, params={**WHO, "_tag": "BIOLOGIE"})).json()
        client.session.cookie_jar.clear()
        asked = {**WHO, "_tag": "CERT_MED"}
        theirs = await (await client.get(SEARCH, params=asked, headers=PRO)).json()
    assert first["meta"]["tag"][0]["code"] == "BIOLOGIE"
    assert mine["meta"]["tag"] == [
        {"system": "urn:passerelle:libelle", "code": "CERT_MED", "display": "Certificats médicaux"}
    ]
    assert (found["total"], none["total"], theirs["total"]) == (1, 0, 0)


@pytest.mark.parametrize("libelle", ["BIOLOGIE ", "biologie", "DOC_ADM", "<b>"])
async def test_a_label_that_is_none_is_refused_and_changes_nothing(libelle: str) -> None:
    house = House()
    name = house.add("Bilan")
    page = f"/documents/{name}"
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, _ = await post(client, page, f"{page}/libelle", libelle=libelle)
    assert status == 422
    assert house.shelf.shelved[name].card.own_label is None


async def test_a_forged_form_and_somebody_elses_document_change_nothing() -> None:
    house = House()
    mine, foreign = house.add("Bilan"), house.add("Secret", owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        forged = await client.post(
            f"/documents/{mine}/libelle", data={"jeton": "faux", "libelle": "CERT_MED"}
        )
        assert forged.status == 403
        status, _, _ = await post(
            client, f"/documents/{mine}", f"/documents/{foreign}/libelle", libelle="CERT_MED"
        )
        assert status == 404
        client.session.cookie_jar.clear()
        await sign_in_professional(client)
        asked = await client.post(
            f"/documents/{mine}/libelle", data={"libelle": "CERT_MED"}, allow_redirects=False
        )
        assert (asked.status, asked.headers["Location"]) == (303, "/connexion")
    assert [one.card.own_label for one in house.shelf.shelved.values()] == [None, None]


async def test_only_the_current_version_has_the_form() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "/libelle" in await (await client.get(f"/documents/{name}")).text()
        old = house.shelf.shelved[name]
        card = structs.replace(old.card, status=DocumentStatus.SUPERSEDED)
        house.shelf.shelved[name] = replace(old, card=card)
        assert "/libelle" not in await (await client.get(f"/documents/{name}")).text()
