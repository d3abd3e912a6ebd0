"""A house whose professionals sign in by Pro Santé Connect, and its twin of the provider."""

from dataclasses import dataclass, field, replace

from aiohttp import web
from aiohttp.test_utils import TestClient
from psc_peer import (
    CLIENT,
    PscPeer,
)
from vault_house import House
from vault_twins import NOW, Directory

from gateway.access.professions import professions
from gateway.flows.signing_in.oidc.pro_signin import ProSignIn
from gateway.vault.rooms import VaultRooms

Browser = TestClient[web.Request, web.Application]
BACK = "/pro/psc/retour"


@dataclass
class PscHouse(House):
    """A house whose professionals come in by Pro Santé Connect only."""

    peer: PscPeer = field(default_factory=lambda: PscPeer(now=int(NOW.timestamp())))

    def rooms(self) -> VaultRooms:
        rooms = super().rooms()
        sign_in = replace(rooms.sign_in, demo_tokens=False)
        psc = ProSignIn(
            client=CLIENT,
            provider=self.peer,
            directory=Directory(self.people.pros),
            sign_in=sign_in,
            professions=professions(),
        )
        return replace(rooms, sign_in=sign_in, psc=psc)


async def asked(client: Browser) -> str:
    answer = await client.get("/pro/psc", allow_redirects=False)
    assert answer.status == 303
    return answer.headers["Location"]


async def back(client: Browser, answer: dict[str, str]) -> tuple[int, str, str]:
    got = await client.get(BACK, params=answer, allow_redirects=False)
    return got.status, got.headers.get("Location", ""), await got.text()
