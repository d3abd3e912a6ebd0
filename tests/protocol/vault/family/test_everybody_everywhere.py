"""Every reader at every address: nobody but those ACCESS names reads anything (VAULT CHO-13)."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from family_house import ROSE, Client, family, open_profile, tie
from msgspec import structs
from test_service_pages import connect
from vault_house import (
    CLAIRE,
    MARC,
    House,
    hire,
    key_of,
    sign_in,
    sign_in_operator,
    sign_in_professional,
    token_of,
    visiting,
)
from vault_samples import narrative_cda, result
from vault_twins import NOW, SENDER_TOKEN

from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import ReaderKind
from gateway.records.readers.operator import OperatorRole

MARK = "Sérologie-7F3A"
OWN_MEANS = ("/connexion", "/deconnexion", "/profils", "/static", "/pro/psc", "/desk/connexion")
"""Ways in and out, which would change who asks."""
Headers = dict[str, str]
Enter = Callable[[Client, House], Awaitable[Headers]]


async def _patient(client: Client, house: House) -> Headers:
    await sign_in(client, house, "rose52pelletier")
    return {}


async def _representative(client: Client, house: House) -> Headers:
    await sign_in(client, house)
    assert await open_profile(client, ROSE) == 303
    return {}


async def _caregiver(client: Client, house: House) -> Headers:
    await sign_in(client, house, "marc81durand")
    assert await open_profile(client, ROSE) == 303
    return {}


async def _agreed_professional(client: Client, house: House) -> Headers:
    agreed = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target="801234567890", since=NOW)
    house.people.chosen[key_of(ROSE)].append(agreed)
    await sign_in_professional(client)
    return {}


async def _in_the_own_profile(client: Client, house: House) -> Headers:
    await sign_in(client, house)
    return {}


async def _former_caregiver(client: Client, house: House) -> Headers:
    await _caregiver(client, house)
    house.clock.at += timedelta(seconds=1)
    gone = Choice(
        kind=ChoiceKind.CAREGIVER,
        target=key_of(MARC).hex(),
        since=house.clock.at,
        until=house.clock.at,
    )
    await house.people.choose(key_of(ROSE), gone)
    return {}


async def _professional(client: Client, _: House) -> Headers:
    await sign_in_professional(client)
    return {}


async def _application(client: Client, house: House) -> Headers:
    await sign_in(client, house, "rose52pelletier")
    _, token = await connect(client, read="oui", write="oui")
    client.session.cookie_jar.clear()
    return {"Authorization": f"Bearer {token}"}


async def _sender(_client: Client, _house: House) -> Headers:
    return {"Authorization": f"Bearer {SENDER_TOKEN}"}


async def _insurer(_client: Client, _house: House) -> Headers:
    return {"Authorization": "Bearer mutuelle", "X-Role": "assurance", "X-Reader": "third_party"}


async def _nobody(_client: Client, _house: House) -> Headers:
    return {}


def _operator(*roles: OperatorRole) -> Enter:
    async def enter(client: Client, house: House) -> Headers:
        hire(house, *roles)
        await sign_in_operator(client)
        return {}

    return enter


APPLICATION: Enter = _application
READS: dict[str, Enter] = {
    "the patient": _patient,
    "the representative": _representative,
    "the caregiver": _caregiver,
    "a professional with an agreement": _agreed_professional,
}
READS_NOTHING: dict[str, Enter] = {
    "a representative who looks at the own profile": _in_the_own_profile,
    "a caregiver of yesterday": _former_caregiver,
    "a professional without an agreement": _professional,
    "an application": APPLICATION,
    "a sending software": _sender,
    "an operator": _operator(*OperatorRole),
    "an insurer, an employer, a bank": _insurer,
    "nobody": _nobody,
}


def house_of_rose() -> tuple[House, str]:
    """Rose has one document, which holds a result; her guardian is Claire, her caregiver Marc."""
    house = family()
    tie(house, ROSE, ChoiceKind.GUARDIAN, CLAIRE)
    name = house.add(MARK, owner=ROSE, body=narrative_cda(MARK, MARK))
    house.shelf.results[name] = [result(MARK, "1", "g/L", "", "")]
    one = house.shelf.shelved[name]
    house.shelf.shelved[name] = replace(one, card=structs.replace(one.card, results=1))
    return house, name


def addresses(house: House, document: str) -> Iterator[tuple[str, str]]:
    """Method and address of every door, blanks filled with what is Rose's."""
    filled = {"id": document, "patient": key_of(ROSE).hex(), "number": "1", "page": "1"}
    asked = f"patient.identifier=urn:oid:{ROSE.ins_oid}|{ROSE.ins}"
    for route in house.application().router.routes():
        assert route.resource is not None
        path = re.sub(r"\{(\w+)\}", lambda m: filled.get(m[1], "page"), route.resource.canonical)
        if path.startswith(OWN_MEANS) or route.method not in ("GET", "POST"):
            continue
        if route.method == "POST" and path.startswith(("/pro/", "/desk")):
            continue  # what a professional or the desk may change is not this walk's
        fhir = path.startswith("/fhir/") and "metadata" not in path
        yield route.method, f"{path}?{asked}" if fhir else path


async def walk(
    client: Client, house: House, document: str, headers: Headers, part: slice = slice(None)
) -> set[str]:
    """The addresses, or this part of them, whose answer holds the document's title or words."""
    jeton = "" if headers else await token_of(client, "/aide") or await token_of(client, "/profils")
    found = set()
    for method, path in list(addresses(house, document))[part]:
        data = {"jeton": jeton, "masque": "oui", "id": document} if method == "POST" else None
        answer = await client.request(
            method, path, headers=headers, data=data, allow_redirects=False
        )
        assert answer.status < 500, (method, path, answer.status)
        if MARK.encode() in await answer.read():
            found.add(f"{method} {path.partition('?')[0].replace(document, '*')}")
    return found


@pytest.mark.parametrize("who", READS_NOTHING)
async def test_whom_no_rule_names_reads_nothing_at_any_address(who: str) -> None:
    house, document = house_of_rose()
    async with visiting(house) as client:
        headers = await READS_NOTHING[who](client, house)
        before = list(house.people.chosen[key_of(ROSE)])
        assert await walk(client, house, document, headers) == set()
    assert house.people.chosen[key_of(ROSE)] == before
    assert not house.shelf.shelved[document].card.masked_by_patient


@pytest.mark.parametrize("who", READS)
async def test_whom_a_rule_names_reads_and_only_where_it_says(who: str) -> None:
    house, document = house_of_rose()
    async with visiting(house) as client:
        found = await walk(client, house, document, await READS[who](client, house))
    pages = {one for one in found if "/fhir/" not in one}
    assert "GET /fhir/DocumentReference/*" in found
    if who == "a professional with an agreement":
        assert all(one.startswith("GET /pro/") for one in pages)
    else:
        assert {"GET /documents/*", "GET /resultats"} <= pages
        assert not any(one.partition(" ")[2].startswith(("/pro/", "/desk")) for one in pages)
    if who == "the caregiver":
        assert not any("/historique" in one or "/parametres" in one for one in found)


def test_no_kind_of_reader_is_a_payer() -> None:
    """A third party is a kind only so that F02 can refuse it; none of these is a role of a page."""
    kinds = set(ReaderKind) - {ReaderKind.THIRD_PARTY}
    words = {*kinds, *OperatorRole, *ChoiceKind}
    payers = ("mutuelle", "assur", "insur", "bank", "banque", "employ", "payer")
    assert not [word for word in words if any(payer in word for payer in payers)]
