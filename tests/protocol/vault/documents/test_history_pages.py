"""« Qui a consulté mes documents ? » by the wire: filters, one line, CSV."""

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from vault_house import CLAIRE, PRO_TOKEN, House, key_of, sign_in, visiting
from vault_twins import NOW

from gateway.flows.sending.mails.undelivered import not_delivered
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import NewTrace
from gateway.records.task import Task, TaskKind

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
Client = TestClient[Request, Application]


def act(
    action: str, kind: str, actor: str, *, document: str | None = None, **more: Any
) -> NewTrace:
    made = NewTrace(
        patient=key_of(CLAIRE),
        action=action,
        permitted=True,
        rule="P11",
        kind=kind,
        actor=actor,
        actor_name=f"soignant {actor}",
        document=document,
    )
    return replace(made, **more)


async def read_twice(client: Client, house: House) -> None:
    for title in ("Bilan sanguin", "=CALCUL()"):
        name = house.add(title)
        await client.get(f"/fhir/Binary/{name}", headers=PRO)
    await sign_in(client, house)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 2),
        ("personne=roux", 2),
        ("personne=charmes", 2),
        ("personne=blanc", 0),
        ("document=bilan", 1),
        ("acte=open", 2),
        ("acte=refus", 0),
        ("acte=unknown", 2),
        ("du=2020-01-01&au=2020-01-02", 0),
    ],
)
async def test_each_filter_narrows_the_lines(asked: str, count: int) -> None:
    house = House()
    async with visiting(house) as client:
        await read_twice(client, house)
        page = await (await client.get(f"/historique?{asked}")).text()
    assert page.count('data-kind="trace"') == count
    assert ("Aucune ligne ne correspond" in page) is (count == 0)


async def test_own_readings_hide_nobody_elses() -> None:
    house = House()
    name = house.add("Bilan sanguin")
    async with visiting(house) as client:
        await read_twice(client, house)
        await client.get(f"/fhir/Binary/{name}", headers=PRO)
        own = act("open", "patient", key_of(CLAIRE).hex(), document=name)
        await house.traces.write([own] * 1_200)
        pages = [
            await (await client.get(path)).text()
            for path in ("/", f"/documents/{name}", "/historique")
        ]
    for page in pages:
        assert "Dr Anne Roux" in page.partition("consult")[2]
        assert "Personne d'autre que vous" not in page


async def test_the_home_page_shows_emergencies_first_and_no_deposit() -> None:
    house = House()
    name = house.add("Bilan sanguin")
    urgent = act("open", "professional", "1", document=name, emergency=True)
    later = [act("open", "professional", str(number), document=name) for number in range(2, 6)]
    deposit = act("deposit", "system", "labo", document=name)
    await house.traces.write([urgent, *later, *[deposit] * 600])
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get("/")).text()
    assert page.count('data-kind="trace"') == 3
    assert page.index("Accès en urgence") < page.index("soignant 5") < page.index("soignant 4")
    assert "Envoi automatique" not in page


async def test_a_deleted_document_is_named_and_leads_nowhere() -> None:
    house = House()
    house.add("Autre bilan")
    name = house.add("Bilan sanguin")
    await house.traces.write(
        [
            act("open", "professional", "1", document=name),
            act("deposit", "system", "labo", document=name, door="http"),
            act("delete", "system", "labo", document=name),
        ]
    )
    house.shelf.change(name, status=DocumentStatus.WITHDRAWN)
    async with visiting(house) as client:
        await sign_in(client, house)
        pages = [await (await client.get(path)).text() for path in ("/", "/historique")]
        last = await (await client.get("/historique/3")).text()
        first = await (await client.get("/historique/2")).text()
        rows = (await (await client.get("/historique/csv")).text()).splitlines()
    for page in [*pages, last]:
        assert "Bilan sanguin (supprimé)" in page
        assert f"/documents/{name}" not in page
    assert "document supprimé par le professionnel de santé qui l&#39;a déposé" in last
    assert "logiciel (HTTP)" in first
    assert "Bilan sanguin (supprimé)" in rows[1]
    assert 'href="/historique/3#signaler"' in pages[1]


async def test_a_new_version_is_told_as_one() -> None:
    house = House()
    await house.traces.write(
        [
            act("deposit", "system", "1", details=b'{"replaces":"a"}'),
            act("deposit", "professional", "2", details=b'{"replaces":"a"}'),
        ]
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get("/historique")).text()
    assert "soignant 1 transmet une nouvelle version d&#39;un document" in page
    assert "a déposé une nouvelle version d&#39;un document" in page


async def test_a_bad_date_is_said_beside_its_field() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get("/historique?du=hier")
        assert answer.status == 422
        assert "Saisissez une date" in await answer.text()


async def test_dates_the_wrong_way_round_are_kept_and_nothing_is_listed() -> None:
    house = House()
    async with visiting(house) as client:
        await read_twice(client, house)
        page = await (await client.get("/historique?du=2026-03-10&au=2026-01-01")).text()
    assert 'value="2026-03-10"' in page
    assert 'value="2026-01-01"' in page
    assert 'data-kind="trace"' not in page
    assert "Personne d'autre que vous" not in page


async def test_a_line_says_who_from_where_and_under_which_grid() -> None:
    house = House()
    async with visiting(house) as client:
        await read_twice(client, house)
        rows = list(csv.reader(io.StringIO(await (await client.get("/historique/csv")).text())))
        number = rows[1][0]
        page = await (await client.get(f"/historique/{number}")).text()
        missing = await client.get("/historique/999999")
    assert missing.status == 404
    for words in ("Dr Anne Roux, Médecin, Cabinet des Charmes", "logiciel (FHIR)", "127.0.0.1"):
        assert words in page
    assert "3422" in page
    titles = {row[5] for row in rows[1:]}
    assert titles == {"Bilan sanguin", "'=CALCUL()"}


async def test_without_a_signed_log_there_is_nothing_to_verify() -> None:
    async with visiting(House()) as client:
        for place in ("/journal/checkpoint", "/journal/cle"):
            assert (await client.get(place)).status == 404
        shown = await (await client.get("/verifier")).text()
        assert 'name="code"' in shown
        assert 'name="preuve"' not in shown


@pytest.mark.parametrize(
    ("action", "rule", "words"),
    [
        ("doctor-told", "P42", "est averti d'un accès en urgence par messagerie sécurisée"),
        ("doctor-returned", "P42", "n'a pas reçu l'avis d'un accès en urgence"),
        ("mail", "P11", "destinataire d'un document par messagerie sécurisée"),
        ("mail-failed", "refused", "n'a pas pu recevoir un document par messagerie sécurisée"),
        ("mail-returned", "returned", "n'a pas reçu un document par messagerie sécurisée"),
        ("notified", "sent", "message envoyé"),
        ("notified", "no-contact", "message non envoyé : ni e-mail ni téléphone connu"),
    ],
)
async def test_what_became_of_a_message_is_said_as_it_was(
    action: str, rule: str, words: str
) -> None:
    house = House()
    await house.traces.write([act(action, "professional", "1", rule=rule)])
    async with visiting(house) as client:
        await sign_in(client, house)
        page = unescape(await (await client.get("/historique?acte=mail")).text())
        sheet = await (await client.get("/historique/csv?acte=mail")).text()
    assert words in page
    assert words in sheet


async def test_what_did_not_reach_the_patients_own_box_stands_in_the_history() -> None:
    house = House()
    payload = {"to": "284037511604282@patient.mssante.fr", "documents": [house.add("Bilan")]}
    mail = Task(
        id=1,
        kind=TaskKind.MAIL,
        subject="r1",
        patient=key_of(CLAIRE),
        payload=json.dumps(payload).encode(),
        attempts=1,
        created_at=NOW,
    )
    await house.traces.write(not_delivered(mail, "returned: 550"))
    async with visiting(house) as client:
        await sign_in(client, house)
        page = unescape(await (await client.get("/historique")).text())
    assert "La boîte du titulaire" in page
    assert "n'a pas reçu un document par messagerie sécurisée : le message est revenu" in page


@pytest.mark.parametrize(
    ("rule", "why"),
    [("operator", "Fait par un agent de la passerelle."), ("ZFA", "Choix transmis par un")],
)
async def test_what_no_numbered_rule_decided_is_told_in_words_alone(rule: str, why: str) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await house.traces.write([act("export", "operator", "101", rule=rule)])
        (number,) = re.findall(r'data-kind="trace" data-id="(\d+)"', await text(client, ""))
        for page in (await text(client, ""), await text(client, f"/{number}")):
            assert why in page
            assert f"({rule})" not in page


async def test_a_structure_known_by_its_number_is_called_an_establishment() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await house.traces.write([act("deposit", "system", "labo", actor_name="1751234599")])
        page = await text(client, "")
    assert "Envoi automatique : établissement n° 1751234599 transmet un document" in page


async def text(client: Client, path: str) -> str:
    return unescape(await (await client.get(f"/historique{path}")).text())
