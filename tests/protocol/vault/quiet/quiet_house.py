"""What is kept from a reader, and all that an answer says once its own chance is gone."""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import NamedTuple

from aiohttp import web
from aiohttp.test_utils import TestClient
from vault_house import MARC, House, sign_in, sign_in_professional, visiting
from yarl import URL

from gateway.records.filing import DocumentStatus

Client = TestClient[web.Request, web.Application]
BLANK = re.compile(r"\{(\w+)\}")
JETON = re.compile(rb'name="(?:jeton|cle)" value="[^"]*"')
CHANCE = frozenset({"Date", "Set-Cookie"})
ABSENT = "f" * 32
PATIENT, PROFESSIONAL = "patient", "professional"


def _add(house: House, **changes: object) -> str:
    """A document of a laboratory that nobody of the house works for."""
    document = house.add("Sérologie", **changes)  # type: ignore[arg-type]  # words of `add`
    shelved = house.shelf.shelved[document]
    card = replace(shelved.card, author_ids=("809999999999",), organization="1750000099")
    house.shelf.shelved[document] = replace(shelved, card=card)
    return document


def _deleted(house: House) -> str:
    document = _add(house)
    shelved = house.shelf.shelved[document]
    card = replace(shelved.card, status=DocumentStatus.WITHDRAWN)
    house.shelf.shelved[document] = replace(shelved, card=card)
    return document


WAYS: Mapping[str, Mapping[str, Callable[[House], str]]] = {
    PATIENT: {
        "waits for an announcement": lambda house: _add(house, codes=("INVISIBLE_PATIENT",)),
        "was deleted": _deleted,
        "is another patient's": lambda house: _add(house, owner=MARC),
    },
    PROFESSIONAL: {
        "is masked": lambda house: _add(house, codes=("N", "MASQUE_PS")),
        "is restricted": lambda house: _add(house, codes=("R",)),
        "is of no type of the grid": lambda house: _add(house, type_code="unheard-of"),
        "was deleted": _deleted,
        "is of a record without agreement": lambda house: _add(house, owner=MARC),
    },
}
CASES = [(visitor, why) for visitor, ways in WAYS.items() for why in ways]


@asynccontextmanager
async def visit(house: House, visitor: str) -> AsyncIterator[Client]:
    async with visiting(house) as client:
        if visitor == PATIENT:
            await sign_in(client, house)
        else:
            await sign_in_professional(client)
        yield client


class Told(NamedTuple):
    """All that an answer says, without its chance and without the id that was asked."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


async def told(
    client: Client,
    method: str,
    path: str,
    asked: str = ABSENT,
    *,
    headers: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
    text: str | None = None,
) -> Told:
    answer = await client.request(
        method, URL(path, encoded=True), headers=headers, data=fields or text, allow_redirects=False
    )
    body = JETON.sub(b"", await answer.read()).replace(asked.encode(), b"*")
    body = body.replace(f"{client.host}:{client.port}".encode(), b"here")
    left = sorted(
        (name, value.replace(asked, "*"))
        for name, value in answer.headers.items()
        if name not in CHANCE
    )
    return Told(answer.status, tuple(left), body)


def routes(house: House) -> Iterator[tuple[str, str]]:
    """Method and address, blanks and all, of every door of the vault but the last one."""
    for route in house.application().router.routes():
        assert route.resource is not None
        if not route.resource.canonical.startswith("/{"):
            yield route.method, route.resource.canonical
