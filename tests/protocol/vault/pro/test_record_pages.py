"""The record before a professional: filters, the care relation, own tries (PAGES section 6)."""

import re
from dataclasses import replace
from datetime import timedelta
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

from gateway.records.documents.document import Label
from gateway.records.patients.account import Choice, ChoiceKind, Professional

RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
MARCS = f"/pro/patients/{key_of(MARC).hex()}"
ROUX, TEAM = "801234567890", "1750000001"
NURSE = Professional(
    id="809876543210",
    name="Inès Kaci",
    profession="G15_60",
    organization=TEAM,
    organization_name="Cabinet des Charmes",
)


def titles(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/pro/documents/[0-9a-f]{32}">([^<]+)</a>', page)


def furnished() -> House:
    house = House()
    house.people.log = house.traces
    house.people.pros.append(NURSE)
    house.add("Hémogramme", act_date="2026-03-01")
    house.add("Glycémie", act_date="2026-02-01", author="Labo Neuf")
    house.add("Radio du genou", label=Label.RADIO_SC, type_code="18748-4", act_date="2025-12-24")
    hidden = house.add("Psychiatrie", label=Label.CPT_REND, type_code="11488-4")
    one = house.shelf.shelved[hidden]
    card = structs.replace(one.card, masked_by_patient=True, author_ids=("x",), organization="y")
    house.shelf.shelved[hidden] = replace(one, card=card)
    return house


@pytest.mark.parametrize(
    ("query", "expected", "sentence"),
    [
        ("", ["Radio du genou", "Hémogramme", "Glycémie"], "3 documents, par libellé"),
        ("?libelle=RADIO_SC", ["Radio du genou"], "1 document : Radio, écho, scanner, IRM"),
        ("?type=11502-2", ["Hémogramme", "Glycémie"], "2 documents : CR d'examens biologiques"),
        ("?auteur=neuf", ["Glycémie"], "auteur « neuf »"),
        ("?du=2026-02-15", ["Hémogramme"], "depuis le 15 février 2026"),
        ("?au=2025-12-31", ["Radio du genou"], "jusqu'au 31 décembre 2025"),
        ("?q=genou", ["Radio du genou"], "« genou »"),
        ("?libelle=BIOLOGIE&du=2026-02-15", ["Hémogramme"], "Résultats de biologie, depuis"),
        ("?type=11488-4", [], "Aucun document ne correspond"),
        ("?q=psychiatrie", [], "Aucun document ne correspond"),
        ("?visibilite=masques&ajoute_par=moi&non_lus=oui", 3, "3 documents"),
    ],
)
async def test_documents_are_filtered_and_only_what_may_be_seen_is_counted(
    query: str, expected: list[str] | int, sentence: str
) -> None:
    async with visiting(furnished()) as client:
        await sign_in_professional(client)
        page = unescape(await (await client.get(RECORD + query)).text())
    assert (len(titles(page)) if isinstance(expected, int) else titles(page)) == expected
    assert sentence in page
    assert "Psychiatrie" not in page
    assert "CR ou fiche de consultation" not in re.sub(r'value="[^"]*"', "", page)


async def test_a_page_holds_twenty_five_and_the_next_keeps_the_filters() -> None:
    house = furnished()
    for number in range(30):
        house.add(f"Bilan {number}", author="Labo Neuf")
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = unescape(await (await client.get(f"{RECORD}?auteur=neuf")).text())
        assert (len(titles(page)), "31 documents" in page) == (25, True)
        assert 'Résultats de biologie <span class="count">(31)</span>' in page
        following = re.findall(r'<a href="([^"]+)" rel="next"', page)[0]
        rest = await (await client.get(following)).text()
        assert len(titles(rest)) == 6
        bad = await client.get(f"{RECORD}?du=hier")
        assert bad.status == 422


async def test_a_period_backwards_is_shown_open_with_the_dates_that_were_typed() -> None:
    async with visiting(furnished()) as client:
        await sign_in_professional(client)
        bad = await client.get(f"{RECORD}?du=2026-03-10&au=2026-01-01")
        page = await bad.text()
    assert bad.status == 422
    assert "<details data-filters open>" in page
    assert 'value="2026-03-10"' in page
    assert 'value="2026-01-01"' in page


async def test_an_agreement_has_an_end_in_civil_days_and_shuts_by_itself() -> None:
    house = furnished()
    house.people.chosen.clear()
    told = {"informe": "oui", "pour": "equipe", "jusqu_au": "2026-03-14"}
    async with visiting(house) as client:
        await sign_in_professional(client)
        status, _, page = await post(
            client, RECORD, f"{RECORD}/accord", **told | {"jusqu_au": "2026-03-11"}
        )
        assert (status, "doit être dans le futur" in page) == (422, True)
        assert 'value="2026-03-11"' in page
        status, place, _ = await post(client, RECORD, f"{RECORD}/accord", **told)
        assert (status, place) == (303, f"{RECORD}?fait=accord")
        page = re.sub(r"<[^>]+>", "", await (await client.get(RECORD)).text())
        assert "Accord donné le 12 mars 2026" in page
        assert "à votre équipe de soins, jusqu'au" in page
        assert "secret médical" in page
        (one,) = house.people.chosen[key_of(CLAIRE)]
        assert one.until is not None
        assert one.until.isoformat() == "2026-03-14T23:00:00+00:00", "midnight in Paris"
        house.clock.at = one.until
        await sign_in_professional(client)
        assert "Le patient n'autorise pas l'accès." in await (await client.get(RECORD)).text()


async def test_the_last_acts_of_the_patient_never_tell_a_mask_a_block_or_a_colleague() -> None:
    house = furnished()
    mine = house.people.chosen[key_of(CLAIRE)]
    for kind, target in (
        (ChoiceKind.CARE_PROFESSIONAL, NURSE.id),
        (ChoiceKind.BLOCK, NURSE.id),
        (ChoiceKind.EMERGENCY_PROFESSIONALS_OFF, ""),
    ):
        mine.append(Choice(kind=kind, target=target, since=house.clock.now()))
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = unescape(await (await client.get(RECORD)).text())
    (told,) = re.findall(r'<ul data-kind="accords">(.*?)</ul>', page, re.DOTALL)
    assert told.count("<li>") == 1
    assert "masqu" not in page
    assert "Kaci" not in page


async def test_an_agreement_for_a_colleague_is_recorded_by_whoever_has_one() -> None:
    house = furnished()
    told = {"informe": "oui", "pour": "confrere"}
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "pour un confrère" in await (await client.get(RECORD)).text()
        for name, words in (("", "Aucun professionnel"), ("Inès Personne", "Aucun professionnel")):
            status, _, page = await post(client, RECORD, f"{RECORD}/accord", **told, id=name)
            assert (status, words in page) == (422, True)
        status, _, _ = await post(client, RECORD, f"{RECORD}/accord", **told, id="kaci ines")
        assert status == 303
        assert house.people.chosen[key_of(CLAIRE)][-1].target == NURSE.id
        assert house.traces.rows[-1].trace.rule != ""
        rules = [row.trace.rule for row in house.traces.rows if row.trace.action == "agree"]
        assert rules == ["P63"]
        assert "pour un confrère" not in await (await client.get(MARCS)).text()
        status, _, page = await post(client, MARCS, f"{MARCS}/accord", **told, id=NURSE.id[1:])
        assert (status, "Le patient n'autorise pas l'accès." in unescape(page)) == (403, True)
        assert key_of(MARC) not in house.people.chosen
        for whom in ("tous", ""):
            odd = {"informe": "oui", "pour": whom}
            status, _, _ = await post(client, MARCS, f"{MARCS}/accord", **odd)
            assert (status, key_of(MARC) in house.people.chosen) == (422, False)


async def test_the_patient_refuses_and_the_door_is_shut_also_where_the_team_had_opened_it() -> None:
    house = furnished()
    team = Choice(kind=ChoiceKind.CARE_TEAM, target=TEAM, since=house.clock.now())
    house.people.chosen[key_of(CLAIRE)].append(team)
    house.clock.at += timedelta(minutes=1)
    async with visiting(house) as client:
        await sign_in_professional(client)
        status, place, _ = await post(client, RECORD, f"{RECORD}/refus")
        assert (status, place) == (303, f"{RECORD}?fait=refus")
        page = await (await client.get(place)).text()
    assert "Le patient n'autorise pas l'accès." in page
    assert titles(page) == []


async def test_a_blocked_professional_is_told_the_one_sentence_when_he_asks_for_agreement() -> None:
    house = furnished()
    block = Choice(kind=ChoiceKind.BLOCK, target=ROUX, since=house.clock.now())
    house.people.chosen[key_of(CLAIRE)].append(block)
    async with visiting(house) as client:
        await sign_in_professional(client)
        before = await (await client.get(RECORD)).text()
        told = {"informe": "oui", "pour": "professionnel"}
        status, _, page = await post(client, RECORD, f"{RECORD}/accord", **told)
    assert status == 403
    assert "bloqu" not in (before + page).lower()
    assert "Le patient n'autorise pas l'accès." in page


async def test_what_is_no_choice_of_the_patient_is_told_as_it_is() -> None:
    house = furnished()
    person = house.people.persons[key_of(CLAIRE)]
    house.people.persons[key_of(CLAIRE)] = replace(person, qualified=False)
    async with visiting(house) as client:
        await sign_in_professional(client)
        page = unescape(await (await client.get(RECORD)).text())
    assert "Identité non qualifiée : consultation impossible." in page
    assert "Informer et recueillir l'accord" not in page


async def test_recent_patients_and_refused_tries_are_ones_own() -> None:
    house = furnished()
    shown = next(iter(house.shelf.shelved))
    masked = list(house.shelf.shelved)[-1]
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert "Patients récents" not in await (await client.get("/pro")).text()
        await client.get(RECORD)
        await client.get(MARCS)
        await client.get(f"/pro/documents/{shown}")
        await client.get(f"/pro/documents/{masked}")
        await client.get(f"/pro/documents/{'f' * 32}")
        page = unescape(await (await client.get("/pro")).text())
        assert re.findall(rf'<a href="{RECORD}">([^<]+)</a>', page) == ["DURAND Claire, 1984"]
        refused = page.partition("Mes accès refusés")[2].partition("</ul>")[0]
        assert refused.count("<li>") == 3
        assert refused.count("Ouverture d'un document") == 2, "refused and not there are alike"
        assert "Marc" not in page, "a name is not told to who may not read"
        house.people.pros[0] = replace(house.people.pros[0], id="809999999999")
        for session in house.sessions.kept.values():
            house.sessions.kept[session.id_hash] = replace(session, subject="809999999999")
        other = await (await client.get("/pro")).text()
        assert "Patients récents" not in other
        assert "Mes accès refusés" not in other


async def test_a_record_that_shut_leaves_the_recent_patients() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await client.get(RECORD)
        house.people.chosen.clear()
        assert "DURAND" not in await (await client.get("/pro")).text()
        client.session.cookie_jar.clear()
        await sign_in(client, house)
