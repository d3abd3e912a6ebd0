"""« Générer un nouveau code provisoire » (VAULT ACC-04, ACC-05): by the person, to a known contact.

NIR, serial number and birth date say who it is, alike for nobody known and anything wrong. The code
goes to the contact that was known when the former one was handed over, never to one typed here, and
the former one dies.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from gateway.flows.entering.activate import UsedCodeError, own_gate
from gateway.flows.entering.entrance import EMAIL, SMS, Entrance, failed
from gateway.flows.entering.identifying import count_identifying, identifying
from gateway.flows.entering.provisional import WAITING, code_until, digest_of, is_serial, new_code
from gateway.flows.family.profiles import decide_act
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.signing_in.signin import sent_once
from gateway.flows.signing_in.tries import IDENTIFICATION_WINDOW, WrongError, count_try, of_person
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.activation import Activation
from gateway.records.readers.access import Decision, Manage

ACT = "code-renewed"
NOTHING_MORE: Mapping[str, object] = {}
SUBJECT = "Votre nouveau code provisoire pour Mon espace santé"
BODY = (
    "Mon espace santé : votre nouveau code provisoire est {code}. Il remplace le précédent."
    " Ne le donnez à personne."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form asks; `channel` is `sms` or `email`."""

    nir: str
    serial: str
    born: date
    channel: str


async def renew(entrance: Entrance, asked: Asked, *, address: str) -> bool:
    """False where no such contact is known: nothing is changed then.

    Raises WrongError, alike for whatever is wrong, UsedCodeError where the space is open already,
    and TooManyTriesError, within 30 s of the last one too.
    """
    async with entrance.turns.turn(identifying(asked.nir).subject):
        known = partial(_known, entrance, asked)
        person, kept, gate = await proven(entrance, asked.nir, ACT, known, address=address)
        by = gate, decide_act(gate, Manage.OPENING)
        return await hand_another(entrance, by, person, kept, asked.channel)


async def hand_another(
    entrance: Entrance,
    by: tuple[Gate, Decision],
    person: Person,
    kept: Activation,
    channel: str,
    said: Mapping[str, object] = NOTHING_MORE,
) -> bool:
    """The former code dies and another one leaves by this channel, on this decision. False where
    no such contact was known with the former one: nothing is changed. Raises TooManyTriesError."""
    to = {SMS: kept.mobile, EMAIL: kept.email}.get(channel, "")
    if not to:
        return False
    await spare(entrance, person)
    code, salt = new_code(entrance.ids.octets), entrance.ids.octets(16)
    now = entrance.clock.now()
    made = replace(
        kept,
        patient=person.key,
        salt=salt,
        digest=digest_of(salt, code),
        made_at=now,
        expires_at=code_until(await entrance.invited.invitation(person.key), now),
        spent_at=None,
    )
    told = {"until": made.expires_at.isoformat(), "channel": channel, **said}
    act = trace_of(*by, action=ACT, door=entrance.asking.door, said=told)
    await entrance.activations.hand_over(made, act=act)
    await _send(entrance, channel, to, code)
    return True


Known = Callable[[], Awaitable[tuple[Person | None, Activation | None]]]
"""Who it is, where all that was typed is right; the same questions to the store in any case."""


async def proven(
    entrance: Entrance, nir: str, act: str, known: Known, *, address: str
) -> tuple[Person, Activation, Gate]:
    """Whose space it is, in the turn of this NIR. Raises WrongError, alike for whatever is wrong
    and traced as `act`, UsedCodeError where it is open already, and TooManyTriesError."""
    counted = await count_identifying(entrance, nir, address)
    person, kept = await known()
    if person is None or kept is None:
        whose = await entrance.person(nir)
        await failed(entrance, whose.key.hex() if whose else "", act, identifying(nir).subject)
        raise WrongError
    await entrance.sessions.take_back(counted)
    gate = await own_gate(entrance, person, kept)
    if person.state is AccountState.ACTIVE:
        raise UsedCodeError(is_active=True)
    return person, kept, gate


async def _known(entrance: Entrance, asked: Asked) -> tuple[Person | None, Activation | None]:
    """The same questions to the store, whoever is there."""
    person = await entrance.person(asked.nir)
    key = person.key if person else entrance.names.patient_key("", asked.nir)
    kept = await entrance.activations.handed_over(key)
    right = is_serial(kept, asked.serial)
    born = person is not None and person.identity.birth_date == asked.born.isoformat()
    known = person is not None and person.qualified and not person.deceased
    waits = known and person is not None and person.state in WAITING
    return (person, kept) if right and born and waits else (None, None)


async def spare(entrance: Entrance, person: Person) -> None:
    """Nobody's telephone rings all day: not twice in 30 s, nor six times an hour."""
    sent = "provisional-sent", person.key.hex()
    await count_try(
        entrance.sessions,
        entrance.clock,
        sent_once(*sent),
        of_person(*sent, window=IDENTIFICATION_WINDOW),
    )


async def _send(entrance: Entrance, channel: str, to: str, code: str) -> None:
    await entrance.outbox.send(
        channel=channel,
        to=to,
        template="provisional-code",
        lang="fr",
        subject=SUBJECT if channel == EMAIL else "",
        body=BODY.format(code=f"{code[:4]} {code[4:]}"),
    )
