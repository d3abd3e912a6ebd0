"""« Mes informations d'urgence »: what an emergency would show, before the patient (EMG-04)."""

from dataclasses import replace
from html import unescape

import pytest
from msgspec import structs
from pdf_words import words_of_one_page
from urgent_house import Client, enter, in_emergency, subjects
from vault_house import CLAIRE, House, key_of, post, sign_in, sign_in_professional, visiting

from gateway.records.patients.account import Choice, ChoiceKind

PLACE, ACCESS = "/profil/urgence", "/parametres/acces"


async def read_page(client: Client) -> tuple[int, str]:
    answer = await client.get(PLACE, allow_redirects=False)
    return answer.status, unescape(await answer.text())


async def seen(client: Client, house: House) -> tuple[int, str]:
    client.session.cookie_jar.clear()
    await sign_in(client, house)
    return await read_page(client)


def turned_off(house: House, *kinds: ChoiceKind) -> None:
    mine = house.people.chosen.setdefault(key_of(CLAIRE), [])
    mine += [Choice(kind=kind, target="", since=house.clock.now()) for kind in kinds]


async def test_the_patient_sees_what_the_emergency_shows_with_links_of_his_own() -> None:
    house = in_emergency()
    (name,) = house.shelf.shelved
    async with visiting(house) as client:
        await sign_in_professional(client)
        shown = subjects(await enter(client))
        status, page = await seen(client, house)
    assert status == 200
    assert subjects(page) == shown
    assert "Asthme" in shown["Problèmes de santé en cours"]
    assert f'<a href="/documents/{name}">' in page
    assert "/pro/" not in page
    assert "Les documents masqués n'y sont pas." in page


async def test_it_is_traced_as_the_patients_own_reading() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await seen(client, house)
    told = [row.trace for row in house.traces.rows if row.trace.action == "contents"]
    assert [(one.actor, one.rule, one.emergency) for one in told] == [
        (key_of(CLAIRE).hex(), "P01", False)
    ]


async def test_a_masked_document_is_there_only_where_an_emergency_opens_it() -> None:
    house = in_emergency()
    (name,) = house.shelf.shelved
    one = house.shelf.shelved[name]
    house.shelf.shelved[name] = replace(one, card=structs.replace(one.card, masked_by_patient=True))
    async with visiting(house) as client:
        _, page = await seen(client, house)
        assert "Asthme" not in page
        turned_off(house, ChoiceKind.EMERGENCY_MASKED_ON)
        _, page = await seen(client, house)
    assert "Asthme" in page
    assert "Les documents masqués n'y sont pas." not in page


@pytest.mark.parametrize(
    ("off", "words", "shown"),
    [
        ((ChoiceKind.EMERGENCY_SAMU_OFF,), "Le SAMU ne les voit pas", True),
        ((ChoiceKind.EMERGENCY_PROFESSIONALS_OFF,), "Seul le médecin régulateur du SAMU", True),
        (
            (ChoiceKind.EMERGENCY_SAMU_OFF, ChoiceKind.EMERGENCY_PROFESSIONALS_OFF),
            "L'accès en urgence est refusé",
            False,
        ),
    ],
)
async def test_it_says_who_is_let_in(off: tuple[ChoiceKind, ...], words: str, shown: bool) -> None:
    house = in_emergency()
    turned_off(house, *off)
    async with visiting(house) as client:
        _, page = await seen(client, house)
    assert words in page
    assert ("Asthme" in page) is shown


async def test_what_waits_for_its_announcement_is_not_told_before() -> None:
    house = in_emergency()
    (name,) = house.shelf.shelved
    one = house.shelf.shelved[name]
    waiting = structs.replace(one.card, codes=("N", "INVISIBLE_PATIENT"))
    house.shelf.shelved[name] = replace(one, card=waiting)
    async with visiting(house) as client:
        _, page = await seen(client, house)
    assert "Asthme" not in page
    assert "Synthèse de mars" not in page


async def test_what_the_grid_keeps_from_a_physician_is_no_emergency_information() -> None:
    house = in_emergency()
    house.add("Attestation", type_code="ATTEST-RESID", body=b"<ClinicalDocument/>")
    async with visiting(house) as client:
        await seen(client, house)
    opened = {row.trace.document for row in house.traces.rows if row.trace.action == "contents"}
    assert len(opened) == 1


async def test_a_professional_and_a_stranger_have_no_such_page() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        assert (await read_page(client))[0] == 303
        await sign_in_professional(client)
        assert (await read_page(client))[0] == 303
    assert house.traces.rows == []


async def test_the_settings_lead_there() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in(client, house)
        for place in ("/parametres", ACCESS):
            assert f'href="{PLACE}"' in await (await client.get(place)).text()
        status, _, _ = await post(client, ACCESS, PLACE)
        assert status == 405


async def test_a_card_of_one_page_says_the_same_and_its_name_tells_nobody() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await read_page(client)
        assert f'href="{PLACE}/carte"' in page[1]
        answer = await client.get(f"{PLACE}/carte")
        body = await answer.read()
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="informations-urgence.pdf"'
    )
    assert "no-store" in answer.headers["Cache-Control"]
    said = words_of_one_page(body)
    for words in (
        "DURAND Claire, né(e) le 12 mars 1984 · carte du 12 mars 2026",
        "Asthme depuis 2026 (1 mars 2026)",
        "Zoé FICTIVE Sœur · 0600000001",
        "Aucune directive accessible.",
    ):
        assert words in said
    told = [row.trace.rule for row in house.traces.rows if row.trace.action == "contents"]
    assert told == ["P01", "P01"], "the page and the card are each a reading"


async def test_there_is_no_card_of_what_nobody_would_see() -> None:
    house = in_emergency()
    turned_off(house, ChoiceKind.EMERGENCY_SAMU_OFF, ChoiceKind.EMERGENCY_PROFESSIONALS_OFF)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "/carte" not in (await read_page(client))[1]
        assert (await client.get(f"{PLACE}/carte")).status == 404
