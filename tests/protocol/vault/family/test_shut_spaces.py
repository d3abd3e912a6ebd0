"""A space that is shut, by wire: whoever read it a moment ago reads nothing at any address, and is
told so (ACCESS F10, F11; VAULT ACC-15)."""

from dataclasses import replace

import pytest
from family_house import LEO, ROSE, family, open_profile, page
from test_everybody_everywhere import APPLICATION, READS, Enter, house_of_rose, walk
from vault_house import House, key_of, sign_in, visiting

from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientIdentity

SHUT = [state for state in AccountState if state is not AccountState.ACTIVE]
WHOLE = (AccountState.CLOSED, AccountState.CREATED)
PARTS: dict[AccountState, slice] = {
    state: slice(None) if state in WHOLE else slice(place % 3, None, 3)
    for place, state in enumerate(SHUT)
}
READERS: dict[str, Enter] = {**READS, "an application": APPLICATION}
SESSION_OVER = "/connexion?fin=espace"
ROSES = f"patient.identifier=urn:oid:{ROSE.ins_oid}|{ROSE.ins}"
PROFESSIONAL = "a professional with an agreement"


def change(house: House, who: PatientIdentity, state: AccountState) -> None:
    key = key_of(who)
    house.people.persons[key] = replace(house.people.persons[key], state=state)


@pytest.mark.parametrize("state", SHUT)
@pytest.mark.parametrize("who", READERS)
async def test_nothing_is_read_of_a_space_that_is_shut(who: str, state: AccountState) -> None:
    """Only what professionals may of a space that waits for its patient (`created`) stays. Of the
    states all but one share the addresses out among them."""
    house, document = house_of_rose()
    async with visiting(house) as client:
        headers = await READERS[who](client, house)
        change(house, ROSE, state)
        before = len(house.traces.rows)
        found = await walk(client, house, document, headers, PARTS[state])
    told = [row.trace for row in house.traces.rows[before:]]
    if who == PROFESSIONAL and state is AccountState.CREATED:
        assert found
        return
    assert found == set()
    assert any(not one.permitted for one in told)
    assert not [one for one in told if one.permitted and one.patient == key_of(ROSE)]


@pytest.mark.parametrize("state", SHUT)
async def test_the_session_of_its_patient_ends_with_words_and_an_entry(state: AccountState) -> None:
    house, document = house_of_rose()
    async with visiting(house) as client:
        await sign_in(client, house, "rose52pelletier")
        change(house, ROSE, state)
        answer = await client.get("/parametres/acces", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, SESSION_OVER)
        _, shown = await page(client, SESSION_OVER)
        assert "Votre espace n'est pas ouvert." in shown
        for path in ("/documents", f"/documents/{document}", "/historique", "/profils"):
            answer = await client.get(path, allow_redirects=False)
            assert (answer.status, answer.headers["Location"][:10]) == (303, "/connexion"), path
        for path in (f"/fhir/DocumentReference/{document}", f"/fhir/AuditEvent?{ROSES}"):
            assert (await client.get(path)).status == 401, path
        change(house, ROSE, AccountState.ACTIVE)
        assert (await client.get("/documents", allow_redirects=False)).status == 303
    last = [row.trace for row in house.traces.rows if row.trace.patient == key_of(ROSE)][-1]
    assert (last.action, last.permitted, last.kind) == ("login", False, "patient")


async def test_a_token_of_a_service_dies_with_the_space() -> None:
    house, _ = house_of_rose()
    async with visiting(house) as client:
        headers = await APPLICATION(client, house)
        path = f"/fhir/DocumentReference?{ROSES}"
        assert (await client.get(path, headers=headers)).status == 200
        change(house, ROSE, AccountState.CLOSED)
        assert (await client.get(path, headers=headers)).status == 401
    assert house.traces.rows[-1].trace.rule == "token-token"


async def test_a_parent_is_told_that_the_profile_is_lost_by_page_and_fhir() -> None:
    house = family()
    name = house.add("Vaccin", owner=LEO)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        change(house, LEO, AccountState.CLOSED)
        status, shown = await page(client, "/documents")
        assert (status, "Revenir à mon profil" in shown) == (404, True)
        answer = await client.get(f"/fhir/DocumentReference/{name}")
        assert answer.status == 403
        assert "not open to you any more" in await answer.text()
        assert (await client.get("/profils")).status == 200
    refused = [row.trace for row in house.traces.rows if row.trace.patient == key_of(LEO)]
    assert {one.rule for one in refused if not one.permitted} == {"F10"}
