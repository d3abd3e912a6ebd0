"""Five failures an hour of somebody who says who he is, per person and per address (VAULT ACC-07).

They are counted in the store, so that every worker knows them and a restart forgets none. Those of
an address lock its sign-ins too, for the shorter time that a wrong password does.
"""

from gateway.flows.entering.entrance import Entrance
from gateway.flows.signing_in.tries import IDENTIFICATION_WINDOW, check_tries, subject


def identifying(nir: str, address: str) -> tuple[str, str, str]:
    """Under whose names a failure counts: the person's first."""
    person, place = subject("activation", nir), subject("activation-from", address)
    return person, place, subject("address", address)


async def check_identifying(entrance: Entrance, nir: str, address: str) -> None:
    """Raises TooManyTriesError."""
    person, place, signing_in = identifying(nir, address)
    sessions, clock = entrance.sessions, entrance.clock
    await check_tries(sessions, clock, person, place, window=IDENTIFICATION_WINDOW)
    await check_tries(sessions, clock, signing_in)
