"""« Services synchronisés »: what a patient lets an application do, and how it ends (APP-06)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from family_house import HIDDEN, JADE, LEO, ROSE, Client, family, open_profile, page
from vault_house import CLAIRE, MARC, House, key_of, post, sign_in, visiting

from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.switches import Switch, Switches

PATH = "/parametres/services"
LIVES = 403
"""Of a token that may write only: who shows it is known, and may not read (APP-04)."""
READING = replace(Switches(), application_reading=Switch(before=True))


async def connect(client: Client, **fields: str) -> tuple[int, str]:
    """Status, and the token that the page shows once."""
    status, _, shown = await post(client, PATH, PATH, service="carnet", **fields)
    found = re.search(r"<code data-token>([^<]+)</code>", shown)
    return status, found[1] if found else ""


async def asked(client: Client, token: str, who: PatientIdentity) -> tuple[int, int]:
    """Status and total of a search by the application."""
    identifier = f"urn:oid:{who.ins_oid}|{who.ins}"
    answer = await client.get(
        f"/fhir/DocumentReference?patient.identifier={identifier}",
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.status, (await answer.json(content_type=None)).get("total", -1)


def in_force(house: House, who: PatientIdentity) -> list[Choice]:
    now = house.clock.now()
    return [
        one
        for one in house.people.chosen.get(key_of(who), [])
        if one.kind is ChoiceKind.APPLICATION and (one.until is None or one.until > now)
    ]


async def test_a_service_is_authorised_with_what_was_ticked_and_its_code_is_shown_once() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, shown = await page(client, PATH)
        assert "checked" not in shown.partition("J'autorise ce service à")[2]
        status, token = await connect(client, write="oui")
        assert status == 200
        assert len(token) > 40
        _, shown = await page(client, PATH)
        assert token not in shown
        assert "Ajouter des documents de ma part" in shown
    (fact,) = in_force(house, CLAIRE)
    assert fact.scopes == ("write",)
    assert token not in str(house.service_tokens.kept)
    assert house.traces.rows[-1].trace.rule == "P60"


async def test_nothing_is_read_while_applications_may_only_deposit() -> None:
    house = family()
    name = house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        _, token = await connect(client, read="oui", write="oui")
        assert await asked(client, token, CLAIRE) == (200, 0)
        bearer = {"Authorization": f"Bearer {token}"}
        for path in (f"DocumentReference/{name}", f"Binary/{name}"):
            answer = await client.get(f"/fhir/{path}", headers=bearer)
            assert answer.status == 404
    rules = {row.trace.rule for row in house.traces.rows if row.trace.kind == "application"}
    assert rules == {"F26", "APP-04"}


async def test_where_reading_is_switched_on_the_scope_and_the_record_still_bind() -> None:
    house = family()
    house.switches = READING
    house.add("Bilan")
    hers = house.add("Bilan de Rose", owner=ROSE)
    async with visiting(house) as client:
        await sign_in(client, house)
        _, token = await connect(client, read="oui")
        assert await asked(client, token, CLAIRE) == (200, 1)
        assert await asked(client, token, ROSE) == (200, 0)
        bearer = {"Authorization": f"Bearer {token}"}
        answer = await client.get(f"/fhir/DocumentReference/{hers}", headers=bearer)
        assert answer.status == 404
        identifier = f"urn:oid:{CLAIRE.ins_oid}|{CLAIRE.ins}"
        log = await client.get(f"/fhir/AuditEvent?patient.identifier={identifier}", headers=bearer)
        assert log.status == 403
        await post(client, PATH, f"{PATH}/arret", service="carnet")
        _, token = await connect(client, write="oui")
        assert (await asked(client, token, CLAIRE))[0] == LIVES


async def test_a_childs_secret_is_hidden_from_an_application_that_a_parent_connected() -> None:
    house = family()
    house.switches = READING
    house.add("Vaccin", owner=LEO)
    house.add("Entretien", owner=LEO, codes=HIDDEN)
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        _, token = await connect(client, read="oui")
        assert await asked(client, token, LEO) == (200, 1)


async def test_stopping_kills_the_token_at_once_and_a_new_one_does_not_wake_it() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, first = await connect(client, write="oui")
        kept = dict(house.service_tokens.kept)
        assert (await post(client, PATH, f"{PATH}/arret", service="carnet"))[0] == 303
        assert (await asked(client, first, CLAIRE))[0] == 401
        house.clock.at += timedelta(seconds=1)
        _, second = await connect(client, write="oui")
        house.service_tokens.kept |= kept  # even where the old row had stayed
        assert (await asked(client, first, CLAIRE))[0] == 401
        assert (await asked(client, second, CLAIRE))[0] == LIVES


@pytest.mark.parametrize(("seconds", "status"), [(-1, LIVES), (0, 401)])
async def test_a_date_ends_the_token_to_the_second(seconds: int, status: int) -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, token = await connect(client, write="oui", fin="2026-03-20")
        (fact,) = in_force(house, CLAIRE)
        assert fact.until is not None
        house.clock.at = fact.until + timedelta(seconds=seconds)
        assert (await asked(client, token, CLAIRE))[0] == status


async def test_what_a_parent_connected_for_a_child_ends_with_the_childs_majority() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, JADE)
        await connect(client, write="oui", fin="2030-01-01")
    (fact,) = in_force(house, JADE)
    assert fact.until is not None
    assert fact.until.isoformat() == "2026-11-30T23:00:00+00:00"


BAD = {
    "nothing ticked": ({}, 422),
    "a scope that is none": ({"sync": "oui"}, 422),
    "an end in the past": ({"write": "oui", "fin": "2020-01-01"}, 422),
    "an end that is no date": ({"write": "oui", "fin": "demain"}, 422),
    "an unknown service": ({"write": "oui", "service": "autre"}, 404),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_form_gives_no_token(case: str) -> None:
    house = family()
    fields, status = BAD[case]
    async with visiting(house) as client:
        await sign_in(client, house)
        given = {"service": "carnet"} | fields
        found, _, shown = await post(client, PATH, PATH, **given)
        assert found == status
        assert "data-token" not in shown
        assert (await post(client, PATH, f"{PATH}/arret", service="carnet"))[0] == 404
    assert house.service_tokens.kept == {}


async def test_a_caregiver_connects_nothing() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        await open_profile(client, ROSE)
        assert (await page(client, PATH))[0] == 403
        status, _, _ = await post(client, "/documents", PATH, service="carnet", write="oui")
        assert status == 403
    assert in_force(house, ROSE) == in_force(house, MARC) == []


async def test_a_service_for_a_child_is_said_of_the_child() -> None:
    """PAGES 2, rule 4: never « mes documents » under the name of Léo."""
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        _, offered = await page(client, PATH)
        await connect(client, read="oui", write="oui")
        _, agreed = await page(client, PATH)
        _, settings = await page(client, "/parametres")
    for shown in (offered, agreed):
        assert "Lire les documents de Léo" in shown
        assert "Ajouter des documents au profil de Léo" in shown
        assert "ni les messages de Léo" in shown
    assert "aucun service ne peut lire les documents de Léo" in agreed
    assert "agir pour Léo" in settings
    own = ("mes documents", "ma part", "vos documents", "vos choix", "votre historique")
    assert [one for one in own for shown in (offered, agreed, settings) if one in shown] == []
