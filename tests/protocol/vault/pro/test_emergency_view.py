"""The emergency view: coded facts of readable documents, each with its source (EMG-01, 02)."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from cda_entries import allergy, concern, entry, medicine, none_known, problem
from msgspec import structs
from urgent_house import (
    DOOR,
    RECORD,
    RELATIVES,
    enter,
    in_emergency,
    result,
    subjects,
    summary,
)
from vault_house import CLAIRE, House, key_of, post, sign_in_professional, visiting

from gateway.records.documents.document import BodyKind, Label
from gateway.records.patients.account import Choice, ChoiceKind


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
    foreign = structs.replace(one.card, author_ids=("x",), organization="y")
    house.shelf.shelved[name] = replace(one, card=structs.replace(foreign, masked_by_patient=True))
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
    assert "Tout voir (7 de plus)" in told


async def test_that_none_is_known_stands_only_where_nothing_else_is_said() -> None:
    """JDV_AbsentOrUnknown… of the CI-SIS: the word of an author, and no disease."""
    house = in_emergency()
    house.shelf.shelved.clear()
    none = allergy(agent=none_known("no-known-allergies", "Pas d'allergie connue", "code"))
    plavix = 'code="63564053" codeSystem="1.2.250.1.213.2.3.1" displayName="PLAVIX 75 mg"'
    untold = 'code="no-medication-info" codeSystem="2.16.840.1.113883.5.1150.1" displayName="Rien"'
    body = summary(concern(none), entry(medicine().replace(plavix, untold)))
    house.add("Synthèse", label=Label.SYNTHESE, type_code="60591-5", body=body)
    async with visiting(house) as client:
        await sign_in_professional(client)
        found = subjects(await enter(client))
        assert found["Allergies"].startswith("Pas d'allergie connue ")
        assert found["Médicaments pris"] == "Aucun médicament codé."
        house.add("Suite", label=Label.SYNTHESE, body=summary(concern(allergy())))
        await sign_in_professional(client)
        found = subjects(unescape(await (await client.get(RECORD)).text()))
    assert "PÉNICILLINE" in found["Allergies"]
    assert "Pas d'allergie" not in found["Allergies"]


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


async def test_another_hand_of_the_centre_15_enters_like_everybody() -> None:
    house = in_emergency()
    house.centre15 = frozenset({"1750000001"})
    house.people.pros[0] = replace(house.people.pros[0], profession="G15_60")
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await (await client.get(DOOR)).text()
        assert "exprimer sa volonté" in page
        assert 'value="samu"' not in page
        await enter(client)
    told = [row.trace for row in house.traces.rows if row.trace.action == "emergency"]
    assert [(one.rule, one.permitted) for one in told] == [("P06", True)]


async def test_nobodys_record_has_no_emergency_door() -> None:
    async with visiting(in_emergency()) as client:
        await sign_in_professional(client)
        nobody = f"/pro/patients/{'0' * 32}/urgence"
        assert (await client.get(nobody)).status == 404
        told = {"motif": "coma", "incapable": "oui"}
        assert (await post(client, DOOR, nobody, **told))[0] == 404


async def test_every_blood_group_that_is_written_stands_with_its_date() -> None:
    house = in_emergency()
    for day, code, text, value in (
        ("2026-02-01", "883-9", "Groupe ABO", "A"),
        ("2026-02-01", "10331-7", "Rhésus", "positif"),
        ("2019-05-02", "883-9", "Groupe ABO", "O"),
        ("2018-05-02", "883-9", "Groupe ABO", "A"),
        ("2026-02-01", "718-7", "Hémoglobine", "14"),
        ("2026-01-01", "882-1", "Groupe ABO et Rh", ""),
    ):
        name = house.add(
            "Groupe", act_date=day, kind=BodyKind.TEXT, mime_type="text/plain", body=b"x"
        )
        shelved = house.shelf.shelved[name]
        house.shelf.shelved[name] = replace(shelved, card=structs.replace(shelved.card, results=1))
        house.shelf.results[name] = [result(code, text, value)]
    async with visiting(house) as client:
        await sign_in_professional(client)
        told = subjects(await enter(client))["Groupe sanguin"]
    assert "A Groupe ABO 1 février 2026" in told
    assert "positif Rhésus 1 février 2026" in told
    assert "O Groupe ABO 2 mai 2019" in told, "a contradiction is shown, never settled"
    assert "2018" not in told
    assert "Hémoglobine" not in told
    assert "Groupe ABO et Rh" not in told


async def test_documents_without_codes_leave_eight_subjects_that_promise_nothing() -> None:
    house = House()
    house.people.chosen.clear()
    house.add("Scan", mime_type="application/pdf", kind=BodyKind.PDF, body=b"%PDF-1.7")
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = await enter(client)
    assert list(subjects(page).values()) == [
        "Aucun problème codé.",
        "Aucun médicament codé.",
        "Aucune allergie codée.",
        "Non trouvé.",
        "Aucun contact trouvé.",
        "Non trouvée.",
        "Aucune directive accessible.",
        "Aucun compte rendu accessible.",
    ]
    assert "ne veut pas dire qu'il n'y a rien" in page


async def test_what_a_sender_writes_stays_text() -> None:
    house = in_emergency()
    wicked = "&lt;script&gt;alert(1)&lt;/script&gt;"
    header = RELATIVES.replace("FICTIVE", wicked).replace("0600000001", "javascript:alert(1)")
    entries = concern(problem().replace("Asthme", wicked))
    house.add(
        "<b>Synthèse</b>",
        label=Label.SYNTHESE,
        type_code="60591-5",
        body=summary(entries, header=header),
    )
    async with visiting(house) as client:
        await sign_in_professional(client)
        status, place, _ = await post(client, DOOR, DOOR, motif="coma", incapable="oui")
        assert status == 303
        page = await (await client.get(place)).text()
    assert "<script>alert" not in page
    assert "<b>Synthèse" not in page
    assert wicked in page
    assert 'href="javascript' not in page


async def test_what_was_not_opened_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.flows.reading.coded.contents.MAX_OPENED", 1)
    house = in_emergency()
    house.add("Autre", type_code="60591-5", body=summary(concern(problem())))
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "1 document de plus n'a pas été lu." in await enter(client)


async def test_an_unreadable_document_spoils_nothing() -> None:
    house = in_emergency()
    house.add("Abîmé", body=b"<ClinicalDocument", type_code="60591-5")
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "Asthme" in await enter(client)
