"""Majority: at 00:00 of the 18th birthday the space of a child is the young adult's own.

It is `created` from that second on (VAULT REP-10), whether the chore that writes it down has come
by or not: whoever decides reads the state here. Whose account was a child's is known by who
represented it before that day. A guardian stays while the entry is in force, and the space open.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from gateway.access.time import in_force, is_minor, of_age_at
from gateway.records.patients.account import AccountState, Choice, ChoiceKind

REPRESENTED = frozenset({ChoiceKind.PARENT, ChoiceKind.GUARDIAN})
TOLD_BEFORE = timedelta(days=30)


def state_at(
    state: AccountState, birth: date, choices: Iterable[Choice], now: datetime
) -> AccountState:
    """The state in force now of the account of whoever was born then."""
    if state is AccountState.ACTIVE and is_left_by_parents(birth, choices, now):
        return AccountState.CREATED
    return state


def is_left_by_parents(birth: date, choices: Iterable[Choice], now: datetime) -> bool:
    """Of age, once represented as a child, and not handed over since that day; nobody stands for
    this adult by a judge's word either."""
    if is_minor(birth, now):
        return False
    at, was_represented = of_age_at(birth), False
    for one in choices:
        if one.kind is ChoiceKind.MAJORITY and one.since >= at:
            return False
        if one.kind is ChoiceKind.GUARDIAN and in_force(one.since, one.until, now):
            return False
        was_represented |= one.kind in REPRESENTED and one.since < at
    return was_represented
