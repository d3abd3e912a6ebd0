"""Tries of somebody who says who he is, per person and per address (VAULT ACC-07).

They are counted in the store, so that every worker knows them and a restart forgets none. Those of
an address lock its sign-ins too.
"""

from gateway.flows.entering.entrance import Entrance
from gateway.flows.signing_in.tries import count_try, of_address, of_person
from gateway.records.readers.tries import Allowance


def identifying(nir: str) -> Allowance:
    """Under whose name a try counts, known or not."""
    return of_person("activation", nir)


async def count_identifying(entrance: Entrance, nir: str, address: str) -> tuple[int, ...]:
    """The numbers of the try. Raises TooManyTriesError."""
    return await count_try(entrance.sessions, entrance.clock, identifying(nir), of_address(address))
