"""« Vos premiers pas » on the home page (VAULT UIX-06): each shown until it is done or skipped."""

import re

import pytest
from family_house import LEO, family, open_profile
from vault_house import CLAIRE, House, key_of, post, sign_in, visiting
from vault_twins import NOW

from gateway.flows.choices.first_steps import STEPS
from gateway.records.patients.account import Choice, ChoiceKind

STEP = re.compile(r'data-kind="step" data-id="(\w+)"')


def steps_in(shown: str) -> list[str]:
    return STEP.findall(shown)


@pytest.mark.parametrize(
    ("fields", "act"),
    [({}, "first-step-done"), ({"passer": "oui"}, "first-step-skipped")],
    ids=["done", "skipped"],
)
async def test_a_step_is_shown_until_it_is_done_or_skipped(
    fields: dict[str, str], act: str
) -> None:
    house = House()
    house.people.log = house.traces
    async with visiting(house) as client:
        await sign_in(client, house)
        assert steps_in(await (await client.get("/")).text()) == list(STEPS)
        for _ in range(2):
            status, place, _ = await post(client, "/", "/premiers-pas", etape="profil", **fields)
            assert (status, place) == (303, "/")
        assert steps_in(await (await client.get("/")).text()) == [
            one for one in STEPS if one != "profil"
        ]
    assert [one.trace.action for one in house.traces.rows].count(act) == 1


async def test_who_has_a_treating_physician_has_taken_that_step_and_at_the_end_none_is_left() -> (
    None
):
    house = House()
    treating = Choice(kind=ChoiceKind.TREATING, target="801234567890", since=NOW)
    behind = [
        Choice(kind=ChoiceKind.FIRST_STEP, target=one, since=NOW)
        for one in STEPS
        if one not in ("medecin", "acces")
    ]
    house.people.chosen[key_of(CLAIRE)] += [treating, *behind]
    async with visiting(house) as client:
        await sign_in(client, house)
        assert steps_in(await (await client.get("/")).text()) == ["acces"]
        await post(client, "/", "/premiers-pas", etape="acces")
        assert "premiers pas" not in await (await client.get("/")).text()


async def test_a_step_that_nobody_knows_is_refused() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await post(client, "/", "/premiers-pas", etape="x"))[0] in (400, 422)
    kinds = {one.kind for one in house.people.chosen[key_of(CLAIRE)]}
    assert ChoiceKind.FIRST_STEP not in kinds


async def test_the_steps_are_the_holder_s_own() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        assert steps_in(await (await client.get("/")).text()) == []
