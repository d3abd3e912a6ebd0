"""What a patient says holds at once, whatever hour the machine believed it was (decision 029).

A fact that begins after now was written by a clock that was ahead. What closes (a block, a refusal)
holds already; what opens (a consent) waits for its hour; and the word that ends what opens ends it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import Hide

CLOSING = frozenset(
    {
        ChoiceKind.BLOCK,
        ChoiceKind.TEAM_OBJECTED,
        ChoiceKind.FEEDING_OPPOSED,
        ChoiceKind.EMERGENCY_SAMU_OFF,
        ChoiceKind.EMERGENCY_PROFESSIONALS_OFF,
    }
)
"""No door lets any of them begin later than it is said."""


def at_once(choices: Iterable[Choice], now: datetime) -> list[Choice]:
    """The same facts, in the order in which they were written, as they count now."""
    counted: list[Choice] = []
    for one in choices:
        if one.since <= now:
            counted.append(one)
        elif not _only_ends(one):
            counted.append(replace(one, since=now) if one.kind in CLOSING else one)
        elif one.kind not in CLOSING:
            counted = [_ended(held, one, now) for held in counted]
    return counted


def _only_ends(one: Choice) -> bool:
    """The same fact with an empty period (`flows.choices.act`)."""
    return one.until is not None and one.until <= one.since


def _ended(held: Choice, by: Choice, now: datetime) -> Choice:
    same = (held.kind, held.target) == (by.kind, by.target)
    lasts = held.until is None or held.until > now
    return replace(held, until=now) if same and lasts else held


def hidden_at_once(hides: tuple[Hide, ...]) -> tuple[Hide, ...]:
    """Nothing is ever hidden from a later hour on: what has begun is not asked."""
    return tuple(Hide(to=one.to, id=one.id, until=one.until) for one in hides)
