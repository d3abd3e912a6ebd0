"""Opens the demo's own Pro Santé Connect, and makes the gateway's way in by it.

It stands on loopback, on a port of its own, with a key and a secret made at this start.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from gateway.adapters.http.line import Lines
from gateway.daemon import doors
from gateway.daemon.listening import address_of, bind
from gateway.daemon.rooms.house import House
from gateway.daemon.rooms.professionals.psc import sign_in_by, with_psc
from gateway.flows.signing_in.oidc.issuer import SOFTWARE, SOFTWARE_PATH, Issuer
from gateway.mapping.oidc.issue import ALGORITHM, SEED_BYTES, signing_key
from gateway.records.readers.oidc import Client
from gateway.settings import Address
from gateway.settings.sections.psc import CALLBACK
from gateway.vault.demo.issuer import build_issuer
from gateway.vault.rooms import VaultRooms

LISTEN = Address("127.0.0.1", 0)
CLIENT_ID = "passerelle"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 — recognised, never bound here
Json = dict[str, Any]


@dataclass(slots=True)
class DemoIssuer:
    """`told` is what the ready file says of it, once it is open."""

    stack: AsyncExitStack
    opened: doors.OpenDoors
    house: House
    told: Json = field(default_factory=dict)

    async def open(self, place: str) -> VaultRooms:
        """The rooms with this way in; `place` is where the pages are, as http://127.0.0.1:8080."""
        house, listener = self.house, bind(LISTEN)
        client = client_of(f"http://{address_of(listener)}", place)
        issuer = Issuer(
            client=client,
            secret=house.ids.secret(),
            key=signing_key(house.ids.octets(SEED_BYTES)),
            people=await house.store.people.professionals(),
            clock=house.clock,
            ids=house.ids,
        )
        lines = Lines("psc", self.opened.away)
        await doors.open_http(self.opened, build_issuer(issuer), listener, None, lines)
        people, sign_in = house.store.people, house.vault.sign_in
        psc = sign_in_by(self.stack, client, issuer.secret, sign_in, people)
        back = f"http://127.0.0.1:PORT{SOFTWARE_PATH}"
        software = {"client_id": SOFTWARE, "redirect_uri": back}
        self.told |= {"issuer": client.issuer, "audience": client.audience, "software": software}
        return with_psc(house.vault, psc)


def client_of(issuer: str, place: str) -> Client:
    """The gateway, as its own issuer knows it; browsers come back to this machine."""
    parts = urlsplit(place)
    host = "127.0.0.1" if parts.hostname in EVERYWHERE else parts.hostname
    own = f"{parts.scheme}://{f'[{host}]' if ':' in (host or '') else host}:{parts.port}"
    return Client(
        issuer=issuer,
        client_id=CLIENT_ID,
        redirect_uri=own + CALLBACK,
        algorithms=(ALGORITHM,),
        audience=f"{own}/fhir",
    )
