"""The version of a DocumentReference: it moves with what its reader sees, and tells no more."""

from dataclasses import replace

import pytest
from msgspec import structs
from vault_house import CLAIRE, INS_TEST, MARC, PRO_TOKEN, House, sign_in, visiting
from vault_twins import NOW

from gateway.records.documents.document import Label
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import DocumentStatus

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
SEARCH = "/fhir/DocumentReference"
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}", "status": "current"}


async def tags(house: House, name: str) -> tuple[str, str]:
    """What the médecin and the patient are told: the ETag of the same document."""
    async with visiting(house) as client:
        by_doctor = await client.get(f"{SEARCH}/{name}", headers=PRO)
        await sign_in(client, house)
        own = await client.get(f"{SEARCH}/{name}")
        for answer in (by_doctor, own):
            version = (await answer.json())["meta"]["versionId"]
            assert answer.headers["ETag"] == f'W/"{version}"'
        return by_doctor.headers["ETag"], own.headers["ETag"]


async def test_a_mask_makes_another_version_and_taking_it_off_a_third_one() -> None:
    house = House()
    name = house.add("Bilan")
    first = await tags(house, name)
    assert first[0] == first[1]
    assert await tags(house, name) == first
    await house.shelf.mask({name: Mask(since=NOW)}, at=NOW)
    async with visiting(house) as client:
        await sign_in(client, house)
        masked = await client.get(f"{SEARCH}/{name}", headers={"If-None-Match": first[1]})
        assert masked.status == 200
        assert masked.headers["ETag"] != first[1]
        old = first[1].strip('W/"')
        assert (await client.get(f"{SEARCH}/{name}/_history/{old}")).status == 404
    await house.shelf.mask({name: None}, at=NOW)
    third = await tags(house, name)
    assert third[0] == third[1]
    assert third[0] not in (first[0], masked.headers["ETag"])


async def test_a_later_status_makes_another_version() -> None:
    house = House()
    name = house.add("Bilan")
    _, first = await tags(house, name)
    one = house.shelf.shelved[name]
    card = structs.replace(one.card, status=DocumentStatus.SUPERSEDED)
    house.shelf.shelved[name] = replace(one, card=card)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await client.get(f"{SEARCH}/{name}")).headers["ETag"] != first


async def test_the_own_label_of_the_patient_moves_no_version_that_a_professional_sees() -> None:
    house = House()
    name = house.add("Bilan")
    doctors, patients = await tags(house, name)
    await house.shelf.label(name, own=Label.CERT_MED, at=NOW)
    again, own = await tags(house, name)
    assert (again == doctors, own == patients) == (True, False)


async def test_bytes_and_their_resource_are_told_apart_by_their_etags() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        found = [
            (await client.get(f"/fhir/Binary/{name}", headers=PRO | {"Accept": kind})).headers
            for kind in ("text/xml", "application/fhir+json")
        ]
    assert found[0]["ETag"] != found[1]["ETag"] == 'W/"1"'


@pytest.mark.parametrize("by_our_id", [False, True])
async def test_what_replaced_a_document_is_found_by_either_name_of_that(by_our_id: bool) -> None:
    house = House()
    older, newer = house.add("Bilan", unique_id="1.2.250.1.999.7^B,1"), house.add("Bilan corrigé")
    one = house.shelf.shelved[newer]
    named = older if by_our_id else "1.2.250.1.999.7^B,1"
    house.shelf.shelved[newer] = replace(one, document=replace(one.document, replaces=named))
    other = house.add("Autre")
    async with visiting(house) as client:
        for value in (older, f"DocumentReference/{older}", "urn:oid:1.2.250.1.999.7|B\\,1"):
            asked = WHO | {"relatesto": value}
            bundle = await (await client.get(SEARCH, params=asked, headers=PRO)).json()
            assert [entry["resource"]["id"] for entry in bundle.get("entry", [])] == [newer]
        for value in (other, newer, "f" * 32):
            asked = WHO | {"relatesto": value}
            bundle = await (await client.get(SEARCH, params=asked, headers=PRO)).json()
            assert bundle["total"] == 0


async def test_a_document_of_another_record_is_no_way_to_its_unique_id() -> None:
    house = House()
    newer = house.add("Bilan")
    one = house.shelf.shelved[newer]
    house.shelf.shelved[newer] = replace(one, document=replace(one.document, replaces="1.2.3.4"))
    theirs = house.add("Bilan de Marc", owner=MARC, unique_id="1.2.3.4")
    async with visiting(house) as client:
        asked = WHO | {"relatesto": theirs}
        assert (await (await client.get(SEARCH, params=asked, headers=PRO)).json())["total"] == 0
