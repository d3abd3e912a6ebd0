"""The medical profile by FHIR and in a copy (GEN-01, EXP-03; decision 013)."""

from typing import Any

import pytest
from export_house import copy_of
from fhir.resources.R4B import get_fhir_model_class
from vault_house import (
    CLAIRE,
    INS_TEST,
    PRO_TOKEN,
    Browser,
    House,
    key_of,
    sign_in,
    visiting,
)

from gateway.flows.reading.decided.facts import patient_reader
from gateway.mapping.fhir.clinical.entries import MAKERS, TYPE_OF
from gateway.records.entries.around import (
    AboutMe,
    Contact,
    ContactGroup,
    Directives,
    Link,
    OrganDonation,
    TrustedPerson,
    Wish,
)
from gateway.records.entries.content import EntryContent
from gateway.records.entries.immunization import Immunization
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import (
    Allergy,
    AllergyCategory,
    Condition,
    FamilyHistory,
    Hospitalisation,
    Medication,
    Relation,
    Severity,
)
from gateway.records.patients.account import Choice, ChoiceKind

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}"}
ALL: dict[EntryKind, EntryContent] = {
    EntryKind.CONDITION: Condition(name="Asthme", code="J45", onset="2010", comment="Le soir"),
    EntryKind.ALLERGY: Allergy(
        substance="Pénicilline", category=AllergyCategory.MEDICATION, severity=Severity.SEVERE
    ),
    EntryKind.MEDICATION: Medication(name="Ventoline", start="2010-05", dosage="2 bouffées"),
    EntryKind.FAMILY_HISTORY: FamilyHistory(relation=Relation.MOTHER, name="Diabète", age=61),
    EntryKind.HOSPITALISATION: Hospitalisation(title="Fracture", admitted="2020-01-02"),
    EntryKind.CONTACT: Contact(
        group=ContactGroup.EMERGENCY, name="Marc", link=Link.SPOUSE, phone="0600000000"
    ),
    EntryKind.TRUSTED_PERSON: TrustedPerson(name="Marc", phone="0600000000"),
    EntryKind.DIRECTIVES: Directives(text="Non", signed="2024-05"),
    EntryKind.ORGAN_DONATION: OrganDonation(is_informed=True, wish=Wish.FOR),
    EntryKind.ABOUT_ME: AboutMe(),
    EntryKind.IMMUNIZATION: Immunization(
        date="2026-01-10", vaccine="Revaxis", code="60917345", lot="L-7", vaccinator="M. Fictif"
    ),
}


async def filled() -> House:
    house = House()
    medical = house.rooms().medical
    assert medical is not None
    for kind, content in ALL.items():
        reader = patient_reader(key_of(CLAIRE), name="Claire")
        await medical.write.add(reader, key_of(CLAIRE), kind, content)
    return house


async def found(client: Browser, kind: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    answer = await client.get(f"/fhir/{kind}", params=WHO, headers=headers)
    assert answer.status == 200, await answer.text()
    bundle = await answer.json()
    return [one["resource"] for one in bundle.get("entry", [])]


def test_every_kind_with_a_type_is_made_and_none_twice() -> None:
    assert set(MAKERS) == set(TYPE_OF)
    assert set(ALL) <= set(TYPE_OF)


@pytest.mark.parametrize("kind", ["Condition", "AllergyIntolerance", "MedicationStatement"])
async def test_an_entry_is_read_beside_what_documents_hold(kind: str) -> None:
    house = await filled()
    async with visiting(house) as client:
        (one,) = await found(client, kind, PRO)
        assert one["meta"]["source"] == "urn:passerelle:profil"
        answer = await client.get(f"/fhir/{kind}/{one['id']}", headers=PRO)
        assert (answer.status, await answer.json()) == (200, one)
        assert (await client.get(f"/fhir/Encounter/{one['id']}", headers=PRO)).status == 404


async def test_a_masked_entry_is_no_resource_for_professionals() -> None:
    house = await filled()
    medical = house.rooms().medical
    assert medical is not None
    claire = patient_reader(key_of(CLAIRE), name="Claire")
    entry = next(one for (*_, one) in house.entries.kept.values() if one.kind == "condition")
    await medical.change.mask(claire, key_of(CLAIRE), entry.id, masked=True)
    async with visiting(house) as client:
        assert await found(client, "Condition", PRO) == []
        assert (await client.get(f"/fhir/Condition/{entry.id}", headers=PRO)).status == 404
        await sign_in(client, house)
        assert [one["id"] for one in await found(client, "Condition", {})] == [entry.id]


async def test_a_copy_has_every_entry_as_a_resource_that_holds() -> None:
    house = await filled()
    async with visiting(house) as client:
        await sign_in(client, house)
        copy = await copy_of(client, house)
    made = [
        one
        for name in set(TYPE_OF.values())
        for one in copy.resources(name)
        if one.get("meta", {}).get("source") == "urn:passerelle:profil"
    ]
    assert {one["id"] for one in made} == set(house.entries.kept)
    for one in made:
        get_fhir_model_class(one["resourceType"]).model_validate(one)


async def test_contacts_and_wishes_are_read_as_access_says() -> None:
    """VAULT section 7: RelatedPerson, Consent. No professional reads contacts (PRO-11)."""
    house = await filled()
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        related, wishes = (
            await found(client, "RelatedPerson", {}),
            await found(client, "Consent", {}),
        )
        assert len(related) == len(wishes) == 2
        for one in (*related, *wishes):
            get_fhir_model_class(one["resourceType"]).model_validate(one)
            place = f"/fhir/{one['resourceType']}/{one['id']}"
            answer = await client.get(place)
            assert (answer.status, await answer.json()) == (200, one)
        seen = await found(office, "RelatedPerson", PRO)
        assert [one["relationship"] for one in seen] == [[{"text": "Personne de confiance"}]]
        assert await found(office, "Consent", PRO) == wishes
        hidden = next(one for one in related if one not in seen)
        assert (await office.get(f"/fhir/RelatedPerson/{hidden['id']}", headers=PRO)).status == 404
        for wrong in (wishes[0]["id"], "x", "0" * 32):
            answer = await client.get(f"/fhir/RelatedPerson/{wrong}")
            assert answer.status == 404
        block = Choice(kind=ChoiceKind.BLOCK, target="801234567890", since=house.clock.now())
        house.people.chosen[key_of(CLAIRE)].append(block)
        assert await found(office, "Consent", PRO) == []
        assert (await office.get(f"/fhir/Consent/{wishes[0]['id']}", headers=PRO)).status == 404
        stated = await (await client.get("/fhir/metadata")).json()
    kinds = {one["type"] for one in stated["rest"][0]["resource"]}
    assert {"RelatedPerson", "Consent"} <= kinds
