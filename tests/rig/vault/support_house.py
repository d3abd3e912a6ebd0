"""The vault's house with somebody who answers the calls of the 3422."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from vault_house import Browser, House, hire, post, sign_in_operator, visiting

from gateway.records.readers.operator import OperatorRole

DESK, PERSON = "/desk/3422", "/desk/3422/personne"


async def find(client: Browser, **fields: str) -> tuple[int, str, str]:
    """Looks a caller up: the call is about that person from then on."""
    return await post(client, DESK, DESK, **({"motif": "appel du jour"} | fields))


@asynccontextmanager
async def answering(
    house: House, *roles: OperatorRole, login: str = "appels"
) -> AsyncIterator[Browser]:
    hire(house, *(roles or (OperatorRole.CONSEILLER,)), login=login)
    async with visiting(house) as client:
        await sign_in_operator(client, login)
        yield client
