"""What is asked a second time: an access that has ended, an invitation that was answered.

A second click, or the page before and again, finds nothing left to do. Who once stood so may be
told that; whoever never did is told of nothing (ACCESS section 5).
"""

from collections.abc import Iterable
from datetime import datetime

from gateway.errors import DeniedError, GatewayError, RefusedError
from gateway.flows.family.profiles import KINDS, ties_to
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.records.patients.account import Choice, ChoiceKind, Tie
from gateway.records.patients.patient import PatientKey


class EndedError(RefusedError):
    """It is so already: nothing was written."""

    def __init__(self) -> None:
        super().__init__("This has ended already.")


def nothing_left(facts: Iterable[Choice], *, stands: bool) -> GatewayError:
    """Why none of `facts` can be ended or answered: what still `stands` is not theirs to end."""
    once = any(True for _ in facts)
    return EndedError() if once and not stands else DeniedError(NOT_THERE)


def about(choices: Iterable[Choice], target: str, kinds: Iterable[ChoiceKind]) -> list[Choice]:
    """What was ever said of this person or service, in force or not."""
    wanted = set(kinds)
    return [one for one in choices if one.target == target and one.kind in wanted]


def has_left(ties: Iterable[Tie], patient: PatientKey, now: datetime) -> bool:
    """Whether whoever these name had a part in the record once, and has none any more."""
    mine = [one for one in ties if one.patient == patient and one.choice.kind in KINDS]
    return bool(mine) and not ties_to(mine, patient, now)
