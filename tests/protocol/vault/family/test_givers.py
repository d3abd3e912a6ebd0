"""What a parent gave in a child's name ends with the parent's right (APP-09, REP-03, REP-10)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from family_house import JADE, LEO, family, open_profile, page
from test_service_pages import LIVES, PATH, READING, asked, connect, in_force
from test_sharing_pages import CARERS, answer, as_claire, invite
from vault_house import CLAIRE, MARC, House, key_of, sign_in, visiting

from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.patient import PatientIdentity

MAJORITY = datetime.fromisoformat("2026-11-30T23:00:00+00:00")
"""Of Jade."""


def ended(house: House, child: PatientIdentity) -> None:
    """As a judge's word, or the caisse's, leaves it."""
    chosen = house.people.chosen[key_of(child)]
    chosen[:] = [
        replace(one, until=house.clock.at) if one.kind is ChoiceKind.PARENT else one
        for one in chosen
    ]


def of_age(house: House, _child: PatientIdentity) -> None:
    house.clock.at = MAJORITY


async def test_a_service_that_a_parent_connected_ends_with_the_parents_right() -> None:
    house = family()
    house.switches = READING
    house.add("Vaccin", owner=LEO)
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        _, token = await connect(client, read="oui")
        assert await asked(client, token, LEO) == (200, 1)
        ended(house, LEO)
        assert (await asked(client, token, LEO))[0] == 401
    assert in_force(house, LEO), "the fact stays as it was said"


async def test_the_patients_own_word_to_a_service_hangs_on_no_parent() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, token = await connect(client, write="oui")
        assert (await asked(client, token, CLAIRE))[0] == LIVES
        _, shown = await page(client, PATH)
        assert "Arrêter" in shown


@pytest.mark.parametrize(("child", "end"), [(LEO, ended), (JADE, of_age)])
async def test_nobody_gets_in_by_the_word_of_who_speaks_for_the_record_no_more(
    child: PatientIdentity, end: Callable[[House, PatientIdentity], None]
) -> None:
    house = family()
    house.clock.at = MAJORITY - timedelta(minutes=10)
    async with visiting(house) as client:
        await as_claire(client, house, child)
        assert (await invite(client, CARERS, MARC))[0] == 303
        client.session.cookie_jar.clear()
        end(house, child)
        await sign_in(client, house, "marc81durand")
        assert await answer(client, child, "accepter") == 409
        assert await answer(client, child, "refuser") == 303
    given = {one.kind for one in house.people.chosen[key_of(child)]}
    assert ChoiceKind.CAREGIVER not in given
