"""Tries of an hour of somebody who says who he is, per person and per address (VAULT ACC-07).

They are counted in the store, so that every worker knows them and a restart forgets none. Those of
an address lock its sign-ins too, for the shorter time that a wrong password does.
"""

from gateway.flows.entering.entrance import Entrance, failed
from gateway.flows.entering.provisional import fits
from gateway.flows.signing_in.tries import (
    IDENTIFICATION_WINDOW,
    WrongError,
    count_try,
    of_address,
    of_person,
)
from gateway.records.patients.account import Person
from gateway.records.patients.activation import Activation
from gateway.records.readers.tries import Allowance


def identifying(nir: str) -> Allowance:
    """Under whose name a try counts, known or not."""
    return of_person("activation", nir, window=IDENTIFICATION_WINDOW)


async def count_identifying(entrance: Entrance, nir: str, address: str) -> tuple[int, ...]:
    """The numbers of the try. Raises TooManyTriesError."""
    place = of_address(address, kind="activation-from", window=IDENTIFICATION_WINDOW)
    tried = identifying(nir), place, of_address(address)
    return await count_try(entrance.sessions, entrance.clock, *tried)


async def recognise(
    entrance: Entrance, nir: str, code: str, serial: str, *, act: str, address: str
) -> tuple[Person, Activation]:
    """Whose code and carte Vitale these are; whether the code has ended is not asked here.

    Raises WrongError, alike for nobody known, another code and another serial number, and
    TooManyTriesError. `act` is what the log tells of a failure.
    """
    whose = identifying(nir).subject
    async with entrance.turns.turn(whose):
        counted = await count_identifying(entrance, nir, address)
        person = await entrance.person(nir)
        key = person.key if person else entrance.names.patient_key("", nir)
        kept = await entrance.activations.handed_over(key)
        if not fits(kept, code, serial) or person is None or kept is None:
            await failed(entrance, person.key.hex() if person else "", act, whose)
            raise WrongError
        await entrance.sessions.take_back(counted, forget=whose)
    return person, kept
