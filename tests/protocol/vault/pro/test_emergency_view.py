"""The emergency view: coded facts of readable documents, each with its source (EMG-01, 02)."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from aiohttp import web
from aiohttp.test_utils import TestClient
from cda_entries import allergy, concern, entry, medicine, problem, section
from vault_house import CLAIRE, House, key_of, post, sign_in_professional, visiting

from gateway.records.account import Choice, ChoiceKind
from gateway.records.document import Label

Client = TestClient[web.Request, web.Application]
RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
DOOR = f"{RECORD}/urgence"
RELATIVES = (
    '<informant><relatedEntity classCode="ECON"><code displayName="Sœur"/>'
    '<telecom value="tel:0600000001"/><relatedPerson><name><given>Zoé</given>'
    "<family>FICTIVE</family></name></relatedPerson></relatedEntity></informant>"
    '<informant><relatedEntity classCode="NOK"><telecom value="tel:0600000002"/>'
    "</relatedEntity></informant>"
    '<informant><relatedEntity classCode="CAREGIVER"/></informant>'
)


def summary(*entries: str, header: str = "") -> bytes:
    return (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{header}<component><structuredBody>{section(''.join(entries))}</structuredBody>"
        "</component></ClinicalDocument>"
    ).encode()


def in_emergency() -> House:
    """Claire agreed to nobody; her summary, her directives, a psychiatric report."""
    house = House()
    house.people.chosen.clear()
    house.people.log = house.traces
    entries = (concern(problem()), concern(allergy()), entry(medicine()))
    house.add(
        "Synthèse de mars",
        label=Label.SYNTHESE,
        type_code="60591-5",
        body=summary(*entries, header=RELATIVES),
    )
    return house


async def enter(client: Client, **more: str) -> str:
    told = {"motif": "coma", "incapable": "oui"} | more
    status, place, _ = await post(client, DOOR, DOOR, **told)
    assert (status, place) == (303, f"{RECORD}?fait=urgence")
    return unescape(await (await client.get(place)).text())


def subjects(page: str) -> dict[str, str]:
    """The words of each subject, without tags."""
    view = page.partition('data-kind="urgence"')[2].partition("</section>")[0]
    return {
        title: " ".join(re.sub(r"<[^>]+>", " ", rest).split())
        for title, rest in re.findall(r"<h2>([^<]+)</h2>(.*?)</div>", view, re.DOTALL)
    }


async def test_what_the_documents_say_in_codes_stands_first_with_its_source() -> None:
    house = in_emergency()
    (name,) = house.shelf.shelved
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await enter(client)
    found = subjects(page)
    assert "Asthme depuis 2026" in found["Problèmes de santé en cours"]
    assert "PÉNICILLINE" in found["Allergies"]
    assert "PLAVIX 75 mg" in found["Médicaments pris"]
    assert "Zoé FICTIVE Sœur · 0600000001" in found["Contacts d'urgence"]
    assert "0600000002" in found["Personne de confiance"]
    assert found["Groupe sanguin"] == "Non trouvé."
    assert "Aucune directive accessible." in found["Directives anticipées"]
    assert "Synthèse de mars" in found["Derniers comptes rendus"]
    assert page.count(f'<a href="/pro/documents/{name}">1 mars 2026') >= 5, "each its source"
    told = [row.trace for row in house.traces.rows if row.trace.action == "contents"]
    assert [(one.document, one.rule, one.emergency) for one in told] == [(name, "P06", True)]


async def test_the_band_says_when_it_ends_and_then_the_door_is_shut() -> None:
    house = in_emergency()
    (name,) = house.shelf.shelved
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await enter(client)
        until = "12 mars 2026 à 18\u00a0h\u00a005"
        assert until in page
        assert until in await (await client.get(f"/pro/documents/{name}")).text()
        house.clock.at += timedelta(hours=4)
        await sign_in_professional(client)
        page = await (await client.get(RECORD)).text()
    assert "Le patient n'autorise pas l'accès." in page
    assert 'data-kind="urgence"' not in page


async def test_the_view_is_never_wider_than_the_grid_a_mask_or_a_block() -> None:
    house = in_emergency()
    (name,) = house.shelf.shelved
    one = house.shelf.shelved[name]
    foreign = replace(one.card, author_ids=("x",), organization="y")
    house.shelf.shelved[name] = replace(one, card=replace(foreign, masked_by_patient=True))
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await enter(client)
        assert "Asthme" not in page
        assert "FICTIVE" not in page
        assert "Aucun problème codé." in page
        house.shelf.shelved[name] = replace(one, card=foreign)
        house.people.pros[0] = replace(house.people.pros[0], profession="G15_80")
        page = unescape(await (await client.get(RECORD)).text())
    assert "Asthme" not in page, "a podologist reads no summary, in an emergency either"


async def test_without_an_emergency_there_is_no_such_view() -> None:
    house = in_emergency()
    consent = Choice(
        kind=ChoiceKind.CARE_PROFESSIONAL, target="801234567890", since=house.clock.now()
    )
    house.people.chosen[key_of(CLAIRE)] = [consent]
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await (await client.get(RECORD)).text()
    assert "Synthèse de mars" in page
    assert 'data-kind="urgence"' not in page
    assert not [row for row in house.traces.rows if row.trace.action == "contents"]


async def test_a_disease_in_two_documents_stands_once_by_the_newest_and_few_stand_open() -> None:
    house = in_emergency()
    newest = house.add(
        "Synthèse d'avril",
        label=Label.SYNTHESE,
        type_code="60591-5",
        act_date="2026-04-01",
        body=summary(concern(problem())),
    )
    many = (problem().replace("Asthme", f"Maladie {number}") for number in range(9))
    house.add(
        "Ancienne",
        label=Label.SYNTHESE,
        type_code="60591-5",
        act_date="2020-01-01",
        body=summary(*map(concern, many)),
    )
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await enter(client)
    told = subjects(page)["Problèmes de santé en cours"]
    assert told.count("Asthme depuis") == 1
    assert told.startswith("Asthme depuis 2026 1 avril 2026")
    assert f'<a href="/pro/documents/{newest}">1 avril 2026' in page
    assert "Tout voir (6 de plus)" in told


async def test_the_regulator_of_centre_15_enters_without_the_box_and_nobody_else_does() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "exprimer sa volonté" in await (await client.get(DOOR)).text()
        status, _, page = await post(client, DOOR, DOOR, motif="coma", mode="samu")
        assert (status, 'data-refusal="emergency-refused"' in page) == (403, True)
    house.centre15 = frozenset({"1750000001"})
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await (await client.get(DOOR)).text()
        assert "exprimer sa volonté" not in page
        assert 'name="mode" value="samu"' in page
        status, _, page = await post(client, DOOR, DOOR, mode="samu")
        assert (status, "Choisissez un motif" in page) == (422, True)
        page = await enter(client, mode="samu", incapable="", precision="appel du 15")
        assert "Asthme" in page
    told = [row.trace for row in house.traces.rows if row.trace.action == "emergency"]
    assert [(one.rule, one.permitted) for one in told] == [("F45", False), ("P05", True)]


async def test_an_unreadable_document_spoils_nothing() -> None:
    house = in_emergency()
    house.add("Abîmé", body=b"<ClinicalDocument", type_code="60591-5")
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "Asthme" in await enter(client)
