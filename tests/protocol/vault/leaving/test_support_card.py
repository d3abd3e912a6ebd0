"""Who stands for somebody, as the 3422 is shown it (VAULT DSK-02, REP-10)."""

from dataclasses import replace

import pytest
from entering_house import ODETTE, house_of_odette
from family_house import page, tie
from test_support_pages import PERSON, answering, find, odette
from vault_house import MARC, key_of

from gateway.records.patients.account import ChoiceKind


@pytest.mark.parametrize(
    ("born", "kind", "stands"),
    [
        ("2016-05-20", ChoiceKind.PARENT, True),
        ("1958-11-02", ChoiceKind.PARENT, False),
        ("1958-11-02", ChoiceKind.GUARDIAN, True),
    ],
)
async def test_a_parent_stands_for_a_child_and_for_no_adult(
    born: str, kind: ChoiceKind, stands: bool
) -> None:
    house = house_of_odette()
    tie(house, ODETTE, kind, MARC)
    person = replace(odette(house), identity=replace(ODETTE, birth_date=born))
    house.people.persons[key_of(ODETTE)] = person
    async with answering(house) as client:
        await find(client, nir=ODETTE.ins or "")
        _, shown = await page(client, PERSON)
    assert ("Marc" in shown) is stands
