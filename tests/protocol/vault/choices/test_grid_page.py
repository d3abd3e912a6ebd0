"""The grid as a patient reads it: every type of a profession, as the decision says (CHO-09)."""

import re

import pytest
from vault_house import House, sign_in, visiting

from gateway.access.grid import shipped_grid

GRID = "/parametres/acces/grille"
LISTS = re.compile(r'<ul data-state="(\w+)">(.*?)</ul>', re.S)


async def types(house: House, profession: str) -> dict[str, set[str]]:
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(GRID, params={"profession": profession})
        assert answer.status == 200
        page = await answer.text()
    return {
        state: set(re.findall(r'data-id="([^"]+)"', some)) for state, some in LISTS.findall(page)
    }


@pytest.mark.parametrize("profession", ["G15_10", "G15_80", "G15_60"])
async def test_each_type_stands_on_the_side_that_its_cells_say(profession: str) -> None:
    house = House()
    shown = await types(house, profession)
    grid, now = shipped_grid(), house.clock.now()
    every = {cell.type_code for cell in grid}
    may = {
        code
        for code in every
        if (cells := grid.cells(profession, code, now)) and all(cell.permits for cell in cells)
    }
    assert shown.get("seen", set()) == may
    assert shown["unseen"] == every - may


async def test_an_agreement_or_a_block_of_this_patient_changes_nothing_of_it() -> None:
    house = House()
    before = await types(house, "G15_10")
    house.people.chosen.clear()
    assert await types(house, "G15_10") == before


@pytest.mark.parametrize(("profession", "status"), [("", 200), ("G15_999", 422), ("<b>", 422)])
async def test_no_profession_asks_for_one_and_an_unknown_one_is_an_error(
    profession: str, status: int
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(GRID, params={"profession": profession})
        page = await answer.text()
    assert (answer.status, 'id="profession-error"' in page) == (status, status == 422)
    assert "<b>" not in page
    assert shipped_grid().digest[:12] in page
