"""A service launches by itself, and acts as far as it was let (VAULT APP-03, APP-04, APP-06)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from catalogue_twins import GLYCO, listed
from family_house import JADE, LEO, family
from launching_app import agree, ask, boxes, exchange, fhir, token
from vault_house import CLAIRE, MARC, Browser, House, key_of, post, sign_in, visiting

from gateway.records.catalogue.files import ServiceState
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.switches import Switch, Switches

READ_BOX, WRITE_BOX = "0", "1"


def furnished(*, reads: bool = False) -> House:
    house = family()
    house.switches = replace(Switches(), application_reading=Switch(before=reads))
    house.catalogue.kept["glycosuivi"] = listed()
    house.catalogue.kept["tensionote"] = listed(
        replace(GLYCO, id="tensionote", name="TensioNote"), ServiceState.SUSPENDED
    )
    return house


def given(house: House, who: PatientIdentity) -> list[Choice]:
    now = house.clock.now()
    return [
        one
        for one in house.people.chosen.get(key_of(who), [])
        if one.kind is ChoiceKind.APPLICATION and (one.until is None or one.until > now)
    ]


async def launched(
    client: Browser, *ticked: str, who: PatientIdentity = CLAIRE, **changes: str
) -> dict[str, str]:
    """The tokens of a launch in which these boxes were ticked."""
    answer = await agree(client, key_of(who).hex(), *ticked, **changes)
    assert answer.status == 303, answer.body
    status, told = await exchange(client, answer.said["code"])
    assert status == 200, told
    return told


def searched(who: PatientIdentity = CLAIRE, more: str = "code=http://loinc.org|2345-7") -> str:
    return f"Observation?patient.identifier=urn:oid:{who.ins_oid}|{who.ins}&{more}"


async def test_a_patient_gives_less_than_was_asked_and_the_service_does_no_more() -> None:
    """The happy path of VAULT section 13; what POST files is the door of deposits' business."""
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = boxes((await ask(client)).body)
        assert shown == {
            READ_BOX: "Mesures et résultats : glycémie",
            WRITE_BOX: "Mesures et résultats (ajouter)",
        }
        told = await launched(client, WRITE_BOX)
        assert (told["scope"], told["patient"]) == ("patient/Observation.c", key_of(CLAIRE).hex())
        assert await fhir(client, told["access_token"], searched()) == 403
        await post(
            client, "/parametres/services", "/parametres/services/arret", service="glycosuivi"
        )
        assert await fhir(client, told["access_token"], searched()) == 401
    (fact,) = [one for one in house.people.chosen[key_of(CLAIRE)] if one.target == "glycosuivi"][:1]
    assert (fact.scopes, fact.giver) == (("sync", "patient/Observation.c"), "")
    acts = [row.trace.action for row in house.traces.rows]
    for act in ("service-connected", "service-token", "service-refused", "service-stopped"):
        assert act in acts, act


async def test_more_scopes_than_anybody_reads_are_not_asked() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        for many, error in ((50, None), (51, "invalid_scope")):
            scope = " ".join(f"patient/Observation.c?code={n}" for n in range(many))
            assert (await ask(client, scope=scope)).said.get("error") == error, many


async def test_what_was_asked_and_given_stands_in_the_log_and_no_secret_anywhere() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        told = await launched(client, WRITE_BOX)
    connected = next(row for row in house.traces.rows if row.trace.action == "service-connected")
    assert b"2345-7" in connected.trace.details
    assert b'"given":["patient/Observation.c"]' in connected.trace.details
    assert told["access_token"] not in str(house.launches.tokens)


async def test_a_read_is_within_the_limits_of_its_scope_and_is_counted() -> None:
    house = furnished(reads=True)
    async with visiting(house) as client:
        await sign_in(client, house)
        told = await launched(client, READ_BOX)
        access = told["access_token"]
        assert await fhir(client, access, searched()) == 200
        assert await fhir(client, access, searched(more="code=http://loinc.org|718-7")) == 403
        assert await fhir(client, access, searched(more="_count=5")) == 403
        assert await fhir(client, access, searched(MARC)) == 200  # of another: nothing is told
        for path in ("Condition", "AuditEvent", "DocumentReference", "Consent", "List", "Nothing"):
            whose = searched().partition("?")[2]
            assert await fhir(client, access, f"{path}?{whose}") in (403, 404), path
        page = await (await client.get("/parametres/services")).text()
        assert "Mesures et résultats : 0 lus, 0 écrits" in page
        assert "Dernière utilisation" in page
    refused = [row.trace for row in house.traces.rows if row.trace.action == "service-refused"]
    assert {one.patient for one in refused} == {key_of(CLAIRE)}
    assert all(b"2345-7" not in one.details for one in refused)


async def test_nothing_ticked_is_said_and_a_refusal_is_told_to_the_service() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await agree(client, key_of(CLAIRE).hex())
        assert answer.status == 422
        assert "Choisissez au moins une autorisation, ou refusez." in answer.body
        answer = await agree(client, "", WRITE_BOX)
        assert (answer.status, "Choisissez un profil." in answer.body) == (422, True)
        answer = await agree(client, key_of(CLAIRE).hex(), WRITE_BOX, decision="non")
        assert answer.status == 303
        assert answer.said["error"] == "access_denied"
    assert given(house, CLAIRE) == []


async def test_for_a_child_it_ends_at_the_majority_and_the_profile_is_chosen() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        page = (await ask(client)).body
        assert key_of(LEO).hex() in page
        assert 'type="radio" name="profil"' in page
        assert 'radio" name="profil" value="' + key_of(LEO).hex() + '" checked' not in page
        told = await launched(client, WRITE_BOX, who=JADE, end="2030-01-01")
        assert told["patient"] == key_of(JADE).hex()
    (fact,) = given(house, JADE)
    assert fact.giver == key_of(CLAIRE).hex()  # it ends with her say in this record
    assert fact.until is not None
    assert fact.until.isoformat() == "2026-11-30T23:00:00+00:00"
    assert given(house, CLAIRE) == []


async def test_nobody_agrees_for_a_profile_that_is_not_theirs() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        for who in (CLAIRE.ins or "", key_of(CLAIRE).hex(), "zz"):
            answer = await agree(client, who, WRITE_BOX)
            assert answer.status == 404, who
    assert given(house, CLAIRE) == []


async def test_who_must_sign_in_first_comes_back_to_what_was_asked() -> None:
    house = furnished()
    async with visiting(house) as client:
        answer = await ask(client)
        assert (answer.status, answer.place) == (303, "/connexion")
        await post(
            client,
            "/connexion",
            "/connexion",
            identifiant="claire84durand",
            mot_de_passe="Un-mot-de-passe-9",
        )
        code = house.letters.code()
        status, place, _ = await post(client, "/connexion/code", "/connexion/code", otp=code)
        assert status == 303
        assert place.startswith("/autoriser?response_type=code&client_id=glycosuivi")
        page = await client.get(place)
        assert (page.status, "GlycoSuivi" in await page.text()) == (200, True)


async def test_one_scope_is_taken_back_and_the_rest_goes_on_with_the_next_token() -> None:
    house = furnished(reads=True)
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = "patient/Observation.c patient/Patient.r offline_access"
        told = await launched(client, "0", "1", scope=asked)
        assert await fhir(client, told["access_token"], f"Patient/{key_of(CLAIRE).hex()}") == 200
        house.clock.at += timedelta(seconds=1)
        fields = {"service": "glycosuivi", "scope": "patient/Observation.c"}
        status, place, _ = await post(
            client, "/parametres/services", "/parametres/services/retrait", **fields
        )
        assert (status, place) == (303, "/parametres/services?fait=retrait")
        assert await fhir(client, told["access_token"], f"Patient/{key_of(CLAIRE).hex()}") == 401
        form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
        status, after = await token(client, form)
        assert (status, after["scope"]) == (200, "patient/Patient.r offline_access")
        fields["scope"] = "patient/Patient.r"
        await post(client, "/parametres/services", "/parametres/services/retrait", **fields)
    assert given(house, CLAIRE) == []
    assert house.launches.tokens == {}


@pytest.mark.parametrize("state", [ServiceState.SUSPENDED, ServiceState.WITHDRAWN])
async def test_a_service_that_is_stopped_is_refused_and_wakes_nothing_later(
    state: ServiceState,
) -> None:
    house = furnished(reads=True)
    async with visiting(house) as client:
        await sign_in(client, house)
        told = await launched(client, "0", scope="patient/Patient.r offline_access")
        mine = f"Patient/{key_of(CLAIRE).hex()}"
        assert await fhir(client, told["access_token"], mine) == 200
        stopped = house.clock.now()
        house.catalogue.kept["glycosuivi"] = replace(
            listed(), state=state, since=stopped, stopped_at=stopped
        )
        assert await fhir(client, told["access_token"], mine) == 403
        form = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
        assert (await token(client, form))[0] == 403
        assert (await ask(client)).status == 403
        assert (await client.get("/catalogue/glycosuivi")).status == 404
        assert "suspendu ou retiré" in await (await client.get("/parametres/services")).text()
        house.catalogue.kept["glycosuivi"] = replace(listed(), stopped_at=stopped)
        assert await fhir(client, told["access_token"], mine) == 401
        assert (await token(client, form))[0] == 400


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (300, 401)])
async def test_an_access_token_lives_five_minutes(seconds: int, status: int) -> None:
    house = furnished(reads=True)
    async with visiting(house) as client:
        await sign_in(client, house)
        told = await launched(client, "0", scope="patient/Patient.r")
        assert "refresh_token" not in told
        house.clock.at += timedelta(seconds=seconds)
        mine = f"Patient/{key_of(CLAIRE).hex()}"
        assert await fhir(client, told["access_token"], mine) == status


async def test_what_is_asked_to_be_read_of_documents_waits_for_the_switch() -> None:
    """APP-04: only while ACCESS `application_reading` is on."""
    scope = "patient/DocumentReference.crs"
    house = furnished()
    house.catalogue.kept["glycosuivi"] = listed(replace(GLYCO, scopes=(scope,)))
    async with visiting(house) as client:
        await sign_in(client, house)
        page = (await ask(client, scope=scope)).body
        assert list(boxes(page).values()) == ["Documents (ajouter)"]
        assert "aucun service ne peut lire de documents" in page
        only = await ask(client, scope="patient/DocumentReference.rs")
        assert only.said["error"] == "invalid_scope"
