"""Check a code: it is valid, withdrawn, or unknown, and nobody hears more (VAULT VAC-05)."""

from datetime import timedelta
from enum import StrEnum

from gateway.flows.attesting.room import CHECKED, Attesting
from gateway.flows.reading.decided.asking import GONE, NOBODY
from gateway.flows.signing_in.tries import count_try, of_address
from gateway.records.patients.account import NewTrace
from gateway.records.patients.attestation import read_code
from gateway.records.readers.access import ReaderKind

FROM = "check-from"
WINDOW = timedelta(minutes=15)
ANYBODY = "Une personne qui a le code"


class Answer(StrEnum):
    VALID = "valide"
    WITHDRAWN = "retirée"
    UNKNOWN = "inconnu"


async def check(room: Attesting, typed: str, *, address: str) -> Answer:
    """The same steps whatever is asked: one try is counted, one code looked for, one entry written.
    The log says when, not who. Raises TooManyTriesError."""
    allowance = of_address(address, kind=FROM, window=WINDOW)
    await count_try(room.sessions, room.asking.clock, allowance)
    one = await room.attestations.check(read_code(typed))
    trace = NewTrace(
        patient=one.patient if one else NOBODY,
        action=CHECKED,
        permitted=one is not None,
        rule=CHECKED if one else GONE.rule,
        kind=ReaderKind.THIRD_PARTY,
        actor="",
        actor_name=ANYBODY,
        door=room.asking.door,
    )
    await room.asking.traces.write([trace])
    if one is None:
        return Answer.UNKNOWN
    return Answer.WITHDRAWN if one.is_withdrawn else Answer.VALID
