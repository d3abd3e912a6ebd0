"""Which of several situations of exercise software means: the header `Exercice` of a request.

`profession=G15_10, structure=1750000001`: each criterion must hold, and one situation must be left.
"""

import re
from collections.abc import Sequence

from gateway.mapping.oidc.refusal import NotProvedError, Why
from gateway.records.patients.account import Professional

HEADER = "Exercice"
MAX_HEADER = 500
CRITERION = re.compile(r"([a-z]{4,12})=([A-Za-z0-9_-]{1,40})", re.ASCII)
CRITERIA = {
    "profession": "profession",
    "specialite": "specialty",
    "structure": "organization",
    "activite": "activity",
    "role": "role",
}


def chosen(situations: Sequence[Professional], wanted: str) -> Professional:
    """The one situation that `wanted` leaves. Raises NotProvedError(SITUATION) with all of them
    in words to choose from."""
    asked = _criteria(wanted, situations)
    left = {
        _words(one): one
        for one in situations
        if all(_value(one, name) == value for name, value in asked.items())
    }
    if len(left) != 1:
        raise NotProvedError(Why.SITUATION, hint=_all(situations))
    return next(iter(left.values()))


def _criteria(wanted: str, situations: Sequence[Professional]) -> dict[str, str]:
    asked: dict[str, str] = {}
    for part in wanted[:MAX_HEADER].split(",") if wanted.strip() else ():
        found = CRITERION.fullmatch(part.strip())
        if found is None or found[1] not in CRITERIA or found[1] in asked:
            raise NotProvedError(Why.SITUATION, hint=_all(situations))
        asked[found[1]] = found[2]
    return asked


def _all(situations: Sequence[Professional]) -> str:
    return " or ".join(dict.fromkeys(_words(one) for one in situations))


def _words(one: Professional) -> str:
    told = ((name, _value(one, name)) for name in CRITERIA)
    return ", ".join(f"{name}={value}" for name, value in told if value)


def _value(one: Professional, name: str) -> str:
    return getattr(one, CRITERIA[name]) or ""
