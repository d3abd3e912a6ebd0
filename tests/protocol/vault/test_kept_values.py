"""After an error a form shows what was typed and ticked again (PAGES 2, rule 6)."""

import re
from html import unescape

from urgent_house import DOOR, in_emergency
from vault_house import (
    CLAIRE,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)

ACCESS = "/parametres/acces"
RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"


def ticked(page: str) -> list[str]:
    return re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked', page)


def value_of(page: str, field: str) -> str:
    found = re.search(rf'<input type="\w+" id="{field}"[^>]* value="([^"]*)"', page)
    assert found, field
    return unescape(found[1])


async def test_the_emergency_boxes_stay_as_they_were_ticked() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, page = await post(client, ACCESS, f"{ACCESS}/urgence", masques="oui")
        assert (status, ticked(page)) == (422, ["visibles", "masques"])
        again = await (await client.get(ACCESS)).text()
    assert ticked(again) == ["visibles", "samu", "professionnels"], "nothing was changed"


async def test_the_last_day_of_an_agreement_stays_where_nobody_was_chosen() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        for named, mine, other in (
            ("professionnel", "jusqu_au", "jusqu_au_equipe"),
            ("etablissement", "jusqu_au_equipe", "jusqu_au"),
        ):
            fields = {"pour": named, "id": "", "jusqu_au": "2027-01-31"}
            status, _, page = await post(client, ACCESS, f"{ACCESS}/accord", **fields)
            assert status == 422
            assert (value_of(page, mine), value_of(page, other)) == ("2027-01-31", "")


async def test_a_box_of_the_emergency_door_stays_ticked() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in_professional(client)
        for told, boxes in (({"incapable": "oui"}, ["incapable"]), ({}, [])):
            status, _, page = await post(client, DOOR, DOOR, precision="chute", **told)
            assert (status, ticked(page)) == (422, boxes)
            assert value_of(page, "precision") == "chute"


async def test_a_box_of_an_agreement_stays_ticked_where_its_last_day_is_wrong() -> None:
    house = House()
    house.people.chosen.clear()
    async with visiting(house) as client:
        await sign_in_professional(client)
        for told, boxes in (({"informe": "oui"}, ["informe"]), ({"informe": "si"}, [])):
            fields = {"pour": "professionnel", "jusqu_au": "demain"} | told
            status, _, page = await post(client, RECORD, f"{RECORD}/accord", **fields)
            assert (status, ticked(page)) == (422, boxes)
            assert value_of(page, "jusqu_au") == "demain"
