"""Every page says who may come in, and keeps everybody else out (VAULT CHO-13)."""

import re

import pytest
from vault_house import (
    CLAIRE,
    Browser,
    House,
    hire,
    key_of,
    sign_in,
    sign_in_operator,
    sign_in_professional,
    visiting,
)

from gateway.records.readers.operator import OperatorRole
from gateway.vault.app import PAGES
from gateway.vault.porch import Guest

VISITORS = ("stranger", "patient", "professional", "operator")
MAY = {
    Guest.ANYONE: set(VISITORS),
    Guest.PERSON: {"patient"},
    Guest.PATIENT: {"patient"},
    Guest.PROFESSIONAL: {"professional"},
    Guest.OPERATOR: {"operator"},
}
TURNED_AWAY = {
    Guest.PERSON: "/connexion",
    Guest.PATIENT: "/connexion",
    Guest.PROFESSIONAL: "/pro",
    Guest.OPERATOR: "/desk",
}
OWN_PAGE = {"patient": "/documents", "professional": "/pro", "operator": "/desk/aide"}


def address(path: str) -> str:
    """The path with something in its blanks."""
    path = re.sub(r"\{patient\}", key_of(CLAIRE).hex(), path)
    path = re.sub(r"\{kind:[^}]*\}", "page", path)
    path = re.sub(r"\{(?:number|page):[^{}]*(?:\{[^}]*\})?\}", "1", path)
    path = re.sub(r"\{lane\}", "forward:hopital", path)
    path = re.sub(r"\{code\}", "29463-7", path)
    return re.sub(r"\{(?:id|mail)\}", f"{1:032x}", path)


async def come_in(client: Browser, house: House, visitor: str) -> None:
    if visitor == "patient":
        await sign_in(client, house)
    elif visitor == "professional":
        await sign_in_professional(client)
    elif visitor == "operator":
        hire(house, *OperatorRole)
        await sign_in_operator(client)


@pytest.mark.parametrize("visitor", VISITORS)
async def test_a_door_is_shut_to_everybody_it_does_not_name(visitor: str) -> None:
    """Every door that does not name this visitor, who is the same before and after."""
    house = House()
    house.add("Bilan")
    closed = [one for one in PAGES if visitor not in MAY[one.guest]]
    assert closed
    async with visiting(house) as client:
        await come_in(client, house, visitor)
        for one in closed:
            path = address(one.path)
            answer = await client.request(one.method, path, allow_redirects=False)
            assert answer.status == 303, (one.method, path)
            assert answer.headers["Location"].startswith(TURNED_AWAY[one.guest]), path
            assert "Bilan" not in await answer.text(), path
        if visitor in OWN_PAGE:
            answer = await client.get(OWN_PAGE[visitor], allow_redirects=False)
            assert answer.status == 200


def test_nobody_but_these_four_comes_in_by_a_page() -> None:
    """No role of an insurer, an employer or a bank exists to be given a page."""
    assert {one.guest for one in PAGES} == set(Guest) == set(MAY)
