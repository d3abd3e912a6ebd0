"""`/desk/3422` and `/desk/suppressions` (VAULT DSK-02, DSK-04, DSK-07; ACCESS P64)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import FormData
from entering_house import EMAIL, MOBILE, ODETTE, SERIAL, Client, handed, house_of_odette
from family_house import page
from support_house import DESK, PERSON, answering, find
from vault_house import (
    CLAIRE,
    MARC,
    House,
    identity,
    key_of,
    post,
    sign_in,
    sign_in_operator,
    token_of,
    visiting,
)

from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.erasure import Cause
from gateway.records.patients.leaving import Ended
from gateway.records.readers.operator import OperatorRole

OPPOSITION, CLOSING, PAPER = f"{DESK}/opposition", f"{DESK}/fermeture", f"{DESK}/suppression"
LIST = "/desk/suppressions"


def odette(house: House) -> Person:
    return house.people.persons[key_of(ODETTE)]


async def test_a_person_is_found_by_nir_and_reads_of_it_in_the_own_history() -> None:
    house = House()
    async with answering(house) as client:
        assert (await find(client, nir=CLAIRE.ins or ""))[:2] == (303, PERSON)
        status, shown = await page(client, PERSON)
        assert status == 200
        assert "espace actif" in shown
        assert "06 •• •• •• 78" in shown
        for hidden in ("Claire", "DURAND", "0612345678", CLAIRE.ins or "", "1984"):
            assert hidden not in shown, hidden
    async with visiting(house) as client:
        await sign_in(client, house)
        _, told = await page(client, "/historique")
        assert "3422, agent 101" in told
        assert "a cherché votre espace" in told
        assert "motif : appel du jour" in told


async def test_a_person_is_found_by_birth_name_date_and_place_and_by_no_two_of_them() -> None:
    house = house_of_odette()
    house.people.persons[key_of(ODETTE)] = replace(
        odette(house), identity=replace(ODETTE, birth_date="1958-11-02", birth_place="44109")
    )
    three = {"nom_naissance": "Vial", "naissance": "02/11/1958", "lieu": "44109"}
    async with answering(house) as client:
        assert (await find(client, **three))[:2] == (303, PERSON)
        for name in three:
            status, _, text = await find(client, **{**three, name: ""})
            assert (status, f'id="{name}-error"' in text) == (422, True)
        status, _, text = await find(client, **{**three, "lieu": "44110"})
        assert (status, "Aucune personne ne correspond." in text) == (422, True)


async def test_no_look_up_without_a_reason_and_one_in_vain_names_nobody_in_the_log() -> None:
    house = House()
    async with answering(house) as client:
        status, _, text = await find(client, nir=CLAIRE.ins or "", motif="")
        assert (status, 'id="motif-error"' in text) == (422, True)
        before = len(house.traces.rows)
        assert (await find(client, nir="190087511604215"))[0] == 422
        (row,) = house.traces.rows[before:]
        assert row.trace.action == "looked-up"
        assert b"190087511604215" not in row.trace.details
        answer = await client.get(PERSON, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, DESK)


async def test_two_people_of_the_same_birth_are_told_apart_by_nir() -> None:
    house = House()
    twin = identity("284037511604283", "DURAND", "Anne")
    house.add_person(twin, "anne84durand", AccountState.ACTIVE)
    three = {"nom_naissance": "durand", "naissance": "12/03/1984", "lieu": "75116"}
    async with answering(house) as client:
        status, _, text = await find(client, **three)
        assert (status, "Demandez le numéro de sécurité sociale" in text) == (422, True)


async def test_an_opposition_by_telephone_needs_the_same_three_and_gives_a_reference() -> None:
    house = house_of_odette(AccountState.INVITED)
    code = await handed(house, email=EMAIL, mobile=MOBILE)
    async with answering(house) as client:
        await find(client, nir=ODETTE.ins or "")
        fields = {
            "personne": key_of(ODETTE).hex(),
            "code": code,
            "nir": ODETTE.ins or "",
            "serie": SERIAL,
            "motif": "demande par téléphone",
        }
        status, place, _ = await post(client, OPPOSITION, OPPOSITION, **fields)
        assert (status, place.partition("&")[0]) == (303, f"{PERSON}?fait=opposition")
        _, shown = await page(client, place)
        assert "Référence à donner" in shown
    assert odette(house).state is AccountState.OPPOSED
    last = house.traces.rows[-1].trace
    assert (last.action, last.rule, last.kind) == ("opposition", "P64", "operator")
    assert [one.subject for one in house.departures.then] == ["account-opposed"]


async def test_the_third_wrong_try_ends_the_call_and_locks_for_a_quarter_of_an_hour() -> None:
    house = house_of_odette(AccountState.INVITED)
    code = await handed(house)
    fields = {
        "personne": key_of(ODETTE).hex(),
        "code": code,
        "nir": ODETTE.ins or "",
        "serie": "60123456780",
        "motif": "appel",
    }
    async with answering(house) as client:
        await find(client, nir=ODETTE.ins or "")
        for status in (422, 422, 429):
            assert (await post(client, OPPOSITION, OPPOSITION, **fields))[0] == status
        answer = await client.get(PERSON, allow_redirects=False)
        assert answer.headers["Location"] == DESK
        await find(client, nir=ODETTE.ins or "")
        fields["serie"] = SERIAL
        assert (await post(client, OPPOSITION, OPPOSITION, **fields))[0] == 429
        house.clock.at += timedelta(minutes=15, seconds=1)
        await sign_in_operator(client, "appels")
        await find(client, nir=ODETTE.ins or "")
        assert (await post(client, OPPOSITION, OPPOSITION, **fields))[0] == 303


async def test_a_space_is_closed_for_who_cannot_go_on_line_with_a_reason() -> None:
    house = House()
    async with answering(house) as client:
        await find(client, nir=CLAIRE.ins or "")
        whose = {"personne": key_of(CLAIRE).hex()}
        assert (await post(client, CLOSING, CLOSING, **whose, motif=""))[0] == 422
        assert (await post(client, CLOSING, CLOSING, **whose, motif="pas d'ordinateur"))[0] == 303
        assert (await post(client, CLOSING, CLOSING, **whose, motif="encore"))[0] == 409
    assert house.people.persons[key_of(CLAIRE)].state is AccountState.CLOSED
    closing = [row.trace for row in house.traces.rows if row.trace.action == "closing"]
    assert [(one.rule, one.kind) for one in closing] == [("P64", "operator")]


async def test_a_page_of_an_earlier_call_changes_nobody() -> None:
    house = House()
    async with answering(house) as client:
        await find(client, nir=CLAIRE.ins or "")
        await find(client, nir=MARC.ins or "")
        whose = key_of(CLAIRE).hex()
        status, _, text = await post(client, CLOSING, CLOSING, personne=whose, motif="appel")
        assert (status, 'data-refusal="autre-appel"' in text) == (409, True)
        assert (await post(client, PERSON, f"{DESK}/fin"))[:2] == (303, DESK)
        answer = await client.get(CLOSING, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, DESK)
    states = {one.state for one in house.people.persons.values()}
    assert states == {AccountState.ACTIVE}


async def papers(client: Client, **changed: str) -> tuple[int, str]:
    fields = {
        "personne": key_of(CLAIRE).hex(),
        "date": "10/03/2026",
        "nature": "passeport",
        "motif": "lettre reçue",
    } | changed
    form = FormData({"jeton": await token_of(client, PAPER), **fields})
    for name in ("formulaire", "piece"):
        form.add_field(name, b"%PDF-1.7 " + name.encode(), filename=f"{name}.pdf")
    answer = await client.post(PAPER, data=form, allow_redirects=False)
    return answer.status, answer.headers.get("Location", "") or await answer.text()


def closed_house() -> House:
    house = House()
    house.people.log = house.traces
    key = key_of(CLAIRE)
    house.people.persons[key] = replace(
        house.people.persons[key], state=AccountState.CLOSED, closed_at=house.clock.at
    )
    return house


async def test_a_deletion_on_paper_takes_two_people_and_is_told_by_letter() -> None:
    house = closed_house()
    one = f"{LIST}/{key_of(CLAIRE).hex()}"
    async with answering(house, OperatorRole.CONSEILLER, OperatorRole.VALIDEUR) as client:
        await find(client, nir=CLAIRE.ins or "")
        assert await papers(client) == (303, f"{PERSON}?fait=papier")
        assert (await papers(client))[0] == 409
        assert house.people.persons[key_of(CLAIRE)].deletion_asked_at is None
        status, _, text = await post(client, LIST, f"{one}/valider")
        assert (status, 'data-refusal="quatre-yeux"' in text) == (403, True)
    asked = house.clock.at
    house.clock.at += timedelta(minutes=3)
    async with answering(house, OperatorRole.VALIDEUR, login="second") as client:
        assert "12 juin 2026" in (await page(client, one))[1]
        assert (await post(client, one, f"{one}/valider"))[:2] == (303, f"{LIST}?fait=validee")
        assert (await client.get(one)).status == 404
    assert house.people.persons[key_of(CLAIRE)].deletion_asked_at == asked
    (task,) = house.departures.then
    assert b'"letter": true' in task.payload
    kept = [row.trace for row in house.traces.rows if row.trace.action == "deletion-proposed"]
    assert b"%PDF" not in kept[0].details


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"date": "13/03/2026"}, "date"),
        ({"date": "hier"}, "date"),
        ({"nature": "permis"}, "nature"),
        ({"motif": ""}, "motif"),
    ],
)
async def test_what_is_missing_of_the_papers_is_said_by_field(
    changed: dict[str, str], field: str
) -> None:
    house = closed_house()
    async with answering(house) as client:
        await find(client, nir=CLAIRE.ins or "")
        status, text = await papers(client, **changed)
        assert (status, f'id="{field}-error"' in text) == (422, True)


async def test_a_deletion_on_paper_may_be_set_aside_by_one() -> None:
    house = closed_house()
    one = f"{LIST}/{key_of(CLAIRE).hex()}"
    async with answering(house, OperatorRole.CONSEILLER, OperatorRole.VALIDEUR) as client:
        await find(client, nir=CLAIRE.ins or "")
        await papers(client)
        assert (await post(client, one, f"{one}/ecarter"))[:2] == (303, f"{LIST}?fait=ecartee")
        assert "Aucune demande sur papier n'attend." in (await page(client, LIST))[1]
    assert house.people.persons[key_of(CLAIRE)].deletion_asked_at is None


async def test_deletions_are_red_from_fourteen_days_before_they_are_due() -> None:
    house = closed_house()
    key = key_of(CLAIRE)
    house.people.persons[key] = replace(house.people.persons[key], deletion_asked_at=house.clock.at)
    async with answering(house) as client:
        _, shown = await page(client, LIST)
        assert 'data-state="en-attente"' in shown
        assert "12 juin 2026" in shown
        house.clock.at += timedelta(days=92 - 14)
        await sign_in_operator(client, "appels")
        _, shown = await page(client, LIST)
        assert 'data-state="proche"' in shown
        assert "échéance proche" in shown


async def test_erasures_are_listed_by_number_with_their_dates_and_who_said_yes() -> None:
    house = House()
    now = house.clock.now()
    done = Ended(
        id="ab" * 16,
        at=now,
        is_under_way=False,
        cause=Cause.ASKED,
        since=now - timedelta(days=30),
        by="Camille Fabre",
        proposed_by="Lou Testeur",
    )
    by_clock = replace(done, id="cd" * 16, is_under_way=True, by="", proposed_by="")
    restored = Ended(id="ef" * 16, at=now, is_under_way=False)
    async with answering(house) as client:
        assert "Aucune suppression n'est commencée ni faite." in (await page(client, LIST))[1]
        house.departures.erased = [by_clock, done, restored]
        _, shown = await page(client, LIST)
    rows = shown.split("<tbody>")[-1].split("</tr>")
    wanted = ("en-cours", "l'échéance"), ("faite", "Lou Testeur, puis Camille Fabre", done.id)
    for row, words in zip(rows, (*wanted, ("inconnu depuis une restauration",)), strict=False):
        assert all(one in row for one in words), row
