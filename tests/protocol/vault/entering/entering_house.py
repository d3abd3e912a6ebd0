"""Odette, whose space was made and waits for her, and the code that she was handed."""

from datetime import timedelta

from aiohttp import web
from aiohttp.test_utils import TestClient
from vault_house import House, identity, key_of, post

from gateway.clock import SystemIds
from gateway.flows.entering.provisional import HandOver
from gateway.records.patients.account import AccountState, Person

ODETTE = identity("258114410901239", "VIAL", "Odette")
SERIAL, LOGIN, SECRET = "60123456789", "odette58v", "Jardin-Bleu-7-Lune"
EMAIL, MOBILE = "odette@exemple.test", "0612345699"
Client = TestClient[web.Request, web.Application]


def house_of_odette(state: AccountState = AccountState.CREATED) -> House:
    house, key = House(), key_of(ODETTE)
    house.people.persons[key] = Person(key=key, state=state, identity=ODETTE, qualified=True)
    return house


async def handed(house: House, *, email: str = "", mobile: str = "") -> str:
    flow = HandOver(
        people=house.people,
        activations=house.activations,
        invited=house.activations,
        clock=house.clock,
        ids=SystemIds(),
    )
    made = await flow(
        key_of(ODETTE), serial=SERIAL, by="Lou", reason="at the counter", email=email, mobile=mobile
    )
    assert made.expires_at - house.clock.now() >= timedelta(weeks=6)
    return made.code


async def identified(client: Client, typed: str, **other: str) -> tuple[int, str, str]:
    fields = {
        "code": typed,
        "nir": ODETTE.ins or "",
        "serie": SERIAL,
        "assiste_par": "seul",
    } | other
    return await post(client, "/activer", "/activer", **fields)


async def coded(client: Client, house: House, page: str = "/activer/code") -> tuple[int, str, str]:
    return await post(client, page, page, otp=house.letters.code())


async def chosen(client: Client, **other: str) -> tuple[int, str, str]:
    fields = {"identifiant": LOGIN, "mot_de_passe": SECRET, "mot_de_passe2": SECRET} | other
    return await post(client, "/activer/identifiant", "/activer/identifiant", **fields)


async def agreed(client: Client) -> tuple[int, str, str]:
    return await post(client, "/activer/conditions", "/activer/conditions", cgu="oui")


async def activated(client: Client, house: House, code: str) -> tuple[int, str, str]:
    """Every page in turn, with contacts that must be proved; the answer to the last one."""
    assert (await identified(client, code))[:2] == (303, "/activer/coordonnees")
    page = "/activer/coordonnees"
    assert (await post(client, page, page, email=EMAIL, mobile="06 12 34 56 99"))[0] == 303
    assert (await coded(client, house))[:2] == (303, "/activer/code")
    assert (await coded(client, house))[:2] == (303, "/activer/identifiant")
    assert (await chosen(client))[:2] == (303, "/activer/conditions")
    assert (await agreed(client))[:2] == (303, "/activer/code")
    return await coded(client, house)
