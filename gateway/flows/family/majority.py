"""Majority: at 00:00 of the 18th birthday the space of a child is the young adult's own.

It is `created` from that second on (VAULT REP-10), whether the chore that writes it down has come
by or not: whoever decides reads the state here. Whose account was a child's is known by who
represented it before that day. A guardian stays while the entry is in force, and the space open.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from gateway.access.time import in_force, is_minor, of_age_at
from gateway.records.patients.account import AccountState, Choice, ChoiceKind
from gateway.records.readers.access import Entry

REPRESENTED = frozenset({ChoiceKind.PARENT, ChoiceKind.GUARDIAN})
TOLD_BEFORE = timedelta(days=30)


def state_at(
    state: AccountState, birth: date, choices: Iterable[Choice], now: datetime
) -> AccountState:
    """The state in force now of the account of whoever was born then."""
    if state is AccountState.ACTIVE and is_left_by_parents(birth, choices, now):
        return AccountState.CREATED
    return state


def carers(
    named: tuple[Entry, ...], birth: date, choices: Iterable[Choice], now: datetime
) -> tuple[Entry, ...]:
    """Who helps with a record: whom a parent named for a child helps no adult, who names anew
    (VAULT REP-09, REP-10). Where a guardian stands for the adult they go on."""
    at, held = of_age_at(birth), list(choices)
    was_child = any(one.kind is ChoiceKind.PARENT and one.since < at for one in held)
    guarded = any(
        one.kind is ChoiceKind.GUARDIAN and in_force(one.since, one.until, now) for one in held
    )
    if is_minor(birth, now) or not was_child or guarded:
        return named
    return tuple(one for one in named if one.since is None or one.since >= at)


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
