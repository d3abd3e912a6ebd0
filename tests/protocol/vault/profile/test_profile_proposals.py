"""What documents propose, and what an emergency shows of the profile (PRO-04, EMG-01, EMG-04)."""

import re
from dataclasses import replace
from html import unescape

from cda_entries import concern, problem
from msgspec import structs
from urgent_house import RECORD, enter, in_emergency, subjects, summary
from vault_house import (
    MARC,
    Browser,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)

from gateway.records.documents.document import Label
from gateway.records.documents.shelved import DocumentStatus

ILLNESSES = "/profil/maladies"


async def page_of(client: Browser, path: str = ILLNESSES) -> str:
    answer = await client.get(path)
    assert answer.status == 200
    return unescape(await answer.text())


def proposed(page: str) -> list[str]:
    return re.findall(r'data-id="(\w+)" data-kind="profil" data-state="proposed"', page)


async def settle(client: Browser, proposal: str, choice: str) -> int:
    path = f"/profil/propositions/{proposal}"
    return (await post(client, ILLNESSES, path, choix=choice))[0]


async def test_an_accepted_proposal_stands_with_its_document_and_is_not_proposed_again() -> None:
    house = in_emergency()
    (document,) = house.shelf.shelved
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await page_of(client)
        (one,) = proposed(page)
        assert "Asthme" in page
        assert "3 propositions" not in await page_of(client, "/profil")
        assert "1 proposition" in await page_of(client, "/profil")
        assert await settle(client, one, "accepter") == 303
        page = await page_of(client)
        assert proposed(page) == []
        assert 'data-state="active"' in page
        assert f'href="/documents/{document}"' in page
        assert "Confirmé par vous" in page
        assert await settle(client, one, "accepter") == 303, "of a second click the first did it"
        assert await settle(client, one, "refuser") == 404


async def test_a_refused_proposal_is_asked_about_once() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in(client, house)
        (one,) = proposed(await page_of(client))
        assert await settle(client, one, "refuser") == 303
        assert 'data-kind="profil"' not in (await page_of(client)).partition("<main")[2]
        house.add("Autre", type_code="60591-5", body=summary(concern(problem())))
        assert proposed(await page_of(client)) == []


async def test_masking_or_withdrawing_a_document_does_the_same_to_what_it_proposes() -> None:
    house = in_emergency()
    house.people.chosen.clear()
    (name,) = house.shelf.shelved
    async with visiting(house) as client:
        await sign_in(client, house)
        (one,) = proposed(await page_of(client))
        kept = house.shelf.shelved[name]
        gone = structs.replace(kept.card, status=DocumentStatus.WITHDRAWN)
        house.shelf.shelved[name] = replace(kept, card=gone)
        assert proposed(await page_of(client)) == []
        assert await settle(client, one, "accepter") == 404
        hidden = structs.replace(kept.card, codes=("N", "INVISIBLE_PATIENT"))
        house.shelf.shelved[name] = replace(kept, card=hidden)
        assert proposed(await page_of(client)) == []


async def test_what_was_accepted_hides_from_professionals_with_its_document() -> None:
    house = House()
    name = house.add("Synthèse", type_code="60591-5", body=summary(concern(problem())))
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        (one,) = proposed(await page_of(client))
        await settle(client, one, "accepter")
        await sign_in_professional(office)
        assert "Asthme" in await page_of(office, f"{RECORD}{ILLNESSES}")
        kept = house.shelf.shelved[name]
        card = structs.replace(
            kept.card, masked_by_patient=True, author_ids=("x",), organization="y"
        )
        house.shelf.shelved[name] = replace(kept, card=card)
        assert "Asthme" not in await page_of(office, f"{RECORD}{ILLNESSES}")
        assert "Asthme" in await page_of(client)


async def test_what_was_accepted_of_a_document_that_went_to_another_record_is_not_shown() -> None:
    """A merge that was undone (decision 010)."""
    house = in_emergency()
    (name,) = house.shelf.shelved
    async with visiting(house) as client:
        await sign_in(client, house)
        (one,) = proposed(await page_of(client))
        await settle(client, one, "accepter")
        assert "Asthme" in await page_of(client)
        kept = house.shelf.shelved[name]
        moved = structs.replace(kept.card, patient=key_of(MARC))
        house.shelf.shelved[name] = replace(kept, card=moved)
        assert "Asthme" not in await page_of(client)
        assert (await client.get(f"/profil/entrees/{one}")).status == 404


async def test_a_report_of_a_stay_proposes_it() -> None:
    house = House()
    house.add("CR de fracture", type_code="34112-3", label=Label.CPT_REND, mime_type="text/plain")
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await page_of(client, "/profil/hospitalisations")
        assert len(proposed(page)) == 1
        assert "CR de fracture" in page


async def test_an_emergency_shows_the_profile_before_what_documents_say() -> None:
    house = in_emergency()
    form = f"{ILLNESSES}/ajouter/condition"
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        for name in ("Asthme", "Épilepsie"):
            fields = {"nom": name, "sorte": "condition", "debut": "2010", "en_cours": "oui"}
            assert (await post(client, form, form, **fields))[0] == 303
        over = {"nom": "Varicelle", "sorte": "condition", "fin": "1990"}
        assert (await post(client, form, form, **over))[0] == 303
        page = "/profil/hospitalisations"
        assert (await post(client, page, f"{page}/rien"))[0] == 303
        await sign_in_professional(office)
        seen = subjects(await enter(office))["Problèmes de santé en cours"]
        assert "Épilepsie depuis 2010" in seen
        assert "Varicelle" not in seen
        assert seen.count("Asthme") == 1
        own = subjects(await page_of(client, "/profil/urgence"))["Problèmes de santé en cours"]
        assert own == seen


async def test_documents_of_wishes_and_directives_stand_in_their_rubrique() -> None:
    house = House()
    wishes = house.add("Mes volontés", type_code="EXPPAT_1", mime_type="text/plain")
    directives = house.add("Mes directives", type_code="EXPPAT_3", mime_type="text/plain")
    house.add("Remboursements", type_code="REMB", mime_type="text/plain")
    house.add("Celles de Marc", owner=MARC, type_code="EXPPAT_3", mime_type="text/plain")
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await page_of(client, "/profil/entourage")
        assert set(re.findall(r'data-id="(\w+)" data-kind="document"', page)) == {
            wishes,
            directives,
        }
        assert f'href="/documents/{directives}"' in page
        gone = house.shelf.shelved[directives]
        house.shelf.shelved[directives] = replace(
            gone, card=structs.replace(gone.card, status=DocumentStatus.SUPERSEDED)
        )
        page = await page_of(client, "/profil/entourage")
    assert re.findall(r'data-id="(\w+)" data-kind="document"', page) == [wishes]
