"""Closing a space, and coming back to it, by page (VAULT ACC-15 to ACC-18)."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from family_house import JADE, LEO, ROSE, Client, family, open_profile, page, tie
from test_everybody_everywhere import house_of_rose
from vault_house import (
    CLAIRE,
    MARC,
    PASSWORD,
    House,
    give_password,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)

from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Person
from gateway.records.patients.patient import PatientIdentity

CONFIRM, CLOSE = "/parametres/fermer/confirmer", "/parametres/fermer"
CLOSED = "/connexion/ferme"
ROSES = f"patient.identifier=urn:oid:{ROSE.ins_oid}|{ROSE.ins}"


def of(house: House, who: PatientIdentity) -> Person:
    return house.people.persons[key_of(who)]


async def close(client: Client, **fields: str) -> tuple[int, str, str]:
    said = {"mot_de_passe": PASSWORD, "suppression": ""} | fields
    return await post(client, CONFIRM, CLOSE, **said)


async def before_the_closed(
    client: Client, house: House, login: str = "claire84durand"
) -> tuple[int, str]:
    """Signed in as ever; what the owner of a closed space is shown."""
    await give_password(client, login)
    code = "/connexion/code"
    assert (await post(client, code, code, otp=house.letters.code()))[:2] == (303, "/")
    answer = await client.get("/", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, CLOSED)
    return await page(client, CLOSED)


async def test_who_closes_is_offered_a_copy_first_and_is_out_at_once() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client, visiting(house) as elsewhere:
        await sign_in(client, house)
        await sign_in(elsewhere, house)
        _, shown = await page(client, CLOSE)
        assert shown.index('href="/documents">Télécharger') < shown.index(f'href="{CONFIRM}"')
        _, asked = await page(client, CONFIRM)
        assert "<h1>Confirmer la fermeture</h1>" in asked
        assert "data-reveal" not in asked  # the page says the same without our script
        assert of(house, CLAIRE).state is AccountState.ACTIVE
        status, place, _ = await close(client)
        assert (status, place) == (303, "/connexion?fin=fermeture")
        assert "Votre espace est fermé." in (await page(client, place))[1]
        for browser in (client, elsewhere):
            answer = await browser.get("/documents", allow_redirects=False)
            assert (answer.status, answer.headers["Location"][:10]) == (303, "/connexion")
    assert of(house, CLAIRE).closed_at == house.clock.at
    assert [one.subject for one in house.departures.then] == ["account-closed"]
    assert house.traces.rows[-1].trace.action == "closing"


async def test_what_professionals_read_is_read_no_more_once_its_owner_closed() -> None:
    house, document = house_of_rose()
    agreed = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target="801234567890", since=house.clock.at)
    house.people.chosen[key_of(ROSE)].append(agreed)
    async with visiting(house) as client, visiting(house) as doctor:
        await sign_in(client, house, "rose52pelletier")
        await sign_in_professional(doctor)
        search = f"/fhir/DocumentReference?{ROSES}"
        assert document in await (await doctor.get(search)).text()
        assert (await close(client))[0] == 303
        answer = await doctor.get(search)
        assert document not in await answer.text()
        assert (await doctor.get(f"/pro/documents/{document}")).status == 404


@pytest.mark.parametrize("word", ["supprimer", "OUI", "SUPPRIMER TOUT"])
async def test_another_word_than_the_one_asked_for_closes_nothing(word: str) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, text = await close(client, suppression=word)
        assert (status, 'id="suppression-error"' in text) == (422, True)
        assert PASSWORD not in text
    assert of(house, CLAIRE).state is AccountState.ACTIVE


async def test_a_wrong_password_closes_nothing_and_is_traced_and_the_sixth_is_turned_away() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        for _ in range(5):
            status, _, text = await close(client, mot_de_passe="Autre-9-Chose")
            assert (status, "Ce mot de passe n'est pas correct." in unescape(text)) == (422, True)
        status, _, text = await close(client)
        assert (status, 'data-refusal="trop-d-essais"' in text) == (429, True)
    last = house.traces.rows[-1].trace
    assert (last.action, last.permitted) == ("closing", False)
    assert of(house, CLAIRE).state is AccountState.ACTIVE


async def test_a_closed_space_is_opened_again_as_it_was() -> None:
    house = House()
    document = house.add("Bilan")
    block = Choice(kind=ChoiceKind.BLOCK, target="8001", since=house.clock.at)
    house.people.chosen[key_of(CLAIRE)].append(block)
    async with visiting(house) as client:
        await sign_in(client, house)
        await close(client)
        house.clock.at += timedelta(days=400)
        status, shown = await before_the_closed(client, house)
        assert (status, "Il est fermé depuis le 12 mars 2026." in shown) == (200, True)
        assert "gardé jusqu'au 12 mars 2036" in shown
        for path in ("/documents", f"/documents/{document}", "/parametres", "/profils"):
            answer = await client.get(path, allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, CLOSED), path
        assert (await client.get(f"/fhir/DocumentReference/{document}")).status == 401
        assert (await post(client, CLOSED, f"{CLOSED}/rouvrir"))[0] == 422
        status, place, _ = await post(client, CLOSED, f"{CLOSED}/rouvrir", cgu="oui")
        assert (status, place) == (303, "/profils?fait=rouvert")
        assert "Espace rouvert." in (await page(client, place))[1]
        assert (await client.get(f"/documents/{document}")).status == 200
    assert of(house, CLAIRE).state is AccountState.ACTIVE
    assert block in house.people.chosen[key_of(CLAIRE)]


async def test_a_deletion_is_asked_for_with_the_word_and_taken_back() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await close(client)
        await before_the_closed(client, house)
        path = f"{CLOSED}/suppression"
        assert (await post(client, path, path, suppression="supprimer"))[0] == 422
        assert of(house, CLAIRE).deletion_asked_at is None
        status, place, _ = await post(client, path, path, suppression="SUPPRIMER")
        assert (status, place) == (303, f"{CLOSED}?fait=demandee")
        _, shown = await page(client, place)
        assert "au plus tard le 12 juin 2026" in shown
        assert "au plus tôt le 5 juin 2026" in shown
        assert of(house, CLAIRE).deletion_asked_at == house.clock.at
        assert (await post(client, CLOSED, f"{CLOSED}/maintien"))[0] == 303
    assert of(house, CLAIRE).deletion_asked_at is None
    assert of(house, CLAIRE).state is AccountState.CLOSED


async def test_opening_again_cancels_the_deletion_and_says_so() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await close(client, suppression="SUPPRIMER"))[1] == "/connexion?fin=suppression"
        _, shown = await before_the_closed(client, house)
        assert "La demande de suppression sera annulée." in shown
        _, place, _ = await post(client, CLOSED, f"{CLOSED}/rouvrir", cgu="oui")
        assert "demande de suppression annulée" in (await page(client, place))[1]
    assert of(house, CLAIRE).deletion_asked_at is None
    told = [one.subject for one in house.departures.then]
    assert told == ["account-closed", "deletion-asked", "account-reopened"]


async def test_once_the_deletion_has_begun_nothing_is_opened_and_the_day_is_told() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await close(client, suppression="SUPPRIMER")
        await before_the_closed(client, house)
        erasing = replace(of(house, CLAIRE), state=AccountState.ERASING)
        house.people.persons[key_of(CLAIRE)] = erasing
        for act, fields in (("rouvrir", {"cgu": "oui"}), ("maintien", {})):
            status, _, text = await post(client, CLOSED, f"{CLOSED}/{act}", **fields)
            assert (status, "au plus tard le 12 juin 2026" in text) == (409, True)
        assert "a commencé" in (await page(client, CLOSED))[1]
        assert (await give_password(client))[0] == 422
    assert of(house, CLAIRE) == erasing


async def test_who_was_not_identified_stands_before_no_closed_space() -> None:
    async with visiting(House()) as client:
        for path in (CLOSED, f"{CLOSED}/suppression"):
            answer = await client.get(path, allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, "/connexion")


async def test_a_parent_closes_the_space_of_a_child_and_opens_it_again() -> None:
    house = family()
    tie(house, LEO, ChoiceKind.PARENT, MARC)
    async with visiting(house) as client, visiting(house) as other:
        await sign_in(client, house)
        await open_profile(client, LEO)
        assert "Fermer l'espace de Léo" in (await page(client, CLOSE))[1]
        assert "Confirmer la fermeture de l'espace de Léo" in (await page(client, CONFIRM))[1]
        assert (await close(client))[:2] == (303, "/profils?fait=ferme")
        assert of(house, LEO).state is AccountState.CLOSED
        await sign_in(other, house, "marc81durand")
        assert await open_profile(other, LEO) == 404
        place = f"/profils/rouvrir?profil={key_of(LEO).hex()}"
        assert "L'espace de Léo est fermé" in (await page(other, place))[1]
        fields = {"profil": key_of(LEO).hex(), "cgu": "oui"}
        status, place, _ = await post(other, place, "/profils/rouvrir", **fields)
        assert (status, place) == (303, "/profils?fait=rouvert")
        assert await open_profile(client, LEO) == 303
    assert of(house, LEO).state is AccountState.ACTIVE
    assert of(house, CLAIRE).state is AccountState.ACTIVE


async def test_a_caregiver_neither_closes_nor_opens_again() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        await open_profile(client, ROSE)
        status, _, text = await post(client, "/", CLOSE, mot_de_passe=PASSWORD)
        assert (status, 'data-refusal="proche-aidant"' in text) == (403, True)
        closed = replace(of(house, ROSE), state=AccountState.CLOSED)
        house.people.persons[key_of(ROSE)] = closed
        for who in (ROSE, JADE):
            path = f"/profils/rouvrir?profil={key_of(who).hex()}"
            assert (await client.get(path)).status == 404
    assert of(house, ROSE) == closed
