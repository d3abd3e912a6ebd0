"""Who stands for somebody, as the 3422 is shown it (VAULT DSK-02, REP-10)."""

from dataclasses import replace

import pytest
from entering_house import ODETTE, house_of_odette
from family_house import page, tie
from vault_house import MARC, hire, key_of, post, sign_in_operator, visiting

from gateway.records.patients.account import ChoiceKind
from gateway.records.readers.operator import OperatorRole

DESK = "/desk/3422"


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
    person = house.people.persons[key_of(ODETTE)]
    identity = replace(ODETTE, birth_date=born)
    house.people.persons[key_of(ODETTE)] = replace(person, identity=identity)
    hire(house, OperatorRole.CONSEILLER, login="appels")
    async with visiting(house) as client:
        await sign_in_operator(client, "appels")
        await post(client, DESK, DESK, nir=ODETTE.ins or "", motif="appel du jour")
        _, shown = await page(client, f"{DESK}/personne")
    assert ("Marc" in shown) is stands
