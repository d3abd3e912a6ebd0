"""A caregiver reads and does not choose: acts are absent, and 403 when posted (VAULT REP-09)."""

import re
from datetime import timedelta

import pytest
from catalogue_twins import GLYCO, listed
from family_house import HIDDEN, ROSE, Client, family, open_profile, page, tie
from vault_house import MARC, House, key_of, post, sign_in, visiting

from gateway.records.catalogue.files import ServiceState
from gateway.records.patients.account import ChoiceKind

FORBIDDEN_PAGES = (
    "/historique",
    "/historique/csv",
    "/historique/preuve",
    "/historique/1",
    "/parametres",
    "/parametres/acces",
    "/parametres/acces/simulateur",
    "/parametres/partage",
    "/parametres/aidants",
)
FORBIDDEN_POSTS = (
    "/parametres/acces/accord",
    "/parametres/acces/retrait",
    "/parametres/acces/blocage",
    "/parametres/acces/urgence",
    "/parametres/acces/traitant",
    "/parametres/partage",
    "/parametres/partage/retrait",
    "/parametres/aidants",
    "/parametres/aidants/retrait",
)


async def in_profile_of_rose(client: Client, house: House) -> None:
    await sign_in(client, house, "marc81durand")
    assert await open_profile(client, ROSE) == 303


async def test_a_caregiver_reads_what_the_patient_reads() -> None:
    house = family()
    name = house.add("Bilan de Rose", owner=ROSE)
    secret = house.add("Courrier", owner=ROSE, codes=HIDDEN)
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        _, listed = await page(client, "/documents")
        assert "Bilan de Rose" in listed
        assert "Courrier" in listed  # Rose is an adult: ACCESS F29 is about a minor
        for path in (f"/documents/{name}", f"/documents/{name}/telecharger"):
            assert (await page(client, path))[0] == 200
        assert (await page(client, f"/documents/{secret}"))[0] == 200
    told = {row.trace.rule for row in house.traces.rows if row.trace.patient == key_of(ROSE)}
    assert told == {"P03"}


async def test_acts_that_are_not_a_caregivers_are_absent_with_one_sentence_why() -> None:
    house = family()
    name = house.add("Bilan de Rose", owner=ROSE)
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        for path in ("/", "/documents", f"/documents/{name}"):
            _, shown = await page(client, path)
            assert (
                "Vous êtes proche aidant : vous pouvez lire les documents et en ajouter." in shown
            ), path
            for absent in ("/historique", "/parametres", "/visibilite", "Masquer ce document"):
                assert absent not in shown, (path, absent)


@pytest.mark.parametrize("path", FORBIDDEN_PAGES)
async def test_a_page_that_is_not_a_caregivers_is_403(path: str) -> None:
    house = family()
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        status, shown = await page(client, path)
    assert status == 403
    assert 'data-refusal="proche-aidant"' in shown
    assert house.traces.rows[-1].trace.rule == "D00"


@pytest.mark.parametrize("path", FORBIDDEN_POSTS)
async def test_a_form_that_is_not_a_caregivers_is_403_and_changes_nothing(path: str) -> None:
    house = family()
    before = list(house.people.chosen[key_of(ROSE)])
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        status, _, shown = await post(client, "/documents", path, id="801234567890")
    assert status == 403
    assert 'data-refusal="proche-aidant"' in shown
    assert house.people.chosen[key_of(ROSE)] == before


async def test_masking_is_403_for_every_document_there_or_not() -> None:
    house = family()
    name = house.add("Bilan de Rose", owner=ROSE)
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        answers = [
            await post(client, "/documents", f"/documents/{one}/{act}", masque="oui", libelle="")
            for one in (name, "f" * 32)
            for act in ("visibilite", "libelle")
        ]
    assert {status for status, _, _ in answers} == {403}
    assert len({shown for _, _, shown in answers}) == 1
    assert not house.shelf.shelved[name].card.masked_by_patient


async def test_the_end_date_ends_the_access_that_very_second() -> None:
    house = family()
    house.people.chosen[key_of(ROSE)].clear()
    end = house.clock.now() + timedelta(minutes=5)
    tie(house, ROSE, ChoiceKind.CAREGIVER, MARC, until=end)
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        house.clock.at = end - timedelta(seconds=1)
        assert (await page(client, "/documents"))[0] == 200
        house.clock.at = end
        assert (await page(client, "/documents"))[0] == 404


async def test_the_patient_sees_what_the_caregiver_did() -> None:
    house = family()
    name = house.add("Bilan de Rose", owner=ROSE)
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        await page(client, f"/documents/{name}")
    async with visiting(house) as client:
        await sign_in(client, house, "rose52pelletier")
        _, shown = await page(client, "/historique")
    assert "par Marc DURAND, proche aidant" in shown
    assert "a ouvert un document" in shown


async def test_a_caregiver_asks_the_log_under_fhir_in_vain() -> None:
    house = family()
    house.add("Bilan de Rose", owner=ROSE)
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        asked = f"patient.identifier=urn:oid:{ROSE.ins_oid}|{ROSE.ins}"
        answer = await client.get(f"/fhir/AuditEvent?{asked}")
        assert (await answer.json(content_type=None))["total"] == 0
        answer = await client.get(f"/fhir/DocumentReference?{asked}")
        assert (await answer.json(content_type=None))["total"] == 1


async def test_no_link_of_a_caregivers_pages_leads_to_a_refusal() -> None:
    house = family()
    house.add("Bilan de Rose", owner=ROSE)
    house.catalogue.kept[GLYCO.id] = listed(GLYCO, ServiceState.LISTED)
    async with visiting(house) as client:
        await in_profile_of_rose(client, house)
        waiting, seen = ["/"], set[str]()
        while waiting:
            path = waiting.pop()
            if path in seen or "/telecharger" in path:
                continue
            seen.add(path)
            status, shown = await page(client, path)
            assert status in (200, 303), path
            waiting += re.findall(r'<a [^>]*href="(/[^"#?]*)', shown)
        _, form = await page(client, "/documents/ajouter")
    assert f"/catalogue/{GLYCO.id}" in seen
    assert "masquer le document" not in form, "the caregiver may not"
