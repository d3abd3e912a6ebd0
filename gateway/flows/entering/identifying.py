"""Five failures an hour of somebody who says who he is, per person and per address (VAULT ACC-07).

They are counted in the store, so that every worker knows them and a restart forgets none. Those of
an address lock its sign-ins too, for the shorter time that a wrong password does.
"""

from gateway.flows.entering.entrance import Entrance, failed
from gateway.flows.entering.provisional import fits
from gateway.flows.signing_in.tries import IDENTIFICATION_WINDOW, WrongError, check_tries, subject
from gateway.records.patients.account import Person
from gateway.records.patients.activation import Activation


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


async def recognise(
    entrance: Entrance, nir: str, code: str, serial: str, *, act: str, address: str
) -> tuple[Person, Activation]:
    """Whose code and carte Vitale these are; whether the code has ended is not asked here.

    Raises WrongError, alike for nobody known, another code and another serial number, and
    TooManyTriesError. `act` is what the log tells of a failure.
    """
    subjects = identifying(nir, address)
    async with entrance.turns.turn(subjects[0]):
        await check_identifying(entrance, nir, address)
        person = await entrance.person(nir)
        key = person.key if person else entrance.names.patient_key("", nir)
        kept = await entrance.activations.handed_over(key)
        if not fits(kept, code, serial) or person is None or kept is None:
            await failed(entrance, person.key.hex() if person else "", act, *subjects)
            raise WrongError
        await entrance.sessions.forget_tries(subjects[0])
    return person, kept
