"""Consent by the patient: for one professional, an establishment, until a day; new documents."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from vault_house import (
    CLAIRE,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)

from gateway.access.time import END_OF_TIME

ACCESS = "/parametres/acces"
RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
ROUX, CABINET = "801234567890", "1750000001"
STATES = re.compile(r'data-kind="access" data-id="([^"]+)" data-state="([^"]+)"')
REFUSED = "Le patient n'autorise pas l'accès."


def alone() -> House:
    """Claire agreed to nobody yet."""
    house = House()
    house.people.chosen.clear()
    house.people.log = house.traces
    house.add("Bilan")
    return house


async def pages(house: House, **fields: str) -> tuple[str, str]:
    """Claire's page after an agreement of these fields, and what Dr Roux then reads."""
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, body = await post(client, ACCESS, f"{ACCESS}/accord", **fields)
        assert (status, place) == (303, f"{ACCESS}?fait=accord"), body
        own = unescape(await (await client.get(place)).text())
    return own, await seen_by_roux(house)


async def seen_by_roux(house: House) -> str:
    async with visiting(house) as client:
        await sign_in_professional(client)
        return unescape(await (await client.get(RECORD)).text())


@pytest.mark.parametrize("word", ["etablissement", "equipe"])
async def test_who_works_for_the_establishment_reads_while_there(word: str) -> None:
    house = alone()
    own, seen = await pages(house, pour=word, id=CABINET)
    assert STATES.findall(own) == [(CABINET, "autorisé")]
    assert "Cabinet des Charmes" in own
    assert "Bilan" in seen
    (roux,) = house.people.pros
    house.people.pros[:] = [replace(roux, organization="1750000002")]
    left = await seen_by_roux(house)
    assert (REFUSED in left, "Bilan" in left) == (True, False)
    newcomer = replace(roux, id="801234567891", name="Dr Nour Venu", organization=CABINET)
    house.people.pros[:] = [newcomer]
    assert "Bilan" in await seen_by_roux(house)


async def test_who_reads_by_his_team_says_so_and_is_blocked_rather_than_withdrawn() -> None:
    house = alone()
    await pages(house, pour="etablissement", id=CABINET)
    async with visiting(house) as client:
        await sign_in(client, house)
        await post(client, ACCESS, f"{ACCESS}/blocage", professionnel=ROUX, bloque="oui")
        assert dict(STATES.findall(await (await client.get(ACCESS)).text()))[ROUX] == "bloqué"
        await post(client, ACCESS, f"{ACCESS}/blocage", professionnel=ROUX, bloque="non")
        house.clock.at += timedelta(seconds=1)
        await post(client, ACCESS, f"{ACCESS}/accord", pour="etablissement", id=CABINET)
        page = unescape(await (await client.get(ACCESS)).text())
    assert "avec l'équipe Cabinet des Charmes, par vous" in page
    assert "Pour lui retirer l'accès seul, bloquez-le" in page
    assert page.count("Retirer l'accès") == 1


@pytest.mark.parametrize(
    "fields",
    [{"pour": "professionnel", "id": ROUX}, {"pour": "etablissement", "id": CABINET}],
)
async def test_an_agreement_ends_with_its_last_day_in_paris(fields: dict[str, str]) -> None:
    house = alone()
    own, seen = await pages(house, **fields, jusqu_au="2026-03-14")
    assert "jusqu'au" in own
    assert "15 mars 2026 à 0\u00a0h\u00a000" in own
    assert "Bilan" in seen
    house.clock.at = house.clock.at.replace(day=14, hour=22, minute=59, second=59)
    assert "Bilan" in await seen_by_roux(house)
    house.clock.at += timedelta(seconds=1)
    assert REFUSED in await seen_by_roux(house)


@pytest.mark.parametrize(
    ("fields", "place", "said"),
    [
        ({"id": ROUX, "jusqu_au": "2026-03-11"}, "jusqu_au", "dans le futur"),
        ({"id": ROUX, "jusqu_au": "31/02/2027"}, "jusqu_au", "Saisissez une date"),
        ({"id": ROUX, "jusqu_au": "9999-12-31"}, "jusqu_au", "Saisissez une date"),
        ({"pour": "etablissement", "id": "999"}, "etablissement", "Choisissez un professionnel"),
        ({"pour": "equipe", "id": CABINET, "jusqu_au": "hier"}, "jusqu_au_equipe", "une date"),
        ({"pour": "mutuelle", "id": ROUX}, "id", "Choisissez un professionnel"),
        ({"id": CABINET}, "id", "Choisissez un professionnel"),
    ],
)
async def test_a_bad_agreement_is_an_error_beside_its_field_and_changes_nothing(
    fields: dict[str, str], place: str, said: str
) -> None:
    house = alone()
    async with visiting(house) as client:
        await sign_in(client, house)
        wanted = {"pour": "professionnel"} | fields
        status, _, body = await post(client, ACCESS, f"{ACCESS}/accord", **wanted)
    assert status == 422
    assert said in unescape(body.partition(f'id="{place}-error"')[2].partition("</p>")[0])
    assert re.search(rf'id="{place}"[^>]*aria-describedby="[^"]*{place}-error', body)
    assert house.people.chosen.get(key_of(CLAIRE), []) == []


async def test_an_end_that_no_clock_in_paris_can_show_is_read_and_may_be_ended() -> None:
    house = alone()
    await pages(house, pour="professionnel", id=ROUX)
    (kept,) = house.people.chosen[key_of(CLAIRE)]
    house.people.chosen[key_of(CLAIRE)] = [replace(kept, until=END_OF_TIME)]
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(ACCESS)
        assert (answer.status, "31 décembre 9999" in unescape(await answer.text())) == (200, True)


async def test_a_second_agreement_brings_its_own_end() -> None:
    house = alone()
    await pages(house, pour="professionnel", id=ROUX)
    house.clock.at += timedelta(minutes=1)
    own, _ = await pages(house, pour="professionnel", id=ROUX, jusqu_au="2026-04-30")
    assert STATES.findall(own) == [(ROUX, "autorisé")]
    assert "1 mai 2026" in own


async def test_somebody_is_refused_before_any_reading() -> None:
    house = alone()
    assert REFUSED in await seen_by_roux(house)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "Refuser<" in await (await client.get(ACCESS)).text()
        wanted = {"pour": "professionnel", "id": ROUX}
        status, place, _ = await post(client, ACCESS, f"{ACCESS}/retrait", **wanted)
        assert status == 303
        assert STATES.findall(await (await client.get(place)).text()) == [(ROUX, "refusé")]
    assert REFUSED in await seen_by_roux(house)


async def test_what_a_professional_declared_is_shown_with_his_name_and_its_time() -> None:
    house = alone()
    async with visiting(house) as client:
        await sign_in_professional(client)
        told = {"informe": "oui", "pour": "equipe"}
        status, _, _ = await post(client, RECORD, f"{RECORD}/accord", **told)
        assert status == 303
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        page = unescape(await (await client.get(ACCESS)).text())
    assert "par Dr Anne Roux" in page
    assert "12 mars 2026 à 14\u00a0h\u00a005" in page


async def test_new_documents_enter_masked_once_the_box_is_empty() -> None:
    house = alone()
    key = key_of(CLAIRE)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(ACCESS)).text()
        assert re.search(r'name="visibles" value="oui"[^>]* checked', page)
        status, place, _ = await post(client, ACCESS, f"{ACCESS}/nouveaux")
        assert (status, place) == (303, f"{ACCESS}?fait=nouveaux")
        assert house.people.persons[key].masks_new
        page = await (await client.get(place)).text()
        assert not re.search(r'name="visibles" value="oui"[^>]* checked', page)
        await post(client, ACCESS, f"{ACCESS}/nouveaux", visibles="oui")
        assert not house.people.persons[key].masks_new
        history = await (await client.get("/historique?moi=oui")).text()
    assert "nouveaux documents" in history


@pytest.mark.parametrize(("path", "box"), [("nouveaux", "visibles"), ("urgence", "samu")])
async def test_a_box_that_says_neither_yes_nor_no_changes_nothing(path: str, box: str) -> None:
    house = alone()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, _ = await post(client, ACCESS, f"{ACCESS}/{path}", **{box: "zz"})
    assert status == 422
    assert house.people.chosen.get(key_of(CLAIRE), []) == []
