"""By which way a person is told of what: chosen per kind, never none for what must be told."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from gateway.access.time import in_force
from gateway.errors import RefusedError
from gateway.flows.choices.act import Fact, may_manage, write
from gateway.flows.reading.decided.asking import Asking
from gateway.records.notices import ALWAYS, Notice, Way
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader

NEVER_OFF = "This notice is always sent."


def ways_chosen(choices: Iterable[Choice], now: datetime) -> Mapping[Notice, Way]:
    """What holds now, of the person's own record; what was not chosen is absent."""
    held = [
        one
        for one in choices
        if one.kind is ChoiceKind.NOTICE and in_force(one.since, one.until, now)
    ]
    return {Notice(one.target): Way(one.scopes[0]) for one in held}


async def choose_ways(
    asking: Asking, reader: Reader, person: PatientKey, wanted: Mapping[Notice, Way]
) -> bool:
    """In one commit, and whether anything changed. RefusedError for a notice that is always sent
    (VAULT section 5, bad input): nothing is changed then."""
    if any(way is Way.NONE and kind in ALWAYS for kind, way in wanted.items()):
        raise RefusedError(NEVER_OFF)
    permitted = await may_manage(asking, reader, person, Manage.CONTACT)
    held = ways_chosen(await asking.people.choices(person), permitted.now)
    facts = [
        Fact(ChoiceKind.NOTICE, kind.value, scopes=(way.value,))
        for kind, way in wanted.items()
        if held.get(kind) is not way
    ]
    if facts:
        await write(asking, permitted, *facts, act="notice-choice")
    return bool(facts)
