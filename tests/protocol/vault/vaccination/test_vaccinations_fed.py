"""Vaccinations joined, read in documents, and given out by FHIR and in a copy (VAULT VAC-02)."""

import csv
import io
import re

from export_house import copy_of
from family_house import page
from vaccination_house import ADD, NOTE, PATH, PRO, REVAXIS, WHO, add, ids, opened, rows
from vault_house import House, post, sign_in, sign_in_professional, visiting

from gateway.vault.vaccination import words as said


async def test_two_lines_of_one_day_against_the_same_are_joined_into_one() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await add(client, **REVAXIS, lot="L-7")
        await add(client, date="2026-01-10", vaccin="DTPolio", lieu="Pharmacie")
        _, text = await page(client, PATH)
        assert len(rows(text)) == 2
        form = re.search(r'action="(/vaccination/\w+/reunir)".*?name="avec" value="(\w+)"', text)
        assert form is not None
        for _ in range(2):
            done = await post(client, ADD, form[1], avec=form[2])
            assert done[:2] == (303, f"{PATH}?fait=reunion")
        _, text = await page(client, PATH)
        assert len(rows(text)) == 1
        assert "Lot : L-7 · Lieu : Pharmacie" in text


async def test_lines_that_differ_are_not_joined() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await add(client, **REVAXIS)
        await add(client, date="2026-01-11", vaccin="Revaxis")
        _, text = await page(client, PATH)
        assert "Réunir" not in text
        one, other = ids(text)
        assert (await post(client, ADD, f"{PATH}/{one}/reunir", avec=other))[0] == 409
        assert (await post(client, ADD, f"{PATH}/{one}/reunir", avec=one))[0] == 404
    assert len(house.entries.kept) == 2


async def test_a_note_of_vaccination_proposes_what_it_tells_and_counts_once_accepted() -> None:
    house = House()
    document = house.add("Note de vaccination", type_code="87273-9", body=NOTE)
    house.add("Bilan", body=NOTE)
    async with visiting(house) as client:
        text = await opened(client, house)
        ((state, vaccine),) = rows(text)
        assert state == "proposée"
        assert f'href="/documents/{document}"' in text
        assert "10 janvier 2026" in text
        (name,) = ids(text)
        for _ in range(2):
            done = await post(client, ADD, f"{PATH}/{name}/accepter")
            assert done[:2] == (303, f"{PATH}?fait=acceptee")
        _, text = await page(client, PATH)
        assert rows(text) == [("notée", vaccine)]
        assert "lue dans un document" in text


async def test_a_refused_proposal_does_not_come_back() -> None:
    house = House()
    house.add("Note de vaccination", type_code="87273-9", body=NOTE)
    async with visiting(house) as client:
        (name,) = ids(await opened(client, house))
        for _ in range(2):
            assert (await post(client, ADD, f"{PATH}/{name}/refuser"))[0] == 303
        assert said.NONE in (await page(client, PATH))[1]
        assert (await post(client, ADD, f"{PATH}/{'f' * 32}/refuser"))[0] == 404


async def test_the_medical_profile_leads_to_the_vaccinations() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await add(client, **REVAXIS)
        _, text = await page(client, "/profil")
        assert f'href="{PATH}"' in text
        assert "Revaxis" in text


async def test_a_copy_has_each_vaccination_as_a_line_and_as_a_resource() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await add(client, **REVAXIS, lot="=1+1")
        await add(client, date="2026-01-11", vaccin="BCG")
        copy = await copy_of(client, house)
    told = list(csv.DictReader(io.StringIO(copy.text("vaccinations.csv"))))
    assert [(one["date"], one["vaccin"], one["lot"]) for one in told] == [
        ("2026-01-11", "BCG", ""),
        ("2026-01-10", "Revaxis", "'=1+1"),
    ]
    assert told[1]["valences"] == "diphtérie, tétanos, poliomyélite"
    assert "2 vaccinations" in copy.text("LISEZMOI.html")
    assert len(copy.resources("Immunization")) == 2


async def test_fhir_gives_what_is_recorded_and_of_a_contraindication_that_it_was_not_done() -> None:
    house = House()
    async with visiting(house) as doctor, visiting(house) as client:
        await sign_in_professional(doctor)
        await add(doctor, f"{PRO}/ajouter", **REVAXIS)
        against = {"date": "2026-01-11", "vaccin": "BCG", "contre_indication": "oui"}
        await add(doctor, f"{PRO}/ajouter", **against)
        await sign_in(client, house)
        answer = await client.get("/fhir/Immunization", params=WHO)
        found = [one["resource"] for one in (await answer.json())["entry"]]
    by_day = {one["occurrenceDateTime"]: one for one in found}
    given, refused = by_day["2026-01-10"], by_day["2026-01-11"]
    assert (given["status"], given["primarySource"]) == ("completed", True)
    assert (refused["status"], refused["statusReason"]["coding"][0]["code"]) == (
        "not-done",
        "MEDPREC",
    )
