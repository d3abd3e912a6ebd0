"""What was given in a record's name by somebody who stood for its person: no longer than he does.

The word of the patient stands until it is ended; that of a parent or a guardian reaches no further
than their right, which ends by a date, by a judge's word or by the majority (ACCESS F21, F22).
"""

from collections.abc import Iterable
from datetime import datetime

from gateway.flows.family.majority import REPRESENTED
from gateway.flows.reading.decided.facts import latest_day
from gateway.flows.sending.notices.addressees import addressees
from gateway.records.patients.account import Choice, Person


def gives_still(giver: str, person: Person, choices: Iterable[Choice], now: datetime) -> bool:
    """`giver` is how the fact names who gave; whom no fact ever named a representative is the
    patient."""
    held = list(choices)
    if not any(one.kind in REPRESENTED and one.target == giver for one in held):
        return True
    birth = latest_day(person.identity.birth_date)
    standing = addressees(person.key, held, now, birth=birth)[1:]
    return any(one.id == giver for one in standing)
