"""The first second of adulthood at every door, without any chore (VAULT REP-10, REP-11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from family_house import JADE, Client, family, open_profile, page, tie
from test_service_pages import connect
from vault_house import MARC, PASSWORD, House, key_of, sign_in, visiting

from gateway.flows.signing_in.signin import WrongError
from gateway.records.patients.account import AccountState, ChoiceKind, Login
from gateway.records.readers.switches import Switch, Switches

MIDNIGHT = datetime(2026, 11, 30, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OWN_ACCOUNT = replace(Switches(), minor_account_age=Switch(before=15))


async def status(client: Client, path: str, **headers: str) -> int:
    answer = await client.get(path, headers=headers, allow_redirects=False)
    return answer.status


async def test_an_open_session_of_a_parent_reads_nothing_more_by_fhir_either() -> None:
    house = family()
    name = house.add("Lunettes de Jade", owner=JADE)
    path = f"/fhir/DocumentReference/{name}"
    house.clock.at = MIDNIGHT - timedelta(minutes=5)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, JADE) == 303
        house.clock.at = MIDNIGHT - SECOND
        assert await status(client, path) == 200
        house.clock.at = MIDNIGHT
        for one in (path, f"/fhir/Binary/{name}", f"/fhir/DocumentReference/{'f' * 32}"):
            assert await status(client, one) == 403, "whatever is asked for"


async def test_the_token_of_an_application_that_a_parent_connected_dies_with_that_second() -> None:
    house = family()
    house.clock.at = MIDNIGHT - timedelta(minutes=5)
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, JADE)
        token = (await connect(client, write="oui"))[1]
        bearer = f"Bearer {token}"
        path = "/fhir/DocumentReference?status=current"
        house.clock.at = MIDNIGHT - SECOND
        assert await status(client, path, Authorization=bearer) != 401
        house.clock.at = MIDNIGHT
        assert await status(client, path, Authorization=bearer) == 401


async def test_a_birth_date_that_was_mended_ends_the_token_on_the_right_day() -> None:
    house = family()
    house.clock.at = MIDNIGHT - timedelta(days=61)
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, JADE)
        token = (await connect(client, write="oui"))[1]
        key = key_of(JADE)
        older = replace(JADE, birth_date="2008-10-01")
        house.people.persons[key] = replace(house.people.persons[key], identity=older)
        house.clock.at = MIDNIGHT - timedelta(days=60)
        path = "/fhir/DocumentReference?status=current"
        assert await status(client, path, Authorization=f"Bearer {token}") == 401


async def test_a_caregiver_whom_a_parent_named_waits_for_the_activation_too() -> None:
    house = family()
    tie(house, JADE, ChoiceKind.CAREGIVER, MARC)
    house.clock.at = MIDNIGHT - SECOND
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        assert await open_profile(client, JADE) == 303
        house.clock.at = MIDNIGHT
        assert (await page(client, "/documents"))[0] == 404


async def test_an_own_login_of_the_child_waits_for_the_activation() -> None:
    house = family()
    house.switches = OWN_ACCOUNT
    login = Login(patient=key_of(JADE), login="jade08durand", password_hash=f"hash:{PASSWORD}")
    house.people.logins["jade08durand"] = replace(login, email="jade@example.org")
    house.clock.at = MIDNIGHT - timedelta(minutes=5)
    async with visiting(house) as client:
        await sign_in(client, house, "jade08durand")
        assert await status(client, "/documents") == 200
        house.clock.at = MIDNIGHT
        answer = await client.get("/documents", allow_redirects=False)
        assert answer.headers["Location"] == "/connexion?fin=espace"
    with pytest.raises(WrongError):
        await house.rooms().sign_in.begin("jade08durand", PASSWORD, address="127.0.0.1")


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        ("2008-02-29", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2008-12", datetime(2026, 12, 30, 23, tzinfo=UTC)),  # the latest day that it means
    ],
)
async def test_who_is_born_on_a_leap_day_is_a_child_until_the_first_of_march(
    day: str, instant: datetime
) -> None:
    house: House = family()
    key = key_of(JADE)
    born = replace(JADE, birth_date=day)
    house.people.persons[key] = replace(house.people.persons[key], identity=born)
    house.clock.at = instant - SECOND
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, JADE) == 303
        house.clock.at = instant
        assert (await page(client, "/documents"))[0] == 404
    assert house.people.persons[key].state is AccountState.ACTIVE, "nothing was written"
