"""What is kept from a reader, and all that an answer says once its own chance is gone."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import NamedTuple

from aiohttp import web
from aiohttp.test_utils import TestClient
from family_house import HIDDEN, LEO, ROSE, family, open_profile, tie
from msgspec import structs
from vault_house import (
    CLAIRE,
    MARC,
    House,
    key_of,
    post,
    sign_in,
    sign_in_professional,
    visiting,
)
from yarl import URL

from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import ChoiceKind, NewTrace
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.switches import Switch, Switches

Client = TestClient[web.Request, web.Application]
BLANK = re.compile(r"\{(\w+)\}")
OF_A_LINK = (
    *("", "/attestation", "/attestation/pdf", "/document", "/document/corps"),
    *("/document/corps/{kind}/{number}", "/document/corps/image/{number}/page/{page}"),
    *("/document/imprimer", "/document/telecharger", "/document/telecharger/pdf"),
)
"""Behind the secret of a link."""
JETON = re.compile(rb'name="(?:jeton|cle)" value="[^"]*"')
CHANCE = frozenset({"Date", "Set-Cookie"})
ABSENT = "f" * 32
PATIENT, PROFESSIONAL = "patient", "professional"
PARENT, CAREGIVER, SERVICE = "parent", "caregiver", "service of a parent"
OF_A_CHILD = (PARENT, CAREGIVER, SERVICE)
"""Who stands before Léo's record and not before a secret of his (ACCESS F28, F29)."""


def _add(house: House, **changes: object) -> str:
    """A document of a laboratory that nobody of the house works for."""
    document = house.add("Sérologie", **changes)  # type: ignore[arg-type]  # words of `add`
    shelved = house.shelf.shelved[document]
    card = structs.replace(shelved.card, author_ids=("809999999999",), organization="1750000099")
    house.shelf.shelved[document] = replace(shelved, card=card)
    return document


def _deleted(house: House) -> str:
    document = _add(house)
    shelved = house.shelf.shelved[document]
    card = structs.replace(shelved.card, status=DocumentStatus.WITHDRAWN)
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
    PARENT: {
        "is hidden from representatives": lambda house: _add(house, owner=LEO, codes=HIDDEN),
        "waits for an announcement": lambda house: _add(
            house, owner=LEO, codes=("INVISIBLE_PATIENT",)
        ),
        "is a neighbour's": lambda house: _add(house, owner=ROSE),
        "is the parent's own": _add,
    },
    CAREGIVER: {
        "is hidden from representatives": lambda house: _add(house, owner=LEO, codes=HIDDEN)
    },
    SERVICE: {"is hidden from representatives": lambda house: _add(house, owner=LEO, codes=HIDDEN)},
}
CASES = [(visitor, why) for visitor, ways in WAYS.items() for why in ways]


@asynccontextmanager
async def visit(house: House, visitor: str) -> AsyncIterator[Client]:
    async with visiting(house) as client:
        await ENTRIES[visitor](client, house)
        yield client


async def _professional(client: Client, _: House) -> None:
    await sign_in_professional(client)


async def _parent(client: Client, house: House) -> None:
    await sign_in(client, house)
    assert await open_profile(client, LEO) == 303


async def _caregiver(client: Client, house: House) -> None:
    await sign_in(client, house, "marc81durand")
    assert await open_profile(client, LEO) == 303


async def _service(client: Client, house: House) -> None:
    await _parent(client, house)
    page = "/parametres/services"
    _, _, shown = await post(client, page, page, service="carnet", read="oui", write="oui")
    client.session.cookie_jar.clear()
    token = shown.partition("<code data-token>")[2].partition("<")[0]
    client.session.headers["Authorization"] = f"Bearer {token}"


ENTRIES: Mapping[str, Callable[[Client, House], Awaitable[None]]] = {
    PATIENT: sign_in,
    PROFESSIONAL: _professional,
    PARENT: _parent,
    CAREGIVER: _caregiver,
    SERVICE: _service,
}


def house_of(visitor: str) -> House:
    """A family; where a service of the patient's asks, one in which services may read."""
    house = family()
    tie(house, LEO, ChoiceKind.CAREGIVER, MARC)
    if visitor == SERVICE:
        house.switches = replace(Switches(), application_reading=Switch(before=True))
    return house


def owner_for(visitor: str) -> PatientIdentity:
    return LEO if visitor in OF_A_CHILD else CLAIRE


async def happened(house: House, document: str, owner: PatientIdentity) -> None:
    """What a laboratory and a professional did with a document, as the log has it."""
    deposit = NewTrace(
        patient=key_of(owner),
        action="deposit",
        permitted=True,
        rule="P22",
        kind="system",
        actor="labo",
        actor_name="Sérologie SARL",
        document=document,
    )
    opened = replace(
        deposit, action="open", rule="P11", kind="professional", actor="80", actor_name="Dr Secret"
    )
    refused = replace(opened, permitted=False, rule="F56")
    await house.traces.write([deposit, opened, refused])


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
