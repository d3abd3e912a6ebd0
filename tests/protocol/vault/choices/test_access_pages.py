"""Refused, granted, in emergency, blocked: the professional's pages and what the patient sees."""

import re
from dataclasses import replace
from html import unescape

import pytest
from msgspec import structs
from vault_house import (
    CLAIRE,
    MARC,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)

from gateway.records.patients.account import Choice, ChoiceKind

RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
ACCESS = "/parametres/acces"
ROUX = "801234567890"
STATES = re.compile(r'data-kind="access" data-id="([^"]+)" data-state="([^"]+)"')


def unknown_to_claire() -> House:
    """A house in which Claire agreed to nobody."""
    house = House()
    house.people.chosen.clear()
    house.people.log = house.traces
    house.add("Bilan")
    return house


async def test_a_physician_is_refused_then_granted_and_the_patient_reads_both() -> None:
    house = unknown_to_claire()
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await (await client.get(RECORD)).text()
        assert "Le patient n'autorise pas l'accès." in page
        assert page.count('data-state="missing"') == 1
        status, _, page = await post(client, RECORD, f"{RECORD}/accord", pour="professionnel")
        assert (status, "Informez le patient" in page) == (422, True)
        told = {"informe": "oui", "pour": "professionnel"}
        status, place, _ = await post(client, RECORD, f"{RECORD}/accord", **told)
        assert (status, place) == (303, f"{RECORD}?fait=accord")
        page = await (await client.get(place)).text()
        assert ("Bilan" in page, "Accord enregistré" in page) == (True, True)
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        assert STATES.findall(await (await client.get(ACCESS)).text()) == [(ROUX, "autorisé")]
        history = await (await client.get("/historique")).text()
    assert "refusé : a consulté la liste" in history
    assert "(F50)" in history
    assert "a enregistré votre accord" in history
    assert "(P62)" in history


async def test_a_block_shuts_on_the_next_call_and_unblocking_asks_for_a_new_agreement() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        wanted = {"professionnel": ROUX, "bloque": "oui"}
        status, place, _ = await post(client, ACCESS, f"{ACCESS}/blocage", **wanted)
        assert (status, place) == (303, f"{ACCESS}?fait=bloque")
        assert STATES.findall(await (await client.get(place)).text()) == [(ROUX, "bloqué")]
        await post(client, ACCESS, f"{ACCESS}/blocage", professionnel=ROUX, bloque="non")
        assert STATES.findall(await (await client.get(ACCESS)).text()) == [(ROUX, "refusé")]
        client.session.cookie_jar.clear()
        await sign_in_professional(client)
        assert "Le patient n'autorise pas l'accès." in await (await client.get(RECORD)).text()


async def test_the_emergency_door_asks_for_a_motive_opens_and_is_told() -> None:
    house = unknown_to_claire()
    door = f"{RECORD}/urgence"
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "seront informés" in await (await client.get(door)).text()
        status, _, page = await post(client, door, door)
        assert (status, "Choisissez un motif" in page) == (422, True)
        status, place, _ = await post(client, door, door, motif="coma", incapable="oui")
        assert (status, place) == (303, f"{RECORD}?fait=urgence")
        page = await (await client.get(place)).text()
        assert ("Bilan" in page, 'data-state="emergency"' in page) == (True, True)
        status, place, _ = await post(client, RECORD, f"{door}/fin")
        assert "Bilan" not in await (await client.get(place)).text()
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        history = await (await client.get("/historique")).text()
    assert "a ouvert votre dossier en urgence" in history
    assert "(P06)" in history


async def test_a_patient_who_shut_the_emergency_door_is_obeyed_and_told() -> None:
    house = unknown_to_claire()
    door = f"{RECORD}/urgence"
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await post(client, ACCESS, f"{ACCESS}/urgence", samu="oui")
        assert (status, place) == (303, f"{ACCESS}?fait=urgence")
        client.session.cookie_jar.clear()
        await sign_in_professional(client)
        status, _, page = await post(client, door, door, motif="coma", incapable="oui")
        assert status == 403
        assert 'data-refusal="emergency-refused"' in page
        assert "Le patient s'est opposé à l'accès en urgence." in unescape(page)
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        assert "(F49)" in await (await client.get("/historique")).text()


async def test_the_third_emergency_box_alone_is_an_error_and_nothing_changes() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, page = await post(client, ACCESS, f"{ACCESS}/urgence", masques="oui")
        assert (status, "autorisez d'abord le SAMU" in unescape(page)) == (422, True)
        again = await (await client.get(ACCESS)).text()
    assert re.search(r'name="samu" value="oui" checked', again)


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("accord", {"pour": "professionnel", "id": "000"}),
        ("accord", {"pour": "equipe", "id": ""}),
        ("blocage", {"professionnel": "000"}),
        ("traitant", {"medecin": "000"}),
    ],
)
async def test_somebody_whom_no_list_holds_is_an_error_in_words(
    act: str, fields: dict[str, str]
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, page = await post(client, ACCESS, f"{ACCESS}/{act}", **fields)
    assert status == 422
    assert "Il y a un problème" in page
    assert page.count('<p class="error"') == 1, "the same words at the field (PAGES 2, rule 6)"


async def test_who_has_no_treating_doctor_any_more_is_told_so() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await post(client, ACCESS, f"{ACCESS}/traitant", medecin="")
        page = unescape(await (await client.get(place)).text())
    assert status == 303
    assert "Vous n'avez plus de médecin traitant déclaré" in page
    assert "Médecin traitant enregistré" not in page


async def test_the_simulator_equals_the_professionals_page() -> None:
    house = House()
    seen = house.add("Bilan")
    masked = house.add("Psychiatrie", codes=("MASQUE_PS",))
    for name in (seen, masked):
        kept = house.shelf.shelved[name]
        card = structs.replace(kept.card, author_ids=("x",), organization="y")
        house.shelf.shelved[name] = replace(kept, card=card)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"{ACCESS}/simulateur?lecteur=p:{ROUX}")).text()
        can, cannot = page.split("Ne peut pas voir")
        assert (f'data-id="{seen}"' in can, f'data-id="{masked}"' in cannot) == (True, True)
        pending = f"{ACCESS}/simulateur?lecteur=p:{ROUX}&choix=blocage"
        assert "Avant : 1 document visible. Après" in await (await client.get(pending)).text()
        answer = await client.get(f"{ACCESS}/simulateur?lecteur=p:000")
        assert answer.status == 422
        client.session.cookie_jar.clear()
        await sign_in_professional(client)
        own = await (await client.get(RECORD)).text()
    assert (f'data-id="{seen}"' in own, f'data-id="{masked}"' in own) == (True, False)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 303),
        ({"naissance": "1984-03-12"}, 303),
        ({"prenom": "CLÉMENCE"}, 422),
        ({"naissance": "12/03/1985"}, 422),
        ({"naissance": "hier"}, 422),
        ({"sexe": ""}, 422),
    ],
)
async def test_a_patient_is_found_by_four_exact_traits_only(
    changes: dict[str, str], status: int
) -> None:
    house = House()
    traits = {
        "nom_naissance": (CLAIRE.birth_family or "").lower(),
        "prenom": CLAIRE.birth_given or "",
        "naissance": "12/03/1984",
        "sexe": CLAIRE.sex or "",
    }
    async with visiting(house) as client:
        await sign_in_professional(client)
        found, place, _ = await post(client, "/pro", "/pro/patients", **(traits | changes))
    assert found == status
    assert place == (RECORD if status == 303 else "")


async def test_a_document_that_waits_is_shown_to_the_patient_once_it_was_announced() -> None:
    house = House()
    name = house.add("Annonce", codes=("INVISIBLE_PATIENT",))
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "Rendre visible au patient" in await (await client.get(RECORD)).text()
        status, _, _ = await post(client, RECORD, f"/pro/documents/{name}/annonce")
        assert status == 303
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        assert (await client.get(f"/documents/{name}")).status == 200


async def test_who_was_refused_waits_for_an_answer_that_the_patient_can_give() -> None:
    house = unknown_to_claire()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await client.get(RECORD)
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        page = unescape(await (await client.get(ACCESS)).text())
        assert STATES.findall(page) == [(ROUX, "en attente")]
        assert "◐ </span>en attente" in page
        assert '"Comment">a demandé à lire, sans accord pour l\'instant</td>' in page
        assert 'Autoriser<span class="unseen"> Dr Anne Roux' in page
        answer = {"pour": "professionnel", "id": ROUX}
        status, _, _ = await post(client, ACCESS, f"{ACCESS}/accord", **answer)
        assert status == 303
        assert STATES.findall(await (await client.get(ACCESS)).text()) == [(ROUX, "autorisé")]


async def test_marc_s_choices_are_not_claires() -> None:
    house = House()
    house.people.chosen[key_of(MARC)] = [
        Choice(kind=ChoiceKind.BLOCK, target=ROUX, since=house.clock.now(), by="patient")
    ]
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "bloqué</span>" not in await (await client.get(ACCESS)).text()
