"""The end of a window at `/opposition` and at the 3422, before a chore comes by (VAULT ACC-02)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from entering_house import EMAIL, ODETTE, SERIAL, Client, handed, house_of_odette
from family_house import page, tie
from vault_house import MARC, House, hire, key_of, post, sign_in_operator, visiting

from gateway.records.duration import PARIS
from gateway.records.patients.account import AccountState, ChoiceKind, Person
from gateway.records.patients.invitation import Channel, Invitation
from gateway.records.readers.operator import OperatorRole

MIDNIGHT = datetime(2026, 4, 14, tzinfo=PARIS).astimezone(UTC)
SECOND = timedelta(seconds=1)


def invited_house() -> House:
    house, key = house_of_odette(AccountState.INVITED), key_of(ODETTE)
    house.clock.at = MIDNIGHT - timedelta(days=42)
    house.activations.sent[key] = Invitation(
        patient=key,
        channel=Channel.EMAIL,
        serial=SERIAL,
        made_at=house.clock.at,
        sent_at=house.clock.at,
        ends_at=MIDNIGHT,
        email=EMAIL,
    )
    return house


def odette(house: House) -> Person:
    return house.people.persons[key_of(ODETTE)]


async def oppose(client: Client, code: str) -> tuple[int, str, str]:
    fields = {"code": code, "nir": ODETTE.ins or "", "serie": SERIAL}
    return await post(client, "/opposition", "/opposition", **fields)


async def test_an_opposition_of_the_last_second_is_one() -> None:
    house = invited_house()
    code = await handed(house, email=EMAIL)
    house.clock.at = MIDNIGHT - SECOND
    async with visiting(house) as client:
        assert (await oppose(client, code))[:2] == (303, "/opposition/preuve")
    assert odette(house).state is AccountState.OPPOSED


async def test_a_second_after_the_window_the_page_says_that_the_space_exists_and_closes_it() -> (
    None
):
    house = invited_house()
    code = await handed(house, email=EMAIL)
    house.clock.at = MIDNIGHT + SECOND
    async with visiting(house) as client:
        assert (await oppose(client, code))[:2] == (303, "/opposition/fermer")
        assert odette(house).state is AccountState.CREATED
        assert "un espace existe à votre nom" in (await page(client, "/opposition/fermer"))[1]
        done = await post(client, "/opposition/fermer", "/opposition/fermer")
        assert done[:2] == (303, "/opposition/preuve")
    assert odette(house).state is AccountState.CLOSED
    acts = [row.trace.action for row in house.traces.rows]
    assert [one for one in acts if one in ("window-ends", "opposition", "closing")] == [
        "window-ends",
        "closing",
    ]


async def test_a_renewed_code_lasts_as_long_as_the_window_and_six_weeks_more() -> None:
    house = invited_house()
    await handed(house, email=EMAIL)
    (kept,) = house.activations.kept.values()
    assert kept.expires_at == datetime(2026, 5, 26, tzinfo=PARIS).astimezone(UTC)
    assert json.loads(house.traces.rows[-1].trace.details)["until"] == kept.expires_at.isoformat()


async def test_the_card_of_the_3422_shows_the_window_and_the_way_it_went() -> None:
    house = invited_house()
    await handed(house, email=EMAIL)
    hire(house, OperatorRole.CONSEILLER, login="appels")
    async with visiting(house) as client:
        await sign_in_operator(client, "appels")
        await post(client, "/desk/3422", "/desk/3422", nir=ODETTE.ins or "", motif="appel")
        _, shown = await page(client, "/desk/3422/personne")
    assert "partie par e-mail le 2 mars 2026" in shown
    assert "jusqu'au 13 avril 2026 à minuit" in shown.replace("&#39;", "'")


async def test_a_parent_opposes_for_the_child_and_for_no_adult() -> None:
    for born, status in (("2016-05-20", 303), ("1958-11-02", 404)):
        house, key = invited_house(), key_of(ODETTE)
        code = await handed(house, email=EMAIL)
        kept = house.activations.kept[key]
        house.activations.kept[key] = replace(kept, parent=key_of(MARC).hex())
        tie(house, ODETTE, ChoiceKind.PARENT, MARC)
        identity = replace(ODETTE, birth_date=born)
        house.people.persons[key] = replace(odette(house), identity=identity)
        async with visiting(house) as client:
            assert (await oppose(client, code))[0] == status
        assert (odette(house).state is AccountState.OPPOSED) is (status == 303)
