"""The second way in (VAULT ACC-06 `otp`, POL-05): NIR and serial number, then a code of six digits
that goes to the contact which is known, never to one typed here.

It is of a space that nobody activated yet. Whoever is not known, and whatever is wrong, has the
same words and the same work for the store (ACC-07).
"""

from dataclasses import dataclass
from functools import partial

from gateway.flows.entering.activate import ACT
from gateway.flows.entering.entrance import EMAIL, SMS, Entrance, ask
from gateway.flows.entering.identifying import identifying
from gateway.flows.entering.provisional import is_serial
from gateway.flows.entering.renewal import proven, spare
from gateway.flows.signing_in.tries import Ticket
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.activation import Activation, Aim, Draft, Helper
from gateway.records.patients.invitation import OTP_PATH

UNMADE = frozenset({AccountState.INVITED, AccountState.OPPOSED, AccountState.CREATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What the page asks; `channel` is `sms` or `email`."""

    nir: str
    serial: str
    channel: str
    helper: Helper = Helper.ALONE


async def identify(entrance: Entrance, sought: Sought, *, address: str) -> Ticket | None:
    """A browser on its way, which proves the contact first; None where no such contact is known,
    and nothing was sent. Raises WrongError, alike for whatever is wrong, UsedCodeError where the
    space is open already, and TooManyTriesError, within 30 s of the last code too."""
    async with entrance.turns.turn(identifying(sought.nir).subject):
        known = partial(_known, entrance, sought)
        person, kept, _ = await proven(entrance, sought.nir, ACT, known, address=address)
        if not {SMS: kept.mobile, EMAIL: kept.email}.get(sought.channel, ""):
            return None
        await spare(entrance, person)
    draft = _draft(kept, sought)
    ticket = await entrance.begin(person.key.hex(), draft)
    await ask(entrance, ticket.session, draft)
    return ticket


async def _known(entrance: Entrance, sought: Sought) -> tuple[Person | None, Activation | None]:
    """The same questions to the store, whoever is there."""
    person = await entrance.person(sought.nir)
    key = person.key if person else entrance.names.patient_key("", sought.nir)
    kept = await entrance.activations.handed_over(key)
    right = is_serial(kept, sought.serial)
    if person is None or not right or not person.qualified or person.deceased:
        return None, None
    waits = person.state in UNMADE or person.state is AccountState.ACTIVE
    return (person, kept) if waits else (None, None)


def _draft(kept: Activation, sought: Sought) -> Draft:
    return Draft(
        aim=Aim.ACTIVATION,
        patient=kept.patient.hex(),
        helper=sought.helper,
        digest=kept.digest.hex(),
        path=OTP_PATH,
        known=tuple(one for one in (kept.email, kept.mobile) if one),
        email=kept.email,
        mobile=kept.mobile,
        to_prove=(sought.channel,),
    )
