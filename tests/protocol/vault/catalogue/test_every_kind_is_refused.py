"""A kind that `/fhir` learns later is refused to services until a scope names it (VAULT APP-04)."""

import re

from aiohttp import web
from catalogue_twins import listed
from launching_app import agree, exchange
from vault_house import CLAIRE, House, key_of, sign_in, visiting

from gateway.records.readers.callers import Caller, callers_of
from gateway.vault.app import build_vault

LATER = "Goal"


def addresses(house: House) -> list[tuple[str, str]]:
    """Every route of `/fhir` that is not open to all, with something in its blanks."""
    routes = [
        one
        for one in build_vault(house.rooms())
        if one.path.startswith("/fhir/") and Caller.ANYONE not in callers_of(one.handler)
    ]
    return [(one.method, re.sub(r"\{\w+\}", "1" * 32, one.path)) for one in routes]


async def test_a_service_with_one_scope_is_refused_at_every_other_address() -> None:
    """All of them, so that a new one is among them on the day that it comes."""
    house = House()
    house.catalogue.kept["glycosuivi"] = listed()
    every = addresses(house)
    assert len(every) > 30
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await agree(client, key_of(CLAIRE).hex(), "0", scope="patient/Observation.c")
        _, told = await exchange(client, answer.said["code"])
        client.session.cookie_jar.clear()
        headers = {"Authorization": f"Bearer {told['access_token']}"}
        found = {
            (method, path): (await client.request(method, path, headers=headers)).status
            for method, path in every
        }
    assert {one: status for one, status in found.items() if status != 403} == {}


async def test_a_door_of_a_new_kind_asks_for_its_scope_without_knowing_of_it() -> None:
    """Whatever is behind the porch of `/fhir` is judged by its address."""
    from gateway.vault.fhir.porch import References, resource, type_routes

    async def everything(_request: web.Request, _reader: object) -> web.Response:
        return resource(b'{"resourceType": "Goal", "id": "1"}')

    house = House()
    house.catalogue.kept["glycosuivi"] = listed()
    rooms = house.rooms()
    routes = type_routes(rooms, References(), LATER, search=everything, read=everything)
    app = web.Application()
    app.add_routes([*build_vault(rooms), *routes])
    house.application = lambda: app  # type: ignore[method-assign]
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await client.get(f"/fhir/{LATER}/1")).status == 200  # the patient
        answer = await agree(client, key_of(CLAIRE).hex(), "0", scope="patient/Observation.c")
        _, told = await exchange(client, answer.said["code"])
        headers = {"Authorization": f"Bearer {told['access_token']}"}
        for path in (LATER, f"{LATER}/1"):
            assert (await client.get(f"/fhir/{path}", headers=headers)).status == 403
